"""Views and pieces: what moves the numbers of one tensor, and computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.aten.kinds import Function, Given, Listed, Moved, numbered, shape_of
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Integers, Mask, Tensor


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
    return view(builder, x, shape_of(other))


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
    return expand(builder, x, shape_of(other))


def repeat(builder: Builder, x: Moved, repeats: Sequence[int]) -> Moved:
    return x.moved(lambda a: np.tile(a, repeats))


def repeat_interleave(builder: Builder, x: Moved, repeats: int, dim: int | None = None, **options: object) -> Moved:
    return x.moved(lambda a: np.repeat(a, repeats, dim))


def flip(builder: Builder, x: Moved, dims: Sequence[int]) -> Moved:
    return x.moved(lambda a: np.flip(a, tuple(dims)))


def roll(builder: Builder, x: Moved, shifts: Any, dims: Any = ()) -> Moved:
    return x.moved(lambda a: np.roll(a, tuple(shifts), tuple(dims)) if dims else np.roll(a, shifts[0]))


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
    "index": index,
    "index_select": index_select,
    "gather": gather,
    "pixel_shuffle": pixel_shuffle,
    "channel_shuffle": channel_shuffle,
    "native_channel_shuffle": channel_shuffle,
    "upsample_nearest2d": nearest,
}
