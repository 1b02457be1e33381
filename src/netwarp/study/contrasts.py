"""One measure of two ensembles of the same seeds: how many times as much, how surely, and which way is more complex.

The same seeds make two networks of one shape alike, and hardly two of different shapes: `correlation` tells.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.intervals import Interval, agreement, effect, fewest, level_of, median, ratio
from netwarp.measures.measurements import number
from netwarp.measures.registry import find, names
from netwarp.study.ensemble import Ensemble, Summary
from netwarp.study.words import between, summary

Direction = Literal[1, -1]
Verdict = Literal["more", "less", "undecided"]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Contrast:
    """One measure of a later architecture against the first, over the seeds where both have a value, as pairs.

    `ratio` is the median of the ratios second / first, one a seed, which is not the ratio of the medians; where a value
    is not positive it is None and `difference`, the median of second - first, stands in. Its interval is one of a
    `family` of so many that hold together with 95%. `correlation` is the rank correlation of the pairs, `delta` is
    Cliff's. `direction` is 1 where larger is more complex, -1 where smaller is, None where neither can be said;
    `verdict` is None then. `reason` is why nothing can be compared, `medians` those of both over the pairs.
    """

    name: str
    unit: str
    first: Summary
    second: Summary
    pairs: int
    direction: Direction | None
    ratio: Interval | None = None
    difference: Interval | None = None
    delta: float | None = None
    verdict: Verdict | None = None
    reason: str = ""
    medians: tuple[float, float] | None = None
    family: int = 1
    correlation: float | None = None

    @property
    def resolved(self) -> bool | None:
        """Whether most seeds of both are resolved on the raster; None for a measure that needs no raster."""
        ends = (self.first, self.second)
        if any(one.resolved is None for one in ends):
            return None
        return all(2 * (one.resolved or 0) > one.present for one in ends)

    @property
    def alike(self) -> bool:
        """Whether all values of both are taken in one way, of exact cells or of pixels, as far as they say."""
        exact, of = (self.first.exact or 0) + (self.second.exact or 0), self.first.present + self.second.present
        return exact in (0, of)

    def flag(self) -> str:
        """What a reader must know of how it was taken: of how many pairs, and whether the raster resolves it."""
        said = [] if self.resolved is not False else ["not resolved"]
        if self.reason:
            return ""
        if not self.alike:
            said.append("of exact cells for some networks, of pixels for others")
        if self.pairs < max(self.first.of, self.second.of):
            said.append(f"{self.pairs} of {self.first.of} pairs")
        if self.pairs < (needed := fewest(level_of(self.family))):
            said.append(f"too few for an interval: {needed} needed")
        return ", ".join(said)

    def change(self) -> str:
        """The ratio, or where there is none the difference, as text."""
        if self.ratio is not None:
            return f"× {number(self.ratio.value)}"
        return "–" if self.difference is None else f"{self.difference.value:+.4g}".replace("-", "−")

    def interval(self) -> str:
        """Its interval."""
        return between(self.ratio or self.difference)

    def word(self) -> str:
        """The verdict in a word or two; nothing where there is none."""
        if self.direction is None and not self.reason:
            return "no direction"
        return (
            ""
            if self.verdict is None
            else {"more": "more complex", "less": "less complex", "undecided": "undecided"}[self.verdict]
        )

    def fewer(self) -> str:
        """What less of it is, in words."""
        return (find(self.name).fewer if self.name in names() else "") or self.name

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""

        return {
            "unit": self.unit,
            "first": _of_its_own(self.first),
            "second": _of_its_own(self.second),
            "pairs": self.pairs,
            "medians_of_pairs": None if self.medians is None else list(self.medians),
            "resolved": self.resolved,
            "median_ratio": _plain(self.ratio),
            "median_difference": _plain(self.difference),
            "rank_correlation": self.correlation,
            "cliffs_delta": self.delta,
            "direction": self.direction,
            "verdict": self.verdict,
            "reason": self.reason or None,
        }


def _plain(one: Interval | None) -> dict[str, object] | None:
    return None if one is None else asdict(one)


def _of_its_own(one: Summary) -> dict[str, object]:
    """A Summary without its interval: intervals of two medians, each held to 95% alone, are no comparison."""
    return {key: value for key, value in summary(one).items() if key not in ("low", "high")}


def contrasts(first: Ensemble, second: Ensemble, *, family: int) -> tuple[Contrast, ...]:
    """Every measure of the second against the first, among `family` comparisons in all."""
    return tuple(contrast(name, first, second, family=family) for name in first.measurements)


def contrast(name: str, first: Ensemble, second: Ensemble, *, family: int = 1) -> Contrast:
    """One measure of two Ensembles of the same seeds, compared over the seeds where both have a value.

    It is one of `family` comparisons whose intervals, and so their verdicts, hold together with 95%.
    """
    below, above = first.values(name), second.values(name)
    both = np.isfinite(below) & np.isfinite(above)
    sums = first.summary(name), second.summary(name)
    direction = oriented(name, sums[0].ramp, sums[0].noise)
    pairs = int(both.sum())
    if not pairs:
        absent = [one for one in sums if one.reason]
        reason = absent[0].reason if absent else "no seed has a value of both"
        return Contrast(name, sums[0].unit, *sums, pairs=0, direction=direction, reason=reason, family=family)
    below, above = below[both], above[both]
    times, more = changes(below, above, family=family)
    return Contrast(
        name,
        sums[0].unit,
        *sums,
        pairs=pairs,
        ratio=times,
        difference=more,
        delta=effect(below, above),
        direction=direction,
        verdict=None if direction is None else judged(direction, times, more),
        medians=(float(np.median(below)), float(np.median(above))),
        family=family,
        correlation=agreement(below, above),
    )


def changes(below: Array, above: Array, *, family: int) -> tuple[Interval | None, Interval | None]:
    """The median ratio of (n,) pairs, and None; where one is not positive, None and the median difference.

    The interval is one of `family` that hold together with 95%.
    """
    level = level_of(family)
    if (below > 0).all() and (above > 0).all():
        return ratio(below, above, level=level), None
    return None, median(above - below, level=level)


def oriented(name: str, ramp: float | None, noise: float | None) -> Direction | None:
    """The direction of more complex: away from a plain ramp's value and towards white noise's, where both are known.

    Of the others, those that are said to be larger grow with complexity; what is neither has no direction.
    """
    if ramp is not None and noise is not None and ramp != noise:
        return 1 if noise > ramp else -1
    return 1 if name in names() and find(name).larger else None


def judged(direction: Direction, times: Interval | None, more: Interval | None) -> Verdict | None:
    """What the interval of a ratio, or where there is none of a difference, excludes; None for no interval."""
    interval, middle = (times, 1.0) if times is not None else (more, 0.0)
    if interval is None or interval.low is None or interval.high is None:
        return None
    if interval.low <= middle <= interval.high:
        return "undecided"
    return "more" if (interval.low > middle) == (direction > 0) else "less"
