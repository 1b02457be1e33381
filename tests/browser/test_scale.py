"""x and y have one scale: on the page, in what is downloaded at any size, and in what the command draws."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import netwarp as nw
from tests.browser.desk import apart, picture, settle, until

PLAIN = "?v=2&arch=conv(10)+*+4&seed=7"


def taken(page: Any, target: Path, columns: int, rows: int) -> nw.Recipe:
    """The recipe of the PNG that is downloaded at this size."""
    page.click("#open-downloads")
    page.select_option("#size", "own")
    page.fill("#columns", str(columns))
    page.fill("#rows", str(rows))
    page.locator("#rows").blur()
    until(page, f"document.querySelector('a.download[data-format=png]').href.includes('columns={columns}&rows={rows}')")
    with page.expect_download() as waiting:
        page.click("a.download[data-format=png]")
    waiting.value.save_as(target)
    found = nw.Recipe.read(target)
    assert isinstance(found, nw.Recipe)
    return found


@pytest.mark.parametrize(("columns", "rows", "width"), [(400, 800, 0.5), (600, 400, 1.5), (500, 500, 1.0)])
def test_a_download_of_any_form_has_square_pixels(
    visit: Callable[..., Any], tmp_path: Path, columns: int, rows: int, width: float
) -> None:
    page = visit(PLAIN)
    settle(page)
    recipe = taken(page, tmp_path / "it.png", columns, rows)
    assert (recipe.raster.plane.width, recipe.raster.plane.height) == (width, 1.0)
    assert recipe.calibration == nw.Raster()
    across, down = recipe.raster.pitch
    assert across == pytest.approx(down)


def test_the_page_begins_as_the_command_draws_and_an_old_address_keeps_its_view(visit: Callable[..., Any]) -> None:
    page = visit(PLAIN)
    settle(page)
    page.click("#open-share")
    until(page, "document.getElementById('form-cli').value.length > 5")
    assert "--plane" not in page.locator("#form-cli").input_value()
    assert "w=" not in page.locator("#form-address").input_value()
    drawing = nw.draw("conv(10) * 4", seed=7)
    assert (drawing.recipe.raster.plane.width, drawing.recipe.raster.plane.height) == (1.5, 1.0)
    old = visit(PLAIN.replace("v=2&", ""))
    settle(old)
    old.click("#open-share")
    until(old, "document.getElementById('form-cli').value.length > 5")
    assert json.loads(old.locator("#form-json").input_value())["panes"][0]["w"] == "1"
    assert "--plane" in old.locator("#form-cli").input_value()


def test_the_way_of_y_is_said_and_turned(visit: Callable[..., Any]) -> None:
    page = visit(PLAIN)
    settle(page)
    before = picture(page)
    assert page.locator("#way").inner_text() == "y grows downwards"
    page.click("#way")
    until(page, "document.getElementById('way').textContent === 'y grows upwards'")
    settle(page)
    # but for the strip that the numbers below take from the cut
    assert 3 * apart(before[::-1], picture(page)) < apart(before, picture(page))
    assert "grows=up" in page.url
    page.click("#way")
    until(page, "document.getElementById('way').textContent === 'y grows downwards'")
