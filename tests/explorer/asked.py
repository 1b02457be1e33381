"""What tests of the messages ask for, and how they read a picture."""

from typing import Any

import numpy as np

HOME = {"x": "0", "y": "0", "w": "1", "h": "1"}
SMALL = {"arch": "conv(6) * 3", "seed": 5}


def pixels_of(answer: dict[str, Any]) -> np.ndarray:
    assert answer["kind"] == "pixels", answer
    rgba = np.frombuffer(answer["bytes"], np.uint8).reshape(answer["rows"], answer["columns"], 4)
    assert (rgba[..., 3] == 255).all()
    return rgba[..., :3]
