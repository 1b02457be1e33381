"""Checks: the kinds of condition a claim's numbers are held to, and the verdict over them.

A Statement is a condition with what estimates its number. `judge` takes all statements of one claim and gives each its
interval, at a level that makes the intervals hold together with 95%: one of them misses its number in at most 5% of
runs, however many there are (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, nextafter

from netwarp.claims.estimates import Estimate
from netwarp.claims.registry import Check, Verdict
from netwarp.measures.intervals import LEVEL, Interval, level_of


@dataclass(frozen=True, slots=True)
class Statement:
    """That a number lies in [`least`, `most`]; `expected` says so in words or as the number in their middle."""

    what: str
    expected: float | str
    least: float
    most: float
    found: Estimate


def within(what: str, expected: float, share: float, found: Estimate) -> Statement:
    """That a number misses `expected`, not 0, by at most `share` of it."""
    return near(what, expected, share * abs(expected), found)


def near(what: str, expected: float, distance: float, found: Estimate) -> Statement:
    """That a number misses `expected` by at most `distance`."""
    return Statement(what, expected, expected - distance, expected + distance, found)


def equal(what: str, expected: int, measured: int) -> Statement:
    """That two counts are the same, without tolerance."""
    return Statement(what, expected, expected, expected, exactly(measured))


def more(what: str, bound: float, found: Estimate) -> Statement:
    """That a number is above `bound`."""
    return Statement(what, f"more than {bound:.4g}", nextafter(bound, inf), inf, found)


def less(what: str, bound: float, found: Estimate) -> Statement:
    """That a number is below `bound`."""
    return Statement(what, f"less than {bound:.4g}", -inf, nextafter(bound, -inf), found)


def exactly(value: float) -> Estimate:
    """A number without uncertainty: a count, or what follows from one."""
    return lambda _level: Interval(value, None, None)


def judge(*given: Statement | Iterable[Statement]) -> tuple[Check, ...]:
    """A Check of each statement of one claim, in their order; they are given one by one, or in rows."""
    statements = [one for part in given for one in ([part] if isinstance(part, Statement) else part)]
    plain = [one.found(LEVEL) for one in statements]
    many = sum(one.known for one in plain)
    level = level_of(max(many, 1))
    return tuple(
        _check(one, one.found(level) if first.known else first) for one, first in zip(statements, plain, strict=True)
    )


def _check(one: Statement, found: Interval) -> Check:
    low = found.value if found.low is None else found.low
    high = found.value if found.high is None else found.high
    said: Verdict = "not clear"
    if one.least <= low and high <= one.most:
        said = "holds"
    elif high < one.least or low > one.most:
        said = "refuted"
    return Check(one.what, one.expected, found.value, found.low, found.high, said)
