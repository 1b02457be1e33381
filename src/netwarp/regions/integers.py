"""Exact maps and lines of cells in compiled code: the Sums of a Program, evaluated for the patterns of cells.

Cells that follow one another mostly differ in the last layers alone: what does not depend on these is kept.
"""

# B cells of a batch, N channels, R lines

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.batch import Batch, Floats, Integers, Long
from netwarp.regions.digits import add_product, carry, rounded, scaled
from netwarp.regions.jit import bare, inlined
from netwarp.regions.sums import Sums, Tables
from netwarp.regions.whole_lines import NO_LINES, Whole, new_whole

CHUNK = 1 << 20  # digits of lines at a time


class State(NamedTuple):
    """The numbers of one pattern."""

    digits: Integers  # of all sums, one after another: (channels, 3, capacity) each
    used: Long  # (rows, 3) digits of every number, of which more are not written
    sums: Long  # room for one number before it is carried
    bits: NDArray[np.uint64]  # (W,) the pattern
    ready: Long  # (1,) how many sums are those of the pattern


@inlined
def _is_set(bits: NDArray[np.uint64], bit: int) -> bool:
    return bool(bits[bit >> 6] >> np.uint64(bit & 63) & np.uint64(1) != np.uint64(0))


@inlined
def _winner(bits: NDArray[np.uint64], bit: int, pieces: int, channel: int) -> int:
    """The channel of a maxout's source that is the largest; of equal ones the first."""
    best = 0
    first = bit + channel * (pieces * (pieces - 1) // 2)
    for b in range(1, pieces):
        # pairs are listed by their smaller piece first
        if _is_set(bits, first + best * pieces - best * (best + 1) // 2 + b - best - 1):
            best = b
    return channel * pieces + best


@inlined
def _span(t: Tables, state: State, n: int, u: int, d: int) -> tuple[int, int]:
    """Where the digits of a number of sum n begin and end."""
    at: int = t.shape[n, 3] + (3 * u + d) * t.shape[n, 2]
    return at, at + int(state.used[t.shape[n, 1] + u, d])


@inlined
def _copy(t: Tables, state: State, n: int, u: int, d: int, row: int, at: int) -> None:
    """A number of sum n becomes number d of a row."""
    begin, end = _span(t, state, n, u, d)
    for i in range(end - begin):
        state.digits[at + i] = state.digits[begin + i]
    state.used[row, d] = end - begin


@inlined
def _reach(t: Tables, state: State, k: int, d: int) -> int:
    """How many digits term k adds to in column d; 0 where it adds nothing."""
    source, bit = t.term[k, 0], t.term[k, 2]
    if source < 0 and -1 - source != d:
        return 0
    if bit >= 0 and not _is_set(state.bits, bit):
        return 0
    length: int = 0
    if source >= 0:
        length = state.used[t.shape[source, 1] + t.term[k, 1], d]
        if length == 0:
            return 0
    return length + int(t.term[k, 4] + t.term[k, 5])


@inlined
def _is_copy(t: Tables, k: int) -> bool:
    """Whether term k is a number times 1."""
    plain = t.term[k, 0] >= 0 and t.term[k, 4] == 1 and t.term[k, 5] == 0
    return bool(plain and t.factor[t.term[k, 3]] == 1)


@inlined
def _bring(t: Tables, state: State, bits: NDArray[np.uint64], last: int, words: int) -> None:
    """Makes the sums up to `last` those of the pattern, of which the first `words` words count."""
    for i in range(words):
        if state.bits[i] != bits[i]:
            state.ready[0] = min(state.ready[0], t.word[i])
            break
    for i in range(words):
        state.bits[i] = bits[i]
    for n in range(state.ready[0], last + 1):
        first, capacity, pieces = t.shape[n, 1], t.shape[n, 2], t.shape[n, 4]
        for u in range(t.shape[n, 0]):
            for d in range(3):
                row = first + u
                at = t.shape[n, 3] + (3 * u + d) * capacity
                if pieces > 0:
                    winner = _winner(state.bits, t.shape[n, 5], pieces, u)
                    _copy(t, state, t.shape[n, 6], winner, d, row, at)
                    continue
                # which terms count, and how far they reach
                terms, top, only = 0, 0, 0
                for k in range(t.row[row], t.row[row + 1]):
                    reach = _reach(t, state, k, d)
                    if reach > 0:
                        terms, only = terms + 1, k
                        top = max(top, reach)
                if terms == 0:
                    state.used[row, d] = 0
                    continue
                if terms == 1 and _is_copy(t, only):
                    _copy(t, state, t.term[only, 0], t.term[only, 1], d, row, at)
                    continue
                for i in range(top):
                    state.sums[i] = 0
                for k in range(t.row[row], t.row[row + 1]):
                    if _reach(t, state, k, d) == 0:
                        continue
                    source, count, shift = t.term[k, 0], t.term[k, 4], t.term[k, 5]
                    factor = t.factor[t.term[k, 3] : t.term[k, 3] + count]
                    if source < 0:
                        for i in range(count):
                            state.sums[shift + i] += factor[i]
                    else:
                        begin, end = _span(t, state, source, t.term[k, 1], d)
                        add_product(state.sums[shift:], factor, state.digits[begin:end], 1)
                size = min(capacity, top + 2)
                state.used[row, d] = carry(state.sums[:top], state.digits[at : at + size])
    state.ready[0] = max(state.ready[0], last + 1)


@inlined
def _copy_line(t: Tables, state: State, n: int, u: int, whole: Whole, row: int) -> None:
    """Line u of sum n becomes a row of `whole`."""
    used = 0
    for d in range(3):
        begin, end = _span(t, state, n, u, d)
        digits = state.digits[begin:end]
        used = max(used, len(digits))
        mantissa, exponent = rounded(digits, len(digits))
        whole.mantissa[row, d], whole.exponent[row, d] = mantissa * 2.0**-104, exponent
        for i in range(len(digits)):
            whole.digits[row, d, i] = digits[i]
    for d in range(3):
        begin, end = _span(t, state, n, u, d)
        for i in range(end - begin, used):
            whole.digits[row, d, i] = 0
    whole.used[row] = used


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

    target: sum; words of the pattern it depends on; power of two its denominator is; how many lines; first of these.
    Without lines, maps (B, 3, N) becomes the sum over its denominator, rounded, or infinite, and alive (B, 3) where a
    column is not all 0. With lines, the rows of `whole` become the cells' sides and these lines.
    """
    n, words, power, lines, label = target[0], target[1], target[2], target[3], target[4]
    row = 0
    for i in range(len(places)):
        c = places[i]
        _bring(t, state, batch.bits[c], n, words)
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
        for d in range(3):
            alive[i, d] = False
            for u in range(t.shape[n, 0]):
                begin, end = _span(t, state, n, u, d)
                digits = state.digits[begin:end]
                mantissa, exponent = rounded(digits, len(digits))
                alive[i, d] |= mantissa != 0.0
                exponent -= power
                maps[c, d, u] = np.inf if exponent > 900 else scaled(mantissa, exponent, whole.powers)


class Numbers:
    """One thread's exact numbers of cells."""

    def __init__(self, sums: Sums) -> None:
        t = sums.tables
        self.sums = sums
        self.state = State(
            np.zeros(int((3 * t.shape[:, 0] * t.shape[:, 2]).sum()), dtype=np.int32),
            np.zeros((len(t.row) - 1, 3), dtype=np.int64),
            np.zeros(sums.room, dtype=np.int64),
            np.zeros(len(t.word), dtype=np.uint64),
            np.zeros(1, dtype=np.int64),
        )

    def maps(self, source: int, words: int, batch: Batch, places: Long, z: Floats) -> NDArray[np.bool_]:
        """z (B, 3, N) of these cells anew, rounded once, infinite where too large for floats; alive (n, 3)."""
        denominator = self.sums.denominator[source]
        power = denominator.bit_length() - 1
        alive = np.empty((len(places), 3), dtype=np.bool_)
        target = np.array([source, words, power, 0, 0], dtype=np.int64)
        evaluate(self.sums.tables, self.state, batch, places, target, z, alive, NO_LINES)
        if denominator != 1 << power:
            z[places] /= denominator / (1 << power)
        return alive

    def roundings(self, source: int) -> int:
        """How many half units in the last place `maps` may be off: more where the denominator is no power of two."""
        denominator = self.sums.denominator[source]
        return 2 if denominator & (denominator - 1) == 0 else 4

    def lines(self, sum_of_lines: int, words: int, span: tuple[int, int], batch: Batch, places: Long) -> Whole:
        """The sides of these cells, and the lines span[0] to span[1] - 1, which that sum is."""
        t = self.sums.tables
        corners = batch.offset[places + 1] - batch.offset[places]
        rows = int(corners.sum()) + len(places) * (span[1] - span[0])
        longest = int(t.shape[: sum_of_lines + 1, 2].max())
        whole = new_whole(len(places), rows, longest)
        target = np.array([sum_of_lines, words, 0, span[1] - span[0], span[0]], dtype=np.int64)
        none = np.empty((0, 0), dtype=np.bool_)
        evaluate(t, self.state, batch, places, target, np.empty((0, 3, 0)), none, whole)
        return whole

    def chunk(self, sum_of_lines: int, lines: int) -> int:
        """How many cells' lines to hold at a time."""
        each = 3 * (lines + 8) * int(self.sums.tables.shape[: sum_of_lines + 1, 2].max())
        return max(CHUNK // each, 1)
