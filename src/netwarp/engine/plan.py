"""A plan: one table of integers that tells the compiled loops what to do. All is data: a new network never compiles.

A channel is a run of rows in memory; row q lies in slot q & mask: mask 0 for values used on their own row only, 2^n - 1
for a ring of rows, -1 for a whole picture. The table begins with a header, then come steps, channels, taps, groups and
outputs, and last the addresses of the taps for the row at hand. All offsets and strides in it are bytes.
With tangents every channel, tap and group stands there three times: for the value, d/dx and d/dy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32] | NDArray[np.float64]

# the header: where in the table a section begins, how many entries it has (of the values; tangents not counted) ...
STEPS, STEP_COUNT, CHANNELS_AT, CHANNEL_COUNT, TAPS_AT, TAP_COUNT, GROUPS_AT, GROUP_COUNT = range(8)
OUTPUTS_AT, OUTPUT_COUNT, ADDRESSES_AT = range(8, 11)
# ... the shape of a row: bytes to the next one, floats and vectors computed, bytes a float ...
STRIDE, WIDTH, VECTORS, SIZE = range(11, 15)
# ... and addresses: a thread's own memory, that of all threads, a thread's own rows, parameters, the plane's points
PRIVATE_AT, SHARED_AT, ROWS_AT, WEIGHTS_AT, COEFFICIENTS_AT, KINDS_AT, X_AT, Y_AT, ROW_Y_AT = range(15, 24)
# ... where calibration puts what it adds up, y of row 0, and 3 with tangents, else 1
SUMS_AT, YS_AT, PARTS = 24, 25, 26
# ... into how many blocks calibration cuts a row: WIDTH and VECTORS are a block's then, STRIDE is the row's
BLOCKS = 27
# ... and the addresses of the compiled kernels
KERNELS = 28
CONVOLVE, CONVOLVE_GATED, ACTIVATE_ROW, ACTIVATE_TANGENTS, COMBINE = range(KERNELS, KERNELS + 5)
TAKE_LARGER, EMBED_ROW, ADD_ROWS, COPY_RUN, SCATTER, COPY_ROWS = range(KERNELS + 5, KERNELS + 11)
HEADER = KERNELS + 11

# operation codes of a step
EMBED, CONV, ACTIVATE, LARGER_OF, SUM_OF, MAXOUT, LAYERNORM, ADD, MULTIPLY, COPY, KEEP, SUMS = range(12)

# columns of a step. It runs on row q = (row of the output) + LEAD where FIRST <= q < rows - SHRINK
OP, LEAD, FIRST, SHRINK, TARGET, CHANNELS, SOURCE, OTHER, P0, P1, P2, P3 = range(12)
STEP_COLUMNS = 12

# columns of a channel and of a tap (ROW: rows away from the row computed); SPACE 0 is private memory, 1 is shared,
# 2 is a thread's own whole rows where private memory holds a block of one
OFFSET, MASK, SPACE, ROW = range(4)
CHANNEL_COLUMNS, TAP_COLUMNS = 3, 4
PRIVATE, SHARED, ROWS = 0, 1, 2

# columns of a group: a convolution's outputs that are computed together
OUTPUTS, FIRST_TAP, TAPS, FIRST_CHANNEL, SPACING, WEIGHTS = range(6)
GROUP_COLUMNS = 6


@dataclass(frozen=True, eq=False)
class Plan:
    """The table, its parameters and what memory it works in. Immutable: every thread works on a copy of the table."""

    table: Ints
    weights: Floats  # minus infinity, 0, then the steps' parameters in the plan's float type
    kinds: Ints  # (K,) of the embedded channels
    coefficients: NDArray[np.float64]  # (K, 3)
    memory: int  # floats of private memory
    kernels: tuple[int, ...]  # which kernels it needs, from CONVOLVE on
    warm_up: int = 0  # rows computed before the first row of output
