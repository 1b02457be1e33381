"""The functions that activations need, of numbers of any number of digits: whole numbers of 2^-bits.

A view of 1e-30 needs its centre's activations to some fifty digits. Python's own integers hold them, and the series
here are correct to a few units of the last bit; no other library is needed.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

GUARD = 24  # bits beyond those asked for, which the rounding of a series' terms may use up


@lru_cache(maxsize=64)
def ln2(bits: int) -> int:
    """The logarithm of 2, as twice the area tangent of 1/3."""
    return _odd_series((1 << (bits + GUARD + 1)) // 3, 9) >> GUARD


@lru_cache(maxsize=64)
def pi(bits: int) -> int:
    """pi, by Machin's formula 16 arctan(1/5) - 4 arctan(1/239)."""
    one = 1 << (bits + GUARD)
    return (_odd_series(16 * one // 5, 25, True) - _odd_series(4 * one // 239, 239 * 239, True)) >> GUARD


def _odd_series(term: int, divisor: int, alternating: bool = False) -> int:
    """term (1 + s / 3 + s^2 / 5 + ...), s being 1 / divisor, or minus that."""
    total, n, plus = 0, 1, True
    while term:
        total += term // n if plus else -(term // n)
        term, n, plus = term // divisor, n + 2, plus ^ alternating
    return total


def exp(x: int, bits: int) -> int:
    """e^x of x <= 0."""
    if x == 0:
        return 1 << bits
    # an eighth of the bits are gained by squaring, which costs less than the terms it saves
    halvings = isqrt(bits) // 2 + 1
    work = bits + GUARD + halvings
    whole, rest = divmod(x << (work - bits), ln2(work))
    if -whole > bits + 1:
        return 0
    rest >>= halvings
    term = total = 1 << work
    n = 1
    while term:
        term = (term * rest >> work) // n
        total += term
        n += 1
    for _ in range(halvings):
        total = total * total >> work
    return total >> (work - bits - whole)


def log1p(u: int, bits: int) -> int:
    """log(1 + u) of 0 <= u <= 1, as twice the area tangent of u / (2 + u)."""
    work = bits + GUARD
    one, u = 1 << work, u << GUARD
    s = (u << work) // (2 * one + u)
    square, term, total, n = s * s >> work, s, 0, 1
    while term:
        total += term // n
        term, n = term * square >> work, n + 2
    return 2 * total >> GUARD


def sin_cos(x: int, bits: int) -> tuple[int, int]:
    """The sine and the cosine of x."""
    work = bits + GUARD
    # pi to as many more digits as x has before the point
    more = work + max(x.bit_length() - bits, 0)
    quarter = pi(more) >> 1
    turns, rest = divmod((x << (more - bits)) + (quarter >> 1), quarter)
    rest = (rest - (quarter >> 1)) >> (more - work)
    square = rest * rest >> work
    sine, cosine = _alternating(rest, square, 2, work), _alternating(1 << work, square, 1, work)
    sine, cosine = sine >> GUARD, cosine >> GUARD
    return ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[turns % 4]


def _alternating(term: int, square: int, n: int, work: int) -> int:
    """term (1 - square / (n (n + 1)) + ...), the next divisors being those after."""
    sign = -1 if term < 0 else 1
    term, total = abs(term), 0
    plus = True
    while term:
        total += term if plus else -term
        term, n, plus = (term * square >> work) // (n * (n + 1)), n + 2, not plus
    return sign * total


def erf(x: int, bits: int) -> int:
    """The error function of x."""
    if x < 0:
        return -erf(-x, bits)
    nats = (x >> max(bits - 20, 0)) ** 2 >> 40 if bits > 20 else 0
    if nats > bits:
        return 1 << bits
    # the sum is as large as e^(x^2), which a factor then takes away again
    work = bits + GUARD + 3 * nats // 2 + 2
    x <<= work - bits
    square = x * x >> work
    term, total, n = x, 0, 1
    while term:
        total += term
        n += 2
        term = (2 * term * square >> work) // n
    root = isqrt(pi(work) << work)
    return ((2 * total << work) // root * exp(-square, work)) >> (2 * work - bits)
