"""DescentPlan: what all batches of a descent share, made once from a Program's stages and a frame."""

# N channels of a stage's source

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from struct import pack, unpack

import numpy as np

from netwarp.network.program import Conv, Embed
from netwarp.regions.alike import dense
from netwarp.regions.arrays import Floats
from netwarp.regions.descent.batch import Table, Trait
from netwarp.regions.descent.doubled import Chain, chain_of
from netwarp.regions.descent.maps import Affine, norms
from netwarp.regions.descent.whole import exact_lines
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stage, Stages


@dataclass(frozen=True, eq=False)
class DescentPlan:
    """What all batches share."""

    stages: Stages
    frame: Frame
    tables: tuple[Table, ...]
    affines: dict[int, Affine]  # of the convolutions
    embedded: tuple[Floats, Floats]
    chain: Chain | None
    exact: int  # lines with a number below this are exact
    tolerance: float  # how well a vertex must be known

    @property
    def depth(self) -> int:
        return len(self.stages.stages)


def plan(stages: Stages, frame: Frame) -> DescentPlan:
    """The DescentPlan of these Stages on this Frame; the last few are remembered."""
    # as bytes: 0.0 and -0.0 are equal, but not the same corner
    return _plan(stages, pack("4d", *frame.bounds), frame.origin, frame.across, frame.down)


Pair = tuple[Fraction, Fraction]


@lru_cache(maxsize=4)
def _plan(stages: Stages, bounds: bytes, origin: Pair, across: Pair, down: Pair) -> DescentPlan:
    x0, x1, y0, y1 = unpack("4d", bounds)
    frame = Frame((x0, x1, y0, y1), origin, across, down)
    affines, tables, chain = _prepared(stages)
    embed = stages.program.operations[0]
    assert isinstance(embed, Embed)
    tolerance = 1e-6 * max(x1 - x0, y1 - y0)
    inputs = frame.inputs(embed)
    if chain is not None:
        chain = chain._replace(embedded=np.stack([inputs.values.T, inputs.low.T]), wrong=inputs.wrong_both)
    return DescentPlan(
        stages=stages,
        frame=frame,
        tables=tables,
        affines=affines,
        embedded=(inputs.values, inputs.wrong),
        chain=chain,
        exact=exact_lines(stages, inputs),
        tolerance=tolerance,
    )


@lru_cache(maxsize=16)
def _prepared(stages: Stages) -> tuple[dict[int, Affine], tuple[Table, ...], Chain | None]:
    """What does not depend on the frame."""
    operations = stages.program.operations
    affines = {i: _affine(operation) for i, operation in enumerate(operations) if isinstance(operation, Conv)}
    chain = chain_of(stages, {i: affine.norms for i, affine in affines.items()})
    return affines, tuple(_table(stage, affines) for stage in stages.stages), chain


def _affine(conv: Conv) -> Affine:
    weight = dense(conv)
    # by the largest number first: squares must not underflow
    scale, shift = (max(np.abs(v).max(initial=0.0), 1e-320) for v in (weight, conv.bias))
    spectral = np.linalg.norm(weight / scale, 2) if weight.size else 0.0
    sizes = np.array(
        [spectral * scale, np.linalg.norm(weight / scale) * scale, np.linalg.norm(conv.bias / shift) * shift]
    )
    sizes = np.nextafter(sizes * (1 + 1e-9), np.inf) * (sizes > 0.0)
    rows = norms(weight) * (1 + 1e-9)
    # copies: kernels are compiled for arrays that may be written to, which a network's are not
    return Affine(np.array(weight.T, order="C"), np.array(conv.bias), sizes, rows)


def _table(stage: Stage, affines: dict[int, Affine]) -> Table:
    plain = not stage.pieces and stage.lines == stage.width and not stage.threshold.any()
    order = np.argsort(stage.twin, kind="stable").astype(np.int32)
    offsets = np.searchsorted(stage.twin[order], np.arange(stage.lines + 1)).astype(np.int32)
    made = affines.get(stage.source)
    weight = np.ones(stage.width) if made is None else norms(made.weight.T) * (1 + 1e-9)
    special = bool((stage.facing != 1).any() or (stage.twin != np.arange(stage.lines)).any())
    below, gain = (np.abs(v).max(initial=0.0) for v in (stage.slope, stage.slope_gain))
    shift = np.abs(stage.offset).max(initial=0.0) + np.abs(stage.offset_gain).max(initial=0.0)
    # an output's slope is at most that below all lines and what one line gains: gains of one unit never add up to more
    steepest = np.array([below, (below + gain) * 1.000001, 2.0 * shift * np.sqrt(stage.width)])
    traits = np.empty(len(Trait), dtype=np.int32)
    traits[Trait.GENERAL], traits[Trait.FIRST_WORD], traits[Trait.FIRST_LABEL] = not plain, stage.word, stage.label
    traits[Trait.JUMPS], traits[Trait.RELATED] = stage.jumps, special
    return Table(
        first=stage.first,
        second=stage.second,
        threshold=stage.threshold,
        slope=stage.slope,
        offset=stage.offset,
        slope_gain=stage.slope_gain,
        offset_gain=stage.offset_gain,
        twin=stage.twin,
        facing=stage.facing,
        kin_offset=offsets,
        kin=order,
        steepest=steepest,
        weight=weight,
        traits=traits,
    )
