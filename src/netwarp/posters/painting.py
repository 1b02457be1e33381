"""Values as pixels of 8 or 16 bits in one of the spaces that posters are written in.

Those of sRGB are `paint`'s, to the last bit. All else goes by float32 linear light, whose powers are the system's: the
last of 16 bits may differ from machine to machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats
from netwarp.engine.threads import spread
from netwarp.picture.fine import linear_srgb, to_dithered
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

    def pixels(self, values: Floats, first_row: int) -> Pixels:
        """(k, rows, columns) values, of the rows from `first_row` on, as (rows, columns, 3). Errors: NotFiniteError."""
        if self.space == SPACES[0]:
            painted = paint(values, self.tone, depth=self.depth, first_row=first_row)
            return painted.pixels if painted.deep is None else painted.deep
        check_finite(values, self.tone.channels)
        rows, columns = values.shape[1:]
        top = (1 << self.depth) - 1
        out = np.empty((rows, columns, 3), np.uint8 if self.depth == 8 else np.uint16)
        matrix = self.space.from_linear_srgb().astype(np.float32)

        def band(part: slice) -> None:
            unit = self.tone.unit(values[:, part])
            light = linear_srgb(unit, self.tone.colour)
            encoded = self.space.encoded(np.tensordot(matrix, light, axes=1))
            if self.tone.dither and self.depth == 8:
                to_dithered(np.ascontiguousarray(encoded), first_row + part.start, out[part])
                return
            encoded *= np.float32(top)
            encoded += np.float32(0.5)
            out[part] = np.moveaxis(np.minimum(encoded, np.float32(top)), 0, -1)

        spread(list(rows_of_bands(rows, columns)), lambda _: band)
        return out
