"""In a frame of another page: the picture as large as it can be, its buttons in reach, what is wrong said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.desk import ready

Anywhere = Callable[..., Any]
REACHED = """[...document.querySelectorAll('#zooming button')].filter((one) => one.checkVisibility()).map((one) => {
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
})"""


@pytest.mark.parametrize("more", ["", "&panes=2", "&arch=conv(8,3)*2&foo=1"])
@pytest.mark.parametrize("size", [(600, 420), (320, 300), (1366, 768)])
def test_all_of_it_is_in_the_frame(anywhere: Anywhere, size: tuple[int, int], more: str) -> None:
    width, height = size
    page = anywhere(f"?v=2&embed=1&seed=3{more}", viewport={"width": width, "height": height})
    # in, out, home, autopilot, full screen
    assert page.evaluate(REACHED) == [True] * 5
    root = "document.documentElement"
    assert page.evaluate(f"[{root}.scrollWidth <= {width}, {root}.scrollHeight <= {height}]") == [True, True]
    badge = page.locator("#precision").bounding_box()
    assert badge["y"] + badge["height"] <= height
    assert page.locator(".view").first.bounding_box()["height"] > height / 4
    page.locator("#zooming button").first.click()
    ready(page)
    assert "w=0.75" in page.url


def test_a_bad_key_is_named(anywhere: Anywhere) -> None:
    for query in ("embed=1", "hide=panel"):
        page = anywhere(f"?v=2&{query}&foo=1&x=1e400")
        said = page.locator("#said")
        assert said.is_visible()
        assert "foo: no such key" in said.inner_text()
        assert "x=1e400: must be from -1e+15 to 1e+15" in said.inner_text()
