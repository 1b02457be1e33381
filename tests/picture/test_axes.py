"""Axes about a picture: round numbers at their places, in pixels and as SVG, and marks with their names."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.picture.axes import INK, around_svg, frame, svg_axes, with_axes
from netwarp.picture.marks import draw_marks

SVG = "{http://www.w3.org/2000/svg}"
PLANE = nw.Plane.between(-2, 2, 0, 3)


@pytest.mark.parametrize("y", ["up", "down"])
def test_a_number_stands_where_it_is(y: str) -> None:
    placed = frame(PLANE, 400, 300, axes=("width", "height"), y=y)
    for mark in placed.across:
        ((x, _),) = placed.place(np.array([[float(mark.text), 0.0]])).tolist()
        assert x == pytest.approx(placed.left + mark.at)
    for mark in placed.down:
        ((_, down),) = placed.place(np.array([[0.0, float(mark.text)]])).tolist()
        assert down == pytest.approx(placed.top + mark.at)
    assert [mark.text for mark in placed.across] == ["-2", "-1", "0", "1", "2"]
    assert sorted(mark.text for mark in placed.down) == ["0", "1", "2", "3"]


def test_the_picture_is_unchanged_inside_the_frame() -> None:
    inside = np.random.RandomState(0).randint(0, 256, (300, 400, 3), dtype=np.uint8)
    placed = frame(PLANE, 400, 300, axes=("width", "height"))
    found = with_axes(inside, placed)
    assert found.shape == (placed.height, placed.width, 3)
    left, top = int(placed.left), int(placed.top)
    np.testing.assert_array_equal(found[top : top + 300, left : left + 400], inside)
    outside = found.copy()
    outside[top - 1 : top + 301, left - 1 : left + 401] = 255
    dark = (outside == INK).all(axis=-1)
    assert dark[: top + 300, :left].any()
    assert dark[top + 300 :, left:].any()
    assert not dark[:, -2:].any()


def test_a_name_stands_beside_its_ring_on_the_side_with_room() -> None:
    white = np.full((200, 300, 3), 255, np.uint8)
    bare = draw_marks(white, PLANE, [(-1.5, 1), (1.5, 2)])
    named = draw_marks(white, PLANE, [(-1.5, 1), (1.5, 2)], names=["row 0", "median"])
    changed = np.flatnonzero((bare != named).any(axis=(0, 2)))
    left, right = 300 * 0.5 / 4, 300 * 3.5 / 4
    assert ((changed > left) & (changed < 150)).any()
    assert ((changed > 150) & (changed < right)).any()
    assert not ((changed < left - 5) | (changed > right + 5)).any()


def test_the_svg_has_axes_and_escaped_names_in_the_drawing_s_coordinates() -> None:
    around = around_svg(PLANE, 0.75, axes=("a < b", ""), marks=[(0, 3), (9, 9)], names=["<one>", "far"], y="up")
    root = ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(around.parts)}</svg>')
    circle = next(root.iter(f"{SVG}circle"))
    assert (float(circle.get("cx", "")), float(circle.get("cy", ""))) == (500, 0)
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert {"<one>", "a < b", "-2", "2"} <= set(texts)
    assert "far" not in texts
    assert min(around.left, around.above, around.right, around.below) > 0
    assert around_svg(PLANE, 0.75, axes=None) == around_svg(nw.Plane(), 0.5, axes=None)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.RandomState(0)
    np.savez("a.npz", W0=rng.normal(size=(8, 3)), W1=rng.normal(size=(3, 8)), activation="relu")
    rows = rng.normal(size=(20, 3))
    Path("a.csv").write_text("p,q,r\n" + "\n".join(",".join(f"{one:.4f}" for one in row) for row in rows) + "\n")
    return tmp_path / "a.npz"


def test_axes_and_names_of_a_slice_travel_in_the_picture(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sliced = ["a.npz", "--data", "a.csv", "--slice", "through(0, 7, median)", "--size", "240x160"]
    for name, options in (("bare.png", []), ("axes.png", ["--axes"])):
        assert status_of(["draw", *sliced, "-o", name, "--json", *options]) == 0
        recipe = json.loads(capsys.readouterr().out)["recipe"]
    assert (recipe["names"], recipe["framed"]) == (["row 0", "row 7", "median"], True)
    sizes = []
    for name in ("bare.png", "axes.png"):
        with Image.open(name) as picture:
            sizes.append(picture.size)
    assert sizes[0] == (240, 160)
    assert sizes[1] > (240, 160)
    assert sizes[1][1] > 160
    for again in (["axes.png"], ["bare.png", "--axes"]):
        assert status_of(["draw", *again, "-o", "again.png"]) == 0
        assert Path("again.png").read_bytes() == Path("axes.png").read_bytes()
    assert nw.draw("axes.png").picture.recipe.names == ("row 0", "row 7", "median")
    again = nw.draw("bare.png").with_axes()
    assert again.with_axes().picture.to_png() == again.picture.to_png() == Path("axes.png").read_bytes()


def test_the_svg_of_regions_has_a_slice_s_axes_and_marks(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sliced = ["regions", "a.npz", "--data", "a.csv", "--slice", "through(0, 7, median)"]
    assert status_of([*sliced, "--svg", "a.svg", "--png", "a.png", "--axes"]) == 0
    texts = {one.text for one in ET.parse("a.svg").getroot().iter(f"{SVG}text")}
    assert {"row 0", "row 7", "median", "x (1 = a distance of 1 in 3 inputs)", "0.0"} <= texts
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0  # whose recipe has them too
    np.savez("two.npz", W0=np.eye(2), W1=[[1.0, 2.0]], activation="relu")
    for name, options in (("plain.svg", []), ("axes.svg", ["--axes"])):
        assert status_of(["regions", "two.npz", "--svg", name, *options]) == 0
    capsys.readouterr()
    plain, axes = (
        {one.text for one in ET.parse(name).getroot().iter(f"{SVG}text")} for name in ("plain.svg", "axes.svg")
    )
    assert "0.0" in axes - plain or "0" in axes - plain
    assert 'viewBox="0 0 1000' in Path("plain.svg").read_text()


def test_a_long_name_of_y_is_whole_beside_a_low_picture() -> None:
    name = "component 2 (1 = a distance of 36.34 in 13 inputs)"
    one, several = (frame(nw.Plane(), 600, 150, axes=("", text)) for text in ("component 2", name))
    assert several.axes[1].split("\n") == ["component 2 (1 = a distance", "of 36.34 in 13 inputs)"]
    assert several.left - one.left == pytest.approx(1.3 * several.letter, abs=1)
    drawn = [part for part in svg_axes(several) if "rotate(-90" in part]
    assert ["distance<" in drawn[0], "inputs)<" in drawn[1]] == [True, True]
    left = with_axes(np.full((150, 600, 3), 255, np.uint8), several)[:, : int(2.8 * several.letter)]
    # either line has ink of its own, and none between them
    first, second = (
        np.flatnonzero((left < 128).any(axis=(0, 2)) & (np.arange(left.shape[1]) // 16 == n)) for n in (0, 1)
    )
    assert len(first) > 5
    assert len(second) > 5
