"""Lines that coincide wherever they are: units whose weights and bias are proportional. They cut once, together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from netwarp.network.program import Conv
from netwarp.regions.arrays import Floats, Integers, Signs

# rows that agree to this many decimals, their largest number scaled to 1, are compared exactly
DECIMALS = 9


def alike(conv: Conv, first: Integers, second: Integers, threshold: Floats) -> tuple[Integers, Signs]:
    """(twin, facing) of lines of a convolution's channels: row first[i] less row second[i], less threshold[i].

    twin[i] is the first line with the same zeros, exactly, whatever the input: i itself where it has none. facing[i] is
    1 where the signs are its twin's, -1 where they are opposite; for a constant line, which draws nothing,
    twice its sign: 2, -2 or 0.
    Proportional rows whose floats disagree in the tenth decimal are missed; that costs time later and nothing else.
    """
    count = len(first)
    weight = dense(conv)
    rows, constant = weight[first], conv.bias[first] - threshold
    paired = second >= 0
    if paired.any():
        rows = rows - np.where(paired[:, None], weight[second], 0.0)
        constant = constant - np.where(paired, conv.bias[second], 0.0)
    twin, facing = np.arange(count, dtype=np.int32), np.ones(count, dtype=np.int8)
    drawn = rows.any(axis=1)
    for i in np.flatnonzero(~drawn).tolist():
        row = _exact(weight, conv.bias, first, second, threshold, i)
        if not any(row[:-1]):
            facing[i] = 2 * ((row[-1] > 0) - (row[-1] < 0))
    pivot = np.abs(rows).argmax(axis=1)
    scale = rows[np.arange(count), pivot]
    with np.errstate(all="ignore"):
        keys = np.round(np.column_stack([rows, constant]) / np.where(drawn, scale, 1.0)[:, None], DECIMALS) + 0.0
    keys = np.column_stack([keys, pivot])
    order = np.lexsort(keys[:, ::-1].T[-4:])  # a few columns part all but the alike
    heads: dict[bytes, int] = {}
    same = (keys[order[1:]][:, :4] == keys[order[:-1]][:, :4]).all(axis=1)
    suspects = np.zeros(count, dtype=bool)
    suspects[order[1:][same]] = suspects[order[:-1][same]] = True
    for i in np.flatnonzero(suspects & drawn).tolist():
        head = heads.setdefault(keys[i].tobytes(), i)
        if head == i:
            continue
        ratio = _ratio(
            _exact(weight, conv.bias, first, second, threshold, head),
            _exact(weight, conv.bias, first, second, threshold, i),
        )
        if ratio is not None:
            twin[i], facing[i] = head, 1 if ratio > 0 else -1
    return twin, facing


def dense(conv: Conv) -> Floats:
    """(O, I): a 1x1 convolution as one matrix, its groups as blocks on the diagonal."""
    weight = conv.weight[:, :, 0, 0]
    if conv.groups == 1:
        return weight
    out, inner = weight.shape
    matrix = np.zeros((out, inner * conv.groups))
    each = out // conv.groups
    for g in range(conv.groups):
        matrix[g * each : (g + 1) * each, g * inner : (g + 1) * inner] = weight[g * each : (g + 1) * each]
    return matrix


def _exact(
    weight: Floats, bias: Floats, first: Integers, second: Integers, threshold: Floats, i: int
) -> tuple[Fraction, ...]:
    row = [Fraction(w) for w in weight[first[i]].tolist()]
    constant = Fraction(float(bias[first[i]])) - Fraction(float(threshold[i]))
    if second[i] >= 0:
        row = [a - Fraction(b) for a, b in zip(row, weight[second[i]].tolist(), strict=True)]
        constant -= Fraction(float(bias[second[i]]))
    return (*row, constant)


def _ratio(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> Fraction | None:
    """other / one where they are proportional, and not zero; else None."""
    at = next(n for n, value in enumerate(one) if value)
    if not other[at]:
        return None
    ratio = other[at] / one[at]
    return ratio if all(b == ratio * a for a, b in zip(one, other, strict=True)) else None
