"""Rounding: how far the float64 evaluation of a Field strays from the network's own function, as probes found it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, isnan
from typing import TypedDict

from netwarp import words

# an error above this share of the output's deviation is reported
REPORTED = 1e-3
# float32 rounds so many times as coarsely as float64; a gap up to CALM between them is no chaos, and scales with it
COARSER, CALM = 2.0**29, 0.1


class RoundingData(TypedDict):
    """A Rounding as a JSON object: `share` null where it is not finite."""

    share: float | None
    points: int
    reported: bool
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """How far the values of a view are off: `share` is the largest error found, in standard deviations of its channel.

    `points` is at how many points exact values were computed. Where it is 0, none were: `share` is then what the growth
    of small changes lets expect. NaN: nothing is known, of an outside function.
    """

    share: float
    points: int = 0
    dtype: str = "float64"

    @property
    def reported(self) -> bool:
        """Whether it is above 1e-3: values that far off must not be called the network's function."""
        return self.share > REPORTED

    def sentence(self) -> str:
        """One line for a reader; empty where nothing needs to be said."""
        if not self.reported:
            return ""
        many = _spelled(self.share) if isfinite(self.share) else words.MORE_THAN_ONE
        how = words.COMPUTED_EXACTLY.format(points=self.points) if self.points else words.ESTIMATED
        return words.ROUNDING.format(many=many, how=how, dtype=self.dtype)

    def data(self) -> RoundingData:
        """Plain data, for JSON: `share` None where it is not finite."""
        return {
            "share": self.share if isfinite(self.share) else None,
            "points": self.points,
            "reported": self.reported,
            "sentence": self.sentence() or None,
        }


def worst(roundings: Iterable[Rounding | None]) -> Rounding | None:
    """The one of the largest share; None where there is none."""
    known = (one for one in roundings if one is not None and not isnan(one.share))
    return max(known, key=lambda one: one.share, default=None)


def _spelled(share: float) -> str:
    """Two digits, no powers of ten below a million. The page without a server writes it alike."""
    two = float(f"{share:.2g}")
    return f"{two:,g}" if two < 1e6 else f"{share:.1e}"
