"""The arrays that batches, arrangements and records live in: made once, made larger where needed, and used again."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Integers, Long, Signs
from netwarp.regions.descent.arrangement import Size, Work
from netwarp.regions.descent.batch import PATH, Batch, Count, Flips, Record, Scratch

Buffers = TypeVar("Buffers", Batch, Flips, Record)
Output = tuple[Batch, Flips, Record]


def new_batch(cells: int, sides: int, words: int) -> Batch:
    """Room for cells and sides; nothing in it."""
    return Batch(
        offset=np.zeros(cells + 1, dtype=np.int64),
        vertex=np.empty((sides, 3)),
        line=np.empty((sides, 6)),
        side=np.empty(sides, dtype=np.int64),
        label=np.empty(sides, dtype=np.int32),
        bits=np.empty((cells, words), dtype=np.uint64),
        parent=np.empty(cells, dtype=np.int32),
        via=np.empty(cells, dtype=np.int32),
        flip=np.empty(cells, dtype=np.int32),
        turn=np.empty(cells, dtype=np.int8),
    )


def new_flips(flips: int, entries: int) -> Flips:
    return Flips(
        offset=np.zeros(flips + 1, dtype=np.int64),
        line=np.empty(entries, dtype=np.int32),
        facing=np.empty(entries, dtype=np.int8),
        gain=np.empty((entries, 3)),
    )


def new_record(size: int) -> Record:
    return Record(np.empty((size, 3), dtype=np.int64), np.empty((size, 2), dtype=np.int64))


def roomier(out: Output, counts: Long, work: Work, corners: int, lines: int) -> Output:
    """The same contents with room for what the present cell of `work` makes; only what is too short is made longer.

    The record is every stage's: made longer with each stage's own arrays, it would double with the depth.
    """
    kids, flips, record = out
    faces, halves = int(work.size[Size.FACES]), int(work.size[Size.HALVES]) + corners
    cells, sides = int(counts[Count.CELLS]) + faces + 2, int(counts[Count.SIDES]) + halves + 2
    kids = _at_least(kids, cells, "offset", "bits", "parent", "via", "flip", "turn")
    kids = _at_least(kids, sides, "vertex", "line", "side", "label")
    flips = _at_least(flips, int(counts[Count.FLIPS] + counts[Count.CUTS]) + 3, "offset")
    flips = _at_least(flips, int(counts[Count.ENTRIES]) + lines + 2, "line", "facing", "gain")
    record = _at_least(record, int(counts[Count.SPLITS]) + corners + 2, "splits")
    record = _at_least(record, int(counts[Count.PAIRS]) + halves + 2, "pairs")
    return kids, flips, record


def _at_least(buffers: Buffers, rows: int, *names: str) -> Buffers:
    """Arrays of these names with `rows` rows at least; where one has fewer, all get twice as many as the longest."""
    arrays = {name: getattr(buffers, name) for name in names}
    if min(map(len, arrays.values())) >= rows:
        return buffers
    length = max(rows, 2 * max(map(len, arrays.values())))
    longer: dict[str, Any] = {name: _longer(array, length) for name, array in arrays.items()}
    return buffers._replace(**longer)


def _longer(array: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    longer = np.empty((length, *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def new_work(corners: int, candidates: int, cuts: int) -> Work:
    """Room for an arrangement of `cuts` lines in a polygon, whatever it is. Memory is taken when it is written to."""
    vertices = corners + 2 * cuts + cuts * (cuts - 1) // 2 + 4
    halves = corners + 4 * cuts * cuts + 8
    faces = cuts * (cuts + 1) // 2 + 4
    lines = corners + candidates + 1

    def whole(*shape: int) -> Integers:
        return np.empty(shape, dtype=np.int32)

    def signs(*shape: int) -> Signs:
        return np.empty(shape, dtype=np.int8)

    return Work(
        vertex=np.empty((vertices, 3)),
        through=whole(vertices, 2),
        settled=whole(vertices),
        known=signs(1, lines),
        cross=whole(lines),
        line=np.empty((lines, 6)),
        pure=signs(lines),
        origin=whole(halves),
        after=whole(halves),
        before=whole(halves),
        twin=whole(halves),
        face=whole(halves),
        drawn=whole(halves),
        plus=signs(halves),
        along=whole(halves),
        first=whole(faces),
        same=whole(lines),
        facing=signs(lines),
        stamp=whole(vertices),
        seen=signs(vertices),
        path=whole(cuts + PATH, 5),
        size=np.zeros(8, dtype=np.int32),
        tolerance=np.array([np.inf]),
    )


def new_scratch(lines: int, candidates: int, work: Work) -> Scratch:
    faces, halves = len(work.first), len(work.origin)
    return Scratch(
        sign=np.empty(lines, dtype=np.int8),
        value=np.empty(lines),
        margin=np.empty(lines),
        line=np.empty(candidates, dtype=np.int32),
        queue=np.empty(faces, dtype=np.int32),
        reached=np.empty(faces, dtype=np.int32),
        over=np.empty(faces, dtype=np.int32),
        number=np.empty(halves, dtype=np.int64),
        flip=np.empty(len(work.line), dtype=np.int32),
        counts=np.zeros(16, dtype=np.int64),
    )
