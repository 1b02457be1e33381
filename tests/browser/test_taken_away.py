"""What the page without a server gives to take away: the library reads it, and finds what the page shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture.language import parse
from netwarp.explorer.address import from_address
from netwarp.explorer.downloads import name_of
from netwarp.explorer.reading import Files
from netwarp.network.network import Network
from netwarp.orders.drawing import draw
from netwarp.pages.site import site
from netwarp.picture.recipe import Recipe
from tests.browser.desk import until

Visit = Callable[..., Any]
# what an address says, and the size of the picture
SEEN = (
    ({"arch": "conv(10) * 4", "seed": "9"}, (300, 200)),
    (
        {"arch": "conv(8) * 3", "act": "tanh", "x": "0.1", "y": "-0.2", "w": "0.3", "h": "0.2", "tone": "view"},
        (200, 240),
    ),
    ({"arch": "conv(6) * 2", "show": "layer:2:channel:3", "grows": "up", "seed": "-4", "v": "2"}, (150, 100)),
    ({"arch": "conv(20)", "act": "sin", "out": "1", "colour": "gray", "v": "2"}, (90, 60)),
)


@pytest.fixture
def visit(offline: Any, tmp_path: Path) -> Visit:
    site(tmp_path)
    offline.set_default_timeout(60_000)

    def open_page(query: dict[str, str]) -> Any:
        offline.goto(f"{(tmp_path / 'netwarp.html').as_uri()}?{urlencode(query)}")
        offline.evaluate("netwarp.ready")
        return offline

    return open_page


def menu(page: Any, size: tuple[int, int]) -> None:
    page.click("#open-downloads")
    page.select_option("#size", "own")
    for side, value in zip(("columns", "rows"), size, strict=True):
        page.fill(f"#{side}", str(value))
        page.press(f"#{side}", "Tab")


def taken(page: Any, kind: str, folder: Path) -> Path:
    """The file of a kind, which the menu has with its size."""
    link = f".download[data-format={kind}]"
    until(page, f"document.querySelector('{link}').hasAttribute('href')")
    said = page.text_content(f"li:has({link}) .cost")
    with page.expect_download() as found:
        page.click(link)
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    size = path.stat().st_size
    if size < 1000:
        assert said == f"{size} bytes"
    elif size < 100_000:
        assert said == f"{-(-size // 1000)} kB"
    return path


@pytest.mark.parametrize(("query", "size"), SEEN)
def test_a_picture_says_how_it_is_drawn_again(
    visit: Visit, tmp_path: Path, query: dict[str, str], size: tuple[int, int]
) -> None:
    page = visit(query)
    menu(page, size)
    path = taken(page, "png", tmp_path)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), int)
    assert pixels.shape == (size[1], size[0], 3)
    recipe = Recipe.read(path)
    assert recipe.raster.plane.height == float(query.get("h", 1))
    assert recipe.contrast == query.get("tone", "whole")
    assert path.name == name_of(from_address(page.url.split("?")[1]), 0, "png", Files())
    again = draw(str(path)).picture.pixels
    assert int(np.abs(pixels - again).max()) <= 1
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() > 40


def test_weights_are_those_of_the_seed(visit: Visit, tmp_path: Path) -> None:
    arch = 'conv(5, act="prelu") >> residual(maxout(4, 2)) >> depthwise(1)'
    page = visit({"arch": arch, "seed": "5", "inputs": "x y r fourier(2, 2)", "v": "2"})
    page.click("#open-downloads")
    path = taken(page, "npz", tmp_path)
    wanted = Network.draw(parse(arch, inputs="x y r fourier(2, 2)"), 5)
    wanted.save(tmp_path / "wanted.npz")
    with np.load(path, allow_pickle=False) as own, np.load(tmp_path / "wanted.npz", allow_pickle=False) as other:
        assert own.files == other.files
        for name in own.files:
            assert own[name].dtype == other[name].dtype, name
            assert own[name].shape == other[name].shape, name
            if own[name].dtype.kind == "U":
                assert own[name] == other[name]
            else:
                np.testing.assert_allclose(own[name], other[name], rtol=1e-14, err_msg=name)
    assert Network.load(path).text == wanted.text


def test_the_state_is_the_servers(visit: Visit, tmp_path: Path) -> None:
    page = visit({"arch": "conv(10) * 4", "seed": "9", "v": "2"})
    page.click("#open-downloads")
    path = taken(page, "json", tmp_path)
    assert json.loads(path.read_text()) == from_address(page.url.split("?")[1]).to_data(short=True)
    assert path.name == "conv10x4-9.json"


def test_what_it_cannot_make_says_the_command_that_does(visit: Visit) -> None:
    page = visit({"arch": "conv(10) * 4", "seed": "9", "v": "2"})
    menu(page, (7200, 4800))
    cost = "li:has(.download[data-format={}]) .cost code"
    page.wait_for_selector(cost.format("png"))
    drawn = page.text_content(cost.format("png"))
    assert drawn == "netwarp draw 'conv(10) * 4' --seed 9 --size 7200x4800 -o conv10x4-9.png"
    cells = page.text_content(cost.format("svg"))
    assert cells == "netwarp regions 'conv(10) * 4' --seed 9 --plane=-0.75,0.75,-0.5,0.5 --svg conv10x4-9.svg"
    assert page.locator(".download[data-format=html]").count() == 0


def test_a_large_picture_is_made_when_it_is_asked_for(visit: Visit, tmp_path: Path) -> None:
    page = visit({"arch": "conv(30) * 4", "seed": "9", "v": "2"})
    menu(page, (1500, 1000))
    until(page, "document.querySelector('li:has(.download[data-format=png]) .cost').textContent.endsWith('to make')")
    path = taken(page, "png", tmp_path)
    with Image.open(path) as image:
        assert image.size == (1500, 1000)
