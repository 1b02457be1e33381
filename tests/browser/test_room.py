"""How far the sliders go on the page that needs no server, and what fits in place of a network that is too large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netwarp.architecture.language import parse
from netwarp.explorer import fitting, limits
from netwarp.pages.site import site
from netwarp.plane import Raster
from tests.browser.desk import until


def test_sliders_end_where_the_page_does(offline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "thread_count", lambda: 1)
    room = fitting.room(parse("conv(10) * 10"), Raster())
    assert room["depth"] == 50
    assert room["width"] is not None
    assert room["width"] < 128
    site(tmp_path)
    offline.set_default_timeout(60_000)
    offline.goto((tmp_path / "netwarp.html").as_uri() + "?v=2&w=1.5&h=1&arch=conv(10)+*+10&seed=9")
    offline.evaluate("netwarp.ready")
    assert "limited" not in (offline.get_attribute("#depth", "class") or "")
    assert "limited" in offline.get_attribute("#width", "class")
    assert offline.get_attribute("#width", "title") == f"at most {room['width']} is shown here"

    with pytest.raises(fitting.TooLargeError) as refused:
        fitting.check(parse("conv(128) * 50"), Raster())
    offline.fill("#arch", "conv(128) * 50")
    until(offline, "!document.querySelector('.veil').hidden")
    assert offline.text_content(".veil p") == str(refused.value)
    assert offline.locator(".veil button").first.text_content() == f"Show {refused.value.fits}"
