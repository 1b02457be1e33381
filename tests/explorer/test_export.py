"""The single HTML file: what is in it, what it may load, and that no text ends its script."""

import base64
import hashlib
import json
import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture.language import parse
from netwarp.errors import LimitError
from netwarp.explorer.export import TILE, data_of, page, render
from netwarp.explorer.state import Pane
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster


def parts(made: bytes) -> tuple[str, dict[str, Any]]:
    text = made.decode()
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data
    return text, json.loads(data[1])


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def pixels(address: str) -> np.ndarray:
    head, body = address.split(",")
    assert head == "data:image/png;base64"
    return np.asarray(Image.open(BytesIO(base64.b64decode(body))))


def test_the_page_allows_itself_alone() -> None:
    text, data = parts(page(Pane(arch="conv(4)", seed=7, x="0.1", w="1e-20", h="1e-20")))
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert policy.replace("&#39;", "'").split("; ") == [
        "default-src 'none'",
        "img-src data: blob:",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not re.search(r"""(?:src|href)=(?!["']?data:)""", text.replace(script, ""))
    assert len(script) < 150_000
    assert data["kind"] == "network"
    assert data["title"].endswith("conv(4), seed 7")
    assert data["view"] == {"x": "0.1", "y": "0", "w": "1e-20", "h": "1e-20"}


def test_no_text_ends_the_script() -> None:
    field = calibrate(Network.draw(parse("conv(2)"), 0), Raster(60, 40))
    title = "</script><script>alert(1)</script>\u2028<!--"
    view = {"x": "0", "y": "0", "w": "1", "h": "1"}
    text, data = parts(render(data_of(field, Tone.fit(field.sample()), title=title, view=view), title))
    assert data["title"] == title
    assert text.count("<script") == 2
    assert "alert(1)</" not in text


@pytest.mark.slow
def test_tiles_are_the_picture_s_own_pixels() -> None:
    """Every level is the plane sampled as finely, cut; the colours of all are the Tone's."""
    field = calibrate(Network.draw(parse("conv(3, 3)"), 0), Raster(60, 40))
    tone = Tone.fit(field.sample())
    view = {"x": "0.2", "y": "0", "w": "0.5", "h": "0.5"}
    data: dict[str, Any] = data_of(field, tone, title="", view=view)
    assert data["kind"] == "tiles"
    assert data["reason"] == "layer 0 reads a window of 3 x 3 pixels"
    assert [len(level) for level in data["levels"]] == [4**n for n in range(len(data["levels"]))]
    assert len(data["levels"]) >= 3
    columns, rows = TILE
    whole = paint(field.sample(Raster(2 * columns, 2 * rows, Plane(0.2, 0.0, 0.5, 0.5))), tone).pixels
    for i, tile in enumerate(data["levels"][1]):
        row, column = divmod(i, 2)
        part = whole[row * rows : (row + 1) * rows, column * columns : (column + 1) * columns]
        assert (pixels(tile) == part).all()
    assert (pixels(data["levels"][0][0]) == pixels(data["poster"])).all()


@pytest.mark.slow
def test_a_fitted_pyramid_has_one_tone() -> None:
    """Fitted once, to the first level: the mean colour hardly changes from one level to the next."""
    field = calibrate(Network.draw(parse("conv(3, 3)"), 0), Raster(60, 40))
    view = {"x": "0", "y": "0", "w": "1e-3", "h": "1e-3"}
    data: dict[str, Any] = data_of(field, Tone.fit(field.sample()), title="", view=view, contrast="view")
    first, second = (np.mean([pixels(tile) for tile in level], axis=(0, 1, 2)) for level in data["levels"][:2])
    assert pixels(data["poster"]).std() > 20
    np.testing.assert_allclose(first, second, atol=1)


def test_a_view_too_small_is_refused() -> None:
    with pytest.raises(LimitError, match="1e-240"):
        page(Pane(arch="conv(4)", w="1e-300", h="1e-300"))


@pytest.mark.slow
def test_a_page_that_rounding_makes_says_so() -> None:
    assert b"rounding: off by about" in page(Pane(arch="conv(5) * 100", act="sin"))
    assert b"rounding:" not in page(Pane(arch="conv(5) * 3"))
