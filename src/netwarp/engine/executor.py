"""The compiled loops around a plan's steps: blocks of pixels, strips of rows, and the passes of calibration."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import numpy as np
from numba import njit

from netwarp.engine.plan import (
    ACTIVATE,
    ADD,
    CONV,
    COPY,
    EMBED,
    FIRST,
    LAYERNORM,
    LEAD,
    MAXOUT,
    MULTIPLY,
    OP,
    OUTPUT_COUNT,
    OUTPUTS_AT,
    POOL_AVG,
    POOL_MAX,
    SHRINK,
    SIZE,
    STEP_COLUMNS,
    STEP_COUNT,
    STEPS,
    SUMS,
    TAP_COUNT,
    WIDTH,
    X_AT,
    Y_AT,
)
from netwarp.engine.rows import copy_run, fill, scatter
from netwarp.engine.steps import (
    activation,
    add,
    address,
    compiled,
    convolution,
    copy,
    embed,
    largest_piece,
    layer_normalise,
    locate_taps,
    multiply,
    pool_average,
    pool_largest,
    sums,
)


def _fingerprint() -> int:
    """Of the sources that the compiled loops are made of: numba's cache itself looks only at this file."""
    digest = blake2b(digest_size=7)
    for name in ("coefficients", "executor", "functions", "kernels", "lanes", "plan", "rows", "steps"):
        digest.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    return int.from_bytes(digest.digest(), "big")


@compiled
def _row(table, one, r, rows, tangents):
    """All steps on the rows that belong to output row r, in a strip of `rows` rows."""
    for s in range(table[STEP_COUNT]):
        step = table[STEPS] + s * STEP_COLUMNS
        q = r + table[step + LEAD]
        if q < table[step + FIRST] or q >= rows - table[step + SHRINK]:
            continue
        code = table[step + OP]
        if code == CONV:
            convolution(table, one, step, q, tangents)
        elif code == ACTIVATE:
            activation(table, one, step, q, tangents)
        elif code == EMBED:
            embed(table, one, step, q, tangents)
        elif code == ADD:
            add(table, one, step, q, tangents)
        elif code == POOL_MAX:
            pool_largest(table, one, step, q, tangents)
        elif code == POOL_AVG:
            pool_average(table, one, step, q, tangents)
        elif code == MULTIPLY:
            multiply(table, one, step, q, tangents)
        elif code == MAXOUT:
            largest_piece(table, one, step, q, tangents)
        elif code == LAYERNORM:
            layer_normalise(table, one, step, q, tangents)
        elif code == COPY:
            copy(table, one, step, q, tangents)
        elif code == SUMS:
            sums(table, step, q)


def _compile(fingerprint: int):  # type: ignore[no-untyped-def]
    """The entry points. `fingerprint` is a closure's cell, which numba makes part of its cache key.

    `one` is 1 in the float type computed in. Addresses of the caller's arrays are passed as integers.
    """

    @njit(nogil=True, cache=True, error_model="numpy")
    def flat(table, one, xs, ys, columns, out, pixels, first, last, tangents):
        """Pointwise: pixels first..last - 1 of `pixels` into out (outputs, pixels).

        columns > 0: pixel p is column p % columns of xs and row p // columns of ys; columns 0: point p of xs and ys.
        """
        if fingerprint == 0:
            return
        width, one64 = table[WIDTH], np.float64(1.0)
        for part in range(1 if tangents is None else 3):
            locate_taps(table, part * table[TAP_COUNT], table[TAP_COUNT], 0)
        for block in range(first, last, width):
            count = min(width, last - block)
            filled = 0
            if columns == 0:
                copy_run(xs + block * 8, table[X_AT], count, one64)
                copy_run(ys + block * 8, table[Y_AT], count, one64)
                filled = count
            while filled < count:
                column, row = (block + filled) % columns, (block + filled) // columns
                run = min(columns - column, count - filled)
                copy_run(xs + column * 8, table[X_AT] + filled * 8, run, one64)
                fill(table[Y_AT] + filled * 8, ys + row * 8, run, one64)
                filled += run
            # the pixels past the last one are computed too: let them be ordinary numbers
            fill(table[X_AT] + count * 8, table[X_AT] + (count - 1) * 8, width - count, one64)
            fill(table[Y_AT] + count * 8, table[Y_AT] + (count - 1) * 8, width - count, one64)
            _row(table, one, 0, 1, tangents)
            for c in range(table[OUTPUT_COUNT]):
                source = address(table, table[table[OUTPUTS_AT] + c], 0)
                copy_run(source, out + (c * pixels + block) * table[SIZE], count, one)

    @njit(nogil=True, cache=True, error_model="numpy")
    def strip(table, one, warm_up, rows, core, columns, out, out_columns, out_pixels, tangents):
        """Rows stream through rings of rows.

        rows (n,) is the raster's row of each of the strip's rows, -1 for halo. Position core[i] of a row is column
        columns[i] of out (outputs, out_pixels), which has out_columns columns.
        """
        if fingerprint == 0:
            return
        for part in range(1 if tangents is None else 3):
            locate_taps(table, part * table[TAP_COUNT], table[TAP_COUNT], 0)
        count, size = core.shape[0], table[SIZE]
        contiguous = columns[-1] - columns[0] == count - 1 and core[-1] - core[0] == count - 1
        for r in range(-warm_up, rows.shape[0]):
            _row(table, one, r, rows.shape[0], tangents)
            if r < 0 or rows[r] < 0:
                continue
            for c in range(table[OUTPUT_COUNT]):
                source = address(table, table[table[OUTPUTS_AT] + c], r)
                to = out + (c * out_pixels + rows[r] * out_columns) * size
                if contiguous:
                    copy_run(source + core[0] * size, to + columns[0] * size, count, one)
                else:
                    scatter(source, core.ctypes.data, columns.ctypes.data, to, count, one)

    @njit(nogil=True, cache=True, error_model="numpy")
    def picture(table, first, last, rows):
        """Rows first..last - 1 of `rows`, in float64, every step on its own row: a pass of calibration."""
        if fingerprint == 0:
            return
        locate_taps(table, 0, table[TAP_COUNT], first)
        for q in range(first, last):
            _row(table, np.float64(1.0), q, rows, None)

    return flat, strip, picture


flat, strip, picture = _compile(_fingerprint())
