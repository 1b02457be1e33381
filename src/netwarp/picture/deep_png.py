"""A PNG of 16 bits a colour, which Pillow does not write. Source: PNG 1.2 (chunks, filters)."""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.pngtext import SIGNATURE

# of the filters: what differs from the pixel before, and from the row above
SUB, UP = 1, 2
# most of 16 bits are noise to a compressor, and trying harder takes four times as long for a twentieth of the bytes
LEVEL = 4


def write_deep(stream: BinaryIO, pixels: NDArray[np.uint16], keyword: str, text: str) -> None:
    """Writes (rows, columns, 3) sRGB, with a text of ASCII under a keyword, none where it is empty."""
    rows, columns, _ = pixels.shape
    stream.write(SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 16, 2, 0, 0, 0)))
    stream.write(chunk(b"sRGB", b"\0"))
    if text:
        stream.write(chunk(b"iTXt", keyword.encode("ascii") + b"\0\0\0\0\0" + text.encode("ascii")))
    stream.write(chunk(b"IDAT", zlib.compress(filtered(pixels).data, LEVEL)) + chunk(b"IEND", b""))


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG: its length, kind and body, and their CRC-32."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def filtered(pixels: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.uint8]:
    """(rows, 1 + bytes of a row) of (rows, columns, 3): by Up, the first by Sub; 16 bits have the big end first."""
    if pixels.dtype == np.uint16:
        pixels = pixels.astype(">u2")
    size = 3 * pixels.dtype.itemsize
    flat = np.ascontiguousarray(pixels).view(np.uint8).reshape(len(pixels), -1)
    out = np.empty((len(flat), 1 + flat.shape[1]), np.uint8)
    out[0, 0], out[1:, 0] = SUB, UP
    out[0, 1 : 1 + size] = flat[0, :size]
    np.subtract(flat[0, size:], flat[0, :-size], out=out[0, 1 + size :])
    np.subtract(flat[1:], flat[:-1], out=out[1:, 1:])
    return out
