"""What the page that needs no server takes from the library is current."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import numpy as np
from PIL import Image

from netwarp.explorer.gallery import presets
from toolbox import tool


def values(text: str) -> dict[str, Any]:
    return {
        name: json.loads(value) for name, value in re.findall(r"^export const (\w+): .*? = (.*);$", text, re.MULTILINE)
    }


def pixels(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"), float)


def test_the_table_is_current() -> None:
    made, kept = (values(text) for text in (tool("site").text(), tool("site").TARGET.read_text(encoding="utf-8")))
    thumbs = [[offer.pop("thumb") for offer in table["GALLERY"]] for table in (made, kept)]
    assert made == kept, "run `python tools/site.py`, then `npm run build` in web"
    # another version packs the same pixels otherwise, but not into another picture
    for one, other in zip(*thumbs, strict=True):
        assert np.abs(pixels(one) - pixels(other)).mean() < 4


def test_all_presets_are_in_its_gallery() -> None:
    titles = [offer["title"] for offer in values(tool("site").TARGET.read_text(encoding="utf-8"))["GALLERY"]]
    assert titles == [preset.title for preset in presets()]
