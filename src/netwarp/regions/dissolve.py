"""Edges that a maxout of three pieces or more did not mean: where two pieces are equal, but a third is larger.

The descent cuts where any two pieces are equal. Here cells with one pattern are joined again; what they make is convex.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.exact import signs, winners
from netwarp.regions.glue import neighbours
from netwarp.regions.mesh import Mesh
from netwarp.regions.stages import Stage, Stages

CHUNK = 1 << 14  # cells whose signs are spread out at a time


def dissolve(mesh: Mesh, stages: Stages) -> tuple[Mesh, NDArray[np.int64]]:
    """The mesh of true cells, and which of the old ones each has its numbers from."""
    bits = mesh.bits.copy()
    for stage in stages.stages:
        if stage.pieces > 2:
            words = slice(stage.word, stage.word + stage.words)
            for first in range(0, len(bits), CHUNK):
                part = bits[first : first + CHUNK]
                part[:, words] = _meant(stage, winners(stage, signs(stage, part)))
    cell_of = np.repeat(np.arange(len(mesh.offsets) - 1), np.diff(mesh.offsets))
    inner = mesh.twin >= 0
    false = np.zeros(len(inner), dtype=bool)
    false[inner] = (bits[cell_of[inner]] == bits[cell_of[mesh.twin[inner]]]).all(axis=1)
    following, _ = neighbours(mesh.offsets)
    after = following.tolist()
    twin, labels = mesh.twin.tolist(), mesh.labels.tolist()
    # around the ends of false edges, to the next true side of the joined cell
    true = np.flatnonzero(~false).tolist()
    for s in true:
        e = after[s]
        while false[e]:
            e = following[twin[e]]
        after[s] = int(e)
    before = {after[s]: s for s in true}
    straight = set()
    for s in true:
        p, t = before[s], twin[s]
        if labels[p] == labels[s] and (after[t] == twin[p] if t >= 0 else twin[p] < 0):
            straight.add(s)
    number: dict[int, int] = {}
    order: list[int] = []
    offsets, kept = [0], []
    for s in true:
        if s in number or s in straight:
            continue
        e = s
        while True:
            if e not in straight:
                number[e] = len(order)
                order.append(e)
            e = after[e]
            if e == s:
                break
        offsets.append(len(order))
        kept.append(int(cell_of[s]))
    other = np.full(len(order), -1, dtype=np.int32)
    for n, s in enumerate(order):
        last = s
        while after[last] in straight:
            last = after[last]
        if twin[last] >= 0:
            other[n] = number[twin[last]]
    joined = np.array(kept, dtype=np.int64)
    found = Mesh(np.array(offsets, dtype=np.int64), mesh.corners[order], mesh.labels[order], other, bits[joined])
    return found, joined


def _meant(stage: Stage, best: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(cells, words) of bits that say no more than which piece is the largest, (cells, channels)."""
    plus = np.zeros((len(best), stage.words * 64), dtype=bool)
    plus[:, : stage.lines] = stage.first == best[:, stage.unit]
    packed = np.packbits(plus, axis=1, bitorder="little").view("<u8")
    return packed.astype(np.uint64, copy=False)
