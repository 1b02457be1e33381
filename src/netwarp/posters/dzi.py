"""A Deep Zoom picture: a folder of PNG tiles, level by level, for a viewer on a page such as OpenSeadragon.

Source: Microsoft's DZI schema of 2008: levels are counted from one pixel up, NAME_files/LEVEL/COLUMN_ROW.png.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np

from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.files import temporary_in, write
from netwarp.posters.painting import Pixels
from netwarp.posters.png import Png

TILE = 256
# of zlib: tiles are many, and the poster itself is compressed harder
LEVEL = 1
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" '
    'TileSize="{tile}" Overlap="0" Format="png"><Size Width="{columns}" Height="{rows}"/></Image>\n'
)


class DeepZoom:
    """The tiles of a poster, in a folder that has a temporary name until `finish`. Tiles have 8 bits a colour."""

    def __init__(self, target: Path, columns: int, rows: int, profile: tuple[str, bytes] | None) -> None:
        self.description = target.with_suffix(".dzi")
        self.folder = target.with_name(f"{target.stem}_files")
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"--dzi: {str(self.folder)!r} is no folder; move it away, or choose another --out")
        self.levels = 1 + (max(columns, rows) - 1).bit_length()
        self._size, self._colours = (columns, rows), Png(columns, rows, profile=profile).colours
        self._made = temporary_in(target.parent)
        self._made.mkdir()

    def emit(self, level: int, row: int, pixels: Pixels) -> None:
        """Writes a row of tiles. Errors: OSError."""
        if pixels.dtype == np.uint16:
            pixels = ((pixels.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
        folder = self._made / str(self.levels - 1 - level)
        folder.mkdir(exist_ok=True)

        def do(column: int) -> None:
            tile = pixels[:, column * TILE : (column + 1) * TILE]
            png = Png(tile.shape[1], tile.shape[0], level=LEVEL)
            (folder / f"{column}_{row}.png").write_bytes(png.whole(tile, self._colours))

        spread(range(-(-pixels.shape[1] // TILE)), lambda _: do)

    def finish(self) -> None:
        """Puts the folder in its place, and then the description beside it. Errors: OSError, InputError."""
        if self.folder.is_dir():
            before = temporary_in(self.folder.parent)
            self.folder.replace(before)
            shutil.rmtree(before, ignore_errors=True)
        self._made.replace(self.folder)
        columns, rows = self._size
        write(self.description, XML.format(tile=TILE, columns=columns, rows=rows).encode("ascii"))

    def drop(self) -> None:
        """Removes what is not finished."""
        shutil.rmtree(os.fspath(self._made), ignore_errors=True)
