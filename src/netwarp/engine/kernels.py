"""The compiled inner loops: LLVM vector code emitted through numba's `intrinsic`. Private; addresses in, nothing out.

Every kernel works on rows of floats by their addresses (int64, bytes). The float type is that of the last argument; rows are
a whole number of vectors long: what lies past a picture's edge is computed too and never read as a result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from netwarp.engine.functions import FORMULAS
from netwarp.engine.lanes import I64, TILE_VECTORS, Kind, Lanes, Vector, counted

# outputs computed together: with TILE_VECTORS vectors each, as many accumulators as the registers hold
GROUP = 6


def int_constant(n: int) -> Any:
    return ir.Constant(I64, n)


def switch(builder: Any, code: Any, emitters: list[Callable[[], None]]) -> None:
    """Emits a jump to the emitter whose number `code` is; the last one serves all other codes too."""
    start = builder.block
    blocks = [builder.append_basic_block() for _ in emitters]
    after = builder.append_basic_block()
    for block, emit in zip(blocks, emitters, strict=True):
        builder.position_at_end(block)
        emit()
        builder.branch(after)
    builder.position_at_end(start)
    jump = builder.switch(code, blocks[-1])
    for n, block in enumerate(blocks[:-1]):
        jump.add_case(int_constant(n), block)
    builder.position_at_end(after)


@intrinsic  # type: ignore[untyped-decorator]
def convolve(
    context: Any, outputs: Any, offsets: Any, taps: Any, w: Any, y: Any, stride: Any, vectors: Any, floor: Any
) -> Any:
    """1..GROUP rows y = max(bias + sum over taps of w x, floor), each `vectors` vectors long.

    offsets: address of the `taps` addresses of the rows read. w: address of the biases, then of one weight an output a tap.
    y: address of the first output's row; the others follow `stride` bytes apart.
    """
    kind = Kind(floor.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        outputs, offsets, taps, w, y, stride, vectors, floor = args
        v = Lanes(b, kind)
        pointer, vector_bytes = kind.scalar.as_pointer(), kind.lanes * kind.size
        table, bias = b.inttoptr(offsets, I64.as_pointer()), b.inttoptr(w, pointer)
        low = v.splat(floor)

        def tile(group: int, width: int, start: Any) -> None:
            """`group` outputs x `width` vectors, accumulated in registers; `start` in bytes from the rows' beginning."""
            sums = [v.load_splat(b.gep(bias, [int_constant(o)])).value for o in range(group) for _ in range(width)]

            def one_tap(t: Any, phis: list[Any]) -> list[Any]:
                weights, sums = phis[0], phis[1:]
                row = b.inttoptr(b.add(start, b.load(b.gep(table, [t]))), pointer)
                xs = [v.load(b.gep(row, [int_constant(i * kind.lanes)])) for i in range(width)]
                new = []
                for o in range(group):
                    weight = v.load_splat(b.gep(weights, [int_constant(o)]))
                    new += [v.fma(weight, xs[i], Vector(v, sums[o * width + i])).value for i in range(width)]
                return [b.gep(weights, [int_constant(group)]), *new]

            sums = counted(b, taps, one_tap, [b.gep(bias, [int_constant(group)]), *sums])[1:]
            for o in range(group):
                row = b.inttoptr(b.add(b.add(y, start), b.mul(stride, int_constant(o))), pointer)
                for i in range(width):
                    v.store(Vector(v, sums[o * width + i]).at_least(low), b.gep(row, [int_constant(i * kind.lanes)]))

        def rows(group: int) -> None:
            tiles = b.sdiv(vectors, int_constant(TILE_VECTORS))
            covered = b.mul(tiles, int_constant(TILE_VECTORS))

            def full(i: Any, _: list[Any]) -> list[Any]:
                tile(group, TILE_VECTORS, b.mul(i, int_constant(TILE_VECTORS * vector_bytes)))
                return []

            def rest(i: Any, _: list[Any]) -> list[Any]:
                tile(group, 1, b.mul(b.add(i, covered), int_constant(vector_bytes)))
                return []

            counted(b, tiles, full)
            counted(b, b.sub(vectors, covered), rest)

        emitters = [lambda group=group: rows(group) for group in range(1, GROUP + 1)]
        switch(b, b.sub(outputs, int_constant(1)), emitters)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7, floor), codegen


@intrinsic  # type: ignore[untyped-decorator]
def activate(context: Any, code: Any, x: Any, y: Any, vectors: Any, parameter: Any) -> Any:
    """y = f(x) for `vectors` vectors, f by its code in `functions.CODES`; y may be x."""
    kind = Kind(parameter.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        code, x, y, vectors, parameter = args
        v = Lanes(b, kind)
        p = v.splat(parameter)
        source, target = (b.inttoptr(a, kind.scalar.as_pointer()) for a in (x, y))

        def rows(formula: Any) -> None:
            def one(i: Any, _: list[Any]) -> list[Any]:
                at = b.mul(i, int_constant(kind.lanes))
                value, _derivative = formula(v, v.load(b.gep(source, [at])), p)
                v.store(value, b.gep(target, [at]))
                return []

            counted(b, vectors, one)

        switch(b, code, [lambda formula=formula: rows(formula) for formula in FORMULAS.values()])
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, parameter), codegen


@intrinsic  # type: ignore[untyped-decorator]
def activate_tangents(context: Any, code: Any, z: Any, zx: Any, zy: Any, vectors: Any, parameter: Any) -> Any:
    """z, zx, zy become f(z), f'(z) zx, f'(z) zy in place."""
    kind = Kind(parameter.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        code, vectors, parameter = args[0], args[4], args[5]
        v = Lanes(b, kind)
        p = v.splat(parameter)
        rows = [b.inttoptr(a, kind.scalar.as_pointer()) for a in args[1:4]]

        def emit(formula: Any) -> None:
            def one(i: Any, _: list[Any]) -> list[Any]:
                at = b.mul(i, int_constant(kind.lanes))
                value_at, x_at, y_at = (b.gep(row, [at]) for row in rows)
                value, derivative = formula(v, v.load(value_at), p)
                slope = derivative()
                v.store(value, value_at)
                v.store(v.load(x_at) * slope, x_at)
                v.store(v.load(y_at) * slope, y_at)
                return []

            counted(b, vectors, one)

        switch(b, code, [lambda formula=formula: emit(formula) for formula in FORMULAS.values()])
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5, parameter), codegen
