"""Plots of a measure over a slider's number, and layer by layer: their dots, places and keys, and what is copied."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.browser.desk import until
from tests.browser.test_evidence import agree, place, printed, rest, taken


def over_depth(anywhere: Callable[..., Any]) -> Any:
    """The page with its plot over depth open."""
    page = anywhere("?v=2&arch=conv(6)+*+4&seed=3")
    rest(page)
    page.locator("#depth-name").click()
    page.locator("#plot[open]").wait_for()
    return page


def test_a_measure_over_depth_from_the_sliders_name(anywhere: Callable[..., Any]) -> None:
    page = over_depth(anywhere)
    page.select_option("#plot-measure", "mean_frequency")
    page.select_option("#plot-seeds", "4")
    until(
        page,
        "[...document.querySelectorAll('#plot .buttons button')].some((one) =>"
        " one.textContent === 'Stop' && !one.checkVisibility())",
        60,
    )
    names = page.locator("#plot .place-of").all_inner_texts()
    assert names == ["1", "2", "3", "4", "5", "8", "12", "20"]
    assert page.locator("#plot circle.seed").count() == 4 * len(names)
    assert page.locator("#plot .place-of[aria-current=true]").inner_text() == "4"
    page.locator("#plot .buttons button").last.click()
    lines, script = taken(page)
    # the seed that is shown is one of the four
    assert len(lines) == 4 * len(names)
    agree(lines, printed(script), place(page))
    # by keys: to the next place, and there
    page.locator("#plot .place-of[aria-current=true]").focus()
    page.keyboard.press("ArrowRight")
    assert re.match(r"depth 5: shown: [\d.]+, median [\d.]+", page.evaluate("document.activeElement.ariaLabel"))
    page.keyboard.press("Enter")
    until(page, "document.getElementById('arch').value === 'conv(6) * 5'")
    assert page.locator("#plot[open]").count() == 0


def test_a_plot_that_was_stopped_claims_nothing_of_what_has_not_come(anywhere: Callable[..., Any]) -> None:
    page = over_depth(anywhere)
    page.select_option("#plot-seeds", "64")
    until(page, "document.querySelectorAll('#plot circle.seed').length > 2", 60)
    page.locator("#plot").get_by_role("button", name="Stop").click()
    page.locator("#plot").get_by_role("button", name="Go on").wait_for()
    said = page.locator("#plot p.soft").inner_text()
    assert re.search(r"\d+ of 520 networks, stopped\.", said)
    assert "seeds 0 to 63" not in said
    assert "95%" not in said
    page.select_option("#plot-seeds", "0")
    page.locator("#plot").get_by_role("button", name="Stop").wait_for(state="hidden")
    assert page.locator("#plot").get_by_role("button", name="Go on").is_hidden()
    page.select_option("#plot-seeds", "16")
    until(page, "document.querySelectorAll('#plot circle.seed').length > 2", 60)
    page.locator("#plot").get_by_role("button", name="Stop").click()
    page.locator("#plot").get_by_role("button", name="Go on").click()
    until(page, "document.querySelector('#plot p.soft').textContent.includes('Dots are seeds 0 to 15')", 30)
    until(page, "document.querySelector('#plot p.soft').textContent.includes('95% for all 8 places')", 90)


def test_a_measure_layer_by_layer(anywhere: Callable[..., Any]) -> None:
    page = anywhere("?v=2&arch=conv(6)+*+3&seed=3")
    rest(page)
    page.locator("#open-layers").click()
    page.select_option("#plot-seeds", "0")
    until(page, "document.querySelectorAll('#plot circle.own-dot').length === 4", 60)
    page.locator("#plot .buttons button").last.click()
    lines, script = taken(page)
    assert [one["shown"] for one in lines] == ["layer:1", "layer:2", "layer:3", "output"]
    agree(lines, printed(script), place(page))
    page.locator("#plot .place-of").nth(1).click()
    until(page, "location.search.includes('layer%3A2')")
