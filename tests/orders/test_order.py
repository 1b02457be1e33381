"""An order takes from the recipe what is not said anew, and keeps its Tone exactly as long as that is right."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from netwarp.errors import InputError, LimitError
from netwarp.orders.order import Outputs, order
from netwarp.orders.subject import OwnWeights, Subject, change, read_subject
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster

TONE = Tone("lab", (0, 1, 2), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
RECIPE = Recipe("conv(10) * 3", 5, Raster(60, 40, Plane(0.1, 0, 0.5, 0.5)), Raster(300, 200), TONE, dtype="float32")


@pytest.fixture
def old() -> Subject:
    return replace(read_subject(str(RECIPE.architecture)), recipe=RECIPE)


def test_without_a_recipe_the_defaults_hold() -> None:
    what = order(read_subject("vgg"))
    seen = Raster(plane=Plane(width=1.5))
    assert (what.raster, what.calibration, what.seeds, what.tone) == (seen, Raster(), (9,), None)
    assert (what.colour, what.dtype, what.engine) == ("auto", "auto", "native")


def test_a_network_that_has_a_place_is_looked_at_there() -> None:
    folding, square = read_subject("folding(4, 4)"), Plane.between(0, 1, 0, 1)
    what = order(folding)
    assert (what.raster.plane, what.calibration.plane) == (replace(square, width=1.5), square)
    assert order(folding, plane=Plane(0.1, 0, 0.5, 0.5)).raster.plane == Plane(0.1, 0, 0.5, 0.5)
    seen = Raster(60, 40, Plane(0.25, 0.25, 0.1, 0.1))
    assert order(replace(folding, recipe=replace(RECIPE, raster=seen))).raster == seen  # a recipe says where it was


def test_a_recipe_gives_all_that_is_not_said(old: Subject) -> None:
    what = order(old)
    assert (what.raster, what.calibration, what.seeds, what.tone) == (RECIPE.raster, RECIPE.calibration, (5,), TONE)
    assert what.dtype == "float32"


def test_another_view_keeps_calibration_and_tone(old: Subject) -> None:
    for what in (order(old, size=(4000, 3000)), order(old, plane=Plane(0, 0, 1e-7, 1e-7))):
        assert (what.calibration, what.tone) == (RECIPE.calibration, TONE)
        assert what.dtype == "auto"  # a closer view may need float64
    assert order(old, size=(120, 80)).raster == Raster(120, 80, RECIPE.raster.plane)


def test_another_colour_refits_the_tone_alone(old: Subject) -> None:
    what = order(old, colour="viridis")
    assert (what.tone, what.colour, what.calibration) == (None, "viridis", RECIPE.calibration)
    assert order(old, colour="lab").tone == TONE


def test_another_network_or_calibration_refits_in_the_same_colour(old: Subject) -> None:
    gray = Tone("gray", (0,), (0.0,), (1.0,))
    old = replace(old, recipe=replace(RECIPE, tone=gray))
    for what in (
        order(old, seeds=(6,)),
        order(old, seeds=(5, 6)),
        order(old, calibration=(100, 100)),
        order(change(old, act="tanh")),
        order(change(old, norm="none")),
    ):
        assert (what.tone, what.colour, what.raster) == (None, "gray", RECIPE.raster)
    assert order(change(replace(old, recipe=RECIPE), out=1)).colour == "auto"  # one channel has no lab


def test_weights_have_no_seed_to_choose(tmp_path: Path) -> None:
    subject = read_subject("conv(4)")
    given = replace(subject, source=OwnWeights(subject.draw(3), Weights.of("mine.npz", b"")))
    assert order(given).seeds == (3,)
    with pytest.raises(InputError, match="leave out --seed"):
        order(given, seeds=(4,))


def test_files_are_checked_before_any_work(tmp_path: Path) -> None:
    subject = read_subject("vgg")
    assert order(subject, files=Outputs(tmp_path)).out == tmp_path
    for out in (tmp_path / "x.jpg", tmp_path / "none" / "x.png", tmp_path / "none"):
        with pytest.raises(InputError, match="--out"):
            order(subject, files=Outputs(out))
    with pytest.raises(InputError, match="--samples"):
        order(subject, files=Outputs(samples=tmp_path))
    with pytest.raises(LimitError, match="--sheet of 9000 pictures"):
        order(subject, seeds=tuple(range(9000)), files=Outputs(sheet=True))


def test_the_calibration_may_be_a_plane() -> None:
    plane = Plane.between(-3, 3, -2, 2)
    assert order(read_subject("vgg"), calibration=plane).calibration == Raster(plane=plane)
    assert order(read_subject("vgg"), calibration=Raster(6, 4, plane)).calibration == Raster(6, 4, plane)


def test_what_has_no_home_is_fitted_where_it_is_seen_first(tmp_path: Path) -> None:
    plane = Plane.between(-2000, 3000, -1500, 2000)
    np.savez(tmp_path / "two.npz", W0=np.eye(2), W1=np.eye(2), activation="relu")
    np.savez(tmp_path / "many.npz", W0=np.random.RandomState(0).randn(9, 2), W1=np.ones((1, 9)), activation="relu")
    lost, home = (read_subject(str(tmp_path / name)) for name in ("two.npz", "many.npz"))
    assert order(lost, plane=plane).calibration.plane == plane
    assert order(lost).calibration.plane == Plane()
    assert order(home, plane=plane).calibration.plane == home.plane
    assert order(read_subject("vgg"), plane=plane).calibration.plane == Plane()
