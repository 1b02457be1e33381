"""Divides a batch of cells by the lines of one stage. Cells are independent; each is an arrangement of its own."""

# B cells of the batch, S their sides, N channels, L lines of the stage, W words of pattern bits

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrangement import (
    DONE,
    DOUBT,
    FACES,
    HALVES,
    LINE,
    SETTLED,
    ULP,
    UNSETTLED,
    VERTEX,
    Work,
    begin,
    insert,
    sign,
)
from netwarp.regions.jit import inlined, kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Long = NDArray[np.int64]

MANY = 48  # a cell that more lines may cut is divided by itself, in arrays made for it
BIG, FULL = 2, 3


class Batch(NamedTuple):
    """Cells, and how each came from its parent in the batch before."""

    offset: Long  # (B + 1,) cell -> its first side
    vertex: Floats  # (S, 3) where the side begins: x, y, and how far at most the true point is
    line: Floats  # (S, 6) the side's line, as in Work
    side: Long  # (S,) the side's number, one a cell and edge
    label: Integers  # (S,) the number of the line that drew it, among all stages'; -1 to -4 the rectangle
    bits: NDArray[np.uint64]  # (B, W) signs of the lines of all stages so far: 1 where +
    parent: Integers  # (B,)
    via: Integers  # (B,) the neighbour in this batch it was reached from; -1 for the first cell of a parent
    flip: Integers  # (B,) number of the flip between the two
    turn: NDArray[np.int8]  # (B,) 1 where the flip's line is - there and + here, else -1


class Flips(NamedTuple):
    """What a channel of the stage's output gains on the way to the + side of a line: functions a, b, c."""

    offset: Long  # (flips + 1,) flip -> its first entry
    line: Integers  # (entries,) line whose sign turns
    facing: NDArray[np.int8]  # (entries,) 1 where its + side is the flip's, else -1
    gain: Floats  # (entries, 3) what channel first[line] of the output gains


class Record(NamedTuple):
    """How sides hang together, written once and read at the end."""

    splits: Long  # (splits, 3) a side that was cut, the first of its parts, and how many they are
    pairs: Long  # (pairs, 2) two new sides of one edge: this number and the next; 1 where the function jumps there, or 0


class Table(NamedTuple):
    """A Stage as the kernels read it."""

    first: Integers
    second: Integers
    threshold: Floats
    slope: Floats
    offset: Floats
    slope_gain: Floats
    offset_gain: Floats
    twin: Integers
    facing: NDArray[np.int8]
    kin_offset: Integers  # (L + 1,) line -> its first in
    kin: Integers  # the lines whose twin it is
    steepest: Floats  # (3,) |slope| below all lines; at all; Euclidean norm of the offsets; each an upper bound
    weight: Floats  # (N,) a source channel is wrong by at most this times the cell's error
    shape: Integers  # 0 plain (line i is channel i), 1 not; first word; first label; chained; pieces; whether it jumps; whether there are twins or constants


class Maps(NamedTuple):
    """The stage's source on each cell."""

    z: Floats  # (B, 3, N) a, b, c of every channel
    error: Floats  # (B, 3) ex, ey, ec: channel j is wrong by at most weight[j] (ex |x| + ey |y| + ec)
    norm: Floats  # (B, 3) all channels together, in the Euclidean norm, are wrong by at most this
    root: Floats  # (B, 3, N) out: the stage's output on the first child
    after: Floats  # (B, 6) out: the norm of that output's error, and of the output itself, over all children


class Scratch(NamedTuple):
    """Of one cell at a time."""

    sign: NDArray[np.int8]  # (L,) of the stage's lines on the first child
    value: Floats  # (L,) of the lines in the middle of the cell's box
    margin: Floats  # (L,) how far that is from where the line might vanish in the box; not above 0 where it might
    line: Integers  # (G,) local line, less the corners -> line
    queue: Integers  # (F,) faces in the order they were reached
    reached: Integers  # (F,) face -> place in the queue, -1
    over: Integers  # (F,) place in the queue -> half-edge it was reached over
    number: Long  # (H,) half-edge -> number of the side
    flip: Integers  # (G,) local line -> flip
    count: Long  # see below


# of the output: cells, sides, flips, entries; of the record: splits, pairs, next side; of the cell: candidates, cuts
CELLS, SIDES, FLIPS, ENTRIES, SPLITS, PAIRS, NEXT, CANDIDATES, CUTS, DEFERRED = range(10)


@inlined
def _copy(vertex: Floats, v: int, line: Floats, g: int, to_vertex: Floats, to_line: Floats, at: int) -> None:
    """A corner and its side's line; written out, since loops of three and six are not unrolled."""
    to_vertex[at, 0], to_vertex[at, 1], to_vertex[at, 2] = vertex[v, 0], vertex[v, 1], vertex[v, 2]
    to_line[at, 0], to_line[at, 1], to_line[at, 2] = line[g, 0], line[g, 1], line[g, 2]
    to_line[at, 3], to_line[at, 4], to_line[at, 5] = line[g, 3], line[g, 4], line[g, 5]


@inlined
def prepare(batch: Batch, c: int, w: Work) -> int:
    """Makes cell c's corners and sides the first vertices and local lines; returns how many they are."""
    start = batch.offset[c]
    corners = batch.offset[c + 1] - start
    for i in range(corners):
        _copy(batch.vertex, start + i, batch.line, start + i, w.vertex, w.line, i)
        w.through[i, 0], w.through[i, 1] = (i - 1) % corners, i
        w.settled[i] = -1
    w.size[SETTLED] = 0
    return corners


@inlined
def _suspect(maps: Maps, c: int, t: Table, w: Work, corners: int, sc: Scratch) -> None:
    """The sign of every line that is the same all over the cell's bounding box; 2 where the bound does not say."""
    x0 = x1 = w.vertex[0, 0]
    y0 = y1 = w.vertex[0, 1]
    far = w.vertex[0, 2]
    for i in range(1, corners):
        x0, x1 = min(x0, w.vertex[i, 0]), max(x1, w.vertex[i, 0])
        y0, y1 = min(y0, w.vertex[i, 1]), max(y1, w.vertex[i, 1])
        far = max(far, w.vertex[i, 2])
    x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
    # the halves are widened by more than the roundings of the box and of the values below
    most_x, most_y = max(abs(x0), abs(x1)) + far, max(abs(y0), abs(y1)) + far
    half_x = 0.5 * (x1 - x0) + far + 4.0 * ULP * most_x
    half_y = 0.5 * (y1 - y0) + far + 4.0 * ULP * most_y
    wrong = maps.error[c, 0] * most_x + maps.error[c, 1] * most_y + maps.error[c, 2]
    a, b, k = maps.z[c, 0], maps.z[c, 1], maps.z[c, 2]
    slack_x, slack_y = half_x + 8.0 * ULP * most_x, half_y + 8.0 * ULP * most_y
    values, margins = sc.value, sc.margin
    if t.shape[0] == 0:
        # no more than this in the loop: it is what a cell that nothing cuts costs, and a vector of lines at a time
        for j in range(len(t.first)):
            value = a[j] * x + b[j] * y + k[j]
            values[j] = value
            margins[j] = (
                abs(value) - abs(a[j]) * slack_x - abs(b[j]) * slack_y - t.weight[j] * wrong - 8.0 * ULP * abs(k[j])
            )
        return
    for j in range(len(t.first)):
        u, v = t.first[j], t.second[j]
        ga, gb, gc = a[u], b[u], k[u] - t.threshold[j]
        weight, size = t.weight[u], abs(k[u])
        if v >= 0:
            ga, gb, gc = ga - a[v], gb - b[v], gc - k[v]
            weight += t.weight[v]
            size += abs(k[v])
        value = ga * x + gb * y + gc
        limit = abs(ga) * slack_x + abs(gb) * slack_y + weight * wrong + 8.0 * ULP * (size + abs(t.threshold[j]))
        if v >= 0:
            limit += 8.0 * ULP * ((abs(a[u]) + abs(a[v])) * most_x + (abs(b[u]) + abs(b[v])) * most_y)
        values[j], margins[j] = value, abs(value) - limit


@inlined
def _local(maps: Maps, c: int, t: Table, w: Work, g: int, j: int) -> None:
    """Line j of the stage as local line g, with its error: the map's and that of evaluating it."""
    u, v = t.first[j], t.second[j]
    z, error = maps.z[c], maps.error[c]
    weight = t.weight[u]
    for d in range(3):
        w.line[g, d] = z[d, u]
        w.line[g, 3 + d] = 4.0 * ULP * abs(z[d, u])
    if v >= 0:
        weight += t.weight[v]
        for d in range(3):
            w.line[g, d] -= z[d, v]
            w.line[g, 3 + d] += 8.0 * ULP * abs(z[d, v]) + 4.0 * ULP * abs(z[d, u])
    if t.threshold[j] != 0.0:
        w.line[g, 2] -= t.threshold[j]
        w.line[g, 5] += 4.0 * ULP * abs(t.threshold[j])
    for d in range(3):
        w.line[g, 3 + d] += weight * error[d]


@inlined
def gather(maps: Maps, c: int, t: Table, w: Work, corners: int, sc: Scratch) -> int:
    """Makes the lines that may cut the cell local lines. DONE, or BIG where the arrays hold fewer."""
    _suspect(maps, c, t, w, corners, sc)
    most = len(sc.line)
    candidates = 0
    for j in range(len(t.first)):
        sc.sign[j] = 1 if sc.value[j] > 0.0 else -1
    if t.shape[6]:
        for j in range(len(t.first)):
            if abs(t.facing[j]) != 1:
                sc.sign[j] = t.facing[j] // 2
    for j in range(len(t.first)):
        if not sc.margin[j] > 0.0 and t.twin[j] == j and abs(t.facing[j]) == 1:
            if candidates == most:
                return BIG
            g = corners + candidates
            sc.line[candidates] = j
            candidates += 1
            _local(maps, c, t, w, g, j)
            w.same[g], w.facing[g] = g, 1
    sc.count[CANDIDATES] = candidates
    return DONE


@inlined
def classify(t: Table, w: Work, corners: int, sc: Scratch) -> int:
    """The sign of every line on the first child, and in `cross` those that cut the cell, as local lines.

    DONE; or DOUBT where the signs at a corner must be settled, and the call be repeated.
    """
    cuts = 0
    for n in range(sc.count[CANDIDATES]):
        j, g = sc.line[n], corners + n
        plus = minus = False
        begins = 0
        a, b, k = w.line[g, 0], w.line[g, 1], w.line[g, 2]
        ea, eb, ek = w.line[g, 3], w.line[g, 4], w.line[g, 5]
        reach = abs(a) + ea + abs(b) + eb
        for i in range(corners):
            x, y = w.vertex[i, 0], w.vertex[i, 1]
            value = a * x + b * y + k
            bound = ea * abs(x) + eb * abs(y) + ek + w.vertex[i, 2] * reach
            here = 1 if value > bound else (-1 if value < -bound else UNSETTLED)
            if here == UNSETTLED:
                here = sign(w, i, g)
            if here == UNSETTLED:
                w.size[VERTEX] = i
                return DOUBT
            plus |= here > 0
            minus |= here < 0
            if i == 0 or (i == 1 and begins == 0):
                begins = here
        if plus and minus:
            w.cross[cuts] = g
            cuts += 1
            sc.sign[j] = begins  # on the first child, which holds the beginning of side 0
        else:
            sc.sign[j] = 1 if plus else (-1 if minus else 0)
    if t.shape[6]:
        for j in range(len(t.first)):
            if t.twin[j] != j:
                sc.sign[j] = t.facing[j] * sc.sign[t.twin[j]]
    sc.count[CUTS] = cuts
    return DONE


@inlined
def _write_flips(maps: Maps, c: int, t: Table, w: Work, corners: int, sc: Scratch, flips: Flips) -> None:
    """For every line that was drawn, what it and the lines that coincide with it turn; its number in `sc.flip`."""
    for n in range(sc.count[CUTS]):
        g = w.cross[n]
        if w.same[g] != g:
            continue
        sc.flip[g] = sc.count[FLIPS]
        at = sc.count[ENTRIES]
        for m in range(n, sc.count[CUTS]):
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
        sc.count[ENTRIES] = at
        sc.count[FLIPS] += 1
        flips.offset[sc.count[FLIPS]] = at


@inlined
def _square(row: Floats) -> float:
    """The sum of squares, in four sums: one would wait for every addition."""
    s0 = s1 = s2 = s3 = 0.0
    n = len(row) // 4 * 4
    for u in range(0, n, 4):
        s0 += row[u] * row[u]
        s1 += row[u + 1] * row[u + 1]
        s2 += row[u + 2] * row[u + 2]
        s3 += row[u + 3] * row[u + 3]
    for u in range(n, len(row)):
        s0 += row[u] * row[u]
    return (s0 + s1) + (s2 + s3)


@inlined
def _root(maps: Maps, c: int, t: Table, sc: Scratch) -> None:
    """The stage's output on the first child, and how large and how wrong the output is on any."""
    n = maps.z.shape[2]
    z, root = maps.z[c], maps.root[c]
    slopes, offsets = root[0], root[1]
    alive = t.steepest[0] > 0.0
    if t.shape[0] == 0:
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
    alive |= sc.count[CUTS] > 0
    if not alive:
        for j in range(len(t.first)):
            if sc.sign[j] > 0:
                alive = True
                break
    for d in range(6):
        maps.after[c, d] = 0.0
    if alive:
        for d in range(3):
            size = np.sqrt(_square(z[d])) * t.steepest[1]
            maps.after[c, 3 + d] = size
            # relative errors of the output's own roundings, and what underflow may have taken
            maps.after[c, d] = maps.norm[c, d] * t.steepest[1] + 8.0 * ULP * size + (1e-290 if size > 0.0 else 0.0)
    maps.after[c, 5] += t.steepest[2]
    maps.after[c, 2] += 8.0 * ULP * t.steepest[2]
    za, zb, zc, ra, rb, rc = z[0], z[1], z[2], root[0], root[1], root[2]
    for u in range(n):
        slope = ra[u]
        rc[u] = slope * zc[u] + rb[u]
        ra[u] = slope * za[u]
        rb[u] = slope * zb[u]


@inlined
def _number(batch: Batch, c: int, w: Work, corners: int, sc: Scratch, record: Record, jumps: int) -> None:
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
        at = sc.count[SPLITS]
        sc.count[SPLITS] = at + 1
        record.splits[at, 0], record.splits[at, 1], record.splits[at, 2] = batch.side[start + i], sc.count[NEXT], parts
        for _ in range(parts):
            sc.number[h] = sc.count[NEXT]
            sc.count[NEXT] += 1
            h = w.along[h]
    for h in range(w.size[HALVES]):
        t = w.twin[h]
        if t > h:
            record.pairs[sc.count[PAIRS], 0], record.pairs[sc.count[PAIRS], 1] = sc.count[NEXT], jumps
            sc.count[PAIRS] += 1
            sc.number[h], sc.number[t] = sc.count[NEXT], sc.count[NEXT] + 1
            sc.count[NEXT] += 2


@inlined
def _write_cell(batch: Batch, c: int, t: Table, sc: Scratch, out: Batch) -> int:
    """Appends a child without its sides: the parent's bits, and the first child's in this stage."""
    n = sc.count[CELLS]
    sc.count[CELLS] = n + 1
    word = t.shape[1]
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
    n = _write_cell(batch, c, t, sc, out)
    at = sc.count[SIDES]
    for s in range(batch.offset[c], batch.offset[c + 1]):
        _copy(batch.vertex, s, batch.line, s, out.vertex, out.line, at)
        out.side[at], out.label[at] = batch.side[s], batch.label[s]
        at += 1
    sc.count[SIDES] = at
    out.offset[n + 1] = at


@inlined
def write_faces(batch: Batch, c: int, t: Table, w: Work, sc: Scratch, out: Batch, flips: Flips) -> None:
    """The faces of a finished arrangement as children, breadth first from the one at corner 0."""
    start, corners = batch.offset[c], batch.offset[c + 1] - batch.offset[c]
    base = sc.count[CELLS]
    word = t.shape[1]
    for f in range(w.size[FACES]):
        sc.reached[f] = -1
    root = w.face[0]
    sc.reached[root], sc.queue[0], sc.over[0] = 0, root, -1
    known = 1
    at = sc.count[SIDES]
    n = 0
    while n < known:
        f, over = sc.queue[n], sc.over[n]
        if over < 0:
            _write_cell(batch, c, t, sc, out)
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
            sc.count[CELLS] += 1
        e = w.first[f] if over >= 0 else 0
        last = e
        while True:
            v, g = w.origin[e], w.drawn[e]
            _copy(w.vertex, v, w.line, g, out.vertex, out.line, at)
            out.side[at] = sc.number[e]
            out.label[at] = batch.label[start + g] if g < corners else t.shape[2] + sc.line[g - corners]
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
    sc.count[SIDES] = at


@inlined
def room(w: Work, sc: Scratch, out: Batch, flips: Flips, record: Record, t: Table, sides: int) -> bool:
    """Whether what the present cell makes fits into the output; `sides` are those of the cell."""
    faces, halves = w.size[FACES], w.size[HALVES] + sides
    return (
        sc.count[CELLS] + faces < len(out.parent)
        and sc.count[SIDES] + halves < len(out.side)
        and sc.count[FLIPS] + sc.count[CUTS] + 1 < len(flips.offset)
        and sc.count[ENTRIES] + len(t.first) < len(flips.line)
        and sc.count[SPLITS] + sides < len(record.splits)
        and sc.count[PAIRS] + halves < len(record.pairs)
    )


@inlined
def finish(
    batch: Batch, maps: Maps, c: int, t: Table, w: Work, sc: Scratch, out: tuple[Batch, Flips, Record]
) -> int:
    """Writes the children of cell c, whose arrangement is finished. DONE, or FULL where the output has no room."""
    corners = batch.offset[c + 1] - batch.offset[c]
    if sc.count[CUTS] == 0:
        w.size[FACES], w.size[HALVES] = 1, 0
    if not room(w, sc, out[0], out[1], out[2], t, corners):
        return FULL
    _root(maps, c, t, sc)
    if sc.count[CUTS] == 0:
        write_whole(batch, c, t, sc, out[0])
        return DONE
    _write_flips(maps, c, t, w, corners, sc, out[1])
    _number(batch, c, w, corners, sc, out[2], t.shape[5])
    write_faces(batch, c, t, w, sc, out[0], out[1])
    return DONE


@kernel
def divide(
    batch: Batch, maps: Maps, t: Table, w: Work, sc: Scratch, out: tuple[Batch, Flips, Record], deferred: Integers, c: int
) -> int:
    """Divides the cells from c on. Returns the cell it stopped at for lack of room in the output, else their number.

    Cells with a sign in doubt, or too many candidates, are put into `deferred`.
    """
    cells = len(batch.offset) - 1
    while c < cells:
        corners = prepare(batch, c, w)
        state = BIG
        if corners + len(sc.line) < len(w.line):
            state = gather(maps, c, t, w, corners, sc)
        if state == DONE:
            state = classify(t, w, corners, sc)
        if state == DONE and sc.count[CUTS] > 0:
            begin(w, corners)
            w.size[LINE] = 0
            state = insert(w, corners, sc.count[CUTS])
        if state == DONE:
            if finish(batch, maps, c, t, w, sc, out) == FULL:
                return c
        else:
            deferred[sc.count[DEFERRED]] = c
            sc.count[DEFERRED] += 1
        c += 1
    return cells
