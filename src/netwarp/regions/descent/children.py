"""Writes the children of a cell that has been divided: corners, sides, pattern, and what a map needs of them."""

# B cells of the batch, S their sides, N channels, L lines of the stage, W words of pattern bits

from __future__ import annotations

import numpy as np

from netwarp.regions.descent.arrangement import Size, Work
from netwarp.regions.descent.batch import Batch, Count, Flips, Maps, Record, Scratch, Table, Trait, copy
from netwarp.regions.descent.maps import TINY, norm_of
from netwarp.regions.descent.signs import ULP
from netwarp.regions.jit import inlined


@inlined
def write_flips(maps: Maps, c: int, t: Table, w: Work, corners: int, sc: Scratch, flips: Flips) -> None:
    """For every line that was drawn, what it and the lines that coincide with it turn; its number in `sc.flip`."""
    for n in range(sc.counts[Count.CUTS]):
        g = w.cross[n]
        if w.same[g] != g:
            continue
        sc.flip[g] = sc.counts[Count.FLIPS]
        at = sc.counts[Count.ENTRIES]
        for m in range(n, sc.counts[Count.CUTS]):
            other = w.cross[m]
            if w.same[other] != g:
                continue
            head = sc.line[other - corners]
            for i in range(t.kin_offset[head], t.kin_offset[head + 1]):
                j = t.kin[i]
                facing = w.facing[other] * t.facing[j]
                flips.line[at], flips.facing[at] = j, facing
                u, slope = t.first[j], facing * t.slope_gain[j]
                for d in range(3):
                    flips.gain[at, d] = slope * maps.z[c, d, u]
                flips.gain[at, 2] += facing * t.offset_gain[j]
                at += 1
        sc.counts[Count.ENTRIES] = at
        sc.counts[Count.FLIPS] += 1
        flips.offset[sc.counts[Count.FLIPS]] = at


@inlined
def root(maps: Maps, c: int, t: Table, sc: Scratch) -> None:
    """The stage's output on the first child, and how large and how wrong the output is on any."""
    n = maps.z.shape[2]
    z, root = maps.z[c], maps.root[c]
    slopes, offsets = root[0], root[1]
    alive = t.steepest[0] > 0.0
    if t.traits[Trait.GENERAL] == 0:
        for u in range(n):
            # whether it is +, or may be on a child
            active = 1.0 if sc.sign[u] > 0 else 0.0
            slopes[u] = t.slope[u] + active * t.slope_gain[u]
            offsets[u] = t.offset[u] + active * t.offset_gain[u]
    else:
        for u in range(n):
            slopes[u], offsets[u] = t.slope[u], t.offset[u]
        for j in range(len(t.first)):
            if sc.sign[j] > 0:
                slopes[t.first[j]] += t.slope_gain[j]
                offsets[t.first[j]] += t.offset_gain[j]
    alive |= sc.counts[Count.CUTS] > 0
    if not alive:
        for j in range(len(t.first)):
            if sc.sign[j] > 0:
                alive = True
                break
    for d in range(6):
        maps.after[c, d] = 0.0
    if alive:
        for d in range(3):
            size = norm_of(z[d]) * t.steepest[1]
            maps.after[c, 3 + d] = size
            # relative errors of the output's own roundings, and what underflow may have taken
            maps.after[c, d] = (
                maps.norm[c, d] * t.steepest[1]
                + 8.0 * ULP * size
                + (TINY if size > 0.0 or maps.norm[c, d] > 0.0 else 0.0)
            )
    maps.after[c, 5] += t.steepest[2]
    maps.after[c, 2] += 8.0 * ULP * t.steepest[2]
    za, zb, zc, ra, rb, rc = z[0], z[1], z[2], root[0], root[1], root[2]
    for u in range(n):
        slope = ra[u]
        rc[u] = slope * zc[u] + rb[u]
        ra[u] = slope * za[u]
        rb[u] = slope * zb[u]


@inlined
def number(batch: Batch, c: int, w: Work, corners: int, sc: Scratch, record: Record, jumps: int) -> None:
    """Numbers the half-edges: what was not cut keeps its number."""
    start = batch.offset[c]
    for i in range(corners):
        parts = 0
        h = i
        while True:
            parts += 1
            h = w.along[h]
            if h == (i + 1) % corners:
                break
        h = i
        if parts == 1:
            sc.number[h] = batch.side[start + i]
            continue
        at = sc.counts[Count.SPLITS]
        sc.counts[Count.SPLITS] = at + 1
        record.splits[at, 0], record.splits[at, 1] = batch.side[start + i], sc.counts[Count.NEXT]
        record.splits[at, 2] = parts
        for _ in range(parts):
            sc.number[h] = sc.counts[Count.NEXT]
            sc.counts[Count.NEXT] += 1
            h = w.along[h]
    for h in range(w.size[Size.HALVES]):
        t = w.twin[h]
        if t > h:
            at = sc.counts[Count.PAIRS]
            sc.counts[Count.PAIRS] = at + 1
            record.pairs[at, 0], record.pairs[at, 1] = sc.counts[Count.NEXT], jumps
            sc.number[h], sc.number[t] = sc.counts[Count.NEXT], sc.counts[Count.NEXT] + 1
            sc.counts[Count.NEXT] += 2


@inlined
def write_cell(batch: Batch, c: int, t: Table, sc: Scratch, out: Batch) -> int:
    """Appends a child without its sides: the parent's bits, and the first child's in this stage."""
    n = sc.counts[Count.CELLS]
    sc.counts[Count.CELLS] = n + 1
    word = t.traits[Trait.FIRST_WORD]
    for i in range(word):
        out.bits[n, i] = batch.bits[c, i]
    for begin in range(0, len(t.first), 64):
        found = np.uint64(0)
        for j in range(begin, min(begin + 64, len(t.first))):
            found |= np.uint64(sc.sign[j] > 0) << np.uint64(j - begin)
        out.bits[n, word + begin // 64] = found
    out.parent[n] = c
    out.via[n] = -1
    out.flip[n] = 0
    out.turn[n] = 0
    return n


@inlined
def write_whole(batch: Batch, c: int, t: Table, sc: Scratch, out: Batch) -> None:
    """The only child of a cell that nothing cuts."""
    n = write_cell(batch, c, t, sc, out)
    at = sc.counts[Count.SIDES]
    for s in range(batch.offset[c], batch.offset[c + 1]):
        copy(batch.vertex, s, batch.line, s, out.vertex, out.line, at)
        out.side[at], out.label[at] = batch.side[s], batch.label[s]
        at += 1
    sc.counts[Count.SIDES] = at
    out.offset[n + 1] = at


@inlined
def write_faces(batch: Batch, c: int, t: Table, w: Work, sc: Scratch, out: Batch, flips: Flips) -> None:
    """The faces of a finished arrangement as children, breadth first from the one at corner 0."""
    start, corners = batch.offset[c], batch.offset[c + 1] - batch.offset[c]
    base = sc.counts[Count.CELLS]
    word, label = t.traits[Trait.FIRST_WORD], t.traits[Trait.FIRST_LABEL]
    for f in range(w.size[Size.FACES]):
        sc.reached[f] = -1
    root = w.face[0]
    sc.reached[root], sc.queue[0], sc.over[0] = 0, root, -1
    known = 1
    at = sc.counts[Count.SIDES]
    n = 0
    while n < known:
        f, over = sc.queue[n], sc.over[n]
        if over < 0:
            write_cell(batch, c, t, sc, out)
        else:
            child = base + n
            g = w.drawn[over]
            via = base + sc.reached[w.face[over]]
            for i in range(word + (len(t.first) + 63) // 64):
                out.bits[child, i] = out.bits[via, i]
            flip = sc.flip[g]
            out.parent[child], out.via[child], out.flip[child], out.turn[child] = c, via, flip, -w.plus[over]
            for i in range(flips.offset[flip], flips.offset[flip + 1]):
                j = flips.line[i]
                mask = np.uint64(1) << np.uint64(j % 64)
                # + on the far side where the line faces as the flip does and the flip turns to +
                if flips.facing[i] * w.plus[over] < 0:
                    out.bits[child, word + j // 64] |= mask
                else:
                    out.bits[child, word + j // 64] &= ~mask
            sc.counts[Count.CELLS] += 1
        e = w.first[f] if over >= 0 else 0
        last = e
        while True:
            v, g = w.origin[e], w.drawn[e]
            copy(w.vertex, v, w.line, g, out.vertex, out.line, at)
            out.side[at] = sc.number[e]
            out.label[at] = batch.label[start + g] if g < corners else label + sc.line[g - corners]
            at += 1
            twin = w.twin[e]
            if twin >= 0 and sc.reached[w.face[twin]] < 0:
                sc.reached[w.face[twin]] = known
                sc.queue[known], sc.over[known] = w.face[twin], e
                known += 1
            e = w.after[e]
            if e == last:
                break
        out.offset[base + n + 1] = at
        n += 1
    sc.counts[Count.SIDES] = at


@inlined
def room(w: Work, sc: Scratch, out: Batch, flips: Flips, record: Record, t: Table, sides: int) -> bool:
    """Whether what the present cell makes fits into the output; `sides` are those of the cell."""
    faces, halves = w.size[Size.FACES], w.size[Size.HALVES] + sides
    return (
        sc.counts[Count.CELLS] + faces < len(out.parent)
        and sc.counts[Count.SIDES] + halves < len(out.side)
        and sc.counts[Count.FLIPS] + sc.counts[Count.CUTS] + 1 < len(flips.offset)
        and sc.counts[Count.ENTRIES] + len(t.first) < len(flips.line)
        and sc.counts[Count.SPLITS] + sides < len(record.splits)
        and sc.counts[Count.PAIRS] + halves < len(record.pairs)
    )
