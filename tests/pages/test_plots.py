"""Plots as inline SVG: what they say, that a page's policy lets them through, and that they are always the same."""

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from netwarp.claims.registry import Series
from netwarp.pages.plots import Intervals, heat_plot, interval_plot, line_plot, short

LINES = (
    Series("ReLU <b>", (1, 2, 3), (1, 30, 1e4), (0.8, 20, 8e3), (1.2, 40, 2e4)),
    Series("tanh $x$", (1, 2, 3), (1, float("nan"), 4)),
)


def lines(name: str = "lengths") -> str:
    return line_plot(
        LINES,
        name=name,
        title="Length & depth",
        description="Grows.",
        x_label="layer",
        y_label="length",
        y_log=True,
        lines=(1.5,),
    )


def heat(values: object = ((1, 2, 3000), (4, np.nan, 12)), **options: object) -> str:
    given = {"name": "map", "title": "T", "description": "D", "columns": "abc", "rows": "de", "unit": "bits"} | options
    return heat_plot(values, **given).inline()  # type: ignore[arg-type]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


def test_a_plot_says_its_title_its_words_and_its_decades() -> None:
    root = ET.fromstring(lines())
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "lengths-title lengths-description"
    assert [(child.tag, child.get("id"), child.text) for child in list(root)[:2]] == [
        ("title", "lengths-title", "Length & depth"),
        ("desc", "lengths-description", "Grows."),
    ]
    said = texts(lines())
    assert {"layer", "length", "ReLU <b>", "tanh $x$", "1", "100", "10,000"} <= set(said)


def test_nothing_in_it_needs_a_style_attribute_or_another_file() -> None:
    for svg in (lines(), heat()):
        assert not re.search(r'style=|<style|<script|https?://|xmlns|<image|metadata|href="[^#]', svg)
        # the theme's colours, not the stand-ins that matplotlib drew with
        assert not re.search(r"#0000[01]\d", svg)
        assert "currentColor" in svg
    assert "var(--series-1, #" in lines()


def test_its_identifiers_are_its_own_and_all_used() -> None:
    for svg in (lines(), heat()):
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        drawn = [one for one in ids if not one.endswith(("-title", "-description"))]
        assert set(drawn) == set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) != set()
    first, second = (set(re.findall(r'\bid="([^"]+)"', lines(name))) for name in ("one", "two"))
    assert not first & second


def test_the_same_plot_is_the_same_text_and_settings_stay_as_they_were() -> None:
    before = dict(mpl.rcParams)
    assert lines() == lines()
    assert heat() == heat()
    assert dict(mpl.rcParams) == before


def test_a_band_is_drawn_where_there_is_an_interval() -> None:
    assert lines().count("fill-opacity") == 1


def test_cells_say_their_values_in_a_colour_that_reads() -> None:
    svg = heat(log=True)
    said = texts(svg)
    assert [cell in said for cell in ("1", "2", "3,000", "4", "12", "–")] == [True] * 6
    # viridis is dark where small and light where large
    assert re.search(r'fill="#ffffff"[^>]*>1<', svg)
    assert re.search(r'fill="#111111"[^>]*>3,000<', svg)
    assert re.search(r'fill="currentColor"[^>]*>–<', svg)
    # of the six cells five are coloured; the bar has steps of its own
    cells = re.findall(r'fill="(#[0-9a-f]{6})"', svg.split("<text")[0])
    assert len(set(cells)) == 5


def test_maps_with_the_same_limits_share_their_colours() -> None:
    def colour(svg: str) -> str:
        return re.findall(r'fill="(#[0-9a-f]{6})"', svg)[0]

    one, other = [[2.0, 3.0]], [[2.0, 9.0]]
    given = {"columns": "ab", "rows": "c"}
    assert colour(heat(one, limits=(1, 9), **given)) == colour(heat(other, limits=(1, 9), **given))
    assert colour(heat(one, **given)) != colour(heat([[2.0, 1.0]], **given))
    # about a middle, equally far up and down is equally far from pale
    for values in ([[1.0, 2.0]], [[1.0, 0.4]]):
        assert min(bytes.fromhex(colour(heat(values, middle=1.0, **given))[1:])) > 240


@pytest.mark.parametrize("values", [[[1.0]], [[0.0]], [[np.nan]], [[-3.0]]])
@pytest.mark.parametrize("log", [False, True])
def test_one_value_or_none_makes_a_map_all_the_same(values: list[list[float]], log: bool) -> None:
    assert "<svg" in heat(values, columns="a", rows="b", log=log)


def test_no_series_and_no_positive_value_make_empty_plots() -> None:
    options = {"name": "n", "title": "T", "description": "D", "y_log": True, "x_log": True}
    assert "<svg" in line_plot((), **options)  # type: ignore[arg-type]
    assert "<svg" in line_plot((Series("none", (0, 0), (0, -1)),), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.4674, "1.47"),
        (1234.5, "1,234"),
        (999.7, "1,000"),
        (999.4, "999"),
        (123456.0, "1.2e5"),
        (-2e-7, "−2.0e−7"),
        (float("nan"), "–"),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_intervals_stand_in_rows_beside_no_change() -> None:
    nan = float("nan")
    groups = (Intervals("one", (2.0, nan), (1.5, nan), (2.5, nan)), Intervals("two", (0.5, -1), (0.4, -2), (0.6, 1)))
    svg = interval_plot(("frequency", "regions"), groups, name="i", title="T", description="D", x_label="ratio")
    assert {"frequency", "regions", "one", "two", "ratio"} <= set(texts(svg))
    # of four estimates two have a logarithm; each legend entry shows one mark more
    assert len(re.findall(r"<use [^>]*series-\d", svg)) == 4
    alone = interval_plot(("a", "b"), groups[:1], name="i", title="T", description="D")
    assert "one" not in texts(alone)
