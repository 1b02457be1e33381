"""What is done to rows besides convolution and activation: more emitters, by the conventions of kernels.py."""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from typing import Any

from llvmlite import ir

from netwarp.engine.functions import wave
from netwarp.engine.kernels import each_vector, floats, switch, whole
from netwarp.engine.lanes import I64, Kind, Lanes, Vector, counted
from netwarp.network.program import LINEAR, RADIUS


class Formula(IntEnum):
    """What `combine` makes of rows."""

    ASSIGN, PLUS, TIMES, TIMES_PLUS, MINUS, LARGER, OVER_NUMBER, RATE, TIMES_NUMBER, PLUS_NUMBER = range(10)


# sums over a row use this many accumulators on every machine: their bits do not depend on its vectors, nor the time on
# latency
SUM_LANES = 32
# rows that are added up together
SUM_ROWS = 5


def combine(b: Any, kind: Kind, args: list[Any]) -> None:
    """code, x, y, to, vectors, number: `to` becomes what the code, a Formula, says of rows x, y, to and a number.

    number: address of a float.
    """
    v = Lanes(b, kind)
    first, second, target, number = floats(b, kind, *args[1:4], args[5])
    n = v.load_splat(number)
    formulas = {
        Formula.ASSIGN: lambda x, y, to: x(),
        Formula.PLUS: lambda x, y, to: x() + y(),
        Formula.TIMES: lambda x, y, to: x() * y(),
        Formula.TIMES_PLUS: lambda x, y, to: v.fma(x(), y(), to()),
        Formula.MINUS: lambda x, y, to: x() - y(),
        Formula.LARGER: lambda x, y, to: x().where(_exceeds(y(), x()), y()),
        Formula.OVER_NUMBER: lambda x, y, to: x() / n,
        Formula.RATE: lambda x, y, to: 1.0 / (x() + n).sqrt(),
        Formula.TIMES_NUMBER: lambda x, y, to: x() * n,
        Formula.PLUS_NUMBER: lambda x, y, to: x() + n,
    }

    def emit(formula: Any) -> None:
        def one(at: Any) -> None:
            places = [b.gep(row, [at]) for row in (first, second, target)]
            v.store(formula(*(lambda place=place: v.load(place) for place in places)), places[2])

        each_vector(b, kind, args[4], one)

    switch(b, args[0], [partial(emit, formulas[code]) for code in Formula])


def _exceeds(new: Vector, old: Vector) -> Any:
    """Mask: `new` is larger, or a NaN where `old` is none."""
    b = new.lanes.builder
    return b.and_(b.fcmp_unordered(">", new.value, old.value), b.fcmp_ordered("==", old.value, old.value))


def take_larger(b: Any, kind: Kind, args: list[Any]) -> None:
    """z, zx, zy, best, best_x, best_y, vectors: where z exceeds best, the first three replace the second three."""
    v = Lanes(b, kind)
    rows = floats(b, kind, *args[:6])

    def one(at: Any) -> None:
        places = [b.gep(row, [at]) for row in rows]
        values = [v.load(place) for place in places]
        mask = _exceeds(values[0], values[3])
        for part in range(3):
            v.store(values[3 + part].where(mask, values[part]), places[3 + part])

    each_vector(b, kind, args[6], one)


def embed(b: Any, kind: Kind, args: list[Any]) -> None:
    """code, points, coefficients, to, to_x, to_y, vectors: one input channel of a row, computed in float64.

    points: address of three addresses: of x, of what is added to the row's y, of the row's y. to_x and to_y are 0 where
    no tangents are wanted.
    """
    code, points, coefficients, to, to_x, to_y, vectors = args[:7]
    narrow, wide = Lanes(b, kind), Lanes(b, Kind(64), kind.lanes)
    table = b.inttoptr(points, I64.as_pointer())
    xs, ys, row, abc = floats(b, Kind(64), *(b.load(b.gep(table, [whole(n)])) for n in range(3)), coefficients)
    slope_x, slope_y, constant = (wide.load_splat(b.gep(abc, [whole(n)])) for n in range(3))
    row_y = wide.load_splat(row)
    tangents = b.icmp_signed("!=", to_x, whole(0))

    def emit(which: int) -> None:
        def one(at: Any) -> None:
            def put(row: Any, value: Vector) -> None:
                narrow.store(narrow.converted(value), b.gep(floats(b, kind, row)[0], [at]))

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

        each_vector(b, kind, vectors, one)

    switch(b, code, [partial(emit, which) for which in range(3)])


def add_rows(b: Any, kind: Kind, args: list[Any]) -> None:
    """SUM_ROWS rows, count, out, stored: (stored, 2) out of the first rows: the sum of a row's `count` values, and that
    of their squared distances from their mean.

    Each value is added to its mirror image in the row first, so that values antisymmetric about the middle of a picture
    give row sums that are exactly opposite. Several rows go together because sums in a fixed order wait for themselves.
    """
    count, out, stored = args[SUM_ROWS : SUM_ROWS + 3]
    many, single = Lanes(b, kind, SUM_LANES), Lanes(b, kind, 1)
    starts = floats(b, kind, *args[:SUM_ROWS])
    target = floats(b, kind, out)[0]
    vectors = b.sdiv(count, whole(SUM_LANES))
    covered = b.mul(vectors, whole(SUM_LANES))

    def totals(terms: list[Any]) -> list[Vector]:
        """Over each row: in SUM_LANES sums, these in order, then what is left of the row."""

        def added(term: Any) -> Any:
            def step(i: Any, phis: list[Any]) -> list[Any]:
                return [(Vector(many, phis[0]) + term(many, b.mul(i, whole(SUM_LANES)))).value]

            return counted(b, vectors, step, [many.constant(0.0).value])[0]

        def last(i: Any, phis: list[Any]) -> list[Any]:
            at = b.add(i, covered)
            return [(Vector(single, phi) + term(single, at)).value for phi, term in zip(phis, terms, strict=True)]

        sums = [added(term) for term in terms]
        together = [single.constant(0.0) for _ in terms]
        for lane in range(SUM_LANES):
            for n, row in enumerate(sums):
                together[n] += single.splat(b.extract_element(row, ir.Constant(ir.IntType(32), lane)))
        found = counted(b, b.sub(count, covered), last, [one.value for one in together])
        return [Vector(single, value) for value in found]

    def pair(start: Any) -> Any:
        def term(lanes: Lanes, at: Any) -> Vector:
            mirror = b.sub(b.sub(count, whole(lanes.lanes)), at)
            return lanes.load(b.gep(start, [at])) + lanes.reversed(lanes.load(b.gep(start, [mirror])))

        return term

    def square(start: Any, mean: Any) -> Any:
        def term(lanes: Lanes, at: Any) -> Vector:
            rest = lanes.load(b.gep(start, [at])) - lanes.splat(mean)
            return rest * rest

        return term

    doubled = totals([pair(start) for start in starts])
    number = single.splat(b.sitofp(count, kind.scalar))
    means = [b.extract_element((two * 0.5 / number).value, ir.Constant(ir.IntType(32), 0)) for two in doubled]
    squares = totals([square(start, mean) for start, mean in zip(starts, means, strict=True)])
    for n, (two, squared) in enumerate(zip(doubled, squares, strict=True)):
        with b.if_then(b.icmp_signed("<", whole(n), stored)):
            single.store(two * 0.5, b.gep(target, [whole(2 * n)]))
            single.store(squared, b.gep(target, [whole(2 * n + 1)]))


def copy_run(b: Any, kind: Kind, args: list[Any]) -> None:
    """source, to, count: `count` floats from one address to another."""
    source, to = floats(b, kind, *args[:2])
    v = Lanes(b, kind)
    vectors = b.sdiv(args[2], whole(kind.lanes))
    covered = b.mul(vectors, whole(kind.lanes))

    def rest(i: Any, _: list[Any]) -> list[Any]:
        at = b.add(i, covered)
        b.store(b.load(b.gep(source, [at])), b.gep(to, [at]))
        return []

    each_vector(b, kind, vectors, lambda at: v.store(v.load(b.gep(source, [at])), b.gep(to, [at])))
    counted(b, b.sub(args[2], covered), rest)


def copy_rows(b: Any, kind: Kind, args: list[Any]) -> None:
    """source, to, vectors, rows, source_spacing, to_spacing: `rows` rows, which lie so many bytes apart."""
    v = Lanes(b, kind)

    def row(i: Any, _: list[Any]) -> list[Any]:
        places = (b.add(args[n], b.mul(i, args[4 + n])) for n in range(2))
        source, to = floats(b, kind, *places)
        each_vector(b, kind, args[2], lambda at: v.store(v.load(b.gep(source, [at])), b.gep(to, [at])))
        return []

    counted(b, args[3], row)


def scatter(b: Any, kind: Kind, args: list[Any]) -> None:
    """source, core, columns, to, count: to[columns[i]] = source[core[i]] for i < count; core and columns are int64."""
    source, to = floats(b, kind, args[0], args[3])
    core, columns = (b.inttoptr(a, I64.as_pointer()) for a in args[1:3])

    def one(i: Any, _: list[Any]) -> list[Any]:
        value = b.load(b.gep(source, [b.load(b.gep(core, [i]))]))
        b.store(value, b.gep(to, [b.load(b.gep(columns, [i]))]))
        return []

    counted(b, args[4], one)
