"""Views, pieces, joins: what moves numbers and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.aten.kinds import Function, Given, Listed, numbered
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Integers, Mask, Tensor, tensor

Moved = Tensor | Mask


def same(builder: Builder, x: Moved, **options: object) -> Moved:
    """A copy, or what only says how memory is laid out."""
    return x


def cast(builder: Builder, x: Moved, *options: object, **more: object) -> Moved:
    """A conversion to another type: nothing to float64, which everything is computed in."""
    named = [str(one) for one in (*options, *more.values()) if str(one).startswith("torch.")]
    for name in named:
        if name in ("torch.float32", "torch.float16", "torch.bfloat16", "torch.half"):
            raise UnsupportedError(f"rounds to {name[6:]}, whereas it is computed in float64; leave the conversion out")
        if name == "torch.float64":
            return numbered(builder, x)
        if name.startswith(("torch.int", "torch.uint", "torch.long", "torch.bool", "torch.complex")):
            raise UnsupportedError(f"converts what depends on the input to {name[6:]}")
    return x


def view(builder: Builder, x: Moved, shape: Sequence[int]) -> Moved:
    return x.moved(lambda a: a.reshape(shape))


def view_as(builder: Builder, x: Moved, other: Given) -> Moved:
    return view(builder, x, np.shape(_index(other)))


def flatten(builder: Builder, x: Moved, start_dim: int = 0, end_dim: int = -1) -> Moved:
    sides = len(x.shape)
    if sides == 0:
        return x.moved(lambda a: a.reshape(1))
    first, last = start_dim % sides, end_dim % sides
    return x.moved(lambda a: a.reshape(*a.shape[:first], -1, *a.shape[last + 1 :]))


def unflatten(builder: Builder, x: Moved, dim: int, sizes: Sequence[int]) -> Moved:
    at = dim % len(x.shape)
    return x.moved(lambda a: a.reshape(*a.shape[:at], *sizes, *a.shape[at + 1 :]))


def permute(builder: Builder, x: Moved, dims: Sequence[int]) -> Moved:
    return x.moved(lambda a: a.transpose(list(dims)))


def transpose(builder: Builder, x: Moved, dim0: int = 0, dim1: int = 1) -> Moved:
    return x.moved(lambda a: a.swapaxes(dim0, dim1) if a.ndim > 1 else a)


def last_transposed(builder: Builder, x: Moved) -> Moved:
    return x.moved(lambda a: a.swapaxes(-1, -2))


def reversed_axes(builder: Builder, x: Moved) -> Moved:
    return x.moved(lambda a: a.transpose())


def movedim(builder: Builder, x: Moved, source: Any, destination: Any) -> Moved:
    return x.moved(lambda a: np.moveaxis(a, source, destination))


def select(builder: Builder, x: Moved, dim: int, index: int) -> Moved:
    return x.moved(lambda a: a.take(index, dim))


def cut(
    builder: Builder, x: Moved, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Moved:
    part = slice(start, end, step)
    return x.moved(lambda a: a[(*([slice(None)] * (dim % a.ndim)), part)])


def narrow(builder: Builder, x: Moved, dim: int, start: int, length: int) -> Moved:
    return cut(builder, x, dim, start, start + length)


def split(builder: Builder, x: Moved, size: int, dim: int = 0) -> list[Moved]:
    return [cut(builder, x, dim, first, first + size) for first in range(0, x.shape[dim], size)]


def split_with_sizes(builder: Builder, x: Moved, sizes: Sequence[int], dim: int = 0) -> list[Moved]:
    ends = np.cumsum(sizes).tolist()
    return [cut(builder, x, dim, end - size, end) for size, end in zip(sizes, ends, strict=True)]


def chunk(builder: Builder, x: Moved, chunks: int, dim: int = 0) -> list[Moved]:
    return split(builder, x, -(-x.shape[dim] // chunks), dim)


def unbind(builder: Builder, x: Moved, dim: int = 0) -> list[Moved]:
    return [select(builder, x, dim, i) for i in range(x.shape[dim])]


def squeeze(builder: Builder, x: Moved, dim: Listed = None) -> Moved:
    sides = len(x.shape)
    every = range(sides) if dim is None else [dim] if isinstance(dim, int) else dim
    gone = {axis % sides for axis in every if x.shape[axis] == 1} if sides else set()
    return x.moved(lambda a: a.reshape([n for axis, n in enumerate(a.shape) if axis not in gone]))


def unsqueeze(builder: Builder, x: Moved, dim: int) -> Moved:
    return x.moved(lambda a: np.expand_dims(a, dim))


def expand(builder: Builder, x: Moved, size: Sequence[int], *, implicit: bool = False) -> Moved:
    new = len(size) - len(x.shape)
    wanted = [n if n >= 0 else x.shape[axis - new] for axis, n in enumerate(size)]
    return x.moved(lambda a: np.broadcast_to(a, wanted))


def expand_as(builder: Builder, x: Moved, other: Given) -> Moved:
    return expand(builder, x, np.shape(_index(other)))


def repeat(builder: Builder, x: Moved, repeats: Sequence[int]) -> Moved:
    return x.moved(lambda a: np.tile(a, repeats))


def repeat_interleave(builder: Builder, x: Moved, repeats: int, dim: int | None = None, **options: object) -> Moved:
    return x.moved(lambda a: np.repeat(a, repeats, dim))


def flip(builder: Builder, x: Moved, dims: Sequence[int]) -> Moved:
    return x.moved(lambda a: np.flip(a, tuple(dims)))


def roll(builder: Builder, x: Moved, shifts: Any, dims: Any = ()) -> Moved:
    return x.moved(lambda a: np.roll(a, tuple(shifts), tuple(dims)) if dims else np.roll(a, shifts[0]))


def cat(builder: Builder, tensors: Sequence[Given], dim: int = 0) -> Tensor:
    # torch leaves out what is (0,)
    given = [numbered(builder, one) for one in tensors]
    return builder.concatenated([one for one in given if one.shape != (0,)], dim)


def stack(builder: Builder, tensors: Sequence[Given], dim: int = 0) -> Tensor:
    given = (numbered(builder, one) for one in tensors)
    return builder.concatenated([one.moved(lambda a: np.expand_dims(a, dim)) for one in given], dim)


def hstack(builder: Builder, tensors: Sequence[Given]) -> Tensor:
    return cat(builder, tensors, 0 if len(np.shape(_index(tensors[0]))) == 1 else 1)


def vstack(builder: Builder, tensors: Sequence[Given]) -> Tensor:
    return cat(builder, [numbered(builder, one).moved(np.atleast_2d) for one in tensors], 0)


def index(builder: Builder, x: Moved, indices: Sequence[object]) -> Moved:
    if any(isinstance(one, Tensor | Mask) for one in indices):
        raise UnsupportedError("picks by an index that depends on the input")
    at = tuple(slice(None) if one is None else np.asarray(one) for one in indices)
    return x.moved(lambda a: a[at])


def index_select(builder: Builder, x: Moved, dim: int, index: Integers) -> Moved:
    _known(index)
    return x.moved(lambda a: np.take(a, index, dim))


def gather(builder: Builder, x: Moved, dim: int, index: Integers, *, sparse_grad: bool = False) -> Moved:
    _known(index)
    part = tuple(slice(None) if axis == dim % index.ndim else slice(n) for axis, n in enumerate(index.shape))
    return x.moved(lambda a: np.take_along_axis(a[part], index, dim))


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


def pixel_shuffle(builder: Builder, x: Moved, upscale_factor: int) -> Moved:
    r = upscale_factor

    def shuffled(a: Any) -> Any:
        *batch, channels, rows, columns = a.shape
        parts = a.reshape(*batch, channels // r**2, r, r, rows, columns)
        return np.moveaxis(parts, (-4, -3), (-3, -1)).reshape(*batch, channels // r**2, rows * r, columns * r)

    return x.moved(shuffled)


def channel_shuffle(builder: Builder, x: Moved, groups: int) -> Moved:
    return x.moved(lambda a: a.reshape(a.shape[0], groups, -1, *a.shape[2:]).swapaxes(1, 2).reshape(a.shape))


def nearest(
    builder: Builder, x: Moved, output_size: Sequence[int] | None = None, scale_factors: Sequence[float] | None = None
) -> Moved:
    """upsample_nearest2d.vec: each pixel is the one at floor(place / scale)."""
    sides = x.shape[-2:]
    if scale_factors is None:
        assert output_size is not None
        scales, wanted = [n / length for n, length in zip(output_size, sides, strict=True)], list(output_size)
    else:
        scales = list(scale_factors)
        wanted = [int(length * scale) for length, scale in zip(sides, scales, strict=True)]
    rows, columns = (
        np.minimum((np.arange(n) * (1 / scale)).astype(int), length - 1)
        for n, scale, length in zip(wanted, scales, sides, strict=True)
    )
    return x.moved(lambda a: a[..., rows[:, None], columns])


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
    return numbered(builder, source).spread(np.shape(_index(x)))


def fill(builder: Builder, x: Given, value: Given) -> Tensor:
    return copy(builder, x, value)


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


def _index(given: Given | Any) -> Any:
    return given.over.index if isinstance(given, Mask) else given.index if isinstance(given, Tensor) else given


def _known(index: object) -> None:
    if isinstance(index, Tensor | Mask):
        raise UnsupportedError("picks by an index that depends on the input")


TABLE: dict[str, Function] = {
    **dict.fromkeys(("contiguous", "clone", "alias", "detach", "lift_fresh", "lift_fresh_copy", "view_copy"), same),
    **dict.fromkeys(("to", "_to_copy", "type_as"), cast),
    "view": view,
    "reshape": view,
    "_unsafe_view": view,
    "view_as": view_as,
    "reshape_as": view_as,
    "flatten": flatten,
    "unflatten": unflatten,
    "permute": permute,
    "transpose": transpose,
    "swapaxes": transpose,
    "swapdims": transpose,
    "t": transpose,
    "numpy_T": reversed_axes,
    "mT": last_transposed,
    "matrix_H": last_transposed,
    "adjoint": last_transposed,
    "movedim": movedim,
    "moveaxis": movedim,
    "select": select,
    "slice": cut,
    "narrow": narrow,
    "split": split,
    "split_with_sizes": split_with_sizes,
    "chunk": chunk,
    "unbind": unbind,
    "squeeze": squeeze,
    "unsqueeze": unsqueeze,
    "expand": expand,
    "broadcast_to": expand,
    "expand_as": expand_as,
    "repeat": repeat,
    "tile": repeat,
    "repeat_interleave": repeat_interleave,
    "flip": flip,
    "roll": roll,
    "cat": cat,
    "concat": cat,
    "concatenate": cat,
    "stack": stack,
    "hstack": hstack,
    "vstack": vstack,
    "index": index,
    "index_select": index_select,
    "gather": gather,
    "pad": pad,
    "constant_pad_nd": constant_pad,
    **dict.fromkeys(("reflection_pad1d", "reflection_pad2d"), reflection_pad),
    **dict.fromkeys(("replication_pad1d", "replication_pad2d"), replication_pad),
    "pixel_shuffle": pixel_shuffle,
    "channel_shuffle": channel_shuffle,
    "native_channel_shuffle": channel_shuffle,
    "upsample_nearest2d": nearest,
    "slice_scatter": slice_scatter,
    "select_scatter": select_scatter,
    "copy": copy,
    "fill": fill,
}
