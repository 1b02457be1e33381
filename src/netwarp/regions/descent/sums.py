"""A Program as sums of products of whole numbers, in flat tables: what exact maps and lines are computed from.

A number of an exact map is numerator over denominator, and the denominator is one for all numbers of a value and all
cells. The numerators of a convolution, a join, an activation's output and a stage's lines are all sums of what came
before times whole numbers, some of them only where a line is +.
"""

# a row is one channel of a value; it has three numbers, the columns a, b, c of an affine function

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from math import lcm
from typing import NamedTuple, assert_never

import numpy as np

from netwarp.network.program import Add, Concat, Conv, Embed, Gather, Multiply
from netwarp.regions.arrays import Integers, Long
from netwarp.regions.descent.digits import BITS, MOST, digits_of, length_for
from netwarp.regions.exact import whole_slopes, whole_weights
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stage, Stages, straight

Product = tuple[int, int, int, int]  # sum or constant, channel, bit, factor
LONGEST = 2000  # digits of a number
ROOM = 1 << 24  # digits of all values of one cell
TERMS = 1 << 22


class Shape(IntEnum):
    """The columns of `Tables.shape`."""

    CHANNELS, FIRST_ROW = 0, 1
    CAPACITY = 2  # digits a number has at most
    FIRST_DIGIT = 3
    PIECES, FIRST_BIT, READS = 4, 5, 6  # of a maxout: else 0; and the sum it reads


class Terms(IntEnum):
    """The columns of `Tables.term`."""

    SOURCE = 0  # the sum it reads, or -1, -2, -3 for a constant of column a, b, c
    CHANNEL = 1
    BIT = 2  # that must be set, or -1
    FACTOR, DIGITS = 3, 4  # the factor's first digit, and how many it has
    SHIFT = 5  # by how many digits it is shifted


class Tables(NamedTuple):
    """Sums, in the order they are computed in; the first is the rectangle's four lines."""

    shape: Long  # (sums, 7) by Shape
    row: Long  # (rows + 1,) row -> its first term
    term: Long  # (terms, 6) by Terms
    factor: Integers
    word: Long  # (W,) word of pattern bits -> the first sum that depends on it
    line: Long  # (lines, 2) line -> sum and channel that it is


@dataclass(frozen=True, eq=False)
class Sums:
    tables: Tables
    source: tuple[int, ...]  # stage -> the sum that is its source; one more for the output
    lines: tuple[int, ...]  # stage -> the sum that its lines are
    denominator: tuple[int, ...] = field(repr=False)  # of every sum; too long to be printed
    room: int = 0  # digits that terms reach at most before they are carried

    def last(self, stage: int) -> int:
        """The last sum that lines of this stage, or of one before, are: those of a cell's sides.

        Of parallel branches, an earlier stage's may be a later sum.
        """
        return max(self.lines[: stage + 1])


@lru_cache(maxsize=8)
def sums_of(stages: Stages, frame: Frame) -> Sums | None:
    """The Sums of a Program on a frame; None where numbers are too long, or too many."""
    build = _Build()
    try:
        return build.program(stages, frame)
    except _TooMuchError:
        return None


class _TooMuchError(Exception):
    pass


@dataclass
class _Build:
    shape: list[tuple[int, ...]] = field(default_factory=list)
    row: list[int] = field(default_factory=lambda: [0])
    term: list[tuple[int, ...]] = field(default_factory=list)
    factor: list[int] = field(default_factory=list)
    bound: list[int] = field(default_factory=list)
    denominator: list[int] = field(default_factory=list)
    known: dict[int, tuple[int, int]] = field(default_factory=dict)
    # sum, channel -> bit, or -1, -> number, where the channel is constant; None where nothing asks for it
    constant: dict[tuple[int, int], dict[int, int]] | None = None
    room: int = 0
    digits: int = 0

    def program(self, stages: Stages, frame: Frame) -> Sums:
        if any(isinstance(operation, Multiply) for operation in stages.program.operations):
            self.constant = {}
        self.constants(frame.border, 1)
        of: dict[int, int] = {}
        by_value = {stage.value: stage for stage in stages.stages}
        word = np.zeros(stages.words, dtype=np.int64)
        line = np.empty((stages.lines, 2), dtype=np.int64)
        lines = []
        for i, operation in enumerate(stages.program.operations):
            if i in by_value:
                stage = by_value[i]
                lines.append(self.lines(stage, of[stage.source]))
                line[stage.label : stage.label + stage.lines, 0] = lines[-1]
                line[stage.label : stage.label + stage.lines, 1] = np.arange(stage.lines)
                of[i] = self.activated(stage, of[stage.source])
                word[stage.word : stage.word + stage.words] = of[i]
                continue
            affine = straight(operation)
            sources = [of[s] for s in affine.sources]
            if isinstance(affine, Embed):
                whole, denominator = frame.exact(affine)
                of[i] = self.constants(whole.tolist(), denominator)
            elif isinstance(affine, Conv):
                of[i] = self.convolved(affine, sources[0])
            elif isinstance(affine, Gather):
                of[i] = self.gathered(affine, sources[0])
            elif isinstance(affine, Multiply):
                of[i] = self.multiplied(sources)
            elif isinstance(affine, Add | Concat):
                of[i] = self.joined(sources, one_after_another=isinstance(affine, Concat))
            else:
                assert_never(affine)
        source = (*(of[stage.source] for stage in stages.stages), of[stages.output])
        tables = Tables(
            shape=np.array(self.shape, dtype=np.int64),
            row=np.array(self.row, dtype=np.int64),
            term=np.array(self.term, dtype=np.int64).reshape(-1, len(Terms)),
            factor=np.array(self.factor, dtype=np.int32),
            word=word,
            line=line,
        )
        return Sums(tables, source, lines=tuple(lines), denominator=tuple(self.denominator), room=self.room)

    def constants(self, rows: list[list[int]] | tuple[tuple[int, ...], ...], denominator: int) -> int:
        rows_of = [[(-1 - d, 0, -1, int(n)) for d, n in enumerate(row)] for row in rows]
        most = max((abs(int(n)) for row in rows for n in row), default=0)
        return self.add(rows_of, most, denominator)

    def convolved(self, conv: Conv, source: int) -> int:
        whole = whole_weights(conv)
        below = self.denominator[source]
        rows: list[list[Product]] = [[] for _ in whole.bias]
        sizes = [0] * len(rows)
        for row, column, weight in zip(whole.row.tolist(), whole.column.tolist(), whole.weight.tolist(), strict=True):
            rows[row].append((source, column, -1, weight))
            sizes[row] += abs(weight)
        most = 0
        for terms, size, shift in zip(rows, sizes, whole.bias.tolist(), strict=True):
            terms.append((-3, 0, -1, shift * below))
            most = max(most, size * self.bound[source] + abs(shift * below))
        return self.add(rows, most, below * whole.scale)

    def gathered(self, gather: Gather, source: int) -> int:
        rows: list[list[Product]] = [[(source, u, -1, 1)] if u >= 0 else [] for u in gather.index.tolist()]
        return self.add(rows, self.bound[source], self.denominator[source])

    def multiplied(self, sources: list[int]) -> int:
        """The product of sums, all of whose channels, in all but one of them, are constant: numbers where bits are set.

        A term of the product is one of the other's numbers times such a number, where its bit is set.
        """
        assert self.constant is not None
        made, *others = sources
        for other in others:
            rows: list[list[Product]] = []
            most = 0
            for u in range(self.shape[made][Shape.CHANNELS]):
                for one, factor in ((made, other), (other, made)):
                    found = self.constant.get((factor, u))
                    if found is not None:
                        rows.append([(one, u, bit, number) for bit, number in found.items()])
                        most = max(most, self.bound[one] * sum(map(abs, found.values())))
                        break
                else:
                    raise _TooMuchError
            made = self.add(rows, most, self.denominator[made] * self.denominator[other])
        return made

    def remember(self, rows: list[list[Product]]) -> None:
        """Which channels of the sum that is added next are constant, as numbers that count where a bit is set, or -1.

        Not those of products of two different bits, and not those of very many numbers.
        """
        assert self.constant is not None
        for u, terms in enumerate(rows):
            found: dict[int, int] | None = {}
            for of, channel, bit, number in terms:
                if not number or found is None:
                    continue
                below = {-1: 1} if of == -3 else self.constant.get((of, channel))
                if of in (-1, -2) or below is None or (bit >= 0 and any(own not in (-1, bit) for own in below)):
                    found = None
                    continue
                for own, times in below.items():
                    place = max(bit, own)
                    found[place] = found.get(place, 0) + number * times
            if found is not None and len(found) <= MOST:
                self.constant[len(self.shape), u] = found

    def joined(self, sources: list[int], *, one_after_another: bool) -> int:
        common = lcm(*(self.denominator[s] for s in sources))
        times = [common // self.denominator[s] for s in sources]
        bounds = [self.bound[s] * n for s, n in zip(sources, times, strict=True)]
        channels = [self.shape[s][Shape.CHANNELS] for s in sources]
        if one_after_another:
            rows = [[(s, u, -1, n)] for s, n, c in zip(sources, times, channels, strict=True) for u in range(c)]
            return self.add(rows, max(bounds), common)
        rows = [[(s, u, -1, n) for s, n in zip(sources, times, strict=True)] for u in range(channels[0])]
        return self.add(rows, sum(bounds), common)

    def lines(self, stage: Stage, source: int) -> int:
        plain = stage.lines == stage.width and not stage.threshold.any() and (stage.second < 0).all()
        if plain and (stage.first == np.arange(stage.lines)).all():
            return source
        below, rows, most = self.denominator[source], [], 0
        for u, v, threshold in zip(stage.first.tolist(), stage.second.tolist(), stage.threshold.tolist(), strict=True):
            terms = [(source, u, -1, 1)]
            if v >= 0:
                terms.append((source, v, -1, -1))
            shift = int(threshold) * below
            terms.append((-3, 0, -1, -shift))
            rows.append(terms)
            most = max(most, 2 * self.bound[source] + abs(shift))
        return self.add(rows, most, below)

    def activated(self, stage: Stage, source: int) -> int:
        below = self.denominator[source]
        if stage.pieces:
            none: list[list[Product]] = [[] for _ in range(stage.width // stage.pieces)]
            return self.add(none, self.bound[source], below, (stage.pieces, 64 * stage.word, source))
        slope, offset, slope_gain, offset_gain, common = whole_slopes(stage)
        below_all = enumerate(zip(slope, offset, strict=True))
        rows = [[(source, u, -1, s), (-3, 0, -1, o * below)] for u, (s, o) in below_all]
        size = [abs(s) * self.bound[source] + abs(o) * below for s, o in zip(slope, offset, strict=True)]
        for i, u in enumerate(stage.first.tolist()):
            bit = 64 * stage.word + i
            rows[u] += [(source, u, bit, slope_gain[i]), (-3, 0, bit, offset_gain[i] * below)]
            size[u] += abs(slope_gain[i]) * self.bound[source] + abs(offset_gain[i]) * below
        return self.add(rows, max(size, default=0), below * common)

    def add(
        self, rows: list[list[Product]], most: int, denominator: int, maxout: tuple[int, int, int] = (0, 0, 0)
    ) -> int:
        """One more sum, whose numbers are at most `most` in magnitude; its number."""
        capacity = length_for(most)
        if self.constant is not None and not maxout[0]:
            self.remember(rows)
        self.shape.append((len(rows), len(self.row) - 1, capacity, self.digits, *maxout))
        self.digits += 3 * capacity * len(rows)
        self.room = max(self.room, capacity + 3)
        for terms in rows:  # none of a maxout's
            products = 0
            for of, channel, bit, number in terms:
                if number:
                    at, count, shift = self.number(int(number))
                    self.term.append((of, channel, bit, at, count, shift))
                    products += count
                    self.room = max(self.room, shift + count + (self.shape[of][Shape.CAPACITY] if of >= 0 else 0) + 3)
            if products > MOST:
                raise _TooMuchError
            self.row.append(len(self.term))
        if capacity > LONGEST or self.digits > ROOM or len(self.term) > TERMS:
            raise _TooMuchError
        self.bound.append(most)
        self.denominator.append(denominator)
        return len(self.shape) - 1

    def number(self, number: int) -> tuple[int, int, int]:
        """Where the digits of a factor stand, how many they are, and how many digits of 0 are below them."""
        shift = ((number & -number).bit_length() - 1) // BITS
        number >>= shift * BITS
        found = self.known.get(number)
        if found is None:
            digits = digits_of(number)
            found = self.known[number] = (len(self.factor), len(digits))
            self.factor += digits
        return found[0], found[1], shift
