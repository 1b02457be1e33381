"""The pictures that the page without a server has beforehand are current, and of the whole zoo."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netwarp.architecture import zoo
from netwarp.architecture.counts import count
from toolbox import tool


def table(text: str) -> dict[str, Any]:
    found = re.findall(r"^export const (PICTURES|TONES): .*? = (.*);$", text, re.MULTILINE)
    return {name: json.loads(value) for name, value in found}


def pixels(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"), float)


@pytest.mark.slow
def test_they_are_current() -> None:
    made, kept = table(tool("beforehand").text()), table(tool("beforehand").TARGET.read_text(encoding="utf-8"))
    pictures = [[one.pop("picture") for one in each["PICTURES"]] for each in (made, kept)]
    remedy = "run `python tools/beforehand.py`, then `npm run build` in web"
    assert made["PICTURES"] == kept["PICTURES"], remedy
    for one, other in zip(made["TONES"], kept["TONES"], strict=True):
        for end in ("low", "high"):
            np.testing.assert_allclose(one["tone"].pop(end), other["tone"].pop(end), rtol=1e-6, err_msg=remedy)
        assert one == other, remedy
    # another version packs the same pixels otherwise, but not into another picture
    for one, other in zip(*pictures, strict=True):
        assert np.abs(pixels(one) - pixels(other)).mean() < 4, remedy


def test_the_zoos_networks_with_windows_are_there() -> None:
    kept = table(tool("beforehand").TARGET.read_text(encoding="utf-8"))
    wide = {str(one.architecture) for one in zoo.entries() if count(one.architecture).field > 1}
    assert wide
    assert wide <= {one["text"] for one in kept["PICTURES"]}
