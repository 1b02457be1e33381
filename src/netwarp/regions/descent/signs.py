"""Floats as the parts of exact numbers: products and sums without loss, and the sign of a line at a point."""

from __future__ import annotations

from netwarp.regions.jit import inlined

ULP = 2.0**-53
UNSETTLED = 2  # what stands for a sign that is not known
SPLITTER = 134217729.0  # 2^27 + 1, which parts a float into two halves (Dekker 1971)
LEAST, MOST = 1e-200, 1e140  # between which products of floats are exact in two


@inlined
def product(a: float, b: float) -> tuple[float, float]:
    """a b, as the unevaluated sum of two floats (Dekker 1971)."""
    p = a * b
    c, d = SPLITTER * a, SPLITTER * b
    a1, b1 = c - (c - a), d - (d - b)
    a2, b2 = a - a1, b - b1
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


@inlined
def two_sum(a: float, b: float) -> tuple[float, float]:
    """a + b, as the rounded sum and what it lacks (Knuth)."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


@inlined
def exact_sign(a: float, b: float, c: float, x: float, y: float) -> int:
    """The sign of a x + b y + c, these floats being exact; UNSETTLED where numbers are too large or too small for that.

    The five parts are added to one another until nothing changes: then each is at most half a last place of the next,
    and the last has the sign (Shewchuk 1997, doi:10.1007/PL00009321).
    """
    p, q = abs(a * x), abs(b * y)
    if (p < LEAST and a != 0.0 and x != 0.0) or (q < LEAST and b != 0.0 and y != 0.0):
        return UNSETTLED
    if max(abs(a), abs(b), abs(c), abs(x), abs(y), p, q) > MOST:
        return UNSETTLED
    s4, s2 = product(a, x)
    s3, s1 = product(b, y)
    s0 = c
    for _ in range(64):
        # from the first to the last; what a sum lacks stays behind
        r1, r0 = two_sum(s1, s0)
        r2, r1 = two_sum(s2, r1)
        r3, r2 = two_sum(s3, r2)
        r4, r3 = two_sum(s4, r3)
        if r4 == s4 and r3 == s3 and r2 == s2 and r1 == s1 and r0 == s0:
            return 1 if s4 > 0.0 else (-1 if s4 < 0.0 else 0)
        s4, s3, s2, s1, s0 = r4, r3, r2, r1, r0
    return UNSETTLED
