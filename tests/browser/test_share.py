"""What is kept comes back: addresses, recipes, pictures, and the one file that needs no server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from netwarp.cli.main import status_of
from tests.browser.desk import FOUNDING, apart, drawn, picture, settle, until


def test_an_address_restores_the_whole_state_in_a_fresh_context(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    page.select_option("#act", "tanh")
    settle(page)
    page.locator("#zooming button").first.click()
    settle(page)
    again = visit("?" + page.url.split("?", 1)[1])
    settle(again)
    assert again.locator("#act").input_value() == "tanh"
    assert drawn(picture(again))
    assert apart(picture(page), picture(again)) < 0.02


@pytest.mark.parametrize("form", ["address", "cli", "python", "json"])
@pytest.mark.parametrize("show", ["output", "layer:2:channel:3"])
def test_each_written_form_can_be_pasted_back(either: Callable[[str], Any], form: str, show: str) -> None:
    page = either(f"?arch=conv(7)+*+3&act=sin&seed=5&x=0.1&w=0.5&h=0.5&show={show}")
    settle(page)
    page.click("#open-share")
    field = page.locator(f"#form-{form}")
    until(page, f"document.getElementById('form-{form}').value.length > 5")
    written = field.input_value()
    other = either("?arch=conv(3)")
    settle(other)
    other.click("#open-share")
    other.fill("#paste", written)
    other.locator(".form-back button").first.click()
    until(other, "document.getElementById('arch').value === 'conv(7) * 3'")
    settle(other)
    assert other.locator("#act").input_value() == "sin"
    assert "seed=5" in other.url
    assert "w=0.5" in other.url
    assert ("show" in other.url) == (show != "output")


def test_an_old_png_dropped_on_the_page_is_its_network_again(visit: Callable[..., Any], tmp_path: Path) -> None:
    target = tmp_path / "old.png"
    assert (
        status_of(["draw", "conv(9) * 4", "--act", "tanh", "--seed", "11", "--size", "60x40", "-o", str(target)]) == 0
    )
    page = visit("?arch=conv(3)")
    settle(page)
    page.click("#open-share")
    page.set_input_files("#file", str(target))
    until(page, "document.getElementById('arch').value === 'conv(9) * 4'")
    settle(page)
    assert "seed=11" in page.url
    assert page.locator("#act").input_value() == "tanh"


def test_downloads_are_what_they_say(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit("?arch=conv(8)+*+2&seed=3")
    settle(page)
    page.click("#open-downloads")
    page.select_option("#size", "0")
    until(page, "[...document.querySelectorAll('.cost')].every((one) => /^(about|as large)/.test(one.textContent))")
    found = {}
    for kind in ("png", "svg", "npz", "json", "html"):
        with page.expect_download() as waiting:
            page.click(f"a.download[data-format={kind}]")
        found[kind] = tmp_path / f"kept.{kind}"
        waiting.value.save_as(found[kind])
    assert status_of(["draw", str(found["png"]), "--size", "30x20", "-o", str(tmp_path / "again.png")]) == 0
    assert ET.parse(found["svg"]).getroot().tag.endswith("svg")
    assert sum(array.size for array in np.load(found["npz"]).values()) > 50
    assert json.loads(found["json"].read_text())["panes"][0]["arch"] == "conv(8) * 2"
    assert found["html"].stat().st_size < 400_000


@pytest.mark.parametrize("arch", ["conv(8) * 4", "conv(6, 3) * 2"])
def test_one_file_shows_and_zooms_with_the_network_cut(
    visit: Callable[..., Any], offline: Any, tmp_path: Path, arch: str
) -> None:
    page = visit(f"?arch={arch.replace(' ', '+')}&seed=3")
    settle(page)
    page.click("#open-downloads")
    with page.expect_download() as waiting:
        page.click("a.download[data-format=html]")
    target = tmp_path / "one.html"
    waiting.value.save_as(target)
    offline.goto(target.as_uri())
    offline.locator("canvas").first.wait_for()
    offline.wait_for_timeout(3000)
    box = offline.locator("canvas").first.bounding_box()
    before = picture_of(offline)
    assert drawn(before)
    offline.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    for _ in range(5):
        offline.mouse.wheel(0, -240)
        offline.wait_for_timeout(100)
    offline.wait_for_timeout(3000)
    assert drawn(picture_of(offline))
    assert apart(before, picture_of(offline)) > 0.05


def picture_of(page: Any) -> np.ndarray:
    import io

    from PIL import Image

    shot = page.locator("canvas").first.screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), float)[40:-40, 40:-40] / 255


def test_of_two_texts_pasted_the_last_is_shown(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(3)&seed=4")
    settle(page)
    held: list[Any] = []
    page.route("**/drop", lambda route: held.append(route) if not held else route.continue_())
    page.click("#open-share")
    for text in ("conv(5) * 2", "conv(6) * 2"):
        page.fill("#paste", text)
        page.locator(".form-back button").first.click()
    until(page, "document.getElementById('arch').value === 'conv(6) * 2'")
    held[0].continue_()
    page.wait_for_timeout(1500)
    assert page.locator("#arch").input_value() == "conv(6) * 2"
