"""The compiled operations of a plan, each on one row of pixels: integers that say which kernel works where.

`table` is a plan's table with its addresses filled in, `one` is 1 in the float type computed in, q the row, `step` where the step
stands in the table, `tangents` 0 or None: numba compiles the two apart and prunes what None excludes.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from numba import njit

from netwarp.engine.kernels import activate, activate_tangents, convolve
from netwarp.engine.plan import (
    ADDRESSES_AT,
    CHANNEL_COLUMNS,
    CHANNEL_COUNT,
    CHANNELS,
    CHANNELS_AT,
    COEFFICIENTS_AT,
    FIRST_CHANNEL,
    FIRST_TAP,
    GROUP_COLUMNS,
    GROUP_COUNT,
    GROUPS_AT,
    KINDS_AT,
    MASK,
    OFFSET,
    OTHER,
    OUTPUTS,
    P0,
    P1,
    P2,
    P3,
    PRIVATE_AT,
    ROW,
    ROW_Y_AT,
    SIZE,
    SOURCE,
    SPACE,
    SPACING,
    STRIDE,
    SUMS_AT,
    TAP_COLUMNS,
    TAP_COUNT,
    TAPS,
    TAPS_AT,
    TARGET,
    VECTORS,
    WEIGHTS,
    WEIGHTS_AT,
    X_AT,
    YS_AT,
)
from netwarp.engine.rows import (
    ASSIGN,
    LARGER,
    MINUS,
    OVER_NUMBER,
    PLUS,
    PLUS_NUMBER,
    RATE,
    TIMES,
    TIMES_NUMBER,
    TIMES_PLUS,
    add_row,
    combine,
    embed_row,
    integer_at,
    number_at,
    take_larger,
)

compiled = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)


@compiled
def address(table, channel, q):
    """Of row q of a channel."""
    entry = table[CHANNELS_AT] + channel * CHANNEL_COLUMNS
    base = table[PRIVATE_AT + table[entry + SPACE]] + table[entry + OFFSET]
    return base + (q & table[entry + MASK]) * table[STRIDE]


@compiled
def locate_taps(table, first, count, q):
    """Notes the address that each tap reads from when row q is computed."""
    to, tap, stride = table[ADDRESSES_AT] + first, table[TAPS_AT] + first * TAP_COLUMNS, table[STRIDE]
    for t in range(count):
        row = (q + table[tap + ROW]) & table[tap + MASK]
        table[to + t] = table[PRIVATE_AT + table[tap + SPACE]] + table[tap + OFFSET] + row * stride
        tap += TAP_COLUMNS


@compiled
def embed(table, one, step, q, tangents):
    table[ROW_Y_AT] = table[YS_AT] + q * 8
    for c in range(table[step + CHANNELS]):
        channel, to_x, to_y = table[step + TARGET] + c, 0, 0
        if tangents is not None:
            to_x = address(table, channel + table[CHANNEL_COUNT], q)
            to_y = address(table, channel + 2 * table[CHANNEL_COUNT], q)
        embed_row(
            integer_at(table[KINDS_AT] + c * 8),
            table.ctypes.data + X_AT * 8,
            table[COEFFICIENTS_AT] + c * 24,
            address(table, channel, q),
            to_x,
            to_y,
            table[VECTORS],
            one,
        )


@compiled
def convolution(table, one, step, q, tangents):
    """P0 first group, P1 groups, P2 first tap, P3 taps (0 where no tap ever moves), OTHER 1 to clip below at 0."""
    floor = number_at(table[WEIGHTS_AT] + table[step + OTHER] * table[SIZE], one)
    for part in range(1 if tangents is None else 3):
        if table[step + P3] > 0:
            locate_taps(table, table[step + P2] + part * table[TAP_COUNT], table[step + P3], q)
        first = table[step + P0] + part * table[GROUP_COUNT]
        for g in range(first, first + table[step + P1]):
            group = table[GROUPS_AT] + g * GROUP_COLUMNS
            convolve(
                table[group + OUTPUTS],
                table.ctypes.data + (table[ADDRESSES_AT] + table[group + FIRST_TAP]) * 8,
                table[group + TAPS],
                table[WEIGHTS_AT] + table[group + WEIGHTS],
                address(table, table[group + FIRST_CHANNEL], q),
                table[group + SPACING],
                table[VECTORS],
                floor,
            )


@compiled
def activation(table, one, step, q, tangents):
    """P0 code, P1 where in weights the parameters of the channels lie. With tangents TARGET is SOURCE."""
    for c in range(table[step + CHANNELS]):
        parameter = number_at(table[WEIGHTS_AT] + table[step + P1] + c * table[SIZE], one)
        to, count = table[step + TARGET] + c, table[CHANNEL_COUNT]
        if tangents is None:
            source = address(table, table[step + SOURCE] + c, q)
            activate(table[step + P0], source, address(table, to, q), table[VECTORS], parameter)
        else:
            z, zx, zy = address(table, to, q), address(table, to + count, q), address(table, to + 2 * count, q)
            activate_tangents(table[step + P0], z, zx, zy, table[VECTORS], parameter)


@compiled
def _each(table, one, code, a, b, to, tangents, q):
    """`combine` of channels a and b into `to`, with tangents of all three parts alike."""
    for part in range(1 if tangents is None else 3):
        shift = part * table[CHANNEL_COUNT]
        first, second = address(table, a + shift, q), address(table, b + shift, q)
        combine(code, first, second, address(table, to + shift, q), table[VECTORS], one)


@compiled
def pool_average(table, one, step, q, tangents):
    """P0 size, P1 dilation, P2 where in weights the number of taps lies."""
    size, dilation = table[step + P0], table[step + P1]
    taps = number_at(table[WEIGHTS_AT] + table[step + P2], one)
    before = (size - 1) // 2
    for part in range(1 if tangents is None else 3):
        for c in range(table[step + CHANNELS]):
            shift, code = part * table[CHANNEL_COUNT] + c, ASSIGN
            to = address(table, table[step + TARGET] + shift, q)
            for dy in range(-before, size - before):
                row = address(table, table[step + SOURCE] + shift, q + dy * dilation)
                for dx in range(-before, size - before):
                    source = row + dx * dilation * table[SIZE]
                    combine(code, source, to, to, table[VECTORS], one)
                    code = PLUS
            combine(OVER_NUMBER, to, to, to, table[VECTORS], taps)


@compiled
def _keep_larger(table, one, source, shift, to, q_source, q, first, tangents):
    """Channel `to` at row q becomes the larger of itself and `source`, `shift` bytes along row q_source."""
    count, vectors = table[CHANNEL_COUNT], table[VECTORS]
    z, best = address(table, source, q_source) + shift, address(table, to, q)
    if tangents is None:
        combine(ASSIGN if first else LARGER, z if first else best, z, best, vectors, one)
    else:
        zx = address(table, source + count, q_source) + shift
        zy = address(table, source + 2 * count, q_source) + shift
        best_x, best_y = address(table, to + count, q), address(table, to + 2 * count, q)
        if first:
            combine(ASSIGN, z, z, best, vectors, one)
            combine(ASSIGN, zx, zx, best_x, vectors, one)
            combine(ASSIGN, zy, zy, best_y, vectors, one)
        else:
            take_larger(z, zx, zy, best, best_x, best_y, vectors, one)


@compiled
def pool_largest(table, one, step, q, tangents):
    """P0 size, P1 dilation. The tangent is that of the first tap, in row order, that is largest. NaN stays NaN."""
    size, dilation = table[step + P0], table[step + P1]
    before = (size - 1) // 2
    for c in range(table[step + CHANNELS]):
        for dy in range(-before, size - before):
            for dx in range(-before, size - before):
                first, shift = dy == -before and dx == -before, dx * dilation * table[SIZE]
                source, to = table[step + SOURCE] + c, table[step + TARGET] + c
                _keep_larger(table, one, source, shift, to, q + dy * dilation, q, first, tangents)


@compiled
def largest_piece(table, one, step, q, tangents):
    """P0 pieces. The tangent is that of the first piece that is largest."""
    pieces = table[step + P0]
    for c in range(table[step + CHANNELS]):
        for piece in range(pieces):
            source, to = table[step + SOURCE] + c * pieces + piece, table[step + TARGET] + c
            _keep_larger(table, one, source, 0, to, q, q, piece == 0, tangents)


@compiled
def add(table, one, step, q, tangents):
    """TARGET = SOURCE + OTHER."""
    for c in range(table[step + CHANNELS]):
        a, b, to = table[step + SOURCE] + c, table[step + OTHER] + c, table[step + TARGET] + c
        _each(table, one, PLUS, a, b, to, tangents, q)


@compiled
def copy(table, one, step, q, tangents):
    for c in range(table[step + CHANNELS]):
        a, to = table[step + SOURCE] + c, table[step + TARGET] + c
        _each(table, one, ASSIGN, a, a, to, tangents, q)


@compiled
def multiply(table, one, step, q, tangents):
    """TARGET = SOURCE times OTHER; TARGET may be SOURCE. P0 is a scratch channel."""
    vectors, count = table[VECTORS], table[CHANNEL_COUNT]
    for c in range(table[step + CHANNELS]):
        a, b, to = table[step + SOURCE] + c, table[step + OTHER] + c, table[step + TARGET] + c
        first, second, target = address(table, a, q), address(table, b, q), address(table, to, q)
        if tangents is not None:
            scratch = address(table, table[step + P0], q)
            for part in range(1, 3):
                shift = part * count
                slope_a, slope_b = address(table, a + shift, q), address(table, b + shift, q)
                combine(TIMES, slope_a, second, scratch, vectors, one)
                combine(TIMES_PLUS, first, slope_b, scratch, vectors, one)
                combine(ASSIGN, scratch, scratch, address(table, to + shift, q), vectors, one)
        combine(TIMES, first, second, target, vectors, one)


@compiled
def layer_normalise(table, one, step, q, tangents):
    """P0 where in weights the scales lie, then the shifts, eps, channels; OTHER is the first of 4 scratch channels."""
    n, vectors, weights, size = (
        table[step + CHANNELS],
        table[VECTORS],
        table[WEIGHTS_AT] + table[step + P0],
        table[SIZE],
    )
    number, scratch = number_at(weights + (2 * n + 1) * size, one), table[step + OTHER]
    mean, rate = address(table, scratch, q), address(table, scratch + 1, q)
    aligned, rest = address(table, scratch + 2, q), address(table, scratch + 3, q)
    for c in range(n):
        source = address(table, table[step + SOURCE] + c, q)
        combine(ASSIGN if c == 0 else PLUS, source, mean, mean, vectors, one)
    combine(OVER_NUMBER, mean, mean, mean, vectors, number)
    for c in range(n):
        source, to = address(table, table[step + SOURCE] + c, q), address(table, table[step + TARGET] + c, q)
        combine(MINUS, source, mean, to, vectors, one)
        combine(TIMES if c == 0 else TIMES_PLUS, to, to, rate, vectors, one)
    combine(OVER_NUMBER, rate, rate, rate, vectors, number)
    combine(RATE, rate, rate, rate, vectors, number_at(weights + 2 * n * size, one))
    for c in range(n):
        to = address(table, table[step + TARGET] + c, q)
        combine(TIMES, to, rate, to, vectors, one)
    if tangents is not None:
        for part in range(1, 3):
            shift = part * table[CHANNEL_COUNT]
            for c in range(n):
                slope = address(table, table[step + SOURCE] + shift + c, q)
                unit = address(table, table[step + TARGET] + c, q)
                combine(ASSIGN if c == 0 else PLUS, slope, mean, mean, vectors, one)
                combine(TIMES if c == 0 else TIMES_PLUS, slope, unit, aligned, vectors, one)
            for c in range(n):
                slope = address(table, table[step + SOURCE] + shift + c, q)
                unit = address(table, table[step + TARGET] + c, q)
                to = address(table, table[step + TARGET] + shift + c, q)
                combine(ASSIGN, mean, mean, rest, vectors, one)
                combine(TIMES_PLUS, unit, aligned, rest, vectors, one)
                combine(OVER_NUMBER, rest, rest, rest, vectors, number)
                combine(MINUS, slope, rest, to, vectors, one)
                combine(TIMES, to, rate, to, vectors, one)
                combine(TIMES_NUMBER, to, to, to, vectors, number_at(weights + c * size, one))
    for c in range(n):
        to = address(table, table[step + TARGET] + c, q)
        combine(TIMES_NUMBER, to, to, to, vectors, number_at(weights + c * size, one))
        combine(PLUS_NUMBER, to, to, to, vectors, number_at(weights + (n + c) * size, one))


@compiled
def sums(table, step, q):
    """P0 first column of the raster in bytes, P1 its columns, P2 its first row. To sums (rows, CHANNELS, 2)."""
    count = table[step + CHANNELS]
    for c in range(count):
        row = address(table, table[step + SOURCE] + c, q) + table[step + P0]
        to = table[SUMS_AT] + ((q - table[step + P2]) * count + c) * 16
        add_row(row, table[step + P1], to)
