"""Programs made by hand or by hypothesis, and how an evaluator's answers are held to the reference's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

import reference
from known import ACTIVATIONS
from netwarp.architecture.language import parse
from netwarp.engine.native import Native
from netwarp.engine.protocol import Dtype
from netwarp.network.cut import cut
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    SINE,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
)
from netwarp.plane import Plane, Raster

Array = NDArray[np.float64]
Tap = tuple[float, float]

# off the centre, where r has no tangent; neither side is a whole number of vectors
RASTER = Raster(11, 5, Plane(0.013, 0.007))
TAP = RASTER.pitch
# pixels that lie between the taps, share them, or have them to themselves; no two taps as far from the plane's centre
RASTERS = {
    "own": RASTER,
    "finer": Raster(7, 5, Plane(0.01, 0.23, TAP[0] * 7 / 3, TAP[1] * 5 / 2)),
    "coarser": Raster(5, 3, Plane(0.1, 0.23, TAP[0] * 5 * 1.5, TAP[1] * 3 * 2)),
    "irrational": Raster(6, 4, Plane(0.1, 0.2, 0.3, 0.05)),
}


def embed(channels: int, seed: int = 0, kinds: Sequence[int] = (LINEAR,)) -> Embed:
    """Random waves and slopes, the kinds in turn."""
    rng = np.random.default_rng([seed, channels])
    which = np.array([kinds[k % len(kinds)] for k in range(channels)], dtype=np.int64)
    return Embed(which, rng.normal(size=(channels, 3)) * np.where(which == SINE, 5.0, 2.0)[:, None])


def conv(
    source: int, inputs: int, outputs: int, kernel: int = 1, *, dilation: int = 1, groups: int = 1, seed: int = 0
) -> Conv:
    """Random weights, float32 numbers, that keep the variance of what they read."""
    rng = np.random.default_rng([seed, inputs, outputs, kernel, dilation, groups])
    shape = (outputs, inputs // groups, kernel, kernel)
    weight = rng.normal(size=shape) * (2 / np.prod(shape[1:])) ** 0.5
    return Conv(
        (source,),
        weight.astype(np.float32).astype(float),
        rng.normal(size=outputs).astype(np.float32).astype(float),
        dilation,
        groups,
    )


def activate(source: int, channels: int, name: str, parameter: float = 0.0) -> Activate:
    return Activate((source,), name, np.full(channels, float(np.float32(parameter))))


def layer_norm(source: int, channels: int, seed: int = 0) -> LayerNorm:
    rng = np.random.default_rng([seed, channels])
    return LayerNorm((source,), rng.normal(size=channels), rng.normal(size=channels), 1e-5)


def program(*operations: Operation) -> Program:
    return Program(operations)


def calibrated(text: str, raster: Raster = RASTER, *, seed: int = 3, **defaults: object) -> Program:
    """The Program of an architecture, calibrated by the reference."""
    return cut(reference.calibrate(lower(Network.draw(parse(text, **defaults), seed)), raster))  # type: ignore[arg-type]


def shares(found: NDArray[np.floating], wanted: Array) -> float:
    """The largest difference, as a share of the largest number wanted of its channel; infinite where one is NaN."""
    axes = tuple(range(1, wanted.ndim))
    scale = np.abs(wanted).max(axis=axes, keepdims=True)
    apart = np.abs(found.astype(np.float64) - wanted) / np.where(scale > 0, scale, 1.0)
    return float(np.where(np.isnan(apart), np.inf, apart).max())


def check_values(
    one: Program,
    raster: Raster = RASTER,
    tap: Tap = TAP,
    *,
    dtype: Dtype = "float64",
    tolerance: float = 1e-11,
    tangents: bool = True,
) -> None:
    """`run`, with and without tangents, and `points` at the pixel centres are the reference."""
    native = Native()
    wanted = reference.sample(one, raster, tap, tangents=tangents)
    found = native.run(one, raster, tap, dtype, tangents=tangents)
    assert found.dtype == np.dtype(dtype)
    assert found.shape == wanted.shape
    assert shares(found, wanted) <= tolerance
    points = raster.slope().reshape(2, -1).T
    at = native.points(one, points, tap, dtype, tangents=tangents)
    assert at.dtype == np.dtype(dtype)
    assert at.shape == (raster.pixels, one.channels, 3) if tangents else (raster.pixels, one.channels)
    flat = np.moveaxis(at, 0, -1).reshape(wanted.shape)
    if one.pointwise:
        np.testing.assert_array_equal(flat, found)
    else:
        # the halo's coordinates are rounded differently there
        assert shares(flat, wanted) <= tolerance
    if tangents:
        value = native.run(one, raster, tap, dtype)
        np.testing.assert_array_equal(value, found[:, 0])


SMOOTH = tuple(name for name, one in ACTIVATIONS.items() if one.smooth and not one.kinks)


@st.composite
def programs(draw: st.DrawFn, *, normalise: bool = False, step: bool = True) -> Program:
    """Any operations on any values before them; few channels, small windows; what nothing reads is cut away.

    With `normalise` there are Normalise among them, and nothing is cut.
    """
    seed = draw(st.integers(0, 1 << 30))
    rng = np.random.default_rng(seed)
    first = draw(st.integers(1, 5))
    operations: list[Operation] = [embed(first, seed, (LINEAR, SINE, LINEAR, RADIUS))]
    spans = [0]  # how far a value reads around a point
    names = [name for name in ACTIVATIONS if step or name != "step"]
    kinds = ["conv", "conv", "act", "act", "maxout", "pool", "pool", "layernorm", "add", "multiply", "concat"]
    kinds += ["normalise", "normalise"] if normalise else []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(kinds))
        source = draw(st.integers(max(0, len(operations) - 4), len(operations) - 1))
        channels, span = operations[source].channels, spans[source]
        room = 6 - span
        made: Operation
        if kind == "conv":
            kernel = draw(st.integers(1, min(4, room + 1)))
            dilation = draw(st.integers(1, max(1, min(2, room // max(1, kernel - 1)))))
            groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
            outputs = groups * draw(st.integers(1, 3)) if groups > 1 else draw(st.integers(1, 8))
            made = conv(source, channels, outputs, kernel, dilation=dilation, groups=groups, seed=seed)
            span += (kernel - 1) * dilation
        elif kind == "act":
            made = activate(source, channels, draw(st.sampled_from(names)), draw(st.sampled_from([0.1, 0.5, 2.0])))
        elif kind == "layernorm":
            made = layer_norm(source, channels, seed)
        elif kind == "normalise":
            made = Normalise((source,), rng.normal(size=channels) + 3, rng.normal(size=channels), 1e-5)
        elif kind == "maxout":
            pieces = draw(st.sampled_from([p for p in range(1, channels + 1) if channels % p == 0]))
            made = Maxout((source,), channels // pieces, pieces)
        elif kind == "pool":
            size = draw(st.integers(1, min(4, room + 1)))
            dilation = draw(st.integers(1, max(1, min(2, room // max(1, size - 1)))))
            made = Pool((source,), channels, draw(st.sampled_from(["max", "avg"])), size, dilation)
            span += (size - 1) * dilation
        else:
            alike = [i for i, o in enumerate(operations) if kind == "concat" or o.channels == channels]
            others = draw(st.lists(st.sampled_from(alike), min_size=1, max_size=2))
            sources = (source, *others)
            span = max(spans[s] for s in sources)
            if kind == "concat":
                made = Concat(sources, sum(operations[s].channels for s in sources))
            else:
                made = (Add if kind == "add" else Multiply)(sources, channels)
        if made.channels <= 24:
            operations.append(made)
            spans.append(span)
    one = Program(tuple(operations))
    return one if normalise else cut(one)
