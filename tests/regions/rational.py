"""The activation regions of a program in exact arithmetic, the slow and obvious way: what a tessellation is held to.

Every polygon is cut by every unit in turn, in whole numbers of any size. The weights, slopes and sides of the rectangle
are floats, which are fractions; a value's rows a, b, c are integers over one denominator per value, and a corner is
(X, Y, W), meaning X / W, Y / W, with W > 0 and no common divisor. Nothing here comes from the package's own regions.
"""

# C channels of a value, K channels of the program

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import Any

import numpy as np

from known import ACTIVATIONS, PARAMETERS
from known import piece as piece_at
from netwarp.network.program import (
    LINEAR,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    Gather,
    Maxout,
    Multiply,
    Operation,
    Pool,
    Program,
)
from regions.polygons import Point, Polygon, corner_at, largest, parts_of, point_of, refine

Number = float | int | Fraction
Pattern = tuple[int, ...]
Rows = Any  # (C, 3) array of Python integers

PIECES = [name for name, one in ACTIVATIONS.items() if one.kinks and not one.smooth]


@dataclass(frozen=True)
class Cell:
    """One activation region: an open convex polygon on which no unit changes its piece.

    `pattern` holds the piece of every unit of every nonlinear operation, in program order: relu, leaky, abs and step 1
    where z > 0, else 0; hardtanh (t = 1) and hardsigmoid (t = 3) 0 where z <= -t, 2 where z > t, else 1; maxout the
    piece that is largest, the first of several.
    """

    corners: tuple[Point, ...]  # counter-clockwise, no three on a line
    pattern: Pattern
    affine: tuple[tuple[Fraction, Fraction, Fraction], ...]  # (K, 3) rows a, b, c: a x + b y + c

    @cached_property
    def area(self) -> Fraction:
        sides = zip(self.corners, self.corners[1:] + self.corners[:1], strict=True)
        return sum((p[0] * q[1] - q[0] * p[1] for p, q in sides), Fraction()) / 2

    @cached_property
    def centre(self) -> Point:
        """The mean of the corners, a point inside."""
        count = len(self.corners)
        return sum(p[0] for p in self.corners) / Fraction(count), sum(p[1] for p in self.corners) / Fraction(count)


@dataclass(frozen=True)
class Regions:
    """The cells, and the vertices and edges of their common refinement.

    Where a discontinuous function (step) is cut differently on the two sides of an edge, that edge is as many edges as
    the corners of both sides make of it; elsewhere the vertices are just the corners. V - E + C = 1.
    """

    cells: tuple[Cell, ...]
    vertices: frozenset[Point]
    edges: dict[tuple[Point, Point], tuple[int, ...]]  # its ends, in order -> its one or two cells
    linear_regions: int

    @property
    def activation_regions(self) -> int:
        return len(self.cells)

    @cached_property
    def of_pattern(self) -> dict[Pattern, Cell]:
        """The cell of a pattern. A pattern has one: its points satisfy linear inequalities and so are convex."""
        assert len({cell.pattern for cell in self.cells}) == len(self.cells)
        return {cell.pattern: cell for cell in self.cells}


def regions(program: Program, bounds: Sequence[Number]) -> Regions:
    """The activation regions over the open rectangle x0, x1, y0, y1.

    Units of every operation count, read by another or not: `cut` a program first that holds operations of no use.
    """
    x0, x1, y0, y1 = (Fraction(float(v) if isinstance(v, np.floating) else v) for v in bounds)
    assert x0 < x1 and y0 < y1, bounds  # noqa: PT018
    rectangle = tuple(corner_at(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    values = _Values(program)
    parts = [_Part(rectangle, (), ())]
    for number in range(len(program.operations)):
        parts = [after for part in parts for after in values.through(number, part)]
    denominator = values.denominators[-1]
    cells = tuple(
        Cell(
            tuple(point_of(corner) for corner in part.polygon),
            part.pattern,
            tuple(tuple(Fraction(n, denominator) for n in row) for row in part.rows[-1]),  # type: ignore[misc]
        )
        for part in parts
    )
    vertices, edges = refine([part.polygon for part in parts])
    maps = [tuple(part.rows[-1].flat) for part in parts]
    linear = _join(len(parts), (cells for cells in edges.values() if len({maps[c] for c in cells}) < len(cells)))
    return Regions(
        cells,
        frozenset(map(point_of, vertices)),
        {(point_of(p), point_of(q)): found for (p, q), found in edges.items()},
        linear,
    )


def pattern_at(program: Program, point: Sequence[Number]) -> tuple[Pattern, tuple[Fraction, ...]]:
    """The pattern and the K values at one point, from the operations' definitions alone."""
    x, y = (Fraction(v) for v in point)
    values: list[list[Fraction]] = []
    pattern: list[int] = []
    for operation in program.operations:
        sources = [values[s] for s in operation.sources]
        if isinstance(operation, Embed):
            assert all(kind == LINEAR for kind in operation.kinds)
            found = [_exact(a) * x + _exact(b) * y + _exact(c) for a, b, c in operation.coefficients]
        elif isinstance(operation, Conv):
            found = _convolved(operation, sources[0])
        elif isinstance(operation, Activate):
            pairs = [
                piece_at(operation.name, z, _exact(p)) for z, p in zip(sources[0], operation.parameter, strict=True)
            ]
            found = [value for _, value in pairs]
            if operation.name != "linear":
                pattern += [piece for piece, _ in pairs]
        elif isinstance(operation, Maxout):
            found = []
            for first in range(0, len(sources[0]), operation.pieces):
                group = sources[0][first : first + operation.pieces]
                found.append(max(group))
                pattern.append(group.index(max(group)))
        elif isinstance(operation, Add):
            found = [sum(terms, Fraction()) for terms in zip(*sources, strict=True)]
        elif isinstance(operation, Multiply):
            found = [prod(factors, start=Fraction(1)) for factors in zip(*sources, strict=True)]
        elif isinstance(operation, Gather):
            found = [Fraction() if u < 0 else sources[0][u] for u in operation.index.tolist()]
        else:
            _supported(operation)
            found = [value for source in sources for value in source]
        values.append(found)
    return tuple(pattern), tuple(values[-1])


def _convolved(operation: Conv, source: list[Fraction]) -> list[Fraction]:
    _supported(operation)
    inputs, outputs = operation.weight.shape[1], operation.channels // operation.groups
    found = []
    for o in range(operation.channels):
        first = o // outputs * inputs
        products = (_exact(operation.weight[o, i, 0, 0]) * source[first + i] for i in range(inputs))
        found.append(sum(products, _exact(operation.bias[o])))
    return found


@dataclass(frozen=True)
class _Part:
    """A polygon on which the operations so far are affine, the pieces of their units, and their rows."""

    polygon: Polygon
    pattern: Pattern
    rows: tuple[Rows, ...]


class _Values:
    """The program with its numbers as integers: the denominator of every value, and of every Conv its numerators."""

    def __init__(self, program: Program) -> None:
        self.operations = program.operations
        self.denominators: list[int] = []
        self.numbers: dict[int, list[Rows]] = {}  # operation -> weight, bias; slopes; coefficients
        for number, operation in enumerate(program.operations):
            _supported(operation)
            shared = lcm(*(self.denominators[s] for s in operation.sources))
            if isinstance(operation, Embed):
                shared, self.numbers[number] = _integers(operation.coefficients)
            elif isinstance(operation, Conv):
                scale, self.numbers[number] = _integers(operation.weight[:, :, 0, 0], operation.bias)
                shared *= scale
            elif isinstance(operation, Multiply):
                shared = prod(self.denominators[s] for s in operation.sources)
            elif isinstance(operation, Activate) and operation.name in PARAMETERS:
                scale, self.numbers[number] = _integers(operation.parameter)
                shared *= scale
            elif isinstance(operation, Activate) and operation.name == "step":
                shared = 1
            elif isinstance(operation, Activate) and (clipped := ACTIVATIONS[operation.name].clipped):
                shared *= clipped.divisor
            self.denominators.append(shared)

    def through(self, number: int, part: _Part) -> Iterator[_Part]:
        """The polygon cut by an operation's units, with the rows of its value."""
        operation = self.operations[number]
        if isinstance(operation, Maxout) or (isinstance(operation, Activate) and operation.name != "linear"):
            source = part.rows[operation.sources[0]]
            for polygon, pieces in self._cut(operation, part.polygon, source):
                rows = self._chosen(number, source, pieces)
                yield _Part(polygon, part.pattern + pieces, (*part.rows, rows))
        else:
            yield _Part(part.polygon, part.pattern, (*part.rows, self._affine(number, part.rows)))

    def _cut(self, operation: Activate | Maxout, polygon: Polygon, source: Rows) -> Iterator[tuple[Polygon, Pattern]]:
        one = self.denominators[operation.sources[0]]
        found: list[tuple[Polygon, Pattern]] = [(polygon, ())]
        for unit in range(operation.channels):
            if isinstance(operation, Maxout):
                rows = [tuple(row) for row in source[unit * operation.pieces : (unit + 1) * operation.pieces]]
                found = [(cut, (*p, k)) for whole, p in found for k, cut in largest(whole, rows)]
            else:
                row, kinks = tuple(source[unit]), [kink * one for kink in ACTIVATIONS[operation.name].kinks]
                found = [(cut, (*p, k)) for whole, p in found for k, cut in parts_of(whole, row, kinks)]
        yield from found

    def _chosen(self, number: int, source: Rows, pieces: Pattern) -> Rows:
        """The rows of a nonlinear operation's value, where its units are on these pieces."""
        operation = self.operations[number]
        if isinstance(operation, Maxout):
            return np.stack([source[unit * operation.pieces + piece] for unit, piece in enumerate(pieces)])
        assert isinstance(operation, Activate)
        one = self.denominators[number]  # the integer that stands for 1
        rows = source.copy()
        for unit, piece in enumerate(pieces):
            row = source[unit]
            if operation.name == "relu":
                rows[unit] = row * piece
            elif operation.name in PARAMETERS:
                scale = one // self.denominators[operation.sources[0]]
                rows[unit] = row * (scale if piece else self.numbers[number][0][unit])
            elif operation.name == "abs":
                rows[unit] = row if piece else -row
            elif operation.name == "step":
                rows[unit] = (0, 0, piece)
            else:
                clipped = ACTIVATIONS[operation.name].clipped
                assert clipped is not None
                share, (a, b, c) = one // clipped.divisor, row
                ends = (clipped.low + clipped.shift) * share, (clipped.high + clipped.shift) * share
                rows[unit] = (a, b, c + clipped.shift * share) if piece == 1 else (0, 0, ends[piece // 2])
        return rows

    def _affine(self, number: int, rows: tuple[Rows, ...]) -> Rows:
        operation, one = self.operations[number], self.denominators[number]
        if isinstance(operation, Embed):
            return self.numbers[number][0]
        sources = [rows[s] * (one // self.denominators[s]) for s in operation.sources]
        if isinstance(operation, Conv):
            weight, bias = self.numbers[number]
            source = np.split(rows[operation.sources[0]], operation.groups)
            parts = zip(np.split(weight, operation.groups), source, strict=True)
            made = np.concatenate([w @ s for w, s in parts])
            made[:, 2] += bias * self.denominators[operation.sources[0]]
            return made
        if isinstance(operation, Add):
            return sum(sources[1:], sources[0])
        if isinstance(operation, Multiply):
            parts = [rows[s] for s in operation.sources]
            return np.array([_multiplied([part[u] for part in parts]) for u in range(operation.channels)], dtype=object)
        if isinstance(operation, Gather):
            picked = sources[0][np.maximum(operation.index, 0)]
            picked[operation.index < 0] = 0
            return picked
        return np.concatenate(sources)


def _multiplied(factors: list[Any]) -> tuple[int, ...]:
    """The product of maps a x + b y + c, all constant but one."""
    varying = [row for row in factors if row[0] or row[1]]
    assert len(varying) <= 1, "a product that is not affine on a cell"
    times = prod(int(row[2]) for row in factors if not (row[0] or row[1]))
    return tuple(times * n for n in varying[0]) if varying else (0, 0, times)


def _supported(operation: Operation) -> None:
    """Fails for what is not piecewise linear and pointwise."""
    if isinstance(operation, Embed):
        assert all(kind == LINEAR for kind in operation.kinds), "inputs that are not affine"
    elif isinstance(operation, Conv):
        assert operation.kernel == 1, "a kernel that is not 1"
    elif isinstance(operation, Activate):
        assert operation.name in PIECES or operation.name == "linear", operation.name
    elif isinstance(operation, Pool):
        assert operation.size == 1, "a pool that is not 1"
    else:
        assert isinstance(operation, Maxout | Add | Multiply | Concat | Gather), type(operation)


def _exact(number: Any) -> Fraction:
    return Fraction(float(number))


def _integers(*arrays: Any) -> tuple[int, list[Rows]]:
    """Their common denominator, and the arrays times it."""
    denominator = lcm(*(float(v).as_integer_ratio()[1] for array in arrays for v in array.flat))
    made = []
    for array in arrays:
        whole = np.empty(array.shape, dtype=object)
        for at, v in np.ndenumerate(array):
            above, below = float(v).as_integer_ratio()
            whole[at] = above * (denominator // below)
        made.append(whole)
    return denominator, made


def _join(count: int, pairs: Iterator[tuple[int, ...]]) -> int:
    """How many sets are left of `count` when the pairs are united."""
    parent = list(range(count))

    def root(of: int) -> int:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    for one, other in pairs:
        parent[root(one)] = root(other)
    return len({root(of) for of in range(count)})
