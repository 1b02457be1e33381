"""Builder: writes a Program, operation by operation, for whoever reads a model of tensors."""

# C channels of a value; a Tensor is numbers of a value, in its shape

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import assert_never
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from netwarp.models.graphs.folded import folded
from netwarp.models.graphs.tensor import Array, Integers, Tensor, tensor
from netwarp.network.program import (
    LINEAR,
    Activate,
    Add,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)


class Builder:
    """The operations so far, from the inputs (K, 3) a x + b y + c of a slice. `layer` is the path of what is read now.

    Functions of a Builder and Tensors add operations: models.graphs.affine, .pools, .bends.
    """

    def __init__(self, coefficients: Array) -> None:
        self.layer = ""
        self.operations: list[Operation] = [Embed(np.full(len(coefficients), LINEAR, np.int64), coefficients)]
        self._values: WeakKeyDictionary[Tensor, int] = WeakKeyDictionary()

    def inputs(self, shape: Sequence[int]) -> Tensor:
        """The inputs as a tensor of that shape."""
        return self._whole(0, shape)

    def add(self, operation: Operation, shape: Sequence[int]) -> Tensor:
        """What an operation makes, as a tensor of that shape."""
        assert operation.channels == prod(shape), (operation.channels, shape)
        self.operations.append(replace(operation, layer=self.layer))
        return self._whole(len(self.operations) - 1, shape)

    def value(self, given: Tensor) -> int:
        """The number of a value whose channels are the tensor's numbers, in order."""
        if given not in self._values:
            self._values[given] = self._shifted(self._picked(given), given)
        return self._values[given]

    def settled(self, given: Tensor) -> Tensor:
        """The same numbers, no longer waiting for an affine map."""
        if given.scale is None and given.shift is None:
            return given
        return self._whole(self.value(given), given.shape)

    def together(self, given: Sequence[object]) -> list[Tensor]:
        """The same tensors, or numbers, all as numbers of one value."""
        tensors = [tensor(one) for one in given]
        reading = [one for one in tensors if (one.index >= 0).any()]
        values = sorted({one.value for one in reading})
        if len(values) <= 1:
            return [replace(one, value=values[0] if values else 0) for one in tensors]
        sizes = [self.operations[value].channels for value in values]
        joined = self.add(Concat(tuple(values), sum(sizes)), (sum(sizes),)).value
        starts = dict(zip(values, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))
        made = []
        for one in tensors:
            index = np.where(one.index < 0, -1, one.index + starts.get(one.value, 0))
            made.append(replace(one, value=joined, index=index))
        return made

    def concatenated(self, given: Sequence[object], axis: int) -> Tensor:
        """Tensors one after another along an axis."""
        tensors = self.together(given)
        index = np.concatenate([one.index for one in tensors], axis)
        scale = shift = None
        if any(one.scale is not None for one in tensors):
            scale = np.concatenate([one.scales for one in tensors], axis)
        if any(one.shift is not None for one in tensors):
            shift = np.concatenate([one.shifts for one in tensors], axis)
        return Tensor(tensors[0].value, index, scale, shift)

    def chosen(self, condition: NDArray[np.bool], one: object, other: object) -> Tensor:
        """Where the condition, an array of truths, holds, the one, elsewhere the other."""
        shape = np.broadcast_shapes(condition.shape, tensor(one).shape, tensor(other).shape)
        yes, no = (found.spread(shape) for found in self.together([one, other]))
        index = np.where(condition, yes.index, no.index)
        scale = np.where(condition, yes.scales, no.scales)
        return Tensor(yes.value, index, scale, np.where(condition, yes.shifts, no.shifts))

    def summed(self, one: object, other: object) -> Tensor:
        """The sum; numbers are added to what waits, tensors by an operation."""
        left, right = tensor(one), tensor(other)
        for constant, other_one in ((left, right), (right, left)):
            if (constant.index < 0).all():
                return other_one.affine(1.0, constant.shifts)
        shape = np.broadcast_shapes(left.shape, right.shape)
        left, right = (
            found if found.shape == shape else found.moved(lambda a: np.broadcast_to(a, shape))
            for found in (left, right)
        )
        if left.value == right.value and np.array_equal(left.index, right.index):
            return replace(left, scale=left.scales + right.scales, shift=left.shifts + right.shifts)
        return self.add(Add((self.value(left), self.value(right)), left.size), shape)

    def multiplied(self, one: object, other: object) -> Tensor:
        """The product of every two numbers: a scaling where one is constant."""
        left, right = tensor(one), tensor(other)
        for constant, other_one in ((left, right), (right, left)):
            if (constant.index < 0).all():
                return other_one.affine(constant.shifts)
        shape = np.broadcast_shapes(left.shape, right.shape)
        left, right = left.spread(shape), right.spread(shape)
        return self.add(Multiply((self.value(left), self.value(right)), left.size), shape)

    def activated(self, given: Tensor, name: str, parameter: Array | float = 0.0) -> Tensor:
        """An activation of the language; a parameter is broadcast."""
        numbers = np.ascontiguousarray(np.broadcast_to(parameter, given.shape), np.float64).ravel()
        return self.add(Activate((self.value(given),), name, numbers), given.shape)

    def largest(self, given: Tensor) -> Tensor:
        """Along the last axis the largest number, the first of equal ones."""
        *shape, pieces = given.shape
        if pieces == 1:
            return given.reshaped(*shape)
        return self.add(Maxout((self.value(given),), prod(shape), pieces), shape)

    def program(self, output: Tensor) -> Program:
        """The Program whose output has the tensor's numbers, in order; what nothing reads is left out."""
        value = self.value(output)
        operations = folded(Program(tuple(self.operations)), value).operations
        bent = (i for i, operation in enumerate(operations) if _bends(operation))
        return Program(operations, tuple(bent))

    def _whole(self, value: int, shape: Sequence[int]) -> Tensor:
        made = Tensor(value, np.arange(prod(shape)).reshape(shape))
        self._values[made] = value
        return made

    def _picked(self, given: Tensor) -> int:
        index = given.index.ravel()
        if len(index) == self.operations[given.value].channels and _in_order(index):
            return given.value
        return self.add(Gather((given.value,), index), given.shape).value

    def _shifted(self, value: int, given: Tensor) -> int:
        if given.scale is None and given.shift is None:
            return value
        # a constant's own scale is of no account, but it is a number of the file
        scale = np.ones(given.shape) if given.scale is None else np.where(given.index < 0, 1.0, given.scale)
        weight = scale.reshape(-1, 1, 1, 1)
        return self.add(Conv((value,), weight, given.shifts.ravel(), groups=given.size), given.shape).value


def _in_order(index: Integers) -> bool:
    return bool((index == np.arange(len(index))).all())


def _bends(operation: Operation) -> bool:
    """Whether a layer ends in it."""
    match operation:
        case Activate():
            return operation.name != "linear"
        case Maxout() | LayerNorm() | Multiply() | Call():
            return True
        case Embed() | Conv() | Pool() | Normalise() | Merge() | Add() | Concat() | Gather() | TensorConv():
            return False
        case _:
            assert_never(operation)
