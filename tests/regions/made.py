"""Fields and tessellations made for tests: of programs, of plain weights, of the benchmarks' random networks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netwarp.architecture.notation import to_activation
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.network.source import Plain
from netwarp.plane import Plane, Raster
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation

SQUARE = Plane.between(-1.0, 1.0, -1.0, 1.0)


def field_of(program: Program) -> Field:
    """A Field of any program; its network is a stand-in."""
    return Field(program, Raster(), Network.sawtooth(1))


def tessellation_of(program: Program, bounds: Sequence[float] = (-1.0, 1.0, -1.0, 1.0)) -> Tessellation:
    """Checked."""
    found = tessellate(field_of(program), Plane.between(*bounds))
    found.check()
    return found


def plain(layers: Sequence[tuple[np.ndarray, np.ndarray]], activation: str = "relu") -> Field:
    """The Field of (weight (out, in), bias) layers; the activation follows all but the last."""
    parameters = {}
    for n, (weight, bias) in enumerate(layers):
        parameters[f"W{n}"], parameters[f"b{n}"] = np.asarray(weight, float), np.asarray(bias, float)
    return Network(Plain(to_activation("activation", activation)), parameters).calibrate()


def generic(depth: int, width: int, seed: int = 0) -> Field:
    """He weights and small biases, rounded to float32: the networks that the benchmarks count."""
    rng = np.random.default_rng(seed)
    layers, inputs = [], 2
    for outputs in [width] * depth + [3]:
        weight = (rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)).astype(np.float32)
        bias = (rng.standard_normal(outputs) * 0.3).astype(np.float32)
        layers.append((weight.T.astype(float), bias.astype(float)))
        inputs = outputs
    return plain(layers)
