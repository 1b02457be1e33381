"""The compiled steps that calibration alone has: what is kept for later passes, and the sums of a row."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from netwarp.engine.plan import Header, Loop, Steps
from netwarp.engine.rows import SUM_ROWS
from netwarp.engine.steps import address, compiled, invoke


@compiled
def keep(table, step, q):
    """TARGET = SOURCE, of channels that lie P0 bytes apart, and P1."""
    source, to = address(table, table[step + Steps.SOURCE], q), address(table, table[step + Steps.TARGET], q)
    rows, apart, to_apart = table[step + Steps.CHANNELS], table[step + Steps.P0], table[step + Steps.P1]
    invoke(table[Loop.COPY_ROWS], source, to, table[Header.VECTORS], rows, apart, to_apart, 0, 0)


@compiled
def sums(table, step, q):
    """P0 first column of the raster in bytes, P1 its columns, P2 its first row; to sums (rows, OTHER, 2) from P3 on."""
    count, first = table[step + Steps.CHANNELS], table[step + Steps.SOURCE]
    row = q - table[step + Steps.P2]
    to = table[Header.SUMS_AT] + (row * table[step + Steps.OTHER] + table[step + Steps.P3]) * 16
    for part in range(0, count, SUM_ROWS):
        # where they do not come out even some rows are added up again
        c = max(0, min(part, count - SUM_ROWS))
        invoke(
            table[Loop.ADD_ROWS],
            address(table, first + c, q) + table[step + Steps.P0],
            address(table, first + min(c + 1, count - 1), q) + table[step + Steps.P0],
            address(table, first + min(c + 2, count - 1), q) + table[step + Steps.P0],
            address(table, first + min(c + 3, count - 1), q) + table[step + Steps.P0],
            address(table, first + min(c + 4, count - 1), q) + table[step + Steps.P0],
            table[step + Steps.P1],
            to + c * 16,
            min(SUM_ROWS, count),
        )
