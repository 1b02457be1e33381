"""What every activation is, said once for all tests: by mpmath, by numpy, and by its limits. Nothing of the library."""

# z any shape or an mpmath number; p the slope of leaky and prelu, omega of sin

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, nan
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ROOT2, ROOT2PI = math.sqrt(2), math.sqrt(2 * math.pi)
ALPHA, SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
erf = np.vectorize(math.erf, otypes=[float])
erfc = np.vectorize(math.erfc, otypes=[float])


class Clip(NamedTuple):
    """(clip(z, low, high) + shift) / divisor."""

    low: int
    high: int
    shift: int = 0
    divisor: int = 1


@dataclass(frozen=True)
class Known:
    """`exact(z, p)` by mpmath; `value(z, p)` and `slope(z, p)` by numpy in float64.

    `limits` at plus and minus infinity; `bounded`: judged by its error, not by its share. `kinks`: where it, its slope
    or a later derivative jumps. `smooth`: it is not made of straight pieces. `waves`: of sine and cosine.
    """

    exact: Callable[[Any, float], Any]
    value: Callable[[Array, Any], Array]
    slope: Callable[[Array, Any], Array]
    limits: tuple[float, float]
    bounded: bool = False
    kinks: tuple[int, ...] = ()
    clipped: Clip | None = None
    smooth: bool = False
    waves: bool = False


def where(condition: Any, one: Any, other: Any) -> Array:
    return np.asarray(np.where(condition, one, other), dtype=np.float64)


def sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return where(z >= 0, 1.0, e) / (1 + e)


def soft(z: Array) -> Array:
    return np.logaddexp(0, z)


def bell(z: Array) -> Array:
    return np.exp(-z * z / 2)


def precisely(function: Callable[[Any], Any], z: Array) -> Array:
    """One by one, in 120 digits, ninety of which a difference of 1e-30 may lose."""
    with mpmath.workdps(120):
        return np.vectorize(lambda u: float(function(mpmath.mpf(u))), otypes=[float])(z)


def exponential(scale: float, alpha: float, limit: float) -> Known:
    return Known(
        lambda z, p: scale * (z if z > 0 else alpha * mpmath.expm1(z)),
        lambda z, p: scale * where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))),
        lambda z, p: scale * where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0))),
        (inf, limit),
        kinks=(0,),
        smooth=True,
    )


def clipped(clip: Clip) -> Known:
    low, high, shift, divisor = clip
    return Known(
        lambda z, p: (min(max(z, low), high) + mpmath.mpf(shift)) / divisor,
        lambda z, p: np.clip(z / divisor + shift / divisor, (low + shift) / divisor, (high + shift) / divisor),
        lambda z, p: where((z > low) & (z < high), 1 / divisor, 0.0),
        ((high + shift) / divisor, (low + shift) / divisor),
        bounded=True,
        kinks=(low, high),
        clipped=clip,
    )


LEAKY = Known(
    lambda z, p: z if z > 0 else p * z,
    lambda z, p: where(z > 0, z, p * z),
    lambda z, p: where(z > 0, 1.0, p + 0 * z),
    (inf, -inf),
    kinks=(0,),
)

ACTIVATIONS: dict[str, Known] = {
    "linear": Known(lambda z, p: z, lambda z, p: z, lambda z, p: np.ones_like(z), (inf, -inf), smooth=True),
    "relu": Known(
        lambda z, p: max(z, 0),
        lambda z, p: np.maximum(z, 0),
        lambda z, p: where(z > 0, 1.0, 0.0),
        (inf, 0),
        kinks=(0,),
    ),
    "leaky": LEAKY,
    "prelu": LEAKY,
    "elu": exponential(1.0, 1.0, -1),
    "selu": exponential(SCALE, ALPHA, -1.7580993408473766),
    "gelu": Known(
        lambda z, p: z * mpmath.ncdf(z),
        lambda z, p: z * erfc(-z / ROOT2) / 2,
        lambda z, p: erfc(-z / ROOT2) / 2 + z * bell(z) / ROOT2PI,
        (inf, 0),
        smooth=True,
    ),
    "silu": Known(
        lambda z, p: z / (1 + mpmath.exp(-z)),
        lambda z, p: z * sigmoid(z),
        lambda z, p: sigmoid(z) * (1 + z * sigmoid(-z)),
        (inf, 0),
        smooth=True,
    ),
    "mish": Known(
        lambda z, p: z * mpmath.tanh(mpmath.log1p(mpmath.exp(z))),
        lambda z, p: z * np.tanh(soft(z)),
        lambda z, p: np.tanh(soft(z)) + z * 4 * sigmoid(2 * soft(z)) * sigmoid(-2 * soft(z)) * sigmoid(z),
        (inf, 0),
        smooth=True,
    ),
    "softplus": Known(
        lambda z, p: mpmath.log(1 + mpmath.exp(z)),
        lambda z, p: soft(z),
        lambda z, p: sigmoid(z),
        (inf, 0),
        smooth=True,
    ),
    "tanh": Known(
        lambda z, p: mpmath.tanh(z),
        lambda z, p: np.tanh(z),
        lambda z, p: 4 * sigmoid(2 * z) * sigmoid(-2 * z),
        (1, -1),
        bounded=True,
        smooth=True,
    ),
    "tanhshrink": Known(
        lambda z, p: z - mpmath.tanh(z),
        lambda z, p: precisely(lambda u: u - mpmath.tanh(u), z),
        lambda z, p: np.tanh(z) ** 2,
        (inf, -inf),
        smooth=True,
    ),
    "softsign": Known(
        lambda z, p: z / (1 + abs(z)),
        lambda z, p: z / (1 + np.abs(z)),
        lambda z, p: 1 / (1 + np.abs(z)) ** 2,
        (1, -1),
        bounded=True,
        kinks=(0,),
        smooth=True,
    ),
    "erf": Known(
        lambda z, p: mpmath.erf(z),
        lambda z, p: erf(z),
        lambda z, p: 2 / math.sqrt(math.pi) * np.exp(-z * z),
        (1, -1),
        bounded=True,
        smooth=True,
    ),
    "sigmoid": Known(
        lambda z, p: 1 / (1 + mpmath.exp(-z)),
        lambda z, p: sigmoid(z),
        lambda z, p: sigmoid(z) * sigmoid(-z),
        (1, 0),
        bounded=True,
        smooth=True,
    ),
    "hardtanh": clipped(Clip(-1, 1)),
    "hardsigmoid": clipped(Clip(-3, 3, 3, 6)),
    "relu6": clipped(Clip(0, 6)),
    "hardswish": Known(
        lambda z, p: z * min(max(z + 3, 0), 6) / 6,
        lambda z, p: z * (np.clip(z + 3, 0, 6) / 6),
        lambda z, p: where(z > -3, where(z > 3, 1.0, z / 3 + 0.5), 0.0),
        (inf, 0),
        kinks=(-3, 3),
        smooth=True,
    ),
    "abs": Known(lambda z, p: abs(z), lambda z, p: np.abs(z), lambda z, p: np.sign(z), (inf, inf), kinks=(0,)),
    "sin": Known(
        lambda z, p: mpmath.sin(p * z),
        lambda z, p: np.sin(p * z),
        lambda z, p: p * np.cos(p * z),
        (nan, nan),
        bounded=True,
        smooth=True,
        waves=True,
    ),
    "cos": Known(
        lambda z, p: mpmath.cos(z),
        lambda z, p: np.cos(z),
        lambda z, p: -np.sin(z),
        (nan, nan),
        bounded=True,
        smooth=True,
        waves=True,
    ),
    "gaussian": Known(
        lambda z, p: mpmath.exp(-z * z / 2),
        lambda z, p: bell(z),
        lambda z, p: -z * bell(z),
        (0, 0),
        bounded=True,
        smooth=True,
    ),
    "square": Known(lambda z, p: z * z, lambda z, p: z * z, lambda z, p: 2 * z, (inf, inf), smooth=True),
    "step": Known(
        lambda z, p: mpmath.mpf(z > 0),
        lambda z, p: where(z > 0, 1.0, 0.0),
        lambda z, p: np.zeros_like(z),
        (1, 0),
        bounded=True,
        kinks=(0,),
    ),
}
# the number beside the name; of the learned ones what a drawn network has
LEARNED = {"prelu": 0.25}
PARAMETERS = {"leaky": 0.1, "sin": 1.0, **LEARNED}


def text(name: str) -> str:
    """The language's text of an activation with its parameter, where it takes one."""
    return f"{name}({PARAMETERS[name]})" if name in PARAMETERS.keys() - LEARNED else name


def piece(name: str, z: Fraction, p: Fraction) -> tuple[int, Fraction]:
    """Which piece z is on, counted from the left, and the value there; of piecewise linear ones."""
    known = ACTIVATIONS[name]
    number = sum(z > kink for kink in known.kinks)
    if known.clipped is not None:
        clip = known.clipped
        return number, (min(max(z, Fraction(clip.low)), Fraction(clip.high)) + clip.shift) / clip.divisor
    if name == "step":
        return number, Fraction(number)
    below = {"relu": Fraction(), "abs": -z, "linear": z}.get(name, p * z)
    return number, z if number else below
