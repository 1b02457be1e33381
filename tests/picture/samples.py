"""What the tests of this folder share: a small recipe, and PNGs put together by hand."""

from __future__ import annotations

import struct
import zlib

from netwarp.picture.pngtext import SIGNATURE
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster


def small_recipe() -> Recipe:
    return Recipe(
        architecture='Architecture(conv(10) * 10, act="sin")',
        seed=7,
        raster=Raster(3, 2, Plane(0.1, -0.2, 1e-9, 0.3)),
        calibration=Raster(600, 400),
        tone=Tone("lab", (0, 1, 2), (-1.5, 0.1, 2.0), (1.0, 0.2, 2.0)),
        dtype="float64",
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, columns: int = 1, rows: int = 1) -> bytes:
    """A PNG of the chunks given between its header and its end, with no pixel data of its own."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0))
    return SIGNATURE + header + b"".join(chunks) + chunk(b"IEND", b"")
