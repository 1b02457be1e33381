"""The founding figure on a phone: what stands side by side on a desk is a row that one pushes, and not a tower."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netwarp.pages.figure import figure
from tests.pages.test_figure import LITTLE, few

__all__ = ["few"]


@pytest.mark.usefixtures("few")
def test_a_row_of_pictures_is_as_high_as_one_of_them(offline: Any, tmp_path: Path) -> None:
    path = figure(tmp_path / "out", columns=30, rows=20, scope=LITTLE)
    offline.set_viewport_size({"width": 375, "height": 800})
    offline.goto(path.as_uri())
    # pushed sideways is a row, never the page
    assert offline.evaluate("document.documentElement.scrollWidth") == 375
    rows = offline.locator(".grid:not(.hero), .maps")
    assert rows.count() >= 7
    for row in rows.all():
        height, tallest, width, wide = row.evaluate(
            "one => [one.clientHeight, Math.max(...[...one.children].map((each) => each.clientHeight)),"
            " one.clientWidth, Math.max(...[...one.children].map((each) => each.clientWidth))]"
        )
        assert height <= tallest + 24
        assert 0.7 * width < wide < 0.9 * width  # the next one is to be seen
    # the whole figure was 41,000 pixels high, this one of few pictures 20,700
    assert offline.evaluate("document.documentElement.scrollHeight") < 17_000
