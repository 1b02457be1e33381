"""Evidence in place: a dot a seed as it comes, the interval of `netwarp compare`, arrows only where that says so."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

import netwarp as nw
from netwarp.measures.intervals import median
from netwarp.measures.measurements import number
from tests.browser.desk import settle, until
from tests.browser.test_access import faults_by_day_and_night

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
    page = anywhere("?v=2&arch=conv(10)+*+10&seed=9")
    rest(page)
    stop_at(page, '[data-measure="total_variation"]', 4)
    press(page, "total_variation")
    # who pressed the button has the one in its place
    assert page.evaluate("document.activeElement.dataset.act") in ("stop", "go-on")
    until(page, "document.querySelector('[data-measure=total_variation] [data-act=go-on]') !== null", 120)
    dots = page.locator("[data-measure=total_variation] .dot:not(.own)")
    count = dots.count()
    assert 0 < count < 16
    page.wait_for_timeout(1200)
    assert dots.count() == count
    # nothing is claimed of 16: which seeds are in, their median without an interval
    text = said(page, "total_variation")
    assert f"{count} of 16 networks, stopped: seed" in text
    assert "interval" not in text
    assert "Seeds 0 to 15" not in text
    assert re.search(r"median [\d.,]+$", text, re.MULTILINE)
    seeds = {int(one.split()[1][:-1]) for one in dots.evaluate_all("all => all.map((one) => one.title)")}
    assert listed(re.search(r"stopped: seeds? ([\d, to]+)\.", text)) == seeds
    page.locator("[data-measure=total_variation] [data-act=copy]").click()
    page.locator("#numbers[open]").wait_for()
    assert f"{count} of 16 networks, stopped" in page.locator("#numbers .lead").inner_text()
    page.locator("#numbers header button").click()
    # and on to 16, from where it stood
    assert page.locator("[data-measure=total_variation] [data-act=go-on]").inner_text() == "Go on to 16 seeds"
    press(page, "total_variation", "go-on")
    assert dots.count() >= count
    until(page, "document.querySelector('[data-measure=total_variation] [data-act=over-64]') !== null", 120)
    titles = dots.evaluate_all("all => all.map((one) => one.title)")
    values = nw.ensemble("conv(10) * 10", "total_variation", seeds=16, raster=FRAME).values("total_variation")
    assert titles == [f"seed {seed}: {spelled(value)}" for seed, value in enumerate(values)]
    assert "Seeds 0 to 15: the median with its 95% interval." in said(page, "total_variation")


def stop_at(page: Any, where: str, count: int) -> None:
    """Presses Stop once so many networks are there: in the page itself, where nothing is too fast."""
    page.evaluate(
        """([where, count]) => {
      const watch = new MutationObserver(() => {
        const host = document.querySelector(where);
        const [, done] = /(\\d+) of \\d+ networks/.exec(host.textContent) ?? [];
        const stop = host.querySelector("[data-act=stop]");
        if (!(Number(done) >= count) || stop === null) return;
        watch.disconnect();
        stop.click();
      });
      watch.observe(document.body, { childList: true, subtree: true });
    }""",
        [where, count],
    )


def listed(found: re.Match[str] | None) -> set[int]:
    """The whole numbers of "0 to 3, 5"."""
    assert found is not None
    ends = [[int(end) for end in part.split(" to ")] for part in found[1].split(", ")]
    return {one for part in ends for one in range(part[0], part[-1] + 1)}


def test_what_is_stopped_at_once_says_nothing_of_16_seeds(anywhere: Callable[..., Any]) -> None:
    page = anywhere(ONE)
    rest(page)
    page.evaluate("""() => {
      const act = (name) => document.querySelector(`[data-measure=total_variation] [data-act=${name}]`).click();
      act("over-16");
      act("stop");
    }""")
    text = said(page, "total_variation")
    assert "0 of 16 networks, stopped." in text
    assert "Seeds 0 to 15" not in text
    assert page.locator("[data-measure=total_variation] [data-act=copy]").count() == 0
    press(page, "total_variation", "go-on")
    ended(page, "total_variation")
    assert page.locator("[data-measure=total_variation] .dot:not(.own)").count() == 16


def test_a_comparison_that_is_stopped_has_no_arrows(anywhere: Callable[..., Any]) -> None:
    page = anywhere(TWO)
    rest(page)
    line = page.locator("#evidence")
    assert "Rings" not in line.inner_text()
    # six measures of a network are no six networks
    stop_at(page, "#evidence", 14)
    line.locator("button").click()
    until(page, "document.querySelector('#evidence [data-act=go-on]') !== null", 120)
    text = line.inner_text()
    assert re.search(r"\b\d+ of 32 networks, stopped: all have seeds? 0", text)
    assert "in pairs" not in text
    assert "interval" not in page.locator("#measures").inner_text()
    assert not re.search("[▲▼]", page.locator("body").inner_text())
    assert line.locator("[data-act=go-on]").inner_text() == "Go on to 16 seeds"
    line.locator("[data-act=go-on]").click()
    until(page, "document.getElementById('evidence').innerText.includes('in pairs')", 120)
    assert re.search("[▲▼]", page.locator(LINES).first.inner_text())
    assert "Rings" not in line.inner_text()
    assert "Rings" in said(page, "total_variation")


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
    for n, (name, one) in enumerate(zip(wanted, found.contrasts[0], strict=True)):
        assert one.ratio is not None
        assert one.ratio.low is not None
        assert one.ratio.high is not None
        text = page.locator(f"{LINES}:nth-child({n + 1}) .difference").inner_text()
        blurred = any(
            taken.resolved is False for each in found.contenders for taken in each.ensemble.measurements[name]
        )
        assert text.startswith("not resolved") == blurred
        text = text.removeprefix("not resolved")
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


def test_what_is_not_resolved_says_so_beside_its_value_and_its_arrow(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(10)+*+10&seed=9&p1.arch=conv(32)&panes=2")
    rest(page)
    marked = page.evaluate(
        "[...document.querySelectorAll('#measures .measure:has(.tag) dt')].map((one) => one.textContent)"
    )
    rows = page.locator("#stage .pane:nth-child(1) .short tr")
    shown = {row.locator("th").inner_text(): row.locator(".tag").count() == 1 for row in rows.all()}
    assert shown == {name: name in marked for name in shown}
    assert any(shown.values())
    assert "half the resolution" in rows.locator(".tag").first.get_attribute("title")
    page.locator("#evidence button").click()
    until(page, "document.getElementById('evidence').innerText.includes('in pairs')", 120)
    title = page.locator(f"{LINES} .difference .tag").first.get_attribute("title")
    assert re.match(r"Of these 32 networks \d+ (is|are) not resolved", title)


def test_networks_on_other_pixels_are_not_compared_and_it_says_so(visit: Callable[..., Any]) -> None:
    page = visit(f"{ONE}&p1.arch=resnet&panes=2")
    rest(page)
    until(page, "document.querySelectorAll('#stage .pane:nth-child(2) .difference span').length > 0", 60)
    difference = page.locator(f"{LINES} .difference span").first
    assert difference.inner_text() == "other pixels"
    assert re.match(r"Measured on \d+ × \d+ pixels, A on 128 × 128", difference.get_attribute("title"))


def test_two_of_one_architecture_are_not_compared(visit: Callable[..., Any]) -> None:
    page = visit(f"{ONE}&p1.seed=4&panes=2")
    rest(page)
    page.locator("#evidence button").click()
    until(page, "document.getElementById('evidence').innerText.includes('in pairs')", 60)
    assert page.locator(f"{LINES}:first-child .difference").inner_text() == "same architecture"


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


def taken(page: Any) -> tuple[list[dict[str, str]], str]:
    """What the sheet of numbers gives: the lines of the CSV, and the Python."""
    page.locator("#numbers[open]").wait_for()
    until(page, "document.getElementById('form-numbers-csv').value !== ''")
    text, script = (page.locator(f"#form-numbers-{form}").input_value() for form in ("csv", "python"))
    page.locator("#numbers header button").click()
    return list(csv.DictReader(io.StringIO(text))), script


def printed(script: str) -> list[dict[str, str]]:
    """What a script prints, before what it says of a comparison."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return list(csv.DictReader(io.StringIO(done.stdout.split("\n\n")[0])))


def agree(lines: list[dict[str, str]], again: list[dict[str, str]], close: float) -> None:
    keys = ("measure", "architecture", "seed", "shown")
    wanted = {tuple(one[key] for key in keys): float(one["value"]) for one in lines if one["value"] != ""}
    found = {tuple(one[key] for key in keys): float(one["value"]) for one in again}
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=close, abs=1e-9), key


def place(page: Any) -> float:
    """How near the page's numbers are to the library's: the served page has these very numbers, the other one has them
    to the four digits that are shown, for it takes pixels in float64."""
    return 0.0 if page.url.startswith("http") else 1e-4


def test_the_measures_are_copied_as_a_script_that_gives_them_again(anywhere: Callable[..., Any]) -> None:
    page = anywhere("?v=2&arch=conv(6)+*+3&act=tanh&seed=rose&x=0.25&w=0.75&h=0.5")
    rest(page)
    page.locator("#copy-measures").click()
    lines, script = taken(page)
    shown = page.evaluate(
        "[...document.querySelectorAll('#measures [data-measure]')].map((one) => one.dataset.measure)"
    )
    assert [one["measure"] for one in lines] == shown
    assert {one["architecture"] for one in lines} == {'Architecture(conv(6) * 3, act="tanh")'}
    assert {(one["seed"], one["columns"], one["x"], one["width"], one["calibration"]) for one in lines} == {
        ("rose", "128", "0.25", "0.75", "600x400")
    }
    again = printed(script)
    for one in again:
        one["seed"] = "rose"  # the script has the number that the word is
    agree(lines, again, place(page))


def test_a_comparison_is_copied_with_its_intervals(anywhere: Callable[..., Any]) -> None:
    page = anywhere("?v=2&arch=conv(6)+*+3&seed=3&p1.arch=conv(18)&panes=2")
    rest(page)
    press(page, "holes")
    ended(page, "holes")
    press(page, "holes", "copy")
    lines, script = taken(page)
    assert len(lines) == 32
    assert 'nw.compare("conv(6) * 3", "conv(18)", measures=["holes"], seeds=16,' in script
    agree(lines, printed(script), place(page))


def test_axe_finds_nothing_in_evidence(visit: Callable[..., Any]) -> None:
    page = visit(TWO, bypass_csp=True)
    rest(page)
    press(page, "holes")
    ended(page, "holes")
    assert faults_by_day_and_night(page) == []
