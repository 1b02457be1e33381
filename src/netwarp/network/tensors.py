"""The Ops of torch's tensors, by their own methods: imports no torch."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


class Tensors:
    """On tensors of any shape, of the type and on the device of `like`."""

    offers: Final[frozenset[str]] = frozenset()
    bits: Final = 53

    exp = staticmethod(methodcaller("exp"))
    expm1 = staticmethod(methodcaller("expm1"))
    log1p = staticmethod(methodcaller("log1p"))
    logistic = staticmethod(methodcaller("sigmoid"))
    tanh = staticmethod(methodcaller("tanh"))
    erf = staticmethod(methodcaller("erf"))
    sin = staticmethod(methodcaller("sin"))
    cos = staticmethod(methodcaller("cos"))

    def __init__(self, like: Tensor) -> None:
        self.like = like

    def constant(self, value: float, _z: Tensor, /) -> Tensor:
        return self.like.new_full((), value)

    def where(self, mask: Tensor, one: Tensor | float, other: Tensor | float) -> Tensor:
        return self._tensor(one).where(mask, self._tensor(other))

    def at_least(self, z: Tensor, low: float) -> Tensor:
        return z.clamp(min=low)

    def at_most(self, z: Tensor, high: float) -> Tensor:
        return z.clamp(max=high)

    def clip(self, z: Tensor, low: float, high: float) -> Tensor:
        return z.clamp(low, high)

    def normal(self, z: Tensor) -> Tensor:
        # erfc keeps the lower tail
        return (-z * 2**-0.5).erfc() / 2

    def _tensor(self, value: Any) -> Tensor:
        return self.like.new_full((), value) if isinstance(value, int | float) else value
