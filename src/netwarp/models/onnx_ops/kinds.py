"""What a node of an ONNX graph asks for, and the few conversions that all families of operations need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import LimitError, UnsupportedError
from netwarp.models.graphs import bends
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Mask, Tensor, tensor

Moved: TypeAlias = Tensor | Mask
Given: TypeAlias = Tensor | Mask | NDArray[Any]

MOST = 10_000_000  # numbers of one tensor, or of all windows of one pool


@dataclass(frozen=True, eq=False)
class NodeCall:
    """A node: what it reads, None for an input that is left out, and its attributes, defaults filled in.

    What depends on the model's input is a Tensor or a Mask, constants are arrays. `outputs` is how many are asked for.
    """

    builder: Builder
    inputs: tuple[Given | None, ...]
    options: Mapping[str, Any]
    opset: int
    outputs: int = 1

    def given(self, i: int) -> Given | None:
        """Input i, None where there is none."""
        return self.inputs[i] if i < len(self.inputs) else None

    def view(self, i: int = 0) -> Moved:
        """Input i, whose elements may only be moved."""
        found = self.given(i)
        return found if isinstance(found, Mask) else tensor(found)

    def tensor(self, i: int = 0) -> Tensor:
        """The numbers of input i; of a comparison 1 where it holds, else 0."""
        found = self.given(i)
        return bends.stepped(self.builder, found) if isinstance(found, Mask) else tensor(found)

    def array(self, i: int, what: str) -> Any:
        """Input i, a constant; None where there is none. Errors: UnsupportedError where it depends on the input."""
        found = self.given(i)
        if isinstance(found, Tensor | Mask):
            raise UnsupportedError(f"its {what} depends on the model's input")
        return found

    def weights(self, i: int, what: str) -> Array:
        """Input i, numbers that are constant."""
        found = self.array(i, what)
        if found is None:
            raise UnsupportedError(f"has no {what}")
        return np.asarray(found, np.float64)

    def listed(self, name: str, i: int) -> list[int] | None:
        """Whole numbers that are an attribute in old versions of ONNX and input i in new ones; None where neither."""
        found = self.options.get(name)
        if found is None:
            found = self.array(i, name)
        if found is None:
            return None
        return [int(n) for n in np.asarray(found).ravel()] if np.ndim(found) else [int(found)]


Function: TypeAlias = Callable[[NodeCall], Given | Sequence[Given]]


def roomy(*shape: int) -> None:
    """Errors: LimitError where an array of this shape has more than 10^7 numbers."""
    if prod(shape) > MOST:
        raise LimitError(f"makes {prod(shape):,} numbers, at most {MOST:,} are allowed")
