"""Edges across which a function jumps (step): later layers may cut its two sides in different places.

Both sides then get the corners of both, in their true order, so that every piece of the edge has one cell on each hand.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from netwarp.regions.arrays import Bits, Integers, Long
from netwarp.regions.exact import Exact, crossing, rounded
from netwarp.regions.gluing.mesh import Mesh

Point = tuple[Fraction, Fraction]


def marked(pairs: Long, first: Long, parts: Integers, cells: Long, words: Bits) -> Long:
    """The pairs of sides (n, 2), with those marked across which a step jumps that drew neither: its line lies on an
    edge that an earlier operation drew. `cells` (I,) is the cell of a side that was not cut, and `words` (C, W) are the
    pattern bits of the steps.
    """
    found = pairs.copy()
    root = np.flatnonzero(found[:, 1] == 0)
    one = found[root, 0]
    other = one + 1
    while len(root):
        count = parts[one]
        whole = (count == 0) & (parts[other] == 0)
        apart = (words[cells[one[whole]]] != words[cells[other[whole]]]).any(axis=1)
        found[root[whole][apart], 1] = 1
        # where nothing jumps the two sides are cut alike
        found[root[count != parts[other]], 1] = 1
        cut = np.flatnonzero((count > 0) & (count == parts[other]))
        each = np.repeat(cut, count[cut])
        nth = np.arange(len(each)) - np.repeat(np.cumsum(count[cut]) - count[cut], count[cut])
        root, one, other = root[each], first[one[each]] + nth, first[other[each]] + count[each] - 1 - nth
    return found


def leaves(number: int, first: Long, parts: Integers, place: Integers) -> list[int]:
    """Where the parts stand that a side has been cut into, in their order; the side itself where it was not cut."""
    if not parts[number]:
        return [int(place[number])]
    found = []
    for n in range(int(first[number]), int(first[number] + parts[number])):
        found += leaves(n, first, parts, place)
    return found


def refine(mesh: Mesh, apart: list[list[list[int]]], exact: Exact) -> Mesh:
    """The mesh in which the two chains of sides of every pair in `apart` are cut in the same places."""
    cell_of = np.repeat(np.arange(len(mesh.offsets) - 1), np.diff(mesh.offsets))
    added: dict[int, list[tuple[float, float, float]]] = {}
    pieces: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]] = []

    def begin(s: int) -> Point:
        """Where side s begins, between parts of one side: there the cell's side before it was drawn across."""
        c = cell_of[s]
        before = s - 1 if s > mesh.offsets[c] else int(mesh.offsets[c + 1]) - 1
        bits = mesh.bits[c]
        x, y, w = crossing(exact.line(int(mesh.labels[s]), bits), exact.line(int(mesh.labels[before]), bits))
        return Fraction(x, w), Fraction(y, w)

    for one, other in apart:
        cuts = [[begin(s) for s in chain[1:]] for chain in (one, other)]
        every = set(cuts[0]) | set(cuts[1])
        start = mesh.corners[one[0], :2]
        stop = mesh.corners[other[0], :2]
        axis = int(abs(stop[1] - start[1]) > abs(stop[0] - start[0]))
        order = sorted(every, key=lambda p: p[axis], reverse=bool(stop[axis] < start[axis]))
        chains = []
        for chain, own, points in ((one, cuts[0], order), (other, cuts[1], order[::-1])):
            atoms, at = [(chain[0], 0)], 0
            for point in points:
                if at + 1 < len(chain) and own[at] == point:
                    at += 1
                    atoms.append((chain[at], 0))
                    continue
                w = point[0].denominator * point[1].denominator
                whole = int(point[0] * w), int(point[1] * w), w
                added.setdefault(chain[at], []).append(rounded(whole))
                atoms.append((chain[at], len(added[chain[at]])))
            chains.append(atoms)
        pieces.append((chains[0], chains[1]))
    more = np.zeros(len(mesh.labels), dtype=np.int64)
    for s, inserted in added.items():
        more[s] = len(inserted)
    shift = np.concatenate([[0], np.cumsum(1 + more)])
    total = int(shift[-1])
    corners, labels = np.empty((total, 3)), np.repeat(mesh.labels, 1 + more)
    corners[shift[:-1]] = mesh.corners
    for s, inserted in added.items():
        corners[shift[s] + 1 : shift[s + 1]] = inserted
    twin = np.full(total, -1, dtype=np.int32)
    known = mesh.twin >= 0
    twin[shift[:-1][known]] = shift[mesh.twin[known]]
    for one_atoms, other_atoms in pieces:
        for (s, n), (t, m) in zip(one_atoms, reversed(other_atoms), strict=True):
            a, b = int(shift[s]) + n, int(shift[t]) + m
            twin[a], twin[b] = b, a
    return Mesh(shift[mesh.offsets], corners, labels, twin, mesh.bits)
