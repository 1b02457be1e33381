"""The functions that activations are made of, as vector formulas: what the native engine hands to a face.

Approximated functions: 5e-7 absolute for bounded ones and 1e-6 relative for the others in float32, near rounding in
float64. Even and odd functions are exactly so.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any, Final

from netwarp.engine import coefficients
from netwarp.engine.lanes import Lanes, Vector


def _which(lanes: Lanes) -> int:
    return 0 if lanes.kind.bits == 32 else 1


class Exponential:
    """exp(x) of x <= 0 as (1 + minus_one) 2^n, unscaled: a product is scaled last and does not underflow early."""

    def __init__(self, v: Lanes, x: Vector) -> None:
        self.v = v
        which = _which(v)
        x = x.at_least((-150.0, -1100.0)[which])
        high, low, _ = coefficients.LN2_PARTS[which]
        self.n = (x * (1.4426950408889634)).rounded()
        r = v.fma(self.n, -low, v.fma(self.n, -high, x))
        self.minus_one = r * v.polynomial(r, coefficients.EXPM1_OVER_X[which])

    def times(self, factor: Vector | float) -> Vector:
        """factor * exp(x), scaled in two steps: correct into the denormals."""
        product = (
            self.v.fma(self.minus_one, factor, factor)
            if isinstance(factor, Vector)
            else (self.minus_one + 1.0) * factor
        )
        half = (self.n * 0.5).floor()
        return product * self.v.power_of_two(half) * self.v.power_of_two(self.n - half)

    def exp(self) -> Vector:
        return self.times(1.0)

    def expm1(self) -> Vector:
        """exp(x) - 1, accurate relative to itself."""
        s = self.v.power_of_two(self.n.at_least((-126.0, -1022.0)[_which(self.v)]))
        return self.v.fma(s, self.minus_one, s - 1.0)


class LaneOps:
    """The Ops of vectors."""

    offers: Final = frozenset(
        {
            "fma",
            "signed_as",
            "exponential",
            "logistic_of",
            "normal_tail",
            "erf_parts",
            "wave",
            "ramp",
            "vanished",
        }
    )

    def __init__(self, v: Lanes) -> None:
        self.v = v

    @property
    def bits(self) -> int:
        return self.v.kind.mantissa + 1

    def constant(self, value: float, _z: Vector, /) -> Vector:
        return self.v.constant(value)

    def where(self, mask: Any, one: Vector | float, other: Vector | float) -> Vector:
        return (other if isinstance(other, Vector) else self.v.constant(other)).where(mask, one)

    def at_least(self, z: Vector, low: float) -> Vector:
        return z.at_least(low)

    def at_most(self, z: Vector, high: float) -> Vector:
        return z.at_most(high)

    def clip(self, z: Vector, low: float, high: float) -> Vector:
        return z.at_least(low).at_most(high)

    def exp(self, z: Vector) -> Vector:
        """exp(z), its argument clipped to where the result is a normal number: for functions that are bounded."""
        low, high = ((-87.0, 87.0), (-708.0, 708.0))[_which(self.v)]
        e = Exponential(self.v, z.at_least(low).at_most(high))
        power = self.v.power_of_two(e.n)
        return self.v.fma(e.minus_one, power, power)

    def expm1(self, z: Vector) -> Vector:
        return Exponential(self.v, z).expm1()

    def log1p(self, z: Vector) -> Vector:
        """log(1 + z) = 2 atanh(z / (2 + z))."""
        s = z / (z + 2.0)
        return 2.0 * s * self.v.polynomial(s * s, coefficients.ATANH_OVER_X[_which(self.v)])

    def logistic(self, z: Vector) -> Vector:
        return self.logistic_of(Exponential(self.v, -abs(z)).exp(), z)

    def tanh(self, z: Vector) -> Vector:
        m = Exponential(self.v, abs(z) * -2.0).expm1()
        return (-m / (m + 2.0)).signed_as(z)

    def erf(self, z: Vector) -> Vector:
        return self.erf_parts(z)[0]

    def normal(self, z: Vector) -> Vector:
        _, e, factor = self.normal_tail(z)
        upper = e.times(factor * 0.5)
        return (1.0 - upper).where(z < 0.0, upper)

    def sin(self, z: Vector) -> Vector:
        return self.wave(z, 0.0)

    def cos(self, z: Vector) -> Vector:
        return self.wave(z, 0.5)

    def fma(self, a: Vector, b: Vector | float, c: Vector | float) -> Vector:
        return self.v.fma(a, b, c)

    def signed_as(self, z: Vector, other: Vector) -> Vector:
        return z.signed_as(other)

    def exponential(self, z: Vector) -> Exponential:
        return Exponential(self.v, z)

    def logistic_of(self, exp: Vector, z: Vector) -> Vector:
        """The logistic function of z from exp(-|z|)."""
        return (1.0 / (1.0 + exp)).where(z < 0.0, exp / (1.0 + exp))

    def normal_tail(self, z: Vector) -> tuple[Vector, Exponential, Vector]:
        """|z|, and the distribution function of -|z| as half of exp(-z^2 / 2) times a factor."""
        # past this the tail has underflowed; infinity would meet 0 there
        u = abs(z).at_most((28.0, 56.0)[_which(self.v)])
        square = u * u
        # z^2 / 2, not the square of a rounded z sqrt(1 / 2): halving is exact
        return u, *self.scaled_erfc(u * sqrt(0.5), square * 0.5, self.fma(u, u, -square) * 0.5)

    def scaled_erfc(self, x: Vector, square: Vector, lost: Vector) -> tuple[Exponential, Vector]:
        """erfc(x) of x >= 0 as exp(-x^2) times a factor; x^2 is square + lost, what rounding lost of it."""
        v, which = self.v, _which(self.v)
        centre = (2.0, 4.0)[which]
        scaled = v.polynomial((x - centre) / (x + centre), coefficients.SCALED_ERFC[which]) / v.fma(x, 2.0, 1.0)
        return Exponential(v, -square), v.fma(-lost, scaled, scaled)

    def erf_parts(self, z: Vector) -> tuple[Vector, Exponential]:
        """erf(z), and exp(-z^2)."""
        v, which = self.v, _which(self.v)
        x = abs(z).at_most((20.0, 40.0)[which])
        square = x * x
        e, factor = self.scaled_erfc(x, square, v.fma(x, x, -square))
        near = x * v.polynomial(x * x, coefficients.ERF_OVER_X[which])
        far = 1.0 - e.times(factor)
        return far.where(x < 1.0, near).signed_as(z), e

    def wave(self, x: Vector, quarter: float) -> Vector:
        """sin(x + pi quarter), accurate to rounding for |x| up to some 1e4 in float32 and 1e8 in float64."""
        return wave(self.v, x, quarter)

    def ramp(self, z: Vector, half: float) -> Vector:
        """From 0 at -half to 1 at half; exact where z + half cancels."""
        return self.clip((z + half) / (2 * half), 0.0, 1.0)

    def vanished(self, z: Vector) -> Vector:
        """0, and NaN where z is not finite."""
        return z * 0.0


def wave(v: Lanes, x: Vector, quarter: float) -> Vector:
    """sin(x + pi quarter)."""
    which = _which(v)
    n = (v.fma(x, 1 / pi, quarter)).rounded()
    turns = n - quarter
    r = x
    for part in coefficients.PI_PARTS[which]:
        r = v.fma(turns, -part, r)
    r = r.at_least(-1.6).at_most(1.6)
    half = n * 0.5
    sign = v.fma(half - half.floor(), -4.0, 1.0)
    return r * sign * v.polynomial(r * r, coefficients.SIN_OVER_X[which])
