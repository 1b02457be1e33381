"""What plays: every number of the panel, the autopilot, the full screen; on the served page and on the one without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import numpy as np

from tests.browser.desk import FOUNDING, picture, until

SMALL = "?v=2&arch=conv(6)+*+3&seed=9"
DRAWN = "Number(document.body.dataset.drawn)"


def state(page: Any) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(page.evaluate("location.search")[1:]).items()}


def begin(either: Callable[[str], Any], query: str) -> Any:
    page = either(query)
    page.evaluate("netwarp.ready")
    return page


def play(page: Any, name: str) -> None:
    page.evaluate(f"document.querySelector('[data-plays={name}]').click()")


def playing(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-plays][aria-pressed=true]')].map((one) => one.dataset.plays)"
    )
    return found


def test_a_number_plays_and_space_leaves_it_there(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    before = page.evaluate(DRAWN)
    play(page, "depth")
    assert playing(page) == ["depth"]
    until(page, f"{DRAWN} > {before} + 3")
    play(page, "scale")
    assert playing(page) == ["scale"], "one thing at a time"
    until(page, f"{DRAWN} > {before} + 6")
    page.keyboard.press(" ")
    assert playing(page) == []
    page.evaluate("netwarp.ready")
    assert page.locator(".badge.preview").is_hidden()
    found = state(page)
    page.wait_for_timeout(500)
    assert state(page) == found, "a value that is paused stays"
    assert int(found["arch"].split("*")[1]) > 3
    assert "scale=3," not in found["norm"]
    # space goes on
    page.locator(".view").first.focus()
    page.keyboard.press(" ")
    assert playing(page) == ["scale"]
    page.mouse.click(300, 300)
    assert playing(page) == [], "any other gesture pauses"


def test_what_is_paused_is_the_very_picture_of_its_address(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    play(page, "seed")
    until(page, "new URLSearchParams(location.search).get('bred') !== null")
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    until(page, "new URLSearchParams(location.search).get('bred')?.startsWith('9 10 0-1_0.')")
    assert page.locator("#seed").get_attribute("placeholder") == "9 \u2192 10"
    page.wait_for_timeout(400)
    paused = picture(page)
    page.reload()
    page.evaluate("netwarp.ready")
    page.wait_for_timeout(400)
    assert np.abs(picture(page) - paused).max() <= 3 / 255


def test_the_autopilot_zooms_on_and_stops_where_nothing_is(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    page.locator(".view").first.focus()
    page.keyboard.press("z")
    assert playing(page) == ["autopilot"]
    until(page, "Number(new URLSearchParams(location.search).get('w') ?? 1.5) < 1")
    page.keyboard.press("z")
    assert playing(page) == []
    # one plane without an edge
    page.goto(page.url.split("?")[0] + "?v=2&arch=conv(1)&act=linear&norm=none&out=1&colour=gray")
    page.evaluate("netwarp.ready")
    page.locator(".view").first.focus()
    page.keyboard.press("z")
    until(page, "document.getElementById('moved').textContent.startsWith('Nothing more is to be seen')", 60)
    assert playing(page) == []


def test_the_picture_alone(either: Callable[[str], Any]) -> None:
    page = begin(either, SMALL)
    page.locator(".view").first.focus()
    page.keyboard.press("f")
    assert page.locator(".panel").is_hidden()
    box = page.locator(".view").first.bounding_box()
    size = page.evaluate("[innerWidth, innerHeight]")
    assert box["width"] * box["height"] > 0.8 * size[0] * size[1]
    page.keyboard.press("z")
    assert playing(page) == ["autopilot"]
    until(page, "document.body.classList.contains('faded')", 10)
    page.keyboard.press("Escape")
    assert page.locator(".panel").is_visible()


def test_little_motion_is_steps_one_by_one(chromium: Any, server: tuple[str, int]) -> None:
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 1000, "height": 700})
    page = context.new_page()
    page.goto(server[0] + SMALL)
    page.evaluate("netwarp.ready")
    play(page, "depth")
    page.wait_for_timeout(3300)
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    assert page.evaluate("new URLSearchParams(location.search).get('arch')") in (
        "conv(6) * 5",
        "conv(6) * 6",
        "conv(6) * 7",
    )
    context.close()


def test_the_latent_inputs_walk(either: Callable[[str], Any]) -> None:
    page = begin(either, "?v=2&arch=conv(8)+*+2&act=tanh&norm=none&inputs=x+y+z(3)&seed=4")
    play(page, "latent")
    until(page, "new URLSearchParams(location.search).get('bred')?.startsWith('4 4 5 0z1-2_0.')")
    page.keyboard.press(" ")
    page.evaluate("netwarp.ready")
    page.goto(page.url.split("?")[0] + FOUNDING)
    page.evaluate("netwarp.ready")
    play(page, "latent")
    assert "no latent inputs" in page.locator("#moved").text_content()
