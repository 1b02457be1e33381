"""The Ops of numbers of as many digits as are asked for: whole numbers of 2^-bits."""

from __future__ import annotations

from math import isqrt
from typing import Final

from netwarp.fields.deep import numbers as deep


class Number:
    """`whole` 2^-bits. Products and quotients are rounded down."""

    __slots__ = ("bits", "whole")

    def __init__(self, whole: int, bits: int) -> None:
        self.whole = whole
        self.bits = bits

    @classmethod
    def of(cls, value: float, bits: int) -> Number:
        top, bottom = value.as_integer_ratio()
        return cls((top << bits) // bottom, bits)

    def like(self, value: Number | float) -> Number:
        return value if isinstance(value, Number) else Number.of(value, self.bits)

    def __add__(self, other: Number | float) -> Number:
        return Number(self.whole + self.like(other).whole, self.bits)

    __radd__ = __add__

    def __sub__(self, other: Number | float) -> Number:
        return Number(self.whole - self.like(other).whole, self.bits)

    def __rsub__(self, other: float) -> Number:
        return self.like(other) - self

    def __mul__(self, other: Number | float) -> Number:
        return Number((self.whole * self.like(other).whole) >> self.bits, self.bits)

    __rmul__ = __mul__

    def __truediv__(self, other: Number | float) -> Number:
        return Number((self.whole << self.bits) // self.like(other).whole, self.bits)

    def __rtruediv__(self, other: float) -> Number:
        return self.like(other) / self

    def __neg__(self) -> Number:
        return Number(-self.whole, self.bits)

    def __abs__(self) -> Number:
        return Number(abs(self.whole), self.bits)

    def __gt__(self, other: Number | float) -> bool:
        return self.whole > self.like(other).whole

    def __lt__(self, other: Number | float) -> bool:
        return self.whole < self.like(other).whole


class Digits:
    """On Numbers of `bits` bits after the point."""

    offers: Final[frozenset[str]] = frozenset()

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.one = 1 << bits
        self.angle, self._wave = Number(0, bits), (Number(0, bits), Number(1 << bits, bits))

    def constant(self, value: float, z: Number, /) -> Number:
        return z.like(value)

    def where(self, mask: bool, one: Number | float, other: Number | float) -> Number:
        found = one if mask else other
        return found if isinstance(found, Number) else Number.of(found, self.bits)

    def at_least(self, z: Number, low: float) -> Number:
        return self.where(z < low, low, z)

    def at_most(self, z: Number, high: float) -> Number:
        return self.where(z > high, high, z)

    def clip(self, z: Number, low: float, high: float) -> Number:
        return self.at_most(self.at_least(z, low), high)

    def exp(self, z: Number) -> Number:
        return Number(deep.exp(z.whole, self.bits), self.bits)

    def expm1(self, z: Number) -> Number:
        return self.exp(z) - 1.0

    def log1p(self, z: Number) -> Number:
        return Number(deep.log1p(z.whole, self.bits), self.bits)

    def logistic(self, z: Number) -> Number:
        e = self.exp(-abs(z))
        return (e if z.whole <= 0 else 1.0) / (e + 1.0)

    def tanh(self, z: Number) -> Number:
        e = self.exp(abs(z) * -2.0)
        value = (1.0 - e) / (e + 1.0)
        return value if z.whole > 0 else -value

    def erf(self, z: Number) -> Number:
        return Number(deep.erf(z.whole, self.bits), self.bits)

    def normal(self, z: Number) -> Number:
        root = Number(isqrt(self.one << (self.bits - 1)), self.bits)
        return (self.erf(z * root) + 1.0) * 0.5

    def sin(self, z: Number) -> Number:
        return self.wave(z)[0]

    def cos(self, z: Number) -> Number:
        return self.wave(z)[1]

    def wave(self, angle: Number) -> tuple[Number, Number]:
        """Its sine and its cosine; those of `angle`, the last one, are remembered."""
        if self.angle.whole != angle.whole:
            sine, cosine = deep.sin_cos(angle.whole, self.bits)
            self.angle, self._wave = angle, (Number(sine, self.bits), Number(cosine, self.bits))
        return self._wave
