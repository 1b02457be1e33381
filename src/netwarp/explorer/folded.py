"""A calibrated Field as JSON for the browser: the operations with the very numbers that every evaluator takes.

Shapes: C channels of an operation, I channels of its source. float32 arrays travel as base64 of their little-endian
bytes, row by row; everything else as JSON numbers, which keep a float64 exactly.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, assert_never

from netwarp.errors import UnsupportedError
from netwarp.fields.field import Field
from netwarp.network.program import (
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
    Plain,
    Pool,
    Program,
    Tensorial,
    plain,
)
from netwarp.picture.colour import OWN, map_colours
from netwarp.picture.tone import Tone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
# a normalisation over more channels than this takes more of a shader than the server takes for the picture
WIDEST_NORM = 128
# weights a pixel is multiplied by; past this a frame of a graphics processor takes seconds, and its compiler minutes
MOST_WEIGHTS = 1_000_000
MOST_CHANNELS = 2_048


def obstacle(field: Field) -> str | None:
    """Why the browser cannot draw this Field by itself, as a clause; None where it can.

    It can where every operation is pointwise, the numbers are float32 and `field.precision()` finds float32 enough.
    """
    program = field.program
    for operation in program.operations:
        name = f"layer {operation.layer}"
        if isinstance(operation, Conv) and operation.kernel > 1:
            return f"{name} reads a window of {operation.kernel} x {operation.kernel} pixels"
        if isinstance(operation, Pool) and operation.size > 1:
            return f"{name} reads a window of {operation.size} x {operation.size} pixels"
        if isinstance(operation, LayerNorm) and operation.channels > WIDEST_NORM:
            return f"{name} normalises over {operation.channels:,} channels, more than {WIDEST_NORM}"
        if isinstance(operation, Tensorial):
            return f"{name} is an operation on tensors, or an outside function"
        if operation.channels > MOST_CHANNELS:
            return f"{name} has {operation.channels:,} channels, more than {MOST_CHANNELS:,}"
        if isinstance(operation, Normalise):
            return f"{name} is not calibrated"
    weights = sum(operation.weight.size for operation in program.operations if isinstance(operation, Conv))
    if weights > MOST_WEIGHTS:
        return f"it has {weights:,} weights, more than {MOST_WEIGHTS:,}"
    if not program.exact32:
        return "its numbers are float64"
    if field.precision() != "float32":
        return "float32 is not enough for it"
    return None


def fold(field: Field, tone: Tone | None = None) -> dict[str, object]:
    """The Field as a JSON object: `operations`, `layers`, `plane` (the calibration plane), `version`, and `tone`.

    Operations are in the Program's order, so that sources are numbers of earlier ones. `layers[n - 1]` is layer n:
    its name, the operation that is its output, its channels. Errors: UnsupportedError where `obstacle` finds one.
    """
    found = obstacle(field)
    if found is not None:
        raise UnsupportedError(f"the browser cannot draw this network by itself: {found}; the server draws it in tiles")
    plane = field.raster.plane
    data: dict[str, object] = {
        "version": VERSION,
        "operations": [_operation(operation) for operation in field.program.operations],
        "layers": layers(field.program),
        "plane": {"x": plane.x, "y": plane.y, "w": plane.width, "h": plane.height},
    }
    if tone is not None:
        data["tone"] = tone_data(tone)
    return data


def layers(program: Program) -> list[dict[str, object]]:
    """Every layer's name, operation and channels, in order: number 1 first."""
    return [
        {"name": program.operations[value].layer, "operation": value, "channels": program.operations[value].channels}
        for value in program.layers
    ]


def tone_data(tone: Tone) -> dict[str, object]:
    """The Tone as a JSON object; a named map brings its 1,024 colours, base64 of RGB bytes, lowest first."""
    data = tone.to_data()
    if tone.colour not in OWN:
        data["map"] = base64.b64encode(map_colours(tone.colour).tobytes()).decode("ascii")
    return data


def _operation(operation: Operation) -> dict[str, object]:
    kind = type(operation).__name__.lower()
    data: dict[str, object] = {"kind": kind, "sources": list(operation.sources), "channels": operation.channels}
    return data | dict(_numbers(plain(operation)))


def _numbers(operation: Plain) -> Mapping[str, object]:
    match operation:
        case Embed():
            return {"kinds": operation.kinds.tolist(), "coefficients": operation.coefficients.tolist()}
        case Conv():
            # (C, I / groups): the window is one pixel
            weight, bias = _packed(operation.weight), _packed(operation.bias)
            return {"groups": operation.groups, "weight": weight, "bias": bias}
        case Activate():
            return {"name": operation.name, "parameter": operation.parameter.tolist()}
        case Maxout():
            return {"pieces": operation.pieces}
        case LayerNorm():
            return {"scale": _packed(operation.scale), "shift": _packed(operation.shift), "eps": operation.eps}
        case Pool():
            # of one pixel: what goes in comes out
            return {"kind": "concat"}
        case Add() | Multiply() | Concat():
            return {}
        case _:
            assert_never(operation)


def _packed(values: NDArray[np.float64]) -> str:
    return base64.b64encode(values.astype("<f4", order="C").tobytes()).decode("ascii")
