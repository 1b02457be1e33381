"""Ops: what an evaluator hands to a formula. Numbers are its own: arrays, tensors, vectors, whole numbers.

They add, subtract, multiply, divide and compare by Python's operators, also with floats, and know abs().
"""

from __future__ import annotations

from typing import Any, Protocol


class Ops(Protocol):
    """What every evaluator has. NaN stays NaN, but for `where`, which takes the second number then."""

    @property
    def offers(self) -> frozenset[str]:
        """The names of the methods it has beyond these, for refinements."""

    @property
    def bits(self) -> int:
        """How many bits a number has: 24, 53 or more; after the point, of whole numbers."""

    def constant(self, value: float, z: Any, /) -> Any:
        """The number, everywhere z is."""

    def where(self, mask: Any, one: Any, other: Any) -> Any:
        """`one` where the mask holds, else `other`."""

    def at_least(self, z: Any, low: float) -> Any: ...

    def at_most(self, z: Any, high: float) -> Any: ...

    def clip(self, z: Any, low: float, high: float) -> Any: ...

    def exp(self, z: Any) -> Any:
        """e^z, of z <= 0 at least."""

    def expm1(self, z: Any) -> Any:
        """e^z - 1, of z <= 0 at least, accurate relative to itself."""

    def log1p(self, z: Any) -> Any:
        """log(1 + z), of z in 0..1 at least."""

    def logistic(self, z: Any) -> Any:
        """1 / (1 + e^-z)."""

    def tanh(self, z: Any) -> Any: ...

    def erf(self, z: Any) -> Any: ...

    def normal(self, z: Any) -> Any:
        """The distribution function of the standard normal distribution; its lower tail keeps its digits."""

    def sin(self, z: Any) -> Any: ...

    def cos(self, z: Any) -> Any: ...
