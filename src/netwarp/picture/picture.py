"""Picture: painted pixels with their recipe, and how they become a PNG."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import instance
from netwarp.errors import InputError
from netwarp.files import replacing
from netwarp.log import step
from netwarp.picture.deep_png import write_deep
from netwarp.picture.pngtext import MAX_TEXT
from netwarp.picture.recipe import KEYWORD, Recipe, sheet_json

# measured at 600x400: 8 ms and 44 kB; level 1 saves nothing and writes a third more, the usual 6 takes 13 ms for 38 kB,
# and on pictures full of detail twice the time of 4 for the same bytes
COMPRESSION = 4


class Told(Protocol):
    """What a picture was drawn from, where that is more than one network's Recipe says."""

    def to_json(self) -> str:
        """One line of ASCII."""


@dataclass(frozen=True, eq=False)
class Picture:
    """(rows, columns, 3) uint8 sRGB pixels, read-only, row 0 at the top; and the Recipe that draws them, or None.

    A contact sheet has the tuple of its pictures' recipes, a decision's picture a DecisionRecipe. `deep` is the same
    picture with 16 bits a colour, where it has them: then this is what is written. Shows itself in a
    notebook. Errors: InputError.

    >>> picture = nw.draw("conv(10) * 2", size=(60, 40), calibration=nw.Raster(60, 40)).picture
    >>> picture
    Picture(60x40)
    >>> picture.save("warp.png")
    >>> picture.save("warp.jpg")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: file 'warp.jpg': pictures are written as .png only; name it as in warp.png
    """

    pixels: NDArray[np.uint8]
    recipe: Recipe | Told | tuple[Recipe, ...] | None = field(default=None, repr=False)
    deep: NDArray[np.uint16] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        pixels = instance(self.pixels, np.ndarray, "picture pixels", "a uint8 array (rows, columns, 3)")
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise InputError("picture pixels: must be a uint8 array (rows, columns, 3)")
        if 0 in pixels.shape:
            raise InputError(f"picture {self.pixels.shape[1]}x{self.pixels.shape[0]}: must have at least one pixel")
        if self.deep is not None:
            deep = instance(self.deep, np.ndarray, "picture deep", "a uint16 array (rows, columns, 3)")
            if deep.dtype != np.uint16 or deep.shape != pixels.shape:
                raise InputError("picture deep: must be a uint16 array of the shape of its pixels")
            deep = np.ascontiguousarray(deep)[:]
            deep.flags.writeable = False
            object.__setattr__(self, "deep", deep)
        pixels = np.ascontiguousarray(pixels)[:]
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)

    def __repr__(self) -> str:
        return f"Picture({self.columns}x{self.rows})"

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])

    def save(self, path: str | os.PathLike[str]) -> None:
        """The picture as the PNG file `path`, its recipe in the text chunk "netwarp"; whole or not at all.

        Errors: InputError where the name does not end in .png or the file cannot be written.
        """
        if Path(path).suffix.lower() != ".png":
            raise InputError(f"file {os.fspath(path)!r}: pictures are written as .png only; name it as in warp.png")
        with replacing(path) as stream:
            self._encode(stream)

    def to_png(self) -> bytes:
        """The bytes of the PNG file `save` writes."""
        stream = io.BytesIO()
        self._encode(stream)
        return stream.getvalue()

    def _repr_png_(self) -> bytes:
        return self.to_png()

    def _encode(self, stream: BinaryIO) -> None:
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        if self.recipe is not None:
            recipe = self.recipe
            data = sheet_json(recipe) if isinstance(recipe, tuple) else recipe.to_json()
            if len(data) > MAX_TEXT:
                raise InputError(f"picture: its recipe has {len(data):,} characters, at most {MAX_TEXT:,} can be read")
            # not compressed: Pillow refuses to open a PNG whose text inflates to more than 1 MiB
            text.add_itxt(KEYWORD, data)
        if self.deep is not None:
            with step("encode PNG"):
                write_deep(stream, self.deep, KEYWORD, "" if self.recipe is None else data)
            return
        with step("encode PNG"):
            Image.fromarray(self.pixels).save(stream, format="PNG", compress_level=COMPRESSION, pnginfo=text)
