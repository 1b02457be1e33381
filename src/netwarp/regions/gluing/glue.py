"""Glues cells that were found each for itself: which sides are one edge, and which corners one vertex.

Nothing is compared by its coordinates. Two sides of one edge were born together, and whatever cut one of them cut the
other, in the same places and the reverse order.
"""

# H sides of all cells, E edges, V vertices, I numbers of sides ever given

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.jit import bare, kernel


@kernel
def index_splits(splits: Long, numbers: int) -> tuple[Long, Integers]:
    """(I,) each: the first part of a side that was cut, and how many parts it has (0: it was not cut)."""
    first = np.zeros(numbers, dtype=np.int64)
    parts = np.zeros(numbers, dtype=np.int32)
    for i in range(len(splits)):
        first[splits[i, 0]], parts[splits[i, 0]] = splits[i, 1], splits[i, 2]
    return first, parts


@kernel
def _longer(pairs: Long, length: int) -> Long:
    """The same pairs (n, 2) in an array of `length` rows."""
    longer = np.empty((length, 2), dtype=np.int64)
    for n in range(len(pairs)):
        longer[n, 0], longer[n, 1] = pairs[n, 0], pairs[n, 1]
    return longer


@kernel
def match(pairs: Long, first: Long, parts: Integers, place: Integers, twin: Integers) -> Long:
    """Fills twin (H,): side -> the other side of its edge; `place` (I,) is where a side that was not cut stands.

    Returns (n, 2) numbers of sides of one edge where the function jumps: they may be cut in different places.
    """
    stack = np.empty((1024, 2), dtype=np.int64)
    apart = np.empty((16, 2), dtype=np.int64)
    found = 0
    for i in range(len(pairs)):
        stack[0, 0], stack[0, 1] = pairs[i, 0], pairs[i, 0] + 1
        height = 1
        while height:
            height -= 1
            h, t = stack[height, 0], stack[height, 1]
            count = parts[h]
            if count != parts[t] or (pairs[i, 1] and count):
                if found == len(apart):
                    apart = _longer(apart, 2 * found)
                apart[found, 0], apart[found, 1] = h, t
                found += 1
                continue
            if count == 0:
                twin[place[h]], twin[place[t]] = place[t], place[h]
                continue
            if height + count > len(stack):
                stack = _longer(stack, 2 * (height + count))
            for n in range(count):
                stack[height, 0], stack[height, 1] = first[h] + n, first[t] + count - 1 - n
                height += 1
    return apart[:found]


@kernel
def neighbours(offsets: Long) -> tuple[Integers, Integers]:
    """(H,) each: the next and the previous side of a cell."""
    following = np.empty(offsets[-1], dtype=np.int32)
    preceding = np.empty(offsets[-1], dtype=np.int32)
    for c in range(len(offsets) - 1):
        begin, end = offsets[c], offsets[c + 1]
        for s in range(begin, end):
            following[s] = s + 1 if s + 1 < end else begin
            preceding[s] = s - 1 if s > begin else end - 1
    return following, preceding


@bare
def join_corners(
    corner: Floats,
    twin: Integers,
    following: Integers,
    preceding: Integers,
    indices: Integers,
    vertices: Floats,
    reach: Floats,
) -> int:
    """Gives every corner (H, 3) its vertex in `indices`; of one vertex's corners the best known place is taken.

    `reach` (H,) is how far at most the true vertex is from that place, in x and in y.
    """
    count = 0
    for s in range(len(twin)):
        indices[s] = -1
    for s in range(len(twin)):
        if indices[s] >= 0:
            continue
        best = s
        e = s
        while True:
            indices[e] = count
            if corner[e, 2] < corner[best, 2]:
                best = e
            e = twin[preceding[e]]
            if e == s:
                break
            if e < 0:
                # at the border of the rectangle: the corners on the other hand
                t = twin[s]
                while t >= 0:
                    e = following[t]
                    indices[e] = count
                    if corner[e, 2] < corner[best, 2]:
                        best = e
                    t = twin[e]
                break
        vertices[count, 0], vertices[count, 1], reach[count] = corner[best, 0], corner[best, 1], corner[best, 2]
        count += 1
    return count


@bare
def join_sides(
    offsets: Long,
    twin: Integers,
    following: Integers,
    indices: Integers,
    edges: Integers,
    edge_cells: Integers,
    sides: Integers,
    drawn: Integers,
) -> int:
    """Gives every side its edge in `sides`; `drawn` (E,) is a side of each edge, from whose cell it is seen."""
    count = 0
    for c in range(len(offsets) - 1):
        for s in range(offsets[c], offsets[c + 1]):
            t = twin[s]
            if 0 <= t < s:
                sides[s] = sides[t]
                edge_cells[sides[t], 1] = c
                continue
            sides[s] = count
            drawn[count] = s
            edges[count, 0], edges[count, 1] = indices[s], indices[following[s]]
            edge_cells[count, 0], edge_cells[count, 1] = c, -1
            count += 1
    return count
