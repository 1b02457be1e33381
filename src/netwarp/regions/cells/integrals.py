"""Exact integrals of a piecewise-affine function over its cells, and the areas and lengths of the cells themselves."""

# E edges, C cells, K channels

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, nan

import numpy as np

from netwarp.engine.threads import spread
from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import corner_values, edge_sides, jumps
from netwarp.regions.cells.narrow import integral, narrow
from netwarp.regions.cells.proven import Proven
from netwarp.regions.jit import bare

CHUNK = 1 << 14  # cells a job; sums are combined in the order of the chunks, so threads do not show


@dataclass(frozen=True, eq=False)
class Integrals:
    """Integrals over the rectangle divided by its area, (K,) float64 each."""

    mean: Floats
    variance: Floats  # mean square of the distance from the mean
    total_variation: Floats  # mean |grad f|, plus the mean |jump| along the edges times their length, over the area
    dirichlet_energy: Floats  # mean |grad f|^2, not halved; infinite where f jumps
    # at most what rounding of places and maps comes to, as a part of the integrals of |f|, |grad f|, |grad f|^2; nan
    # where it is not known
    rounding: float = nan


def areas(cells: Cells) -> Floats:
    """(C,) area of every cell, in square plane units."""
    out = np.empty(len(cells.offsets) - 1)
    _in_chunks(len(out), lambda n, first, last: _areas(cells.vertices, cells.offsets, cells.indices, first, last, out))
    return out


def lengths(cells: Cells) -> Floats:
    """(E,) length of every edge, in plane units, the border's included."""
    start, end = (cells.vertices.take(ends, axis=0) for ends in cells.edges.T)
    found: Floats = np.hypot(end[:, 0] - start[:, 0], end[:, 1] - start[:, 1])
    return found


def boundary_length(cells: Cells) -> float:
    """Length of all edges between two cells, in plane units: the rectangle's border is left out."""
    return float(np.sum(lengths(cells)[(cells.edge_cells >= 0).all(axis=1)]))


def integrate(cells: Cells, *, known: Proven | None = None) -> Integrals:
    """Mean, variance, total variation and Dirichlet energy of every channel, exact but for rounding.

    With `known`, narrow cells whose rounding would be felt are integrated in whole numbers, and `rounding` bounds what
    is left: mostly far too high, since it counts how well vertices and maps are proven to be known.

    Every cell is a fan of triangles; over a triangle of area A an affine f has the integral A (f1 + f2 + f3) / 3 and
    f^2 the integral A (f1^2 + f2^2 + f3^2 + (f1 + f2 + f3)^2) / 12, in its values at the corners. These are taken from
    one corner's value and differences of local coordinates, and less the mean where they are squared: every summand is
    positive, and nothing cancels that is not small. What counts as a jump is said in `corners.jumps`.
    """
    channels = cells.affine.shape[1]
    count = len(cells.offsets) - 1
    sizes = areas(cells)
    apart, rounding = (np.empty(0, np.int64), nan) if known is None else narrow(known, sizes, lengths(cells))
    parts = [integral(known, cell) for cell in apart.tolist()] if known is not None else []
    affine = cells.affine
    if parts:
        # they are added by themselves
        affine = affine.copy()
        affine[apart] = 0.0
    chunks = -(-count // CHUNK)
    shape = cells.vertices, cells.offsets, cells.indices
    first_sums, squares = np.zeros((chunks, channels, 4)), np.zeros((chunks, channels))
    _in_chunks(count, lambda n, first, last: _sums(*shape, affine, first, last, first_sums[n]))
    area, total, slopes, energies = (_summed(first_sums[:, :, part]) for part in range(4))
    for k in range(channels):
        total[k] += float(sum((part.values[k] for part in parts), Fraction(0)))
        slopes[k] += fsum(part.slopes[k] for part in parts)
        energies[k] += float(sum((part.energies[k] for part in parts), Fraction(0)))
    mean = total / area
    if parts:
        # no distance from the mean: what is subtracted afterwards would drown what is added, where the mean is large
        affine[apart, :, 2] = mean
    _in_chunks(count, lambda n, first, last: _squares(*shape, affine, mean, first, last, squares[n]))
    square = _summed(squares)
    for k in range(channels):
        m = Fraction(mean[k])
        true = sum((part.squares[k] - 2 * m * part.values[k] + m * m * part.area for part in parts), Fraction(0))
        square[k] += float(true)
    variation, energy = slopes / area, energies / area
    if known is not None and not known.steps:
        return Integrals(mean, square / area, variation, energy, rounding)
    pairs, length = edge_sides(cells), lengths(cells)
    for k in range(channels):
        start, end = np.abs(steps := _jumps(cells, pairs, k, known)).T
        jumping = np.flatnonzero(start + end)
        if len(jumping):
            same = np.signbit(steps[jumping, 0]) == np.signbit(steps[jumping, 1])
            start, end = start[jumping], end[jumping]
            # |jump| is affine along the edge, or falls to 0 and rises again where its sign changes
            means = np.where(same, (start + end) / 2, (start * start + end * end) / (2 * (start + end)))
            variation[k] += fsum(means * length[jumping]) / area[k]
            energy[k] = np.inf
    return Integrals(mean, square / area, variation, energy, rounding)


def _jumps(cells: Cells, pairs: Integers, channel: int, known: Proven | None) -> Floats:
    """As `corners.jumps`; with `known`, only where a step is on two pieces."""
    values, sizes = corner_values(cells, channel)
    if known is None:
        return jumps(cells, pairs, values, sizes)
    following = np.arange(1, len(cells.indices) + 1, dtype=np.int32)
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    found = np.zeros((len(pairs), 2))
    broken = np.flatnonzero(known.broken(pairs, following, values, known.bounds(channel, sizes)))
    left, right = pairs[broken].T
    found[broken, 0] = values[left] - values[following[right]]
    found[broken, 1] = values[following[left]] - values[right]
    return found


def _summed(parts: Floats) -> Floats:
    """(K,) of (chunks, K): each sum rounded once."""
    return np.array([fsum(column) for column in parts.T])


def _in_chunks(count: int, work: Callable[[int, int, int], None]) -> None:
    chunks = [(n, first, min(first + CHUNK, count)) for n, first in enumerate(range(0, count, CHUNK))]
    spread(chunks, lambda thread: lambda chunk: work(*chunk))


@bare
def _areas(vertices: Floats, offsets: Long, indices: Integers, first: int, last: int, out: Floats) -> None:
    for cell in range(first, last):
        begin, end = offsets[cell], offsets[cell + 1]
        x, y = vertices[indices[begin], 0], vertices[indices[begin], 1]
        twice = 0.0
        for h in range(begin + 1, end - 1):
            p, q = indices[h], indices[h + 1]
            twice += (vertices[p, 0] - x) * (vertices[q, 1] - y) - (vertices[q, 0] - x) * (vertices[p, 1] - y)
        out[cell] = twice / 2


@bare
def _sums(
    vertices: Floats,
    offsets: Long,
    indices: Integers,
    affine: Floats,
    first: int,
    last: int,
    out: Floats,
) -> None:
    """(K, 4) integrals of 1, f, |grad f| and |grad f|^2 over some cells."""
    for cell in range(first, last):
        begin, end = offsets[cell], offsets[cell + 1]
        x, y = vertices[indices[begin], 0], vertices[indices[begin], 1]
        for k in range(affine.shape[1]):
            a, b, c = affine[cell, k, 0], affine[cell, k, 1], affine[cell, k, 2]
            base = a * x + (b * y + c)
            area, total = 0.0, 0.0
            for h in range(begin + 1, end - 1):
                px, py = vertices[indices[h], 0] - x, vertices[indices[h], 1] - y
                qx, qy = vertices[indices[h + 1], 0] - x, vertices[indices[h + 1], 1] - y
                part = (px * qy - qx * py) / 2
                area += part
                total += part * ((a * px + b * py) + (a * qx + b * qy)) / 3
            slope = np.hypot(a, b)
            out[k, 0] += area
            out[k, 1] += total + base * area
            out[k, 2] += slope * area
            out[k, 3] += slope * slope * area


@bare
def _squares(
    vertices: Floats,
    offsets: Long,
    indices: Integers,
    affine: Floats,
    mean: Floats,
    first: int,
    last: int,
    out: Floats,
) -> None:
    """(K,) integrals of (f - mean)^2 over some cells."""
    for cell in range(first, last):
        begin, end = offsets[cell], offsets[cell + 1]
        x, y = vertices[indices[begin], 0], vertices[indices[begin], 1]
        for k in range(affine.shape[1]):
            a, b, c = affine[cell, k, 0], affine[cell, k, 1], affine[cell, k, 2]
            base = a * x + (b * y + (c - mean[k]))
            for h in range(begin + 1, end - 1):
                px, py = vertices[indices[h], 0] - x, vertices[indices[h], 1] - y
                qx, qy = vertices[indices[h + 1], 0] - x, vertices[indices[h + 1], 1] - y
                p, q = base + (a * px + b * py), base + (a * qx + b * qy)
                s = base + p + q
                out[k] += (px * qy - qx * py) / 24 * (base * base + p * p + q * q + s * s)
