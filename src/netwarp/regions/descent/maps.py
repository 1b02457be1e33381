"""From a stage's output on the first child of every cell to the next stage's source on all of them.

Neighbours differ by the lines between them: the affine map that follows is applied in full once a parent, and every
other child's is its neighbour's plus a few outer products. The error bounds are Higham's (Accuracy and Stability of
Numerical Algorithms, 2002, chapter 3): a sum of n products, in any order, is wrong by at most n u / (1 - n u) of the
sum of their magnitudes, here bounded through Cauchy-Schwarz.
"""

# P parents, B children, N channels of the stage's output, O channels after the affine map

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netwarp.regions.arrays import Floats, Integers
from netwarp.regions.descent.batch import Batch, Flips
from netwarp.regions.descent.signs import ULP
from netwarp.regions.jit import bare, inlined


class Affine(NamedTuple):
    """A convolution, transposed."""

    weight: Floats  # (N, O)
    bias: Floats  # (O,)
    norms: Floats  # (3,) of the matrix: spectral and Frobenius, rounded up; of the bias
    rows: Floats  # (O,) Euclidean norm of what every output reads with, rounded up


class Parents(NamedTuple):
    base: Floats  # (P, 3, O) the map on every parent's first child, without its bias
    after: Floats  # (P, 6) as Maps.after
    channel: Integers  # (L,) line -> the channel of the output that it bends
    z: Floats  # (P, 3, N) the stage's source
    norm: Floats  # (P, 3) as Maps.norm
    pieces: tuple[Floats, Floats, Floats, Floats]  # slope and offset (N,), what they gain at a line (L,)
    word: int  # of the stage's bits


TINY = 1e-290  # more than underflow takes of any sum of products
LOST = 2.0**-16  # a channel that is less of what its terms were on a neighbour is computed without it
VAGUE = 1e-7  # maps whose error may be this part of their size are computed exactly


def norms(maps: Floats) -> Floats:
    """(...,) Euclidean norms over the last axis, or more where squares underflow: 0 for zeros alone."""
    total = np.einsum("...n,...n->...", maps, maps)
    small = total <= 1e-270
    found: Floats = np.sqrt(total)
    if small.any():
        most = np.abs(maps).max(axis=-1, initial=0.0) * np.sqrt(max(maps.shape[-1], 1))
        found = np.where(small, most, found)
    return found


@inlined
def square(row: Floats) -> float:
    """The sum of squares, in four sums: one would wait for every addition."""
    s0 = s1 = s2 = s3 = 0.0
    n = len(row) // 4 * 4
    for u in range(0, n, 4):
        s0 += row[u] * row[u]
        s1 += row[u + 1] * row[u + 1]
        s2 += row[u + 2] * row[u + 2]
        s3 += row[u + 3] * row[u + 3]
    for u in range(n, len(row)):
        s0 += row[u] * row[u]
    return (s0 + s1) + (s2 + s3)


@inlined
def norm_of(row: Floats) -> float:
    """The Euclidean norm, or more where squares underflow: 0 for zeros alone."""
    total = square(row)
    if total > 1e-270:
        return np.sqrt(total)
    most = 0.0
    for u in range(len(row)):
        most = max(most, abs(row[u]))
    return most * np.sqrt(1.0 * len(row))


@bare
def spread_out(
    kids: Batch,
    flips: Flips,
    parents: Parents,
    affine: Affine,
    span: tuple[int, int],
    notes: Integers,
    z: Floats,
    errors: tuple[Floats, Floats],
) -> bool:
    """z (B, 3, O), and `errors`, error and norm (B, 3), of the children span[0] to span[1] - 1, as in Maps.

    notes (B, 2): how many outer products each map is from its parent's, and whether it is vague. True where any is.
    """
    begin, end = span
    error, norm = errors
    outputs = z.shape[2]
    inputs = len(affine.weight)
    any_vague = False
    for c in range(begin, end):
        n = c - begin
        notes[n, 0] = 0
        via = kids.via[c]
        if via >= begin:
            for d in range(3):
                for o in range(outputs):
                    z[n, d, o] = z[via - begin, d, o]
            notes[n, 0] = notes[via - begin, 0] + 1
            last = via
        else:
            base = parents.base[kids.parent[c]]
            for o in range(outputs):
                z[n, 0, o], z[n, 1, o], z[n, 2, o] = base[0, o], base[1, o], base[2, o] + affine.bias[o]
            last = -1
        at = c
        while at != last and kids.via[at] >= 0:
            flip, turn = kids.flip[at], kids.turn[at]
            if last < 0:
                notes[n, 0] += 1
            for i in range(flips.offset[flip], flips.offset[flip + 1]):
                row = affine.weight[parents.channel[flips.line[i]]]
                ga, gb, gc = turn * flips.gain[i, 0], turn * flips.gain[i, 1], turn * flips.gain[i, 2]
                for o in range(outputs):
                    z[n, 0, o] += ga * row[o]
                    z[n, 1, o] += gb * row[o]
                    z[n, 2, o] += gc * row[o]
                if i > flips.offset[flip]:
                    notes[n, 0] += 1
            at = kids.via[at]
        p = kids.parent[c]
        wrongs = parents.after[p, 0], parents.after[p, 1], parents.after[p, 2]
        sizes = parents.after[p, 3], parents.after[p, 4], parents.after[p, 5]
        if _cancelled(z[n], sizes, affine.rows):
            wrongs, sizes = _directly(kids, c, parents, affine, z[n])
        gamma = (inputs + 2.0 * notes[n, 0] + 32.0) * ULP * 1.01
        vague = False
        for d in range(3):
            wrong, size = wrongs[d], sizes[d]
            error[n, d] = wrong + gamma * size
            # a bound may underflow too
            most = affine.norms[0] * wrong + gamma * affine.norms[1] * size
            if affine.norms[0] > 0.0 and (wrong > 0.0 or size > 0.0):
                most += TINY
            if d == 2:
                most += 4.0 * ULP * affine.norms[2]
            norm[n, d] = most
            vague |= most > VAGUE * norm_of(z[n, d])
        notes[n, 1] = vague
        any_vague |= vague
    return any_vague


@inlined
def _cancelled(z: Floats, sizes: tuple[float, float, float], rows: Floats) -> bool:
    """Whether some channel of a map (3, O) is far smaller than the terms that it may be the difference of."""
    found = 0
    for d in range(3):
        limit = LOST * sizes[d]
        # counted, not asked one by one: a vector of channels at a time
        for o in range(z.shape[1]):
            found += abs(z[d, o]) < limit * rows[o]
    return found > 0


@inlined
def _directly(
    kids: Batch, c: int, parents: Parents, affine: Affine, z: Floats
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Computes the map (3, O) of child c from its own pattern: a unit that is flat there adds its constant, exactly.

    Returns how wrong the stage's output is there and how large, as Maps.after.
    """
    slope, offset, slope_gain, offset_gain = parents.pieces
    p = kids.parent[c]
    inputs, outputs = affine.weight.shape
    each = len(parents.channel) // max(inputs, 1)
    s0 = s1 = s2 = steepest = 0.0
    for o in range(outputs):
        z[0, o] = z[1, o] = 0.0
        z[2, o] = affine.bias[o]
    for u in range(inputs):
        a, b = slope[u], offset[u]
        for j in range(u * each, (u + 1) * each):
            if kids.bits[c, parents.word + j // 64] >> np.uint64(j % 64) & np.uint64(1):
                a += slope_gain[j]
                b += offset_gain[j]
        if a == 0.0 and b == 0.0:
            continue
        steepest = max(steepest, abs(a))
        ya, yb, yc = a * parents.z[p, 0, u], a * parents.z[p, 1, u], a * parents.z[p, 2, u] + b
        s0, s1, s2 = s0 + abs(ya), s1 + abs(yb), s2 + abs(yc) + abs(b)
        row = affine.weight[u]
        for o in range(outputs):
            z[0, o] += ya * row[o]
            z[1, o] += yb * row[o]
            z[2, o] += yc * row[o]
    w0, w1, w2 = parents.norm[p, 0] * steepest, parents.norm[p, 1] * steepest, parents.norm[p, 2] * steepest
    t0, t1, t2 = (TINY if s0 > 0.0 else 0.0), (TINY if s1 > 0.0 else 0.0), (TINY if s2 > 0.0 else 0.0)
    return (w0 + 8.0 * ULP * s0 + t0, w1 + 8.0 * ULP * s1 + t1, w2 + 8.0 * ULP * s2 + t2), (s0, s1, s2)


@bare
def activate(
    kids: Batch,
    z: Floats,
    table_first: Integers,
    pieces: tuple[Floats, Floats, Floats, Floats],
    word: int,
    span: tuple[int, int],
    out: Floats,
) -> None:
    """out (B, 3, N): the stage's output on the children of the span; z (P, 3, N) is its source on their parents.

    `pieces` are slope, offset, slope_gain and offset_gain of the stage.
    """
    slope, offset, slope_gain, offset_gain = pieces
    width = z.shape[2]
    for c in range(span[0], span[1]):
        n, p = c - span[0], kids.parent[c]
        for u in range(width):
            out[n, 0, u], out[n, 1, u] = slope[u], offset[u]
        for j in range(len(table_first)):
            if kids.bits[c, word + j // 64] >> np.uint64(j % 64) & np.uint64(1):
                u = table_first[j]
                out[n, 0, u] += slope_gain[j]
                out[n, 1, u] += offset_gain[j]
        for u in range(width):
            s, k = out[n, 0, u], out[n, 1, u]
            out[n, 0, u], out[n, 1, u], out[n, 2, u] = s * z[p, 0, u], s * z[p, 1, u], s * z[p, 2, u] + k
