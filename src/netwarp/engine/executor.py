"""The compiled loops around a plan's steps: blocks of pixels, strips of rows, and the passes of calibration."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netwarp.compiled.kernel import Kernel
from netwarp.engine.calibration_steps import keep, sums
from netwarp.engine.plan import STEP_COLUMNS, Header, Loop, Opcode, Steps
from netwarp.engine.steps import (
    activation,
    add,
    address,
    compiled,
    convolution,
    copy,
    copy_words,
    embed,
    invoke,
    larger_of,
    largest_piece,
    layer_normalise,
    locate_taps,
    multiply,
    sum_of,
)


@compiled
def _row(table, r, rows):
    """All steps on the rows that belong to output row r, in a strip of `rows` rows."""
    for s in range(table[Header.STEP_COUNT]):
        step = table[Header.STEPS_AT] + s * STEP_COLUMNS
        q = r + table[step + Steps.LEAD]
        if q < table[step + Steps.FIRST] or q >= rows - table[step + Steps.SHRINK]:
            continue
        code = table[step + Steps.OPCODE]
        if code == Opcode.CONV:
            convolution(table, step, q)
        elif code == Opcode.ACTIVATE:
            activation(table, step, q)
        elif code == Opcode.EMBED:
            embed(table, step, q)
        elif code == Opcode.ADD:
            add(table, step, q)
        elif code == Opcode.LARGER_OF:
            larger_of(table, step, q)
        elif code == Opcode.SUM_OF:
            sum_of(table, step, q)
        elif code == Opcode.MULTIPLY:
            multiply(table, step, q)
        elif code == Opcode.MAXOUT:
            largest_piece(table, step, q)
        elif code == Opcode.LAYERNORM:
            layer_normalise(table, step, q)
        elif code == Opcode.COPY:
            copy(table, step, q)
        elif code == Opcode.KEEP:
            keep(table, step, q)


def _entry(function: Callable[..., None]) -> Any:
    """What Python calls. Addresses of the caller's arrays are passed as integers."""
    return Kernel(function, counted=False)


@_entry
def flat(table, xs, ys, columns, out, pixels, first, last):
    """Pointwise: pixels first..last - 1 of `pixels` into out (outputs, pixels).

    columns > 0: pixel p is column p % columns of xs and row p // columns of ys; columns 0: point p of xs and ys.
    """
    width = table[Header.WIDTH]
    for part in range(table[Header.PARTS]):
        locate_taps(table, part * table[Header.TAP_COUNT], table[Header.TAP_COUNT], 0)
    for block in range(first, last, width):
        count = min(width, last - block)
        filled = 0
        if columns == 0:
            copy_words(xs + block * 8, table[Header.X_AT], count, 1)
            copy_words(ys + block * 8, table[Header.Y_AT], count, 1)
            filled = count
        while filled < count:
            column, row = (block + filled) % columns, (block + filled) // columns
            run = min(columns - column, count - filled)
            copy_words(xs + column * 8, table[Header.X_AT] + filled * 8, run, 1)
            copy_words(ys + row * 8, table[Header.Y_AT] + filled * 8, run, 0)
            filled += run
        # the pixels past the last one are computed too: let them be ordinary numbers
        copy_words(table[Header.X_AT] + (count - 1) * 8, table[Header.X_AT] + count * 8, width - count, 0)
        copy_words(table[Header.Y_AT] + (count - 1) * 8, table[Header.Y_AT] + count * 8, width - count, 0)
        _row(table, 0, 1)
        for c in range(table[Header.OUTPUT_COUNT]):
            source = address(table, table[table[Header.OUTPUTS_AT] + c], 0)
            to = out + (c * pixels + block) * table[Header.SIZE]
            invoke(table[Loop.COPY_RUN], source, to, count, 0, 0, 0, 0, 0)


@_entry
def strip(table, first, last, rows, core, columns, out, out_columns, out_pixels):
    """Rows first..last - 1 stream through rings of rows, after those before them; the first of all is below 0.

    rows (n,) is the raster's row of each of the strip's rows, -1 for halo. Position core[i] of a row is column
    columns[i] of out (outputs, out_pixels), which has out_columns columns.
    """
    for part in range(table[Header.PARTS]):
        locate_taps(table, part * table[Header.TAP_COUNT], table[Header.TAP_COUNT], 0)
    count, size = core.shape[0], table[Header.SIZE]
    contiguous = columns[-1] - columns[0] == count - 1 and core[-1] - core[0] == count - 1
    for r in range(first, last):
        _row(table, r, rows.shape[0])
        if r < 0 or rows[r] < 0:
            continue
        for c in range(table[Header.OUTPUT_COUNT]):
            source = address(table, table[table[Header.OUTPUTS_AT] + c], r)
            to = out + (c * out_pixels + rows[r] * out_columns) * size
            if contiguous:
                source, to = source + core[0] * size, to + columns[0] * size
                invoke(table[Loop.COPY_RUN], source, to, count, 0, 0, 0, 0, 0)
            else:
                invoke(table[Loop.SCATTER], source, core.ctypes.data, columns.ctypes.data, to, count, 0, 0, 0)


@compiled
def _move(table, bytes_along):
    """Moves along the row, of float64: whole rows and pictures; a thread's private memory holds one block at a time."""
    table[Header.SHARED_AT] += bytes_along
    table[Header.ROWS_AT] += bytes_along
    table[Header.X_AT] += bytes_along


@_entry
def picture(table, first, last, rows):
    """Rows first..last - 1 of `rows`, every step on its own row: a pass of calibration.

    A row is computed in BLOCKS equal parts: what one step hands the next stays in the first cache. Sums are taken of
    whole rows, last.
    """
    blocks, block = table[Header.BLOCKS], table[Header.WIDTH] * table[Header.SIZE]
    locate_taps(table, 0, table[Header.TAP_COUNT], first)
    for q in range(first, last):
        for _ in range(blocks):
            _row(table, q, rows)
            _move(table, block)
        _move(table, -blocks * block)
        for s in range(table[Header.STEP_COUNT]):
            step = table[Header.STEPS_AT] + s * STEP_COLUMNS
            inside = table[step + Steps.FIRST] <= q < rows - table[step + Steps.SHRINK]
            if inside and table[step + Steps.OPCODE] == Opcode.SUMS:
                sums(table, step, q)
