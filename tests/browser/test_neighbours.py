"""Neighbours on the page that needs no server: the server's nine, as sharp as the screen, soon."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from netwarp.explorer.offers import neighbours
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.pages.site import site
from tests.browser.desk import until

WANTED = {"v": "2", "w": "1.5", "h": "1"}


def opened(page: Any, folder: Path, query: dict[str, str]) -> None:
    site(folder)
    page.set_default_timeout(60_000)
    page.goto((folder / "netwarp.html").as_uri() + f"?{urlencode({**WANTED, **query})}")
    page.evaluate("netwarp.ready")


def cards(page: Any) -> list[dict[str, Any]]:
    page.click("#open-neighbours")
    until(page, "document.querySelectorAll('#neighbours .card').length === 9")
    return page.evaluate(
        """[...document.querySelectorAll('#neighbours .card')].map((card) => {
          const image = card.querySelector('img');
          const box = image.getBoundingClientRect();
          return { title: card.querySelector('.card-title').textContent, wide: image.naturalWidth, shown: box.width };
        })"""
    )


@pytest.mark.parametrize(
    "query", [{"arch": "conv(6) * 3", "seed": "4"}, {"arch": "conv(5, 3) * 2", "act": "tanh", "seed": "-3"}]
)
def test_they_are_the_servers(offline: Any, tmp_path: Path, query: dict[str, str]) -> None:
    opened(offline, tmp_path, query)
    found = cards(offline)
    pane = read(Pane(**{**query, "seed": int(query["seed"])}), Files())[1]
    wanted = neighbours(pane, Files(), Cancellation("later", 600))["offers"]
    assert [one["title"] for one in found] == [one["title"] for one in wanted]
    offer = wanted[4]["state"]
    offline.locator("#neighbours .card").nth(4).click()
    offline.evaluate("netwarp.ready")
    assert offline.input_value("#arch") == offer["arch"]
    assert offline.input_value("#seed") == str(offer["seed"])
    assert offline.input_value("#act") == offer["act"]


@pytest.mark.parametrize("density", [1, 2])
def test_none_is_enlarged(chromium: Any, tmp_path: Path, density: int) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, device_scale_factor=density)
    page = context.new_page()
    opened(page, tmp_path, {"arch": "conv(6) * 3", "seed": "4"})
    for one in cards(page):
        assert 0 <= one["wide"] - density * one["shown"] <= 2 * density  # a border
    context.close()
