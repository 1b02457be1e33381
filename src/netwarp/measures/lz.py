"""LZ76: how many words a sequence of bits is made of, in time linear in its length."""

# n bits, S <= 2 n states

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.errors import InputError, LimitError
from netwarp.regions.jit import kernel

# a bit takes up to two states of 20 bytes: 2.5 GiB for the longest, 8192x8192 pixels
LONGEST = 2**26
# columns of a state
SUFFIX, LENGTH = 2, 3


def words(bits: ArrayLike) -> int:
    """The number of words of (n,) zeros and ones, n >= 1: the exhaustive history of Lempel and Ziv.

    Each word is the shortest one that cannot be copied from what came before, where the copy may run into the word
    itself; the last may be one that can. 0001101001000101 falls into 0, 001, 10, 100, 1000, 101: six.
    Not LZ78, whose words are looked up in a list of words. Source: Lempel and Ziv 1976, doi:10.1109/TIT.1976.1055501;
    counted as by Kaspar and Schuster 1987, doi:10.1103/PhysRevA.36.842. Errors: InputError, LimitError.
    """
    given = np.asarray(bits)
    if given.ndim != 1 or not given.size or not np.isin(given, (0, 1)).all():
        raise InputError(f"words of an array of shape {given.shape}: must be a sequence of zeros and ones")
    if given.size > LONGEST:
        raise LimitError(f"words of {given.size:,} bits: at most {LONGEST:,} can be counted; use a smaller raster")
    return int(_count(np.ascontiguousarray(given, dtype=np.uint8)))


@kernel
def _count(bits: NDArray[np.uint8]) -> int:
    states, first = _automaton(bits)
    found, state = 0, 0
    for place in range(bits.size):
        state = states[state, bits[place]]
        # the word so far ends here for the first time: so nothing before it holds it
        if first[state] == place:
            found += 1
            state = 0
    return found + (state != 0)


@kernel
def _automaton(bits: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The suffix automaton (Blumer et al. 1985, doi:10.1016/0304-3975(85)90157-4).

    states (S, 4), a state's numbers side by side, for they are looked up together: the states that a 0 and a 1 lead to
    (the start, 0, for none: no bit leads there), that of its longest suffix that leads elsewhere (SUFFIX), and the
    length of the longest string that leads to it (LENGTH). first (S,): where the strings that lead to it first end.
    """
    states = np.zeros((2 * bits.size + 1, 4), np.int32)
    first = np.empty(2 * bits.size + 1, np.int32)
    states[0, SUFFIX], first[0] = -1, -1
    count, last = 1, 0
    for place in range(bits.size):
        bit = bits[place]
        new = count
        count += 1
        states[new, LENGTH], first[new] = place + 1, place
        state = last
        while state >= 0 and states[state, bit] == 0:
            states[state, bit] = new
            state = states[state, SUFFIX]
        if state >= 0:
            after = states[state, bit]
            if states[after, LENGTH] != states[state, LENGTH] + 1:
                # its strings up to this length end at `place` too, longer ones do not: it is divided
                half = count
                count += 1
                for item in range(3):
                    states[half, item] = states[after, item]
                states[half, LENGTH], first[half] = states[state, LENGTH] + 1, first[after]
                states[after, SUFFIX] = half
                while state >= 0 and states[state, bit] == after:
                    states[state, bit] = half
                    state = states[state, SUFFIX]
                after = half
            states[new, SUFFIX] = after
        last = new
    return states, first
