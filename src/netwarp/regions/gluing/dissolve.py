"""Edges that a maxout of three pieces or more did not mean: where two pieces are equal, but a third is larger.

The descent cuts where any two pieces are equal. Here cells with one pattern are joined again; what they make is convex.
"""

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Bits, Integers, Long
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.gluing.glue import neighbours
from netwarp.regions.gluing.labels import true_labels
from netwarp.regions.gluing.mesh import Mesh
from netwarp.regions.jit import kernel
from netwarp.regions.stages import Stage, Stages

CHUNK = 1 << 14  # cells whose signs are spread out at a time


def dissolve(mesh: Mesh, stages: Stages) -> tuple[Mesh, Long]:
    """The mesh of true cells, and which of the old ones each has its numbers from."""
    bits = mesh.bits.copy()
    for stage in stages.stages:
        if stage.pieces > 2:
            words = slice(stage.word, stage.word + stage.words)
            for first in range(0, len(bits), CHUNK):
                part = bits[first : first + CHUNK]
                part[:, words] = _meant(stage, largest_pieces(stage, part))
    cell_of = np.repeat(np.arange(len(mesh.offsets) - 1), np.diff(mesh.offsets))
    inner = mesh.twin >= 0
    false = np.zeros(len(inner), dtype=bool)
    false[inner] = (bits[cell_of[inner]] == bits[cell_of[mesh.twin[inner]]]).all(axis=1)
    pairs = np.stack([cell_of, cell_of[mesh.twin]], axis=1)
    labels = true_labels(mesh.labels, pairs, bits, inner & ~false, stages)
    following, _ = neighbours(mesh.offsets)
    order, offsets, other = _traced(false.astype(np.int32), following, mesh.twin, labels)
    joined = cell_of[order[offsets[:-1]]]
    return Mesh(offsets, mesh.corners[order], labels[order], other, bits[joined]), joined


@kernel
def _traced(false: Integers, following: Integers, twin: Integers, labels: Integers) -> tuple[Long, Long, Integers]:
    """The sides of the joined cells, cell after cell; each cell's first place among them; and each side's twin there.

    Of sides that are parts of one edge the one that begins it stands for all.
    """
    total = len(twin)
    after, before = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    for s in range(total):
        if not false[s]:
            # around the ends of false edges, to the next true side of the joined cell
            e = following[s]
            while false[e]:
                e = following[twin[e]]
            after[s], before[e] = e, s
    straight = np.zeros(total, dtype=np.int32)
    for s in range(total):
        if not false[s]:
            p, t = before[s], twin[s]
            if labels[p] == labels[s] and (after[t] == twin[p] if t >= 0 else twin[p] < 0):
                straight[s] = 1
    number = np.full(total, -1, dtype=np.int32)
    order, offsets = np.empty(total, dtype=np.int64), np.zeros(total + 1, dtype=np.int64)
    sides, cells = 0, 0
    for s in range(total):
        if false[s] or straight[s] or number[s] >= 0:
            continue
        e = s
        while True:
            if not straight[e]:
                number[e], order[sides] = sides, e
                sides += 1
            e = after[e]
            if e == s:
                break
        cells += 1
        offsets[cells] = sides
    other = np.full(sides, -1, dtype=np.int32)
    for n in range(sides):
        last = order[n]
        while straight[after[last]]:
            last = after[last]
        if twin[last] >= 0:
            other[n] = number[twin[last]]
    return order[:sides], offsets[: cells + 1], other


def _meant(stage: Stage, best: Long) -> Bits:
    """(cells, words) of bits that say no more than which piece is the largest, (cells, channels)."""
    plus = np.zeros((len(best), stage.words * 64), dtype=bool)
    plus[:, : stage.lines] = stage.first == best[:, stage.unit]
    packed = np.packbits(plus, axis=1, bitorder="little").view("<u8")
    return packed.astype(np.uint64, copy=False)
