"""What bends a tensor: activations with torch's options, maxima, choices by a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import UnsupportedError
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Mask, Tensor, tensor
from netwarp.network.program import LayerNorm

# a jump below this share of the numbers it is the difference of is their rounding
ROUNDING = 1e-12


def larger(builder: Builder, one: object, other: object) -> Tensor:
    """The larger of every two numbers, the first of equal ones."""
    left, right = builder.together([one, other])
    shape = np.broadcast_shapes(left.shape, right.shape)
    pair = [found.spread(shape).moved(lambda a: a[..., None]) for found in (left, right)]
    return builder.largest(builder.concatenated([builder.settled(found) for found in pair], -1))


def smaller(builder: Builder, one: object, other: object) -> Tensor:
    """The smaller of every two numbers."""
    return larger(builder, tensor(one).affine(-1.0), tensor(other).affine(-1.0)).affine(-1.0)


def extreme(builder: Builder, given: Tensor, axes: Sequence[int], *, keep: bool = False, least: bool = False) -> Tensor:
    """The largest along the axes, or the least."""
    sides = len(given.shape)
    gone = sorted({axis % sides for axis in axes})
    kept = [axis for axis in range(sides) if axis not in gone]
    shape = [given.shape[axis] for axis in kept]
    signed = builder.settled(given.affine(-1.0) if least else given)
    made = builder.largest(signed.moved(lambda a: a.transpose([*kept, *gone]).reshape(*shape, -1)))
    made = made.affine(-1.0) if least else made
    return made.reshaped(*(1 if axis in gone else n for axis, n in enumerate(given.shape))) if keep else made


def compared(builder: Builder, one: object, other: object, *, strict: bool = True) -> Mask:
    """Where one is above the other."""
    return Mask(builder.summed(one, tensor(other).affine(-1.0)), strict)


def stepped(builder: Builder, mask: Mask) -> Tensor:
    """1 where the mask holds, else 0."""
    if mask.strict:
        return builder.activated(mask.over, "step")
    return builder.activated(mask.over.affine(-1.0), "step").affine(-1.0, 1.0)


def both(builder: Builder, one: Mask | NDArray[Any], other: Mask | NDArray[Any]) -> Mask:
    """Where both of two masks hold, or a mask and an array of truths."""
    held = [stepped(builder, mask) if isinstance(mask, Mask) else tensor(mask != 0) for mask in (one, other)]
    return Mask(builder.multiplied(*held).affine(1.0, -0.5))


def either(builder: Builder, one: Mask | NDArray[Any], other: Mask | NDArray[Any]) -> Mask:
    """Where at least one of the two holds."""
    held = [stepped(builder, mask) if isinstance(mask, Mask) else tensor(mask != 0) for mask in (one, other)]
    return Mask(builder.summed(*held).affine(1.0, -0.5))


def where(builder: Builder, mask: Mask | NDArray[Any], one: object, other: object) -> Tensor:
    """`one` where the mask holds, else `other`.

    Where both, and what is compared, are affine in one and the same number, this is a sum of a relu, a step and an
    affine map; else the difference of the two is multiplied with a step, and affine wherever the two are.
    Errors: UnsupportedError for a number that is NaN or infinite, whose product with 0 is none.
    """
    if not isinstance(mask, Mask):
        return builder.chosen(mask != 0, one, other)
    if not all(np.isfinite(tensor(part).shifts).all() for part in (one, other)):
        raise UnsupportedError("chooses a number that is NaN or infinite")
    shape = np.broadcast_shapes(mask.shape, tensor(one).shape, tensor(other).shape)
    parts = [found.spread(shape) for found in builder.together([mask.over, one, other])]
    over, yes, no = parts
    # a comparison of constants is decided here
    fixed = over.index < 0
    if fixed.any():
        no = builder.chosen(fixed & ((over.shifts > 0) if mask.strict else (over.shifts >= 0)), one, other)
        over, yes, no = builder.together([over, yes, no])
    live = ~fixed
    if any((live & (part.index != over.index) & (part.scales != 0.0)).any() for part in (yes, no)):
        gap = builder.summed(yes, no.affine(-1.0)).affine(live.astype(np.float64))
        return builder.summed(no, builder.multiplied(gap, stepped(builder, Mask(over, mask.strict))))
    # one - other = gain over + jump, of the same number
    gain = np.divide(yes.scales - no.scales, over.scales, out=np.zeros(shape), where=live & (over.scales != 0.0))
    jump = np.where(live, yes.shifts - no.shifts - gain * over.shifts, 0.0)
    size = np.abs(yes.shifts) + np.abs(no.shifts) + np.abs(gain * over.shifts)
    jump = np.where(np.abs(jump) <= ROUNDING * size, 0.0, jump)
    made = no
    if (gain != 0.0).any():
        made = builder.summed(made, builder.activated(over, "relu").affine(gain))
    if (jump != 0.0).any():
        made = builder.summed(made, stepped(builder, Mask(over, mask.strict)).affine(jump))
    return made


def softplus(builder: Builder, given: Tensor, beta: float = 1.0) -> Tensor:
    """log(1 + exp(beta z)) / beta."""
    return builder.activated(given.affine(beta), "softplus").affine(1.0 / beta)


def elu(builder: Builder, given: Tensor, alpha: float = 1.0, scale: float = 1.0, inner: float = 1.0) -> Tensor:
    """scale z where z is above 0, else scale alpha (exp(inner z) - 1)."""
    bent = builder.activated(given if inner == 1.0 else given.affine(inner), "elu").affine(scale * alpha)
    rest = scale - scale * alpha * inner
    return bent if rest == 0.0 else builder.summed(bent, builder.activated(given, "relu").affine(rest))


def softly(builder: Builder, given: Tensor) -> Tensor:
    """gelu as its approximation by tanh."""
    z = builder.settled(given)
    cube = builder.multiplied(z, builder.activated(z, "square"))
    inner = builder.summed(z, cube.affine(0.044715)).affine(sqrt(2 / pi))
    return builder.multiplied(z, builder.activated(inner, "tanh").affine(0.5, 0.5))


def shrunk(builder: Builder, given: Tensor, by: float) -> Tensor:
    """z without its part between -by and by."""
    upper = builder.activated(given.affine(1.0, -by), "relu")
    return builder.summed(upper, builder.activated(given.affine(-1.0, -by), "relu").affine(-1.0))


def layer_normalised(
    builder: Builder, given: Tensor, sides: Sequence[int], scale: Array | None, shift: Array | None, eps: float
) -> Tensor:
    """Layer normalisation over the whole tensor. Errors: UnsupportedError where it is over a part of it."""
    if np.prod(sides) != given.size:
        raise UnsupportedError(f"normalises {list(sides)} of a tensor {list(given.shape)}; only the whole is known")
    ones = np.ones(given.size) if scale is None else scale.ravel()
    added = np.zeros(given.size) if shift is None else shift.ravel()
    return builder.add(LayerNorm((builder.value(given),), ones, added, eps), given.shape)
