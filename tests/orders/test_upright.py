"""Pictures are upright and square: y grows up for a model, pixels are square at a size; samples never turn."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.orders.order import order
from netwarp.orders.subject import read_subject

# y where y is above 0, else 0: dark below the middle of an upright picture
WEIGHTS = {"W0": np.array([[0.0, 1.0]]), "b0": np.zeros(1), "W1": np.ones((1, 1)), "b1": np.zeros(1)}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.savez("model.npz", **WEIGHTS)
    return tmp_path / "model.npz"


def halves(file: str) -> tuple[float, float]:
    """Mean of the upper and of the lower half of a picture."""
    pixels = np.asarray(Image.open(file), dtype=float)
    return float(pixels[: len(pixels) // 2].mean()), float(pixels[len(pixels) // 2 :].mean())


def test_a_models_picture_is_upright_and_its_samples_are_as_ever(model: Path) -> None:
    drawn = nw.draw(str(model), size=(30, 20))
    assert drawn.recipe.y == "up"
    assert drawn.samples[0, 0].max() == 0 < drawn.samples[0, -1].min()
    assert drawn.picture.pixels[0].mean() > drawn.picture.pixels[-1].mean()
    turned = nw.draw(str(model), size=(30, 20), y="down")
    assert np.array_equal(turned.samples, drawn.samples)
    assert np.array_equal(turned.picture.pixels, drawn.picture.pixels[::-1])


def test_netwarps_own_networks_grow_down() -> None:
    small = nw.Raster(12, 8)
    for what in ("conv(4)", "folding(2, 2)"):
        assert nw.draw(what, small, calibration=small).recipe.y == "down"
    up = nw.draw("conv(4)", small, calibration=small, y="up")
    assert np.array_equal(up.picture.pixels[::-1], nw.draw("conv(4)", small, calibration=small).picture.pixels)


def test_a_picture_keeps_its_way(model: Path) -> None:
    for words in (["draw", "model.npz", "-o", "up.png"], ["draw", "model.npz", "--y", "down", "-o", "down.png"]):
        assert status_of([*words, "--size", "30x20"]) == 0
    for name, way in (("up", "up"), ("down", "down")):
        assert nw.Recipe.read(f"{name}.png").y == way
        assert status_of(["draw", f"{name}.png", "-o", f"{name}-again.png"]) == 0
        assert Path(f"{name}-again.png").read_bytes() == Path(f"{name}.png").read_bytes()
    assert halves("up.png") == halves("down.png")[::-1]


def test_regions_are_drawn_the_same_way_up(model: Path) -> None:
    for way in ("up", "down"):
        words = ["regions", "model.npz", "--contour", "0.25", "--y", way, "--size", "60x60"]
        assert status_of([*words, "--svg", f"{way}.svg", "--png", f"{way}.png"]) == 0
    assert halves("up.png") == pytest.approx(halves("down.png")[::-1], abs=1)
    heights = []
    for way in ("up", "down"):
        found = re.search(r'id="contour"[^>]* d="M\d+ (\d+)', Path(f"{way}.svg").read_text())
        assert found is not None
        heights.append(int(found[1]))
    assert heights == [250_000, 750_000]
    assert "upwards" in Path("up.svg").read_text()


def test_another_way_is_refused(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["draw", "model.npz", "--y", "upp"]) == 2
    assert "--y='upp': must be down or up" in capsys.readouterr().err
    with pytest.raises(InputError, match="paint y='left': must be down or up"):
        nw.paint(np.zeros((1, 2, 2)), nw.Tone.fit(np.zeros((1, 2, 2)), "gray"), y="left")


@pytest.mark.parametrize(("size", "plane"), [((800, 200), (4.0, 1.0)), ((20, 30), (1.0, 1.5)), ((64, 64), (1.0, 1.0))])
def test_a_size_alone_makes_square_pixels_around_the_home(
    size: tuple[int, int], plane: tuple[float, float], model: Path
) -> None:
    found = order(read_subject("conv(4)"), size=size).raster
    assert (found.columns, found.rows) == size
    assert (found.plane.width, found.plane.height) == plane
    assert found.plane.centre == (0.0, 0.0)
    # whoever says a plane gets it, and the statistics stay where they were
    said = nw.Plane(0.5, 0.5, 2, 1)
    assert order(read_subject("conv(4)"), size=size, plane=said).raster.plane == said
    assert order(read_subject("conv(4)"), size=size).calibration == nw.Raster()
    assert order(read_subject("conv(4)")).raster == nw.Raster(plane=nw.Plane(width=1.5))
    across, down = order(read_subject(str(model)), size=size).raster.pitch
    assert across == pytest.approx(down, rel=1e-12)


def test_a_models_pixels_are_square_by_themselves_and_a_picture_keeps_its_plane(model: Path) -> None:
    across, down = order(read_subject(str(model))).raster.pitch
    assert across == pytest.approx(down, rel=1e-12)
    small = nw.Raster(12, 8)
    nw.draw("conv(4)", small, calibration=small).picture.save("old.png")
    assert nw.draw("old.png", size=(40, 10)).recipe.raster == nw.Raster(40, 10)


@pytest.mark.parametrize("file", [False, True])
def test_regions_count_what_their_square_pixels_show(
    file: bool, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = str(model) if file else "conv(10) * 2"
    assert status_of(["regions", subject, "--size", "80x20", "--svg", "a.svg", "--png", "a.png", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    _, _, width, height = found["plane"]
    assert width / height == pytest.approx(4)
    recipe = nw.Recipe.read("a.png")
    assert recipe.raster == order(read_subject(subject), size=(80, 20)).raster
    x0, x1, y0, y1 = found["rectangle"]
    assert recipe.raster.plane == nw.Plane.between(x0, x1, y0, y1)
    assert found["area"] == pytest.approx(width * height)
    # in words too, and the regions are those of that plane, not of the home
    assert status_of(["regions", subject, "--size", "80x20"]) == 0
    assert f"on x from {x0:g} to {x1:g}, y from {y0:g} to {y1:g}" in capsys.readouterr().out
    plane = f"--plane={x0},{x1},{y0},{y1}"
    # the model is flat but along one line
    for more, as_many in ((plane,), True), ((), file):
        assert status_of(["regions", subject, *more, "--json"]) == 0
        assert (json.loads(capsys.readouterr().out)["regions"] == found["regions"]) is as_many
    # statistics stay where they were
    assert recipe.calibration == order(read_subject(subject)).calibration
