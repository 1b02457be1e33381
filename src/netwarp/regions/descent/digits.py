"""Whole numbers of many digits in compiled code: what settles a sign that floats leave in doubt.

A number is the sum of d[i] 2^(26 i) over its digits, least first, of -2^25 to 2^25 each. Such digits need no sign
beside them: the number has that of its highest digit that is not 0. The product of two digits is at most 2^50, so that
MOST of them add up in 64 bits before anything is carried.
"""

# D digits

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.jit import inlined

BITS = 26
HALF = 1 << (BITS - 1)
MASK = (1 << BITS) - 1
MOST = 8000  # products of digits that are added before carrying
SMALLEST = 1000  # POWERS go down to 2^-SMALLEST
POWERS: Floats = 2.0 ** -np.arange(SMALLEST + 1, dtype=np.float64)
# quotients are told between 2^-900 and 2^52: there the steps below neither overflow nor underflow
LEAST, GREATEST = -900, 52
UNTOLD, NEAREST, ITSELF = -1, 0, 1


def digits_of(number: int) -> list[int]:
    """The digits of a Python integer; none for 0."""
    found = []
    while number:
        digit = ((number + HALF) & MASK) - HALF
        found.append(digit)
        number = (number - digit) >> BITS
    return found


def length_for(bound: int) -> int:
    """Digits that hold every number of at most this magnitude."""
    return bound.bit_length() // BITS + 2


@inlined
def length_of(digits: Integers) -> int:
    """How many digits are used: the last of them is not 0."""
    used = len(digits)
    while used and digits[used - 1] == 0:
        used -= 1
    return used


@inlined
def add_product(sums: Long, one: Integers, other: Integers, sign: int) -> None:
    """Adds one times other times the sign to sums that are not carried yet."""
    for i in range(len(one)):
        factor = sign * np.int64(one[i])
        if factor != 0:
            # indices that start at 0 are seen not to be negative: then several are added at a time
            part = sums[i : i + len(other)]
            for j in range(len(other)):
                part[j] += factor * np.int64(other[j])


@inlined
def carry(sums: Long, out: Integers) -> int:
    """Writes the number that the sums stand for, all digits of `out`; returns how many are used. It must fit."""
    rest = np.int64(0)
    used = 0
    for i in range(len(out)):
        value = rest
        if i < len(sums):
            value += sums[i]
        digit = ((value + HALF) & MASK) - HALF
        rest = (value - digit) >> BITS
        out[i] = digit
        if digit != 0:
            used = i + 1
    return used


@inlined
def rounded(digits: Integers, used: int) -> tuple[float, int]:
    """The nearest float, ties to even, as m and e of m 2^e; m is 0, or from 2^76 to 2^104 in magnitude."""
    if used == 0:
        return 0.0, 0
    high = low = np.int64(0)
    high = np.int64(digits[used - 1]) << BITS
    if used > 1:
        high += digits[used - 2]
    if used > 2:
        low = np.int64(digits[used - 3]) << BITS
    if used > 3:
        low += digits[used - 4]
    # what is below has a sign, and no more than that can matter: it tells a tie from what is next to one
    rest = 0.0
    for i in range(used - 5, -1, -1):
        if digits[i] != 0:
            rest = 0.5 if digits[i] > 0 else -0.5
            break
    return high * 2.0**52 + (low + rest), BITS * (used - 4)


@inlined
def scaled(value: float, exponent: int, powers: Floats) -> float:
    """value 2^exponent, for an exponent of -2 SMALLEST to SMALLEST; 0 below."""
    found: float = 0.0
    if exponent >= 0:
        found = value / powers[exponent]
    elif exponent >= -SMALLEST:
        found = value * powers[-exponent]
    elif exponent >= -2 * SMALLEST:
        found = value * powers[SMALLEST] * powers[-exponent - SMALLEST]
    return found


@inlined
def _parts(value: float, powers: Floats) -> tuple[int, int]:
    """(m, e): value = m 2^e with a whole m of 53 bits, for 2^LEAST < |value| < 2^53."""
    part, e = value * powers[53], 53
    step = 512
    while step:
        if abs(part) / powers[step] < 1.0:
            part /= powers[step]
            e -= step
        step >>= 1
    return int(part * 2.0**53), e - 53


@inlined
def _residual(x: Integers, w: Integers, mantissa: int, exponent: int, sums: Long, out: Integers) -> int:
    """x 2^-exponent - mantissa w, for an exponent below 0, into `out`; how many digits it has."""
    shift, factor = -exponent // BITS, np.int64(1) << (-exponent % BITS)
    for i in range(len(out)):
        sums[i] = 0
    for i in range(len(x)):
        sums[shift + i] += factor * np.int64(x[i])
    left = np.int64(mantissa)
    for k in range(3):
        digit = ((left + HALF) & MASK) - HALF
        left = (left - digit) >> BITS
        for i in range(len(w)):
            sums[k + i] -= digit * np.int64(w[i])
    return carry(sums[: len(out)], out)


@inlined
def quotient(x: Integers, w: Integers, sums: Long, spare: Integers, powers: Floats) -> tuple[float, int]:
    """The float nearest to x / w, ties to even, and ITSELF where it is x / w, NEAREST where not; w above 0.

    UNTOLD where it is too large or too small. Neither number has digits of 0 at its end. `spare` has 45 digits more
    than the longer of the two, and `sums` as many.
    """
    if len(x) == 0:
        return 0.0, ITSELF
    fx, ex = rounded(x, len(x))
    fw, ew = rounded(w, len(w))
    ratio = fx / fw
    if not LEAST - 32 < ex - ew < GREATEST + 32:
        return 0.0, UNTOLD
    found = scaled(ratio, ex - ew, powers)
    if not powers[-LEAST] < abs(found) < 1.0 / powers[GREATEST]:
        return 0.0, UNTOLD
    step = gap = 0.0
    beside = found
    mantissa = exponent = 0
    close = False
    for _ in range(4):
        mantissa, exponent = _parts(found, powers)
        used = _residual(x, w, mantissa, exponent, sums, spare)
        if used == 0:
            return found, ITSELF
        fr, er = rounded(spare, used)
        step = scaled(fr / fw, er - ew + exponent, powers)
        beside = np.nextafter(found, np.inf if step > 0.0 else -np.inf)
        gap = abs(beside - found)
        close = abs(step) < 0.6 * gap
        if close:
            break
        found += step
    if not close:
        return 0.0, UNTOLD
    if abs(step) < 0.499 * gap:
        return found, NEAREST
    # on which side of the middle between the two it is
    half = int(scaled(gap, 1 - exponent, powers))
    used = _residual(x, w, 4 * mantissa + (half if step > 0.0 else -half), exponent - 2, sums, spare)
    beyond = used > 0 and (spare[used - 1] > 0) == (step > 0.0)
    if beyond or (used == 0 and mantissa & 1):
        found = beside
    return found, NEAREST
