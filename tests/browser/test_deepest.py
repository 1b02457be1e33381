"""Zooming ends with a message in the picture where nothing narrower is drawn, and what is said is of what is seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.network.network import Network
from tests.browser.desk import picture, ready, settle, unfold, until
from tests.browser.test_models import state

onnx = pytest.importorskip("onnx")

SAID = ".ending"
THERE = "!document.querySelector('.ending').hidden"


@pytest.fixture
def called(tmp_path: Path) -> str:
    """A file that is drawn by ONNX's own evaluator: the distance from 0, in float64, and the product of its inputs."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("ReduceL2", ["x"], ["far"], axes=[1], keepdims=1),
        helper.make_node("ReduceProd", ["x"], ["product"], axes=[1], keepdims=1),
        helper.make_node("Concat", ["far", "product"], ["y"], axis=1),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", 2]) for name in ("x", "y")]
    graph = helper.make_graph(nodes, "g", ends[:1], ends[1:])
    path = tmp_path / "called.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    return str(path)


def wheel(page: Any, times: int) -> None:
    """Turns the wheel inwards, a swipe at a time, until zooming ends."""
    box = page.locator(".pane .frame canvas").bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    for _ in range(times):
        page.mouse.wheel(0, -600)
        page.wait_for_timeout(150)
        if page.evaluate(THERE):
            return


def width(page: Any) -> float:
    return state(page, "w")


def test_the_wheel_ends_with_a_message_in_a_picture(called: str, look: Callable[..., Any]) -> None:
    page = look(called, more="&x=0.3&y=0.1&w=1e-10&h=6.7e-11")
    wheel(page, 40)
    until(page, THERE)
    settle(page)
    words = page.locator(SAID).inner_text()
    assert words.startswith("Zooming in ends here. plane of ")
    assert "too small for this model, which is called with float64 numbers" in words
    # float64's numbers are 2^-54 apart there, and so many times 64 is a pixel at the least
    least = 64 * 2.0**-54 * picture(page).shape[1]
    reached = width(page)
    assert least / 2 < reached < 12 * least
    # the picture is one, and stays where it is whatever is turned
    assert len(np.unique(picture(page).reshape(-1, 3), axis=0)) > 20
    assert page.locator("body.refused").count() == 0
    box = page.locator(".pane .frame canvas").bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    for _ in range(8):
        page.mouse.wheel(0, -600)
        page.wait_for_timeout(60)
    settle(page)
    assert width(page) == reached
    assert page.locator(SAID).is_visible()
    page.locator("#zooming button").first.click()
    ready(page)
    assert width(page) == reached
    # outwards all is as ever
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.wheel(0, 1500)
    settle(page)
    assert width(page) > 2 * reached
    assert page.locator(SAID).is_hidden()


@pytest.mark.parametrize("wide", [1280, 360])
def test_an_address_too_deep_shows_the_home_view_and_says_so(called: str, look: Callable[..., Any], wide: int) -> None:
    page = look(called)
    page.set_viewport_size({"width": wide, "height": 800})
    page.goto(page.url.split("?")[0] + "?" + page.url.split("?")[1].split("&x=")[0] + "&x=0.3&y=0.1&w=1e-16&h=6.7e-17")
    until(page, THERE)
    settle(page)
    words = page.locator(SAID).inner_text()
    assert words.startswith("This is all of it: the view that was asked for is not drawn. plane of ")
    box, frame = page.locator(SAID).bounding_box(), page.locator(".pane .frame").bounding_box()
    assert frame["y"] <= box["y"]
    assert box["y"] + box["height"] <= min(800, frame["y"] + frame["height"])
    # the caption is of what is seen
    said = page.locator(".place").inner_text().replace("\n", " ").replace("\u2212", "-")
    assert re.fullmatch(r"x 0 y 0 frame 1\.5 × 1 y grows upwards", said)


def test_decision_regions_that_float64_cannot_tell_apart_end_zooming_too(
    tmp_path: Path, look: Callable[..., Any]
) -> None:
    rows = {"W0": [[1.0, 0.5], [0.0, 1.0]], "b0": [0.0, 0.1], "W1": [[1.0, -1.0], [0.5, 1.0]], "b1": [0.0, 0.2]}
    np.savez(tmp_path / "tanh.npz", **rows)  # type: ignore[arg-type]  # numpy's stub takes the arrays for allow_pickle
    Network.load(tmp_path / "tanh.npz", activation="tanh").save(tmp_path / "tanh2.npz")
    page = look(str(tmp_path / "tanh2.npz"), more="&show=classes&x=0.3&y=0.1&w=1e-8&h=6.7e-9")
    wheel(page, 40)
    until(page, THERE)
    settle(page)
    assert "too small a view for float64" in page.locator(SAID).inner_text()
    reached = width(page)
    assert 1e-11 < reached < 1e-8
    # the output goes on
    unfold(page)
    page.select_option("#show", "output")
    settle(page)
    wheel(page, 3)
    settle(page)
    assert width(page) < reached / 4
