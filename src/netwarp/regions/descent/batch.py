"""The arrays that cells are divided in: batches of cells, what their lines are, and what comes of them."""

# B cells of the batch, S their sides, N channels, L lines of the stage, W words of pattern bits

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from netwarp.regions.arrays import Bits, Floats, Integers, Long, Signs
from netwarp.regions.jit import inlined

MANY = 48  # a cell that more lines cut is divided by itself, in arrays made for it
CANDIDATES = 1 << 15  # and so is one that more lines may cut
PATH = 8  # rows of Work.path beside those of the cuts
BIG, FULL = 2, 3


class Batch(NamedTuple):
    """Cells, and how each came from its parent in the batch before."""

    offset: Long  # (B + 1,) cell -> its first side
    vertex: Floats  # (S, 3) where the side begins: x, y, and how far at most the true point is
    line: Floats  # (S, 6) the side's line, as in Work
    side: Long  # (S,) the side's number, one a cell and edge
    label: Integers  # (S,) the number of the line that drew it, among all stages'; -1 to -4 the rectangle
    bits: Bits  # (B, W) signs of the lines of all stages so far: 1 where +
    parent: Integers  # (B,)
    via: Integers  # (B,) the neighbour in this batch it was reached from; -1 for the first cell of a parent
    flip: Integers  # (B,) number of the flip between the two
    turn: Signs  # (B,) 1 where the flip's line is - there and + here, else -1


class Flips(NamedTuple):
    """What a channel of the stage's output gains on the way to the + side of a line: functions a, b, c."""

    offset: Long  # (flips + 1,) flip -> its first entry
    line: Integers  # (entries,) line whose sign turns
    facing: Signs  # (entries,) 1 where its + side is the flip's, else -1
    gain: Floats  # (entries, 3) what channel first[line] of the output gains


class Record(NamedTuple):
    """How sides hang together, written once and read at the end."""

    splits: Long  # (splits, 3) a side that was cut, the first of its parts, and how many they are
    pairs: (
        Long  # (pairs, 2) two new sides of one edge: this number and the next; 1 where the function jumps there, or 0
    )


class Trait(IntEnum):
    """Of a stage."""

    GENERAL = 0  # 0 where line i is channel i and its threshold 0, else 1
    FIRST_WORD = 1  # of its pattern bits
    FIRST_LABEL = 2  # its first line's label
    JUMPS = 3  # whether its function jumps at its lines
    RELATED = 4  # whether some of its lines are twins of others or have constant signs


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
    facing: Signs
    kin_offset: Integers  # (L + 1,) line -> its first in
    kin: Integers  # the lines whose twin it is
    steepest: Floats  # (3,) |slope| below all lines; at all; Euclidean norm of the offsets; each an upper bound
    weight: Floats  # (N,) a source channel is wrong by at most this times the cell's error
    traits: Integers  # (5,) by Trait


class Maps(NamedTuple):
    """The stage's source on each cell."""

    z: Floats  # (B, 3, N) a, b, c of every channel
    error: Floats  # (B, 3) ex, ey, ec: channel j is wrong by at most weight[j] (ex |x| + ey |y| + ec)
    norm: Floats  # (B, 3) all channels together, in the Euclidean norm, are wrong by at most this
    root: Floats  # (B, 3, N) out: the stage's output on the first child
    after: Floats  # (B, 6) out: the norm of that output's error, and of the output itself, over all children


class Count(IntEnum):
    """Numbers that `divide` and its caller tell each other."""

    CELLS, SIDES, FLIPS, ENTRIES = range(4)  # of the output
    SPLITS, PAIRS, NEXT = range(4, 7)  # of the record; the next side's number
    CANDIDATES, CUTS = 7, 8  # of the cell
    DEFERRED = 9  # cells that were left for later
    PHASE = 10  # what is to be done, a Phase
    LAST = 11  # how many of the places to go through
    EXACT = 12  # lines with a number below this are exact
    SIGNS = 13  # that were settled in whole numbers
    AT = 14  # which of the places it is at


class Phase(IntEnum):
    """What `divide` is to do of a cell."""

    ALL, GATHER, CLASSIFY, BEGIN, INSERT, FINISH = range(6)


class Scratch(NamedTuple):
    """Of one cell at a time."""

    sign: Signs  # (L,) of the stage's lines on the first child
    value: Floats  # (L,) of the lines in the middle of the cell's box
    margin: Floats  # (L,) how far that is from where the line might vanish in the box; not above 0 where it might
    line: Integers  # (G,) local line, less the corners -> line
    queue: Integers  # (F,) faces in the order they were reached
    reached: Integers  # (F,) face -> place in the queue, -1
    over: Integers  # (F,) place in the queue -> half-edge it was reached over
    number: Long  # (H,) half-edge -> number of the side
    flip: Integers  # (G,) local line -> flip
    counts: Long  # by Count


@inlined
def copy(vertex: Floats, v: int, line: Floats, g: int, to_vertex: Floats, to_line: Floats, at: int) -> None:
    """A corner and its side's line; written out, since loops of three and six are not unrolled."""
    to_vertex[at, 0], to_vertex[at, 1], to_vertex[at, 2] = vertex[v, 0], vertex[v, 1], vertex[v, 2]
    to_line[at, 0], to_line[at, 1], to_line[at, 2] = line[g, 0], line[g, 1], line[g, 2]
    to_line[at, 3], to_line[at, 4], to_line[at, 5] = line[g, 3], line[g, 4], line[g, 5]
