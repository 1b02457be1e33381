"""An address is complete and permanent: an old one shows what it showed, and a bad key loses itself alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer.address import from_address
from tests.browser.desk import apart, drawn, picture, settle, until

OLD = json.loads((Path(__file__).parents[1] / "explorer/states-1.json").read_text())
LOST = "document.getElementById('said').textContent"


def said(page: Any) -> dict[str, str]:
    """What the page's own address says."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()}


def test_an_old_link_draws_the_same_for_ever(visit: Callable[..., Any]) -> None:
    # of the time when the seed was 0 unless an address said another
    page = visit("?arch=conv%2810%29+*+4&act=tanh&w=1&h=1")
    settle(page)
    seen = picture(page)
    field = nw.Network.draw(nw.parse("conv(10) * 4", act="tanh"), 0).calibrate()
    samples = field.sample(nw.Raster(600, 400))
    expected = nw.paint(samples, nw.Tone.fit(samples, colour="lab")).pixels / 255
    assert drawn(seen)
    assert np.abs(np.median(seen, axis=(0, 1)) - np.median(expected, axis=(0, 1))).max() < 0.25
    found = said(page)
    assert (found["v"], found["seed"], found["arch"]) == ("2", "0", "conv(10) * 4")
    assert "spatial" in found["norm"]
    again = visit("?" + urlsplit(page.url).query)
    settle(again)
    assert apart(seen, picture(again)) < 0.02


# weights that no server has are another network's before the page can be asked
@pytest.mark.parametrize(
    "vector",
    [one for one in OLD if one["address"] and "npz" not in one["address"]],
    ids=lambda vector: vector["address"][:30],
)
def test_the_page_reads_old_addresses_as_python_does(visit: Callable[..., Any], vector: dict[str, Any]) -> None:
    page = visit("?" + vector["address"])
    until(page, "document.querySelector('.pane') !== null")
    page.evaluate("document.getElementById('open-share').click()")
    found = json.loads(page.locator("#form-json").input_value())
    assert page.evaluate(LOST) == ""
    first = found["panes"][0]
    assert {key: first[key] for key in ("arch", "norm", "seed")} == {
        key: vector["state"]["panes"][0][key] for key in ("arch", "norm", "seed")
    }
    written = page.locator("#form-address").input_value()
    assert from_address(urlsplit(written).query).to_data() == vector["state"]


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("act=foo", "foo"),
        ("seed=1.5", "seed=1.5"),
        ("sed=3", "sed"),
        ("colour=mauve", "mauve"),
        ("norm=none(", "norm"),
        ("v=77", "v=77"),
        ("w=nan", "w=nan"),
        ("hide=%3Cb%3E", "hide"),
        ("depth=x", "depth=x"),
        ("x=1e400", "x=1e400: must be from -1e+15 to 1e+15"),
        ("y=-1e999999", "y=-1e999999: its exponent must be from -5000 to 5000"),
        ("w=1e16", "w=1e16: must be at most 1e+15"),
        ("scale=1e9", "scale=1e9: must be a number from 0 to 999999999 in plain digits"),
    ],
)
def test_one_bad_key_loses_that_key_alone_and_is_named(visit: Callable[..., Any], bad: str, named: str) -> None:
    page = visit(f"?v=2&arch=conv(7)+*+2&out_act=sigmoid&{bad}".replace("v=2&", "" if bad.startswith("v=") else "v=2&"))
    settle(page)
    assert drawn(picture(page))
    assert page.locator("#arch").input_value() == "conv(7) * 2"
    assert page.locator("#out_act").input_value() == "sigmoid"
    assert "Left out of the address" in page.evaluate(LOST)
    assert named in page.evaluate(LOST)
    assert bad.split("=", maxsplit=1)[0] == "v" or f"&{bad}" not in page.url
    # none of these is a fault of the field of layers
    assert page.locator("#arch-error").text_content() == ""
    assert page.locator("#arch").get_attribute("aria-invalid") is None


@pytest.mark.parametrize(
    ("said_of", "plane"),
    [
        ("v=2&w=0.01", ("0.01", "0.0066666666666666667")),
        ("v=2&h=2e-30", ("3e-30", "2e-30")),
        ("v=2&w=1&h=1", ("1", "1")),
        ("v=2&w=0.3&h=nan", ("0.3", "0.2")),
        ("w=0.01", ("0.01", "1")),
    ],
)
def test_one_side_of_a_view_says_the_other(either: Callable[[str], Any], said_of: str, plane: tuple[str, str]) -> None:
    page = either(f"?{said_of}&arch=conv(3)&x=0.1")
    settle(page)
    page.click("#open-share")
    first = json.loads(page.locator("#form-json").input_value())["panes"][0]
    assert (first["w"], first["h"]) == plane
    found = said(page)
    assert (found["w"], found["h"]) == plane
    if "nan" not in said_of:
        first = from_address(f"{said_of}&arch=conv(3)&x=0.1").panes[0].to_data()
        assert (first["w"], first["h"]) == plane


def test_a_view_that_is_not_drawn_is_no_fault_of_the_layers(either: Callable[[str], Any]) -> None:
    page = either("?v=2&arch=conv(3,3)&w=1e-300")
    until(page, "!document.getElementById('refused').hidden")
    settle(page)
    assert drawn(picture(page))
    assert page.locator("#arch-error").text_content() == ""
    assert page.locator("#arch").get_attribute("aria-invalid") is None


@pytest.mark.parametrize(("bad", "named"), [("act=foo", "foo"), ("seed=1.5", "seed=1.5"), ("sed=3", "sed")])
def test_of_a_pasted_address_one_bad_key_is_lost_too(either: Callable[[str], Any], bad: str, named: str) -> None:
    page = either("?arch=conv(3)&act=tanh")
    settle(page)
    page.click("#open-share")
    page.fill("#paste", f"https://example.org/n.html?v=2&arch=conv(7)+*+2&out_act=sigmoid&{bad}")
    page.locator(".form-back button").first.click()
    until(page, "document.getElementById('arch').value === 'conv(7) * 2'")
    settle(page)
    assert drawn(picture(page))
    assert page.locator("#share").is_hidden()
    assert page.locator("#out_act").input_value() == "sigmoid"
    assert page.locator("#act").input_value() == "relu"
    assert "Left out of the address" in page.evaluate(LOST)
    assert named in page.evaluate(LOST)
    assert not page.locator(".veil").is_visible()


def test_sliders_are_understood_and_the_default_seed_is_nine(visit: Callable[..., Any]) -> None:
    page = visit("?v=2&arch=conv(4)&depth=5&width=7&scale=2.5&shift=1")
    settle(page)
    assert page.locator("#arch").input_value() == "conv(7) * 5"
    assert [page.locator(f"#{name}").input_value() for name in ("scale", "shift", "seed")] == ["2.5", "1", "9"]
    fresh = visit()
    settle(fresh)
    assert said(fresh)["seed"] == "9"


def test_what_the_page_makes_of_its_address_is_no_step_of_the_history(visit: Callable[..., Any]) -> None:
    page = visit("?arch=conv(3)")
    settle(page)
    assert said(page)["v"] == "2"
    assert page.evaluate("history.length") <= 2
