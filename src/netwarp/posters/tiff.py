"""A pyramidal BigTIFF: the poster in tiles, deflated, and its smaller levels as sub-images of the first.

While it is drawn the tiles of the poster itself lie in the part, and those of the smaller levels in a file without a
name; tifffile then writes the file from both. A resumed run reads the tiles that are there, and makes the levels anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import numpy as np

from netwarp.engine.threads import spread
from netwarp.errors import InputError, LimitError
from netwarp.files import replacing
from netwarp.posters.begun import Begun, Note
from netwarp.posters.painting import Pixels
from netwarp.posters.pyramid import sizes

TILE = 256
# of a row of tiles
ROW_BYTES = 72 << 20
EXTRA = '.tif: needs tifffile; install netwarp with its extra: pip install "netwarp[poster]"'


@dataclass(slots=True)
class Tiff:
    """A TIFF of so many columns and rows, of 8 or 16 bits a colour, deflated at `level`, with an ICC profile."""

    columns: int
    rows: int
    depth: int
    level: int
    dpi: float | None
    profile: bytes
    folder: Path
    recipe: str = ""
    _spool: BinaryIO | None = None
    _places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            import tifffile  # noqa: F401
        except ImportError:
            raise InputError(EXTRA) from None
        if self.columns * TILE * 3 * self.depth // 8 > ROW_BYTES:
            most = ROW_BYTES * 8 // (TILE * 3 * self.depth)
            raise LimitError(
                f"poster {self.columns}x{self.rows}: a .tif of {self.depth} bits has at most {most:,} columns in "
                "bounded memory; choose the ending .png"
            )

    @property
    def tile(self) -> int:
        """Rows of a band: those of a row of tiles."""
        return TILE

    @property
    def levels(self) -> int:
        """How many levels there are: down to one tile."""
        return 1 + max(0, (-(-max(self.columns, self.rows) // TILE) - 1).bit_length())

    def head(self, recipe: str) -> bytes:
        """Nothing stands before the tiles."""
        self.recipe = recipe
        return b""

    def encode(self, pixels: Pixels) -> tuple[list[bytes], Note]:
        """A row of tiles, and the length of each in bytes."""
        tiles = self._tiles(pixels)
        return tiles, tuple(map(len, tiles))

    def decode(self, data: bytes, note: Note, rows: int) -> Pixels:
        """The pixels of a row of tiles. Errors: InputError."""
        out = np.empty((rows, -(-self.columns // TILE) * TILE, 3), self._dtype)
        at = 0
        for n, length in enumerate(note):
            tile = np.frombuffer(zlib.decompress(data[at : at + length]), self._dtype).reshape(TILE, TILE, 3)
            np.cumsum(tile[:rows], axis=1, dtype=self._dtype, out=out[:, n * TILE : (n + 1) * TILE])
            at += length
        return out[:, : self.columns]

    def emit(self, level: int, _: int, pixels: Pixels) -> None:
        """Keeps a row of tiles of a smaller level."""
        if level == 0:
            return
        if self._spool is None:
            # beside the file: what is temporary elsewhere may lie in memory
            self._spool = TemporaryFile(dir=self.folder)  # noqa: SIM115  # closed by `close`
        places = self._places.setdefault(level, [])
        for tile in self._tiles(pixels):
            places.append((self._spool.tell(), len(tile)))
            self._spool.write(tile)

    def finish(self, part: Begun, target: Path) -> None:
        """Writes the file from what is in the part. Errors: OSError, InputError."""
        from tifffile import TiffWriter

        from netwarp.version import VERSION

        inch = None if self.dpi is None else (self.dpi, self.dpi)
        common = {
            "photometric": "rgb",
            "tile": (TILE, TILE),
            "dtype": self._dtype,
            "compression": "adobe_deflate",
            "predictor": True,
            "iccprofile": self.profile,
            "metadata": None,
            "resolution": inch,
            "resolutionunit": None if inch is None else "INCH",
        }
        every = sizes(self.columns, self.rows, self.levels)
        with replacing(target) as stream, TiffWriter(stream, bigtiff=True, byteorder="<") as file:
            for level, (columns, rows) in enumerate(every):
                if level == 0:
                    own = {
                        "data": self._first(part),
                        "description": self.recipe,
                        "software": f"netwarp {VERSION}",
                        "subifds": len(every) - 1,
                    }
                else:
                    own = {"data": self._kept(level), "subfiletype": 1}
                file.write(shape=(rows, columns, 3), **common, **own)  # type: ignore[arg-type]

    def close(self) -> None:
        """Lets the levels go that are not in the file yet."""
        if self._spool is not None:
            self._spool.close()

    @property
    def _dtype(self) -> np.dtype[np.uint8] | np.dtype[np.uint16]:
        return np.dtype("u1") if self.depth == 8 else np.dtype("<u2")

    def _first(self, part: Begun) -> Iterator[bytes]:
        for band in part.bands:
            data, at = part.read(band), 0
            for length in band.note:
                yield data[at : at + length]
                at += length

    def _kept(self, level: int) -> Iterator[bytes]:
        assert self._spool is not None
        for at, length in self._places[level]:
            self._spool.seek(at)
            yield self._spool.read(length)

    def _tiles(self, pixels: Pixels) -> list[bytes]:
        """Deflated tiles of rows of pixels, by differences along each row; at edges the last pixels are repeated."""
        columns = pixels.shape[1]
        found = [b""] * (-(-columns // TILE))

        def do(n: int) -> None:
            tile = pixels[:, n * TILE : (n + 1) * TILE]
            down, across = TILE - tile.shape[0], TILE - tile.shape[1]
            full = np.pad(tile, ((0, down), (0, across), (0, 0)), mode="edge")
            full = full.astype(self._dtype)
            apart: Pixels = full.copy()
            apart[:, 1:] -= full[:, :-1]
            found[n] = zlib.compress(apart.data, self.level)

        spread(range(len(found)), lambda _: do)
        return found
