"""Decisions as pixels, as vectors and in matplotlib: what is where, in which colour, and that texts are escaped."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from models.decisions.test_exact import case
from netwarp.errors import InputError
from netwarp.models.choosing import features, through
from netwarp.models.data import Data
from netwarp.models.decisions import colours
from netwarp.models.decisions.asked import UNMARKED, Marks
from netwarp.models.decisions.decide import decision, view_of
from netwarp.models.decisions.decision import Decision
from netwarp.models.decisions.layout import layout, percent
from netwarp.models.decisions.naming import names_inside
from netwarp.models.decisions.recipe import DecisionRecipe, read_recipe
from netwarp.network.network import Network
from netwarp.picture.axes import round_numbers
from netwarp.picture.oklab import from_srgb
from netwarp.plane import Plane, Raster
from regions.made import SQUARE, plain

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def upper() -> Decision:
    """Class 1 where y > 1/2: a quarter of the square."""
    return decision(plain([(np.array([[0.0, 1.0]]), np.array([-0.5]))]), plane=SQUARE, size=(80, 80))


@pytest.fixture
def tied() -> Decision:
    """relu(x) and relu(-y): class 0, class 1 and a tie."""
    field = plain([(np.array([[1.0, 0.0], [0.0, -1.0]]), np.zeros(2)), (np.eye(2), np.zeros(2))])
    return decision(field, plane=SQUARE, size=(80, 80), classes=["a", "b"])


def test_y_grows_upwards_and_areas_have_their_classes_colours(upper: Decision) -> None:
    pixels = upper.paint(margin=False, axes=False).pixels
    assert pixels.shape == (80, 80, 3)
    flat = colours.tinted(upper.palette, colours.FLAT)
    assert (pixels[:17] == flat[1]).all()
    assert (pixels[23:] == flat[0]).all()
    # the boundary is dark, along y = 1/2, which is 20 pixels from the top
    assert pixels[19:21].max() < flat.max()
    assert pixels[19:21].sum(axis=-1).max() < 300


def test_y_may_grow_downwards(upper: Decision, tied: Decision) -> None:
    for found in (upper, tied):
        up, down = (found.paint(margin=False, axes=False, y=y).pixels for y in ("up", "down"))
        assert (np.abs(up[::-1].astype(int) - down).max(axis=-1) > 60).mean() < 0.02  # lines' edges alone
        assert (down != up).any()
    large = replace(upper, size=(300, 300))
    placed = layout(large, axes=True, y="down")
    assert placed.place(np.array([[-1.0, -1.0]])).tolist() == [[placed.left, placed.top]]
    assert [mark.text for mark in placed.down] == [mark.text for mark in layout(large, axes=True).down]
    assert placed.down[0].at < placed.down[-1].at
    assert large.svg(y="down") != large.svg()
    with pytest.raises(InputError, match="decision y='left': must be down or up"):
        upper.paint(y="left")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": (1, 1)}, "size 1x1: between two pixels is where classes meet, so each side must be 2 at least"),
        ({"size": (40, 1)}, "size 40x1: between"),
        ({"size": (0, 4)}, "decision size=0: must be at least 1"),
        ({"plane": Plane(0, 0, 1e-300, 1e-300)}, "plane of 1e-300 x 1e-300: its area must be from 1e-280"),
    ],
)
def test_what_is_too_small_for_a_picture_is_told(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decision(plain([(np.eye(2), np.zeros(2))]), **{"plane": SQUARE} | options)


def test_the_margin_is_the_fullness_of_the_colour(upper: Decision) -> None:
    pixels = upper.paint(margin=True, axes=False).pixels.astype(int)
    # class 0 from the boundary downwards: ever further from white
    white = (255 - pixels[25:, 40]).sum(axis=1)
    assert (np.diff(white) >= 0).all()
    assert white[-1] > 1.8 * white[0]


@pytest.mark.parametrize("one_class", [None, 2])
def test_shades_have_the_labels_of_the_cells(one_class: int | None) -> None:
    field, _ = case("blobs4")
    plane = Plane.between(-12, 8, -12, 8)
    raster = Raster(210, 190, plane)
    for found in (
        decision(field, plane=plane, one_class=one_class),
        decision(field, plane=plane, one_class=one_class, engine="native", size=(210, 190)),
    ):
        labels, margins = found.ground.shades(raster)
        np.testing.assert_array_equal(labels, found.ground.labels(raster))
        values = field.sample(raster, dtype="float64")
        top = np.sort(values, axis=0)
        if one_class is None:
            np.testing.assert_allclose(margins, top[-1] - top[-2], atol=1e-9)


def test_points_are_drawn_where_they_are(upper: Decision) -> None:
    field = plain([(np.array([[0.0, 1.0]]), np.array([-0.5]))])
    found = decision(field, plane=SQUARE, size=(80, 80), X=[[0.5, -0.5], [-0.5, -0.5], [9.0, 9.0]], y=[1, 0, 0])
    pixels = found.paint(margin=False, axes=False).pixels
    assert pixels[60, 60].tolist() == found.palette[1].tolist()
    assert pixels[60, 20].tolist() == found.palette[0].tolist()
    plainly = decision(field, plane=SQUARE, size=(80, 80), X=[[0.5, -0.5]]).paint(margin=False, axes=False).pixels
    assert pixels[40].tolist() == plainly[40].tolist()
    assert plainly[60, 60].max() < 40


def test_axes_and_legend_stand_around_the_rectangle(tied: Decision) -> None:
    upper = decision(plain([(np.array([[0.0, 1.0]]), np.array([-0.5]))]), plane=SQUARE, size=(240, 240))
    placed = layout(upper, axes=True)
    picture = upper.paint()
    assert (picture.columns, picture.rows) == (placed.width, placed.height)
    assert [(mark.text, mark.at) for mark in placed.across] == [("-1", 0.0), ("0", 120.0), ("1", 240.0)]
    # y grows upwards
    assert [(mark.text, mark.at) for mark in placed.down][::2] == [("-1.0", 240.0), ("0.0", 120.0), ("1.0", 0.0)]
    assert [entry.text for entry in placed.entries] == ["0  75.0%", "1  25.0%"]
    assert layout(tied, axes=True).entries[-1].text == "tie: a = b  25.0%"
    inside = picture.pixels[int(placed.top) :, int(placed.left) :][:240, :240]
    assert (inside[1:-1, 1:-1] == upper.paint(axes=False).pixels[1:-1, 1:-1]).all()


def test_axes_are_called_what_the_slice_s_are(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", W0=[[1.0, 0.0, 0.0]], b0=[0.0], origin=[0.0] * 3, u=[1.0, 0, 0], v=[0.0, 1, 0])
    network = Network.load(tmp_path / "net.npz", activation="relu")
    data = Data(np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]), names=("length <cm>", "width", "height"))
    found = decision(network, features(0, 2, data=data), size=(120, 80))
    assert found.axes == ("length <cm>", "height")
    plainly = replace(found, axes=("", ""))
    assert found.paint().rows > plainly.paint().rows
    assert found.paint().columns > plainly.paint().columns
    assert {"length <cm>", "height"} <= {one.text for one in ET.fromstring(found.svg()).iter(f"{SVG}text")}
    ax = found.plot(Figure().subplots())
    assert (ax.get_xlabel(), ax.get_ylabel()) == found.axes


def test_the_points_that_a_slice_is_laid_through_are_marked(tmp_path: Path) -> None:
    np.savez(tmp_path / "net.npz", W0=np.eye(3)[:2], b0=[0.0, 0.0])
    at = through([0.0, 0, 0], [2, 0, 0], [0, 1, 0])
    found = decision(str(tmp_path / "net.npz"), at)
    bare = replace(found, marks=UNMARKED)
    differ = (found.paint().pixels != bare.paint().pixels).any(axis=2)
    placed = layout(found, axes=True)
    for x, y in placed.place(np.array(at.marks)):
        ring = slice(int(y) - 8, int(y) + 9), slice(int(x) - 8, int(x) + 9)
        assert differ[ring].sum() > 40
        assert not differ[int(y), int(x)], "the point itself is to be seen"
    texts = [one.text for one in ET.fromstring(found.svg()).iter("{http://www.w3.org/2000/svg}text")]
    assert {"a", "b", "c"} <= set(texts)
    ax = found.plot(Figure().subplots())
    assert [one.get_text() for one in ax.texts if one.get_text() in "abc"] == ["a", "b", "c"]
    # its picture is drawn again with them
    found.save(tmp_path / "map.png")
    recipe = read_recipe(tmp_path / "map.png")
    assert recipe is not None
    assert recipe.marks == Marks(at.marks, ("a", "b", "c"))
    text = recipe.to_json().replace('"names": ["a", ', '"names": [')
    with pytest.raises(InputError, match="2 of them for 3 marks; give one for each"):
        DecisionRecipe.from_json(text)


def test_a_picture_of_features_of_unlike_scales_has_room_for_both() -> None:
    rows = np.array([[11.0, 0.0, 278.0], [14.8, 1.0, 1680.0], [13.0, 0.0, 800.0]])
    at = features(0, 2, data=rows)
    found = decision(lambda given: np.stack([given[:, 2], 100 * given[:, 0]], axis=1), at, X=rows)
    assert min(found.size) >= 300
    assert found.axes == ("x0", "x2 (1 = 500 of input 2)")


@pytest.mark.parametrize(
    ("home", "right"),
    [(Plane(1, 2, 3, 1400), (350, 1400)), (Plane(1, 2, 1400, 3), (1400, 350)), (Plane(1, 2, 1, 8), (1, 8))],
)
def test_a_picture_is_no_thread(home: Plane, right: tuple[int, int], caplog: pytest.LogCaptureFixture) -> None:
    seen = view_of(home, None, None)
    assert seen.plane == Plane(1, 2, *right)
    assert max(right) / min(right) == pytest.approx(max(seen.columns, seen.rows) / min(seen.columns, seen.rows))
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == (right != (home.width, home.height))
    assert all("the plane grows from 3 to 350" in line for line in said)
    # a plane that is asked for is what is seen
    assert view_of(home, home, None).plane == home


@pytest.mark.parametrize(
    ("low", "high", "most", "right"),
    [
        (0.0, 1.0, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-1.0, 1.0, 6, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (1e6, 1e6 + 1e-3, 3, ["1000000.0000", "1000000.0005", "1000000.0010"]),
        (-2500.0, 7300.0, 6, ["-2000", "0", "2000", "4000", "6000"]),
        (0.13, 0.14, 2, ["0.13", "0.14"]),
        (3.1e-7, 3.9e-7, 6, ["0.00000032", "0.00000034", "0.00000036", "0.00000038"]),
    ],
)
def test_round_numbers_of_an_axis(low: float, high: float, most: int, right: list[str]) -> None:
    numbers, digits = round_numbers(low, high, most)
    assert [f"{number:.{digits}f}" for number in numbers] == right


def test_what_is_there_is_never_called_nothing() -> None:
    assert [percent(share) for share in (0, 1e-9, 0.1234, 0.99999, 1, 1 - 1e-14)] == [
        "0.0%",
        "<0.1%",
        "12.3%",
        ">99.9%",
        "100.0%",
        "100.0%",
    ]


def rings(path: str) -> list[np.ndarray]:
    """The polygons of path data M x y L x y ... Z."""
    return [np.array(re.findall(r"[-\d.]+", part), dtype=float).reshape(-1, 2) for part in path.split("M")[1:]]


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2


def test_the_svg_s_areas_are_the_classes_areas(tied: Decision) -> None:
    root = ET.fromstring(tied.svg())
    filled = root.findall(f"{SVG}path")
    palette = [colours.hexadecimal(colour) for colour in colours.tinted(tied.palette, colours.FLAT)]
    # a class each, then the tie; in pixels, 40 a unit
    assert [one.get("fill") for one in filled[:2]] == palette
    found = [abs(sum(area(ring) for ring in rings(one.get("d") or ""))) / 1600 for one in filled]
    assert found == pytest.approx([1.5, 1.5, 1.0], abs=1e-4)
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert title == "Decision regions: a, b"
    assert description == tied.sentence()
    boundary = root.find(f"{SVG}g")
    assert boundary is not None
    assert boundary[0][0].text == "a | b"


def test_an_svg_with_a_margin_or_of_samples_has_pixels() -> None:
    field = plain([(np.array([[0.0, 1.0]]), np.array([-0.5]))])
    for found, margin in (
        (decision(field, plane=SQUARE, size=(40, 40)), True),
        (decision(field, plane=SQUARE, size=(40, 40), engine="native"), False),
    ):
        image = ET.fromstring(found.svg(margin=margin)).find(f"{SVG}image")
        assert image is not None
        assert (image.get("href") or "").startswith("data:image/png;base64,")


def test_names_are_escaped_in_the_svg_and_written_in_the_picture() -> None:
    names = ["<script>alert('a')</script>", 'b & "c" \u00e9\u4e2d']
    field = plain([(np.array([[1.0, 0.0]]), np.zeros(1))])
    found = decision(field, plane=SQUARE, size=(60, 60), classes=names, X=[[0.0, 0.0]], y=[0])
    text = found.svg()
    assert "<script" not in text
    root = ET.fromstring(text)
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert any("b & " in (line or "") for line in said)
    assert found.paint().columns > 60


@pytest.mark.parametrize("margin", [False, True])
def test_every_tie_has_a_colour_of_its_own_in_picture_and_legend(margin: bool) -> None:
    # relu(x), relu(x) and relu(y): 0 = 1 where x > y and x > 0, all three where neither is above 0
    weights = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    found = decision(plain([(weights, np.zeros(3)), (np.eye(3), np.zeros(3))]), plane=SQUARE, size=(80, 80))
    assert [tie.classes for tie in found.ties] == [("0", "1"), ("0", "1", "2")]
    pixels = found.paint(margin=margin, axes=False).pixels
    pair, all_three = (colours.hexadecimal(pixels[at]) for at in [(60, 70), (70, 10)])
    assert [entry.area for entry in layout(found, axes=True).entries[3:]] == [pair, all_three]
    assert len({pair, all_three, *(entry.area for entry in layout(found, axes=True).entries)}) == 5
    if not margin:
        assert all(f'fill="{colour}" fill-rule' in found.svg(margin=False) for colour in (pair, all_three))


@pytest.mark.parametrize("count", [2, 3])
def test_a_tie_s_colour_is_told_from_every_other(count: int) -> None:
    every = [one for n in range(1, count + 1) for one in combinations(range(count), n)]
    shown = colours.tinted(colours.set_colours(tuple(every), colours.class_colours(count)), colours.FLAT)
    lab = from_srgb(shown)
    # Oklab's distances are about 0.02 where a difference is just seen side by side
    assert min(np.linalg.norm(lab[a] - lab[b]) for a in range(len(lab)) for b in range(a)) > 0.03


def test_a_tie_of_white_and_black_is_a_darker_grey() -> None:
    (grey,) = colours.set_colours(((0, 1),), np.array([[0, 0, 0], [255, 255, 255]], np.uint8))
    # Oklab's lightness 0.42, cubed, is the linear light 0.0741, of which sRGB makes 0.3021
    assert grey.tolist() == [77, 77, 77]


def test_it_is_drawn_into_the_axes_that_are_given(tied: Decision) -> None:
    ax = Figure().subplots()
    assert tied.plot(ax) is ax
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 1), (-1, 1))
    (image,) = ax.images
    assert image.get_extent() == [-1, 1, -1, 1]
    # the tie is the upper left quarter, and row 0 is at the top; the legend's patch has its colour
    shown = np.asarray(image.get_array())
    patch = ax.get_legend().get_patches()[-1].get_facecolor()  # type: ignore[union-attr]  # there is a legend
    assert shown[5, 5].tolist() == np.rint(255 * np.array(patch[:3])).tolist()
    assert shown[5, 75].tolist() != shown[5, 5].tolist()
    (lines,) = ax.collections
    assert len(lines.get_paths()) == sum(map(len, tied.boundary.values()))
    legend = ax.get_legend()
    assert legend is not None
    assert [one.get_text() for one in legend.get_texts()] == ["a", "b", "a = b"]
    with pytest.raises(InputError, match="decision ax=Figure: must be a matplotlib Axes"):
        tied.plot(Figure())  # type: ignore[arg-type]


def test_a_figure_is_made_where_none_is_given(upper: Decision) -> None:
    mpl.use("agg")
    from matplotlib import pyplot as plt

    ax = upper.plot()
    assert ax.figure.number in plt.get_fignums()
    plt.close(ax.figure)


def test_it_is_saved_by_its_ending(upper: Decision, tmp_path: Path) -> None:
    for name in ("a.png", "a.svg", "a.json"):
        upper.save(tmp_path / name)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == upper.svg()
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == upper.data()
    assert upper._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="a decision is written as one of"):
        upper.save(tmp_path / "a.gif")


def test_ten_classes_and_more_have_colours() -> None:
    turns = 2 * np.pi * np.arange(12) / 12
    field = plain([(np.stack([np.cos(turns), np.sin(turns)], axis=1), np.zeros(12))])
    found = decision(field, plane=Plane.between(-1, 1, -1, 1), size=(60, 60))
    assert found.share == pytest.approx([1 / 12] * 12, abs=0.02)
    assert len(found.boundary) == 12
    assert found.palette[9].tolist() == found.palette[0].tolist()
    assert len({tuple(colour) for colour in found.palette[:9].tolist()}) == 9
    # classes that share colours are named inside their areas, which are sectors
    names = names_inside(found)
    assert [name.text for name in names] == list(found.classes)
    for name in names:
        assert field.at([[name.x, name.y]]).argmax() == int(name.text)
    texts = [one.text for one in ET.fromstring(found.svg()).iter(f"{SVG}text")]
    assert set(found.classes) <= set(texts)
    assert {one.get_text() for one in found.plot(Figure().subplots()).texts} == set(found.classes)
    assert found.paint().columns > 60
    assert names_inside(decision(field, plane=SQUARE, size=(60, 60), one_class=3)) == []


# what readers without one kind of cone see, in linear light: Machado, Oliveira and Fernandes 2009, severity 1
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_colour_blind_readers_tell_the_points_of_classes_apart(kind: str, count: int) -> None:
    srgb = colours.class_colours(count) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(BLINDNESS[kind]).T, 0, 1)
    encoded = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    apart = [np.abs(encoded[a] - encoded[b]).max() for a in range(count) for b in range(a)]
    assert min(apart) > 0.1
