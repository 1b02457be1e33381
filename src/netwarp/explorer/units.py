"""One unit of an open network as the page shows it: its numbers, its line, and what moves the line."""

from __future__ import annotations

import numpy as np

from netwarp.explorer.unit_data import HandleData, IncomingData, NumberData, UnitReply
from netwarp.fields.field import Field
from netwarp.network.lower import lower
from netwarp.network.program import LINEAR, Conv, Embed, Normalise, Program
from netwarp.network.units import Incoming, Unit, UnitNumber, line_of, row_of, unit
from netwarp.plane import Raster


def described(field: Field, layer: int, channel: int) -> UnitReply:
    """The answer to "unit". Errors: InputError where there is none; UnsupportedError of one that is no sum."""
    network = field.network
    found = unit(network, layer, channel)
    line = line_of(field.program, layer, channel)
    return {
        "kind": "unit",
        "layer": layer,
        "channel": channel,
        "activation": found.activation,
        "norm": found.norm,
        "weights": [_incoming(one) for one in found.weights],
        "bias": None if found.bias is None else _number(found.bias),
        "scale": None if found.scale is None else _number(found.scale),
        "shift": None if found.shift is None else _number(found.shift),
        "line": None if line is None else list(line),
        "handle": None if line is None else _handle(found, lower(network), field.raster),
    }


def _number(one: UnitNumber) -> NumberData:
    return {"array": one.array, "place": list(one.place), "value": one.value}


def _incoming(one: Incoming) -> IncomingData:
    number = _number(one.number)
    return {**number, "layer": one.layer, "channel": one.channel, "name": one.name, "tap": list(one.tap)}


def _handle(found: Unit, program: Program, raster: Raster) -> HandleData | None:
    """What moves the line of a unit that reads x once and y once, and beside them constants alone."""
    row = row_of(program, program.layers[found.layer - 1], found.channel)
    conv, embed = program.operations[row.conv], program.operations[0]
    normalise = None if row.norm is None else program.operations[row.norm]
    if not isinstance(embed, Embed) or not isinstance(conv, Conv) or (embed.kinds != LINEAR).any():
        return None
    a, b, c = embed.coefficients.T
    (along,), (across,) = (np.flatnonzero(one) if np.count_nonzero(one) == 1 else [-1] for one in (a, b))
    if min(along, across) < 0 or along == across:
        return None
    if found.norm == "spatial" and found.scale is not None and found.shift is not None and found.scale.value:
        assert isinstance(normalise, Normalise), "that is what a spatial norm is"
        eps = normalise.eps
    elif found.norm == "" and found.bias is not None:
        eps = 0.0
    else:
        return None
    xs, ys = raster.xs(), raster.ys()
    return {
        "weights": [int(along), int(across)],
        "times": [float(a[along]), float(b[across])],
        "mean": [float(xs.mean()), float(ys.mean())],
        "variance": [float(xs.var()), float(ys.var())],
        "eps": eps,
        "rest": float(conv.weight[row.channel, :, 0, 0] @ c),
    }
