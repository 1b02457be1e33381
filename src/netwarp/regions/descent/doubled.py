"""Affine maps of cells in doubled precision: what a float64 map that has grown vague is computed anew with.

A number is the unevaluated sum of two floats. Its operations and their bounds are those of Joldes, Muller and Popescu
2017 (Tight and rigorous error bounds for basic building blocks of double-word arithmetic, doi:10.1145/3121432): a
product with a float is wrong by at most 2 u^2 of itself, a sum by at most 3 u^2 (and a little), u = 2^-53. Maps are
computed from the first layer on by the cell's pattern, as the integers of exact.py are, and some hundred times faster.
"""

# B cells, N channels of a layer's input, O of its output; columns d: a, b, c of an affine function

from __future__ import annotations

from enum import IntEnum
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from netwarp.network.program import Conv, Embed
from netwarp.regions.alike import dense
from netwarp.regions.arrays import Bits, Floats, Integers, Long
from netwarp.regions.descent.batch import Batch
from netwarp.regions.descent.maps import TINY, VAGUE, norm_of
from netwarp.regions.descent.signs import ULP, product
from netwarp.regions.jit import bare, inlined
from netwarp.regions.stages import Stages

U2 = 4.0 * 2.0**-106 * 1.01  # of one operation, 3 u^2 and more
LARGEST = 1e140  # what is larger might overflow as it is split


class Links(IntEnum):
    """The columns of `Chain.links`: of a convolution, and of the stage before it, which the first one has none of."""

    INPUTS, OUTPUTS = 0, 1
    WEIGHT, BIAS = 2, 3  # where its own begin
    LINE, LINES = 4, 5  # the stage's first line, and how many it has
    WORD = 6  # its first word of pattern bits
    CHANNEL = 7  # its first channel


class Chain(NamedTuple):
    """The convolutions of a Program up to some stage, one after another, and what is between them, in flat arrays."""

    links: Long  # (convolutions, 8) by Links
    weight: Floats  # of every convolution (N, O), flat
    bias: Floats
    norms: Floats  # (convolutions, 3) as Affine.norms
    first: Integers  # line -> channel of its stage
    slope: Floats  # channel -> slope below all lines
    offset: Floats
    slope_gain: Floats  # line -> what the slope gains
    offset_gain: Floats
    embedded: Floats  # (2, 3, N) the inputs' high and low parts
    wrong: Floats  # (3,) how wrong these are together, in the Euclidean norm


def chain_of(stages: Stages, norms: dict[int, Floats]) -> Chain | None:
    """The Chain of a Program that begins with inputs and a convolution, its inputs left open; None for another.

    It ends before the first stage that is not `chained` or whose slopes floats do not hold (hardsigmoid's sixths).
    """
    operations = stages.program.operations
    if len(stages.between[0]) != 2 or not isinstance(operations[0], Embed) or not isinstance(operations[1], Conv):
        return None
    before = list(takewhile(lambda stage: stage.chained and not stage.rounded, stages.stages))
    # of every convolution: its value; lines, first word and width of the stage before
    parts = [(1, 0, 0, 0), *((stage.value + 1, stage.lines, stage.word, stage.width) for stage in before)]
    links, weights, biases, sizes = [], [], [], []
    weight_at = bias_at = line_at = channel_at = 0
    for value, lines, word, width in parts:
        conv = operations[value]
        assert isinstance(conv, Conv)
        matrix = np.ascontiguousarray(dense(conv).T)
        links.append([*matrix.shape, weight_at, bias_at, line_at, lines, word, channel_at])
        weights.append(matrix.ravel())
        biases.append(conv.bias)
        sizes.append(norms[value])
        weight_at, bias_at = weight_at + matrix.size, bias_at + len(conv.bias)
        line_at, channel_at = line_at + lines, channel_at + width

    def flat(parts: list[Floats]) -> Floats:
        return np.concatenate([np.zeros(0), *parts])

    return Chain(
        links=np.array(links, dtype=np.int64),
        weight=np.concatenate(weights),
        bias=np.concatenate(biases),
        norms=np.array(sizes),
        first=np.concatenate([np.zeros(0, dtype=np.int32), *(stage.first for stage in before)]),
        slope=flat([stage.slope for stage in before]),
        offset=flat([stage.offset for stage in before]),
        slope_gain=flat([stage.slope_gain for stage in before]),
        offset_gain=flat([stage.offset_gain for stage in before]),
        embedded=np.empty((2, 3, 0)),
        wrong=np.zeros(3),
    )


@inlined
def _times(high: float, low: float, factor: float) -> tuple[float, float]:
    """A number times a float."""
    p, e = product(high, factor)
    e += low * factor
    s = p + e
    return s, e - (s - p)


@inlined
def _plus(xh: float, xl: float, yh: float, yl: float) -> tuple[float, float]:
    """The sum of two numbers."""
    sh = xh + yh
    t = sh - xh
    sl = (xh - (sh - t)) + (yh - t)
    th = xl + yl
    t = th - xl
    tl = (xl - (th - t)) + (yl - t)
    c = sl + th
    vh = sh + c
    w = tl + (c - (vh - sh))
    zh = vh + w
    return zh, w - (zh - vh)


@inlined
def _norms(columns: Floats, width: int) -> tuple[float, float, float]:
    """The Euclidean norms of the three columns (3, M) over their first `width` channels."""
    return (
        norm_of(columns[0, :width]),
        norm_of(columns[1, :width]),
        norm_of(columns[2, :width]),
    )


@inlined
def _tiny(size: float, error: float) -> float:
    """What underflow may take of a column: nothing of one that is zero."""
    return TINY if size > 0.0 or error > 0.0 else 0.0


@inlined
def _activated(chain: Chain, n: int, bits: Bits, high: Floats, low: Floats, work: Floats) -> float:
    """The output of the stage before convolution n, in place, on the cell of these bits; its steepest slope."""
    link = chain.links[n]
    slopes, offsets = work[0], work[1]
    inputs = link[Links.INPUTS]
    for u in range(inputs):
        slopes[u], offsets[u] = chain.slope[link[Links.CHANNEL] + u], chain.offset[link[Links.CHANNEL] + u]
    for i in range(link[Links.LINES]):
        if bits[link[Links.WORD] + (i >> 6)] >> np.uint64(i & 63) & np.uint64(1):
            u = chain.first[link[Links.LINE] + i]
            slopes[u] += chain.slope_gain[link[Links.LINE] + i]
            offsets[u] += chain.offset_gain[link[Links.LINE] + i]
    steepest = 0.0
    for u in range(inputs):
        slope = slopes[u]
        steepest = max(steepest, abs(slope))
        for d in range(3):
            if slope == 0.0:
                high[d, u] = low[d, u] = 0.0
            elif slope != 1.0:
                high[d, u], low[d, u] = _times(high[d, u], low[d, u], slope)
        if offsets[u] != 0.0:
            high[2, u], low[2, u] = _plus(high[2, u], low[2, u], offsets[u], 0.0)
    return steepest


@inlined
def _convolved(chain: Chain, n: int, source: Floats, out: Floats) -> None:
    """Convolution n of source (2, 3, N) into out (2, 3, O), both high and low."""
    link = chain.links[n]
    outputs = link[Links.OUTPUTS]
    for d in range(3):
        zh, zl = out[0, d], out[1, d]
        for o in range(outputs):
            zh[o] = chain.bias[link[Links.BIAS] + o] if d == 2 else 0.0
            zl[o] = 0.0
        for u in range(link[Links.INPUTS]):
            h, k = source[0, d, u], source[1, d, u]
            if h == 0.0 and k == 0.0:
                continue
            row = link[Links.WEIGHT] + u * outputs
            for o in range(outputs):
                ph, pl = _times(h, k, chain.weight[row + o])
                zh[o], zl[o] = _plus(zh[o], zl[o], ph, pl)


@inlined
def _shared(chain: Chain, number: int, bits: Bits, other: Bits) -> int:
    """How many convolutions read the same on two cells: those before the first stage on which their patterns differ."""
    for n in range(1, number + 1):
        word = chain.links[n, Links.WORD]
        for i in range(word, word + (chain.links[n, Links.LINES] + 63) // 64):
            if bits[i] != other[i]:
                return n
    return number + 1


@bare
def recompute(
    chain: Chain,
    number: int,
    batch: Batch,
    vague: Long,
    work: tuple[Floats, Floats],
    maps: Floats,
    errors: tuple[Floats, Floats],
) -> int:
    """Computes maps (B, 3, N), the source of stage `number`, anew on the cells `vague` (V,) of the batch.

    `errors` are the lines' error and the maps' norm of error, (B, 3), as in Maps. Those cells come first in `vague`
    afterwards that are vague still, and their number is returned. `work` are (number + 3, 2, 3, M) for the widest
    layer, and (number + 2, 4): what every convolution made of the cell before, of which the next one, a neighbour as a
    rule, has the most in common.
    """
    error, norm = errors
    made, bounds = work
    # the inputs, what each convolution makes, and the one layer that is being computed
    source = made[number + 2]
    left = 0
    last = -1
    for c in vague:
        begin = 0
        if last >= 0:
            begin = _shared(chain, number, batch.bits[c], batch.bits[last])
        else:
            for d in range(3):
                for u in range(chain.links[0, Links.INPUTS]):
                    made[0, 0, d, u], made[0, 1, d, u] = chain.embedded[0, d, u], chain.embedded[1, d, u]
                bounds[0, d] = chain.wrong[d]
            bounds[0, 3] = 0.0
        last = c
        l0 = l1 = l2 = 0.0
        # the last one again in any case: the bound of its lines is not kept
        for n in range(min(begin, number), number + 1):
            inputs = chain.links[n, Links.INPUTS]
            e0, e1, e2, largest = bounds[n, 0], bounds[n, 1], bounds[n, 2], bounds[n, 3]
            for part in range(2):
                for d in range(3):
                    for u in range(inputs):
                        source[part, d, u] = made[n, part, d, u]
            following = made[n + 1]
            if n:
                s0, s1, s2 = _norms(source[0], inputs)
                steepest = _activated(chain, n, batch.bits[c], source[0], source[1], following[0])
                shift = 0.0
                for u in range(inputs):
                    shift = max(shift, abs(following[0, 1, u]))
                shift *= np.sqrt(1.0 * inputs)
                e0, e1, e2 = e0 * steepest, e1 * steepest, e2 * steepest
                e0 += 2.0 * U2 * s0 * steepest
                e1 += 2.0 * U2 * s1 * steepest
                e2 += 2.0 * U2 * (s2 * steepest + shift)
            s0, s1, s2 = _norms(source[0], inputs)
            # products and sums, the bias among them; and what underflow may have taken
            gamma = (inputs + 4.0) * U2
            t0, t1, t2 = _tiny(s0, e0), _tiny(s1, e1), _tiny(s2, e2)
            l0, l1, l2 = e0 + gamma * s0 + t0, e1 + gamma * s1 + t1, e2 + gamma * s2 + t2
            spectral, whole, bias = chain.norms[n, 0], chain.norms[n, 1], chain.norms[n, 2]
            bounds[n + 1, 0] = spectral * e0 + whole * gamma * s0 + t0
            bounds[n + 1, 1] = spectral * e1 + whole * gamma * s1 + t1
            bounds[n + 1, 2] = spectral * e2 + whole * gamma * s2 + t2 + gamma * bias
            bounds[n + 1, 3] = max(largest, max(s0, s1, s2, bias) * max(whole, 1.0))
            _convolved(chain, n, source, following)
        here = made[number + 1]
        outputs = chain.links[number, Links.OUTPUTS]
        known = bounds[number + 1, 3] < LARGEST
        for d in range(3):
            known &= bounds[number + 1, d] <= VAGUE * 0.1 * norm_of(here[0, d, :outputs])
        if not known:
            vague[left] = c
            left += 1
            continue
        for d in range(3):
            line = l0 if d == 0 else (l1 if d == 1 else l2)
            for o in range(outputs):
                maps[c, d, o] = here[0, d, o]
            # the lines' own roundings are counted where they are evaluated
            error[c, d] = line
            norm[c, d] = bounds[number + 1, d] + 2.0 * ULP * norm_of(here[0, d, :outputs])
    return left
