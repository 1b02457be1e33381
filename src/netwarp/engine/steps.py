"""The compiled operations of a plan, each on one row of pixels: integers that say which kernel works where.

`table` is a plan's table with its addresses filled in, q the row, `step` where the step stands in the table.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import ir

from netwarp.compiled.functions import Emitted
from netwarp.compiled.kernel import Kernel
from netwarp.engine.lanes import I64, counted
from netwarp.engine.plan import CHANNEL_COLUMNS, GROUP_COLUMNS, TAP_COLUMNS, Channels, Groups, Header, Loop, Steps, Taps
from netwarp.engine.rows import Formula

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """A kernel for other kernels; it makes no array."""
    return cast(Function, Kernel(function, counted=False))


def _invoke(context: Any, kernel: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any) -> Any:
    """Calls the kernel at an address with eight int64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        function = ir.FunctionType(ir.VoidType(), [I64] * 8)
        builder.call(builder.inttoptr(args[0], function.as_pointer()), args[1:])
        return context.get_dummy_value()

    return _signature("void", 9), codegen


def _integer_at(context: Any, address: Any) -> Any:
    """The int64 at an address."""

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        return b.load(b.inttoptr(args[0], I64.as_pointer()))

    return _signature("int64", 1), codegen


def _copy_words(context: Any, source: Any, to: Any, count: Any, stride: Any) -> Any:
    """`count` int64 or float64, from addresses source, source + stride, ... (words) to consecutive ones; in order."""

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        source, to = (b.inttoptr(a, I64.as_pointer()) for a in args[:2])

        def one(i: Any, _: list[Any]) -> list[Any]:
            b.store(b.load(b.gep(source, [b.mul(i, args[3])])), b.gep(to, [i]))
            return []

        counted(b, args[2], one)
        return context.get_dummy_value()

    return _signature("void", 4), codegen


def _signature(result: str, count: int) -> Any:
    """numba's type of a function of `count` int64."""
    from numba import types

    return getattr(types, result)(*[types.int64] * count)


# Any: numba passes `context` itself, so that calls have one argument less
invoke: Any = Emitted(_invoke)
integer_at: Any = Emitted(_integer_at)
copy_words: Any = Emitted(_copy_words)


@compiled
def _combine(table, code, a, b, to, number):
    """Of whole rows. `number` is the address of a float, where the code needs one."""
    invoke(table[Loop.COMBINE], code, a, b, to, table[Header.VECTORS], number, 0, 0)


@compiled
def address(table, channel, q):
    """Of row q of a channel."""
    entry = table[Header.CHANNELS_AT] + channel * CHANNEL_COLUMNS
    base = table[Header.PRIVATE_AT + table[entry + Channels.SPACE]] + table[entry + Channels.OFFSET]
    return base + (q & table[entry + Channels.MASK]) * table[Header.STRIDE]


@compiled
def locate_taps(table, first, count, q):
    """Notes the address that each tap reads from when row q is computed."""
    to, tap = table[Header.ADDRESSES_AT] + first, table[Header.TAPS_AT] + first * TAP_COLUMNS
    stride = table[Header.STRIDE]
    for t in range(count):
        row = (q + table[tap + Taps.ROW]) & table[tap + Taps.MASK]
        table[to + t] = table[Header.PRIVATE_AT + table[tap + Taps.SPACE]] + table[tap + Taps.OFFSET] + row * stride
        tap += TAP_COLUMNS


@compiled
def embed(table, step, q):
    table[Header.ROW_Y_AT] = table[Header.YS_AT] + q * 8
    for c in range(table[step + Steps.CHANNELS]):
        channel, to_x, to_y = table[step + Steps.TARGET] + c, 0, 0
        if table[Header.PARTS] == 3:
            to_x = address(table, channel + table[Header.CHANNEL_COUNT], q)
            to_y = address(table, channel + 2 * table[Header.CHANNEL_COUNT], q)
        invoke(
            table[Loop.EMBED],
            integer_at(table[Header.KINDS_AT] + c * 8),
            table.ctypes.data + Header.X_AT * 8,
            table[Header.COEFFICIENTS_AT] + c * 24,
            address(table, channel, q),
            to_x,
            to_y,
            table[Header.VECTORS],
            0,
        )


@compiled
def convolution(table, step, q):
    """P0 first group, P1 groups, P2 first tap, P3 taps (0 where no tap ever moves), OTHER 1 for a relu after it."""
    last = table[Header.WEIGHTS_AT] + table[step + Steps.OTHER] * table[Header.SIZE]
    for part in range(table[Header.PARTS]):
        if table[step + Steps.P3] > 0:
            locate_taps(table, table[step + Steps.P2] + part * table[Header.TAP_COUNT], table[step + Steps.P3], q)
        first = table[step + Steps.P0] + part * table[Header.GROUP_COUNT]
        for g in range(first, first + table[step + Steps.P1]):
            group = table[Header.GROUPS_AT] + g * GROUP_COLUMNS
            kernel = table[Loop.CONVOLVE]
            if part > 0 and table[step + Steps.OTHER] == 1:
                kernel = table[Loop.CONVOLVE_GATED]
                last = address(table, table[group + Groups.FIRST_CHANNEL] - part * table[Header.CHANNEL_COUNT], q)
            invoke(
                kernel,
                table[group + Groups.OUTPUTS],
                table.ctypes.data + (table[Header.ADDRESSES_AT] + table[group + Groups.FIRST_TAP]) * 8,
                table[group + Groups.TAPS],
                table[Header.WEIGHTS_AT] + table[group + Groups.WEIGHTS],
                address(table, table[group + Groups.FIRST_CHANNEL], q),
                table[group + Groups.SPACING],
                table[Header.VECTORS],
                last,
            )


@compiled
def activation(table, step, q):
    """P0 code, P1 where in weights the parameters of the channels lie, P2 channels that lie end to end and share one.

    With tangents TARGET is SOURCE.
    """
    run, count = table[step + Steps.P2], table[Header.CHANNEL_COUNT]
    vectors = run * table[Header.VECTORS]
    for c in range(0, table[step + Steps.CHANNELS], run):
        parameter = table[Header.WEIGHTS_AT] + table[step + Steps.P1] + c * table[Header.SIZE]
        to = table[step + Steps.TARGET] + c
        z = address(table, to, q)
        if table[Header.PARTS] == 1:
            source = address(table, table[step + Steps.SOURCE] + c, q)
            invoke(table[Loop.ACTIVATE], table[step + Steps.P0], source, z, vectors, parameter, 0, 0, 0)
        else:
            zx, zy = address(table, to + count, q), address(table, to + 2 * count, q)
            invoke(table[Loop.ACTIVATE_TANGENTS], table[step + Steps.P0], z, zx, zy, vectors, parameter, 0, 0)


@compiled
def _each(table, code, a, b, to, q):
    """`combine` of channels a and b into `to`, with tangents of all three parts alike."""
    for part in range(table[Header.PARTS]):
        shift = part * table[Header.CHANNEL_COUNT]
        first, second = address(table, a + shift, q), address(table, b + shift, q)
        _combine(table, code, first, second, address(table, to + shift, q), table[Header.WEIGHTS_AT])


@compiled
def _beside(table, channel, q, offset, down):
    """Address of row q of a channel, as it is `offset` pixels further down, or along the row."""
    if down == 1:
        return address(table, channel, q + offset)
    return address(table, channel, q) + offset * table[Header.SIZE]


@compiled
def sum_of(table, step, q):
    """TARGET = SOURCE + OTHER, at their offsets P0 and P1, P2 as `_beside`; over what is at P3 of weights, if any."""
    first, second, down = table[step + Steps.P0], table[step + Steps.P1], table[step + Steps.P2]
    for part in range(table[Header.PARTS]):
        for c in range(table[step + Steps.CHANNELS]):
            shift = part * table[Header.CHANNEL_COUNT] + c
            a = _beside(table, table[step + Steps.SOURCE] + shift, q, first, down)
            b = _beside(table, table[step + Steps.OTHER] + shift, q, second, down)
            to = address(table, table[step + Steps.TARGET] + shift, q)
            _combine(table, Formula.PLUS, a, b, to, table[Header.WEIGHTS_AT])
            if table[step + Steps.P3] > 0:
                _combine(table, Formula.OVER_NUMBER, to, to, to, table[Header.WEIGHTS_AT] + table[step + Steps.P3])


@compiled
def larger_of(table, step, q):
    """TARGET is the larger of SOURCE and OTHER at their offsets P0 and P1, P2 as `_beside`. NaN stays NaN.

    Where they are equal it is SOURCE, whose tangents are taken then.
    """
    first, second, down = table[step + Steps.P0], table[step + Steps.P1], table[step + Steps.P2]
    count, number = table[Header.CHANNEL_COUNT], table[Header.WEIGHTS_AT]
    for c in range(table[step + Steps.CHANNELS]):
        a, b, to = table[step + Steps.SOURCE] + c, table[step + Steps.OTHER] + c, table[step + Steps.TARGET] + c
        z, best = _beside(table, b, q, second, down), address(table, to, q)
        if table[Header.PARTS] == 1:
            _combine(table, Formula.LARGER, _beside(table, a, q, first, down), z, best, number)
            continue
        for part in range(3):
            here = _beside(table, a + part * count, q, first, down)
            _combine(table, Formula.ASSIGN, here, here, address(table, to + part * count, q), number)
        zx, zy = _beside(table, b + count, q, second, down), _beside(table, b + 2 * count, q, second, down)
        best_x, best_y = address(table, to + count, q), address(table, to + 2 * count, q)
        invoke(table[Loop.TAKE_LARGER], z, zx, zy, best, best_x, best_y, table[Header.VECTORS], 0)


@compiled
def _keep_larger(table, source, to, q, first):
    """Channel `to` becomes the larger of itself and `source`."""
    count, number = table[Header.CHANNEL_COUNT], table[Header.WEIGHTS_AT]
    z, best = address(table, source, q), address(table, to, q)
    if table[Header.PARTS] == 1:
        _combine(table, Formula.ASSIGN if first else Formula.LARGER, z if first else best, z, best, number)
    else:
        zx = address(table, source + count, q)
        zy = address(table, source + 2 * count, q)
        best_x, best_y = address(table, to + count, q), address(table, to + 2 * count, q)
        if first:
            _combine(table, Formula.ASSIGN, z, z, best, number)
            _combine(table, Formula.ASSIGN, zx, zx, best_x, number)
            _combine(table, Formula.ASSIGN, zy, zy, best_y, number)
        else:
            invoke(table[Loop.TAKE_LARGER], z, zx, zy, best, best_x, best_y, table[Header.VECTORS], 0)


@compiled
def largest_piece(table, step, q):
    """P0 pieces. The tangent is that of the first piece that is largest."""
    pieces = table[step + Steps.P0]
    for c in range(table[step + Steps.CHANNELS]):
        for piece in range(pieces):
            source, to = table[step + Steps.SOURCE] + c * pieces + piece, table[step + Steps.TARGET] + c
            _keep_larger(table, source, to, q, piece == 0)


@compiled
def add(table, step, q):
    """TARGET = SOURCE + OTHER."""
    for c in range(table[step + Steps.CHANNELS]):
        a, b, to = table[step + Steps.SOURCE] + c, table[step + Steps.OTHER] + c, table[step + Steps.TARGET] + c
        _each(table, Formula.PLUS, a, b, to, q)


@compiled
def copy(table, step, q):
    for c in range(table[step + Steps.CHANNELS]):
        a, to = table[step + Steps.SOURCE] + c, table[step + Steps.TARGET] + c
        _each(table, Formula.ASSIGN, a, a, to, q)


@compiled
def multiply(table, step, q):
    """TARGET = SOURCE times OTHER; TARGET may be SOURCE. P0 is a scratch channel."""
    number, count = table[Header.WEIGHTS_AT], table[Header.CHANNEL_COUNT]
    for c in range(table[step + Steps.CHANNELS]):
        a, b, to = table[step + Steps.SOURCE] + c, table[step + Steps.OTHER] + c, table[step + Steps.TARGET] + c
        first, second, target = address(table, a, q), address(table, b, q), address(table, to, q)
        if table[Header.PARTS] == 3:
            scratch = address(table, table[step + Steps.P0], q)
            for part in range(1, 3):
                shift = part * count
                slope_a, slope_b = address(table, a + shift, q), address(table, b + shift, q)
                _combine(table, Formula.TIMES, slope_a, second, scratch, number)
                _combine(table, Formula.TIMES_PLUS, first, slope_b, scratch, number)
                _combine(table, Formula.ASSIGN, scratch, scratch, address(table, to + shift, q), number)
        _combine(table, Formula.TIMES, first, second, target, number)


@compiled
def layer_normalise(table, step, q):
    """P0 where in weights the scales lie, then the shifts, eps, channels; OTHER is the first of 4 scratch channels."""
    n, size, scratch = table[step + Steps.CHANNELS], table[Header.SIZE], table[step + Steps.OTHER]
    weights = table[Header.WEIGHTS_AT] + table[step + Steps.P0]
    number = weights + (2 * n + 1) * size
    mean, rate = address(table, scratch, q), address(table, scratch + 1, q)
    aligned, rest = address(table, scratch + 2, q), address(table, scratch + 3, q)
    for c in range(n):
        source = address(table, table[step + Steps.SOURCE] + c, q)
        _combine(table, Formula.ASSIGN if c == 0 else Formula.PLUS, source, mean, mean, number)
    _combine(table, Formula.OVER_NUMBER, mean, mean, mean, number)
    for c in range(n):
        source = address(table, table[step + Steps.SOURCE] + c, q)
        to = address(table, table[step + Steps.TARGET] + c, q)
        _combine(table, Formula.MINUS, source, mean, to, number)
        _combine(table, Formula.TIMES if c == 0 else Formula.TIMES_PLUS, to, to, rate, number)
    _combine(table, Formula.OVER_NUMBER, rate, rate, rate, number)
    _combine(table, Formula.RATE, rate, rate, rate, weights + 2 * n * size)
    for c in range(n):
        to = address(table, table[step + Steps.TARGET] + c, q)
        _combine(table, Formula.TIMES, to, rate, to, number)
    if table[Header.PARTS] == 3:
        for part in range(1, 3):
            shift = part * table[Header.CHANNEL_COUNT]
            for c in range(n):
                slope = address(table, table[step + Steps.SOURCE] + shift + c, q)
                unit = address(table, table[step + Steps.TARGET] + c, q)
                _combine(table, Formula.ASSIGN if c == 0 else Formula.PLUS, slope, mean, mean, number)
                _combine(table, Formula.TIMES if c == 0 else Formula.TIMES_PLUS, slope, unit, aligned, number)
            for c in range(n):
                slope = address(table, table[step + Steps.SOURCE] + shift + c, q)
                unit = address(table, table[step + Steps.TARGET] + c, q)
                to = address(table, table[step + Steps.TARGET] + shift + c, q)
                _combine(table, Formula.ASSIGN, mean, mean, rest, number)
                _combine(table, Formula.TIMES_PLUS, unit, aligned, rest, number)
                _combine(table, Formula.OVER_NUMBER, rest, rest, rest, number)
                _combine(table, Formula.MINUS, slope, rest, to, number)
                _combine(table, Formula.TIMES, to, rate, to, number)
                _combine(table, Formula.TIMES_NUMBER, to, to, to, weights + c * size)
    for c in range(n):
        to = address(table, table[step + Steps.TARGET] + c, q)
        _combine(table, Formula.TIMES_NUMBER, to, to, to, weights + c * size)
        _combine(table, Formula.PLUS_NUMBER, to, to, to, weights + (n + c) * size)
