"""Networks that read windows on the page that needs no server: the library's on fewer pixels, and said to be."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.pages.site import site
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster
from tests.browser.desk import until
from tests.browser.pixels import picture

Visit = Callable[..., Any]
HOME = Raster(200, 133)
VIEW = {"v": "2", "w": "1.5", "h": "1"}
COMMAND = "document.querySelector('figcaption .evaluated code').textContent"


def told(page: Any) -> str:
    """The command that the caption tells, which the page's sheet to share has too."""
    until(page, f"{COMMAND} !== '\u2026'")
    return str(page.evaluate(COMMAND))


@pytest.fixture
def visit(offline: Any, tmp_path: Path) -> Visit:
    """Opens the page at an address and waits until its picture is final."""
    site(tmp_path)
    offline.set_default_timeout(60_000)

    def open_page(query: dict[str, Any]) -> Any:
        offline.goto((tmp_path / "netwarp.html").as_uri() + f"?{urlencode({**VIEW, **query})}")
        offline.evaluate("netwarp.ready")
        return offline

    return open_page


def field_of(architecture: Architecture, seed: int) -> Field:
    return calibrate(Network.draw(architecture, seed), HOME)


def painted(field: Field, raster: Raster, channel: int | None = None) -> np.ndarray:
    colour = "lab" if channel is None else "viridis"
    tone = Tone.fit(field.sample(HOME, dtype="float64"), colour, channel=channel)
    return paint(field.sample(raster, dtype="float64"), tone).pixels


@pytest.mark.parametrize("text", ["conv(10, 3) * 4", "conv(8, 5, groups=2) >> pool('avg', 3) >> depthwise(3)"])
def test_pictures_are_the_librarys_on_those_pixels(visit: Visit, text: str) -> None:
    text = text.replace("'", '"')
    pixels, plane = picture(visit({"arch": text, "seed": "4"}))
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() > 40
    columns, rows = 200 * plane.width, 133 * plane.height
    assert pixels.shape[:2] == (round(rows), round(columns))
    # all pixels that are in view, and one more: what is shown lies between them
    wide, high = ceil(columns - 1e-6) + 2, ceil(rows - 1e-6) + 2
    whole = painted(field_of(parse(text), 4), Raster(wide, high, Plane(0, 0, wide / 200, high / 133)))
    box = ((wide - columns) / 2, (high - rows) / 2, (wide + columns) / 2, (high + rows) / 2)
    part = Image.fromarray(whole).resize((round(columns), round(rows)), Image.Resampling.BILINEAR, box)
    assert int(np.abs(pixels.astype(int) - np.asarray(part)).max()) <= 2


def test_it_says_so_and_how_to_draw_it(visit: Visit) -> None:
    page = visit({"arch": "conv(6, 3) * 2", "seed": "4", "x": "0.25", "w": "0.5", "h": "0.3"})
    assert "200 \u00d7 133" in page.text_content("figcaption .evaluated")
    command = "netwarp draw 'conv(6, 3) * 2' --seed 4"
    assert told(page) == f"{command} --plane 0,0.5,-0.15,0.15 -o conv6-3x2-4.png"
    page.click("#way")
    until(page, f"{COMMAND}.includes('--y up')")
    assert told(page) == f"{command} --plane 0,0.5,-0.15,0.15 --y up -o conv6-3x2-4.png"
    page.locator("#strip .thumb").nth(5).click()
    until(page, f"{COMMAND}.startsWith('python -c')")
    assert "field.after(1)" in told(page)
    page.fill("#arch", "conv(6) * 2")
    until(page, "document.querySelector('figcaption .evaluated') === null")


def test_a_picture_drawn_beforehand_is_the_full_size_one(visit: Visit) -> None:
    page = visit({"arch": "resnet", "seed": "9"})
    assert page.text_content("figcaption .evaluated").startswith("Its kernels")  # more is seen than was drawn
    page.set_viewport_size({"width": 1280, "height": 860})
    until(page, "document.getElementById('precision').textContent.startsWith('drawn')")
    page.evaluate("netwarp.ready")
    pixels, plane = picture(page)
    assert page.text_content("#precision") == "drawn beforehand, this page"
    assert page.text_content("figcaption .evaluated").startswith("Drawn beforehand")
    assert told(page).startswith("netwarp draw 'residual(conv(16, 3) * 2) * 5' --seed 9 ")
    field = calibrate(Network.draw(zoo.find("resnet").architecture, 9), Raster())
    tone = Tone.fit(field.sample(), "lab")
    wanted = paint(field.sample(Raster(pixels.shape[1], pixels.shape[0], plane)), tone).pixels
    # small and packed, but no other picture
    assert float(np.abs(pixels.astype(int) - wanted).mean()) < 8
    page.locator("#strip .thumb canvas").nth(30).wait_for()
    page.locator("[aria-label='zoom in']").first.click()
    until(page, "document.getElementById('precision').textContent.startsWith('float64')")


def test_a_view_between_the_taps(visit: Visit) -> None:
    pixels, plane = picture(
        visit({"arch": "conv(6, 3) * 2", "seed": "4", "x": "0.11", "y": "-0.07", "w": "0.7", "h": "0.47"})
    )
    wanted = painted(field_of(parse("conv(6, 3) * 2"), 4), Raster(pixels.shape[1], pixels.shape[0], plane))
    assert float(np.abs(pixels.astype(int) - wanted).mean()) < 1.5


def test_a_layers_channel_the_strip_and_values(visit: Visit) -> None:
    page = visit({"arch": "conv(6, 3) * 2", "seed": "4", "show": "layer:2:channel:3"})
    pixels, plane = picture(page)
    field = field_of(parse("conv(6, 3) * 2"), 4).after(2)
    wanted = painted(field, Raster(pixels.shape[1], pixels.shape[0], plane), channel=3)
    assert float(np.abs(pixels.astype(int) - wanted).mean()) < 1.5
    page.locator("#strip .thumb canvas").nth(11).wait_for()
    page.locator(".view").first.hover()
    page.locator(".values:not([hidden])").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nin", "vgg", "inception", "preactivation"])
def test_networks_of_the_zoo(visit: Visit, name: str) -> None:
    page = visit({"arch": name})
    until(page, "document.querySelectorAll('#strip .thumb canvas').length > 8")
    assert page.text_content("#arch-error") == ""
    assert picture(page)[0].std() > 1
    page.press(".view", "n")
    until(page, "document.getElementById('precision').textContent.startsWith('float64')")
    page.evaluate("netwarp.ready")
    assert picture(page)[0].std() > 1
