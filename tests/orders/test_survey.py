"""A survey: known counts, what belongs to what, and files that carry their recipe."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from netwarp.errors import InputError, LimitError, RegionLimitError, UnsupportedError
from netwarp.models.files import Completion
from netwarp.orders.drawing import draw_network
from netwarp.orders.subject import Subject, change, read_subject
from netwarp.orders.survey import proportionate, survey
from netwarp.orders.tessellations import check_files, save, to_picture, to_svg
from netwarp.picture.overlay_png import pale
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane, Raster

SMALL = (30, 20)


def small(text: str = "conv(6) * 2") -> Subject:
    return read_subject(text)


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image)


def test_known_counts_of_the_folding_network() -> None:
    found = survey(read_subject("folding(3, 4)"))
    told = found.data()
    # a grid of 8 x 8 squares
    assert (told["regions"], told["linear_regions"]) == (64, 64)
    assert (told["edges"], told["vertices"]) == (2 * 8 * 9, 81)
    assert told["area"] == pytest.approx(1)
    assert told["mean_area"] == pytest.approx(1 / 64)
    assert told["boundary_length"] == pytest.approx(14)
    # the diagonal passes seven corners
    assert (told["kinks"], told["switches"]) == (7, 7)
    assert told["rectangle"] == [0, 1, 0, 1]
    assert told["exact"] is True
    assert (told["architecture"], told["seed"]) == (None, None)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_plain_weights_are_seen_on_their_plane(tmp_path: Path) -> None:
    # |x| + |y| as four ReLU units; its level set at 1 is a square of sides sqrt(2)
    np.savez(
        tmp_path / "diamond.npz",
        W0=np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]]), b0=np.zeros(4), W1=np.ones((1, 4)), b1=np.zeros(1),
    )  # fmt: skip
    plane = Plane.between(-2, 2, -2, 2)
    found = survey(read_subject(str(tmp_path / "diamond.npz")), plane=plane, level=1.0, segment=(-2, 1, 2, 1))
    told = found.data()
    assert (told["regions"], told["linear_regions"], told["kinks"]) == (4, 4, 1)
    assert (told["contours"], told["contour"]) == (1, 1.0)
    assert told["contour_length"] == pytest.approx(4 * 2**0.5)
    assert told["weights"] == "diamond.npz"
    assert told["bounds"] == {
        "widths": [4], "arrangement": 11, "montufar_2014_lower": 11, "serra_2018_lower": None, "maxout_upper": None,
        "serra_2018_upper": 11,
    }  # fmt: skip
    # with no flat side, opposite units draw nothing new: twice the same lines
    abs_of = survey(read_subject(str(tmp_path / "diamond.npz"), Completion(activation="abs")), plane=plane)
    assert (abs_of.regions, abs_of.linear) == (4, 4)


def test_a_layers_output_is_the_field_after_it() -> None:
    subject = small("conv(6) * 3")
    counts = [survey(subject, seed=2, layer=layer).regions for layer in (0, 1, 2, 3)]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert survey(subject, seed=2).regions == counts[3]
    assert survey(subject, seed=2, layer=1).data()["bounds"]["widths"] == [6]  # type: ignore[index]


def test_a_picture_names_network_plane_and_seed(tmp_path: Path) -> None:
    file = tmp_path / "old.png"
    plane = Plane(0.1, 0.2, 0.5, 0.25)
    draw_network(small().draw(5), Raster(*SMALL, plane), calibration=Raster(*SMALL)).picture.save(file)
    found = survey(read_subject(str(file)))
    direct = survey(small(), seed=5, plane=plane, calibration=SMALL)
    assert found.data() | {"seconds": 0} == direct.data() | {"seconds": 0}
    assert (found.order.raster.columns, found.order.raster.rows) == SMALL
    assert survey(read_subject(str(file)), plane=Plane()).data()["plane"] == [0, 0, 1, 1]


def test_rows_say_which_regions_are_meant() -> None:
    rows = survey(small(), seed=1, level=0.0).rows()
    names = [name for name, _, _ in rows]
    assert names[:2] == ["activation regions", "linear regions"]
    assert "kinks along the diagonal" in names
    assert "switches along the diagonal" in names
    assert "length of the contour at 0" in names
    assert "at most" in rows[0][2]
    # two layers of six: Serra et al.'s lower bound is the larger one, (6 / 2 + 1)^2 times 22 regions of six lines
    assert rows[1][2] == "this shape can reach 352 (Serra et al. 2018)"
    assert survey(small("conv(5) * 2"), seed=1).rows()[1][2] == "this shape can reach 64 (Montúfar et al. 2014)"
    assert survey(small(), segment=(0, 0, 1, 1)).rows()[6][0] == "kinks along the line"
    assert survey(small(), seed=1, layer=1).sentence().startswith("conv(6) * 2, seed 1, the output of layer 1, on x")


def test_what_has_no_regions_and_what_has_too_many() -> None:
    with pytest.raises(UnsupportedError, match="sin"):
        survey(change(small(), act="sin"))
    with pytest.raises(RegionLimitError) as caught:
        survey(small("conv(30)"), limit=10)
    assert caught.value.found > 10
    assert caught.value.layer == 1
    assert isinstance(caught.value, LimitError)
    with pytest.raises(InputError, match="--limit 0"):
        survey(small(), limit=0)
    with pytest.raises(InputError, match="layer=9"):
        survey(small(), layer=9)


def test_progress_may_cancel_and_names_the_stages() -> None:
    said: list[str] = []
    survey(small("conv(20) * 3"), progress=lambda what, done, total: said.append(what))
    assert list(dict.fromkeys(said)) == ["calibrating", "cutting the plane", "counting"]

    def interrupt(what: str, done: int, total: int) -> None:
        if what == "cutting the plane":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        survey(small(), progress=interrupt)


@pytest.mark.parametrize("colour_by", [None, "pattern", "value", "gradient", "area", "layer"])
def test_both_files_carry_the_recipe_of_the_network(colour_by: str | None, tmp_path: Path) -> None:
    found = survey(small(), seed=4, size=SMALL, plane=Plane(), calibration=SMALL, level=0.0)
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"
    save(found, svg=svg, png=png, colour_by=colour_by)
    recipe = Recipe.read(png)
    assert (recipe.architecture, recipe.seed, recipe.raster) == ("conv(6) * 2", 4, Raster(*SMALL))
    root = ET.fromstring(svg.read_text(encoding="utf-8"))
    assert Recipe.from_json(root.findtext("{http://www.w3.org/2000/svg}metadata") or "") == recipe
    assert f"{found.regions:,} activation regions" in (root.findtext("{http://www.w3.org/2000/svg}title") or "")
    assert pixels(png).shape == (20, 30, 3)
    # the same once more, to the last byte
    assert to_svg(found, colour_by) == svg.read_text(encoding="utf-8")
    assert np.array_equal(pixels(png), to_picture(found, colour_by).pixels)
    drawn = draw_network(small().draw(4), Raster(*SMALL), calibration=Raster(*SMALL))
    assert recipe.tone == drawn.recipe.tone


def test_the_picture_under_the_boundaries_is_that_of_draw() -> None:
    # no line at all: what is left is the picture, as it is or paler
    subject = change(small("conv(3)"), act="linear")
    found = survey(subject, size=SMALL, plane=Plane(), calibration=SMALL)
    assert found.regions == 1
    drawn = draw_network(subject.draw(9), Raster(*SMALL), calibration=Raster(*SMALL)).picture.pixels
    assert np.abs(to_picture(found, "value").pixels.astype(int) - drawn).max() <= 1
    assert np.abs(to_picture(found).pixels.astype(int) - pale(drawn)).max() <= 1


def test_a_wide_layer_is_shown_through_a_map() -> None:
    found = survey(small("conv(40) >> conv(5)"), layer=1, size=SMALL, plane=Plane(), calibration=SMALL)
    assert found.field.channels == 40
    picture = to_picture(found, "value")
    assert isinstance(picture.recipe, Recipe)
    # the recipe is the network's own
    assert picture.recipe.tone.colour == "lab"
    assert to_svg(found, "value").count("<path fill=") == found.regions


def test_nothing_is_written_where_one_of_two_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = survey(small(), size=SMALL, plane=Plane(), calibration=SMALL)

    def fail(*told: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("netwarp.orders.tessellations.draw_boundaries", fail)
    with pytest.raises(KeyboardInterrupt):
        save(found, svg=tmp_path / "a.svg", png=tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("svg", "png", "colour_by", "needle"),
    [
        ("a.png", None, None, r"--svg .* must end in \.svg"),
        (None, "a.jpg", None, r"--png .* must end in \.png"),
        ("no/where/a.svg", None, None, "does not exist"),
        ("a.svg", None, "patern", 'did you mean "pattern"'),
        (None, None, "area", "add --svg FILE or --png FILE"),
    ],
)
def test_files_are_checked_before_any_work(
    svg: str | None, png: str | None, colour_by: str | None, needle: str
) -> None:
    with pytest.raises(InputError, match=needle):
        check_files(svg and Path(svg), png and Path(png), colour_by)  # type: ignore[arg-type]


def test_a_drawing_has_the_planes_proportions() -> None:
    assert proportionate(Plane()) == (1200, 1200)
    assert proportionate(Plane(width=3.0)) == (1200, 400)
    assert proportionate(Plane(height=2.0)) == (600, 1200)
    assert proportionate(Plane(width=1e9)) == (1200, 150)
    assert proportionate(Plane(height=1e9)) == (150, 1200)
