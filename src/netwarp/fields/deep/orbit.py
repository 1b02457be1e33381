"""The orbit of a view's centre: every operation's value there, to as many digits as the view is deep.

Kernels read taps one calibration pixel apart at every zoom, so that a value is needed at a lattice of centres: at all
the places, counted in taps from the view's own centre, that what reads it reads. Of pointwise Programs that is one.
"""

# C channels, n places along an axis; numbers are whole numbers of 2^-bits, arrays of objects

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.errors import NotFiniteError
from netwarp.fields.deep import numbers as deep
from netwarp.fields.deep.digits import Digits, Number
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    Activate,
    Add,
    Array,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Operation,
    Pointwise,
    Pool,
    Program,
    plain,
    taps,
)
from netwarp.progress import Progress

Whole = NDArray[np.object_]

# bits below a pixel's size: the differences' own 53, and what the layers before may shrink them by
SPARE = 192
LARGEST = 1020  # bits before the point of what a float64 holds, with room for the differences


@dataclass(frozen=True, eq=False)
class Orbit:
    """The centre's values: `values[i]` (C, n, n) float64 of operation i at the places `places[i]`, rows before columns.

    `near[i]` is what its change is computed from, float64 numbers of full relative precision however small: of an
    activation what its face says; of maxout and a largest pool how far each candidate is below the largest; of a layer
    norm the centred channels and the deviation; of the embedding x, y and every channel's value, and the cosine of
    waves; of a product its factors.
    `whole` are the outputs (k,) themselves, whole numbers of 2^-bits.
    """

    places: tuple[tuple[int, ...], ...]
    values: tuple[Array, ...]
    near: tuple[tuple[Array, ...], ...]
    whole: tuple[int, ...] = ()


def places(program: Program) -> tuple[tuple[int, ...], ...]:
    """Of each value, where along either axis it is read, in taps from the output's point."""
    found: list[set[int]] = [set() for _ in program.operations]
    found[-1] = {0}
    for i in range(len(program.operations) - 1, -1, -1):
        for source in program.operations[i].sources:
            found[source] |= {place + tap for place in found[i] for tap in around(program.operations[i])}
    return tuple(tuple(sorted(one)) for one in found)


def around(operation: Operation) -> tuple[int, ...]:
    """The places an operation reads around its own along either axis."""
    size, dilation = taps(operation)
    return tuple((t - (size - 1) // 2) * dilation for t in range(size))


def pick(values: NDArray[Any], held: tuple[int, ...], rows: list[int], columns: list[int]) -> NDArray[Any]:
    """values (C, n, n, ...) at the places `held`, at these rows and columns only."""
    if rows == columns == list(held):
        return values
    index = {place: n for n, place in enumerate(held)}
    return values[:, [index[place] for place in rows]][:, :, [index[place] for place in columns]]


def orbit(
    program: Program,
    centre: tuple[Fraction, Fraction],
    tap: tuple[float, float],
    bits: int,
    progress: Progress | None = None,
) -> Orbit:
    """The values at `centre`, computed in whole numbers of 2^-bits.

    Errors: NotFiniteError where one is beyond what a float64 holds.
    """
    where = places(program)
    whole: dict[int, Whole] = {}
    values: list[Array] = []
    near: list[tuple[Array, ...]] = []
    for i, operation in enumerate(map(plain, program.operations)):
        here = list(where[i])
        if isinstance(operation, Embed):
            xs, ys = (
                [int((c + place * Fraction(size)) * (1 << bits)) for place in here]
                for c, size in zip(centre, tap, strict=True)
            )
            whole[i], beside = _embedded(operation, xs, ys, bits)
        elif isinstance(operation, (Conv, Pool)):
            source, held = whole[operation.sources[0]], where[operation.sources[0]]
            steps = around(operation)
            window = [
                pick(source, held, [place + dy for place in here], [place + dx for place in here])
                for dy in steps
                for dx in steps
            ]
            if isinstance(operation, Conv):
                whole[i], beside = _convolved(operation, window, bits), ()
            else:
                whole[i], beside = _pooled(operation, window, bits)
        else:
            sources = [pick(whole[source], where[source], here, here) for source in operation.sources]
            whole[i], beside = _combined(operation, sources, bits)
        near.append(beside)
        values.append(_floats(whole[i], bits, operation))
        for value in set(operation.sources):
            if program.last_use[value] == i:
                del whole[value]
        if progress is not None:
            progress(i + 1, len(program.operations))
    return Orbit(where, tuple(values), tuple(near), tuple(whole[len(program.operations) - 1][:, 0, 0].tolist()))


def _floats(numbers: Whole, bits: int, operation: Operation) -> Array:
    """The nearest float64 numbers."""
    one = 1 << bits
    flat = numbers.ravel().tolist()
    if max((abs(number) for number in flat), default=0).bit_length() > bits + LARGEST:
        layer = operation.layer or "the output"
        raise NotFiniteError(
            f"layer {layer}: its values at the view's centre are beyond what a float64 holds; normalise the layers "
            "(norm='spatial'), lower the initialiser's gain, or use fewer layers"
        )
    # whole numbers divide correctly rounded, into the denormals
    return np.array([number / one for number in flat], dtype=np.float64).reshape(numbers.shape)


def _exactly(numbers: Array, least: int) -> tuple[Whole, int]:
    """Floats as whole numbers of 2^-scale, exact; those below 2^-least as 0."""
    numbers = np.where(np.abs(numbers) < 2.0**-least, 0.0, numbers)
    mantissas, exponents = np.frexp(numbers)
    scale = 53 - min(int(exponents.min()), 0)
    shifts = (exponents.astype(np.int64) - 53 + scale).astype(object)
    return np.asarray(np.ldexp(mantissas, 53).astype(np.int64).astype(object) << shifts), scale


def _fixed(number: float, bits: int) -> int:
    top, bottom = number.as_integer_ratio()
    return (top << bits) // bottom


def _each(function: Callable[..., Any], *numbers: Any) -> Whole:
    return np.asarray(np.frompyfunc(function, len(numbers), 1)(*numbers), dtype=object)


def _embedded(embed: Embed, xs: list[int], ys: list[int], bits: int) -> tuple[Whole, tuple[Array, ...]]:
    n = len(xs)
    across = np.array(xs, dtype=object)[None, :] + np.zeros((n, 1), dtype=object)
    down = np.array(ys, dtype=object)[:, None] + np.zeros((1, n), dtype=object)
    whole = np.empty((embed.channels, n, n), dtype=object)
    cosines = np.zeros(whole.shape)
    for k, kind in enumerate(embed.kinds):
        if kind == RADIUS:
            whole[k] = _each(isqrt, across * across + down * down)
            continue
        (a, b, c), scale = _exactly(embed.coefficients[k], bits)
        whole[k] = (a * across + b * down + (c << bits)) >> scale
        if kind != LINEAR:
            whole[k], cosine = _waves(whole[k], bits)
            cosines[k] = _floats(cosine, bits, embed)
    x, y = (_floats(part[None], bits, embed) for part in (across, down))
    return whole, (x, y, _floats(whole, bits, embed), cosines)


def _waves(angles: Whole, bits: int) -> tuple[Whole, Whole]:
    """Sines and cosines."""
    sines, cosines = np.frompyfunc(lambda angle: deep.sin_cos(angle, bits), 1, 2)(angles)
    return np.asarray(sines, dtype=object), np.asarray(cosines, dtype=object)


def _convolved(conv: Conv, window: list[Whole], bits: int) -> Whole:
    weight, scale = _exactly(conv.weight, bits)
    inputs, outputs = conv.weight.shape[1], conv.channels // conv.groups
    n = window[0].shape[1]
    total = np.empty((conv.channels, n * n), dtype=object)
    for g in range(conv.groups):
        out = slice(g * outputs, (g + 1) * outputs)
        for t, source in enumerate(window):
            part = source[g * inputs : (g + 1) * inputs].reshape(inputs, n * n)
            product = weight[out, :, t // conv.kernel, t % conv.kernel] @ part
            total[out] = product if t == 0 else total[out] + product
    total = (total >> scale).reshape(conv.channels, n, n)
    bias = np.array([_fixed(b, bits) for b in conv.bias.tolist()], dtype=object)
    return np.asarray(total + bias[:, None, None])


def _pooled(pool: Pool, window: list[Whole], bits: int) -> tuple[Whole, tuple[Array, ...]]:
    candidates = np.stack(window)
    if pool.kind == "avg":
        return candidates.sum(axis=0) // len(window), ()
    return _largest(candidates, bits, pool)


def _largest(candidates: Whole, bits: int, operation: Operation) -> tuple[Whole, tuple[Array, ...]]:
    """(w, C, n, n) -> (C, n, n); beside it how far each is from the largest."""
    largest = candidates.max(axis=0)
    return largest, (_floats(candidates - largest, bits, operation),)


def _combined(operation: Pointwise, sources: list[Whole], bits: int) -> tuple[Whole, tuple[Array, ...]]:
    first = sources[0]
    if isinstance(operation, Activate):
        return _activated(operation, first, bits)
    if isinstance(operation, Maxout):
        pieces = first.reshape(operation.channels, operation.pieces, *first.shape[1:])
        return _largest(np.moveaxis(pieces, 1, 0), bits, operation)
    if isinstance(operation, LayerNorm):
        return _layer_normalised(operation, first, bits)
    if isinstance(operation, Concat):
        return np.concatenate(sources), ()
    if isinstance(operation, Add):
        return np.asarray(sum(sources[1:], start=first)), ()
    if isinstance(operation, Multiply):
        product = first
        for factor in sources[1:]:
            product = (product * factor) >> bits
        return product, tuple(_floats(source, bits, operation) for source in sources)
    assert_never(operation)


def _layer_normalised(norm: LayerNorm, z: Whole, bits: int) -> tuple[Whole, tuple[Array, ...]]:
    centred = z - z.sum(axis=0) // len(z)
    variance = (centred * centred).sum(axis=0) // len(z) + _fixed(norm.eps, 2 * bits)
    spread = _each(isqrt, variance)
    # without eps, equal channels have no deviation: the evaluators' 0 / 0 shows in the differences
    unit = (centred << bits) // np.where(spread == 0, 1, spread)
    scale, shift = (
        np.array([_fixed(s, bits) for s in part.tolist()], dtype=object) for part in (norm.scale, norm.shift)
    )
    whole = ((unit * scale[:, None, None]) >> bits) + shift[:, None, None]
    return whole, (_floats(centred, bits, norm), _floats(spread[None], bits, norm))


def _activated(operation: Activate, z: Whole, bits: int) -> tuple[Whole, tuple[Array, ...]]:
    known, ops = face(operation.name), Digits(bits)
    numbers = np.array([Number.of(p, bits) for p in operation.parameter.tolist()], dtype=object)[:, None, None]
    near: tuple[Array, ...]
    if known.period is None:
        whole = _each(lambda u, p: known.value(ops, Number(u, bits), p).whole, z, numbers)
        near = tuple(_floats(z - (kink << bits), bits, operation) for kink in known.kinks or (0,))
    else:

        def wave(u: int, p: Number) -> tuple[int, int, int]:
            value = known.value(ops, Number(u, bits), p)
            sine, cosine = ops.wave(ops.angle)
            return value.whole, sine.whole, cosine.whole

        whole, *waves = np.frompyfunc(wave, 2, 3)(z, numbers)
        near = tuple(_floats(one, bits, operation) for one in waves)
    if known.parameter is not None:
        near = *near, np.broadcast_to(operation.parameter[:, None, None], z.shape)
    return whole, near
