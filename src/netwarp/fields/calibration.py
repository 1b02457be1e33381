"""Calibration: freeze a Network's spatial statistics on a Raster, and it becomes one function of the plane, a Field."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import instance
from netwarp.engine.choose import choose
from netwarp.engine.protocol import Engine
from netwarp.fields.field import Field
from netwarp.fields.limits import check_memory, native_calibration_bytes
from netwarp.log import step
from netwarp.network.cut import cut
from netwarp.network.fold import fold, folding, rounded
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import (
    Activate,
    Add,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)
from netwarp.network.source import Drawn, Graph, Made, Plain, Weighted
from netwarp.plane import A_RASTER, Raster
from netwarp.progress import Progress


def calibrate(
    network: Network,
    raster: Raster | None = None,
    *,
    engine: str | Engine = "native",
    progress: Progress | None = None,
) -> Field:
    """The Field of a Network whose every spatial normalisation takes its statistics over `raster` (600x400 by default).

    Layer by layer in float64: mean and biased variance of each channel over the raster's pixels, folded into the
    layer's weights; these are rounded to float32 once, and the next layer sees the rounded ones. A network
    without an architecture keeps its own float64 numbers, those that no normalisation folds; a Graph whose numbers are
    all float32 is evaluated like a drawn network. The result does not depend on threads or on any later raster.
    Errors: InputError for what is not a Network or a Raster; LimitError where memory would not do.

    >>> net = nw.Network.draw(nw.parse("conv(10) * 10"), seed=7)
    >>> nw.calibrate(net, nw.Raster(60, 40)).channels
    3
    >>> nw.calibrate("conv(10) * 10")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: calibrate network='conv(10) * 10': must be a Network, ...
    """
    instance(network, Network, "calibrate network", "a Network, as Network.draw(architecture, seed) gives")
    raster = instance(Raster() if raster is None else raster, Raster, "calibrate raster", A_RASTER)
    with step("calibrate") as say:
        say("%s, seed %s, on %dx%d", network.text, network.seed, raster.columns, raster.rows)
        return _calibrated(network, raster, engine, progress)


def _calibrated(network: Network, raster: Raster, engine: str | Engine, progress: Progress | None) -> Field:
    program = lower(network)
    if isinstance(network.source, Drawn | Weighted | Made):
        program = _round_unfolded(program)
    operations = list(program.operations)

    def settle(i: int, mean: NDArray[np.float64], variance: NDArray[np.float64]) -> Conv:
        conv = fold(program, i, mean, variance)
        operations[i] = conv
        return conv

    if any(isinstance(operation, Normalise) for operation in operations):
        check_memory(native_calibration_bytes(program, raster), f"calibrating on {raster.columns}x{raster.rows}")
        choose(engine).statistics(program, raster, settle, progress=progress)
    frozen = cut(Program(tuple(operations), program.layers))
    match network.source:
        case Drawn() | Weighted() | Made():
            exact32 = True
        case Plain():
            exact32 = False
        case Graph():
            exact32 = _all_float32(frozen)
        case _:
            assert_never(network.source)
    return Field(replace(frozen, exact32=exact32), raster, network)


def _round_unfolded(program: Program) -> Program:
    """Rounds to float32 what no normalisation will fold: then every number of the Field is a float32."""
    folded = {folding(program, i) for i, operation in enumerate(program.operations) if isinstance(operation, Normalise)}
    return program.alike(
        tuple(operation if i in folded else _rounded(operation) for i, operation in enumerate(program.operations))
    )


def _rounded(operation: Operation) -> Operation:
    """The operation, the numbers that evaluators take in either precision rounded to float32."""
    match operation:
        case Conv() | TensorConv():
            return replace(operation, weight=rounded(operation.weight), bias=rounded(operation.bias))
        case Activate():
            return replace(operation, parameter=rounded(operation.parameter))
        case LayerNorm():
            return replace(operation, scale=rounded(operation.scale), shift=rounded(operation.shift))
        case Embed() | Normalise() | Maxout() | Pool() | Merge() | Add() | Multiply() | Concat():
            return operation
        case Gather() | Call():
            return operation
        case _:
            assert_never(operation)


def _all_float32(program: Program) -> bool:
    """Whether rounding changes nothing. Of an outside function it is not known, so it is no."""
    return not program.called and all(
        np.array_equal(getattr(operation, part), value)
        for operation in program.operations
        for part, value in vars(_rounded(operation)).items()
        if isinstance(value, np.ndarray)
    )
