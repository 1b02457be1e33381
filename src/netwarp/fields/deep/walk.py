"""What the pixels of a deep view add to its centre, operation by operation, where values are not affine."""

# C channels, b of the places are bent (see `affine`), N pixels, T = 1 (difference) or 3 (difference, d/dx, d/dy)

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.fields.deep.activations import change, slope
from netwarp.fields.deep.affine import Flat, Places, beside
from netwarp.fields.deep.orbit import Orbit
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
    Pointwise,
    Pool,
    Program,
    plain,
)

Walk = Callable[[Array, Array], Array]


def walker(program: Program, centre: Orbit, view: Flat, parts: int) -> Walk:
    """The function of pixels' dx and dy, (N,) each, from the centre: (C, T, N) of the Program's output."""
    # of every operation, the places to work at, and the rank of each place among them
    work = [np.flatnonzero(mask) for mask in view.bent]
    rank = [np.cumsum(mask) - 1 for mask in view.bent]
    near = [tuple(part[..., b] for part in beside(centre, i)) for i, b in enumerate(work)]
    weights = {i: _matrices(o) for i, o in enumerate(program.operations) if isinstance(o, Conv)}

    def walk(dx: Array, dy: Array) -> Array:
        pixels = np.stack((dx, dy))
        live: dict[int, Array] = {}

        def straight(i: int, places: Places) -> Array:
            slopes = view.slopes[i][:, places]
            out = np.empty((*slopes.shape[:2], parts, len(dx)))
            out[:, :, 0] = slopes @ pixels
            if parts == 3:
                out[:, :, 1:] = slopes[..., None]
            return out

        def fetch(i: int, places: Places) -> Array:
            bent = view.bent[i][places]
            if bent.all():
                ranks = rank[i][places]
                whole = len(ranks) == len(work[i]) and np.array_equal(ranks, np.arange(len(ranks)))
                return live[i] if whole else live[i][:, ranks]
            if not bent.any():
                return straight(i, places)
            out = straight(i, places)
            out[:, bent] = live[i][:, rank[i][places[bent]]]
            return out

        for i, operation in enumerate(map(plain, program.operations)):
            here = work[i]
            if not len(here):
                continue
            reads = [place[here] for place in view.reads[i]]
            if isinstance(operation, Embed):
                live[i] = _embedded(operation, near[i], dx, dy, parts)
            elif isinstance(operation, Conv):
                total = straight(i, here) if view.slopes[i][:, here].any() else None
                for matrix, place in zip(weights[i], reads, strict=True):
                    bent = view.bent[operation.sources[0]][place]
                    if bent.any():
                        total = _convolve(total, matrix, fetch(operation.sources[0], place[bent]), bent)
                live[i] = straight(i, here) if total is None else total
            elif isinstance(operation, Pool):
                window = np.stack([fetch(operation.sources[0], place) for place in reads])
                live[i] = window.mean(axis=0) if operation.kind == "avg" else _largest(window, near[i][0])
            else:
                sources = [fetch(source, place) for source, place in zip(operation.sources, reads, strict=True)]
                live[i] = _combined(operation, near[i], sources)
            for source in set(operation.sources):
                if program.last_use[source] == i:
                    live.pop(source, None)
        return fetch(len(program.operations) - 1, np.zeros(1, dtype=np.int64))[:, 0]

    return walk


def _matrices(conv: Conv) -> list[Array]:
    """Of each tap, rows first, the weights (groups, C / groups, I / groups)."""
    shape = (conv.groups, conv.channels // conv.groups, conv.weight.shape[1])
    steps = range(conv.kernel)
    return [np.ascontiguousarray(conv.weight[:, :, r, c]).reshape(shape) for r in steps for c in steps]


def _convolve(total: Array | None, matrix: Array, part: Array, bent: NDArray[np.bool_]) -> Array:
    """Adds one tap's share to the places that read a bent value there."""
    groups, outputs, inputs = matrix.shape
    product = np.matmul(matrix, part.reshape(groups, inputs, -1)).reshape(groups * outputs, *part.shape[1:])
    if bent.all():
        return np.asarray(product if total is None else np.add(total, product, out=total))
    if total is None:
        total = np.zeros((len(product), len(bent), *product.shape[2:]))
    total[:, bent] += product
    return total


def _combined(operation: Pointwise, near: tuple[Array, ...], sources: list[Array]) -> Array:
    first = sources[0]
    if isinstance(operation, Activate):
        return _activated(operation, near, first)
    if isinstance(operation, Maxout):
        pieces = first.reshape(operation.channels, operation.pieces, *first.shape[1:])
        return _largest(np.moveaxis(pieces, 1, 0), near[0])
    if isinstance(operation, LayerNorm):
        return _layer_normalised(operation, near, first)
    if isinstance(operation, Concat):
        return np.concatenate(sources)
    if isinstance(operation, Add):
        return np.asarray(sum(sources[1:], start=first))
    if isinstance(operation, Multiply):
        return _multiplied(near, sources)
    assert_never(operation)


def _embedded(embed: Embed, near: tuple[Array, ...], dx: Array, dy: Array, parts: int) -> Array:
    x, y, value, cosine = (part[..., None] for part in near)
    out = np.zeros((embed.channels, x.shape[1], parts, len(dx)))
    for k, (kind, (a, b, _)) in enumerate(zip(embed.kinds, embed.coefficients, strict=True)):
        if kind == RADIUS:
            there = np.hypot(x[0] + dx, y[0] + dy)
            # r'^2 - r^2 without squaring, over r' + r
            grown = (2 * x[0] + dx) * dx + (2 * y[0] + dy) * dy
            total = there + value[k]
            out[k, :, 0] = np.where(total > 0, grown / np.where(total > 0, total, 1), 0)
            if parts == 3:
                safe = np.where(there > 0, there, 1)
                out[k, :, 1], out[k, :, 2] = (x[0] + dx) / safe, (y[0] + dy) / safe
            continue
        moved = a * dx + b * dy
        steep: Array | float = 1.0
        if kind == LINEAR:
            out[k, :, 0] = moved
        else:
            half = np.sin(moved / 2)
            out[k, :, 0] = 2 * half * (cosine[k] * np.cos(moved / 2) - value[k] * half)
            steep = cosine[k] * np.cos(moved) - value[k] * np.sin(moved)
        if parts == 3:
            out[k, :, 1], out[k, :, 2] = a * steep, b * steep
    return out


def _activated(operation: Activate, near: tuple[Array, ...], moved: Array) -> Array:
    """One channel and place a row."""
    rows = moved.reshape(-1, *moved.shape[-2:])
    centre = tuple(part.reshape(-1, 1) for part in near)
    if rows.shape[1] == 1:
        return change(operation.name, centre, rows[:, 0]).reshape(moved.shape)
    out = np.empty_like(rows)
    out[:, 0] = change(operation.name, centre, rows[:, 0])
    out[:, 1:] = rows[:, 1:] * slope(operation.name, centre, rows[:, 0])[:, None]
    return out.reshape(moved.shape)


def _largest(candidates: Array, below: Array) -> Array:
    """(w, C, b, T, N) -> (C, b, T, N): of the candidates, each `below` the centre's largest, the largest."""
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
    out *= norm.scale[:, None, None, None]
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
