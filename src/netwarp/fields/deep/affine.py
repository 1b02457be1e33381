"""Where a deep view's values are affine: what needs no work at any pixel.

A smooth activation is straight to the last bit over 1e-17 of its own scale, and a kink bends only what has it in view.
So most values of a deep view are fixed by two slopes, found at its centre; the others are `bent`.
"""

# C channels, m places: the orbit's n x n, row by row; slopes (C, m, 2) are d/dx, d/dy

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.fields.deep.activations import steady
from netwarp.fields.deep.orbit import Orbit, around
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
)

Places = NDArray[np.int64]
Mask = NDArray[np.bool_]

# a second-order term below this share of the first is lost in rounding
LOST = 1e-16
# what rounding may make of a bound
MARGIN = 1 + 1e-9


@dataclass(frozen=True, eq=False)
class Flat:
    """What every operation reads, and which of its values are affine over the view.

    `reads[i]` has for each tap of a kernel or pool, else for each source, the places of the source (m,). `bent[i]` (m,)
    are the places at which value i is not affine; `slopes[i]` (C, m, 2) are its slopes elsewhere, and at the bent
    places of a convolution those of what it takes from sources that are not bent.
    """

    reads: tuple[tuple[Places, ...], ...]
    slopes: tuple[Array, ...]
    bent: tuple[Mask, ...]


def flat(program: Program, centre: Orbit, width: float, height: float) -> Flat:
    """Over a view of that size around the orbit's centre."""
    half = np.array([width / 2, height / 2])
    reads: list[tuple[Places, ...]] = []
    slopes: list[Array] = []
    bent: list[Mask] = []
    for i, operation in enumerate(map(plain, program.operations)):
        near = beside(centre, i)
        reads.append(_reads(operation, centre, i))
        if isinstance(operation, Embed):
            found, bends = _embedded(operation, near, half)
        else:
            many = len(operation.sources) > 1 or not isinstance(operation, (Conv, Pool))
            sources = operation.sources if many else operation.sources * len(reads[i])
            masks = [bent[source][place] for source, place in zip(sources, reads[i], strict=True)]
            parts = [
                np.where(mask[:, None], 0.0, slopes[source][:, place])
                for source, place, mask in zip(sources, reads[i], masks, strict=True)
            ]
            found, bends = _combined(operation, near, parts, half)
            bends = bends | np.logical_or.reduce(masks)
        slopes.append(found)
        bent.append(bends)
    return Flat(tuple(reads), tuple(slopes), tuple(bent))


def beside(centre: Orbit, i: int) -> tuple[Array, ...]:
    """What is near operation i's centres, with its places in a row."""
    return tuple(part.reshape(*part.shape[:-2], -1) for part in centre.near[i])


def _reads(operation: Operation, centre: Orbit, i: int) -> tuple[Places, ...]:
    here = np.array(centre.places[i])

    def at(source: int, dy: int, dx: int) -> Places:
        held = np.array(centre.places[source])
        rows, columns = np.searchsorted(held, here + dy), np.searchsorted(held, here + dx)
        return np.asarray((rows[:, None] * len(held) + columns).ravel(), dtype=np.int64)

    if isinstance(operation, (Conv, Pool)):
        steps = around(operation)
        return tuple(at(operation.sources[0], dy, dx) for dy in steps for dx in steps)
    return tuple(at(source, 0, 0) for source in operation.sources)


def _reach(slopes: Array, half: Array) -> Array:
    """How far a value goes from its centre at most."""
    return np.asarray(np.abs(slopes) @ half * MARGIN)


def _embedded(embed: Embed, near: tuple[Array, ...], half: Array) -> tuple[Array, Mask]:
    x, y, value, cosine = near
    slopes = np.empty((*value.shape, 2))
    bent = np.zeros(value.shape, dtype=bool)
    for k, (kind, (a, b, _)) in enumerate(zip(embed.kinds, embed.coefficients, strict=True)):
        slopes[k] = a, b
        if kind == RADIUS:
            safe = np.where(value[k] > 0, value[k], 1.0)
            slopes[k] = np.stack((x[0] / safe, y[0] / safe), axis=1)
            bent[k] = ~(half @ half / 2 <= LOST * value[k] * _reach(slopes[k], half))
        elif kind != LINEAR:
            bent[k] = ~(np.abs(value[k]) * _reach(slopes[k], half) / 2 <= LOST * np.abs(cosine[k]))
            slopes[k] *= cosine[k][:, None]
    return slopes, np.asarray(bent.any(axis=0))


def _combined(
    operation: Conv | Pool | Pointwise,
    near: tuple[Array, ...],
    parts: list[Array],
    half: Array,
) -> tuple[Array, Mask]:
    """Slopes from those of what is read, and where they are not the whole truth."""
    first = parts[0]
    straight = np.zeros(first.shape[1], dtype=bool)
    if isinstance(operation, Conv):
        return _convolved(operation, parts), straight
    if isinstance(operation, Pool) and operation.kind == "avg":
        return np.asarray(sum(parts)) / len(parts), straight
    if isinstance(operation, Add):
        return np.asarray(sum(parts)), straight
    if isinstance(operation, Concat):
        return np.concatenate(parts), straight
    if isinstance(operation, Activate):
        steep, affine = steady(operation.name, near, _reach(first, half))
        return steep[..., None] * first, np.asarray(~affine.all(axis=0))
    if isinstance(operation, LayerNorm):
        centred, spread = near
        centred_slopes = first - first.mean(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            unit = (centred / spread)[..., None]
            slopes = (centred_slopes - unit * (unit * centred_slopes).mean(axis=0)) / spread[0][:, None]
            affine = _reach(centred_slopes, half).max(axis=0) <= LOST / 4 * spread[0]
        return slopes * operation.scale[:, None, None], ~affine
    if isinstance(operation, Multiply):
        return _multiplied(near, parts, half)
    if isinstance(operation, Pool):
        return _largest(np.stack(parts), near[0], half)
    if isinstance(operation, Maxout):
        pieces = np.moveaxis(first.reshape(operation.channels, operation.pieces, *first.shape[1:]), 1, 0)
        return _largest(pieces, near[0], half)
    assert_never(operation)


def _convolved(conv: Conv, parts: list[Array]) -> Array:
    shape = (conv.groups, conv.channels // conv.groups, conv.weight.shape[1])
    total = np.zeros((conv.groups, shape[1], parts[0][0].size))
    for t, part in enumerate(parts):
        weight = np.ascontiguousarray(conv.weight[:, :, t // conv.kernel, t % conv.kernel]).reshape(shape)
        total += weight @ part.reshape(conv.groups, shape[2], -1)
    return total.reshape(conv.channels, *parts[0].shape[1:])


def _largest(pieces: Array, below: Array, half: Array) -> tuple[Array, Mask]:
    """(w, C, m, 2) -> (C, m, 2): the candidate that is the largest at the centre, if it is so everywhere."""
    chosen = below.argmax(axis=0)[None]
    slopes = np.take_along_axis(pieces, chosen[..., None], axis=0)
    gains = _reach(pieces - slopes, half)
    # of candidates that are one and the same, any
    safe = (gains + below < 0) | ((gains == 0) & (below == 0))
    return slopes[0], np.asarray(~safe.all(axis=(0, 1)))


def _multiplied(near: tuple[Array, ...], parts: list[Array], half: Array) -> tuple[Array, Mask]:
    value, slopes = near[0], parts[0]
    affine = np.ones(value.shape, dtype=bool)
    for factor, more in zip(near[1:], parts[1:], strict=True):
        one, other = _reach(slopes, half), _reach(more, half)
        affine &= one * other <= LOST * np.maximum(np.abs(factor) * one, np.abs(value) * other)
        slopes = slopes * factor[..., None] + value[..., None] * more
        value = value * factor
    return slopes, np.asarray(~affine.all(axis=0))
