"""Words and series that the claims' findings share."""

from __future__ import annotations

from collections.abc import Sequence

from netwarp.claims.registry import Check, Series
from netwarp.measures.intervals import Interval


def interval(found: Interval, digits: int = 4) -> str:
    """ "1.467 (1.462 to 1.471)"; the value alone where there is no interval."""
    if found.low is None or found.high is None:
        return f"{found.value:.{digits}g}"
    return f"{found.value:.{digits}g} ({found.low:.{digits}g} to {found.high:.{digits}g})"


def said(check: Check, digits: int = 4) -> str:
    """The number of a check, as `interval` writes it."""
    return interval(Interval(check.measured, check.low, check.high), digits)


def points(label: str, x: Sequence[float], found: Sequence[Interval]) -> Series:
    """A Series of intervals at x, in the order of x; without ends where one of them has none."""
    pairs = sorted(zip(x, found, strict=True), key=lambda pair: pair[0])
    known = [(one.low, one.high) for _, one in pairs if one.low is not None and one.high is not None]
    whole = len(known) == len(pairs)
    return Series(
        label,
        tuple(float(at) for at, _ in pairs),
        tuple(one.value for _, one in pairs),
        tuple(low for low, _ in known) if whole else None,
        tuple(high for _, high in known) if whole else None,
    )
