"""SVG of cells: well formed, all text escaped, every layer once, coordinates where the cells are."""

import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from netwarp.picture.overlay import by_area, by_pattern, layer_colours
from netwarp.picture.overlay_svg import draw_svg, ticks
from picture.pieces import UNIT, cut, weights

CELLS, BITS = cut(weights([8, 8], 3))
NAME = "{http://www.w3.org/2000/svg}"


def drawn(path: str) -> list[np.ndarray]:
    """The polylines of path data: M x y, then l and relative steps, then perhaps z."""
    found = []
    for text in re.findall(r"M[^M]*", path):
        start, steps = text[1:].rstrip("z").split("l")
        numbers = [int(n) for n in re.findall(r"-?\d+", start)] + [int(n) for n in re.findall(r"-?\d+", steps)]
        found.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return found


def test_the_lines_are_those_of_the_cells() -> None:
    root = ET.fromstring(draw_svg(CELLS, title="t", description="d"))
    paths = {path.get("id"): path for path in root.iter(f"{NAME}path")}
    assert list(paths) == ["layer-2", "layer-1"]  # the first layer is drawn last
    colours = layer_colours(2).tolist()
    for layer in (1, 2):
        path = paths[f"layer-{layer}"]
        assert path.get("stroke") == "#{:02x}{:02x}{:02x}".format(*colours[layer - 1])
        ends = CELLS.vertices[CELLS.edges[CELLS.edge_layers == layer]]
        wanted = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).sum()
        lines = drawn(path.get("d") or "")
        total = sum(np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in lines)
        assert total / 1e6 == pytest.approx(wanted, rel=1e-4)
        assert min(line.min() for line in lines) >= 0
        assert max(line.max() for line in lines) <= 1_000_000
        # y0 is at the top: each point is a vertex
        for line in lines:
            places = (CELLS.vertices + 0.5) * 1e6
            assert np.abs(places[:, None] - line).max(axis=-1).min(axis=0).max() <= 1
    assert [text.text for text in root.iter(f"{NAME}text")] == ["layer", "1", "2"]


def test_text_is_escaped_and_the_recipe_comes_back() -> None:
    recipe = json.dumps({"architecture": 'conv(8) >> "</metadata><script>&'})
    text = draw_svg(CELLS, title='</title><script>alert("1")</script>', description="a & b < c", recipe=recipe)
    root = ET.fromstring(text)
    assert "<script" not in text
    assert root.findtext(f"{NAME}metadata") == recipe
    assert root.findtext(f"{NAME}title") == '</title><script>alert("1")</script>'
    assert root.findtext(f"{NAME}desc") == "a & b < c"


def test_cells_are_filled_polygons() -> None:
    fill = by_pattern(BITS)
    root = ET.fromstring(draw_svg(CELLS, title="t", description="d", fill=fill))
    cells = [path for path in root.iter(f"{NAME}path") if path.get("fill")]
    assert len(cells) == len(CELLS.offsets) - 1
    area = 0.0
    for path, colour in zip(cells, fill.colours.tolist(), strict=True):
        (line,) = drawn(path.get("d") or "")
        assert path.get("fill") == "#{:02x}{:02x}{:02x}".format(*colour)
        x, y = line.T / 1e6
        area += ((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
    assert area == pytest.approx(1, abs=1e-4)


def test_a_scale_has_its_bar_and_dark_lines() -> None:
    root = ET.fromstring(draw_svg(CELLS, title="t", description="d", fill=by_area(np.geomspace(1e-6, 1, len(BITS)))))
    assert len(list(root.iter(f"{NAME}stop"))) == 17
    words = [text.text for text in root.iter(f"{NAME}text")]
    assert words[0] == "area of a cell"
    assert {path.get("stroke") for path in root.iter(f"{NAME}path") if path.get("id")} == {None}
    assert "layer" not in words


@pytest.mark.parametrize("layers", [1, 16, 17, 60])
def test_a_legend_stays_within_the_drawing(layers: int) -> None:
    deep = type(CELLS)(**{**vars(CELLS), "edge_layers": np.where(CELLS.edge_layers > 1, layers, CELLS.edge_layers)})
    root = ET.fromstring(draw_svg(deep, title="t", description="d"))
    words = [text.text for text in root.iter(f"{NAME}text")]
    assert words[1] == "1"
    assert words[-1] == str(max(layers, 1))
    assert all(float(text.get("x") or 0) < 980 for text in root.iter(f"{NAME}text"))
    without = ET.fromstring(draw_svg(deep, title="t", description="d", legend=False))
    assert list(without.iter(f"{NAME}text")) == []
    assert without.get("viewBox") == "0 0 1000 1000"


def test_proportions_contours_and_closed_lines() -> None:
    ring = np.array([[-0.25, -0.25], [0.25, -0.25], [0.25, 0.25], [-0.25, -0.25]])
    text = draw_svg(CELLS, title="t", description="d", contours=[ring], proportion=0.5, legend=False)
    root = ET.fromstring(text)
    assert root.get("viewBox") == "0 0 1000 500"
    (level,) = [path.get("d") or "" for path in root.iter(f"{NAME}path") if path.get("id") == "contour"]
    assert level == "M250000 125000l500000 0 0 250000z"
    wide, _ = cut(weights([4], 0), (0.0, 2.0, 0.0, 1.0))
    assert ET.fromstring(draw_svg(wide, title="", description="", legend=False)).get("viewBox") == "0 0 1000 500"


def test_a_plane_without_lines_is_a_rectangle() -> None:
    blank, _ = cut([(np.eye(2), np.ones(2)), (np.eye(2), np.zeros(2))], UNIT)
    root = ET.fromstring(draw_svg(blank, title="t", description="d"))
    assert [path.get("id") for path in root.iter(f"{NAME}path")] == []
    assert root.get("viewBox") == "0 0 1000 1000"


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (0.02, 30, [0.1, 1, 10]),
        (0.1, 1, [0.1, 1]),
        (2, 3, [2, 3]),
        (5, 5, [5]),
        (1e-9, 1e9, [1e-9, 1e-5, 1e-1, 1e3, 1e7]),
    ],
)
def test_ticks_are_powers_of_ten(low: float, high: float, wanted: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(wanted)
