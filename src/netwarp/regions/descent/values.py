"""A Program's values on cells, where they are not handed from neighbour to neighbour: floats with their errors."""

# B cells of a batch, N channels, K channels of the output

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from netwarp.network.program import Add, Concat, Conv, Embed, Gather, Multiply
from netwarp.regions.arrays import Floats, Integers
from netwarp.regions.descent.batch import Batch
from netwarp.regions.descent.maps import TINY, activate, norms
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.descent.plan import DescentPlan
from netwarp.regions.descent.signs import ULP
from netwarp.regions.stages import Stage, straight


@dataclass(frozen=True, eq=False)
class Known:
    """A value on the cells of a batch: affine maps (B, 3, N); error and size (B, 3), Euclidean norms over channels."""

    maps: Floats
    error: Floats

    def size(self) -> Floats:
        return norms(self.maps)

    def of(self, parents: Integers) -> Known:
        return Known(self.maps[parents], self.error[parents])


def activated(stage: Stage, batch: Batch, before: Known, first: int, last: int) -> Known:
    """A stage's output on the cells first to last - 1 of the batch; `before` is its source on their parents."""
    parents = batch.parent[first:last]
    if stage.pieces:
        largest = largest_pieces(stage, batch.bits[first:last])
        maps = np.ascontiguousarray(np.take_along_axis(before.maps[parents], largest[:, None, :], axis=2))
        return Known(maps, before.error[parents])
    maps = np.empty((last - first, 3, stage.width))
    pieces = (stage.slope, stage.offset, stage.slope_gain, stage.offset_gain)
    activate(batch, before.maps, stage.first, pieces, stage.word, (first, last), maps)
    if stage.flat:
        return Known(maps, np.zeros_like(before.error[parents]))
    steepest = np.abs(stage.slope).max(initial=0.0) + np.abs(stage.slope_gain).max(initial=0.0)
    known = Known(maps, before.error[parents] * steepest)
    alive = np.asarray(maps.any(axis=(1, 2)))
    size = known.size() + np.array([0.0, 0.0, np.sqrt(stage.width) * np.abs(stage.offset).max(initial=0.0)])
    error = (known.error + 8 * ULP * (size + 2 * before.size()[parents] * steepest)) * alive[:, None]
    error[size > 0] += TINY
    return Known(maps, error)


def applied(plan: DescentPlan, i: int, values: dict[int, Known], count: int) -> tuple[Known, Floats]:
    """An affine operation's value, and the error of one of its channels over the norm of that channel's weights."""
    operation = straight(plan.stages.program.operations[i])
    if isinstance(operation, Embed):
        matrix, wrong = plan.embedded
        # copies: kernels are compiled for arrays that may be written to, which one cell's broadcast is not
        maps = np.broadcast_to(matrix.T, (count, *matrix.T.shape)).copy()
        error = np.broadcast_to(wrong, (count, 3)).copy()
        return Known(maps, error), error
    sources = [values[source] for source in operation.sources]
    if isinstance(operation, Conv):
        affine, source = plan.affines[i], sources[0]
        maps = source.maps @ affine.weight
        maps[:, 2] += affine.bias
        gamma, size = (len(affine.weight) + 32) * ULP * 1.01, source.size()
        tiny = np.where((size > 0) | (source.error > 0), TINY, 0.0)
        error = affine.norms[0] * source.error + gamma * affine.norms[1] * size + tiny * (affine.norms[0] > 0)
        error[:, 2] += 4 * ULP * affine.norms[2]
        return Known(maps, error), source.error + gamma * size + tiny
    if isinstance(operation, Gather):
        maps = np.ascontiguousarray(sources[0].maps[:, :, np.maximum(operation.index, 0)])
        maps[:, :, operation.index < 0] = 0.0
        # a channel that is read n times counts n times in the norm of all
        often = np.bincount(operation.index[operation.index >= 0], minlength=1).max()
        return Known(maps, sources[0].error * (np.sqrt(often) * (1 + 1e-9))), sources[0].error
    if isinstance(operation, Add):
        maps = sum((source.maps for source in sources[1:]), sources[0].maps)
        total = np.sum([s.size() for s in sources], axis=0)
        error = np.sum([s.error for s in sources], axis=0) + len(sources) * ULP * 1.01 * total
        return Known(np.ascontiguousarray(maps), error), error
    if isinstance(operation, Multiply):
        found = sources[0]
        for factor in sources[1:]:
            found = _product(found, factor)
        return found, found.error
    if isinstance(operation, Concat):
        error = np.sqrt(np.sum([s.error**2 for s in sources], axis=0)) * (1 + 1e-9)
        return Known(np.concatenate([s.maps for s in sources], axis=2), error), error
    assert_never(operation)


def _product(one: Known, other: Known) -> Known:
    """The product of maps of which at most one, in every channel, is not constant: two terms, one of which is 0."""
    maps = one.maps * other.maps[:, 2:] + other.maps * one.maps[:, 2:]
    maps[:, 2] = one.maps[:, 2] * other.maps[:, 2]
    # |xy - x'y'| is at most max|x| |y - y'| + max|y| |x - x'| + |x - x'| |y - y'|, in norms over channels
    p, q = (np.abs(factor.maps).max(axis=2, initial=0.0) for factor in (one, other))
    e, f = one.error, other.error
    error = p * f[:, 2:] + (q[:, 2:] + f[:, 2:]) * e
    error[:, :2] += q[:, :2] * e[:, 2:] + (p[:, 2:] + e[:, 2:]) * f[:, :2]
    size = norms(maps)
    error = error * (1 + 1e-9) + 2 * ULP * size
    error[(error > 0) | (size > 0)] += TINY
    return Known(maps, error)
