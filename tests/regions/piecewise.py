"""Piecewise-linear pointwise programs: builders, and strategies for ordinary and for awkward ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from netwarp.network.cut import cut
from netwarp.network.program import (
    LINEAR,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    Maxout,
    Multiply,
    Operation,
    Pool,
    Program,
)
from regions.rational import PIECES

PLANE = Embed(np.full(2, LINEAR), np.eye(2, 3))


def conv(source: int, weight: ArrayLike, bias: ArrayLike | None = None, *, groups: int = 1) -> Conv:
    matrix = np.asarray(weight, dtype=float)
    shift = np.zeros(len(matrix)) if bias is None else np.asarray(bias, dtype=float)
    return Conv((source,), matrix[:, :, None, None], shift, groups=groups)


def act(source: int, channels: int, name: str = "relu", parameter: float = 0.0) -> Activate:
    return Activate((source,), name, np.full(channels, parameter))


@st.composite
def piecewise(draw: st.DrawFn) -> Program:
    """Anything pointwise and piecewise linear; small whole weights, so that ties and copies are common, or any."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    whole = draw(st.booleans())

    def numbers(*shape: int) -> np.ndarray:
        return rng.integers(-2, 3, shape).astype(float) if whole else rng.normal(size=shape)

    first = draw(st.integers(2, 3))
    operations: list[Operation] = [Embed(np.full(first, LINEAR), numbers(first, 3))]
    for _ in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(["conv", "conv", "act", "act", "act", "maxout", "pool", "add", "concat", "times"]))
        source = draw(st.integers(max(0, len(operations) - 3), len(operations) - 1))
        channels = operations[source].channels
        divisors = [d for d in range(1, channels + 1) if channels % d == 0]
        if kind == "conv":
            groups = draw(st.sampled_from(divisors))
            outputs = groups * draw(st.integers(1, max(1, 4 // groups)))
            made: Operation = conv(source, numbers(outputs, channels // groups), numbers(outputs), groups=groups)
        elif kind == "act":
            name = draw(st.sampled_from([*PIECES, "linear"]))
            made = act(source, channels, name, draw(st.sampled_from([0.1, 0.5, -1.0, 1.0])))
        elif kind == "maxout":
            pieces = draw(st.sampled_from(divisors))
            made = Maxout((source,), channels // pieces, pieces)
        elif kind == "times":
            # what is chosen by the signs of something else: times steps, or numbers that steps make
            decides = draw(st.integers(0, len(operations) - 1))
            operations.append(conv(decides, numbers(channels, operations[decides].channels), numbers(channels)))
            operations.append(act(len(operations) - 1, channels, "step"))
            if draw(st.booleans()):
                operations.append(conv(len(operations) - 1, numbers(channels, channels), numbers(channels)))
            factors = [source, len(operations) - 1]
            made = Multiply(tuple(draw(st.permutations(factors))), channels)
        elif kind == "pool":
            made = Pool((source,), channels, draw(st.sampled_from(["max", "avg"])), 1)
        else:
            alike = [i for i, o in enumerate(operations) if kind == "concat" or o.channels == channels]
            sources = (source, *draw(st.lists(st.sampled_from(alike), min_size=1, max_size=2)))
            made = (
                Add(sources, channels)
                if kind == "add"
                else Concat(sources, sum(operations[s].channels for s in sources))
            )
        if made.channels <= 6:
            operations.append(made)
    return cut(Program(tuple(operations)))


KINDS = ("generic", "zero bias", "whole", "copies", "tiny", "thirds")


@st.composite
def awkward(draw: st.DrawFn) -> Program:
    """Layers with what breaks floats: copies and multiples of units, zero biases, ties that are dyadic and not, and
    weights of very different sizes; residual and dense connections among them."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    kind = draw(st.sampled_from(KINDS))
    operations: list[Operation] = [PLANE]
    last = 0
    for _ in range(draw(st.integers(1, 3))):
        inputs, units = operations[last].channels, draw(st.integers(1, 6))
        weight, bias = _numbers(rng, kind, units, inputs)
        operations.append(conv(last, weight, bias))
        operations.append(act(len(operations) - 1, units, draw(st.sampled_from(list(PIECES))), 0.1))
        new = len(operations) - 1
        join = draw(st.sampled_from(["", "", "concat", "add"]))
        if join == "concat":
            operations.append(Concat((last, new), inputs + units))
        elif join == "add" and inputs == units:
            operations.append(Add((last, new), units))
        last = len(operations) - 1
    weight, bias = _numbers(rng, kind, 2, operations[last].channels)
    operations.append(conv(last, weight, bias))
    return Program(tuple(operations), tuple(i for i, o in enumerate(operations) if isinstance(o, Activate)))


def _numbers(rng: np.random.Generator, kind: str, units: int, inputs: int) -> tuple[np.ndarray, np.ndarray]:
    weight, bias = rng.standard_normal((units, inputs)), rng.standard_normal(units) * 0.3
    if kind == "zero bias":
        bias[:] = 0.0
    elif kind == "whole":
        weight, bias = rng.integers(-2, 3, (units, inputs)).astype(float), rng.integers(-2, 3, units) / 2
    elif kind == "copies":
        weight, bias = weight.astype(np.float32).astype(float), bias.astype(np.float32).astype(float)
        for j in range(1, units):
            if rng.random() < 0.5:
                factor, k = rng.choice([1.0, -1.0, 2.0, -0.5, 3.0]), rng.integers(0, j)
                weight[j], bias[j] = weight[k] * factor, bias[k] * factor
    elif kind == "tiny":
        weight, bias = weight * 10.0 ** rng.integers(-8, 1), bias * 10.0 ** rng.integers(-8, 1)
    elif kind == "thirds":
        weight, bias = rng.integers(-3, 4, (units, inputs)) / 3, rng.integers(-3, 4, units) / 6
    return weight.astype(np.float32).astype(float), bias.astype(np.float32).astype(float)
