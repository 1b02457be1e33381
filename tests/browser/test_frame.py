"""One region: all that is said of a picture is of its marked frame, whatever of the plane is seen around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.tessellate import tessellate
from tests.browser import desk
from tests.browser.desk import unfold, until

Anywhere = Callable[..., Any]
CELLS = "document.querySelector('figcaption .cells')?.textContent ?? ''"


def counted(page: Any) -> int:
    until(page, f"/\\d cells in the frame, exact/.test({CELLS})")
    page.evaluate("netwarp.ready")
    return int(re.sub(r"\D", "", page.evaluate(CELLS)))


def test_cells_measures_and_commands_are_of_the_frame(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+3&seed=7&cells=1", viewport={"width": 1900, "height": 700})
    seen = page.evaluate("netwarp.pixels().plane")
    assert seen[2] > 2  # around the frame more is seen
    field = calibrate(Network.draw(parse("conv(10) * 3"), 7), Raster())
    frame, all_of = (len(tessellate(field, Plane(0, 0, width, 1))) for width in (1.5, seen[2]))
    assert frame != all_of
    assert counted(page) == frame
    assert "frame 1.5 × 1" in page.locator(".place").inner_text().replace("\n", " ")
    until(page, "/^of the frame, on /.test(document.getElementById('measured').textContent)")
    page.click("#open-share")
    until(page, "document.getElementById('form-cli').value.startsWith('netwarp draw')")
    assert "--plane" not in page.locator("#form-cli").input_value()  # the command's own plane is the frame's


def rim(page: Any) -> np.ndarray:
    """What is seen of the plane beside the frame, with what lies over it."""
    page.mouse.move(5, 5)
    desk.ready(page)
    picture = desk.picture(page)
    return picture[:, -picture.shape[1] // 40 :]


def test_a_picture_that_changes_its_size_has_lines_up_to_its_rim_and_the_same_number(anywhere: Anywhere) -> None:
    page = anywhere("?v=2&arch=conv(10)+*+2&seed=7&cells=1")
    before = counted(page)
    for size in ({"width": 760, "height": 860}, {"width": 1900, "height": 700}):
        page.set_viewport_size(size)
        page.wait_for_timeout(800)
        assert counted(page) == before
    until(page, "netwarp.pixels().plane[2] > 2")
    desk.settle(page)
    page.evaluate("netwarp.ready")
    lined = rim(page)
    unfold(page)
    page.uncheck("#cells")
    until(page, f"({CELLS}) === ''")
    assert (np.abs(rim(page) - lined).max(axis=2) > 0.1).mean() > 0.002


# how high pictures side by side are, in every frame since all are said what they are of
HEIGHTS = """
window.heights = new Set();
addEventListener("DOMContentLoaded", () => {
  const look = () => {
    const all = [...document.querySelectorAll(".pane")];
    const named = all.every((one) => one.querySelector(".subject")?.innerText.includes("relu, seed 7"));
    if (named) for (const one of all) heights.add(one.querySelector(".view").clientHeight);
    if (named) window.early ??= Number(document.body.dataset.drawn ?? 0);
    requestAnimationFrame(look);
  };
  look();
});
"""


@pytest.mark.parametrize("size", [(1280, 860), (1000, 600)])
def test_side_by_side_pictures_settle(anywhere: Anywhere, size: tuple[int, int]) -> None:
    """What comes below a picture has its place before: else each line would change its size, and all begin anew."""
    page = anywhere(
        "?v=2&arch=conv(8)+*+3&seed=7&cells=1&panes=4&p3.arch=conv(8,3)+*+2",
        viewport={"width": size[0], "height": size[1]},
    )
    page.add_init_script(HEIGHTS)
    page.reload()
    desk.ready(page)
    drawn = int(page.evaluate("document.body.dataset.drawn"))
    until(page, "![...document.querySelectorAll('.short td')].some((one) => one.textContent === '\u2026')", 60)
    desk.settle(page, 60)
    assert page.locator(".short tr").count() >= 12
    assert page.evaluate("[...heights]") == page.evaluate("[document.querySelector('.view').clientHeight]")
    # each at most sharp where it was coarse
    assert int(page.evaluate("document.body.dataset.drawn")) <= drawn + 4
    # each is under way, perhaps, and then coarse and sharp, of what its place was just then and of what it is
    assert page.evaluate("Number(document.body.dataset.drawn) - early") <= 4 * 5


def test_measures_are_not_waited_for(offline: Any, tmp_path: Any) -> None:
    """`netwarp.ready` is of the picture and of what lies over it."""
    from netwarp.pages.site import site

    site(tmp_path)
    offline.goto((tmp_path / "netwarp.html").as_uri() + "?v=2&arch=vgg&seed=3&w=3&h=2")
    offline.evaluate("netwarp.ready")
    assert offline.evaluate("netwarp.pixels().width") > 100
    assert offline.locator("#waiting").is_hidden()
    assert offline.locator("#measures .value b").count() < 7
