"""The range of every layer's output against depth, without normalisation: why a deep random network needs one.

Not the range of the drawn picture (Tone stretches that): the values inside the network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.network.program import Concat, Program
from netwarp.plane import Raster

TEXT = "conv(100) * 50"
DEPTH = 50
GAINS = (2.0, 1.0, 0.5)
RASTER = Raster(columns=36, rows=24)
FITTED_FROM = 5  # the first layers still carry the two inputs, not yet the steady state


@dataclass(frozen=True, slots=True)
class Ranges:
    """One gain: (depth,) standard deviation and largest minus smallest of every layer's outputs over the plane.

    `factor` is the growth a layer: exp of the slope of log std against depth, least squares from layer FITTED_FROM on.
    """

    gain: float
    std: tuple[float, ...]
    span: tuple[float, ...]
    factor: float


def initialiser(gain: float) -> str:
    """He weights times `gain`, as the language's text."""
    return f"he(gain={gain:g})"


def ranges(gain: float, seed: int) -> Ranges:
    """The ranges of the network TEXT with He weights times `gain`, on RASTER, in float64. Errors: NetwarpError."""
    field = calibrate(Network.draw(parse(TEXT, act="relu", norm=None, init=initialiser(gain)), seed), RASTER)
    # field.after(n) for every n at once: a Program whose output is all layers' outputs, one after another
    program = field.program
    channels = sum(program.operations[value].channels for value in program.layers)
    whole = Program((*program.operations, Concat(program.layers, channels)), program.layers, program.exact32)
    outputs = replace(field, program=whole).sample(RASTER, dtype="float64").reshape(DEPTH, -1)
    std, span = outputs.std(axis=1), np.ptp(outputs, axis=1)
    return Ranges(gain, tuple(std.tolist()), tuple(span.tolist()), growth(std))


def growth(std: np.ndarray) -> float:
    """The factor a layer of a positive series (depth,) that grows or decays exponentially."""
    depth = np.arange(FITTED_FROM, len(std) + 1)
    return float(np.exp(np.polyfit(depth, np.log(std[FITTED_FROM - 1 :]), 1)[0]))
