"""Where the parts of a decision's picture stand: the plane's rectangle, the numbers of its axes, the legend."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import ceil
from typing import TYPE_CHECKING

from netwarp.models.decisions import colours
from netwarp.picture.axes import AxesFrame, frame, letter_of, shortened
from netwarp.picture.recipe import check_y

if TYPE_CHECKING:
    from netwarp.models.decisions.decision import Decision


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend: the colour of the area, that of the points where there are any, and the text."""

    area: str
    point: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DecisionLayout(AxesFrame):
    """The AxesFrame of a decision's picture, and the lines of its legend, which stands on the right."""

    entries: tuple[LegendEntry, ...] = ()

    @property
    def legend(self) -> float:
        """Where the legend begins, from the left."""
        return self.left + self.columns + 1.2 * self.letter

    def line(self, n: int) -> float:
        """The middle of the legend's line n, from the top."""
        return self.top + (0.9 + 1.6 * n) * self.letter


def layout(decision: Decision, *, axes: bool, y: str = "up") -> DecisionLayout:
    """The DecisionLayout of a decision's picture; without `axes` the rectangle alone. Errors: InputError."""
    columns, rows = decision.size
    if not axes:
        letter, up = letter_of(columns, rows), check_y(y, "decision y") == "up"
        return DecisionLayout(decision.plane, columns, rows, 0, 0, columns, rows, letter, (), (), up=up)
    placed = frame(decision.plane, columns, rows, axes=decision.axes, y=check_y(y, "decision y"))
    entries, letter = _entries(decision), placed.letter
    words = max(len(entry.text) for entry in entries)
    width = int(placed.left) + columns + ceil(3.6 * letter + 0.6 * letter * words)
    height = max(placed.height, ceil(placed.top + 1.6 * letter * (len(entries) + 0.5)))
    known = {part.name: getattr(placed, part.name) for part in fields(placed)}
    return DecisionLayout(**known | {"width": width, "height": height}, entries=entries)


def _entries(decision: Decision) -> tuple[LegendEntry, ...]:
    palette = decision.palette
    points = decision.points
    labels = None if points is None or points.labels is None else points.labels[points.within(decision.plane)]
    found = []
    for n, (name, share) in enumerate(zip(decision.classes, decision.share, strict=True)):
        shown = labels is not None and bool((labels == n).any())
        point = colours.hexadecimal(palette[n]) if shown else None
        found.append(
            LegendEntry(colours.hexadecimal(colours.tinted(palette[n], colours.FLAT)), point, _line(name, share))
        )
    ties = [
        LegendEntry(
            colours.hexadecimal(colours.tinted(colour, colours.FLAT)),
            None,
            _line(f"tie: {' = '.join(tie.classes)}", tie.share),
        )
        for tie, colour in zip(decision.ties, decision.tie_colours, strict=True)
    ]
    return *found, *ties


def _line(name: str, share: float) -> str:
    return f"{shortened(name)}  {percent(share)}"


def percent(share: float) -> str:
    """As "47.5%"; what is there at all is never called 0.0%, and what is not all never 100.0%."""
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.9995 <= share < 1 - 1e-9:
        return ">99.9%"
    return f"{share:.1%}"
