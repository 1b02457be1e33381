"""Joins, padding, new tensors, and parts written into others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from netwarp.models.aten.kinds import Function, Given, Moved, numbered, shape_of
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Integers, Tensor, constant, tensor


def cat(builder: Builder, tensors: Sequence[Given], dim: int = 0) -> Tensor:
    # torch leaves out what is (0,)
    given = [numbered(builder, one) for one in tensors]
    return builder.concatenated([one for one in given if one.shape != (0,)], dim)


def stack(builder: Builder, tensors: Sequence[Given], dim: int = 0) -> Tensor:
    given = (numbered(builder, one) for one in tensors)
    return builder.concatenated([one.moved(lambda a: np.expand_dims(a, dim)) for one in given], dim)


def hstack(builder: Builder, tensors: Sequence[Given]) -> Tensor:
    return cat(builder, tensors, 0 if len(shape_of(tensors[0])) == 1 else 1)


def vstack(builder: Builder, tensors: Sequence[Given]) -> Tensor:
    return cat(builder, [numbered(builder, one).moved(np.atleast_2d) for one in tensors], 0)


def pad(builder: Builder, x: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    widths = [(0, 0)] * len(x.shape)
    for n in range(len(pad) // 2):
        widths[-1 - n] = (pad[2 * n], pad[2 * n + 1])
    if mode == "constant":
        return x.padded(widths, value or 0.0)
    kinds = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    known: Any = kinds[mode]
    return x.moved(lambda a: np.pad(a, widths, known))


def constant_pad(builder: Builder, x: Tensor, widths: Sequence[int], value: float = 0.0) -> Tensor:
    return pad(builder, x, widths, "constant", value)


def reflection_pad(builder: Builder, x: Tensor, widths: Sequence[int]) -> Tensor:
    return pad(builder, x, widths, "reflect")


def replication_pad(builder: Builder, x: Tensor, widths: Sequence[int]) -> Tensor:
    return pad(builder, x, widths, "replicate")


def slice_scatter(
    builder: Builder,
    x: Given,
    source: Given,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    return _written(builder, x, source, dim, lambda at: at[slice(start, end, step)])


def select_scatter(builder: Builder, x: Given, source: Given, dim: int, index: int) -> Tensor:
    return _written(builder, x, tensor(source).moved(lambda a: np.expand_dims(a, dim)), dim, lambda at: at[[index]])


def copy(builder: Builder, x: Given, source: Given, non_blocking: bool = False) -> Tensor:
    return numbered(builder, source).spread(shape_of(x))


def fill(builder: Builder, x: Given, value: Given) -> Tensor:
    return copy(builder, x, value)


def like(builder: Builder, x: Moved, *, value: float, **options: object) -> Tensor:
    """ones_like, zeros_like."""
    return constant(np.full(x.shape, value))


def full_like(builder: Builder, x: Moved, fill_value: float, **options: object) -> Tensor:
    return constant(np.full(x.shape, fill_value))


def new(builder: Builder, x: Moved, size: Sequence[int], *, value: float, **options: object) -> Tensor:
    """new_ones, new_zeros."""
    return constant(np.full(size, value))


def new_full(builder: Builder, x: Moved, size: Sequence[int], fill_value: float, **options: object) -> Tensor:
    return constant(np.full(size, fill_value))


def _written(builder: Builder, x: Given, source: Given, dim: int, picked: Callable[[Integers], Integers]) -> Tensor:
    """x, its part along an axis that `picked` takes of the places replaced by the source."""
    into, new = builder.together([x, source])
    places: Integers = np.arange(into.shape[dim])
    at = (*([slice(None)] * (dim % len(into.shape))), picked(places))

    def written(old: Any, fresh: Any) -> Any:
        made = old.copy()
        made[at] = fresh
        return made

    scale, shift = written(into.scales, new.scales), written(into.shifts, new.shifts)
    return Tensor(into.value, written(into.index, new.index), scale, shift)


TABLE: dict[str, Function] = {
    "cat": cat,
    "concat": cat,
    "concatenate": cat,
    "stack": stack,
    "hstack": hstack,
    "vstack": vstack,
    "pad": pad,
    "constant_pad_nd": constant_pad,
    **dict.fromkeys(("reflection_pad1d", "reflection_pad2d"), reflection_pad),
    **dict.fromkeys(("replication_pad1d", "replication_pad2d"), replication_pad),
    "ones_like": partial(like, value=1.0),
    "zeros_like": partial(like, value=0.0),
    "full_like": full_like,
    "new_ones": partial(new, value=1.0),
    "new_zeros": partial(new, value=0.0),
    "new_full": new_full,
    "slice_scatter": slice_scatter,
    "select_scatter": select_scatter,
    "copy": copy,
    "fill": fill,
}
