"""The chart of ranges: points lie where the logarithm puts them, and no text gets in unescaped."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from netwarp.pages.chart import Trace, chart, power

TWO = Trace("<b> & co", "grows", (1.0, 10.0, 100.0), (10.0, 100.0, 1000.0))
SVG = {"title": "a < b", "description": '"quoted" & more', "width": 500, "height": 300, "name": "one"}


def test_a_power_is_written_as_one() -> None:
    assert [power(n) for n in (-12, -1, 0, 1, 20)] == ["10⁻¹²", "10⁻¹", "1", "10", "10²⁰"]


def test_exponential_growth_is_a_straight_line() -> None:
    root = ET.fromstring(chart((TWO,), **SVG))  # type: ignore[arg-type]
    line = next(one for one in root.iter("polyline") if "std" in one.attrib["class"])
    (x0, y0), (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in line.attrib["points"].split(" "))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.11)
    assert y0 > y1 > 0
    assert x0 > 0
    assert x2 < 500


def test_it_says_what_it_shows_and_escapes_it() -> None:
    svg = chart((TWO,), **SVG)  # type: ignore[arg-type]
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"
    named = {one.attrib["id"]: one.text for one in root if "id" in one.attrib}
    assert [named[name] for name in root.attrib["aria-labelledby"].split()] == ["a < b", '"quoted" & more']
    assert "<b>" not in svg
    assert [one.text for one in root.iter("text")][-1] == "<b> & co"


def test_labels_stand_on_round_powers_and_do_not_crowd() -> None:
    tall = Trace("x", "fades", (1e-16, 1e15), (1e-14, 1e17))
    root = ET.fromstring(chart((tall,), **SVG))  # type: ignore[arg-type]
    heights = [float(one.attrib["y1"]) for one in root.iter("line")]
    assert 3 <= len(heights) <= 8
    assert all(a - b > 20 for a, b in pairwise(heights))
    labels = [one.text or "" for one in root.iter("text")]
    assert all(re.fullmatch(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d+|layer|x", label) for label in labels), labels
