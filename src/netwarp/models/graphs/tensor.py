"""Tensor: numbers of a Program's value in the shape of a tensor. Views of it, and affine maps of each number, wait.

Nothing is added to the Program for a view, a slice, a permutation or a scaling: the next operation that needs the
numbers in order asks the Builder for them.
"""

# a Tensor of any shape; its arrays have that shape

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import UnsupportedError

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tensor:
    """Element e is scale[e] z + shift[e], z being channel index[e] of value `value`; where the index is -1, shift[e].

    No scale means 1, no shift 0.
    """

    value: int
    index: Integers
    scale: Array | None = None
    shift: Array | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.index.shape

    @property
    def size(self) -> int:
        return self.index.size

    @property
    def scales(self) -> Array:
        """The scale of every element; 0 of those that are constant."""
        return np.where(self.index < 0, 0.0, 1.0 if self.scale is None else self.scale)

    @property
    def shifts(self) -> Array:
        return np.zeros(self.shape) if self.shift is None else self.shift

    def moved(self, view: Callable[[Any], Any]) -> Tensor:
        """The elements that a function of arrays picks or moves, as `lambda a: a.T`, whatever they are."""
        scale, shift = (None if part is None else view(part) for part in (self.scale, self.shift))
        return Tensor(self.value, view(self.index), scale, shift)

    def reshaped(self, *shape: int) -> Tensor:
        return self.moved(lambda a: a.reshape(shape))

    def affine(self, scale: Array | float = 1.0, shift: Array | float = 0.0) -> Tensor:
        """scale * self + shift, each number by itself; arrays are broadcast with it."""
        shape = np.broadcast_shapes(self.shape, np.shape(scale), np.shape(shift))
        found, steep, high = self.spread(shape), None, None
        if found.scale is not None or not _all(scale, 1.0):
            steep = np.broadcast_to(found.scales * scale, shape)
        if found.shift is not None or not _all(shift, 0.0):
            high = np.broadcast_to(found.shifts * scale + shift, shape)
        return replace(found, scale=steep, shift=high)

    def spread(self, shape: tuple[int, ...]) -> Tensor:
        """Broadcast to a shape."""
        return self if shape == self.shape else self.moved(lambda a: np.broadcast_to(a, shape))

    def padded(self, widths: list[tuple[int, int]], value: float = 0.0) -> Tensor:
        """With constant elements around it: (before, after) for every axis; a negative width cuts."""
        crop = tuple(slice(max(0, -low), n - max(0, -high)) for n, (low, high) in zip(self.shape, widths, strict=True))
        inner = self.moved(lambda a: a[crop])
        added = [(max(0, low), max(0, high)) for low, high in widths]
        steep = None if inner.scale is None else np.pad(inner.scale, added, constant_values=1.0)
        high = None if inner.shift is None and value == 0.0 else np.pad(inner.shifts, added, constant_values=value)
        return Tensor(inner.value, np.pad(inner.index, added, constant_values=-1), steep, high)


@dataclass(frozen=True, eq=False)
class Mask:
    """Where `over` is above 0, or, where not `strict`, at least 0."""

    over: Tensor
    strict: bool = True

    @property
    def shape(self) -> tuple[int, ...]:
        return self.over.shape

    def moved(self, view: Callable[[Any], Any]) -> Mask:
        return Mask(self.over.moved(view), self.strict)

    def inverted(self) -> Mask:
        return Mask(self.over.affine(-1.0), not self.strict)


def constant(numbers: object, value: int = 0) -> Tensor:
    """The numbers as a Tensor that reads nothing."""
    found = np.asarray(numbers, np.float64)
    return Tensor(value, np.full(found.shape, -1, np.int64), None, found)


def tensor(given: object) -> Tensor:
    """What is a Tensor already, or numbers. Errors: UnsupportedError for a Mask."""
    if isinstance(given, Mask):
        raise UnsupportedError("computes with a comparison; compare inside where")
    return given if isinstance(given, Tensor) else constant(given)


def _all(numbers: Array | float, value: float) -> bool:
    return bool(np.all(np.equal(numbers, value)))
