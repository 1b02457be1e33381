"""The evaluator of Programs with tensor operations or outside functions: numpy, a batch of points at a time.

It follows the torch evaluator, operation by operation, for points instead of lattices: a convolution of a tensor is
one matrix product over its windows. Values of a batch stay within a bound of memory.
"""

# T parts (1 value; 3 value, d/dx, d/dy), C channels, n points of a batch; every value is an array (T, C, n)

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.engine.outside import called
from netwarp.engine.protocol import Dtype, Floats
from netwarp.errors import UnsupportedError
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    Activate,
    Add,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Multiply,
    Pointwise,
    Pool,
    Program,
    TensorConv,
    Tensorial,
    calibrated,
)
from netwarp.progress import Progress
from netwarp.theory.arrays import ARRAYS

Values = NDArray[Any]
BUDGET = 128 << 20  # bytes that the values of a batch and the windows of one convolution may take
MOST = 1 << 14  # points of a batch at most: a function that is called wants many, whoever waits few


def evaluate(
    program: Program, points: NDArray[np.float64], dtype: Dtype, tangents: bool, progress: Progress | None
) -> Floats:
    """(n, k) values of `dtype` at points (n, 2); with `tangents` (n, k, 3). Asks `progress` between two batches.

    Errors: UnsupportedError naming a kernel or a pool over the plane, or an outside function without a tangent;
    NotFiniteError and InputError where such a function gives what is no number, or another shape.
    """
    for operation in program.operations:
        if (isinstance(operation, Conv) and operation.kernel > 1) or (
            isinstance(operation, Pool) and operation.size > 1
        ):
            raise UnsupportedError(
                f"layer {operation.layer!r}: a window over the plane; a Program with operations on tensors has none"
            )
    parts = 3 if tangents else 1
    out = np.empty((len(points), program.channels, parts), dtype)
    size = batch(program, parts, np.dtype(dtype).itemsize)
    for first in range(0, len(points), size):
        last = min(first + size, len(points))
        found = _run(program, points[first:last], np.dtype(dtype), parts)
        out[first:last] = found.transpose(2, 1, 0)
        if progress is not None:
            progress(last, len(points))
    return out if tangents else out[:, :, 0]


def batch(program: Program, parts: int, itemsize: int) -> int:
    """How many points go through a Program at once."""
    widest, most, live = 1, MOST, dict[int, int]()
    for i, operation in enumerate(program.operations):
        live[i] = operation.channels
        windows = 0
        if isinstance(operation, TensorConv):
            # the padded source and all its windows
            windows = 2 * operation.shape[0] * int(np.prod(operation.made[1:])) * operation.weight[0, 0].size
        widest = max(widest, sum(live.values()) + windows)
        if isinstance(operation, Call):
            most = min(most, getattr(operation.function, "batch", MOST))
        live = {v: c for v, c in live.items() if program.last_use[v] > i}
    return max(1, min(most, BUDGET // (widest * parts * itemsize)))


def _run(program: Program, points: NDArray[np.float64], dtype: np.dtype[np.floating], parts: int) -> Values:
    values: dict[int, Values] = {}
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        for i, operation in enumerate(map(calibrated, program.operations)):
            if isinstance(operation, Embed):
                # a function that is called takes rows: then they are made as rows, and not turned round
                rows = any(isinstance(one, Call) for one in program.operations[i + 1 : i + 2])
                values[i] = embedded(operation, points, parts, rows=rows).astype(dtype, copy=False)
            else:
                values[i] = _applied(operation, [values[source] for source in operation.sources], dtype)
            for value in set(operation.sources):
                if program.last_use[value] == i:
                    del values[value]
    return values[len(program.operations) - 1]


def _applied(
    operation: Conv | Pool | Pointwise | Tensorial, sources: list[Values], dtype: np.dtype[np.floating]
) -> Values:
    z = sources[0]
    match operation:
        case Conv():
            return _affine(_grouped(operation, z, dtype), operation.bias.astype(dtype))
        case TensorConv():
            return _affine(_windows(operation, z, dtype), np.repeat(operation.bias, _places(operation)).astype(dtype))
        case Gather():
            found = z[:, np.maximum(operation.index, 0)]
            found[:, operation.index < 0] = 0
            return found
        case Activate():
            return _activated(operation, z, dtype)
        case Maxout():
            return _largest(z.reshape(len(z), operation.channels, operation.pieces, -1))
        case LayerNorm():
            return _normalised(operation, z, dtype)
        case Pool():
            return z  # over one pixel
        case Add():
            return _folded(np.add, sources)
        case Multiply():
            return _folded(_product, sources)
        case Concat():
            return np.concatenate(sources, axis=1)
        case Call():
            return called(operation, z).astype(dtype, copy=False)
        case _:
            assert_never(operation)


def embedded(embed: Embed, points: NDArray[np.float64], parts: int, *, rows: bool = False) -> NDArray[np.float64]:
    """(T, K, n) in float64; with `rows` the numbers of a point lie side by side in memory, where nothing bends."""
    if rows and parts == 1 and _is_plane(embed):
        # adding 0 makes a -0 the 0 that it is where it is multiplied and added
        return (points + 0.0).T[None]
    x, y = points.T
    a, b, c = (column[:, None] for column in embed.coefficients.T)
    line = _sum(x[:, None] * a.T, y[:, None] * b.T, c.T).T if rows else _sum(a * x, b * y, c)
    linear, radial = (embed.kinds[:, None] == kind for kind in (LINEAR, RADIUS))
    if linear.all():
        if parts == 1:
            return line[None]
        return np.stack([line, *(np.broadcast_to(slope, line.shape) for slope in (a, b))])
    radius = np.sqrt(x * x + y * y)
    found = [np.where(linear, line, np.where(radial, radius, np.sin(line)))]
    if parts == 3:
        safe = np.where(radius > 0, radius, 1.0)
        for slope, along in ((a, x), (b, y)):
            found.append(np.where(linear, slope, np.where(radial, along / safe, slope * np.cos(line))))
    return np.stack(found)


def _is_plane(embed: Embed) -> bool:
    """Whether the inputs are x and y themselves."""
    return embed.channels == 2 and bool((embed.kinds == LINEAR).all() and (embed.coefficients == np.eye(2, 3)).all())


def _sum(one: NDArray[np.float64], other: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.float64]:
    """In place: of thousands of inputs every copy takes as long as a layer."""
    one += other
    one += last
    return one


def _affine(product: Values, bias: Values) -> Values:
    product[0] += bias[:, None]
    return product


def _grouped(conv: Conv, z: Values, dtype: np.dtype[np.floating]) -> Values:
    weight = conv.weight[:, :, 0, 0].astype(dtype, copy=False)
    parts, _, n = z.shape
    outputs, own = len(weight) // conv.groups, weight.shape[1]
    if outputs == own == 1:
        return weight * z
    matrix = weight.reshape(conv.groups, outputs, own)
    product: Values = np.matmul(matrix, z.reshape(parts, conv.groups, own, n))
    return product.reshape(parts, -1, n)


def _windows(conv: TensorConv, z: Values, dtype: np.dtype[np.floating]) -> Values:
    """(T, B * rows * columns, n): the product of the weights with every window of the tensor."""
    parts, n = len(z), z.shape[2]
    outputs, own, high, wide = conv.weight.shape
    _, rows, columns = conv.made
    top, bottom, left, right = conv.padding
    (down, across), (r, c) = conv.stride, conv.dilation
    tensor = z.reshape(parts, *conv.shape, n)
    if any(conv.padding):
        tensor = np.pad(tensor, ((0, 0), (0, 0), (top, bottom), (left, right), (0, 0)))
    seen = sliding_window_view(tensor, ((high - 1) * r + 1, (wide - 1) * c + 1), (2, 3))
    # (T, A, rows, columns, n, high, wide) -> (T, G, own, high, wide, rows, columns, n)
    seen = seen[:, :, ::down, ::across, :, ::r, ::c][:, :, :rows, :columns]
    seen = seen.reshape(parts, conv.groups, own, *seen.shape[2:]).transpose(0, 1, 2, 6, 7, 3, 4, 5)
    matrix = conv.weight.reshape(conv.groups, outputs // conv.groups, -1).astype(dtype, copy=False)
    product: Values = np.matmul(matrix, seen.reshape(parts, conv.groups, own * high * wide, rows * columns * n))
    return product.reshape(parts, outputs * rows * columns, n)


def _places(conv: TensorConv) -> int:
    return conv.made[1] * conv.made[2]


def _activated(operation: Activate, z: Values, dtype: np.dtype[np.floating]) -> Values:
    known, parameter = face(operation.name), operation.parameter.astype(dtype)[:, None]
    if len(z) == 1:
        return np.asarray(known.value(ARRAYS, z[0], parameter), dtype)[None]
    if known.jumps:
        raise UnsupportedError(f"activation {operation.name!r} has no tangent; leave tangents out, or use sigmoid")
    value, slope = known.at(ARRAYS, z[0], parameter)
    steep = np.asarray(slope(), dtype)
    return np.concatenate([np.asarray(value, dtype)[None], steep * z[1:]])


def _largest(z: Values) -> Values:
    """(T, C, pieces, n) -> (T, C, n): the first of the largest pieces, with its tangents."""
    if len(z) == 1:
        return np.asarray(z.max(axis=2))
    best = z[:1].argmax(axis=2)[:, :, None]
    largest: Values = np.take_along_axis(z, best, axis=2)
    return largest[:, :, 0]


def _normalised(norm: LayerNorm, z: Values, dtype: np.dtype[np.floating]) -> Values:
    scale, shift = norm.scale.astype(dtype)[:, None], norm.shift.astype(dtype)[:, None]
    centred = z - z.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred[:1] ** 2).mean(axis=1, keepdims=True) + dtype.type(norm.eps))
    unit = centred[:1] / spread
    value: Values = unit * scale + shift
    if len(z) == 1:
        return value
    along = (unit * centred[1:]).mean(axis=1, keepdims=True)
    return np.concatenate([value, (centred[1:] - unit * along) / spread * scale])


def _folded(join: Callable[[Values, Values], Values], sources: list[Values]) -> Values:
    result = sources[0]
    for other in sources[1:]:
        result = join(result, other)
    return result


def _product(f: Values, g: Values) -> Values:
    value: Values = f[:1] * g[:1]
    return np.concatenate([value, f[1:] * g[:1] + f[:1] * g[1:]]) if len(f) > 1 else value
