"""Evidence in place: a dot a seed as it comes, the interval of `netwarp compare`, arrows only where that says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import netwarp as nw
from netwarp.measures.intervals import median
from netwarp.measures.measurements import number
from tests.browser.desk import settle, until

ONE = "?v=2&arch=conv(8)+*+4&seed=3"
TWO = f"{ONE}&p1.arch=conv(32)&panes=2"
FRAME = nw.Raster(128, 128, nw.Plane(0, 0, 1.5, 1))
LINES = "#stage .pane:nth-child(2) .short tr"


def rest(page: Any) -> None:
    settle(page)
    until(page, "document.querySelectorAll('#measures .awaited').length === 0")


def press(page: Any, name: str, act: str = "over-16") -> None:
    page.locator(f'[data-measure="{name}"] [data-act="{act}"]').click()


def ended(page: Any, name: str) -> None:
    until(
        page,
        f"""document.querySelector('[data-measure="{name}"] .dots-said') !== null
      && document.querySelector('[data-measure="{name}"] [data-act=stop]') === null""",
    )


def said(page: Any, name: str) -> str:
    found: str = page.locator(f'[data-measure="{name}"] .evidence').inner_text()
    return found


def spelled(value: float) -> str:
    return f"{value:.4g}" if value < 1000 else number(value)


def test_a_measure_over_16_seeds_is_that_of_the_library(anywhere: Callable[..., Any]) -> None:
    page = anywhere(ONE)
    rest(page)
    press(page, "total_variation")
    ended(page, "total_variation")
    assert page.locator('[data-measure="total_variation"] .dot:not(.own)').count() == 16
    assert page.locator('[data-measure="total_variation"] .dot.own').count() == 1
    values = nw.ensemble("conv(8) * 4", "total_variation", seeds=16, raster=FRAME).values("total_variation")
    found = median(values)
    assert found.low is not None
    assert found.high is not None
    text = said(page, "total_variation")
    assert f"median {spelled(found.value)}, {spelled(found.low)} to {spelled(found.high)}" in text
    titles = page.locator('[data-measure="total_variation"] .dot:not(.own)').evaluate_all(
        "all => all.map((one) => one.title)"
    )
    assert titles == [f"seed {seed}: {spelled(value)}" for seed, value in enumerate(values)]
    # 64 go on from there
    press(page, "total_variation", "over-64")
    ended(page, "total_variation")
    assert page.locator('[data-measure="total_variation"] .dot:not(.own)').count() == 64
    assert "Seeds 0 to 63" in said(page, "total_variation")


def test_another_seed_keeps_the_evidence_and_another_network_forgets_it(anywhere: Callable[..., Any]) -> None:
    page = anywhere(ONE)
    rest(page)
    press(page, "mean_frequency")
    ended(page, "mean_frequency")
    own = "document.querySelector('[data-measure=mean_frequency] .dot.own').title"
    before = page.evaluate(own)
    page.locator("body").press("n")
    until(page, "location.search.includes('seed=4')")
    rest(page)
    until(page, f"{own} !== {before!r}")
    assert page.locator("[data-measure=mean_frequency] .dot:not(.own)").count() == 16
    page.select_option("#act", "tanh")
    until(page, "location.search.includes('tanh')")
    rest(page)
    assert page.locator(".dot").count() == 0
    assert page.locator('[data-measure="mean_frequency"] [data-act="over-16"]').count() == 1


def test_it_can_be_stopped_and_keeps_what_has_come(anywhere: Callable[..., Any]) -> None:
    page = anywhere("?v=2&arch=conv(24)+*+20&act=tanh&seed=3")
    rest(page)
    press(page, "total_variation")
    until(page, "document.querySelectorAll('[data-measure=total_variation] .dot:not(.own)').length > 0")
    # who pressed the button has the one in its place
    assert page.evaluate("document.activeElement.dataset.act") == "stop"
    press(page, "total_variation", "stop")
    ended(page, "total_variation")
    count = page.locator("[data-measure=total_variation] .dot:not(.own)").count()
    assert 0 < count < 16
    page.wait_for_timeout(1200)
    assert page.locator("[data-measure=total_variation] .dot:not(.own)").count() == count


def test_no_arrow_without_seeds_and_then_only_where_the_interval_says_so(anywhere: Callable[..., Any]) -> None:
    page = anywhere(TWO)
    rest(page)
    stage = page.locator("#stage").inner_text()
    assert not re.search("[▲▼]", stage)
    assert re.search(r"A / [\d.]+", page.locator(f"{LINES}:first-child .difference").inner_text())
    assert "says nothing of their architectures" in page.locator("#evidence").inner_text()
    names = page.evaluate(
        "[...document.querySelectorAll('#stage .pane:nth-child(2) .short th')].map((one) => one.textContent)"
    )
    page.locator("#evidence button").click()
    until(page, "document.getElementById('evidence').innerText.includes('in pairs')", 120)
    wanted = [name.lower().replace(" ", "_") for name in names]
    found = nw.compare(
        "conv(8) * 4", "conv(32)", measures=wanted, seeds=16, raster=FRAME, calibration=nw.Raster(), family=len(wanted)
    )
    for n, one in enumerate(found.contrasts[0]):
        assert one.ratio is not None
        assert one.ratio.low is not None
        assert one.ratio.high is not None
        text = page.locator(f"{LINES}:nth-child({n + 1}) .difference").inner_text()
        down = one.ratio.high < 1
        ends = sorted((1 / one.ratio.low, 1 / one.ratio.high)) if down else [one.ratio.low, one.ratio.high]
        low, high = (f"{end:.3g}" for end in ends)
        if one.ratio.low <= 1 <= one.ratio.high:
            assert text == f"no difference seen ({low} to {high} ×)"
        else:
            middle = f"{1 / one.ratio.value if down else one.ratio.value:.3g}"
            assert text == (f"▼ A / {middle} ({low} to {high})" if down else f"▲ {middle} × A ({low} to {high})")
    assert f"corrected for {len(wanted)} comparisons" in page.locator("#evidence").inner_text()
    # one that is asked for later belongs to the same family, and widens all intervals
    press(page, "holes")
    until(page, f"document.getElementById('evidence').innerText.includes('corrected for {len(wanted) + 1} ')", 60)


def test_two_of_one_architecture_are_not_compared(visit: Callable[..., Any]) -> None:
    page = visit(f"{ONE}&p1.seed=4&panes=2")
    rest(page)
    page.locator("#evidence button").click()
    until(page, "document.getElementById('evidence').innerText.includes('in pairs')", 60)
    assert page.locator(f"{LINES}:first-child .difference").inner_text() == "the same architecture as A"


def test_a_lesson_can_take_it_away(visit: Callable[..., Any]) -> None:
    page = visit(f"{TWO}&hide=evidence")
    rest(page)
    assert page.locator("#evidence").is_hidden()
    assert page.locator(".evidence").count() == 0


def test_the_picture_follows_while_it_runs(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(10)+*+10&seed=3")
    rest(page)
    press(page, "total_variation", "over-16")
    until(page, "document.querySelectorAll('[data-measure=total_variation] .dot:not(.own)').length > 0")
    page.locator("body").press("n")
    until(page, "location.search.includes('seed=4')")
    page.evaluate("netwarp.ready")
    assert page.locator("[data-measure=total_variation] [data-act=stop]").count() == 1
