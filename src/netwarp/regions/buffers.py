"""The arrays that batches, arrangements and records live in: made once, made larger where needed, and used again."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrangement import Work
from netwarp.regions.batch import Batch, Flips, Record, Scratch

Buffers = TypeVar("Buffers", Batch, Flips, Record)


def new_batch(cells: int, sides: int, words: int) -> Batch:
    """Room for cells and sides; nothing in it."""
    return Batch(
        np.zeros(cells + 1, dtype=np.int64),
        np.empty((sides, 3)),
        np.empty((sides, 6)),
        np.empty(sides, dtype=np.int64),
        np.empty(sides, dtype=np.int32),
        np.empty((cells, words), dtype=np.uint64),
        np.empty(cells, dtype=np.int32),
        np.empty(cells, dtype=np.int32),
        np.empty(cells, dtype=np.int32),
        np.empty(cells, dtype=np.int8),
    )


def new_flips(flips: int, entries: int) -> Flips:
    return Flips(
        np.zeros(flips + 1, dtype=np.int64),
        np.empty(entries, dtype=np.int32),
        np.empty(entries, dtype=np.int8),
        np.empty((entries, 3)),
    )


def new_record(size: int) -> Record:
    return Record(np.empty((size, 3), dtype=np.int64), np.empty((size, 2), dtype=np.int64))


def larger(buffers: Buffers, least: int) -> Buffers:
    """The same contents in arrays twice as long, and of `least` more rows at least."""
    grown = [_longer(array, 2 * len(array) + least) for array in tuple[NDArray[np.generic], ...](buffers)]
    return type(buffers)(*grown)  # type: ignore[arg-type]


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

    def whole(*shape: int) -> NDArray[np.int32]:
        return np.empty(shape, dtype=np.int32)

    def signs(*shape: int) -> NDArray[np.int8]:
        return np.empty(shape, dtype=np.int8)

    return Work(
        np.empty((vertices, 3)),
        whole(vertices, 2),
        whole(vertices),
        signs(1, lines),
        whole(lines),
        np.empty((lines, 6)),
        whole(halves),
        whole(halves),
        whole(halves),
        whole(halves),
        whole(halves),
        whole(halves),
        signs(halves),
        whole(halves),
        whole(faces),
        whole(lines),
        signs(lines),
        whole(vertices),
        signs(vertices),
        whole(cuts + 8, 5),
        np.zeros(8, dtype=np.int32),
        np.array([np.inf]),
    )


def new_scratch(lines: int, candidates: int, work: Work) -> Scratch:
    faces, halves = len(work.first), len(work.origin)
    return Scratch(
        np.empty(lines, dtype=np.int8),
        np.empty(lines),
        np.empty(lines),
        np.empty(candidates, dtype=np.int32),
        np.empty(faces, dtype=np.int32),
        np.empty(faces, dtype=np.int32),
        np.empty(faces, dtype=np.int32),
        np.empty(halves, dtype=np.int64),
        np.empty(len(work.line), dtype=np.int32),
        np.zeros(16, dtype=np.int64),
    )
