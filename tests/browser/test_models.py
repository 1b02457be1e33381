"""Models on the page: y grows upwards, classes are decided, data lie on top, and several stand side by side."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netwarp.models.decisions import colours
from tests.browser.desk import settle, unfold, until

# two classes: the upper one wins above y = 0.5
UPPER = {"W0": [[0.0, 0.0], [0.0, 1.0]], "b0": [0.0, -0.5]}
# and above y = 0
MIDDLE = {"W0": [[0.0, 0.0], [0.0, 1.0]], "b0": [0.0, 0.0]}
LOW, HIGH = (tuple(tint.tolist()) for tint in colours.tinted(colours.class_colours(2), colours.FLAT))


@pytest.fixture
def models(tmp_path: Path) -> Path:
    np.savez(tmp_path / "upper.npz", **UPPER)  # type: ignore[arg-type]
    np.savez(tmp_path / "middle.npz", **MIDDLE)  # type: ignore[arg-type]
    rows = "x,y,label\n-2,-1,0\n2,-1,0\n-2,1,1\n2,1,1\n"
    (tmp_path / "points.csv").write_text(rows)
    return tmp_path


def seen(page: Any, pane: int = 0) -> np.ndarray:
    """(rows, columns, 3) uint8: a pane's picture without its axes and what lies over it, in CSS pixels."""
    data = page.evaluate(f"document.querySelectorAll('.pane .frame canvas')[{pane}].toDataURL()")
    image = Image.open(io.BytesIO(base64.b64decode(data.split(",")[1])))
    return np.asarray(image.convert("RGB"))[:-18, 18:]


def kinds(image: np.ndarray) -> list[str]:
    """What the rows show at three quarters of the width, from the top: l, h or a dot for neither."""
    names = {LOW: "l", HIGH: "h"}
    column = image[:, 3 * image.shape[1] // 4]
    return [names.get(tuple(pixel.tolist()), ".") for pixel in column]


def crossing(image: np.ndarray) -> float:
    """How far from the top the last row of the upper class is, as a share."""
    return float(max(n for n, kind in enumerate(kinds(image)) if kind == "h")) / len(image)


def state(page: Any, key: str) -> float:
    return float(page.evaluate(f"new URLSearchParams(location.search).get('{key}') ?? '0'"))


def test_a_model_is_drawn_with_y_upwards_and_the_pointer_says_so(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), "--data", str(models / "points.csv"), more="&show=classes")
    image = seen(page)
    rows = kinds(image)
    assert set(rows[:20]) == {"h"}
    assert set(rows[-20:]) == {"l"}
    # the frame's sides are those of the data and a tenth, 4.4 x 2.2, in square pixels: 4.4 wide
    tall, wide = image.shape[:2]
    unit = min(wide / 3, tall / 2) * 3 / 4.4
    assert crossing(image) * tall == pytest.approx(tall / 2 - 0.5 * unit, abs=4)
    box = page.locator(".pane .frame canvas").bounding_box()
    page.mouse.move(box["x"] + 18 + wide / 2 + unit, box["y"] + tall / 2 - 0.75 * unit)
    page.locator(".values").wait_for()
    x, y = (float(text.replace("\u2212", "-")) for text in page.locator(".values .soft").inner_text().split(", "))
    assert (x, y) == (pytest.approx(1, abs=0.02), pytest.approx(0.75, abs=0.02))
    assert [float(one) for one in page.locator(".values .number").all_inner_texts()] == pytest.approx(
        [0, 0.25], abs=0.02
    )


def test_the_wheel_and_the_hand_move_what_is_under_them(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), "--data", str(models / "points.csv"), more="&show=classes")
    image = seen(page)
    tall, wide = image.shape[:2]
    box = page.locator(".pane .frame canvas").bounding_box()
    # the boundary stays under the pointer while the wheel turns
    at = tall / 2 - 0.5 * min(wide / 3, tall / 2) * 3 / 4.4
    page.mouse.move(box["x"] + 18 + wide / 2, box["y"] + at)
    for _ in range(4):
        page.mouse.wheel(0, -240)
        page.wait_for_timeout(60)
    settle(page)
    assert state(page, "h") < 1.2
    assert state(page, "y") > 0.1
    assert crossing(seen(page)) * tall == pytest.approx(at, abs=4)
    # and goes with the hand that drags it downwards, to larger y at the top
    page.mouse.down()
    page.mouse.move(box["x"] + 18 + wide / 2, box["y"] + at + 60, steps=6)
    page.mouse.up()
    settle(page)
    assert crossing(seen(page)) * tall == pytest.approx(at + 60, abs=6)
    page.locator("#zooming button").nth(2).click()
    settle(page)
    assert crossing(seen(page)) * tall == pytest.approx(at, abs=4)
    assert (state(page, "x"), state(page, "y")) == (0, 0)
    page.keyboard.press("Escape")
    page.locator(".pane .view").focus()
    page.keyboard.press("ArrowUp")
    settle(page)
    assert state(page, "y") > 0


def test_what_changes_no_decision_regions_is_not_offered(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), more="&show=classes")
    rows = [page.locator(f'[data-control="{name}"]') for name in ("tone", "colour")]
    unfold(page)
    for show, there in (("classes", False), ("output", True), ("margin", False)):
        page.select_option("#show", show)
        settle(page)
        assert [row.is_visible() for row in rows] == [there] * 2, show


def test_y_can_be_turned_over(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), "--y", "down", more="&show=classes")
    assert "grows=down" in page.url
    assert set(kinds(seen(page))[-20:]) == {"h"}
    unfold(page)
    page.select_option("#grows", "auto")
    until(page, "!location.search.includes('grows')")
    settle(page)
    assert set(kinds(seen(page))[:20]) == {"h"}


def test_a_legend_says_what_each_class_wins_and_a_line_parts_them(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), "--data", str(models / "points.csv"))
    assert page.locator("[aria-label=Classes]").is_hidden()
    unfold(page)
    page.select_option("#show", "classes")
    until(page, "location.search.includes('show=classes')")
    settle(page)
    until(page, "document.querySelectorAll('.legend .share').length === 2")
    shares = [float(text.rstrip("%")) for text in page.locator(".legend .share").all_inner_texts()]
    y, h = state(page, "y"), state(page, "h")
    # of the frame: the upper class wins above y = 0.5
    assert shares[1] == pytest.approx(100 * (y + h / 2 - 0.5) / h, abs=0.06)
    assert sum(shares) == pytest.approx(100, abs=0.11)
    assert "exact" in page.locator("[aria-label=Classes]").inner_text()
    assert page.locator("#strip [tabindex='0']").count() == 1
    image = seen(page)
    dark = (image.max(axis=2) < 90)[:, image.shape[1] // 8 : -image.shape[1] // 8]
    line = dark.mean(axis=1)
    assert line.max() > 0.9  # the boundary goes from side to side
    assert int(line.argmax()) == pytest.approx(crossing(image) * len(image), abs=4)


def test_points_lie_where_the_data_say_and_can_be_taken_off(models: Path, look: Callable[..., Any]) -> None:
    page = look(str(models / "upper.npz"), "--data", str(models / "points.csv"), more="&show=classes")
    own = colours.class_colours(2)

    def place(x: float, y: float) -> tuple[int, int]:
        tall, wide = seen(page).shape[:2]
        unit = min(wide / 3, tall / 2) * 3 / state(page, "w")
        return round(tall / 2 - (y - state(page, "y")) * unit), round(wide / 2 + (x - state(page, "x")) * unit)

    for x, y, label in ((-2, -1, 0), (2, -1, 0), (-2, 1, 1), (2, 1, 1)):
        assert tuple(seen(page)[place(x, y)].tolist()) == tuple(own[label].tolist())
    # they follow the view
    page.mouse.move(*(300, 300))
    page.mouse.wheel(0, 200)
    settle(page)
    assert tuple(seen(page)[place(2, 1)].tolist()) == tuple(own[1].tolist())
    unfold(page)
    page.uncheck("#points")
    until(page, "location.search.includes('points=0')")
    settle(page)
    assert tuple(seen(page)[place(2, 1)].tolist()) == HIGH


def test_two_models_look_at_one_plane_and_say_how_far_they_agree(models: Path, look: Callable[..., Any]) -> None:
    names = (str(models / "upper.npz"), str(models / "middle.npz"))
    page = look(*names, "--data", str(models / "points.csv"))
    assert page.locator(".pane").count() == 2
    captions = page.locator("figcaption").all_inner_texts()
    assert all(name in said for name, said in zip(("upper", "middle"), captions, strict=True))
    said = page.locator("#agreement")
    said.wait_for()
    first, second = (np.array(kinds(seen(page, n))) for n in (0, 1))
    assert ((first == "l") & (second == "h")).any()
    differ = 0.5 / state(page, "h")  # of the frame: from the one boundary to the other
    (share,) = (float(text) for text in re.findall(r"([\d.]+)%", said.inner_text()))
    assert share == pytest.approx(100 * (1 - differ), abs=0.06)
    assert "exact" in said.inner_text()
    page.locator("#zooming button").first.click()
    settle(page)
    assert seen(page, 0).shape == seen(page, 1).shape
    (closer,) = (float(text) for text in re.findall(r"([\d.]+)%", said.inner_text()))
    assert closer < share  # the strip between the two boundaries takes more of a smaller view
    unfold(page)
    page.select_option("#show", "output")
    until(page, "document.getElementById('agreement').hidden")
