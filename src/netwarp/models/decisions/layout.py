"""Where the parts of a decision's picture stand: the plane's rectangle, the numbers of its axes, the legend."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

import numpy as np

from netwarp.models.decisions import colours
from netwarp.plane import Plane
from netwarp.regions.arrays import Floats

if TYPE_CHECKING:
    from netwarp.models.decisions.decision import Decision

MOST_TICKS = 6
WIDEST = 28  # characters of a legend's line


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A number of an axis, and where it stands along it, in pixels from the rectangle's left or top."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend: the colour of the area, that of the points where there are any, and the text."""

    area: str
    point: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DecisionLayout:
    """Sizes in pixels. The plane's rectangle has its left upper corner at `left`, `top`; y grows upwards in it."""

    plane: Plane
    columns: int
    rows: int
    left: float
    top: float
    width: int
    height: int
    letter: float  # the size of the font
    across: tuple[AxisMark, ...]
    down: tuple[AxisMark, ...]
    entries: tuple[LegendEntry, ...]
    axes: tuple[str, str] = ("", "")  # what stands below the one, and beside the other

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1"""
        half, tall = self.plane.width / 2, self.plane.height / 2
        return self.plane.x - half, self.plane.x + half, self.plane.y - tall, self.plane.y + tall

    def place(self, points: Floats) -> Floats:
        """(n, 2) points of the plane -> pixels of the picture, y downwards."""
        x0, _, _, y1 = self.bounds
        placed = np.empty((len(points), 2))
        placed[:, 0] = self.left + (points[:, 0] - x0) * (self.columns / self.plane.width)
        placed[:, 1] = self.top + (y1 - points[:, 1]) * (self.rows / self.plane.height)
        return placed

    @property
    def legend(self) -> float:
        """Where the legend begins, from the left."""
        return self.left + self.columns + 1.2 * self.letter

    def line(self, n: int) -> float:
        """The middle of the legend's line n, from the top."""
        return self.top + (0.9 + 1.6 * n) * self.letter


def layout(decision: Decision, *, axes: bool) -> DecisionLayout:
    """The DecisionLayout of a decision's picture; without `axes` the rectangle alone."""
    columns, rows = decision.size
    letter = max(11.0, min(columns, rows) / 40)
    if not axes:
        return DecisionLayout(decision.plane, columns, rows, 0, 0, columns, rows, letter, (), (), ())
    plane = decision.plane
    most = max(2, min(MOST_TICKS, int(columns / (6 * letter)))), max(2, min(MOST_TICKS, int(rows / (3 * letter))))
    across = _marks(plane.x - plane.width / 2, plane.width, columns, most[0])
    up = _marks(plane.y - plane.height / 2, plane.height, rows, most[1])
    down = tuple(AxisMark(rows - mark.at, mark.text) for mark in up)
    entries = _entries(decision)
    # as long as the side that they stand at
    x, y = decision.axes
    axes_of = _short(x, int(columns / (0.6 * letter))), _short(y, int(rows / (0.6 * letter)))
    beside, below = (1.5 * letter * bool(name) for name in axes_of[::-1])
    left = ceil(1.2 * letter + 0.62 * letter * max((len(mark.text) for mark in down), default=0) + beside)
    top = ceil(0.8 * letter)
    words = max(len(entry.text) for entry in entries)
    width = left + columns + ceil(3.6 * letter + 0.6 * letter * words)
    height = max(top + rows + ceil(2.4 * letter + below), ceil(top + 1.6 * letter * (len(entries) + 0.5)))
    return DecisionLayout(plane, columns, rows, left, top, width, height, letter, across, down, entries, axes_of)


def _entries(decision: Decision) -> tuple[LegendEntry, ...]:
    palette = decision.palette
    labels = None if decision.points is None else decision.points.labels
    found = []
    for n, (name, share) in enumerate(zip(decision.classes, decision.share, strict=True)):
        shown = labels is not None and bool((labels == n).any())
        point = colours.hexadecimal(palette[n]) if shown else None
        found.append(
            LegendEntry(colours.hexadecimal(colours.tinted(palette[n], colours.FLAT)), point, _line(name, share))
        )
    ties = [
        LegendEntry(colours.TIE, None, _line(f"tie: {' = '.join(tie.classes)}", tie.share)) for tie in decision.ties
    ]
    return *found, *ties


def _line(name: str, share: float) -> str:
    return f"{_short(name)}  {percent(share)}"


def _short(name: str, most: int = WIDEST) -> str:
    most = max(most, WIDEST)
    return name if len(name) <= most else name[: most - 3] + "..."


def percent(share: float) -> str:
    """As "47.5%"; what is there at all is never called 0.0%, and what is not all never 100.0%."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1 - 1e-9:
        return ">99.9%"
    return f"{share:.1%}"


def _marks(low: float, length: float, pixels: int, most: int) -> tuple[AxisMark, ...]:
    """At most `most` round numbers of an axis that begins at `low`."""
    values, digits = round_numbers(low, low + length, most)
    return tuple(AxisMark((value - low) / length * pixels, f"{value:.{digits}f}") for value in values)


def round_numbers(low: float, high: float, most: int) -> tuple[list[float], int]:
    """The multiples of the smallest 1, 2 or 5 times a power of ten of which at most `most` are from low to high, and
    how many digits they have after the point."""
    power = floor(log10((high - low) / most)) - 1
    while True:
        for lead in (1, 2, 5):
            # whole numbers of steps: products of a rounded step would drift
            first, last = (value / lead / 10.0**power for value in (low, high))
            first, last = ceil(first - 1e-9), floor(last + 1e-9)
            if last - first < most:
                scale = 10.0**-power if power < 0 else 1.0
                numbers = [n * lead / scale if power < 0 else n * lead * 10.0**power for n in range(first, last + 1)]
                return numbers, max(0, -power)
        power += 1
