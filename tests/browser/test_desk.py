"""Side by side, by keys alone, on a phone, in a lesson; many sessions; an accessibility run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.desk import FOUNDING, apart, drawn, picture, settle, until

# what can be pressed and is under 44 px; a box to tick counts with its label
SMALL = """[...document.querySelectorAll('button, select, input, textarea, summary')]
  .filter((one) => one.offsetParent !== null && !one.closest('dialog:not([open])') && !one.closest('.strip'))
  .map((one) => [one, (one.type === 'checkbox' ? one.closest('label') ?? one : one).getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
  .map(([one, box]) => `${one.id || one.ariaLabel || one.textContent} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("count", [2, 4])
def test_networks_side_by_side_zoom_together_and_their_difference_is_marked(
    visit: Callable[..., Any], count: int
) -> None:
    page = visit(FOUNDING)
    settle(page)
    page.click(f"[data-compare='{count}']")
    until(page, f"document.querySelectorAll('.pane').length === {count}")
    settle(page)
    until(page, f"document.querySelectorAll('.pane figcaption table, .pane table').length >= {count}")
    before = [picture(page, i) for i in range(count)]
    assert all(drawn(one) for one in before)
    assert apart(before[0], before[1]) > 0.05
    page.locator("#zooming button").first.click()
    settle(page)
    assert all(apart(picture(page, i), before[i]) > 0.02 for i in range(count))


def test_keys_alone_reach_and_move_everything(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    told = page.locator("#live").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.locator(".pane .view").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    before = picture(page)
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    settle(page)
    assert apart(before, picture(page)) > 0.02
    assert page.locator("#live").text_content() != told
    page.keyboard.press("?")
    page.locator("dialog#help[open]").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    until(page, "location.search.includes('seed=8')")
    settle(page)
    page.locator("#strip [data-show=output]").focus()
    for key, there in (
        ("ArrowLeft", "layer:10:channel:0"),
        ("ArrowDown", "layer:10:channel:1"),
        ("Home", "layer:1:channel:0"),
    ):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.show") == there
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id"))
    assert {"open-gallery", "open-share", "arch", "depth", "width", "act", "seed"} <= seen


def test_a_phone_has_no_sideways_scroll_and_targets_for_a_thumb(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(SMALL)
    assert small == [], " | ".join(small)
    assert drawn(picture(page))


def test_a_lesson_hides_and_locks_what_its_address_says(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING + "&hide=seed,share&lock=act&embed=1")
    settle(page)
    assert page.locator("#open-share").is_hidden()
    assert page.locator("[data-control=seed]").first.is_hidden()
    assert page.locator("[data-control=act]").evaluate("(one) => one.inert")
    assert page.evaluate("document.body.classList.contains('embed')")
    page.keyboard.press("n")
    page.wait_for_timeout(500)
    assert "seed=7" in page.url


def test_what_is_locked_stays_whatever_is_chosen(visit: Callable[..., Any]) -> None:
    page = visit("?seed=3&act=tanh&lock=seed,act,depth")
    settle(page)
    for _ in range(3):
        page.locator("#surprise").click()
        page.wait_for_timeout(900)
    page.locator("#open-neighbours").click()
    page.locator("#neighbours .card").first.wait_for()
    page.locator("#neighbours .card").nth(3).click()
    page.wait_for_timeout(900)
    said = page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    assert (said["seed"], said["act"], said["lock"]) == ("3", "tanh", "seed,act,depth")
    assert said["arch"] == "conv(10) * 10"


def test_a_lesson_that_is_pasted_is_a_lesson(visit: Callable[..., Any]) -> None:
    page = visit("?seed=3")
    settle(page)
    page.locator("#open-share").click()
    page.fill("#paste", page.url.split("?")[0] + "?seed=5&hide=act&lock=seed")
    page.locator("#share button", has_text="Show it").click()
    until(page, "/hide=act/.test(location.search) && /lock=seed/.test(location.search)")
    assert page.locator("[data-control=act]").is_hidden()
    assert page.evaluate("document.querySelector('[data-control=seed]').inert")
    page.go_back()
    until(page, "!/hide=/.test(location.search)")
    assert page.locator("[data-control=act]").is_visible()


def resident(process: int) -> float:
    """Megabytes."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize(("stays", "warm", "more"), [(False, 40, 100), (True, 12, 12)])
def test_sessions_leave_the_memory_flat(
    chromium: Any, fresh_server: tuple[str, int], stays: bool, warm: int, more: int
) -> None:
    """Those that go as soon as they see a picture, and those that stay until regions and measures are there too."""
    context = chromium.new_context()
    page = context.new_page()
    address, process = fresh_server

    def after(first: int, count: int, *, stays: bool = stays) -> float:
        for seed in range(first, first + count):
            page.goto(f"{address}?arch=conv(10)+*+10&seed={seed}")
            until(page, "Number(document.body.dataset.drawn ?? 0) > 0")
            if stays:
                until(page, "document.getElementById('live').textContent !== ''", 60)
        page.goto("about:blank")
        page.wait_for_timeout(2000)
        return resident(process)

    # what is loaded once, with the first regions and measures: a busy machine comes to it in any of the sessions
    after(1000, 2, stays=True)
    before = after(0, warm)
    assert after(warm, more) < before + 30
    context.close()
