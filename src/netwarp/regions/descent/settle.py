"""Divides one cell with exact arithmetic where floats leave a sign in doubt, or with room for very many lines."""

from __future__ import annotations

import numpy as np

from netwarp.regions.descent.arrangement import DONE, Size, Work, sign
from netwarp.regions.descent.batch import FULL, Batch, Count, Maps, Phase, Scratch, Table, Trait
from netwarp.regions.descent.buffers import Output, new_scratch, new_work, roomier
from netwarp.regions.descent.divide import divide
from netwarp.regions.descent.signs import UNSETTLED
from netwarp.regions.descent.whole_lines import NO_LINES
from netwarp.regions.exact import Exact, Line, crossing, rounded


def settle(
    exact: Exact, batch: Batch, maps: Maps, c: int, *, table: Table, scratch: Scratch, out: Output, tolerance: float
) -> tuple[Output, int]:
    """Divides cell c of the batch. Returns the output, which may have grown, and how many signs were settled."""
    corners, lines = int(batch.offset[c + 1] - batch.offset[c]), len(table.first)
    work = new_work(corners, lines, 0)
    own = new_scratch(lines, lines, work)._replace(counts=scratch.counts)

    which = np.array([c]), np.empty((1, 2), dtype=np.int32)

    def do(phase: int) -> int:
        own.counts[Count.PHASE], own.counts[Count.AT], own.counts[Count.LAST] = phase, 0, 1
        return divide(batch, maps, table, work, own, out, which, NO_LINES)

    try:
        do(Phase.GATHER)
        candidates = int(own.counts[Count.CANDIDATES])
        judge = _Judge(exact, batch, c, table, own, corners)
        while do(Phase.CLASSIFY) != DONE:
            work = judge.settle(work)
        cuts = int(own.counts[Count.CUTS])
        if cuts:
            small, work = work, new_work(corners, candidates, cuts)
            work.vertex[:corners], work.through[:corners] = small.vertex[:corners], small.through[:corners]
            work.settled[:corners] = small.settled[:corners]
            used = corners + candidates
            for name in ("line", "pure", "same", "facing", "cross"):
                getattr(work, name)[:used] = getattr(small, name)[:used]
            work = work._replace(known=small.known, size=small.size)
            own = new_scratch(lines, lines, work)._replace(counts=own.counts, sign=own.sign, line=own.line)
            judge.scratch = own
            work.tolerance[0] = tolerance
            phase = Phase.BEGIN
            while do(phase) != DONE:
                work = judge.settle(work)
                phase = Phase.INSERT
        while do(Phase.FINISH) == FULL:
            out = roomier(out, own.counts, work, corners, lines)
    finally:
        scratch.counts[Count.PHASE] = Phase.ALL
    return out, judge.count


class _Judge:
    """Settles the signs of all candidates at a vertex, and with them where the vertex is."""

    def __init__(self, exact: Exact, batch: Batch, c: int, table: Table, scratch: Scratch, corners: int) -> None:
        self.exact, self.bits, self.scratch, self.corners = exact, batch.bits[c], scratch, corners
        start = int(batch.offset[c])
        self.labels = batch.label[start : start + corners].tolist()
        self.first = int(table.traits[Trait.FIRST_LABEL])
        self.count = 0
        self.lines: dict[int, Line] = {}

    def line(self, g: int) -> Line:
        found = self.lines.get(g)
        if found is None:
            label = self.labels[g] if g < self.corners else self.first + int(self.scratch.line[g - self.corners])
            found = self.lines[g] = self.exact.line(label, self.bits)
        return found

    def settle(self, work: Work) -> Work:
        v = int(work.size[Size.VERTEX])
        row = int(work.size[Size.SETTLED])
        assert work.settled[v] < 0, "a settled vertex is never in doubt"
        if row >= len(work.known):
            known = np.empty((2 * row + 4, work.known.shape[1]), dtype=np.int8)
            known[:row] = work.known[:row]
            work = work._replace(known=known)
        if work.known.shape[1] < len(work.line):
            work = work._replace(known=np.empty((4, len(work.line)), dtype=np.int8))
        one, other = work.through[v].tolist()
        x, y, w = point = crossing(self.line(one), self.line(other))
        for n in range(int(self.scratch.counts[Count.CANDIDATES])):
            g = self.corners + n
            a, b, c = self.line(g)
            value = a * x + b * y + c * w
            self.count += sign(work, v, g) == UNSETTLED
            work.known[row, g] = (value > 0) - (value < 0)
        work.vertex[v] = rounded(point)
        work.settled[v] = row
        work.size[Size.SETTLED] = row + 1
        return work
