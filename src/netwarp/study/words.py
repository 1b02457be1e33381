"""Words and tables that measurements, comparisons and atlases share."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from netwarp.measures.intervals import Interval, ends, fewest, level_of
from netwarp.measures.measurements import number

if TYPE_CHECKING:
    from netwarp.study.ensemble import Summary


def between(interval: Interval | None) -> str:
    """The interval as text; an en dash where there is none."""
    if interval is None or interval.low is None or interval.high is None:
        return "–"
    return f"{number(interval.low)} to {number(interval.high)}"


def resolved(one: Summary) -> str:
    """On how many of the seeds that have a value the raster resolves it; nothing for measures of no raster."""
    if one.resolved is None:
        return ""
    if one.present == 1:
        return "yes" if one.resolved else "no"
    return f"{one.resolved} of {one.present}"


def too_few(seeds: int, family: int = 1, what: str = "comparisons") -> str:
    """Why there is no interval, for one of a `family` of so many."""
    of = "no interval" if family == 1 else f"no interval that holds for {family} {what} together"
    return f"{seeds} seed{'' if seeds == 1 else 's'}: {of}, which takes at least {fewest(level_of(family))}"


def count_of(seeds: Sequence[int]) -> str:
    """Seeds in words: "seeds 0 to 31", "seed 7", "5 seeds"."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{len(seeds)} seeds ({seeds[0]} to {seeds[-1]})"
    return f"{len(seeds)} seeds"


def summary(one: Summary) -> dict[str, object]:
    """A Summary as plain data."""
    value, low, high = ends(one.interval)
    return {
        "value": value,
        "low": low,
        "high": high,
        "ramp": one.ramp,
        "noise": one.noise,
        "unit": one.unit,
        "resolved": one.resolved,
        "present": one.present,
        "reason": one.reason or None,
    }


def table(header: Sequence[str], rows: Iterator[Sequence[object]]) -> str:
    """A CSV with a header; what is None is empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return stream.getvalue()
