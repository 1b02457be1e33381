"""Which lines floats hold without any rounding: those of networks of few bits, folding ones for example.

Where every number of a value is a multiple of some power of two, and none is 2^53 times as large, sums and products in
any order round nothing. Such lines meet three at a point as a matter of course, and floats can say so.
"""

# N channels of a value

from __future__ import annotations

from math import inf, log2
from typing import assert_never

import numpy as np

from netwarp.network.program import Add, Concat, Conv, Embed, Gather, Multiply
from netwarp.regions.alike import dense
from netwarp.regions.arrays import Floats
from netwarp.regions.frame import FrameInputs
from netwarp.regions.stages import Stage, Stages, Straight, straight

Extent = tuple[float, float]  # all numbers are multiples of 2^first, and in magnitude at most 2^second
BITS = 53 - 3  # differences and partial sums may be some times as large as what they come to
NONE: Extent = (0.0, inf)


def exact_lines(stages: Stages, inputs: FrameInputs) -> int:
    """Lines whose number is below this have coefficients without any error, as numbers of a frame with these inputs."""
    if inputs.wrong.any():
        return 0
    operations = stages.program.operations
    of: dict[int, Extent] = {}
    found = {stage.value: stage for stage in stages.stages}
    for i, operation in enumerate(operations):
        if i in found:
            stage = found[i]
            if not _fits(_joined(of[stage.source], _extent(stage.threshold))):
                return stage.label
            of[i] = _activated(stage, of[stage.source])
        else:
            of[i] = _affine(straight(operation), inputs, of)
    return stages.lines


def _fits(extent: Extent) -> bool:
    return extent[1] - extent[0] <= BITS


def _extent(numbers: Floats) -> Extent:
    """Of these numbers; zeros are multiples of anything."""
    magnitude = np.abs(numbers[numbers != 0.0])
    if not len(magnitude):
        return inf, -inf
    mantissa, exponent = np.frexp(magnitude)
    whole = (mantissa * 2.0**53).astype(np.int64)
    lowest = exponent - 53 + np.log2((whole & -whole).astype(np.float64))
    return float(lowest.min()), float(np.log2(magnitude.max())) + 1e-9


def _joined(*extents: Extent) -> Extent:
    return min(extent[0] for extent in extents), max(extent[1] for extent in extents)


def _sum(*extents: Extent) -> Extent:
    most = max(extent[1] for extent in extents)
    if not abs(most) < inf:
        return min(extent[0] for extent in extents), most
    return min(extent[0] for extent in extents), most + log2(
        sum(2.0 ** (extent[1] - most) for extent in extents)
    ) + 1e-9


def _affine(operation: Straight, inputs: FrameInputs, of: dict[int, Extent]) -> Extent:
    if isinstance(operation, Embed):
        return _extent(inputs.values)
    sources = [of[source] for source in operation.sources]
    if isinstance(operation, Conv):
        weight = dense(operation)
        (step, most), each = sources[0], _extent(weight)
        row = float(np.abs(weight).sum(axis=1).max(initial=0.0))
        product = (step + each[0], most + log2(row) + 1e-9) if row > 0.0 else (inf, -inf)
        return _sum(product, _extent(operation.bias))
    if isinstance(operation, Add):
        return _sum(*sources)
    if isinstance(operation, Multiply):
        if any(most == -inf for _, most in sources):
            return inf, -inf
        return sum(step for step, _ in sources), sum(most for _, most in sources)
    if isinstance(operation, Concat | Gather):
        return _joined(*sources)
    assert_never(operation)


def _activated(stage: Stage, source: Extent) -> Extent:
    if stage.pieces:
        return source
    if stage.rounded:
        return NONE
    slopes = np.concatenate([stage.slope, stage.slope_gain])
    shifts = np.concatenate([stage.offset, stage.offset_gain])
    step, most = _extent(slopes)
    # slopes of one unit add up to no more than twice the largest
    bent = (source[0] + step, source[1] + most + 1.0) if step < inf else (inf, -inf)
    shift = _extent(shifts)
    return _sum(bent, (shift[0], shift[1] + 1.0))
