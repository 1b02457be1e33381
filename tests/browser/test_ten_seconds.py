"""A first visit: the picture, its answer, depth, width, activation and seed in one screen; the layers as a diagram."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import netwarp as nw
from tests.browser.desk import FOUNDING, settle, unfold, until

Anywhere = Callable[..., Any]
ANSWER = "document.querySelector('.answer .said').textContent"
SAID = f"!document.querySelector('.answer.counting') && {ANSWER} !== ''"
FIRST = (".pane .view", ".answer", "#depth", "#width", "#act", "#seed")


def outside(page: Any, names: tuple[str, ...]) -> list[str]:
    """Those of the elements that are not whole within the window."""
    size = page.viewport_size
    found = []
    for name in names:
        box = page.locator(name).first.bounding_box()
        within = (
            box is not None
            and box["x"] >= 0
            and box["y"] >= 0
            and box["x"] + box["width"] <= size["width"] + 0.5
            and box["y"] + box["height"] <= size["height"] + 0.5
        )
        if not within:
            found.append(f"{name} {box}")
    return found


def pieces(text: str, seed: int = 7, act: str = "relu") -> int:
    """The exact cells in the frame of a page's first view."""
    field = nw.Network.draw(nw.parse(text, act=act), seed).calibrate()
    return len(field.tessellate(nw.Plane(0, 0, 1.5, 1)))


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1920, 1080)])
def test_all_that_a_first_visit_needs_is_in_one_screen(anywhere: Anywhere, size: tuple[int, int]) -> None:
    page = anywhere(FOUNDING, viewport={"width": size[0], "height": size[1]})
    until(page, SAID)
    assert outside(page, FIRST) == []
    # the picture has most of it
    box = page.locator(".pane .view").bounding_box()
    assert box["width"] * box["height"] > 0.5 * size[0] * size[1]


def test_on_a_phone_the_picture_and_its_answer_are_in_the_first_screen(anywhere: Anywhere) -> None:
    page = anywhere(FOUNDING, viewport={"width": 360, "height": 740})
    until(page, SAID)
    assert outside(page, FIRST[:2]) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_answer_counts_exactly_and_stands_beside_one_layer(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+4&seed=7")
    own, flat = pieces("conv(10) * 4"), pieces("conv(40)")
    until(page, f"{ANSWER}.includes('one layer')")
    said = page.locator(".answer .said").inner_text()
    assert said.startswith(f"This seed cuts the frame into {own:,} regions, each flat")
    assert said.endswith(f"one layer of 40 ({flat:,})")
    (times,) = re.findall(r"([\d.]+) times as many", said)
    assert float(times) == pytest.approx(own / flat, abs=0.05)
    title = page.locator(".answer").get_attribute("title")
    assert "conv(40)" in title
    assert "seed 7" in title
    # of the next seed it says nothing before it is known
    page.press(".view", "n")
    until(page, "location.search.includes('seed=8')")
    until(page, f"{SAID} && {ANSWER}.includes('one layer')")
    said = page.locator(".answer .said").inner_text()
    assert said.startswith(f"This seed cuts the frame into {pieces('conv(10) * 4', 8):,} regions, each flat")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("arch=conv(9)", r"This seed cuts the frame into [\d,]+ regions, each flat"),
        (
            "arch=conv(6)+*+2&act=tanh",
            r"This seed goes up and down 1\.7 times as much as a plain ramp; one layer of 12 only 1\.4 times",
        ),
        ("arch=conv(4,3)+*+2", r"This seed goes up and down (twice|[\d.]+ times) as much as a plain ramp"),
        ("arch=conv(3)&w=3e-5&h=2e-5&x=.2&y=.1", r"Flat: all of the frame is one region"),
        ("arch=conv(6)+*+2&show=layer:1:channel:0", r"This seed cuts the output into [\d,]+ regions, each flat: .*"),
        ("arch=conv(6)+*+2&p1.arch=conv(12)&panes=2", r"[\d,]+ regions, each flat"),
    ],
)
def test_the_answer_is_of_what_is_there(anywhere: Anywhere, query: str, said: str) -> None:
    page = anywhere(f"?v=2&seed=7&{query}")
    until(page, SAID)
    until(page, f"new RegExp({f'^{said}$'!r}).test({ANSWER})")


def test_of_an_output_that_is_the_same_everywhere_no_regions_are_told(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(2)+*+10&seed=0")
    until(page, f"{ANSWER} === 'One colour: the output is the same everywhere in view'")
    assert page.get_by_role("button", name="Over 16 seeds?").count() == 0


def test_a_count_that_ends_says_so(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(10)+*+40&seed=7")
    settle(page)
    until(page, f"{ANSWER}.startsWith('This seed cuts the frame into more than 200,000 regions, each flat')")


def test_a_count_that_ends_stands_beside_one_layer(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+20&seed=9")
    said = r"into more than [\d,]+ regions, each flat: more than [\d.]+ times as many as one layer of 200 \(16,111\)$"
    until(page, f"new RegExp({said!r}).test({ANSWER})", 90)


def test_the_line_leads_to_its_measure_over_seeds(anywhere: Callable[..., Any]) -> None:
    page = anywhere("?v=2&arch=conv(6)+*+2&seed=7", viewport={"width": 1366, "height": 768})
    settle(page)
    until(page, SAID)
    page.get_by_role("button", name="Over 16 seeds?").click()
    until(page, "document.querySelector('[data-measure=regions] .dots-said')?.textContent.includes('median')")
    assert outside(page, ("[data-measure=regions] .evidence",)) == []
    # a lesson that takes evidence away takes the way to it
    page = anywhere("?v=2&arch=conv(6)+*+2&seed=7&hide=evidence")
    settle(page)
    until(page, SAID)
    assert page.get_by_role("button", name="Over 16 seeds?").count() == 0


def test_the_diagram_has_a_column_a_layer_and_shows_what_is_pressed(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=7")
    page.locator("#strip .thumb canvas").nth(14).wait_for()
    assert page.locator("#strip .layer").count() == 4
    page.locator('#strip [data-show="layer:2:channel:3"]').click()
    until(page, "location.search.includes('show=layer%3A2%3Achannel%3A3')")
    assert page.locator(".told").inner_text() == "layer 2, unit 4 of 5, conv(5)"
    page.locator("#strip .layer-name").nth(2).click()
    until(page, "location.search.includes('show=layer%3A3%3Achannel%3A0')")
    page.locator("#strip [data-show=output]").click()
    until(page, "!location.search.includes('show=')")


def test_where_more_columns_follow_the_diagram_says_so(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+20&seed=7", viewport={"width": 1366, "height": 768})
    mark = "getComputedStyle(document.querySelector('#strip .last'), '::before').content"
    until(page, f"{mark}.includes('\u203a')")
    page.evaluate("() => { document.getElementById('strip').scrollLeft = 1e4; }")
    until(page, f"{mark} === 'none'")


def test_the_edges_of_the_diagram_are_depth_and_width(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(5)+*+3&seed=7")
    page.locator("#depth").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelectorAll('#strip .layer').length === 5")
    assert page.locator("#arch").input_value() == "conv(5) * 4"
    page.locator("#width").focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelectorAll('#strip .thumb').length === 25")
    assert page.locator("#arch").input_value() == "conv(6) * 4"
    spoken = [page.locator(name).get_attribute("aria-valuetext") for name in ("#depth", "#width")]
    assert spoken == ["4 one behind the other", "6 side by side"]
    # the one beside the columns is as long as they are, and lies along them
    box, columns = page.locator("#width").bounding_box(), page.locator("#strip").bounding_box()
    assert box["height"] > 2 * box["width"]
    assert box["x"] < columns["x"]
    assert box["y"] + box["height"] <= columns["y"] + columns["height"] + 1


def test_what_is_folded_stays_as_it_was_left(anywhere: Anywhere) -> None:
    page = anywhere(FOUNDING)
    assert page.locator("details.fold[open]").count() == 0
    assert page.locator("#tone").is_hidden()
    page.click("[data-fold=look] > summary")
    assert page.locator("#tone").is_visible()
    page.reload()
    page.evaluate("netwarp.ready")
    assert page.locator("#tone").is_visible()
    assert page.locator("#norm").is_hidden()
    unfold(page)
    assert page.locator("#norm").is_visible()


def test_what_is_folded_is_kept_by_who_leaves_at_once(anywhere: Anywhere) -> None:
    page = anywhere(FOUNDING)
    # a fold tells of itself a task after it opens, and a page may be left before
    kept = page.evaluate(
        """() => {
          document.querySelector("[data-fold=look]").open = true;
          window.dispatchEvent(new PageTransitionEvent("pagehide"));
          return sessionStorage.getItem("netwarp.folds");
        }"""
    )
    assert kept == "look"


def test_a_lesson_opens_what_it_locks(anywhere: Anywhere) -> None:
    page = anywhere(FOUNDING + "&lock=scale")
    assert page.locator("#scale").is_visible()
    assert page.locator("#tone").is_hidden()


def test_a_lesson_opens_what_it_speaks_of(anywhere: Anywhere) -> None:
    page = anywhere(FOUNDING)
    page.click("#open-lessons")
    page.get_by_role("button", name="Scale and shift").click()
    for _ in range(3):
        page.get_by_role("button", name="Next", exact=True).click()
    until(page, "document.querySelector('[data-fold=between]').open")
