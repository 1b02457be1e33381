"""A refused network and a server that hangs are told from a picture that is as asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.desk import apart, drawn, picture, settle, until
from tests.browser.test_refusals import Post, there

WIDE = "?v=2&arch=conv(128)+*+5"
VEIL = "!document.querySelector('.veil').hidden"
LIFTED = "document.querySelector('.veil').hidden"
FADED = (
    "getComputedStyle(document.querySelector('.measures .value')).fontStyle === 'italic'"
    " && Number(getComputedStyle(document.querySelector('.measures .track')).opacity) < 0.6"
)


def test_a_refused_network_lies_under_a_veil_and_one_that_fits_is_offered(visit: Callable[..., Any]) -> None:
    page = visit(WIDE)
    settle(page)
    page.locator(".measures").wait_for()
    assert page.locator(".veil").is_hidden()
    page.locator("#depth").fill("40")
    until(page, VEIL)
    assert "at most" in page.locator(".veil .reason p").first.inner_text()
    # the caption and the address are of the picture
    assert page.locator("figcaption code").inner_text() == "conv(128) * 5"
    assert "conv%28128%29+*+5&" in page.url
    until(page, FADED)
    offered = page.locator(".veil button").first
    text = offered.inner_text().removeprefix("Show ")
    assert text.startswith("conv(128) * ")
    assert 5 <= int(text.split("* ")[1]) < 40
    offered.click()
    until(page, LIFTED)
    settle(page)
    assert page.locator("#arch").input_value() == page.locator("figcaption code").inner_text() == text
    assert page.locator("#arch-error").inner_text() == ""


def test_the_way_back_is_the_network_that_is_seen(visit: Callable[..., Any]) -> None:
    page = visit(WIDE)
    settle(page)
    before = picture(page)
    page.fill("#arch", "conv(128) * 400")
    until(page, VEIL)
    page.locator(".veil button").last.click()
    until(page, LIFTED)
    settle(page)
    assert page.locator("#arch").input_value() == "conv(128) * 5"
    assert apart(before, picture(page)) < 0.02


def test_the_part_of_a_slider_that_is_not_taken_is_hatched(visit: Callable[..., Any]) -> None:
    page = visit(WIDE)
    settle(page)
    depth = page.locator("#depth")
    assert depth.evaluate("(one) => one.classList.contains('limited')")
    most = 1 + 49 * float(depth.evaluate("(one) => one.style.getPropertyValue('--most')"))
    assert "repeating-linear-gradient" in depth.evaluate("(one) => getComputedStyle(one).backgroundImage")
    depth.fill(str(round(most)))
    settle(page)
    assert page.locator(".veil").is_hidden()
    depth.fill(str(round(most) + 1))
    until(page, VEIL)
    small = visit("?v=2&arch=conv(4)+*+2")
    settle(small)
    assert not small.locator("#depth").evaluate("(one) => one.classList.contains('limited')")


def test_an_address_that_is_refused_shows_another_network_under_a_veil(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(128)+*+400")
    until(page, VEIL)
    settle(page)
    assert drawn(picture(page))
    assert page.locator("#arch").input_value() == "conv(128) * 400"
    assert page.locator(".veil button").first.inner_text().startswith("Show conv(128) * ")


def test_a_server_that_hangs_is_told(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(3)")
    post = Post(page, lambda *_: False)
    there(page, "?v=2&arch=conv(5)+*+2&seed=1")
    settle(page)
    assert page.locator("#waiting").is_hidden()
    post.keeps = lambda one, _: one["kind"] in ("open", "view")
    page.locator("#seed").fill("2")
    until(page, "document.getElementById('waiting').textContent.startsWith('drawing')", 3)
    until(page, FADED, 3)
    until(page, "document.getElementById('waiting').textContent.includes('5 s')", 8)
    post.release()
    settle(page)
    assert page.locator("#waiting").is_hidden()
    until(page, f"!({FADED})", 5)
