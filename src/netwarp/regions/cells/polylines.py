"""Segments joined to polylines, as long as they can be."""

# N nodes, S segments; a segment has two ends, 2 i where it begins and 2 i + 1 where it stops

from __future__ import annotations

from collections import deque
from math import atan2

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Floats, Long, Signs

LEAVES, ARRIVES, EITHER = 1, -1, 0  # what a polyline does at an end: begins there, stops there, or may do either


def join(places: Floats, nodes: Long, free: NDArray[np.bool_]) -> list[Floats]:
    """Polylines (n, 2), those with ends first; what shrank to a point is left out. See `segments` for what is given.

    Where more than two segments meet, those on both hands of what is larger follow one another, and of segments that
    may run either way those that lie opposite.
    """
    ends = nodes.ravel()
    kinds = np.tile(np.array([LEAVES, ARRIVES], dtype=np.int8), len(nodes))
    kinds[np.repeat(free, 2)] = EITHER
    order = np.argsort(ends, kind="stable")
    starts = np.flatnonzero(np.diff(ends[order], prepend=-1))
    degrees = np.diff(starts, append=len(order))
    partners = np.full(len(ends), -1, dtype=np.int64)
    # most nodes: one polyline arrives and leaves
    one, other = order[starts[degrees == 2]], order[starts[degrees == 2] + 1]
    plain = kinds[one] == -kinds[other]
    partners[one[plain]], partners[other[plain]] = other[plain], one[plain]
    special = np.ones(len(starts), dtype=bool)
    special[np.flatnonzero(degrees == 2)[plain]] = False
    meeting = [
        order[start : start + degree].tolist()
        for start, degree in zip(starts[special].tolist(), degrees[special].tolist(), strict=True)
        if degree > 1
    ]
    for group in meeting:
        _pair(group, places, ends, kinds, partners)
    links, states = partners.tolist(), kinds.tolist()
    if free.any():
        _attach(meeting, ends.tolist(), links, states)
    return [points for way in _ways(links, states) if len(points := _points(way, places, ends)) > 1]


def _pair(group: list[int], places: Floats, ends: Long, kinds: Signs, partners: Long) -> None:
    """Joins the ends that meet at one node, all that can be without turning a segment round."""
    x, y = places[ends[group[0]]]

    def angle(end: int) -> float:
        p, q = places[ends[end ^ 1]]
        return atan2(q - y, p - x)

    around = sorted(group, key=angle)
    # counter-clockwise, what leaves is followed by what is larger, and that by what arrives
    waiting: list[int] = []
    for end in (*around, *around):
        if partners[end] >= 0:
            continue
        if kinds[end] == LEAVES and end not in waiting:
            waiting.append(end)
        elif kinds[end] == ARRIVES and waiting:
            other = waiting.pop()
            partners[end], partners[other] = other, end
    either = [end for end in around if kinds[end] == EITHER]
    half = len(either) // 2
    for end, other in zip(either[:half], either[half : 2 * half], strict=True):
        partners[end], partners[other] = other, end


def _attach(meeting: list[list[int]], ends: list[int], partners: list[int], kinds: list[int]) -> None:
    """Continues polylines that end at a node by those that may run either way, which then run one way."""
    left: dict[int, list[int]] = {}
    for group in meeting:
        loose = [end for end in group if partners[end] < 0]
        if len(loose) > 1:
            left[ends[loose[0]]] = loose
    todo = deque(left)
    while todo:
        loose = [end for end in left[todo.popleft()] if partners[end] < 0]
        for end in loose:
            other = next((o for o in loose if partners[o] < 0 and kinds[o] != kinds[end]), None)
            if partners[end] >= 0 or other is None:
                continue
            if EITHER in (kinds[end], kinds[other]):
                turned, given = (end, other) if kinds[end] == EITHER else (other, end)
                far = _other_end(turned, partners)
                kinds[turned], kinds[far] = -kinds[given], kinds[given]
                if ends[far] in left:
                    todo.append(ends[far])
            partners[end], partners[other] = other, end


def _other_end(end: int, partners: list[int]) -> int:
    """Where the polyline that has this end has its other one."""
    at = end ^ 1
    while partners[at] >= 0:
        at = partners[at] ^ 1
    return at


def _ways(partners: list[int], kinds: list[int]) -> list[list[int]]:
    """The ends that every polyline sets out from, segment by segment, and the end it stops at."""
    done = [False] * (len(partners) // 2)
    loose = [end for end, partner in enumerate(partners) if partner < 0]
    firsts = [end for end in loose if kinds[end] == LEAVES] + [end for end in loose if kinds[end] == EITHER]
    # closed ones: by their segments that run one way, where they have any
    firsts += [2 * n for n in range(len(done)) if kinds[2 * n] == LEAVES] + [2 * n for n in range(len(done))]
    found = []
    for first in firsts:
        if done[first >> 1]:
            continue
        way, end = [], first
        while end >= 0 and not done[end >> 1]:
            done[end >> 1] = True
            way.append(end)
            end = partners[end ^ 1]
        way.append(way[-1] ^ 1)
        found.append(way)
    return found


def _points(way: list[int], places: Floats, ends: Long) -> Floats:
    """(n, 2): no point twice in a row."""
    points = places[ends[way]]
    moved = np.ones(len(points), dtype=bool)
    moved[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[moved]
