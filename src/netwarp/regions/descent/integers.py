"""Exact maps and lines of cells in compiled code: the Sums of a Program, evaluated for the patterns of cells.

Cells that follow one another mostly differ in the last layers alone: what does not depend on these is kept.

Numbers become longer with every layer, by 28 bits or so, and most of their digits decide nothing. So they are first
computed to their leading digits, with a bound on what that may have cost, and to the last one where that does not do.
"""
# B cells of a batch, N channels, R lines

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Bits, Floats, Integers, Long
from netwarp.regions.descent.batch import Batch
from netwarp.regions.descent.digits import BITS, SMALLEST, add_product, carry, length_of, rounded, scaled
from netwarp.regions.descent.maxima import is_set, winner_of
from netwarp.regions.descent.sums import Shape, Sums, Tables, Terms
from netwarp.regions.descent.whole_lines import NO_LINES, Whole, new_whole
from netwarp.regions.jit import bare, inlined

CHUNK = 1 << 20  # digits of lines at a time
SPARE = 4  # digits
MOST_KEPT = 26
LONG = 3  # times the leading digits, from which on these are the faster way
FAR = SMALLEST // BITS - 2  # what is further apart than so many digits is beyond floats
EVIDENT = 2.0**-58  # an entry whose error is less of it is rounded to what it is


class State(NamedTuple):
    """The numbers of one pattern. Number d of channel u in sum n is wrong by at most wrong[row, d] 2^(26 low[n, d])."""

    digits: Integers  # of all sums, one after another: (channels, 3, capacity) each, from the lowest that is kept on
    used: Long  # (rows, 3) digits of every number, of which more are not written
    low: Long  # (sums, 3) how many digits of a number are below those that are kept
    wrong: Floats  # (rows, 3)
    sums: Long  # room for one number before it is carried
    reach: Long  # room for the terms of one sum
    bits: Bits  # (W,) the pattern
    ready: Long  # (2,) how many sums are those of the pattern; how many leading digits are kept, 0 for all


@inlined
def _span(t: Tables, state: State, n: int, u: int, d: int) -> tuple[int, int]:
    """Where the digits of a number of sum n begin and end."""
    at: int = t.shape[n, Shape.FIRST_DIGIT] + (3 * u + d) * t.shape[n, Shape.CAPACITY]
    return at, at + int(state.used[t.shape[n, Shape.FIRST_ROW] + u, d])


@inlined
def _copy(t: Tables, state: State, n: int, u: int, d: int, row: int, at: int) -> None:
    """A number of sum n becomes number d of a row."""
    begin, end = _span(t, state, n, u, d)
    for i in range(end - begin):
        state.digits[at + i] = state.digits[begin + i]
    state.used[row, d] = end - begin
    state.wrong[row, d] = state.wrong[t.shape[n, Shape.FIRST_ROW] + u, d]


@inlined
def _reach(t: Tables, state: State, k: int, d: int) -> int:
    """How many digits term k adds to in column d, the lower ones included; 0 where it adds nothing."""
    source, bit = t.term[k, Terms.SOURCE], t.term[k, Terms.BIT]
    if source < 0 and -1 - source != d:
        return 0
    if bit >= 0 and not is_set(state.bits, bit):
        return 0
    length: int = 0
    if source >= 0:
        row = t.shape[source, Shape.FIRST_ROW] + t.term[k, Terms.CHANNEL]
        length = state.used[row, d]
        if length == 0 and state.wrong[row, d] == 0.0:
            return 0
        length += state.low[source, d]
    return length + int(t.term[k, Terms.DIGITS] + t.term[k, Terms.SHIFT])


@inlined
def _is_copy(t: Tables, k: int) -> bool:
    """Whether term k is a number times 1."""
    plain = t.term[k, Terms.SOURCE] >= 0 and t.term[k, Terms.DIGITS] == 1 and t.term[k, Terms.SHIFT] == 0
    return bool(plain and t.factor[t.term[k, Terms.FACTOR]] == 1)


@inlined
def _survey(t: Tables, state: State, n: int, d: int) -> int:
    """How far every term of column d of sum n reaches; gives how many digits of the column are not kept."""
    keep = state.ready[1]
    if t.shape[n, Shape.PIECES] > 0:
        return int(state.low[t.shape[n, Shape.READS], d])
    top, lowest = 0, 1 << 40
    first = t.row[t.shape[n, Shape.FIRST_ROW]]
    for k in range(first, t.row[t.shape[n, Shape.FIRST_ROW] + t.shape[n, Shape.CHANNELS]]):
        reach = _reach(t, state, k, d)
        state.reach[k - first] = reach
        if reach > 0:
            source = t.term[k, Terms.SOURCE]
            top = max(top, reach)
            lowest = min(lowest, t.term[k, Terms.SHIFT] + (state.low[source, d] if source >= 0 else 0))
    if top == 0 or keep == 0:
        return 0
    # SPARE more are not worth the loss
    if top - lowest <= keep + SPARE or t.shape[n, Shape.CAPACITY] < keep + 2 * SPARE:
        return int(lowest)
    return int(top - keep)


@inlined
def _shifted(value: float, places: int, powers: Floats) -> float:
    """value 2^(26 places); infinite or 0 where it is beyond floats."""
    found: float = np.inf
    if places <= FAR:
        found = scaled(value, BITS * places, powers)
    return found


@inlined
def _add_term(t: Tables, state: State, k: int, d: int, low: int, powers: Floats) -> float:
    """Adds term k to the sums, of which the first is digit `low`; how wrong that is at most, in units of this digit."""
    source, count = t.term[k, Terms.SOURCE], t.term[k, Terms.DIGITS]
    begin = t.term[k, Terms.SHIFT] - low
    factor = t.factor[t.term[k, Terms.FACTOR] : t.term[k, Terms.FACTOR] + count]
    wrong = 0.0
    if source < 0:
        for i in range(count):
            if begin + i >= 0:
                state.sums[begin + i] += factor[i]
            else:
                wrong = 1.0  # digits below come to no more than the half of one
        return wrong
    begin += state.low[source, d]
    first, last = _span(t, state, source, t.term[k, Terms.CHANNEL], d)
    digits = state.digits[first:last]
    if begin >= 0:
        add_product(state.sums[begin:], factor, digits, 1)
    else:
        for i in range(count):
            below = max(-(begin + i), 0)
            if below < len(digits):
                add_product(state.sums[begin + i + below :], factor[i : i + 1], digits[below:], 1)
            if below > 0:
                wrong += 2.0 ** (BITS - 1)  # products of at most 2^50, the highest of them one digit below
    own = state.wrong[t.shape[source, Shape.FIRST_ROW] + t.term[k, Terms.CHANNEL], d]
    if own > 0.0:
        size = 0.0
        for i in range(count):
            size += factor[i] / powers[BITS * i] if i <= FAR else np.inf
        # 1, so that nothing underflows
        wrong += 1.0 + 1.000001 * abs(size) * _shifted(own, begin, powers)
    return wrong


@inlined
def _bring(t: Tables, state: State, bits: Bits, last: int, words: int, powers: Floats) -> None:
    """Makes the sums up to `last` those of the pattern, of which the first `words` words count."""
    for i in range(words):
        if state.bits[i] != bits[i]:
            state.ready[0] = min(state.ready[0], t.word[i])
            break
    for i in range(words):
        state.bits[i] = bits[i]
    for n in range(state.ready[0], last + 1):
        first, capacity, pieces = t.shape[n, Shape.FIRST_ROW], t.shape[n, Shape.CAPACITY], t.shape[n, Shape.PIECES]
        before = t.row[first]
        for d in range(3):
            low = _survey(t, state, n, d)
            state.low[n, d] = low
            for u in range(t.shape[n, Shape.CHANNELS]):
                row = first + u
                at = t.shape[n, Shape.FIRST_DIGIT] + (3 * u + d) * capacity
                if pieces > 0:
                    winner = winner_of(state.bits, t.shape[n, Shape.FIRST_BIT], pieces, u)
                    _copy(t, state, t.shape[n, Shape.READS], winner, d, row, at)
                    continue
                # which terms count, and how far they reach
                terms, top, only = 0, 0, 0
                for k in range(t.row[row], t.row[row + 1]):
                    reach = state.reach[k - before]
                    if reach > 0:
                        terms, only = terms + 1, k
                        top = max(top, reach)
                state.wrong[row, d] = 0.0
                if terms == 0:
                    state.used[row, d] = 0
                    continue
                if terms == 1 and _is_copy(t, only) and state.low[t.term[only, Terms.SOURCE], d] == low:
                    _copy(t, state, t.term[only, Terms.SOURCE], t.term[only, Terms.CHANNEL], d, row, at)
                    continue
                top = max(top - low, 0)
                for i in range(top):
                    state.sums[i] = 0
                wrong = 0.0
                for k in range(t.row[row], t.row[row + 1]):
                    if state.reach[k - before] > 0:
                        wrong += _add_term(t, state, k, d, low, powers)
                size = min(capacity, top + 2)
                state.used[row, d] = carry(state.sums[:top], state.digits[at : at + size])
                state.wrong[row, d] = wrong
    state.ready[0] = max(state.ready[0], last + 1)


@inlined
def _copy_line(t: Tables, state: State, n: int, u: int, whole: Whole, row: int) -> None:
    """Line u of sum n becomes a row of `whole`."""
    top, low = 0, 1 << 40
    for d in range(3):
        begin, end = _span(t, state, n, u, d)
        if end > begin:
            top = max(top, state.low[n, d] + end - begin)
        if end > begin or state.wrong[t.shape[n, Shape.FIRST_ROW] + u, d] > 0.0:
            low = min(low, state.low[n, d])
    if top == 0:
        low = 0
    if state.ready[1] > 0:
        low = max(low, top - state.ready[1] - 2)
    used = top - low
    wrong = 0.0
    for d in range(3):
        begin, end = _span(t, state, n, u, d)
        own, offset = state.wrong[t.shape[n, Shape.FIRST_ROW] + u, d], low - state.low[n, d]
        digits = whole.digits[row, d]
        for i in range(used):
            at = begin + offset + i
            digits[i] = state.digits[at] if begin <= at < end else 0
        mantissa, exponent = rounded(digits, length_of(digits[:used]))
        whole.mantissa[row, d], whole.exponent[row, d] = mantissa * 2.0**-104, exponent
        if own > 0.0 or (end > begin and offset > 0):
            wrong = max(wrong, 2.0 + 1.000001 * _shifted(own, -offset, whole.powers))
    whole.used[row] = used
    whole.wrong[row] = _shifted(wrong, -used, whole.powers)


@bare
def evaluate(
    t: Tables,
    state: State,
    batch: Batch,
    places: Long,
    target: Long,
    maps: Floats,
    alive: NDArray[np.bool_],
    whole: Whole,
) -> None:
    """The exact numbers of the batch's cells `places`.

    target: sum, the last where there are lines; words of the pattern it depends on; power of two its denominator is;
    how many lines; first of these.
    Without lines, maps (B, 3, N) becomes the sum over its denominator, rounded, or infinite, and alive (B, 4) where a
    column is not all 0; and last, whether the digits that are kept tell so much. With lines, the rows of `whole` become
    the cells' sides and these lines.
    """
    n, words, power, lines, label = target[0], target[1], target[2], target[3], target[4]
    row = 0
    for i in range(len(places)):
        c = places[i]
        _bring(t, state, batch.bits[c], n, words, whole.powers)
        if lines > 0:
            whole.first[i] = row
            for s in range(batch.offset[c], batch.offset[c + 1]):
                side = batch.label[s]
                if side < 0:
                    _copy_line(t, state, 0, -1 - side, whole, row)
                else:
                    _copy_line(t, state, t.line[side, 0], t.line[side, 1], whole, row)
                row += 1
            for j in range(label, label + lines):
                _copy_line(t, state, t.line[j, 0], t.line[j, 1], whole, row)
                row += 1
            continue
        alive[i, 3] = True
        for d in range(3):
            alive[i, d] = False
            for u in range(t.shape[n, Shape.CHANNELS]):
                begin, end = _span(t, state, n, u, d)
                digits = state.digits[begin:end]
                mantissa, exponent = rounded(digits, len(digits))
                alive[i, d] |= mantissa != 0.0
                wrong = state.wrong[t.shape[n, Shape.FIRST_ROW] + u, d]
                if wrong > 0.0:
                    alive[i, 3] &= scaled(abs(mantissa), exponent, whole.powers) * EVIDENT > wrong
                exponent += BITS * state.low[n, d] - power
                maps[c, d, u] = np.inf if exponent > 900 else scaled(mantissa, exponent, whole.powers)


class Numbers:
    """One thread's exact numbers of cells."""

    def __init__(self, sums: Sums) -> None:
        t = sums.tables
        self.sums = sums
        self.keep = min(8 + len(t.word) // 8, MOST_KEPT)
        self.state = self._state(0)
        self.leading = self._state(self.keep)

    def _state(self, keep: int) -> State:
        t = self.sums.tables
        return State(
            digits=np.zeros(int((3 * t.shape[:, Shape.CHANNELS] * t.shape[:, Shape.CAPACITY]).sum()), dtype=np.int32),
            used=np.zeros((len(t.row) - 1, 3), dtype=np.int64),
            low=np.zeros((len(t.shape), 3), dtype=np.int64),
            wrong=np.zeros((len(t.row) - 1, 3)),
            sums=np.zeros(self.sums.room, dtype=np.int64),
            reach=np.zeros(len(t.term), dtype=np.int64),
            bits=np.zeros(len(t.word), dtype=np.uint64),
            ready=np.array([0, keep], dtype=np.int64),
        )

    def long(self, number: int) -> bool:
        """Whether the numbers of a sum have so many digits that the leading ones are tried first."""
        return bool(self.sums.tables.shape[: number + 1, Shape.CAPACITY].max() > LONG * self.keep)

    def maps(self, source: int, words: int, batch: Batch, places: Long, z: Floats) -> NDArray[np.bool_]:
        """z (B, 3, N) of these cells anew, rounded once, infinite where too large for floats; alive (n, 3)."""
        denominator = self.sums.denominator[source]
        power = denominator.bit_length() - 1
        alive = np.zeros((len(places), 4), dtype=np.bool_)
        target = np.array([source, words, power, 0, 0], dtype=np.int64)
        for state in (self.leading, self.state) if self.long(source) else (self.state,):
            left = np.flatnonzero(~alive[:, 3])
            if not len(left):
                break
            told = np.empty((len(left), 4), dtype=np.bool_)
            evaluate(self.sums.tables, state, batch, places[left], target, z, told, NO_LINES)
            alive[left] = told
        if denominator != 1 << power:
            z[places] /= denominator / (1 << power)
        return alive[:, :3]

    def roundings(self, source: int) -> int:
        """How many half units in the last place `maps` may be off: more where the denominator is no power of two."""
        denominator = self.sums.denominator[source]
        return 2 if denominator & (denominator - 1) == 0 else 4

    def lines(
        self, last: int, words: int, span: tuple[int, int], batch: Batch, places: Long, *, leading: bool = False
    ) -> Whole:
        """The sides of these cells, and the lines span[0] to span[1] - 1, of sums up to `last`; of `leading` digits."""
        t = self.sums.tables
        corners = batch.offset[places + 1] - batch.offset[places]
        rows = int(corners.sum()) + len(places) * (span[1] - span[0])
        whole = new_whole(len(places), rows, self._longest(last, leading=leading))
        target = np.array([last, words, 0, span[1] - span[0], span[0]], dtype=np.int64)
        none = np.empty((0, 0), dtype=np.bool_)
        state = self.leading if leading else self.state
        evaluate(t, state, batch, places, target, np.empty((0, 3, 0)), none, whole)
        return whole

    def _longest(self, last: int, *, leading: bool) -> int:
        return self.keep + 3 if leading else int(self.sums.tables.shape[: last + 1, Shape.CAPACITY].max())

    def chunk(self, last: int, lines: int, *, leading: bool = False) -> int:
        """How many cells' lines to hold at a time."""
        return max(CHUNK // (3 * (lines + 8) * self._longest(last, leading=leading)), 1)
