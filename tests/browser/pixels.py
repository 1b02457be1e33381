"""What the page's own window gives tests and lessons: a pane's picture."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from netwarp.plane import Plane


def picture(page: Any, pane: int = 0) -> tuple[np.ndarray, Plane]:
    """(rows, columns, 3) bytes, and the plane that they show."""
    found = page.evaluate(
        """pane => {
          const { width, height, data, plane } = netwarp.pixels(pane);
          let text = "";
          for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
          return { width, height, plane, data: btoa(text) };
        }""",
        pane,
    )
    pixels = np.frombuffer(base64.b64decode(found["data"]), np.uint8).reshape(found["height"], found["width"], 4)
    return pixels[..., :3], Plane(*found["plane"])
