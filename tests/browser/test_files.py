"""A model's file on the page: what is said, which controls there are, and which way up the picture is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import netwarp as nw
from tests.browser.desk import apart, picture, regions, settle, unfold, until

GUTTER = 18  # pixels of a canvas that are axes: at its left, and below


def model(path: Path, outputs: int, **more: Any) -> Path:
    """A file of twelve hidden units whose lines lie around (3, -2)."""
    random = np.random.RandomState(outputs)
    W0 = random.randn(12, 2)
    b0 = 0.7 * random.randn(12) - W0 @ np.array([3.0, -2.0])
    np.savez(path, W0=W0, b0=b0, W1=random.randn(outputs, 12), b1=np.zeros(outputs), **more)
    return path


def dropped(visit: Callable[..., Any], file: Path) -> Any:
    page = visit("?arch=conv(3)")
    settle(page)
    page.click("#open-share")
    page.set_input_files("#file", str(file))
    until(page, f"document.querySelector('figcaption').textContent.includes('{file.name}')")
    settle(page)
    return page


def shown(page: Any) -> set[str]:
    """The names of the controls that there are, folded or not."""
    unfold(page)
    return set(
        page.evaluate(
            "[...document.querySelectorAll('#controls [data-control]')].filter((one) => one.checkVisibility())"
            ".map((one) => one.dataset.control)"
        )
    )


@pytest.mark.parametrize(
    ("outputs", "more", "said"),
    [
        (1, {"activation": "tanh"}, "tanh, 1 output"),
        (3, {"activation": "relu", "output_activation": "sigmoid"}, "relu, 3 outputs after sigmoid"),
        (4, {"activation": "abs"}, "abs, 4 outputs; shown is output 1 of 4"),
    ],
)
def test_a_file_is_spoken_of_as_what_it_is(
    visit: Callable[..., Any], tmp_path: Path, outputs: int, more: dict[str, str], said: str
) -> None:
    page = dropped(visit, model(tmp_path / "mine.npz", outputs, **more))
    assert page.locator("figcaption .subject").text_content() == f"mine.npz {said}"
    told = page.locator("#live").text_content()
    assert told.startswith(f"mine.npz, {said.partition(';')[0]}, ")
    everything = page.locator("body").inner_text().lower()
    assert "seed" not in everything
    assert "normalised" not in everything
    there = shown(page)
    assert {
        "arch",
        "depth",
        "width",
        "act",
        "seed",
        "norm",
        "scale",
        "init",
        "inputs",
        "out",
        "out_act",
    } & there == set()
    assert {"zoo", "tone", "colour"} <= there
    assert not page.locator("#open-neighbours").is_visible()
    offered = page.locator("#colour option:not([disabled])").all_inner_texts()
    assert any("three outputs" in one for one in offered) == (outputs == 3)
    whole = {1: "the output", 3: "the output, all channels", 4: "the output: the first of 4"}[outputs]
    assert page.locator("[data-show=output]").get_attribute("aria-label") == whole
    # keys of controls that are not there do nothing
    before = page.url
    page.locator(".view").first.focus()
    page.keyboard.press("n")
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    assert page.url == before


def test_a_file_is_seen_as_draw_draws_it(visit: Callable[..., Any], tmp_path: Path) -> None:
    file = model(tmp_path / "mine.npz", 3, activation="tanh")
    page = dropped(visit, file)
    page.locator(".pane .frame canvas").first.screenshot(path=tmp_path / "seen.png")
    whole = np.asarray(Image.open(tmp_path / "seen.png").convert("RGB"), float)[:-GUTTER, GUTTER:] / 255
    rows, columns, _ = whole.shape
    # the canvas shows the frame of three to two whole, and the plane around it
    unit = min(columns / 3, rows / 2)
    top, left = round(rows / 2 - unit), round(columns / 2 - 1.5 * unit)
    seen = whole[top : top + round(2 * unit), left : left + round(3 * unit)]
    raster = nw.Raster(seen.shape[1], seen.shape[0], nw.draw(file).recipe.raster.plane)
    wanted = nw.draw(file, raster).picture.pixels / 255.0
    # buttons, the bar that tells the scale and the corners of the frame lie at the rim
    seen, wanted = (one[len(one) // 8 : -len(one) // 8, len(one) // 8 : -len(one) // 8] for one in (seen, wanted))
    assert apart(seen, wanted) < 0.02
    assert apart(seen, wanted[::-1]) > 0.2, "upside down it is another picture"


def test_the_hand_moves_what_is_upright_as_it_does_the_rest(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = dropped(visit, model(tmp_path / "mine.npz", 3, activation="tanh"))

    def centre() -> float:
        return float(page.evaluate("new URLSearchParams(location.search).get('y')"))

    before, seen = centre(), regions(picture(page))
    box = page.locator(".pane .frame canvas").first.bounding_box()
    middle = box["x"] + (box["width"] + GUTTER) / 2, box["y"] + (box["height"] - GUTTER) / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + box["height"] / 4, steps=5)
    page.mouse.up()
    settle(page)
    assert centre() > before, "what was dragged down shows what is higher up"
    moved = regions(picture(page))
    # a quarter of the canvas is a third of the middle's four rows and a bit: the first rows are now lower
    assert np.abs(moved[2] - seen[1]).max() < np.abs(moved[2] - seen[3]).max()
    page.mouse.move(*middle)
    values = page.locator(".values")
    values.wait_for()
    # what was under the pointer before stays until the answer for its new place is there
    said = "document.querySelector('.values span')?.textContent.replace('\N{MINUS SIGN}', '-').split(', ')[1]"
    until(page, f"Math.abs(Number({said}) - {centre()}) < 0.01")
    # the pointer rests, and the view moves under it
    for _ in range(2):
        page.locator(".view").focus()
        page.keyboard.press("ArrowUp")
        settle(page)
    assert abs(centre() - before) > 0.05
    until(page, f"Math.abs(Number({said}) - {centre()}) < 0.01")


def test_panes_of_a_file_differ_in_what_they_show(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = dropped(visit, model(tmp_path / "mine.npz", 1, activation="tanh"))
    page.click("[data-compare='4']")
    until(page, "document.querySelectorAll('figcaption').length === 2")
    settle(page)
    said = page.locator("figcaption .subject").all_text_contents()
    assert said == ["Amine.npz tanh, 1 output", "Bmine.npz tanh, 1 output; shown is layer 1, unit 1 of 12"]
    assert apart(picture(page, 0), picture(page, 1)) > 0.1


def test_a_named_network_leads_away_from_a_file(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = dropped(visit, model(tmp_path / "mine.npz", 1, activation="tanh"))
    page.select_option("#zoo", "cppn")
    until(page, "document.querySelector('figcaption').textContent.includes('seed 9')")
    settle(page)
    assert {"arch", "seed", "act", "norm"} <= shown(page)
    assert page.locator("#seed").input_value() == "9"
    assert page.locator("#colour").input_value() == "lab"
    assert "w=" not in page.url


def test_one_file_of_a_model_is_upright_too(visit: Callable[..., Any], offline: Any, tmp_path: Path) -> None:
    from netwarp.explorer.widget import explore

    pytest.importorskip("anywidget")
    file = model(tmp_path / "mine.npz", 3, activation="tanh")
    target = tmp_path / "one.html"
    target.write_text(explore(file).to_html())
    offline.goto(target.as_uri())
    offline.locator("canvas").first.wait_for()
    until(offline, "document.querySelector('.poster').hidden")
    shot = offline.locator("canvas").first.screenshot(path=tmp_path / "seen.png")
    assert shot
    seen = np.asarray(Image.open(tmp_path / "seen.png").convert("RGB"), float)[40:-40, 40:-40] / 255
    drawn = nw.draw(file).picture.pixels / 255.0
    assert apart(seen, drawn) < apart(seen, drawn[::-1])
    assert "mine.npz" in offline.title()
    assert "activation tanh" in offline.locator("body").inner_text()
