"""Measures on the page: shown as they come, beside what a ramp and white noise have, and none left out."""

import json
import re
from collections.abc import Callable
from math import log
from typing import Any

import pytest

from netwarp.measures.registry import beside
from tests.browser.desk import FOUNDING, settle, until


def test_a_line_goes_from_the_ramp_to_the_noise_and_what_is_beyond_is_an_arrow(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    page.locator("#arch").fill("conv(4) * 30")
    page.locator("#arch").press("Enter")
    until(page, "location.search.includes('30')")
    settle(page)
    seen = set()
    for row in page.locator("#measures .measure:has(.bar)").all():
        said = row.locator(".bar").get_attribute("aria-label").replace(",", "")
        found = re.findall(
            r"^([\d.]+)( beyond [a-z ]+)?; a plain ramp has ([\d.]+) white noise ([\d.]+)(; in ratios)?$", said
        )
        ((text, where, first, last, ratios),) = found
        value, ramp, noise = float(text), float(first), float(last)
        share = (value - ramp) / (noise - ramp)
        if ratios:
            share = log(value / ramp) / log(noise / ramp) if value > 0 else -1
        mark = row.locator(".mark")
        at = float(mark.evaluate("(one) => parseFloat(one.style.getPropertyValue('--at'))"))
        assert at == pytest.approx(100 * min(1, max(0, share)), abs=1)
        beyond = "noise" if share > 1 else "ramp" if share < 0 else ""
        assert mark.get_attribute("class") == f"mark beyond {beyond}".strip() if beyond else "mark"
        assert where == {"noise": " beyond white noise", "ramp": " beyond a plain ramp", "": ""}[beyond]
        assert [one[:4] for one in row.locator(".references > span").all_inner_texts()] == ["ramp", "nois"]
        seen.add(beyond)
    assert {"", "noise"} <= seen
    assert "ceiling" not in page.locator("#measures").inner_html().lower()


def test_a_picture_that_rounding_makes_says_so(visit: Callable[..., Any]) -> None:
    page = visit("?arch=conv(5)*100&act=sin")
    page.wait_for_selector(".rounding")
    assert "rounding: off by about" in page.locator(".rounding").inner_text()
    page = visit("?arch=conv(5)*3")
    page.wait_for_selector(".measure")
    assert page.locator(".rounding").count() == 0


def test_a_fresh_server_leaves_no_measure_out(look: Callable[..., Any]) -> None:
    page = look("conv(10) * 10", "--seed", "9")
    rows = page.locator("#measures .measure")
    assert rows.count() == len(beside())
    assert page.locator("#measures .awaited").count() == 0
    assert page.locator("#measures .value b").count() == len(beside())  # each has a value for this network


def test_measures_are_shown_as_they_come(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    names = [one.name for one in beside()]
    held: list[Any] = []
    holding = True

    def slow(route: Any) -> None:
        """A server that has time for two measures at most, and for the others once they are let go."""
        server = route.connect_to_server()
        asked: dict[int, list[str]] = {}

        def ask(said: str) -> None:
            body = json.loads(said)
            if body["kind"] == "measure":
                asked[body["id"]] = body["names"]
                body["names"] = body["names"] or names[:2]
            server.send(json.dumps(body))

        def answer(said: Any) -> None:
            body = json.loads(said) if isinstance(said, str) else {}
            if body.get("kind") == "measures" and not asked[body["id"]]:
                taken = [one["name"] for one in body["measures"]]
                body["rest"] = [name for name in names if name not in taken]
                route.send(json.dumps(body))
            elif body.get("kind") == "measures" and holding:
                held.append(lambda: route.send(said))
            else:
                route.send(said)

        route.on_message(ask)
        server.on_message(answer)

    page.route_web_socket(re.compile(r"^ws:"), slow)
    page.goto(page.url)
    until(page, "document.querySelectorAll('#measures .awaited').length > 0")
    assert 1 <= page.locator("#measures .value b").count() <= 2
    assert page.locator("#measures .measure").count() == len(names)
    assert "measuring" in page.locator("#measures .awaited").first.inner_text()
    while not held:
        page.wait_for_timeout(50)
    holding = False
    held[-1]()
    settle(page)
    assert page.locator("#measures .awaited").count() == 0
    assert page.locator("#measures .value b").count() == len(names)


def test_measures_stand_beside_it_as_text(visit: Callable[..., Any]) -> None:
    page = visit(FOUNDING)
    settle(page)
    page.locator("#measures .measure").first.wait_for()
    text = page.locator("#measures").inner_text()
    assert "mean frequency" in text.lower()
    links = page.eval_on_selector_all("#measures a", "all => all.map((one) => one.href)")
    assert len(links) >= 3
    for link in links:
        page.goto(link)
        assert page.locator(f"section#{link.split('#')[1]} .formula").inner_text() != ""
