"""What a Program means, written a second time: plain numpy, float64, every point on its own, slow.

Nothing here is shared with the evaluators it judges: no lattices, no tiles, no folding of taps. Value i at a point is
computed from the values of its sources at that point and at the offsets, counted in taps, that it reads.

Tangents are exact forward mode. Where a function has a kink, the inactive side counts: relu'(0) = 0, abs'(0) = 0; among
equal candidates of a maximum the first in order (rows before columns, then pieces) gives the tangent.
"""

# n points, C channels, T = 1 (value) or 3 (value, d/dx, d/dy)

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from known import ACTIVATIONS
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
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)
from netwarp.plane import Raster

Array = NDArray[np.float64]
Offset = tuple[int, int]  # taps towards larger x, taps towards larger y


def evaluate(program: Program, points: Array, tap: tuple[float, float], *, tangents: bool = False) -> Array:
    """(n, C) values of the Program at (n, 2) points; with tangents (n, C, 3): value, d/dx, d/dy."""
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    wanted = _offsets(program.operations)
    values: dict[int, dict[Offset, Array]] = {}
    for i, operation in enumerate(program.operations):
        values[i] = {at: _value(operation, at, values, points, tap, tangents) for at in wanted[i]}
        for source in operation.sources:
            if program.last_use[source] == i:
                values.pop(source, None)
    result = values[len(program.operations) - 1][0, 0]
    return result if tangents else result[:, :, 0]


def sample(program: Program, raster: Raster, tap: tuple[float, float], *, tangents: bool = False) -> Array:
    """(C, rows, columns), with tangents (C, 3, rows, columns): `evaluate` at every pixel centre."""
    values = evaluate(program, raster.slope().reshape(2, -1).T, tap, tangents=tangents)
    return np.moveaxis(values, 0, -1).reshape(*values.shape[1:], raster.rows, raster.columns)


def calibrate(program: Program, raster: Raster) -> Program:
    """The Program with every Normalise folded, straight from the definition; no operation is dropped or renumbered.

    A channel's mean and biased variance are those of its source over the raster's pixels. Where the source is a
    convolution the fold goes into its weights, else it is a 1x1 convolution of its own; a channel without variance
    yields its shift. Numbers are rounded to float32 once, after the fold, and what follows sees the rounded ones.
    """
    points = raster.slope().reshape(2, -1).T
    done: list[Operation] = []
    for i, operation in enumerate(program.operations):
        if isinstance(operation, Normalise):
            # up to here some convolutions are still raw, those that only feed a Normalise: they are not read again
            source = operation.sources[0]
            z = evaluate(Program(tuple(done[: source + 1])), points, raster.pitch)
            done.append(_folded(program.operations[source], operation, z.mean(axis=0), z.var(axis=0)))
        elif isinstance(operation, TensorConv) or (
            isinstance(operation, Conv) and not _feeds_normalise_only(program, i)
        ):
            done.append(replace(operation, weight=_round(operation.weight), bias=_round(operation.bias)))
        elif isinstance(operation, Activate):
            done.append(replace(operation, parameter=_round(operation.parameter)))
        elif isinstance(operation, LayerNorm):
            done.append(replace(operation, scale=_round(operation.scale), shift=_round(operation.shift)))
        else:
            done.append(operation)
    return Program(tuple(done), program.layers, exact32=True)


def _feeds_normalise_only(program: Program, i: int) -> bool:
    readers = [operation for operation in program.operations if i in operation.sources]
    return bool(readers) and all(isinstance(operation, Normalise) for operation in readers)


def _folded(source: Operation, norm: Normalise, mean: Array, variance: Array) -> Conv:
    spread = np.sqrt(variance + norm.eps)
    gain = np.divide(norm.scale, spread, out=np.zeros_like(spread), where=spread > 0)
    if isinstance(source, Conv):
        weight = source.weight * gain[:, None, None, None]
        bias = (source.bias - mean) * gain + norm.shift
        return replace(source, weight=_round(weight), bias=_round(bias), layer=norm.layer)
    channels = len(gain)
    bias = norm.shift - mean * gain
    return Conv(norm.sources, _round(gain.reshape(channels, 1, 1, 1)), _round(bias), 1, channels, norm.layer)


def _round(numbers: Array) -> Array:
    return np.asarray(numbers, dtype=np.float32).astype(np.float64)


def _taps(size: int, dilation: int) -> list[int]:
    """Offsets of a window of `size` taps: from -((size - 1) // 2) to size // 2."""
    return [(r - (size - 1) // 2) * dilation for r in range(size)]


def _offsets(operations: tuple[Operation, ...]) -> list[set[Offset]]:
    """At which offsets from the output's points every value is needed."""
    wanted: list[set[Offset]] = [set() for _ in operations]
    wanted[-1] = {(0, 0)}
    for i in range(len(operations) - 1, -1, -1):
        operation = operations[i]
        if isinstance(operation, Conv):
            steps = _taps(operation.kernel, operation.dilation)
        elif isinstance(operation, Pool):
            steps = _taps(operation.size, operation.dilation)
        else:
            steps = [0]
        for source in operation.sources:
            wanted[source] |= {(x + dx, y + dy) for x, y in wanted[i] for dx in steps for dy in steps}
    return wanted


def _value(
    operation: Operation,
    at: Offset,
    values: dict[int, dict[Offset, Array]],
    points: Array,
    tap: tuple[float, float],
    tangents: bool,
) -> Array:
    """(n, C, T): the operation's value at the points shifted by `at` taps."""
    if isinstance(operation, Embed):
        return _embedded(operation, points + np.array(at) * np.array(tap), tangents)
    sources = [values[source] for source in operation.sources]
    here = [source[at] for source in sources] if not isinstance(operation, (Conv, Pool)) else []
    if isinstance(operation, Conv):
        return _convolved(operation, at, sources[0])
    if isinstance(operation, Pool):
        steps = _taps(operation.size, operation.dilation)
        window = np.stack([sources[0][at[0] + dx, at[1] + dy] for dy in steps for dx in steps])
        return window.mean(axis=0) if operation.kind == "avg" else _largest(window)
    if isinstance(operation, Maxout):
        n, _, parts = here[0].shape
        pieces = here[0].reshape(n, operation.channels, operation.pieces, parts)
        return _largest(np.moveaxis(pieces, 2, 0))
    if isinstance(operation, Activate):
        return _activated(operation, here[0])
    if isinstance(operation, LayerNorm):
        return _layer_normalised(operation, here[0])
    if isinstance(operation, Concat):
        return np.concatenate(here, axis=1)
    if isinstance(operation, Add):
        return np.asarray(sum(here))
    if isinstance(operation, Multiply):
        return _multiplied(here)
    if isinstance(operation, Gather):
        picked = [here[0][:, i] if i >= 0 else np.zeros_like(here[0][:, 0]) for i in operation.index]
        return np.stack(picked, axis=1)
    if isinstance(operation, TensorConv):
        return _over_tensor(operation, here[0])
    if isinstance(operation, Call):
        return _called(operation, here[0])
    raise AssertionError(f"{type(operation).__name__} has no value before calibration")


def _embedded(embed: Embed, points: Array, tangents: bool) -> Array:
    x, y = points[:, 0], points[:, 1]
    result = np.zeros((len(points), embed.channels, 3 if tangents else 1))
    for k, (kind, (a, b, c)) in enumerate(zip(embed.kinds, embed.coefficients, strict=True)):
        if kind == LINEAR:
            parts = a * x + b * y + c, a, b
        elif kind == RADIUS:
            r = np.sqrt(x * x + y * y)
            safe = np.where(r > 0, r, 1)
            parts = r, x / safe, y / safe
        else:
            angle = a * x + b * y + c
            parts = np.sin(angle), a * np.cos(angle), b * np.cos(angle)
        for t in range(result.shape[2]):
            result[:, k, t] = parts[t]
    return result


def _over_tensor(conv: TensorConv, source: Array) -> Array:
    """Straight from the definition, tap by tap."""
    (_, high, wide), (outputs, rows, columns) = conv.shape, conv.made
    tensor = source.reshape(len(source), *conv.shape, -1)
    own, each = conv.weight.shape[1], outputs // conv.groups
    result = np.zeros((len(source), outputs, rows, columns, source.shape[2]))
    for o, row, column, j, r, c in np.ndindex(outputs, rows, columns, *conv.weight.shape[1:]):
        y = row * conv.stride[0] + r * conv.dilation[0] - conv.padding[0]
        x = column * conv.stride[1] + c * conv.dilation[1] - conv.padding[2]
        if 0 <= y < high and 0 <= x < wide:
            result[:, o, row, column] += conv.weight[o, j, r, c] * tensor[:, o // each * own + j, y, x]
    result[..., 0] += conv.bias[:, None, None]
    return result.reshape(len(source), -1, source.shape[2])


def _called(call: Call, source: Array) -> Array:
    """Its derivatives along a direction are those of an imaginary step, which the tests' own functions bear."""
    value = source[:, :, 0]
    parts = [np.asarray(call.function(value))]
    steps = (1e-30j * source[:, :, t] for t in range(1, source.shape[2]))
    parts += [np.asarray(call.function(value + step)).imag / 1e-30 for step in steps]
    return np.stack(parts, axis=2)


def _convolved(conv: Conv, at: Offset, source: dict[Offset, Array]) -> Array:
    steps = _taps(conv.kernel, conv.dilation)
    n, channels, parts = source[at[0] + steps[0], at[1] + steps[0]].shape
    inputs, outputs = channels // conv.groups, conv.channels // conv.groups
    result = np.zeros((n, conv.channels, parts))
    for r, dy in enumerate(steps):
        for c, dx in enumerate(steps):
            z = source[at[0] + dx, at[1] + dy]
            for g in range(conv.groups):
                out = slice(g * outputs, (g + 1) * outputs)
                weight = conv.weight[out, :, r, c]
                result[:, out] += np.einsum("oi,nit->not", weight, z[:, g * inputs : (g + 1) * inputs])
    result[:, :, 0] += conv.bias
    return result


def _largest(candidates: Array) -> Array:
    """(w, n, C, T) -> (n, C, T): the candidate of largest value, the first among equals, with its tangents."""
    index = candidates[..., 0].argmax(axis=0)
    return np.take_along_axis(candidates, index[None, :, :, None], axis=0)[0]


def _layer_normalised(norm: LayerNorm, z: Array) -> Array:
    centred = z - z.mean(axis=1, keepdims=True)
    value = centred[:, :, 0]
    spread = np.sqrt((value * value).mean(axis=1, keepdims=True) + norm.eps)
    unit = value / spread
    result = np.empty_like(z)
    result[:, :, 0] = unit * norm.scale + norm.shift
    for t in range(1, z.shape[2]):
        along = (unit * centred[:, :, t]).mean(axis=1, keepdims=True)
        result[:, :, t] = (centred[:, :, t] - unit * along) / spread * norm.scale
    return result


def _multiplied(factors: list[Array]) -> Array:
    result = factors[0]
    for factor in factors[1:]:
        value = result[:, :, :1] * factor[:, :, :1]
        slopes = result[:, :, 1:] * factor[:, :, :1] + result[:, :, :1] * factor[:, :, 1:]
        result = np.concatenate([value, slopes], axis=2)
    return result


def _activated(operation: Activate, z: Array) -> Array:
    value, derivative = activation(operation.name, z[:, :, 0], operation.parameter)
    if z.shape[2] == 1:
        return value[:, :, None]
    if operation.name == "step":
        raise UnsupportedError("step has no tangent")
    return np.concatenate([value[:, :, None], derivative[:, :, None] * z[:, :, 1:]], axis=2)


def activation(name: str, z: Array, p: Array | float = 0.0) -> tuple[Array, Array]:
    """(value, derivative) of an activation of the language at z; `p` is the slope of leaky or the omega of sin."""
    known, z, p = ACTIVATIONS[name], np.asarray(z, dtype=np.float64), np.asarray(p, dtype=np.float64)
    return known.value(z, p), known.slope(z, p)
