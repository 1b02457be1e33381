"""What a reader expects of any page, on both of them, with a server and without one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.browser.desk import until

Anywhere = Callable[..., Any]
FOCUS = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"


def test_the_title_is_the_networks(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=4")
    assert page.title() == "conv(5) * 3, seed 4 \u2013 netwarp"
    page.keyboard.press("n")
    until(page, "document.title.includes('seed 5')")
    page.click("[data-compare='2']")
    until(page, "document.title === 'conv(5) * 3, seed 5 | conv(15), seed 5 \u2013 netwarp'")
    page.go_back()
    until(page, "document.title === 'conv(5) * 3, seed 5 \u2013 netwarp'")


def test_the_focus_returns_to_where_it_was(anywhere: Anywhere) -> None:
    page = anywhere()
    page.locator("#gallery .card").first.wait_for()
    page.keyboard.press("Escape")
    until(page, f"({FOCUS}) === 'view'")  # it opened by itself, and nothing had the focus
    for button, dialog in (("open-gallery", "gallery"), ("open-share", "share"), ("open-help", "help")):
        page.focus(f"#{button}")
        page.keyboard.press("Enter")
        page.locator(f"#{dialog}[open]").wait_for()
        page.keyboard.press("Escape")
        until(page, f"({FOCUS}) === '{button}'")
    page.focus(".view")
    page.keyboard.press("g")
    page.locator("#gallery .card").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # two pictures, where there was one
    until(page, "document.querySelectorAll('.pane').length === 2")
    until(page, f"({FOCUS}) === 'view'")


def test_what_is_shared_is_what_is_seen(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+3&seed=7&x=0.1&y=0.1&w=0.0001&h=0.0001")
    until(page, "!document.getElementById('contrast').hidden")
    page.click("#open-share")
    until(page, "document.getElementById('form-address').value.length > 5")
    said = parse_qs(urlsplit(page.locator("#form-address").input_value()).query)
    assert (said["tone"], said["w"]) == (["view"], ["0.0001"])
    assert re.search(r'"tone":\s*"view"', page.locator("#form-json").input_value())


def test_numbers_are_written_one_way(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(64)+*+3&seed=7")
    until(page, "document.querySelectorAll('#measures .value b').length >= 4")
    text = page.locator("figcaption").inner_text() + page.locator("#measures").inner_text()
    assert re.search(r"\d,\d{3}", text)  # grouped where there are four digits
    assert re.findall(r"(?<![\d.,])\d{4,}(?![\d.])", text) == []


def test_the_way_of_y_is_said_and_can_be_turned(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=4")
    way = page.locator("#way")
    assert way.inner_text() == "y grows downwards"
    way.click()
    until(page, "document.getElementById('way').textContent === 'y grows upwards'")
    assert "grows=up" in page.url
    assert page.locator("#strip.upwards").count() == 1


def test_a_colour_bar_has_numbers(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&act=tanh&seed=4&out=1&colour=viridis")
    ends = page.locator(".key .ends span")
    low, high = (float(one.replace("\u2212", "-")) for one in ends.all_inner_texts())
    assert low < high
    # so near that the whole range is one colour; and nearer than float64 sees, where differences are told
    for width, signed in (("1e-3", False), ("1e-18", True)):
        near = anywhere(f"?v=2&arch=conv(5)+*+3&act=tanh&seed=4&out=1&colour=viridis&x=0.1&y=0.1&w={width}&h={width}")
        until(near, "!document.getElementById('contrast').hidden")
        texts = near.locator(".key .ends span").all_inner_texts()
        one, other = (float(text.replace("\u2212", "-")) for text in texts)
        assert one < other
        assert other - one < 100 * float(width)
        assert near.locator(".key .soft").count() == signed


def test_measures_stand_apart_from_what_is_above_them(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3")
    gap = page.evaluate(
        """(() => {
          const section = document.querySelector("[data-control=measures]");
          const heading = section.querySelector("h2").getBoundingClientRect().top;
          return heading - section.previousElementSibling.getBoundingClientRect().bottom;
        })()"""
    )
    assert gap >= 10


@pytest.mark.parametrize(
    ("bad", "named"), [("act=foo", "foo"), ("seed=1.5", "seed=1.5"), ("norm=none(", "norm"), ("depth=x", "depth=x")]
)
def test_one_bad_key_loses_that_key_alone(anywhere: Anywhere, bad: str, named: str) -> None:
    page = anywhere(f"?v=2&arch=conv(7)+*+2&out_act=sigmoid&{bad}")
    said = page.locator("#said").inner_text()
    assert "Left out of the address" in said
    assert named in said
    assert page.locator("#arch").input_value() == "conv(7) * 2"
    assert page.locator("#out_act").input_value() == "sigmoid"


def test_pictures_of_the_gallery_are_not_enlarged(anywhere: Anywhere) -> None:
    page = anywhere()
    page.locator("#gallery .card").first.wait_for()
    enlarged = "all => Math.max(...all.map((one) => one.clientWidth / one.naturalWidth))"
    assert 0 < page.eval_on_selector_all("#gallery img", enlarged) <= 1


@pytest.mark.parametrize("held", [30, 250])
def test_a_file_of_a_size_that_was_just_typed(anywhere: Anywhere, held: int, tmp_path: Path) -> None:
    """The press that ends the typing is on the file: nothing moves under it, and the file is of the new size."""
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=4")
    page.click("#open-downloads")
    page.select_option("#size", "own")
    page.wait_for_timeout(800)
    for side, value in (("columns", "300"), ("rows", "200")):
        page.click(f"#{side}")
        page.keyboard.press("Control+A")
        page.keyboard.type(value)
    box = page.locator(".download[data-format=png]").bounding_box()
    with page.expect_download() as found:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.wait_for_timeout(held)
        page.mouse.up()
    found.value.save_as(tmp_path / "it.png")
    with Image.open(tmp_path / "it.png") as picture:
        assert picture.size == (300, 200)
    assert page.locator("#downloads").is_visible()


def test_a_press_that_began_in_a_sheet_does_not_close_it(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=4")
    page.click("#open-downloads")
    page.hover("#downloads h2")
    page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    assert page.locator("#downloads").is_visible()
    page.mouse.click(5, 5)
    until(page, "!document.getElementById('downloads').open")
