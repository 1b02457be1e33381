"""What an operation's arguments are, and the few conversions that all families need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from netwarp.models.graphs import bends
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Mask, Tensor, tensor

# the builder, then torch's own arguments: what depends on the input as a Tensor or a Mask, constants as arrays
Function: TypeAlias = Callable[..., Any]
Given: TypeAlias = Tensor | Mask | Array | float
Moved: TypeAlias = Tensor | Mask
Listed: TypeAlias = int | Sequence[int] | None


def numbered(builder: Builder, given: Given) -> Tensor:
    """The numbers; of a comparison 1 where it holds, else 0."""
    return bends.stepped(builder, given) if isinstance(given, Mask) else tensor(given)


def shape_of(given: Given) -> tuple[int, ...]:
    return given.shape if isinstance(given, Tensor | Mask) else np.shape(given)


def axes_of(dim: Listed, x: Tensor) -> list[int]:
    """The axes of an argument `dim`: all, where none is named."""
    if dim is None or dim == []:
        return list(range(len(x.shape)))
    return [dim] if isinstance(dim, int) else list(dim)


def pair(given: Listed) -> tuple[int, int]:
    """(rows, columns) of an argument that may be one number."""
    if isinstance(given, int):
        return given, given
    assert given is not None
    first, *rest = given
    return first, rest[0] if rest else first
