"""A PNG written band by band: strips of rows deflated apart, whose bytes joined are one valid stream.

Every strip is a raw deflate stream that ends in a full flush: on a whole byte, and without looking back. So strips are
deflated on all cores, a band needs nothing of the one before, and the checksum of the whole follows from those of the
strips. Rows are filtered by what differs from the row above (Up), the first of a strip from the pixel before (Sub).
Sources: PNG 1.2 (chunks, filters), RFC 1950 (Adler-32), RFC 1951 and zlib's manual (full flush).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.picture.deep_png import chunk, filtered
from netwarp.picture.pngtext import MAX_TEXT, SIGNATURE
from netwarp.picture.recipe import KEYWORD
from netwarp.posters.begun import Begun, Note
from netwarp.posters.painting import Pixels

# readers built on libpng refuse wider or higher pictures unless told otherwise
MAX_SIDE = 1_000_000
STRIP_PIXELS = 1 << 18
ADLER = 65521  # the largest prime below 2^16
INCH = 0.0254  # metres


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG of so many columns and rows, of 8 or 16 bits a colour, deflated at `level`, 1 to 9.

    `profile` is the name and the bytes of an ICC profile, None for sRGB, which its chunk says; `dpi` None: not said.
    """

    columns: int
    rows: int
    depth: int = 8
    level: int = 4
    dpi: float | None = None
    profile: tuple[str, bytes] | None = None

    def __post_init__(self) -> None:
        if max(self.columns, self.rows) > MAX_SIDE:
            raise InputError(
                f"poster {self.columns}x{self.rows}: readers of PNG take at most "
                f"{MAX_SIDE:,} pixels a side; choose a smaller size"
            )

    @property
    def tile(self) -> None:
        """A band may have any number of rows."""
        return None

    def head(self, recipe: str) -> bytes:
        """All that comes before the pixels; the recipe, one line of ASCII, is text that `netwarp draw` reads."""
        if len(recipe) > MAX_TEXT:
            raise InputError(f"poster: its recipe has {len(recipe):,} characters, at most {MAX_TEXT:,} can be read")
        parts = [self._begin(), self.colours]
        if self.dpi is not None:
            metre = round(self.dpi / INCH)
            parts.append(chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)))
        parts.append(chunk(b"iTXt", KEYWORD.encode("ascii") + b"\0\0\0\0\0" + recipe.encode("ascii")))
        # the beginning of the deflated stream, whose second byte says how hard was tried and is no more than a remark
        parts.append(chunk(b"IDAT", stream_head(self.level)))
        return b"".join(parts)

    @property
    def colours(self) -> bytes:
        """The chunks that say which space its colours are of."""
        if self.profile is None:
            # perceptual; and gamma, for readers that do not know the chunk before
            return chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 45455))
        name, data = self.profile
        return chunk(b"iCCP", name.encode("latin-1") + b"\0\0" + zlib.compress(data, 9))

    def _begin(self) -> bytes:
        return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", self.columns, self.rows, self.depth, 2, 0, 0, 0))

    def whole(self, pixels: Pixels, colours: bytes) -> bytes:
        """A file of these pixels alone, all of them, as one strip."""
        body = zlib.compress(filtered(pixels).data, self.level)
        return self._begin() + colours + chunk(b"IDAT", body) + chunk(b"IEND", b"")

    def encode(self, pixels: Pixels) -> tuple[list[bytes], Note]:
        """A band (rows, columns, 3) as chunks, and the Adler-32 and the length of what they inflate to."""
        step = max(1, STRIP_PIXELS // self.columns)
        starts = range(0, len(pixels), step)
        found: list[tuple[bytes, int, int]] = [(b"", 1, 0)] * len(starts)

        def work(_: int) -> Callable[[int], None]:
            def do(n: int) -> None:
                rows = filtered(pixels[starts[n] : starts[n] + step]).data
                packer = zlib.compressobj(self.level, zlib.DEFLATED, -15, 9)
                body = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
                found[n] = (chunk(b"IDAT", body), zlib.adler32(rows), rows.nbytes)

            return do

        spread(range(len(starts)), work)
        adler, length = 1, 0
        for _, check, count in found:
            adler, length = joined(adler, check, count), length + count
        return [data for data, _, _ in found], (adler, length)

    def decode(self, data: bytes, _: Note, rows: int) -> Pixels:
        """The pixels of a band of so many rows, of what `encode` made of it."""
        size = 3 * self.depth // 8
        out = np.empty((rows, self.columns * size), np.uint8)
        at = row = 0
        while at < len(data):
            (length,) = struct.unpack_from(">I", data, at)
            body = zlib.decompressobj(-15).decompress(data[at + 8 : at + 8 + length])
            strip = np.frombuffer(body, np.uint8).reshape(-1, 1 + self.columns * size)
            part = out[row : row + len(strip)]
            np.cumsum(strip[0, 1:].reshape(-1, size), axis=0, dtype=np.uint8, out=part[0].reshape(-1, size))
            part[1:] = strip[1:, 1:]
            np.cumsum(part, axis=0, dtype=np.uint8, out=part)
            at, row = at + 12 + length, row + len(strip)
        if self.depth == 8:
            return out.reshape(rows, self.columns, 3)
        return out.view(">u2").astype(np.uint16).reshape(rows, self.columns, 3)

    def finish(self, part: Begun, target: Path) -> None:
        """Ends the file, which then lies in the part, whole, and gives it its name. Errors: OSError."""
        adler = 1
        for band in part.bands:
            check, length = band.note
            adler = joined(adler, check, length)
        # an empty last block, and the checksum of all
        end = chunk(b"IDAT", b"\x03\x00" + struct.pack(">I", adler)) + chunk(b"IEND", b"")
        part.stream.write(end)
        part.stream.flush()
        part.path.replace(target)

    def close(self) -> None:
        """All of it lies in the part."""


def joined(first: int, second: int, length: int) -> int:
    """The Adler-32 of two texts one after the other, of theirs; `length` is the second's."""
    low, high = first & 0xFFFF, first >> 16
    # the second's sums begin at 1 and 0: the first's low sum is added once for each of its bytes
    total = (low + (second & 0xFFFF) - 1) % ADLER
    return ((high + (second >> 16) + length % ADLER * (low - 1)) % ADLER) << 16 | total


def stream_head(level: int) -> bytes:
    """The two bytes that a stream of zlib begins with."""
    return zlib.compress(b"", level)[:2]
