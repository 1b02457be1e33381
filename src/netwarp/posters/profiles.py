"""ICC profiles of the three RGB spaces that posters are written in: what a file says of its colours.

A profile is a matrix and a transfer function (ICC.1:2010, version 4.3), the same bytes each time: it holds no time.
Sources: IEC 61966-2-1 (sRGB), SMPTE EG 432-1 with sRGB's transfer function (Display P3), Adobe RGB (1998); Lam's
Bradford matrix, by which ICC.1 has the white D65 adapted to D50.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, nearest, shown
from netwarp.picture.colour import PRIMARIES, WHITE

BRADFORD = np.array([(0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296)])
D50 = np.array([0.9642, 1.0, 0.8249])
# g, a, b, c and d of ICC's parametric curve 3: ((a x + b) ^ g above d, else c x)
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
ADOBE_GAMMA = 563 / 256


@dataclass(frozen=True, slots=True)
class RgbSpace:
    """An RGB space with the white D65: its primaries in x, y, and its gamma, None where it is sRGB's curve."""

    name: str
    title: str
    primaries: tuple[tuple[float, float], ...]
    gamma: float | None = None

    def to_xyz(self) -> NDArray[np.float64]:
        """(3, 3): linear red, green and blue to XYZ, white's Y being 1."""
        xyz = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in (*self.primaries, WHITE)])
        columns = xyz[:3].T
        return np.asarray(columns * np.linalg.solve(columns, xyz[3]))

    def from_linear_srgb(self) -> NDArray[np.float64]:
        """(3, 3): linear sRGB to this space's linear red, green and blue."""
        return np.asarray(np.linalg.inv(self.to_xyz()) @ SPACES[0].to_xyz())

    def encoded(self, light: NDArray[np.float32]) -> NDArray[np.float32]:
        """Linear light, clipped to 0..1, as what is written, 0..1."""
        light = np.clip(light, np.float32(0), np.float32(1))
        if self.gamma is not None:
            return np.asarray(light ** np.float32(1 / self.gamma), np.float32)
        bent = np.float32(1.055) * light ** np.float32(1 / 2.4) - np.float32(0.055)
        return np.where(light <= np.float32(0.0031308), light * np.float32(12.92), bent).astype(np.float32)


SPACES = (
    RgbSpace("srgb", "sRGB", PRIMARIES),
    RgbSpace("display-p3", "Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))),
    RgbSpace("adobe-rgb", "Adobe RGB (1998)", ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), ADOBE_GAMMA),
)


def space_of(name: str) -> RgbSpace:
    """The space of that name. Errors: InputError."""
    found = next((space for space in SPACES if space.name == name), None)
    if found is None:
        names = [space.name for space in SPACES]
        raise InputError(f"--profile {shown(name)}: must be one of {', '.join(names)}{nearest(name, names)}")
    return found


@cache
def icc(space: RgbSpace) -> bytes:
    """The profile of a space, version 4.3 of ICC's format."""
    white = np.array([WHITE[0] / WHITE[1], 1.0, (1 - sum(WHITE)) / WHITE[1]])
    adapted = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ white)) @ BRADFORD
    columns = adapted @ space.to_xyz()
    if space.gamma is None:
        curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(*SRGB_CURVE)
    else:
        curve = b"para" + struct.pack(">IHH", 0, 0, 0) + _fixed(space.gamma)
    tags = [
        (b"desc", _text(space.title)),
        (b"cprt", _text("No copyright, use freely")),
        (b"wtpt", _xyz(D50)),
        (b"chad", b"sf32" + bytes(4) + _fixed(*adapted.ravel())),
        *((kind, _xyz(column)) for kind, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns.T, strict=True)),
        *((kind, curve) for kind in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body, places = b"", b"", dict[bytes, int]()
    for kind, data in tags:
        # the three curves share their bytes
        if data not in places:
            places[data] = offset + len(body)
            body += data + bytes(-len(data) % 4)
        table += kind + struct.pack(">II", places[data], len(data))
    size = offset + len(body)
    # the date is one of the format's, not of the run
    date = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x04300000, b"mntr", b"RGB ", b"XYZ ") + date + b"acsp"
    head += bytes(24) + struct.pack(">I", 0) + _fixed(*D50)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def _fixed(*numbers: float) -> bytes:
    """s15Fixed16: 65,536ths."""
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _xyz(column: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*column)


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(data), 28) + data
