"""Checks: the kinds of condition a claim's numbers are held to, and the verdict over them."""

from __future__ import annotations

from collections.abc import Sequence

from netwarp.claims.registry import Check, Verdict


def within(
    what: str, expected: float, measured: float, share: float, low: float | None = None, high: float | None = None
) -> Check:
    """A Check that holds where `measured` misses `expected`, not 0, by at most `share` of it."""
    return Check(what, expected, measured, low, high, abs(measured - expected) <= share * abs(expected))


def equal(what: str, expected: int, measured: int) -> Check:
    """A Check of two counts, without tolerance."""
    return Check(what, expected, measured, None, None, measured == expected)


def more(what: str, bound: float, measured: float, low: float | None = None, high: float | None = None) -> Check:
    """A Check that holds where `measured` is above `bound`, clearly where its whole interval is on one side."""
    return Check(what, f"more than {bound:.4g}", measured, low, high, measured > bound, _clear(bound, low, high))


def less(what: str, bound: float, measured: float, low: float | None = None, high: float | None = None) -> Check:
    """A Check that holds where `measured` is below `bound`, clearly where its whole interval is on one side."""
    return Check(what, f"less than {bound:.4g}", measured, low, high, measured < bound, _clear(bound, low, high))


def _clear(bound: float, low: float | None, high: float | None) -> bool:
    return low is None or high is None or not low <= bound <= high


def verdict(checks: Sequence[Check]) -> Verdict:
    """holds, where every Check does; else refuted."""
    return "holds" if all(one.holds for one in checks) else "refuted"
