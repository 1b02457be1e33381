"""A cell that one line cuts: the arrangement of most cells, written without building one."""

from __future__ import annotations

import numpy as np

from netwarp.regions.descent.arrangement import Work, sign
from netwarp.regions.descent.batch import Batch, Count, Flips, Record, Scratch, Table, Trait, copy
from netwarp.regions.descent.children import write_cell
from netwarp.regions.descent.crossing import crossing_point
from netwarp.regions.jit import inlined


@inlined
def meet_twice(w: Work, corners: int) -> bool:
    """Where line cross[0] crosses the polygon's sides: vertex corners + i on side i, and `seen` the corners' signs.

    False where floats do not say where that is.
    """
    g = w.cross[0]
    for i in range(corners):
        w.seen[i] = sign(w, i, g)
    for i in range(corners):
        if w.seen[i] * w.seen[(i + 1) % corners] < 0 and not crossing_point(w, corners + i, i, i, g):
            return False
    return True


@inlined
def write_halves(
    batch: Batch, c: int, t: Table, w: Work, sc: Scratch, out: tuple[Batch, Flips, Record], corners: int
) -> None:
    """The two children of a cell whose corners and crossings are in `w`; the first is the one at corner 0."""
    kids, flips, record = out
    g = w.cross[0]
    head = sc.line[g - corners]
    start = batch.offset[c]
    chord = sc.counts[Count.NEXT]
    record.pairs[sc.counts[Count.PAIRS], 0], record.pairs[sc.counts[Count.PAIRS], 1] = chord, t.traits[Trait.JUMPS]
    sc.counts[Count.PAIRS] += 1
    sc.counts[Count.NEXT] += 2
    # sides that are cut: their parts are numbered from here on, in the order of the sides
    parts = sc.counts[Count.NEXT]
    for i in range(corners):
        if w.seen[i] * w.seen[(i + 1) % corners] < 0:
            at = sc.counts[Count.SPLITS]
            sc.counts[Count.SPLITS] = at + 1
            record.splits[at, 0], record.splits[at, 1] = batch.side[start + i], sc.counts[Count.NEXT]
            record.splits[at, 2] = 2
            sc.counts[Count.NEXT] += 2
    first = sc.sign[head]
    for half in range(2):
        own = first if half == 0 else -first
        n = write_cell(batch, c, t, sc, kids)
        if half:
            kids.via[n] = n - 1
            flip = sc.flip[g]
            kids.flip[n] = flip
            kids.turn[n] = own
            for i in range(flips.offset[flip], flips.offset[flip + 1]):
                j = flips.line[i]
                word, mask = t.traits[Trait.FIRST_WORD] + j // 64, np.uint64(1) << np.uint64(j % 64)
                if flips.facing[i] * own > 0:
                    kids.bits[n, word] |= mask
                else:
                    kids.bits[n, word] &= ~mask
        at = sc.counts[Count.SIDES]
        part = parts
        for i in range(corners):
            here, there = w.seen[i], w.seen[(i + 1) % corners]
            cut = here * there < 0
            if here == own or (here == 0 and there == own):
                copy(w.vertex, i, w.line, i, kids.vertex, kids.line, at)
                kids.side[at] = part if cut else batch.side[start + i]
                kids.label[at] = batch.label[start + i]
                at += 1
            elif here == 0 and w.seen[(i - 1) % corners] == own:
                copy(w.vertex, i, w.line, g, kids.vertex, kids.line, at)
                kids.side[at], kids.label[at] = chord + half, t.traits[Trait.FIRST_LABEL] + head
                at += 1
            if cut:
                if here == own:
                    copy(w.vertex, corners + i, w.line, g, kids.vertex, kids.line, at)
                    kids.side[at], kids.label[at] = chord + half, t.traits[Trait.FIRST_LABEL] + head
                else:
                    copy(w.vertex, corners + i, w.line, i, kids.vertex, kids.line, at)
                    kids.side[at], kids.label[at] = part + 1, batch.label[start + i]
                at += 1
                part += 2
        sc.counts[Count.SIDES] = at
        kids.offset[sc.counts[Count.CELLS]] = at
