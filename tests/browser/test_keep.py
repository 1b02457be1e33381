"""What is shared and taken away is what is seen, and as large as is said."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netwarp.cli.main import status_of
from tests.browser.desk import settle, until

# so near that the whole plane's colours show one
NEAR = "?v=2&arch=conv(10)+*+3&seed=7&x=0.1&y=0.1&w=0.0001&h=0.0001"


def colours(file: Path) -> int:
    return len(np.unique(np.asarray(Image.open(file).convert("RGB")).reshape(-1, 3), axis=0))


def share(page: Any) -> None:
    page.click("#open-share")
    until(page, "document.getElementById('form-cli').value.length > 5")


def test_where_contrast_is_fitted_by_itself_what_is_kept_has_it_too(
    visit: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit(NEAR)
    settle(page)
    assert page.locator("#contrast").is_visible()
    assert page.locator("#tone").input_value() == "whole"
    share(page)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(page.locator("#form-cli").input_value())
    assert status_of(words[1:]) == 0
    assert colours(Path(words[-1])) > 500
    assert "tone=view" in page.locator("#form-address").input_value()
    assert '"tone":"view"' in page.locator("#form-json").input_value().replace(" ", "")
    page.keyboard.press("Escape")
    page.click("#open-downloads")
    with page.expect_download() as waiting:
        page.click("a.download[data-format=png]")
    waiting.value.save_as(tmp_path / "taken.png")
    assert colours(tmp_path / "taken.png") > 500


def test_without_a_published_page_share_offers_the_file(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit("?v=2&arch=conv(4)+*+2")
    settle(page)
    share(page)
    assert "this machine alone" in page.locator("#share-file").inner_text()
    with page.expect_download() as waiting:
        page.click("#share-file a")
    waiting.value.save_as(tmp_path / "it.html")
    assert b'id="state"' in (tmp_path / "it.html").read_bytes()


@pytest.mark.parametrize("by", ["option", "environment"])
def test_share_gives_addresses_of_the_published_page(
    look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    site = "https://example.org/net/netwarp.html"
    if by == "environment":
        monkeypatch.setitem(os.environ, "NETWARP_SITE", site)
    page = look("conv(4) * 2", *(["--site", site] if by == "option" else []))
    share(page)
    assert page.locator("#form-address").input_value().startswith(site + "?v=2&arch=conv")
    assert page.locator("#share-file").is_hidden()


@pytest.mark.parametrize("arch", ["conv(8) * 4", "conv(6, 3) * 2"])
def test_files_are_as_large_as_is_said(visit: Callable[..., Any], tmp_path: Path, arch: str) -> None:
    page = visit(f"?v=2&arch={arch.replace(' ', '+')}&seed=3")
    settle(page)
    page.click("#open-downloads")
    until(page, "[...document.querySelectorAll('.cost')].every((one) => /^(about|as large)/.test(one.textContent))", 60)
    for kind in ("json", "html", "npz", "png"):
        link = page.locator(f"a.download[data-format={kind}]")
        said = link.locator("xpath=..").locator(".cost").inner_text()
        value, unit = re.match(r"about ([\d.,]+) (bytes|kB|MB)", said).groups()  # type: ignore[union-attr]
        size = float(value.replace(",", "")) * {"bytes": 1, "kB": 1e3, "MB": 1e6}[unit]
        with page.expect_download() as waiting:
            link.click()
        waiting.value.save_as(tmp_path / kind)
        real = (tmp_path / kind).stat().st_size
        # of tiles and pixels a part stands for the whole
        most = 2 if kind == "png" or (kind == "html" and "3" in arch) else 1.1
        assert size / most - 1000 <= real <= size * most + 1000, (kind, said, real)


def test_numbers_of_four_digits_are_written_alike(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(10)+*+10")
    settle(page)
    until(page, "document.querySelectorAll('.measure .value').length > 5")
    values = page.locator("#measures").inner_text()
    assert re.search(r"(?<![\d.,])\d{4}(?![\d])", values) is None, values
