"""More like this: a picture's children around it, of which one takes its place, served and from one file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.network.npz import read as read_npz
from tests.browser.desk import until

pytestmark = pytest.mark.browser
QUERY = "?v=2&arch=conv(6)+*+3&seed=4"
STANDS = "document.querySelectorAll('#children .card').length === 9"
DONE = f"{STANDS} && document.querySelector('#children [role=status]').textContent === ''"


def bred(page: Any) -> str:
    """What the address says of the family."""
    return parse_qs(urlsplit(page.url).query).get("bred", [""])[0]


def others(page: Any, act: Callable[[], object]) -> None:
    """Does what brings other children, and waits for them."""
    first = "document.querySelector('#children img').src"
    before = page.evaluate(first)
    act()
    until(page, f"{first} !== {before!r} && {DONE}")


def choose(page: Any, card: int) -> str:
    """Chooses a card, waits for its own children, and gives its family."""
    before = bred(page)
    page.locator("#children .card").nth(card).click()
    until(page, f"new URLSearchParams(location.search).get('bred') !== {before!r}")
    until(page, f"document.activeElement.textContent === 'this picture' && {DONE}")
    return bred(page)


def test_again_and_again(anywhere: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = anywhere(QUERY)
    page.keyboard.press("m")
    until(page, DONE)
    titles = page.evaluate("[...document.querySelectorAll('#children .card')].map((one) => one.textContent)")
    assert titles == [*(f"child {n}" for n in range(1, 5)), "this picture", *(f"child {n}" for n in range(5, 9))]
    pictures = page.evaluate("[...document.querySelectorAll('#children img')].map((one) => one.src)")
    assert len(set(pictures)) == 9
    first = choose(page, 2)
    assert re.fullmatch(r"4 0_\d{1,6}", first)
    # what was chosen is in the middle, with its very picture
    middle = page.evaluate("document.querySelectorAll('#children img')[4].src")
    assert middle == pictures[2]
    others(page, lambda: page.select_option("#children-strength", "0.5"))
    second = choose(page, 7)
    assert re.fullmatch(re.escape(first) + r" 1_\d{1,6}_0.5", second)
    # the middle closes it
    page.locator("#children .card").nth(4).click()
    until(page, "!document.getElementById('children').open")
    page.evaluate("netwarp.ready")
    assert page.input_value("#seed") == ""
    assert "relu, bred" in page.inner_text(".pane figcaption")
    # its command line draws it
    page.keyboard.press("s")
    until(page, "[...document.querySelectorAll('#share textarea')].some((one) => one.value.startsWith('netwarp'))")
    texts = page.evaluate("[...document.querySelectorAll('#share textarea, #share input')].map((one) => one.value)")
    line = next(one for one in texts if one.startswith("netwarp draw"))
    assert f"--bred '{second}'" in line
    assert status_of([*shlex.split(line)[1:-1], "line.png"]) == 0
    network = nw.Network.bred(nw.parse("conv(6) * 3"), second)
    assert nw.Recipe.read("line.png").made == network.source
    page.keyboard.press("Escape")
    # back to the child before, and a seed leaves the family
    page.go_back()
    until(page, f"new URLSearchParams(location.search).get('bred') === {first!r}")
    page.click("[title='next seed'], [aria-label='next seed']")
    until(page, "!location.search.includes('bred=') && location.search.includes('seed=5')")


def test_what_is_taken_away_says_the_family(anywhere: Callable[..., Any], tmp_path: Path) -> None:
    page = anywhere(QUERY + "&bred=4+7+0*1_3+2_5_0.5")
    network = nw.Network.bred(nw.parse("conv(6) * 3"), "4 7 0*1_3 2_5_0.5")
    page.click("#open-downloads")
    files = {}
    for kind in ("png", "npz"):
        until(page, f"document.querySelector('.download[data-format={kind}]').hasAttribute('href')")
        with page.expect_download() as caught:
            page.click(f".download[data-format={kind}]")
        files[kind] = tmp_path / caught.value.suggested_filename
        caught.value.save_as(files[kind])
    digest = network.source.digest[:6]  # type: ignore[union-attr]
    assert [one.name for one in files.values()] == [f"conv6x3-{digest}.png", f"conv6x3-{digest}.npz"]
    assert nw.Recipe.read(files["png"]).made == network.source
    loaded = nw.Network.load(files["npz"])
    assert loaded.source == network.source
    assert all(np.array_equal(loaded.parameters[key], value) for key, value in network.parameters.items())
    assert "made" in read_npz(files["npz"])
    again = nw.draw(files["png"]).picture.pixels.astype(int)
    with Image.open(files["png"]) as image:
        apart = np.abs(np.asarray(image.convert("RGB")).astype(int) - again)
    assert np.quantile(apart, 0.999) <= 1
    # and dropped on the page, it is the picture again
    page.keyboard.press("Escape")
    page.evaluate("history.pushState(null, '', location.pathname)")
    page.keyboard.press("s")
    page.set_input_files("#file", str(files["png"]))
    until(page, "new URLSearchParams(location.search).get('bred') === '4 7 0*1_3 2_5_0.5'")


def test_crosses_with_the_picture_beside_it(anywhere: Callable[..., Any]) -> None:
    page = anywhere(QUERY + "&p1.seed=7&p2.arch=conv(5)&panes=3")
    page.click("#open-children")
    until(page, DONE)
    assert page.evaluate("[...document.querySelectorAll('#children-other option')].map((one) => one.textContent)") == [
        "this picture",
        "this picture and B",
    ]
    others(page, lambda: page.select_option("#children-other", "1"))
    assert page.input_value("#children-strength") == "0"
    child = choose(page, 0)
    assert re.fullmatch(r"4 7 0\*1_\d{1,6}", child)
    assert "p1.bred=&" in page.url, "the picture beside it is what it was"
    others(page, lambda: page.select_option("#children-strength", "0.05"))
    assert re.fullmatch(re.escape(child) + r" 2\*1_\d{1,6}_0.05", choose(page, 8))


def test_a_wrong_family_is_said_and_given_weights_have_no_children(anywhere: Callable[..., Any]) -> None:
    page = anywhere(QUERY + "&bred=4+3_7")
    assert "step 1" in page.inner_text("body")
    page = anywhere(QUERY)
    assert page.is_visible("#open-children")


def test_by_keys_in_a_narrow_window(anywhere: Callable[..., Any]) -> None:
    page = anywhere(QUERY, viewport={"width": 360, "height": 700})
    assert not page.is_visible("#open-children"), "the bar has no room for it"
    page.focus("#zooming .alike")
    page.keyboard.press("Enter")
    until(page, DONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = "document.getElementById('children').scrollWidth <= document.getElementById('children').clientWidth"
    assert page.evaluate(box)
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "child 2":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "location.search.includes('bred=')")
    until(page, f"document.activeElement.textContent === 'this picture' && {DONE}")
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('children').open")
