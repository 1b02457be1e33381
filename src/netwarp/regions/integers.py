"""Exact maps and lines of cells in compiled code: the Sums of a Program, evaluated for the patterns of cells.

Cells that follow one another mostly differ in the last layers alone: what does not depend on these is kept.
"""

# B cells of a batch, N channels, R lines

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.batch import Batch, Floats, Integers, Long
from netwarp.regions.digits import add_product, carry, length_of, rounded, scaled
from netwarp.regions.jit import bare, inlined
from netwarp.regions.sums import Sums, Tables
from netwarp.regions.whole_lines import NO_LINES, Whole, new_whole

CHUNK = 1 << 20  # digits of lines at a time


class State(NamedTuple):
    """The numbers of one pattern."""

    digits: Integers  # of all sums, one after another: (channels, 3, capacity) each
    used: Long  # sum -> digits of its longest number
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
def _bring(t: Tables, state: State, bits: NDArray[np.uint64], last: int, words: int) -> None:
    """Makes the sums up to `last` those of the pattern, of which the first `words` words count."""
    for i in range(words):
        if state.bits[i] != bits[i]:
            state.ready[0] = min(state.ready[0], t.word[i])
            break
    for i in range(words):
        state.bits[i] = bits[i]
    for n in range(state.ready[0], last + 1):
        channels, first, capacity = t.shape[n, 0], t.shape[n, 1], t.shape[n, 2]
        base, pieces = t.shape[n, 3], t.shape[n, 4]
        longest = 0
        for u in range(channels):
            for d in range(3):
                at = base + (3 * u + d) * capacity
                if pieces > 0:
                    source = t.shape[n, 6]
                    size = t.shape[source, 2]
                    winner = _winner(state.bits, t.shape[n, 5], pieces, u)
                    begin = t.shape[source, 3] + (3 * winner + d) * size
                    for j in range(capacity):
                        state.digits[at + j] = state.digits[begin + j] if j < size else 0
                    longest = state.used[source]
                    continue
                top = 0
                for i in range(len(state.sums)):
                    state.sums[i] = 0
                for k in range(t.row[first + u], t.row[first + u + 1]):
                    source, bit, count, shift = t.term[k, 0], t.term[k, 2], t.term[k, 4], t.term[k, 5]
                    if bit >= 0 and not _is_set(state.bits, bit):
                        continue
                    factor = t.factor[t.term[k, 3] : t.term[k, 3] + count]
                    if source < 0:
                        if -1 - source == d:
                            for i in range(count):
                                state.sums[shift + i] += factor[i]
                            top = max(top, shift + count)
                        continue
                    begin = t.shape[source, 3] + (3 * t.term[k, 1] + d) * t.shape[source, 2]
                    add_product(state.sums[shift:], factor, state.digits[begin : begin + state.used[source]], 1)
                    top = max(top, shift + count + state.used[source])
                longest = max(longest, carry(state.sums[:top], state.digits[at : at + capacity]))
        state.used[n] = longest
    state.ready[0] = max(state.ready[0], last + 1)


@inlined
def _copy_line(t: Tables, state: State, n: int, u: int, whole: Whole, row: int) -> None:
    """Line u of sum n becomes a row of `whole`."""
    capacity, used = t.shape[n, 2], 0
    for d in range(3):
        at = t.shape[n, 3] + (3 * u + d) * capacity
        digits = state.digits[at : at + state.used[n]]
        length = length_of(digits)
        used = max(used, length)
        mantissa, exponent = rounded(digits, length)
        whole.mantissa[row, d], whole.exponent[row, d] = mantissa * 2.0**-104, exponent
        for i in range(state.used[n]):
            whole.digits[row, d, i] = digits[i]
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
        capacity = t.shape[n, 2]
        for d in range(3):
            alive[i, d] = False
            for u in range(t.shape[n, 0]):
                at = t.shape[n, 3] + (3 * u + d) * capacity
                digits = state.digits[at : at + state.used[n]]
                mantissa, exponent = rounded(digits, length_of(digits))
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
            np.zeros(len(t.shape), dtype=np.int64),
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
