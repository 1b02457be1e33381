"""Cells on the page that needs no server: the lines and the words of the served page, and what it is not sure of."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from netwarp.pages.site import site
from tests.browser.desk import ready, unfold, until

ADDRESSES: tuple[dict[str, Any], ...] = (
    {"arch": "conv(10) * 2"},
    {"arch": "residual(conv(6)) >> maxout(4, 3)", "seed": 3, "x": "0.1", "y": "-0.05", "w": "0.45", "h": "0.3"},
    {"arch": "conv(6) * 3", "act": "hardtanh", "w": "0.03", "h": "0.02", "x": "0.25"},
    {"arch": "conv(8) * 2", "act": "step", "seed": 2},
)


def shown(page: Any) -> str:
    """What is said of the cells, once it is."""
    until(page, "/cell/.test(document.querySelector('figcaption .cells')?.textContent)", 60)
    until(page, "!document.body.classList.contains('stale')")
    return str(page.text_content("figcaption .cells"))


def seen(page: Any) -> np.ndarray:
    """The picture with what lies over it."""
    page.mouse.move(5, 5)
    ready(page)
    image = Image.open(io.BytesIO(page.locator(".frame").first.screenshot())).convert("RGB")
    return np.asarray(image, dtype=int)


def opened(offline: Any, tmp_path: Path, asked: dict[str, Any]) -> Any:
    site(tmp_path)
    offline.set_default_timeout(60_000)
    offline.set_viewport_size({"width": 1280, "height": 860})
    offline.goto(f"{(tmp_path / 'netwarp.html').as_uri()}?{urlencode(asked)}")
    offline.evaluate("netwarp.ready")
    return offline


@pytest.mark.parametrize("asked", ADDRESSES)
def test_lines_and_words_of_the_served_page(visit: Any, offline: Any, tmp_path: Path, asked: dict[str, Any]) -> None:
    asked = {"v": 2, "cells": 1, **asked}
    served, alone = visit(f"?{urlencode(asked)}"), opened(offline, tmp_path, asked)
    assert shown(alone) == shown(served)
    assert "exact" in shown(alone)
    one, other = seen(served), seen(alone)
    assert one.shape == other.shape
    far = (np.abs(one - other).max(axis=2) > 24).mean()
    assert far < 0.002
    unfold(alone)
    alone.uncheck("#cells")
    until(alone, "document.querySelector('figcaption .cells') === null")
    without = (np.abs(seen(alone) - other).max(axis=2) > 24).mean()
    assert without > 0.004
    assert without > 10 * far


def test_the_cell_that_is_pressed(visit: Any, offline: Any, tmp_path: Path) -> None:
    asked = {"v": 2, "cells": 1, "arch": "conv(10) * 2", "seed": 9}
    cards = []
    for page in (visit(f"?{urlencode(asked)}"), opened(offline, tmp_path, asked)):
        shown(page)
        box = page.locator("canvas").first.bounding_box()
        page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
        page.locator(".cell-card").first.wait_for(timeout=10_000)
        cards.append(page.locator(".cell-card").first.inner_text())
    assert "units are on" in cards[0]
    assert cards[1] == cards[0]


@pytest.mark.parametrize("act", ["hardtanh", "relu"])
def test_the_way_out_of_a_view_inside_one_cell(visit: Any, offline: Any, tmp_path: Path, act: str) -> None:
    asked = {"v": 2, "cells": 1, "arch": "conv(6) * 3", "act": act, "x": "0.25", "w": "1e-6", "h": "6.666e-7"}
    pages = visit(f"?{urlencode(asked)}"), opened(offline, tmp_path, asked)
    said, looks = [], []
    for page in pages:
        assert shown(page) == "1 cell in the frame, exact"
        until(page, "!document.querySelector('#notice').hidden", 30)
        said.append(page.locator("#notice").inner_text())
        looks.append(seen(page))
    assert "linear region" in said[0]
    assert said[1] == said[0]
    # the notice lies over one picture in twenty of it
    assert (np.abs(looks[0] - looks[1]).max(axis=2) > 24).mean() < 0.002
    places = []
    for page in pages:
        page.locator("#notice button").first.click()
        until(page, "/[2-9] cells/.test(document.querySelector('figcaption .cells')?.textContent)", 60)
        places.append([float(page.evaluate(f"new URLSearchParams(location.search).get('{key}')")) for key in "xy"])
    assert places[1] == pytest.approx(places[0], abs=1e-10)


def test_what_it_is_not_sure_of(offline: Any, tmp_path: Path) -> None:
    # three lines meet in a point where rounding cannot tell
    asked = {"v": 2, "cells": 1, "arch": 'conv(3) >> conv(1, norm=None, act="linear") >> conv(4, norm=None)'}
    asked["norm"] = "none"
    page = opened(offline, tmp_path, {**asked, "x": "0.1"})
    said = shown(page)
    assert "within rounding" in said
    assert "exact" not in said


def test_which_have_none(offline: Any, tmp_path: Path) -> None:
    page = opened(offline, tmp_path, {"v": 2, "cells": 1, "arch": "conv(8)", "act": "tanh"})
    assert shown(page) == "cells: only piecewise linear, pointwise networks have exact ones"
    page = opened(offline, tmp_path, {"v": 2, "cells": 1, "arch": "conv(100) * 3"})
    assert shown(page).startswith("more than 20,0")
