"""A plan: one table of integers that tells the compiled loops what to do. All is data: a new network never compiles.

A channel is a run of rows in memory; row q lies in slot q & mask: mask 0 for values used on their own row only, 2^n - 1
for a ring of rows, -1 for a whole picture. The table begins with a header, then come steps, channels, taps, groups and
outputs, and last the addresses of the taps for the row at hand. All offsets and strides in it are bytes.
With tangents every channel, tap and group stands there three times: for the value, d/dx and d/dy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats

Ints = NDArray[np.int64]


class Header(IntEnum):
    """What stands in the table's header, and where: a name that ends in _AT is a place or an address."""

    # where in the table a section begins, and how many entries it has (of the values; tangents not counted) ...
    STEPS_AT, STEP_COUNT, CHANNELS_AT, CHANNEL_COUNT, TAPS_AT, TAP_COUNT, GROUPS_AT, GROUP_COUNT = range(8)
    OUTPUTS_AT, OUTPUT_COUNT, ADDRESSES_AT = range(8, 11)
    # ... the shape of a row: bytes to the next one, floats and vectors computed, bytes a float ...
    STRIDE, WIDTH, VECTORS, SIZE = range(11, 15)
    # ... in the order of Space the addresses of a thread's own memory, of all threads', of a thread's own rows ...
    PRIVATE_AT, SHARED_AT, ROWS_AT = range(15, 18)
    # ... of the parameters, and of the points of the plane ...
    WEIGHTS_AT, COEFFICIENTS_AT, KINDS_AT, X_AT, Y_AT, ROW_Y_AT = range(18, 24)
    # ... of what calibration adds up, and of the rows' y; 3 with tangents, else 1
    SUMS_AT, YS_AT, PARTS = range(24, 27)
    # ... and into how many blocks calibration cuts a row: WIDTH and VECTORS are a block's then, STRIDE is the row's
    BLOCKS = 27


class Loop(IntEnum):
    """Where in the table, behind the header, the address of a compiled inner loop stands."""

    CONVOLVE, CONVOLVE_GATED, ACTIVATE, ACTIVATE_TANGENTS, COMBINE = range(28, 33)
    TAKE_LARGER, EMBED, ADD_ROWS, COPY_RUN, SCATTER, COPY_ROWS = range(33, 39)


class Opcode(IntEnum):
    """What a step does."""

    EMBED, CONV, ACTIVATE, LARGER_OF, SUM_OF, MAXOUT, LAYERNORM, ADD, MULTIPLY, COPY, KEEP, SUMS = range(12)


class Steps(IntEnum):
    """The columns of a step. It runs on row q = (row of the output) + LEAD where FIRST <= q < rows - SHRINK."""

    OPCODE, LEAD, FIRST, SHRINK, TARGET, CHANNELS, SOURCE, OTHER, P0, P1, P2, P3 = range(12)


class Channels(IntEnum):
    """The columns of a channel."""

    OFFSET, MASK, SPACE = range(3)


class Taps(IntEnum):
    """The columns of a tap: a channel, and how many rows away from the row computed it is read."""

    OFFSET, MASK, SPACE, ROW = range(4)


class Space(IntEnum):
    """Whose memory a channel is in: ROWS are a thread's own whole rows where PRIVATE memory holds a block of one."""

    PRIVATE, SHARED, ROWS = range(3)


class Groups(IntEnum):
    """The columns of a group: a convolution's outputs that are computed together."""

    OUTPUTS, FIRST_TAP, TAPS, FIRST_CHANNEL, SPACING, WEIGHTS = range(6)


# compiled code knows a class's members, not its length
HEADER = len(Header) + len(Loop)
STEP_COLUMNS, CHANNEL_COLUMNS, TAP_COLUMNS, GROUP_COLUMNS = len(Steps), len(Channels), len(Taps), len(Groups)


@dataclass(frozen=True, eq=False)
class Plan:
    """The table, its parameters and what memory it works in. Immutable: every thread works on a copy of the table."""

    table: Ints
    weights: Floats  # minus infinity, 0, then the steps' parameters in the plan's float type
    kinds: Ints  # (K,) of the embedded channels
    coefficients: NDArray[np.float64]  # (K, 3)
    memory: int  # floats of private memory
    loops: tuple[Loop, ...]  # which inner loops it needs
    warm_up: int = 0  # rows computed before the first row of output
