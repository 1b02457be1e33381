"""Affine operations on tensors: products with constant matrices, convolutions, sums and means along axes."""

# A channels of an image, H rows, W columns

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from netwarp.errors import InputError, UnsupportedError
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Tensor
from netwarp.network.program import Conv, TensorConv

Padding = tuple[int, int, int, int]  # top, bottom, left, right


def linear(builder: Builder, given: Tensor, weight: Array, bias: Array | None = None) -> Tensor:
    """weight (outputs, inputs) times every vector along the last axis, plus bias (outputs,)."""
    *rows, inputs = given.shape
    if weight.shape[1] != inputs:
        raise InputError(f"its weight has {len(weight)}x{weight.shape[1]} numbers, but it is given {inputs} at a time")
    outputs, count = len(weight), prod(rows)
    added = np.zeros(outputs) if bias is None else bias
    if count == 1:
        value = builder.value(given)
        return builder.add(Conv((value,), weight[:, :, None, None], added), (*rows, outputs))
    # every vector a pixel of an image of one row
    value = builder.value(given.moved(lambda a: a.reshape(count, inputs).T))
    conv = TensorConv((value,), weight[:, :, None, None], added, (inputs, 1, count))
    return builder.add(conv, (outputs, count)).moved(lambda a: a.T.reshape(*rows, outputs))


def convolved(
    builder: Builder,
    given: Tensor,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Sequence[int] = (1, 1),
    padding: Padding = (0, 0, 0, 0),
    dilation: Sequence[int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """torch's conv2d of one image (1, A, H, W) or (A, H, W)."""
    *batch, inputs, high, wide = given.shape
    if weight.shape[1] * groups != inputs:
        many = f"{weight.shape[1]} channels" if groups == 1 else f"{groups} groups of {weight.shape[1]} channels"
        raise InputError(f"its weight is of {many}, but it is given {inputs}")
    if prod(batch) != 1:
        raise UnsupportedError(f"convolves {prod(batch)} images at once; only one is followed")
    added = np.zeros(len(weight)) if bias is None else bias
    value = builder.value(given)
    if high == wide == 1 and weight.shape[2:] == (1, 1) and not any(padding):
        return builder.add(Conv((value,), weight, added, groups=groups), (*batch, len(weight), 1, 1))
    conv = TensorConv(
        (value,),
        weight,
        added,
        (inputs, high, wide),
        (stride[0], stride[1]),
        padding,
        (dilation[0], dilation[1]),
        groups,
    )
    if min(conv.made) < 1:
        raise UnsupportedError(f"its window of {weight.shape[2]}x{weight.shape[3]} is larger than its image")
    return builder.add(conv, (*batch, *conv.made))


def mean(builder: Builder, given: Tensor, axes: Sequence[int], *, keep: bool = False, total: bool = False) -> Tensor:
    """The mean along the axes, or their sum; `keep` leaves them with the length 1."""
    sides = len(given.shape)
    gone = sorted({axis % sides for axis in axes}) if sides else []
    kept = [axis for axis in range(sides) if axis not in gone]
    shape = [given.shape[axis] for axis in kept]
    count = prod(given.shape[axis] for axis in gone)
    rows = prod(shape)
    share = 1.0 if total else 1.0 / count
    if count == 1:
        made = given.moved(lambda a: a.transpose([*kept, *gone]).reshape(shape))
    else:
        ordered = given.moved(lambda a: a.transpose([*kept, *gone]).reshape(rows, count))
        value = builder.value(ordered)
        if rows == 1:
            summed = builder.add(Conv((value,), np.full((1, count, 1, 1), share), np.zeros(1)), (1,))
        else:
            weight = np.full((rows, 1, 1, count), share)
            summed = builder.add(
                TensorConv((value,), weight, np.zeros(rows), (rows, 1, count), groups=rows), (rows, 1, 1)
            )
        made = summed.reshaped(*shape)
    return made.reshaped(*(1 if axis in gone else n for axis, n in enumerate(given.shape))) if keep else made


def product(builder: Builder, one: Tensor | Array, other: Tensor | Array) -> Tensor:
    """The matrix product, as torch.matmul, of which one factor is constant."""
    if isinstance(one, Tensor) and not isinstance(other, Tensor):
        if other.ndim == 1:
            made = linear(builder, one, other[None])
            return made.reshaped(*made.shape[:-1])
        if prod(other.shape[:-2]) == 1:
            made = linear(builder, one, other.reshape(other.shape[-2:]).T)
            extra = max(0, other.ndim - len(made.shape))
            return made.reshaped(*([1] * extra), *made.shape)
    elif isinstance(other, Tensor) and not isinstance(one, Tensor):
        if len(other.shape) == 1:
            made = linear(builder, other, one.reshape(-1, one.shape[-1]))
            return made.reshaped(*one.shape[:-1])
        if one.ndim == 1:
            made = product(builder, one[None], other)
            return made.reshaped(*made.shape[:-2], made.shape[-1])
        if prod(one.shape[:-2]) == 1:
            made = linear(builder, other.moved(lambda a: a.swapaxes(-1, -2)), one.reshape(one.shape[-2:]))
            made = made.moved(lambda a: a.swapaxes(-1, -2))
            extra = max(0, one.ndim - len(made.shape))
            return made.reshaped(*([1] * extra), *made.shape)
    raise UnsupportedError("multiplies matrices of which neither is one constant matrix")
