"""Pools over images: the mean or the largest of windows, with padding, stride and dilation as torch has them."""

# A channels of an image, H rows, W columns; along an axis: places P of the result, taps T of a window

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.graphs.affine import convolved, linear
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Integers, Tensor


def largest(
    builder: Builder,
    given: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[tuple[int, int]] = ((0, 0), (0, 0)),
    dilation: Sequence[int] = (1, 1),
    *,
    ceil: bool = False,
) -> Tensor:
    """max_pool2d of (..., H, W). `padding` is (before, after) an axis and never the largest."""
    sides = list(zip(given.shape[-2:], size, stride, padding, dilation, strict=True))
    down, across = (_inside(taps(*side, ceil=ceil), side[0]) for side in sides)
    windows = builder.settled(given).moved(lambda a: a[..., down[:, None, :, None], across[None, :, None, :]])
    return builder.largest(windows.moved(lambda a: a.reshape(*a.shape[:-2], -1)))


def averaged(
    builder: Builder,
    given: Tensor,
    size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[tuple[int, int]] = ((0, 0), (0, 0)),
    *,
    ceil: bool = False,
    count_padding: bool = True,
    divisor: int | None = None,
) -> Tensor:
    """avg_pool2d of (..., A, H, W). Taps in the padding are zeros, which count among the divisor or do not."""
    *_, channels, high, wide = given.shape
    sides = list(zip((high, wide), size, stride, padding, strict=True))
    down, across = (taps(*side, 1, ceil=ceil) for side in sides)
    counts = []
    for found, (length, _, _, (before, after)) in zip((down, across), sides, strict=True):
        low, past = (-before, length + after) if count_padding else (0, length)
        counts.append(((found >= low) & (found < past)).sum(axis=1))
    # a last window may end past the padding
    ends = [int(found[-1, -1]) + 1 - length for found, length in zip((down, across), (high, wide), strict=True)]
    (top, _), (left, _) = padding
    around = top, max(0, ends[0]), left, max(0, ends[1])
    weight = np.ones((channels, 1, size[0], size[1]))
    summed = convolved(builder, given, weight, stride=stride, padding=around, groups=channels)
    summed = summed.moved(lambda a: a[..., : len(down), : len(across)])
    over = np.multiply.outer(counts[0], counts[1]) if divisor is None else np.full((1, 1), divisor)
    return summed.affine(1.0 / over)


def adapted(
    builder: Builder, given: Tensor, sides: Sequence[int], pool: Callable[..., Tensor], *, mean: bool
) -> Tensor:
    """adaptive_avg_pool2d (`mean`, by `averaged`) or adaptive_max_pool2d (by `largest`) to `sides` rows, columns."""
    lengths = given.shape[-2:]
    if all(length % side == 0 for length, side in zip(lengths, sides, strict=True)):
        size = [length // side for length, side in zip(lengths, sides, strict=True)]
        return pool(builder, given, size, size)
    down, across = (_spans(length, side) for length, side in zip(lengths, sides, strict=True))
    if mean:
        shares: Array = np.kron(_shares(down, lengths[0]), _shares(across, lengths[1])).astype(np.float64)
        made = linear(builder, given.moved(lambda a: a.reshape(*a.shape[:-2], -1)), shares)
        return made.moved(lambda a: a.reshape(*a.shape[:-1], *sides))
    rows, columns = _filled(down), _filled(across)
    windows = builder.settled(given).moved(lambda a: a[..., rows[:, None, :, None], columns[None, :, None, :]])
    return builder.largest(windows.moved(lambda a: a.reshape(*a.shape[:-2], -1)))


def taps(
    length: int, size: int, stride: int, padding: tuple[int, int], dilation: int = 1, *, ceil: bool = False
) -> Integers:
    """(P, T) which element each tap of each window reads; below 0 and from `length` on it lies in the padding."""
    before, after = padding
    room = length + before + after - dilation * (size - 1) - 1
    places = (-(-room // stride) if ceil else room // stride) + 1
    if ceil and (places - 1) * stride >= length + before:
        places -= 1  # no window begins in the padding at the end
    if places < 1:
        raise UnsupportedError(f"its window of {size} is larger than its image of {length}")
    found: Integers = np.arange(places)[:, None] * stride - before + np.arange(size) * dilation
    return found


def _inside(taps: Integers, length: int) -> Integers:
    """The taps, those in the padding replaced by another one of the same window."""
    inside = (taps >= 0) & (taps < length)
    first = np.take_along_axis(taps, inside.argmax(axis=1)[:, None], axis=1)
    return np.where(inside, taps, first)


def _spans(length: int, sides: int) -> list[tuple[int, int]]:
    return [(i * length // sides, -(-(i + 1) * length // sides)) for i in range(sides)]


def _shares(spans: list[tuple[int, int]], length: int) -> Array:
    """(P, length) the weights of means."""
    made = np.zeros((len(spans), length))
    for row, (first, past) in zip(made, spans, strict=True):
        row[first:past] = 1.0 / (past - first)
    return made


def _filled(spans: list[tuple[int, int]]) -> Integers:
    """(P, T) taps of windows of unlike sizes: the shorter ones have their first element more often."""
    longest = max(past - first for first, past in spans)
    rows = [[*range(first, past), *([first] * (longest - past + first))] for first, past in spans]
    return np.array(rows, np.int64)
