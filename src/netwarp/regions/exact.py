"""The affine maps of a Program on one of its cells as integers, and the signs that follow from them.

Floats are rational numbers, so a line, the point where two lines cross and the sign of a third there are too: nothing
is rounded here. The map of a cell follows from its pattern alone.
"""

# N channels of a value; a value is (numerators (N, 3), denominator above 0)

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import lcm
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.network.program import Add, Concat, Conv, Embed, Gather, Multiply
from netwarp.regions.alike import dense
from netwarp.regions.arrays import Bits, Floats
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stage, Stages, pieces_of, straight

Whole = NDArray[np.object_]  # Python's integers
Line = tuple[int, int, int]
KEPT = 1 << 20  # numbers of maps that are remembered


class Value(NamedTuple):
    numerators: Whole
    denominator: int


class Exact:
    """Exact maps of the cells of a Program, remembered by their pattern."""

    def __init__(self, stages: Stages, frame: Frame) -> None:
        self.stages = stages
        self.frame = frame
        self._slopes: dict[int, tuple[Whole, Whole, Whole, Whole, int]] = {}
        self._known: dict[tuple[int, bytes], dict[int, Value]] = {}
        self._held = 0

    def line(self, label: int, bits: Bits) -> Line:
        """Line number `label` on the cell of this pattern, times a positive number; -1 to -4: the rectangle's."""
        if label < 0:
            return self.frame.border[-1 - label]
        stage = self.stages.stage_of(label)
        number = self.stages.stages.index(stage)
        values, denominator = self.values(number, bits)[stage.source]
        i = label - stage.label
        a, b, c = values[stage.first[i]].tolist()
        if stage.second[i] >= 0:
            other = values[stage.second[i]].tolist()
            a, b, c = a - other[0], b - other[1], c - other[2]
        return a, b, c - int(stage.threshold[i]) * denominator

    def output(self, bits: Bits) -> Value:
        """The Program's output on the cell of this pattern."""
        return self.values(len(self.stages.stages), bits)[self.stages.output]

    def values(self, number: int, bits: Bits) -> dict[int, Value]:
        """Every value that is read from stage `number` on (its source too), on the cell of this pattern."""
        begin = number
        while begin and self._key(begin, bits) not in self._known:
            begin -= 1
        values = self._known.get(self._key(begin, bits), {})
        for n in range(begin, number + 1):
            if n > begin or not values:
                values = self._next(n, values, bits)
        return values

    def _key(self, number: int, bits: Bits) -> tuple[int, bytes]:
        stages = self.stages.stages
        return number, bits[: stages[number].word if number < len(stages) else self.stages.words].tobytes()

    def _next(self, number: int, before: dict[int, Value], bits: Bits) -> dict[int, Value]:
        """The values at a stage, from those at the stage before."""
        stages = self.stages.stages
        values: dict[int, Value] = {}
        if number:
            stage = stages[number - 1]
            values = {v: before[v] for v in self.stages.live[number - 1]}
            values[stage.value] = self._activated(stage, before[stage.source], bits)
        for i in self.stages.between[number]:
            values[i] = self._affine(i, values)
        last = self.stages.program.last_use
        at = stages[number].value if number < len(stages) else self.stages.output
        values = {v: value for v, value in values.items() if last[v] >= at or v == self.stages.output}
        self._held += sum(value.numerators.size for value in values.values())
        if self._held > KEPT:
            self._known.clear()
            self._held = 0
        self._known[self._key(number, bits)] = values
        return values

    def _affine(self, i: int, values: dict[int, Value]) -> Value:
        operation = straight(self.stages.program.operations[i])
        if isinstance(operation, Embed):
            return Value(*self.frame.exact(operation))
        sources = [values[source] for source in operation.sources]
        if isinstance(operation, Conv):
            whole = whole_weights(operation)
            result = whole.of(sources[0].numerators)
            result[:, 2] += whole.bias * sources[0].denominator
            return Value(result, sources[0].denominator * whole.scale)
        if isinstance(operation, Gather):
            picked = sources[0].numerators[np.maximum(operation.index, 0)]
            picked[operation.index < 0] = 0
            return Value(picked, sources[0].denominator)
        if isinstance(operation, Multiply):
            return product(sources)
        common = lcm(*(source.denominator for source in sources))
        parts = [source.numerators * (common // source.denominator) for source in sources]
        if isinstance(operation, Add):
            return Value(sum(parts[1:], parts[0]), common)
        if isinstance(operation, Concat):
            return Value(np.concatenate(parts), common)
        assert_never(operation)

    def _activated(self, stage: Stage, source: Value, bits: Bits) -> Value:
        numerators, denominator = source
        if stage.pieces:
            return Value(numerators[largest_pieces(stage, bits[None])[0]], denominator)
        if stage.value not in self._slopes:
            self._slopes[stage.value] = whole_slopes(stage)
        slope, offset, slope_gain, offset_gain, common = self._slopes[stage.value]
        factor, shift = slope.copy(), offset.copy()
        on = np.flatnonzero(signs(stage, bits))
        np.add.at(factor, stage.first[on], slope_gain[on])
        np.add.at(shift, stage.first[on], offset_gain[on])
        result = numerators * factor[:, None]
        result[:, 2] += shift * denominator
        return Value(result, denominator * common)


def product(factors: list[Value]) -> Value:
    """The product of maps of which at most one, in every channel, is not constant."""
    found = factors[0]
    for factor in factors[1:]:
        one, other = found.numerators, factor.numerators
        made = one * other[:, 2:] + other * one[:, 2:]
        made[:, 2] = one[:, 2] * other[:, 2]
        found = Value(made, found.denominator * factor.denominator)
    return found


def whole_slopes(stage: Stage) -> tuple[Whole, Whole, Whole, Whole, int]:
    """Slopes and offsets below all lines, and what they gain at each line, times the number that makes them whole."""
    units = pieces_of(stage.name, stage.slope)
    parts = [[below[n] for below, _ in units] for n in (0, 1)]
    parts += [[steeper for _, steps in units for _, steeper, _ in steps]]
    parts += [[higher for _, steps in units for _, _, higher in steps]]
    common = lcm(*(f.denominator for part in parts for f in part))
    below, shift, steeper, higher = (np.array([int(f * common) for f in part], dtype=object) for part in parts)
    return below, shift, steeper, higher, common


def signs(stage: Stage, bits: Bits) -> NDArray[np.bool_]:
    """(..., L): where a stage's lines are +, from cells' pattern bits (..., W)."""
    words = bits[..., stage.word : stage.word + stage.words, None]
    plus = ((words >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).astype(bool)
    return plus.reshape(*plus.shape[:-2], -1)[..., : stage.lines]


def crossing(one: Line, other: Line) -> Line:
    """Where two lines cross, as x w, y w, w with w above 0. Errors: ZeroDivisionError where they are parallel."""
    a, b, c = one
    d, e, f = other
    w = a * e - b * d
    if w == 0:
        raise ZeroDivisionError("parallel lines")
    x, y = b * f - c * e, c * d - a * f
    return (x, y, w) if w > 0 else (-x, -y, -w)


def rounded(point: Line) -> tuple[float, float, float]:
    """The nearest floats to a point, and how far at most it is from them: 0 where they are the point."""
    x, y, w = point
    found = x / w, y / w
    exact = all(_is(value, numerator, w) for value, numerator in zip(found, (x, y), strict=True))
    return *found, 0.0 if exact else 2.0**-52 * (abs(found[0]) + abs(found[1])) + 1e-320


def _is(value: float, numerator: int, denominator: int) -> bool:
    top, bottom = value.as_integer_ratio()
    return top * denominator == numerator * bottom


@dataclass(frozen=True, eq=False)
class WholeWeights:
    """A convolution's numbers times the power of two that makes them whole; those that are 0 are left out."""

    row: NDArray[np.int64]  # (W,) of every weight, ascending
    column: NDArray[np.int64]
    weight: Whole
    matrix: Whole | None  # (O, I), where few are 0
    bias: Whole  # (O,)
    scale: int

    def of(self, numerators: Whole) -> Whole:
        """(O, 3) the weights times (I, 3)."""
        # a dead unit's row is zero, and so are half of them
        alive = np.asarray(numerators.any(axis=1), dtype=bool)
        if self.matrix is not None:
            product: Whole = self.matrix[:, alive] @ numerators[alive]
            return product
        result = np.zeros((len(self.bias), 3), dtype=object)
        heard = alive[self.column]
        row = self.row[heard]
        if len(row):
            products = self.weight[heard, None] * numerators[self.column[heard]]
            begin = np.flatnonzero(np.diff(row, prepend=-1))
            result[row[begin]] = np.add.reduceat(products, begin, axis=0)
        return result


@lru_cache(maxsize=64)
def whole_weights(conv: Conv) -> WholeWeights:
    # an image's convolution is a wide matrix of zeros, all but a few thousandths
    weight = dense(conv)
    row, column = np.nonzero(weight)
    ratios = [w.as_integer_ratio() for w in (*weight[row, column].tolist(), *conv.bias.tolist())]
    scale = max((below for _, below in ratios), default=1)
    whole = np.array([n * (scale // below) for n, below in ratios], dtype=object)
    matrix = None
    if 4 * len(row) > weight.size:
        matrix = np.zeros(weight.shape, dtype=object)
        matrix[row, column] = whole[: len(row)]
    return WholeWeights(row, column, whole[: len(row)], matrix, whole[len(row) :], scale)


def in_floats(value: Value) -> Floats:
    """(3, N): the nearest floats to an exact map, infinite where it is too large for floats."""
    try:
        return np.array([[n / value.denominator for n in column] for column in value.numerators.T.tolist()])
    except OverflowError:
        return np.full(value.numerators.T.shape, np.inf)
