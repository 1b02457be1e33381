"""One unit in a real browser, served and in one file: its numbers nudged by keys and by hand, put back, taken away."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer.address import from_address
from netwarp.explorer.state import Pane
from netwarp.network.units import line_of
from tests.browser.desk import apart, picture, settle, until
from tests.browser.test_access import faults

Either = Callable[[str], Any]
TEXT = "conv(6) * 2"
FIRST = "?v=2&arch=conv(6)+*+2&norm=spatial(scale%3D3,+shift%3Dnormal(2))&seed=5&show=layer:1:channel:1"


def pane(page: Any) -> Pane:
    return from_address(page.url.split("?", 1)[1]).panes[0]


def network(page: Any) -> nw.Network:
    said = pane(page)
    architecture = nw.parse(said.arch)
    return nw.Network.bred(architecture, said.bred) if said.bred else nw.Network.draw(architecture, 5)


def rest(page: Any) -> None:
    """Waits until what is asked for is drawn, and said."""
    page.evaluate("netwarp.ready")
    settle(page)


def shown(page: Any) -> None:
    until(page, "document.querySelectorAll('#unit .number-row').length > 0")


def opened(either: Either) -> tuple[Any, Any]:
    """A page with a unit of the first layer, and the field of its weight of y."""
    page = either(FIRST)
    rest(page)
    shown(page)
    return page, page.get_by_role("spinbutton", name="y", exact=True)


def line(page: Any) -> tuple[float, float, float]:
    found = line_of(network(page).calibrate().program, 1, 1)
    assert found is not None
    return found


def test_a_unit_is_nudged_by_keys_and_put_back(either: Either) -> None:
    page = either(FIRST)
    rest(page)
    shown(page)
    assert page.locator("#unit h2").inner_text() == "Layer 1, unit 2"
    assert faults(page) == []
    before, own = picture(page), nw.Network.draw(nw.parse(TEXT), 5)
    x = page.get_by_role("slider", name="nudge x", exact=True)
    value = own.parameters["0.weight"][1, 0, 0, 0]
    assert float(page.get_by_role("spinbutton", name="x", exact=True).input_value()) == float(f"{value:.4g}")
    for _ in range(20):
        x.press("ArrowRight")
    rest(page)
    nudged = network(page).parameters["0.weight"][1, 0, 0, 0]
    assert nudged > value + 0.1
    assert apart(before, picture(page)) > 0.05
    coarse = nudged
    x.press("Shift+ArrowLeft")
    rest(page)
    fine = network(page).parameters["0.weight"][1, 0, 0, 0]
    assert 0 < coarse - fine < 0.02
    assert "seed 5, 1 number changed" in page.locator("figcaption").inner_text()
    assert page.locator("#seed").input_value() == "5"
    # each press is one step back
    page.go_back()
    rest(page)
    assert network(page).parameters["0.weight"][1, 0, 0, 0] == coarse
    x.press("Control+z")
    rest(page)
    assert network(page).parameters["0.weight"][1, 0, 0, 0] < coarse
    x.press("Control+Shift+Z")
    rest(page)
    assert network(page).parameters["0.weight"][1, 0, 0, 0] == coarse
    page.get_by_role("button", name="Put x back").click()
    rest(page)
    assert pane(page).bred == ""
    assert apart(before, picture(page)) < 0.02


def test_a_number_is_typed_and_everything_put_back(either: Either) -> None:
    page = either(FIRST.replace("layer:1:channel:1", "layer:2:channel:3"))
    rest(page)
    shown(page)
    field = page.get_by_role("spinbutton", name="unit 4", exact=True)
    field.fill("-1.25")
    field.press("Enter")
    rest(page)
    assert network(page).parameters["1.weight"][3, 3, 0, 0] == -1.25
    page.locator("[data-show='layer:1:channel:2']").click()
    rest(page)
    assert page.locator("#unit h2").inner_text() == "Layer 1, unit 3"
    page.get_by_role("spinbutton", name="shift", exact=True).fill("0.5")
    page.get_by_role("spinbutton", name="shift", exact=True).press("Tab")
    rest(page)
    assert pane(page).bred == "5 0:1.weight[3,3,0,0]=-1.25 1:0.shift[2]=0.5"
    page.get_by_role("button", name="Put this unit back").click()
    rest(page)
    assert pane(page).bred == "5 0:1.weight[3,3,0,0]=-1.25"
    page.get_by_role("button", name="Put the one changed number back").click()
    rest(page)
    assert pane(page).bred == ""


def test_its_line_is_moved_and_turned_over_the_output(either: Either) -> None:
    page = either(FIRST)
    rest(page)
    shown(page)
    page.get_by_role("button", name="the output", exact=True).click()
    rest(page)
    assert pane(page).show == "output"
    before = picture(page)
    grip = page.get_by_role("slider", name="Move the line on which this unit bends")
    box = grip.bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] - 10, at[1] + 20, steps=4)
    # the caption now says that numbers are changed, which may take a line of the picture's
    until(page, "document.querySelector('figcaption').textContent.includes('changed')")
    page.mouse.move(at[0] - 40, at[1] + 60, steps=6)
    # below the picture there will be other words, and perhaps more lines of them
    view = page.locator(".view canvas").bounding_box()
    assert view is not None
    page.mouse.up()
    rest(page)
    assert apart(before, picture(page)) > 0.02
    assert len(pane(page).bred.split()) == 2
    # the grip, and so the line, is where it was left
    a, b, c = line(page)
    # the frame is 1.5 wide: its height on the screen says a pixel
    wide, high = view["width"] - 18, view["height"] - 18
    unit = min(wide / 3, high / 2)
    x = (at[0] - 40 - view["x"] - 18 - wide / 2) / (2 * unit)
    y = (at[1] + 60 - view["y"] - high / 2) / (2 * unit)
    assert abs(a * x + b * y + c) / math.hypot(a, b) < 5e-3
    turn = page.get_by_role("slider", name="Turn the line on which this unit bends")
    angle = math.atan2(b, a)
    turn.press("ArrowRight")
    rest(page)
    a, b, c = line(page)
    turned = math.degrees(math.atan2(b, a) - angle)
    assert abs(turned - 3) < 0.2
    page.go_back()
    page.go_back()
    rest(page)
    assert pane(page).bred == ""


def test_the_nudged_network_is_taken_away(either: Either, tmp_path: Path) -> None:
    page, y = opened(either)
    y.fill("2")
    y.press("Enter")
    rest(page)
    page.locator("#open-downloads").click()
    link = ".download[data-format=npz]"
    until(page, f"document.querySelector('{link}').hasAttribute('href')")
    with page.expect_download() as got:
        page.click(link)
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    found, wanted = nw.Network.load(file), network(page)
    assert found.source == wanted.source
    for name, array in wanted.parameters.items():
        np.testing.assert_allclose(found.parameters[name], array, atol=1e-12)
    assert found.parameters["0.weight"][1, 1, 0, 0] == 2
    samples = [
        nw.draw(one, size=(60, 40)).field.sample(nw.Raster(60, 40), dtype="float64") for one in (str(file), wanted)
    ]
    np.testing.assert_allclose(*samples, atol=1e-12)


def test_another_network_forgets_the_numbers_and_a_lesson_hides_them(either: Either) -> None:
    page = either(FIRST + "&bred=5+0:0.shift[1]=0.5")
    rest(page)
    shown(page)
    assert pane(page).bred == "5 0:0.shift[1]=0.5"
    page.locator("#width").press("ArrowRight")
    rest(page)
    assert (pane(page).arch, pane(page).bred) == ("conv(7) * 2", "")
    assert page.locator("#unit h2").inner_text() == "Layer 1, unit 2"
    page.locator("[data-show=output]").click()
    rest(page)
    page.get_by_role("button", name="Leave this unit, and show the output").click()
    assert page.locator("#unit").is_hidden()


def test_the_network_beside_it_is_not_nudged(either: Either) -> None:
    page = either("?v=2&arch=conv(6)+*+2&seed=5&show=layer:2:channel:1&bred=5+0:1.weight[1,1,0,0]%3D-2")
    rest(page)
    page.locator("[data-compare='2']").click()
    rest(page)
    until(page, "document.querySelectorAll('.pane .frame canvas').length === 2")
    panes = from_address(page.url.split("?", 1)[1]).panes
    assert [(one.arch, one.bred) for one in panes] == [
        ("conv(6) * 2", "5 0:1.weight[1,1,0,0]=-2"),
        ("conv(12)", ""),
    ]
    said = page.locator("figcaption").all_inner_texts()
    assert "changed" in said[0]
    assert "conv(12)" in said[1]
    assert "changed" not in said[1]
    assert page.locator("#refused").is_hidden()
    assert page.locator("#said").is_hidden()


def test_a_field_is_undone_and_never_writes_a_rounded_number(either: Either) -> None:
    page, y = opened(either)
    before = y.input_value()
    y.fill("2")
    y.press("Enter")
    rest(page)
    assert pane(page).bred == "5 0:0.weight[1,1,0,0]=2"
    y.press("Control+z")
    until(page, "!location.search.includes('bred')")
    rest(page)
    assert y.input_value() == before
    y.press("Tab")
    rest(page)
    assert pane(page).bred == ""


@pytest.mark.parametrize("text", ["1e999", "", "-"])
def test_what_is_no_number_is_named_and_the_field_restored(either: Either, text: str) -> None:
    page, y = opened(either)
    before = y.input_value()
    y.press("Control+a")
    y.press("Delete")
    y.press_sequentially(text)
    y.press("Tab")
    said = page.locator("#unit .number-row .error:visible")
    assert said.inner_text() == f"No number: write one as -0.5 or 2e3. {before} stays."
    assert (y.input_value(), pane(page).bred) == (before, "")


def test_a_number_that_is_too_large_is_refused_beside_its_row(either: Either) -> None:
    page, y = opened(either)
    for text in ("2", "1e308"):
        y.fill(text)
        y.press("Enter")
        rest(page)
    until(page, "document.querySelector('#unit .number-row .error:not([hidden])') !== null")
    rest(page)
    said = page.locator("#unit .number-row .error:visible")
    assert said.inner_text() == "1e+308 is too large here: the network overflows. 2 stays."
    assert y.input_value() == "2"
    assert page.locator("#arch").get_attribute("aria-invalid") is None
    assert pane(page).bred == "5 0:0.weight[1,1,0,0]=2"
    assert faults(page) == []
    y.press("Control+z")
    until(page, "!location.search.includes('bred')")


def test_a_moved_line_changes_its_shift_alone_and_another_network_says_what_it_leaves_out(either: Either) -> None:
    page = either(FIRST)
    rest(page)
    shown(page)
    page.get_by_role("slider", name="Move the line on which this unit bends").press("ArrowRight")
    rest(page)
    assert pane(page).bred.startswith("5 0:0.shift[1]=")
    assert len(pane(page).bred.split()) == 2
    page.locator("#width").press("ArrowRight")
    rest(page)
    assert page.locator("#left-out").inner_text() == "1 changed number was left out; Back returns it."
    page.go_back()
    rest(page)
    assert len(pane(page).bred.split()) == 2
    assert page.locator("#left-out").is_hidden()
