"""Sums, products, means, matrix products, extremes."""

from __future__ import annotations

import numpy as np

from netwarp.errors import UnsupportedError, shown
from netwarp.models.aten.kinds import Function, Given, Listed, axes_of, numbered
from netwarp.models.graphs import affine, bends
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Mask, Tensor, tensor


def add(builder: Builder, x: Given, other: Given, alpha: float = 1.0) -> Tensor:
    return builder.summed(numbered(builder, x), _times(numbered(builder, other), alpha))


def sub(builder: Builder, x: Given, other: Given, alpha: float = 1.0) -> Tensor:
    return builder.summed(numbered(builder, x), _times(numbered(builder, other), -alpha))


def rsub(builder: Builder, x: Given, other: Given, alpha: float = 1.0) -> Tensor:
    return sub(builder, other, x, alpha)


def mul(builder: Builder, x: Given, other: Given) -> Tensor:
    if isinstance(x, Mask):
        x, other = other, x
    if isinstance(other, Mask):
        return bends.where(builder, other, numbered(builder, x), 0.0)
    return builder.multiplied(x, other)


def div(builder: Builder, x: Given, other: Given, rounding_mode: str | None = None) -> Tensor:
    if rounding_mode is not None:
        raise UnsupportedError(f"rounds its quotient ({rounding_mode})")
    by = tensor(other)
    if (by.index >= 0).any():
        raise UnsupportedError("divides by what depends on the input")
    return tensor(x).affine(1.0 / by.shifts)


def neg(builder: Builder, x: Tensor) -> Tensor:
    return x.affine(-1.0)


def power(builder: Builder, x: Tensor, exponent: Given) -> Tensor:
    if isinstance(exponent, int | float) and exponent == 1:
        return x
    if not isinstance(exponent, int | float) or exponent not in (2, 3, 4):
        raise UnsupportedError(f"raises to the power {shown(exponent)}; only 1, 2, 3 and 4 are known")
    squared = builder.activated(x, "square")
    if exponent == 4:
        return builder.activated(squared, "square")
    return squared if exponent == 2 else builder.multiplied(squared, x)


def square(builder: Builder, x: Tensor) -> Tensor:
    return builder.activated(x, "square")


def mean(builder: Builder, x: Tensor, dim: Listed = None, keepdim: bool = False, dtype: object = None) -> Tensor:
    return affine.mean(builder, x, axes_of(dim, x), keep=keepdim)


def total(builder: Builder, x: Given, dim: Listed = None, keepdim: bool = False, dtype: object = None) -> Tensor:
    found = numbered(builder, x)
    return affine.mean(builder, found, axes_of(dim, found), keep=keepdim, total=True)


def greatest(builder: Builder, x: Tensor, dim: Listed = None, keepdim: bool = False) -> Tensor:
    return bends.extreme(builder, x, axes_of(dim, x), keep=keepdim)


def least(builder: Builder, x: Tensor, dim: Listed = None, keepdim: bool = False) -> Tensor:
    return bends.extreme(builder, x, axes_of(dim, x), keep=keepdim, least=True)


def greatest_and_where(builder: Builder, x: Tensor, dim: int, keepdim: bool = False) -> tuple[Tensor, None]:
    return greatest(builder, x, [dim], keepdim), None


def least_and_where(builder: Builder, x: Tensor, dim: int, keepdim: bool = False) -> tuple[Tensor, None]:
    return least(builder, x, [dim], keepdim), None


def matmul(builder: Builder, x: Tensor | Array, other: Tensor | Array) -> Tensor:
    return affine.product(builder, x, other)


def addmm(
    builder: Builder,
    bias: Given,
    x: Tensor | Array,
    other: Tensor | Array,
    beta: float = 1.0,
    alpha: float = 1.0,
) -> Tensor:
    return builder.summed(_times(bias, beta), _times(affine.product(builder, x, other), alpha))


def gt(builder: Builder, x: Given, other: Given) -> Mask:
    return bends.compared(builder, x, other)


def ge(builder: Builder, x: Given, other: Given) -> Mask:
    return bends.compared(builder, x, other, strict=False)


def lt(builder: Builder, x: Given, other: Given) -> Mask:
    return gt(builder, other, x)


def le(builder: Builder, x: Given, other: Given) -> Mask:
    return ge(builder, other, x)


def logical_not(builder: Builder, mask: Mask) -> Mask:
    if not isinstance(mask, Mask):
        raise UnsupportedError("asks of numbers whether they are 0")
    return mask.inverted()


def logical_and(builder: Builder, x: Mask | Array, other: Mask | Array) -> Mask:
    return bends.both(builder, _truths(x), _truths(other))


def logical_or(builder: Builder, x: Mask | Array, other: Mask | Array) -> Mask:
    return bends.either(builder, _truths(x), _truths(other))


def where(builder: Builder, condition: Mask | Array, x: Given, other: Given) -> Tensor:
    if isinstance(condition, Tensor):
        raise UnsupportedError("asks of numbers whether they are 0")
    return bends.where(builder, condition, numbered(builder, x), numbered(builder, other))


def masked_fill(builder: Builder, x: Given, mask: Mask | Array, value: Given) -> Tensor:
    return where(builder, mask, value, x)


def triangle(builder: Builder, x: Tensor, diagonal: int = 0) -> Tensor:
    return x.affine(np.tril(np.ones(x.shape[-2:]), diagonal))


def upper_triangle(builder: Builder, x: Tensor, diagonal: int = 0) -> Tensor:
    return x.affine(np.triu(np.ones(x.shape[-2:]), diagonal))


def _truths(given: Given) -> Mask | Array:
    if isinstance(given, Tensor):
        raise UnsupportedError("asks of numbers whether they are 0")
    return given if isinstance(given, Mask) else np.asarray(given)


def _times(given: Given, factor: float) -> Tensor:
    return tensor(given) if factor == 1.0 else tensor(given).affine(factor)


TABLE: dict[str, Function] = {
    "add": add,
    "sub": sub,
    "subtract": sub,
    "rsub": rsub,
    "mul": mul,
    "multiply": mul,
    "div": div,
    "divide": div,
    "true_divide": div,
    "neg": neg,
    "negative": neg,
    "pow": power,
    "square": square,
    "mean": mean,
    "sum": total,
    "amax": greatest,
    "amin": least,
    "max.default": greatest,
    "min.default": least,
    "max.dim": greatest_and_where,
    "min.dim": least_and_where,
    "max.other": bends.larger,
    "min.other": bends.smaller,
    "maximum": bends.larger,
    "minimum": bends.smaller,
    "fmax": bends.larger,
    "fmin": bends.smaller,
    "matmul": matmul,
    "mm": matmul,
    "bmm": matmul,
    "mv": matmul,
    "dot": matmul,
    "addmm": addmm,
    "addmv": addmm,
    "baddbmm": addmm,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
    "greater": gt,
    "greater_equal": ge,
    "less": lt,
    "less_equal": le,
    **dict.fromkeys(("logical_and", "bitwise_and", "__and__"), logical_and),
    **dict.fromkeys(("logical_or", "bitwise_or", "__or__"), logical_or),
    "logical_not": logical_not,
    "bitwise_not": logical_not,
    "where": where,
    "masked_fill": masked_fill,
    "tril": triangle,
    "triu": upper_triangle,
}
