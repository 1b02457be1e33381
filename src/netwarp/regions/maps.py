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
from numpy.typing import NDArray

from netwarp.regions.arrangement import ULP
from netwarp.regions.batch import Batch, Flips, Integers
from netwarp.regions.jit import kernel

Floats = NDArray[np.float64]


class Affine(NamedTuple):
    """A convolution, transposed."""

    weight: Floats  # (N, O)
    bias: Floats  # (O,)
    norms: Floats  # (3,) of the matrix: spectral and Frobenius, rounded up; of the bias


class Parents(NamedTuple):
    base: Floats  # (P, 3, O) the map on every parent's first child, its bias included
    after: Floats  # (P, 6) as Maps.after
    channel: Integers  # (L,) line -> the channel of the output that it bends


@kernel
def spread_out(
    kids: Batch,
    flips: Flips,
    parents: Parents,
    affine: Affine,
    span: tuple[int, int],
    z: Floats,
    error: Floats,
    norm: Floats,
) -> None:
    """z (B, 3, O), error (B, 3) and norm (B, 3) of the children span[0] to span[1] - 1, as in Maps."""
    begin, end = span
    outputs = z.shape[2]
    steps = np.zeros(end - begin, dtype=np.int32)
    inputs = len(affine.weight)
    for c in range(begin, end):
        n = c - begin
        via = kids.via[c]
        if via >= begin:
            source = z[via - begin]
            steps[n] = steps[via - begin] + 1
            last = via
        else:
            source = parents.base[kids.parent[c]]
            last = -1
        for d in range(3):
            for o in range(outputs):
                z[n, d, o] = source[d, o]
        at = c
        while at != last and kids.via[at] >= 0:
            flip, turn = kids.flip[at], kids.turn[at]
            if last < 0:
                steps[n] += 1
            for i in range(flips.offset[flip], flips.offset[flip + 1]):
                row = affine.weight[parents.channel[flips.line[i]]]
                ga, gb, gc = turn * flips.gain[i, 0], turn * flips.gain[i, 1], turn * flips.gain[i, 2]
                for o in range(outputs):
                    z[n, 0, o] += ga * row[o]
                    z[n, 1, o] += gb * row[o]
                    z[n, 2, o] += gc * row[o]
                if i > flips.offset[flip]:
                    steps[n] += 1
            at = kids.via[at]
        p = kids.parent[c]
        gamma = (inputs + 2.0 * steps[n] + 32.0) * ULP * 1.01
        for d in range(3):
            wrong, size = parents.after[p, d], parents.after[p, 3 + d]
            error[n, d] = wrong + gamma * size
            norm[n, d] = affine.norms[0] * wrong + gamma * affine.norms[1] * size
        norm[n, 2] += 4.0 * ULP * affine.norms[2]


@kernel
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
