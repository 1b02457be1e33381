"""More compiled kernels: what is done to rows besides convolution and activation. See kernels.py for the conventions."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from netwarp.engine.functions import wave
from netwarp.engine.kernels import int_constant, switch
from netwarp.engine.lanes import I64, Kind, Lanes, Vector, counted
from netwarp.network.program import LINEAR, RADIUS

# codes of `combine`
ASSIGN, PLUS, TIMES, TIMES_PLUS, MINUS, LARGER, OVER_NUMBER, RATE, TIMES_NUMBER, PLUS_NUMBER = range(10)

# sums over a row use this many accumulators on every machine: their bits do not depend on its vectors, nor the time on latency
SUM_LANES = 32


@intrinsic  # type: ignore[untyped-decorator]
def number_at(context: Any, address: Any, like: Any) -> Any:
    """The float at an address."""

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        return b.load(b.inttoptr(args[0], Kind(like.bitwidth).scalar.as_pointer()))

    return like(types.int64, like), codegen


@intrinsic  # type: ignore[untyped-decorator]
def integer_at(context: Any, address: Any) -> Any:
    """The int64 at an address."""

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        return b.load(b.inttoptr(args[0], I64.as_pointer()))

    return types.int64(types.int64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def combine(context: Any, code: Any, a: Any, b: Any, to: Any, vectors: Any, number: Any) -> Any:
    """`to` becomes a, a + b, a b, a b + to, a - b, max(a, b), a / number, 1 / sqrt(a + number), a number or a + number."""
    kind = Kind(number.bitwidth)

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, vectors, number = args[0], args[4], args[5]
        first, second, target = (builder.inttoptr(x, kind.scalar.as_pointer()) for x in args[1:4])
        v = Lanes(builder, kind)
        n = v.splat(number)
        formulas = {
            ASSIGN: lambda a, b, to: a(),
            PLUS: lambda a, b, to: a() + b(),
            TIMES: lambda a, b, to: a() * b(),
            TIMES_PLUS: lambda a, b, to: v.fma(a(), b(), to()),
            MINUS: lambda a, b, to: a() - b(),
            LARGER: lambda a, b, to: a().where(_exceeds(b(), a()), b()),
            OVER_NUMBER: lambda a, b, to: a() / n,
            RATE: lambda a, b, to: 1.0 / (a() + n).sqrt(),
            TIMES_NUMBER: lambda a, b, to: a() * n,
            PLUS_NUMBER: lambda a, b, to: a() + n,
        }

        def emit(formula: Any) -> None:
            def one(i: Any, _: list[Any]) -> list[Any]:
                at = builder.mul(i, int_constant(kind.lanes))
                places = [builder.gep(row, [at]) for row in (first, second, target)]
                v.store(formula(*(lambda place=place: v.load(place) for place in places)), places[2])
                return []

            counted(builder, vectors, one)

        switch(builder, code, [lambda f=formulas[code]: emit(f) for code in range(len(formulas))])
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5, number), codegen


def _exceeds(new: Vector, old: Vector) -> Any:
    """Mask: `new` is larger, or a NaN where `old` is none."""
    builder = new.lanes.builder
    return builder.and_(
        builder.fcmp_unordered(">", new.value, old.value), builder.fcmp_ordered("==", old.value, old.value)
    )


@intrinsic  # type: ignore[untyped-decorator]
def take_larger(
    context: Any, z: Any, zx: Any, zy: Any, best: Any, best_x: Any, best_y: Any, vectors: Any, like: Any
) -> Any:
    """Where z exceeds best, it and its tangents take the place of best and its tangents."""
    kind = Kind(like.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        v = Lanes(b, kind)
        rows = [b.inttoptr(a, kind.scalar.as_pointer()) for a in args[:6]]

        def one(i: Any, _: list[Any]) -> list[Any]:
            at = b.mul(i, int_constant(kind.lanes))
            places = [b.gep(row, [at]) for row in rows]
            values = [v.load(place) for place in places]
            mask = _exceeds(values[0], values[3])
            for part in range(3):
                v.store(values[3 + part].where(mask, values[part]), places[3 + part])
            return []

        counted(b, args[6], one)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7, like), codegen


@intrinsic  # type: ignore[untyped-decorator]
def embed_row(
    context: Any, kind_code: Any, points: Any, coefficients: Any, to: Any, to_x: Any, to_y: Any, vectors: Any, like: Any
) -> Any:
    """One input channel of a row, computed in float64. to_x and to_y are 0 where no tangents are wanted.

    points: address of three addresses: of x, of what is added to the row's y, and of the row's y.
    """
    kind = Kind(like.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        code, points, coefficients, to, to_x, to_y, vectors, _ = args
        narrow = Lanes(b, kind)
        wide = Lanes(b, Kind(64), kind.lanes)
        double = ir.DoubleType().as_pointer()
        table = b.inttoptr(points, I64.as_pointer())
        xs, ys, row = (b.inttoptr(b.load(b.gep(table, [int_constant(n)])), double) for n in range(3))
        abc = b.inttoptr(coefficients, double)
        slope_x, slope_y, constant = (wide.load_splat(b.gep(abc, [int_constant(n)])) for n in range(3))
        row_y = wide.load_splat(row)
        tangents = b.icmp_signed("!=", to_x, int_constant(0))

        def emit(which: int) -> None:
            def one(i: Any, _: list[Any]) -> list[Any]:
                at = b.mul(i, int_constant(kind.lanes))

                def put(row: Any, value: Vector) -> None:
                    narrow.store(narrow.converted(value), b.gep(b.inttoptr(row, kind.scalar.as_pointer()), [at]))

                x, y = wide.load(b.gep(xs, [at])), wide.load(b.gep(ys, [at])) + row_y
                if which == RADIUS:
                    value = (x * x + y * y).sqrt()
                    around = value.where(value < 5e-324, 1.0)
                    dx, dy = x / around, y / around
                else:
                    value = slope_x * x + slope_y * y + constant
                    dx, dy = slope_x, slope_y
                    if which != LINEAR:
                        cosine = wave(wide, value, 0.5)
                        value, dx, dy = wave(wide, value, 0.0), slope_x * cosine, slope_y * cosine
                put(to, value)
                with b.if_then(tangents):
                    put(to_x, dx)
                    put(to_y, dy)
                return []

            counted(b, vectors, one)

        switch(b, code, [lambda which=which: emit(which) for which in range(3)])
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7, like), codegen


@intrinsic  # type: ignore[untyped-decorator]
def add_row(context: Any, row: Any, count: Any, out: Any) -> Any:
    """Of `count` float64 values: out[0] their sum, out[1] the sum of squares of what they differ from their mean.

    Each value is added to its mirror image in the row first, so that values antisymmetric about the middle of a picture
    give row sums that are exactly opposite.
    """
    kind = Kind(64)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        row, count, out = args
        many, single = Lanes(b, kind, SUM_LANES), Lanes(b, kind, 1)
        start, target = (b.inttoptr(a, kind.scalar.as_pointer()) for a in (row, out))
        vectors = b.sdiv(count, int_constant(SUM_LANES))
        covered = b.mul(vectors, int_constant(SUM_LANES))

        def total(term: Any) -> Vector:
            """Over the row: in SUM_LANES sums, these in order, then what is left of the row."""

            def step(i: Any, phis: list[Any]) -> list[Any]:
                return [(Vector(many, phis[0]) + term(many, b.mul(i, int_constant(SUM_LANES)))).value]

            def last(i: Any, phis: list[Any]) -> list[Any]:
                return [(Vector(single, phis[0]) + term(single, b.add(i, covered))).value]

            sums = counted(b, vectors, step, [many.constant(0.0).value])[0]
            all_lanes = single.constant(0.0)
            for lane in range(SUM_LANES):
                all_lanes = all_lanes + single.splat(b.extract_element(sums, ir.Constant(ir.IntType(32), lane)))
            return Vector(single, counted(b, b.sub(count, covered), last, [all_lanes.value])[0])

        def pair(lanes: Lanes, at: Any) -> Vector:
            mirror = b.sub(b.sub(count, int_constant(lanes.lanes)), at)
            return lanes.load(b.gep(start, [at])) + lanes.reversed(lanes.load(b.gep(start, [mirror])))

        doubled = total(pair)
        number = single.splat(b.sitofp(count, kind.scalar))
        mean = b.extract_element((doubled * 0.5 / number).value, ir.Constant(ir.IntType(32), 0))

        def square(lanes: Lanes, at: Any) -> Vector:
            rest = lanes.load(b.gep(start, [at])) - lanes.splat(mean)
            return rest * rest

        single.store(doubled * 0.5, target)
        single.store(total(square), b.gep(target, [int_constant(1)]))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), codegen


@intrinsic  # type: ignore[untyped-decorator]
def copy_run(context: Any, source: Any, to: Any, count: Any, like: Any) -> Any:
    """`count` floats from one address to another."""
    kind = Kind(like.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        source, to = (b.inttoptr(a, kind.scalar.as_pointer()) for a in args[:2])
        v = Lanes(b, kind)
        vectors = b.sdiv(args[2], int_constant(kind.lanes))
        covered = b.mul(vectors, int_constant(kind.lanes))

        def many(i: Any, _: list[Any]) -> list[Any]:
            at = b.mul(i, int_constant(kind.lanes))
            v.store(v.load(b.gep(source, [at])), b.gep(to, [at]))
            return []

        def single(i: Any, _: list[Any]) -> list[Any]:
            at = b.add(i, covered)
            b.store(b.load(b.gep(source, [at])), b.gep(to, [at]))
            return []

        counted(b, vectors, many)
        counted(b, b.sub(args[2], covered), single)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3, like), codegen


@intrinsic  # type: ignore[untyped-decorator]
def scatter(context: Any, source: Any, core: Any, columns: Any, to: Any, count: Any, like: Any) -> Any:
    """to[columns[i]] = source[core[i]] for i < count; core and columns are int64."""
    kind = Kind(like.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        source, to = (b.inttoptr(args[n], kind.scalar.as_pointer()) for n in (0, 3))
        core, columns = (b.inttoptr(args[n], I64.as_pointer()) for n in (1, 2))

        def one(i: Any, _: list[Any]) -> list[Any]:
            value = b.load(b.gep(source, [b.load(b.gep(core, [i]))]))
            b.store(value, b.gep(to, [b.load(b.gep(columns, [i]))]))
            return []

        counted(b, args[4], one)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5, like), codegen


@intrinsic  # type: ignore[untyped-decorator]
def fill(context: Any, to: Any, source: Any, count: Any, like: Any) -> Any:
    """`count` times the float at `source`, from `to` on."""
    kind = Kind(like.bitwidth)

    def codegen(context: Any, b: Any, signature: Any, args: Any) -> Any:
        to, source = (b.inttoptr(args[n], kind.scalar.as_pointer()) for n in (0, 1))
        value = b.load(source)

        def one(i: Any, _: list[Any]) -> list[Any]:
            b.store(value, b.gep(to, [i]))
            return []

        counted(b, args[2], one)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3, like), codegen
