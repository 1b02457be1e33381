"""Values as pixels of 8 or 16 bits in one of the spaces that posters are written in.

8 bits of sRGB are those of `paint`, to the last bit. All else goes by float32 linear light, whose powers are the
system's: the last of 16 bits may differ from machine to machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats
from netwarp.engine.threads import spread
from netwarp.picture import colour as colours_of
from netwarp.picture.colour import OWN, UNCLIPPED, lab_of_unit
from netwarp.picture.hsv_pixels import hsv_encoded
from netwarp.picture.maps import map_encoded
from netwarp.picture.oklab import light_of
from netwarp.picture.paint import paint
from netwarp.picture.ranges import rows_of_bands
from netwarp.picture.tone import Tone, check_finite
from netwarp.posters.profiles import SPACES, RgbSpace

# uint8 or uint16
Pixels = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class PosterPainter:
    """Paints through a Tone into a space, with 8 or 16 bits a colour."""

    tone: Tone
    space: RgbSpace = SPACES[0]
    depth: int = 8

    def pixels(self, values: Floats) -> Pixels:
        """(k, rows, columns) values as (rows, columns, 3) pixels. Errors: NotFiniteError."""
        if self.depth == 8 and self.space == SPACES[0]:
            return paint(values, self.tone).pixels
        check_finite(values, self.tone.channels)
        rows, columns = values.shape[1:]
        top = (1 << self.depth) - 1
        out = np.empty((rows, columns, 3), np.uint8 if self.depth == 8 else np.uint16)
        matrix = self.space.from_linear_srgb().astype(np.float32)

        def band(part: slice) -> None:
            unit = self.tone.unit(values[:, part])
            if self.space == SPACES[0] and self.tone.colour not in (*UNCLIPPED, "lab-clipped"):
                # what is sRGB already goes nowhere else and back
                encoded = _encoded(unit, self.tone.colour)
            else:
                light = linear_srgb(unit, self.tone.colour)
                encoded = self.space.encoded(np.tensordot(matrix, light, axes=1))
            encoded *= np.float32(top)
            encoded += np.float32(0.5)
            out[part] = np.moveaxis(np.minimum(encoded, np.float32(top)), 0, -1)

        spread(list(rows_of_bands(rows, columns)), lambda _: band)
        return out


def linear_srgb(unit: NDArray[np.float32], colour: str) -> NDArray[np.float32]:
    """(1 or 3, ...) positions on a Tone's ranges -> (3, ...) float32 linear sRGB, 0..1."""
    if colour in UNCLIPPED:
        light = light_of(unit, colour)
    elif colour == "lab-clipped":
        light = np.stack(list(colours_of._linear_light(lab_of_unit(unit))))
    else:
        encoded = _encoded(unit, colour)
        bent = ((encoded + np.float32(0.055)) * np.float32(1 / 1.055)) ** np.float32(2.4)
        light = np.where(encoded <= np.float32(0.04045), encoded * np.float32(1 / 12.92), bent)
    return np.clip(light, np.float32(0), np.float32(1)).astype(np.float32)


def _encoded(unit: NDArray[np.float32], colour: str) -> NDArray[np.float32]:
    """Of "rgb", "hsv", "gray" and maps: (3, ...) sRGB, 0..1; between two colours of a map lies what is between them."""
    if colour == "hsv":
        return hsv_encoded(unit)
    if colour in OWN:
        return np.array(np.broadcast_to(unit, (3, *unit.shape[1:])), np.float32)
    colours = map_encoded(colour)
    place = np.linspace(0, 1, len(colours), dtype=np.float32)
    return np.stack([np.interp(unit[0], place, colours[:, c]).astype(np.float32) for c in range(3)])
