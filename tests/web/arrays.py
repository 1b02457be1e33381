"""Arrays on their way to node and back: base64 of their little-endian bytes."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray


def floats(text: str) -> NDArray[np.float64]:
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


def packed(values: Any) -> dict[str, str]:
    return {"floats": base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode("ascii")}
