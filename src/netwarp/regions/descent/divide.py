"""Divides a batch of cells by the lines of one stage. Cells are independent; each is an arrangement of its own."""

# B cells of the batch, S their sides, N channels, L lines of the stage, W words of pattern bits

from __future__ import annotations

from netwarp.regions.arrays import Integers, Long
from netwarp.regions.descent.arrangement import DONE, DOUBT, Size, Work, begin, insert, sign
from netwarp.regions.descent.batch import (
    BIG,
    FULL,
    PATH,
    Batch,
    Count,
    Flips,
    Maps,
    Phase,
    Record,
    Scratch,
    Table,
    Trait,
    copy,
)
from netwarp.regions.descent.children import number, room, root, write_faces, write_flips, write_whole
from netwarp.regions.descent.halves import meet_twice, write_halves
from netwarp.regions.descent.maps import TINY
from netwarp.regions.descent.signs import ULP, UNSETTLED
from netwarp.regions.descent.whole_lines import Whole, judge
from netwarp.regions.jit import bare, inlined


@inlined
def prepare(batch: Batch, c: int, w: Work, sc: Scratch) -> int:
    """Makes cell c's corners and sides the first vertices and local lines; returns how many they are."""
    start = batch.offset[c]
    corners = batch.offset[c + 1] - start
    for i in range(corners):
        copy(batch.vertex, start + i, batch.line, start + i, w.vertex, w.line, i)
        w.through[i, 0], w.through[i, 1] = (i - 1) % corners, i
        w.settled[i] = -1
        w.pure[i] = batch.label[start + i] < sc.counts[Count.EXACT]
    w.size[Size.SETTLED] = 0
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
    if t.traits[Trait.GENERAL] == 0:
        # no more than this in the loop: it is what a cell that nothing cuts costs, and a vector of lines at a time
        for j in range(len(t.first)):
            value = a[j] * x + b[j] * y + k[j]
            values[j] = value
            margins[j] = (
                abs(value)
                - abs(a[j]) * slack_x
                - abs(b[j]) * slack_y
                - t.weight[j] * wrong
                - 8.0 * ULP * abs(k[j])
                - TINY
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
        values[j], margins[j] = value, abs(value) - limit - TINY


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
        # what is zero because a unit has no weights is zero, and what is because it underflowed is not
        small = TINY if w.line[g, d] != 0.0 or (weight > 0.0 and error[d] > 0.0) else 0.0
        w.line[g, 3 + d] += weight * error[d] + small


@inlined
def gather(maps: Maps, c: int, t: Table, w: Work, corners: int, sc: Scratch) -> int:
    """Makes the lines that may cut the cell local lines. DONE, or BIG where the arrays hold fewer."""
    _suspect(maps, c, t, w, corners, sc)
    most = len(sc.line)
    candidates = 0
    for j in range(len(t.first)):
        sc.sign[j] = 1 if sc.value[j] > 0.0 else -1
    if t.traits[Trait.RELATED]:
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
            w.pure[g] = t.traits[Trait.FIRST_LABEL] + j < sc.counts[Count.EXACT]
            w.same[g], w.facing[g] = g, 1
    sc.counts[Count.CANDIDATES] = candidates
    return DONE


@inlined
def classify(t: Table, w: Work, corners: int, sc: Scratch) -> int:
    """The sign of every line on the first child, and in `cross` those that cut the cell, as local lines.

    DONE; or DOUBT where the signs at a corner must be settled, and the call be repeated.
    """
    cuts = 0
    for n in range(sc.counts[Count.CANDIDATES]):
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
                w.size[Size.VERTEX] = i
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
    if t.traits[Trait.RELATED]:
        for j in range(len(t.first)):
            if t.twin[j] != j:
                sc.sign[j] = t.facing[j] * sc.sign[t.twin[j]]
    sc.counts[Count.CUTS] = cuts
    return DONE


@inlined
def finish(
    batch: Batch, maps: Maps, c: int, t: Table, w: Work, sc: Scratch, out: tuple[Batch, Flips, Record], halves: bool
) -> int:
    """Writes the children of cell c, whose arrangement is finished. DONE, or FULL where the output has no room.

    `halves`: the one line that cuts it has been met with its sides, and there is no arrangement.
    """
    corners = batch.offset[c + 1] - batch.offset[c]
    if sc.counts[Count.CUTS] == 0:
        w.size[Size.FACES], w.size[Size.HALVES] = 1, 0
    elif halves:
        w.size[Size.FACES], w.size[Size.HALVES] = 2, corners + 4
    if not room(w, sc, out[0], out[1], out[2], t, corners):
        return FULL
    root(maps, c, t, sc)
    if sc.counts[Count.CUTS] == 0:
        write_whole(batch, c, t, sc, out[0])
        return DONE
    write_flips(maps, c, t, w, corners, sc, out[1])
    if halves:
        write_halves(batch, c, t, w, sc, out, corners)
        return DONE
    number(batch, c, w, corners, sc, out[2], t.traits[Trait.JUMPS])
    write_faces(batch, c, t, w, sc, out[0], out[1])
    return DONE


@bare
def divide(
    batch: Batch,
    maps: Maps,
    t: Table,
    w: Work,
    sc: Scratch,
    out: tuple[Batch, Flips, Record],
    which: tuple[Long, Integers],
    whole: Whole,
) -> int:
    """Divides the cells which[0][counts[AT]] to which[0][counts[LAST] - 1], in this order.

    DONE; or FULL where the output has no room for what the cell at counts[AT] makes, and the call be repeated.
    Cells with a sign in doubt, or too many candidates or cuts, are put into which[1] (n, 2) with DOUBT or BIG. Where
    `whole` has the cells' lines, signs in doubt are settled with them. Where counts[PHASE] is not ALL, does that phase
    of one cell alone, and returns its state: all is compiled once, into this one kernel.
    """
    places, deferred = which
    phase = sc.counts[Count.PHASE]
    judging = phase == Phase.ALL and len(whole.first) > 0
    while sc.counts[Count.AT] < sc.counts[Count.LAST]:
        n = sc.counts[Count.AT]
        c = places[n]
        corners = batch.offset[c + 1] - batch.offset[c]
        settled = sc.counts[Count.SIGNS]
        state = DONE
        halves = False
        step = phase
        if phase <= Phase.GATHER:
            prepare(batch, c, w, sc)
            state = BIG
            if corners + len(sc.line) < len(w.line):
                state = gather(maps, c, t, w, corners, sc)
            if phase == Phase.ALL:
                step = Phase.CLASSIFY
        while state == DONE and Phase.CLASSIFY <= step <= Phase.INSERT:
            if step == Phase.CLASSIFY:
                state = classify(t, w, corners, sc)
                if state == DONE:
                    # cells whose signs are settled are arranged, since only there vertices may wait to be placed
                    cuts = sc.counts[Count.CUTS]
                    halves = phase == Phase.ALL and cuts == 1 and not judging and meet_twice(w, corners)
                    step = Phase.FINISH if cuts == 0 or halves else Phase.BEGIN
                    if phase == Phase.ALL and cuts + PATH > len(w.path):
                        state = BIG
            else:
                if step == Phase.BEGIN:
                    begin(w, corners)
                    w.size[Size.LINE] = 0
                    step = Phase.INSERT
                state = insert(w, corners, sc.counts[Count.CUTS])
                if state == DONE:
                    step = Phase.FINISH
            if phase != Phase.ALL:
                return state
            if state == DOUBT and judging and judge(whole, n, w, sc, corners):
                state = DONE
        if state == DONE and step == Phase.FINISH:
            state = finish(batch, maps, c, t, w, sc, out, halves)
        if phase != Phase.ALL:
            return state
        if state != DONE:
            sc.counts[Count.SIGNS] = settled
        if state == FULL:
            return FULL
        if state != DONE:
            deferred[sc.counts[Count.DEFERRED], 0], deferred[sc.counts[Count.DEFERRED], 1] = c, state
            sc.counts[Count.DEFERRED] += 1
        sc.counts[Count.AT] = n + 1
    return DONE
