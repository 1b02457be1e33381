"""The inner loops: vector code emitted with LLVM's instruction builder. Private; addresses in, nothing out.

An emitter takes the builder, the kind of float, and eight int64 values, of which its docstring names the first ones. A
row of floats is given by its address and is a whole number of vectors long: what lies past a picture's edge is computed
too and never read as a result. `compiled.py` makes functions of the emitters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from llvmlite import ir

from netwarp.activations.face import Face
from netwarp.activations.registry import FACES
from netwarp.engine.functions import LaneOps
from netwarp.engine.lanes import I64, TILE_VECTORS, Kind, Lanes, Vector, counted

# outputs computed together: with TILE_VECTORS vectors each, as many accumulators as the registers hold
GROUP = 6


def whole(n: int) -> Any:
    """An int64 constant."""
    return ir.Constant(I64, n)


def floats(b: Any, kind: Kind, *addresses: Any) -> list[Any]:
    """Pointers to floats of the kind."""
    return [b.inttoptr(address, kind.scalar.as_pointer()) for address in addresses]


def each_vector(b: Any, kind: Kind, vectors: Any, body: Callable[[Any], None]) -> None:
    """Emits a loop over the vectors of a row; `body` is given where one starts, in floats."""

    def one(i: Any, _: list[Any]) -> list[Any]:
        body(b.mul(i, whole(kind.lanes)))
        return []

    counted(b, vectors, one)


def switch(b: Any, code: Any, emitters: list[Callable[[], None]]) -> None:
    """Emits a jump to the emitter whose number `code` is; the last one serves all other codes too."""
    start = b.block
    blocks = [b.append_basic_block() for _ in emitters]
    after = b.append_basic_block()
    for block, emit in zip(blocks, emitters, strict=True):
        b.position_at_end(block)
        emit()
        b.branch(after)
    b.position_at_end(start)
    jump = b.switch(code, blocks[-1])
    for n, block in enumerate(blocks[:-1]):
        jump.add_case(whole(n), block)
    b.position_at_end(after)


def convolve(b: Any, kind: Kind, args: list[Any]) -> None:
    """outputs, offsets, taps, w, y, stride, vectors, floor: 1..GROUP rows y = max(bias + sum over taps of w x, floor).

    offsets: address of the `taps` addresses of the rows read. w: address of the biases, then of one weight an output a
    tap. y: address of the first output's row; the others follow `stride` bytes apart. floor: address of a float.
    """
    low = floats(b, kind, args[7])[0]
    _convolve(b, kind, args, lambda v, total, _: total.at_least(v.load_splat(low)))


def convolve_gated(b: Any, kind: Kind, args: list[Any]) -> None:
    """As `convolve`, without a floor, but with the address of rows like y's: where these are not positive, y is 0.

    So a tangent passes a relu: the rows are the relu's values.
    """

    def gate(v: Lanes, total: Vector, at: Any) -> Vector:
        value = v.load(floats(b, kind, b.add(args[7], at))[0])
        return v.constant(0.0).where(value > 0.0, total)

    _convolve(b, kind, args, gate)


def _convolve(b: Any, kind: Kind, args: list[Any], finish: Callable[[Lanes, Vector, Any], Vector]) -> None:
    """`finish` makes of a total what is stored; it is told how many bytes after y that is."""
    outputs, offsets, taps, w, y, stride, vectors = args[:7]
    v = Lanes(b, kind)
    vector_bytes = kind.lanes * kind.size
    table, bias = b.inttoptr(offsets, I64.as_pointer()), floats(b, kind, w)[0]

    def tile(group: int, width: int, start: Any) -> None:
        """`group` outputs x `width` vectors, accumulated in registers; `start` in bytes from the rows' beginning."""
        sums = [v.load_splat(b.gep(bias, [whole(o)])).value for o in range(group) for _ in range(width)]

        def one_tap(t: Any, phis: list[Any]) -> list[Any]:
            weights, sums = phis[0], phis[1:]
            row = floats(b, kind, b.add(start, b.load(b.gep(table, [t]))))[0]
            xs = [v.load(b.gep(row, [whole(i * kind.lanes)])) for i in range(width)]
            new = []
            for o in range(group):
                weight = v.load_splat(b.gep(weights, [whole(o)]))
                new += [v.fma(weight, xs[i], Vector(v, sums[o * width + i])).value for i in range(width)]
            return [b.gep(weights, [whole(group)]), *new]

        sums = counted(b, taps, one_tap, [b.gep(bias, [whole(group)]), *sums])[1:]
        for o in range(group):
            row = floats(b, kind, b.add(b.add(y, start), b.mul(stride, whole(o))))[0]
            for i in range(width):
                at = b.add(b.add(start, b.mul(stride, whole(o))), whole(i * vector_bytes))
                v.store(finish(v, Vector(v, sums[o * width + i]), at), b.gep(row, [whole(i * kind.lanes)]))

    def rows(group: int) -> None:
        tiles = b.sdiv(vectors, whole(TILE_VECTORS))
        covered = b.mul(tiles, whole(TILE_VECTORS))

        def full(i: Any, _: list[Any]) -> list[Any]:
            tile(group, TILE_VECTORS, b.mul(i, whole(TILE_VECTORS * vector_bytes)))
            return []

        def rest(i: Any, _: list[Any]) -> list[Any]:
            tile(group, 1, b.mul(b.add(i, covered), whole(vector_bytes)))
            return []

        counted(b, tiles, full)
        counted(b, b.sub(vectors, covered), rest)

    switch(b, b.sub(outputs, whole(1)), [partial(rows, group) for group in range(1, GROUP + 1)])


def activate(b: Any, kind: Kind, args: list[Any]) -> None:
    """code, x, y, vectors, parameter: y = f(x), f by its code in `registry.CODES`; y may be x.

    parameter: address of a float.
    """
    v = Lanes(b, kind)
    x, y, parameter = floats(b, kind, args[1], args[2], args[4])
    p = v.load_splat(parameter)

    ops = LaneOps(v)

    def rows(face: Face) -> None:
        def one(at: Any) -> None:
            v.store(face.value(ops, v.load(b.gep(x, [at])), p), b.gep(y, [at]))

        each_vector(b, kind, args[3], one)

    switch(b, args[0], [partial(rows, face) for face in FACES.values()])


def activate_tangents(b: Any, kind: Kind, args: list[Any]) -> None:
    """code, z, zx, zy, vectors, parameter: z, zx, zy become f(z), f'(z) zx, f'(z) zy in place."""
    v = Lanes(b, kind)
    *rows, parameter = floats(b, kind, *args[1:4], args[5])
    p = v.load_splat(parameter)

    ops = LaneOps(v)

    def emit(face: Face) -> None:
        def one(at: Any) -> None:
            value_at, x_at, y_at = (b.gep(row, [at]) for row in rows)
            value, derivative = face.at(ops, v.load(value_at), p)
            slope = derivative()
            v.store(value, value_at)
            v.store(v.load(x_at) * slope, x_at)
            v.store(v.load(y_at) * slope, y_at)

        each_vector(b, kind, args[4], one)

    switch(b, args[0], [partial(emit, face) for face in FACES.values()])
