"""The Ops of torch's tensors, by their own methods: imports no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


class Tensors:
    """On tensors of any shape, of the type and on the device of `like`."""

    offers: Final[frozenset[str]] = frozenset()
    bits: Final = 53

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

    def exp(self, z: Tensor) -> Tensor:
        return z.exp()

    def expm1(self, z: Tensor) -> Tensor:
        return z.expm1()

    def log1p(self, z: Tensor) -> Tensor:
        return z.log1p()

    def logistic(self, z: Tensor) -> Tensor:
        return z.sigmoid()

    def tanh(self, z: Tensor) -> Tensor:
        return z.tanh()

    def erf(self, z: Tensor) -> Tensor:
        return z.erf()

    def normal(self, z: Tensor) -> Tensor:
        # erfc keeps the lower tail
        return (-z * 2**-0.5).erfc() / 2

    def sin(self, z: Tensor) -> Tensor:
        return z.sin()

    def cos(self, z: Tensor) -> Tensor:
        return z.cos()

    def _tensor(self, value: Any) -> Tensor:
        return self.like.new_full((), value) if isinstance(value, int | float) else value
