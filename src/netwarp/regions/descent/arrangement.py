"""An arrangement: lines put one by one into a convex polygon, which they cut into convex faces.

Half-edges in arrays. Every decision is the sign of a line at a vertex, and nothing else: the shape that comes out is
the true one wherever the signs are. A sign that the error bound does not settle stops the work; the caller settles it
exactly (every line's sign at that vertex, `known`) and goes on where it stopped. The walk of a line through the faces
only looks; the faces are cut when it has arrived.

A line's + side is on the left of its walk. Faces are counter-clockwise.
"""

# V vertices, H half-edges, F faces, G local lines: first the polygon's own sides, then the candidates

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Signs
from netwarp.regions.descent.crossing import crossing_point
from netwarp.regions.descent.signs import UNSETTLED, exact_sign
from netwarp.regions.jit import inlined

DONE, DOUBT = 0, 1


class Size(IntEnum):
    """How much of an arrangement's arrays is used, and where its construction is."""

    VERTICES, HALVES, FACES = range(3)
    SETTLED = 3  # vertices at which all signs are known exactly
    CROSSINGS = 4  # of the path
    VERTEX = 5  # the one in doubt
    LINE = 6  # the next one
    PLACED = 7


class Work(NamedTuple):
    """One polygon's arrangement under construction. The arrays are larger than what is used; `size` says how much is.

    A line is (a, b, c, ea, eb, ec): a x + b y + c, wrong by at most ea |x| + eb |y| + ec, evaluation included.
    """

    vertex: Floats  # (V, 3) x, y, and how far at most the true vertex is
    through: Integers  # (V, 2) the two local lines that cross there
    settled: Integers  # (V,) row of `known`, -1 where the signs are not settled exactly
    known: Signs  # (rows, G) exact signs of the local lines at settled vertices
    cross: Integers  # (G,) the candidates that cut the polygon, in the order they are inserted
    line: Floats  # (G, 6)
    pure: Signs  # (G,) 1 where a, b and c are the true ones: then ea, eb, ec are of the evaluation alone
    origin: Integers  # (H,) half-edge -> vertex
    after: Integers  # (H,) half-edge -> the next one of its face
    before: Integers  # (H,)
    twin: Integers  # (H,) -1 on the polygon's border
    face: Integers  # (H,)
    drawn: Integers  # (H,) half-edge -> local line
    plus: Signs  # (H,) half-edge -> 1 where its face is on the + side of that line, else -1
    along: Integers  # (H,) half-edge of the border -> the next one of the border
    first: Integers  # (F,) face -> one of its half-edges
    same: Integers  # (G,) local line -> the one it coincides with, itself where there is none
    facing: Signs  # (G,) 1 where its + side is that one's + side, else -1
    stamp: Integers  # (V,) and
    seen: Signs  # (V,) the sign of the present line at the vertex, where `stamp` is the line
    path: Integers  # (rows, 5) crossings of the present line, see `_walk`
    size: Integers  # (8,) by Size
    tolerance: Floats  # (1,) vertices must be known this well


@inlined
def sign(w: Work, v: int, g: int) -> int:
    """Of local line g at vertex v: 1, 0, -1, or UNSETTLED."""
    x, y, far = w.vertex[v, 0], w.vertex[v, 1], w.vertex[v, 2]
    a, b, ea, eb = w.line[g, 0], w.line[g, 1], w.line[g, 3], w.line[g, 4]
    value = a * x + b * y + w.line[g, 2]
    bound = ea * abs(x) + eb * abs(y) + w.line[g, 5]
    if far > 0.0:
        bound += far * (abs(a) + ea + abs(b) + eb)
    if value > bound:
        return 1
    if value < -bound:
        return -1
    if w.settled[v] >= 0:
        return w.known[w.settled[v], g]
    if bound == 0.0 and value == 0.0:
        return 0
    if far == 0.0 and w.pure[g]:
        return exact_sign(a, b, w.line[g, 2], x, y)
    return UNSETTLED


@inlined
def _looked(w: Work, v: int, g: int) -> int:
    """`sign`, remembered for the present line."""
    if w.stamp[v] == g:
        return w.seen[v]
    found = sign(w, v, g)
    if found == UNSETTLED:
        w.size[Size.VERTEX] = v
    else:
        w.stamp[v] = g
        w.seen[v] = found
    return found


@inlined
def begin(w: Work, corners: int) -> None:
    """One face: the polygon of the first `corners` vertices, whose side i is local line i, from corner i on."""
    for i in range(corners):
        w.origin[i] = i
        w.after[i] = w.along[i] = (i + 1) % corners
        w.before[i] = (i - 1) % corners
        w.twin[i] = -1
        w.face[i] = 0
        w.drawn[i] = i
        w.plus[i] = 1
        w.stamp[i] = -1
    w.first[0] = 0
    w.size[Size.VERTICES] = w.size[Size.HALVES] = w.size[Size.PLACED] = corners
    w.size[Size.FACES] = 1


@inlined
def _forward(w: Work, g: int, start: int) -> int:
    """The half-edge out of a vertex on line g behind which that goes on into a face; -1 where it leaves the polygon.

    -2 where a sign is unsettled; -3 - h where it runs along half-edge h. `start` is any half-edge out of the vertex.
    """
    e = start
    turn = 1
    while True:
        ahead = _looked(w, w.origin[w.after[e]], g)
        if ahead == UNSETTLED:
            return -2
        p = w.before[e]
        if turn == 1 or e != start:
            if ahead == 0:
                return -3 - e
            behind = _looked(w, w.origin[p], g)
            if behind == UNSETTLED:
                return -2
            if behind == 0:
                return -3 - p
            if ahead < 0 and behind > 0:
                return e
        if turn == 1:
            e = w.twin[p]
            if e == start:
                return -1
            if e < 0:
                turn = -1
                e = start
        if turn == -1:
            t = w.twin[e]
            if t < 0:
                return -1
            e = w.after[t]


@inlined
def _entry(w: Work, g: int, corners: int) -> int:
    """Where line g enters the polygon, as row 0 of the path. DONE, or DOUBT; coincidence sets `same`."""
    plus = -1
    for i in range(corners):
        here = _looked(w, i, g)
        if here == UNSETTLED:
            return DOUBT
        if here > 0:
            plus = i
    # the last corner at + before one that is not: from there on the signs fall
    i = plus
    for _ in range(corners):
        if w.seen[(i + 1) % corners] <= 0:
            break
        i = (i + 1) % corners
    h = i
    while True:
        d = w.origin[w.along[h]]
        there = _looked(w, d, g)
        if there == UNSETTLED:
            return DOUBT
        if there < 0:
            w.path[0, 0], w.path[0, 1] = h, -1
            return DONE
        if there == 0:
            e = _forward(w, g, w.along[h])
            if e == -2:
                return DOUBT
            if e <= -3:
                _coincide(w, g, -3 - e)
                return DONE
            w.path[0, 0], w.path[0, 1], w.path[0, 2] = -1, d, e
            return DONE
        h = w.along[h]


@inlined
def _coincide(w: Work, g: int, h: int) -> None:
    """Line g runs along half-edge h: it is that line, seen from the same side or from the other."""
    other = w.same[w.drawn[h]]
    # a vertex off the line, in the face of h or (h on the border, never for a line that cuts) beyond
    e = w.after[w.after[h]]
    v = w.origin[e]
    # the face of h is where the third vertex is; both lines have a sign there and only there
    w.same[g] = other
    w.size[Size.VERTEX] = v


@inlined
def _walk(w: Work, g: int, corners: int) -> int:
    """The path of line g through the faces.

    Rows: half-edge it crosses, or -1 and: vertex it passes; half-edge out of the vertex that bounds the next face on
    the right; half-edge into the vertex that bounded the last face. A line that coincides with one before has no path.
    """
    state = _entry(w, g, corners)
    w.size[Size.CROSSINGS] = 0
    if state != DONE or w.same[g] != g:
        return state
    e = w.path[0, 0] if w.path[0, 0] >= 0 else w.path[0, 2]
    n = 1
    while True:
        # from the entry along the right-hand side of this face, to where the line leaves it
        while True:
            there = _looked(w, w.origin[w.after[e]], g)
            if there == UNSETTLED:
                return DOUBT
            if there >= 0:
                break
            e = w.after[e]
        if there == 0:
            v = w.origin[w.after[e]]
            out = _forward(w, g, w.after[e])
            if out == -2:
                return DOUBT
            w.path[n, 0], w.path[n, 1], w.path[n, 2], w.path[n, 3] = -1, v, out, e
            n += 1
            if out < 0:
                break
            e = out
        else:
            w.path[n, 0], w.path[n, 1] = e, -1
            n += 1
            e = w.twin[e]
            if e < 0:
                break
    w.size[Size.CROSSINGS] = n
    return DONE


@inlined
def _meet(w: Work, h: int, g: int) -> int:
    """A new vertex where line g crosses half-edge h."""
    v = w.size[Size.VERTICES]
    w.size[Size.VERTICES] = v + 1
    w.stamp[v] = g
    w.seen[v] = 0
    crossing_point(w, v, w.origin[h], w.drawn[h], g)
    return v


@inlined
def _split(w: Work, h: int, v: int) -> None:
    """Half-edge h ends at vertex v from now on, and a new one goes on from there; its twin likewise."""
    new = w.size[Size.HALVES]
    t = w.twin[h]
    _insert_after(w, h, new, v)
    if t < 0:
        w.twin[new] = -1
        w.along[new] = w.along[h]
        w.along[h] = new
        w.size[Size.HALVES] = new + 1
        return
    _insert_after(w, t, new + 1, v)
    w.twin[h], w.twin[new + 1] = new + 1, h
    w.twin[t], w.twin[new] = new, t
    w.size[Size.HALVES] = new + 2


@inlined
def _insert_after(w: Work, h: int, new: int, v: int) -> None:
    w.origin[new] = v
    following = w.after[h]
    w.after[new], w.before[following] = following, new
    w.after[h], w.before[new] = new, h
    w.face[new] = w.face[h]
    w.drawn[new] = w.drawn[h]
    w.plus[new] = w.plus[h]


@inlined
def _cut(w: Work, g: int) -> None:
    """Cuts every face on the path of line g in two."""
    n = w.size[Size.CROSSINGS]
    path = w.path
    for i in range(n):
        h = path[i, 0]
        if h >= 0:
            t = w.twin[h]
            v = _meet(w, h, g)
            _split(w, h, v)
            # into the vertex and out of it, in the face before and in the face behind
            path[i, 1], path[i, 3] = v, h
            path[i, 2] = w.after[t] if t >= 0 else w.after[h]
            path[i, 4] = t if t >= 0 else h
        elif path[i, 2] >= 0:
            path[i, 4] = w.before[path[i, 2]]
    for i in range(n - 1):
        enters, right = path[i, 4], path[i, 2]
        arrives = path[i + 1, 3]
        leaves = w.after[arrives]
        left, back = w.size[Size.HALVES], w.size[Size.HALVES] + 1
        w.size[Size.HALVES] = left + 2
        w.origin[left], w.origin[back] = path[i, 1], path[i + 1, 1]
        w.twin[left], w.twin[back] = back, left
        w.drawn[left] = w.drawn[back] = g
        w.plus[left], w.plus[back] = 1, -1
        w.after[enters], w.before[left] = left, enters
        w.after[left], w.before[leaves] = leaves, left
        w.after[arrives], w.before[back] = back, arrives
        w.after[back], w.before[right] = right, back
        face = w.face[right]
        w.face[left] = face
        w.first[face] = left
        new = w.size[Size.FACES]
        w.size[Size.FACES] = new + 1
        w.first[new] = back
        e = back
        while True:
            w.face[e] = new
            e = w.after[e]
            if e == back:
                break


@inlined
def _placed(w: Work) -> bool:
    """Whether it is known where every vertex is; if not, VERTEX is the first of which it is not."""
    while w.size[Size.PLACED] < w.size[Size.VERTICES]:
        if w.vertex[w.size[Size.PLACED], 2] == np.inf:
            w.size[Size.VERTEX] = w.size[Size.PLACED]
            return False
        w.size[Size.PLACED] += 1
    return True


@inlined
def insert(w: Work, corners: int, lines: int) -> int:
    """Puts the lines cross[size[LINE]] to cross[lines - 1] into the arrangement.

    DONE; or DOUBT where the signs at vertex size[VERTEX] must be settled, and the call be repeated.
    """
    while _placed(w):
        if w.size[Size.LINE] == lines:
            return DONE
        g = w.cross[w.size[Size.LINE]]
        state = _walk(w, g, corners)
        if state != DONE:
            return state
        if w.same[g] != g:
            v = w.size[Size.VERTEX]
            one, other = sign(w, v, g), sign(w, v, w.same[g])
            if one == UNSETTLED or other == UNSETTLED:
                w.same[g] = g
                return DOUBT
            w.facing[g] = 1 if one == other else -1
        else:
            _cut(w, g)
        w.size[Size.LINE] += 1
    return DOUBT
