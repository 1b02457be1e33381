"""Sizes on paper: what --print, --dpi and --bleed say, in pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from netwarp.errors import InputError, nearest, shown
from netwarp.plane import Plane, Raster

INCH = 25.4  # millimetres
UNITS = {"mm": 1.0, "cm": 10.0, "in": INCH}
# ISO 216 (A, B), and American sizes: the shorter side and the longer, in millimetres
PAPERS: dict[str, tuple[float, float]] = {
    "A0": (841, 1189), "A1": (594, 841), "A2": (420, 594), "A3": (297, 420), "A4": (210, 297), "A5": (148, 210),
    "A6": (105, 148), "B0": (1000, 1414), "B1": (707, 1000), "B2": (500, 707), "B3": (353, 500), "B4": (250, 353),
    "B5": (176, 250), "letter": (215.9, 279.4), "legal": (215.9, 355.6), "tabloid": (279.4, 431.8),
}  # fmt: skip
_LENGTH = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(mm|cm|in)", re.ASCII)
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)x(\d{1,9}(?:\.\d{1,9})?)\s*(mm|cm|in)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper of so many millimetres, printed at `dpi` pixels an inch, with `bleed` millimetres all around.

    The bleed is cut off: the picture goes on there, so that no white shows where the cut is a little off.
    """

    width: float
    height: float
    dpi: float
    bleed: float = 0.0

    @property
    def trimmed(self) -> tuple[int, int]:
        """Columns and rows of what is left of it when it is cut."""
        return max(1, round(self.width / INCH * self.dpi)), max(1, round(self.height / INCH * self.dpi))

    @property
    def margin(self) -> int:
        """Pixels of the bleed, at every side."""
        return round(self.bleed / INCH * self.dpi)

    def with_bleed(self, raster: Raster) -> Raster:
        """The raster of what is left, with as many pixels more at each side, of the same pitch. Errors: LimitError."""
        more = 2 * self.margin
        across, down = raster.pitch
        plane = replace(
            raster.plane, width=raster.plane.width + more * across, height=raster.plane.height + more * down
        )
        return Raster(raster.columns + more, raster.rows + more, plane)


def read_sheet(text: str, dpi: float, bleed: str | None, plane: Plane | None) -> Sheet:
    """The Sheet of "A2" or "420x594mm". A named one lies as the plane does, and across where that is square.

    Errors: InputError.
    """
    named = {name.lower(): sides for name, sides in PAPERS.items()}
    low = text.strip().lower()
    if low in named:
        short, long = named[low]
        upright = plane is not None and plane.height > plane.width
        width, height = (short, long) if upright else (long, short)
    elif found := _SIZE.fullmatch(low):
        width, height = (float(found[n]) * UNITS[found[3]] for n in (1, 2))
    else:
        hint = nearest(text, tuple(PAPERS))
        raise InputError(
            f"--print {shown(text)}: must be a paper such as A2 or letter, or a size as in 420x594mm{hint}"
        )
    if not min(width, height) > 0:
        raise InputError(f"--print {shown(text)}: both sides must be longer than 0, as in 420x594mm")
    margin = 0.0
    if bleed is not None:
        length = _LENGTH.fullmatch(bleed.strip().lower())
        if length is None or float(length[1]) * UNITS[length[2]] > min(width, height):
            raise InputError(f"--bleed {shown(bleed)}: must be a length no longer than the sheet, as in 3mm")
        margin = float(length[1]) * UNITS[length[2]]
    return Sheet(width, height, dpi, margin)
