"""A phone: nothing lies over the pictures, nothing runs out of the page, and the pictures stay while one scrolls."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.browser.desk import drawn, picture, settle

WIDTHS = (320, 360, 375)
TALL = 740
# how much of each canvas is covered by something else that is painted, at the most
COVERED = """() => Math.max(...[...document.querySelectorAll('.frame canvas')].map((canvas) => {
  const own = canvas.getBoundingClientRect();
  const others = document.querySelectorAll('.legend, .zooming, figcaption, .status');
  const over = [...others].filter((one) => one.offsetParent !== null);
  const areas = over.map((one) => one.getBoundingClientRect()).map((box) =>
    Math.max(0, Math.min(own.right, box.right) - Math.max(own.left, box.left)) *
    Math.max(0, Math.min(own.bottom, box.bottom) - Math.max(own.top, box.top)));
  return areas.reduce((sum, area) => sum + area, 0) / (own.width * own.height);
}))"""
BOXES = """() => [...document.querySelectorAll('.frame')].map((one) => one.getBoundingClientRect())
  .map((box) => [box.left, box.top, box.right, box.bottom])"""


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    """Two models of three classes with long names, and their data."""
    random = np.random.RandomState(1)
    for name in ("first", "second"):
        np.savez(tmp_path / f"{name}.npz", W0=random.randn(9, 2), b0=random.randn(9), W1=random.randn(3, 9))
    rows = [
        f"{x!r},{y!r},{kind}"
        for (x, y), kind in zip(random.randn(30, 2).tolist(), ["setosa", "versicolor", "virginica"] * 10, strict=True)
    ]
    (tmp_path / "points.csv").write_text("\n".join(["length,width,kind", *rows]))
    return [*(str(tmp_path / f"{name}.npz") for name in ("first", "second")), "--data", str(tmp_path / "points.csv")]


@pytest.mark.parametrize("width", WIDTHS)
def test_two_models_lie_free_on_a_phone(two: list[str], width: int, look: Callable[..., Any]) -> None:
    page = look(*two)
    page.set_viewport_size({"width": width, "height": TALL})
    settle(page)
    assert page.locator("[aria-label=Classes]").count() == 2
    assert page.locator("[aria-label=Classes]").first.is_visible()
    assert page.evaluate(COVERED) < 0.05
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert drawn(picture(page, 0))
    assert drawn(picture(page, 1))


WHOLE = """() => [...document.querySelectorAll('.place, .place > *, .badges > *')]
  .filter((one) => one.offsetParent !== null).filter((one) => { const box = one.getBoundingClientRect();
    return one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 || box.left < 0 || box.right > innerWidth; })
  .map((one) => one.textContent)"""
LINES = """() => ['.place', '.badges'].map((one) => document.querySelector(one).getBoundingClientRect())
  .map((box) => [box.top, box.bottom])"""


@pytest.mark.parametrize("width", WIDTHS)
def test_where_it_looks_is_read_whole_on_a_phone(width: int, visit: Callable[..., Any]) -> None:
    deep = "?v=2&arch=conv(12)+*+4&act=tanh&x=0.1234567890123456789&y=-0.0512345678901&w=1e-9&h=6.7e-10"
    for query in ("?v=2", deep):
        page = visit(query, viewport={"width": width, "height": TALL}, has_touch=True, is_mobile=True)
        settle(page)
        assert page.evaluate(WHOLE) == []
        (_, bottom), (top, _) = page.evaluate(LINES)
        assert bottom <= top, "the badges have a line of their own"


@pytest.mark.parametrize("panes", [1, 2, 4])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pictures_stay_while_a_phone_scrolls(panes: int, width: int, anywhere: Callable[..., Any]) -> None:
    """No more than 45% of the height is theirs, however far one scrolls, and the document is what scrolls."""
    page = anywhere(f"?seed=3&panes={panes}", viewport={"width": width, "height": TALL}, has_touch=True, is_mobile=True)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(COVERED) < 0.05
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 2 * TALL
    for down in (400, height // 2, height):
        page.evaluate(f"scrollTo(0, {down})")
        boxes = page.evaluate(BOXES)
        assert len(boxes) == panes
        assert min(top for _, top, _, _ in boxes) == pytest.approx(0, abs=1)
        assert max(bottom for _, _, _, bottom in boxes) <= 0.45 * TALL + 1
        assert max(right for _, _, right, _ in boxes) <= width
        middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes]
        assert len(set(middles)) == panes, "side by side"
        seen = [page.evaluate(f"document.elementFromPoint({x}, {y}).closest('.frame') !== null") for x, y in middles]
        assert all(seen), "nothing goes by over them"
    # a slider far below is dragged in sight of the picture
    page.locator("#seed").scroll_into_view_if_needed()
    assert page.evaluate(BOXES)[0][1] >= -1
