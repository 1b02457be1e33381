"""Deep zoom: not the values over a view, but how they differ from the value at its centre, is computed.

Pixels 1e-30 apart have the same float64 coordinates, and nearly the same activations; their differences are ordinary
numbers. The centre's own activations are computed once, to as many digits as it takes (`orbit`), and every operation
turns the differences of what it reads into those of what it gives, without ever forming the sum.
"""

# C channels, n places along an axis (see `orbit`), N pixels, T = 1 (difference) or 3 (difference, d/dx, d/dy)

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.blas import single_threaded
from netwarp.engine.protocol import Progress
from netwarp.engine.threads import spread
from netwarp.errors import LimitError, UnsupportedError
from netwarp.field.deep_activations import change, slope
from netwarp.field.orbit import SPARE, Orbit, orbit, pick, places, taps
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Pool,
    Program,
)
from netwarp.plane import Raster

Array = NDArray[np.float64]

# pixels closer than this are not told apart: what layers make of their difference would leave float64's range
FINEST = 1e-250
MOST = 4 << 30  # bytes that the centres of kernels' taps may take
NUMBER = 160  # bytes of one of their values: a long whole number, and two of float64
TILE = 1 << 17  # numbers of the widest value that are worked on at once, to stay in a core's cache


def differences(
    program: Program,
    raster: Raster,
    tap: tuple[float, float],
    *,
    tangents: bool = False,
    progress: Progress | None = None,
) -> tuple[Array, Array]:
    """The value at the plane's exact centre, (k,), and what every pixel adds to it, (k, rows, columns) float64.

    With `tangents` the second is (k, 3, rows, columns): difference, d/dx, d/dy. Errors: LimitError for pixels smaller
    than 1e-250 or kernels whose taps at one pixel do not fit in memory; UnsupportedError for the tangent of a step.
    """
    finest = min(raster.pitch)
    if finest < FINEST:
        raise LimitError(f"plane {raster.plane!r}: its pixels are {finest:.3g} apart, at least {FINEST:g} are needed")
    if tangents:
        _check_tangents(program)
    parts = 3 if tangents else 1
    sizes = [o.channels * len(place) ** 2 for o, place in zip(program.operations, places(program), strict=True)]
    lives = list(zip(range(len(sizes)), program.last_use, sizes, strict=True))
    widest = max(sum(size for first, last, size in lives if first <= now <= last) for now in range(len(sizes)))
    if 8 * widest * parts + NUMBER * sum(sizes) > MOST:
        raise LimitError(
            f"kernels that reach {sum(program.reach[0])} pixels: {sum(sizes):.3g} values around one point are more "
            "than a view this deep can be drawn from; choose a plane whose pixels are 1e-12 apart or more"
        )
    bits = max(0, ceil(-log2(finest))) + SPARE
    centre = orbit(program, raster.plane.rational(), tap, bits)
    out = np.empty((program.channels, parts, raster.pixels))
    across, down = raster.offsets()
    count = max(1, min(TILE // (widest * parts), raster.pixels))
    weights = {i: _matrices(o) for i, o in enumerate(program.operations) if isinstance(o, Conv)}

    def work(_: int) -> Callable[[int], None]:
        return tile

    def tile(first: int) -> None:
        last = min(first + count, raster.pixels)
        row, column = np.divmod(np.arange(first, last), raster.columns)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            found = _walk(program, centre, weights, across[column], down[row], parts)
        out[:, :, first:last] = found[:, 0, 0]

    with single_threaded():
        spread(range(0, raster.pixels, count), work, progress)
    shape = (program.channels, parts, raster.rows, raster.columns)
    return centre.values[-1][:, 0, 0], out.reshape(shape) if tangents else out.reshape(shape[0], *shape[2:])


def lattice_positions(program: Program) -> int:
    """How many centres the inputs are needed at: one, but for kernels' taps."""
    return len(places(program)[0]) ** 2


def _check_tangents(program: Program) -> None:
    for operation in program.operations:
        if isinstance(operation, Activate) and operation.name == "step":
            where = operation.layer or "the output"
            raise UnsupportedError(f'layer {where}: "step" has no tangent; use relu, sigmoid or another activation')


def _matrices(conv: Conv) -> list[Array]:
    """Of each tap, rows first, the weights (groups, C / groups, I / groups)."""
    shape = (conv.groups, conv.channels // conv.groups, conv.weight.shape[1])
    steps = range(conv.kernel)
    return [np.ascontiguousarray(conv.weight[:, :, r, c]).reshape(shape) for r in steps for c in steps]


def _walk(program: Program, centre: Orbit, weights: dict[int, list[Array]], dx: Array, dy: Array, parts: int) -> Array:
    """(C, n, n, T, N) of the last operation: differences at the pixels dx, dy from the centre, and their slopes."""
    live: dict[int, Array] = {}
    for i, operation in enumerate(program.operations):
        here, near = list(centre.places[i]), centre.near[i]
        if isinstance(operation, Embed):
            live[i] = _embedded(operation, near, dx, dy, parts)
        elif isinstance(operation, (Conv, Pool)):
            steps, source = taps(operation), operation.sources[0]
            held = centre.places[source]
            window = (
                pick(live[source], held, [place + t for place in here], [place + s for place in here])
                for t in steps
                for s in steps
            )
            if isinstance(operation, Conv):
                total: Array | None = None
                for matrix, part in zip(weights[i], window, strict=True):
                    product = _product(matrix, part)
                    total = product if total is None else np.add(total, product, out=total)
                assert total is not None
                live[i] = total
            elif operation.kind == "avg":
                live[i] = sum(window, start=np.zeros(())) / len(steps) ** 2
            else:
                live[i] = _largest(np.stack(list(window)), near[0])
        else:
            sources = [pick(live[source], centre.places[source], here, here) for source in operation.sources]
            if isinstance(operation, Activate):
                live[i] = _activated(operation, near, sources[0])
            elif isinstance(operation, Maxout):
                pieces = sources[0].reshape(operation.channels, operation.pieces, *sources[0].shape[1:])
                live[i] = _largest(np.moveaxis(pieces, 1, 0), near[0])
            elif isinstance(operation, LayerNorm):
                live[i] = _layer_normalised(operation, near, sources[0])
            elif isinstance(operation, Concat):
                live[i] = np.concatenate(sources)
            elif isinstance(operation, Add):
                live[i] = sum(sources[1:], start=sources[0])
            elif isinstance(operation, Multiply):
                live[i] = _multiplied(near, sources)
            else:
                raise AssertionError(f"{type(operation).__name__} has no value before calibration")
        for source in set(operation.sources):
            if program.last_use[source] == i:
                del live[source]
    return live[len(program.operations) - 1]


def _embedded(embed: Embed, near: tuple[Array, ...], dx: Array, dy: Array, parts: int) -> Array:
    x, y, value, cosine = (part[..., None] for part in near)
    n = x.shape[1]
    out = np.zeros((embed.channels, n, n, parts, len(dx)))
    for k, (kind, (a, b, _)) in enumerate(zip(embed.kinds, embed.coefficients, strict=True)):
        if kind == RADIUS:
            there = np.hypot(x[0] + dx, y[0] + dy)
            # r'^2 - r^2 without squaring, over r' + r
            grown = (2 * x[0] + dx) * dx + (2 * y[0] + dy) * dy
            total = there + value[k]
            out[k, :, :, 0] = np.where(total > 0, grown / np.where(total > 0, total, 1), 0)
            if parts == 3:
                safe = np.where(there > 0, there, 1)
                out[k, :, :, 1], out[k, :, :, 2] = (x[0] + dx) / safe, (y[0] + dy) / safe
            continue
        moved = a * dx + b * dy
        if kind == LINEAR:
            out[k, :, :, 0] = moved
            steep: Array | float = 1.0
        else:
            half = np.sin(moved / 2)
            out[k, :, :, 0] = 2 * half * (cosine[k] * np.cos(moved / 2) - value[k] * half)
            steep = cosine[k] * np.cos(moved) - value[k] * np.sin(moved)
        if parts == 3:
            out[k, :, :, 1], out[k, :, :, 2] = a * steep, b * steep
    return out


def _product(matrix: Array, part: Array) -> Array:
    groups, outputs, inputs = matrix.shape
    product = np.matmul(matrix, part.reshape(groups, inputs, -1))
    return np.asarray(product.reshape(groups * outputs, *part.shape[1:]))


def _activated(operation: Activate, near: tuple[Array, ...], moved: Array) -> Array:
    """One channel and place a row."""
    parts, pixels = moved.shape[-2:]
    rows = moved.reshape(-1, parts, pixels)
    beside = tuple(part.reshape(-1, 1) for part in near)
    if parts == 1:
        return change(operation.name, beside, rows[:, 0]).reshape(moved.shape)
    out = np.empty_like(rows)
    out[:, 0] = change(operation.name, beside, rows[:, 0])
    out[:, 1:] = rows[:, 1:] * slope(operation.name, beside, rows[:, 0])[:, None]
    return out.reshape(moved.shape)


def _largest(candidates: Array, below: Array) -> Array:
    """(w, C, n, n, T, N) -> (C, n, n, T, N): of the candidates, each `below` the centre's largest, the largest."""
    heights = candidates[..., 0, :] + below[..., None]
    if candidates.shape[-2] == 1:
        return np.asarray(heights.max(axis=0)[..., None, :])
    index = heights.argmax(axis=0)[None, ..., None, :]
    largest: Array = np.take_along_axis(candidates, np.broadcast_to(index, (1, *candidates.shape[1:])), axis=0)[0]
    largest[..., 0, :] = heights.max(axis=0)
    return largest


def _layer_normalised(norm: LayerNorm, near: tuple[Array, ...], moved: Array) -> Array:
    centred, spread = (part[..., None, None] for part in near)
    moved = moved - moved.mean(axis=0)
    first = moved[..., :1, :]
    # the variance's change is that of a square; a root's is it over the sum of both roots
    grown = (first * (2 * centred + first)).mean(axis=0)
    after = np.sqrt(spread[0] * spread[0] + grown)
    out = np.empty_like(moved)
    out[..., :1, :] = first / after - centred * (grown / (spread[0] * after * (spread[0] + after)))
    if moved.shape[-2] == 3:
        unit = (centred + first) / after
        along = (unit * moved[..., 1:, :]).mean(axis=0)
        out[..., 1:, :] = (moved[..., 1:, :] - unit * along) / after
    out *= norm.scale[:, None, None, None, None]
    return out


def _multiplied(near: tuple[Array, ...], moved: list[Array]) -> Array:
    """(a + da) (b + db) - a b, factor by factor."""
    value, out = near[0][..., None, None], moved[0]
    for factor, more in zip(near[1:], moved[1:], strict=True):
        b = factor[..., None, None]
        both: Array = out * b + value * more
        both[..., :1, :] += out[..., :1, :] * more[..., :1, :]
        both[..., 1:, :] += out[..., :1, :] * more[..., 1:, :] + out[..., 1:, :] * more[..., :1, :]
        value, out = value * b, both
    return out
