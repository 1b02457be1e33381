"""A calibrated Field as JSON for the browser: the operations with the very numbers that every evaluator takes.

Shapes: C channels of an operation, I channels of its source. float32 arrays travel as base64 of their little-endian
bytes, row by row; everything else as JSON numbers, which keep a float64 exactly.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, assert_never

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
    Pool,
    Program,
    Tensorial,
    plain,
)
from netwarp.picture.colour import OWN
from netwarp.picture.maps import map_colours
from netwarp.picture.tone import Tone, ToneData

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
# a normalisation over more channels than this takes more of a shader than the server takes for the picture
WIDEST_NORM = 128
# weights a pixel is multiplied by; past this a frame of a graphics processor takes seconds, and its compiler minutes
MOST_WEIGHTS = 1_000_000
MOST_CHANNELS = 2_048


class LayerData(TypedDict):
    name: str
    channels: int


class FoldedLayer(LayerData):
    # the number of the operation that is its output
    operation: int


class FoldedStep(TypedDict):
    sources: list[int]
    channels: int


class FoldedEmbed(FoldedStep):
    kind: Literal["embed"]
    kinds: list[int]
    coefficients: list[list[float]]


class FoldedConv(FoldedStep):
    kind: Literal["conv"]
    groups: int
    weight: str
    bias: str


class FoldedActivate(FoldedStep):
    kind: Literal["activate"]
    name: str
    parameter: list[float]


class FoldedMaxout(FoldedStep):
    kind: Literal["maxout"]
    pieces: int


class FoldedLayerNorm(FoldedStep):
    kind: Literal["layernorm"]
    scale: str
    shift: str
    eps: float


class FoldedJoin(FoldedStep):
    kind: Literal["add", "multiply", "concat"]


FoldedOperation = FoldedEmbed | FoldedConv | FoldedActivate | FoldedMaxout | FoldedLayerNorm | FoldedJoin


class FoldedPlane(TypedDict):
    x: float
    y: float
    w: float
    h: float


class Folded(TypedDict):
    """A network as the browser's GPU evaluates it; float32 arrays are base64."""

    version: int
    operations: list[FoldedOperation]
    layers: list[FoldedLayer]
    # of the calibration
    plane: FoldedPlane
    tone: NotRequired[ToneData]


class Sized(TypedDict):
    name: str
    size: int


class OrbitReply(TypedDict):
    kind: Literal["orbit"]
    operations: list[Sized]


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


def fold(field: Field, tone: Tone | None = None) -> Folded:
    """The Field as a JSON object: `operations`, `layers`, `plane` (the calibration plane), `version`, and `tone`.

    Operations are in the Program's order, so that sources are numbers of earlier ones. `layers[n - 1]` is layer n:
    its name, the operation that is its output, its channels. Errors: UnsupportedError where `obstacle` finds one.
    """
    found = obstacle(field)
    if found is not None:
        raise UnsupportedError(f"the browser cannot draw this network by itself: {found}; the server draws it in tiles")
    plane = field.raster.plane
    data: Folded = {
        "version": VERSION,
        "operations": [_operation(operation) for operation in field.program.operations],
        "layers": layers(field.program),
        "plane": {"x": plane.x, "y": plane.y, "w": plane.width, "h": plane.height},
    }
    if tone is not None:
        data["tone"] = tone_data(tone)
    return data


def layers(program: Program) -> list[FoldedLayer]:
    """Every layer's name, operation and channels, in order: number 1 first."""
    return [
        {"name": program.operations[value].layer, "operation": value, "channels": program.operations[value].channels}
        for value in program.layers
    ]


def tone_data(tone: Tone) -> ToneData:
    """The Tone as a JSON object; a named map brings its 1,024 colours, base64 of RGB bytes, lowest first."""
    data = tone.to_data()
    if tone.colour not in OWN:
        data["map"] = base64.b64encode(map_colours(tone.colour).tobytes()).decode("ascii")
    return data


def _operation(operation: Operation) -> FoldedOperation:
    operation = plain(operation)
    step: FoldedStep = {"sources": list(operation.sources), "channels": operation.channels}
    match operation:
        case Embed():
            kinds, coefficients = operation.kinds.tolist(), operation.coefficients.tolist()
            return {"kind": "embed", **step, "kinds": kinds, "coefficients": coefficients}
        case Conv():
            # (C, I / groups): the window is one pixel
            weight, bias = _packed(operation.weight), _packed(operation.bias)
            return {"kind": "conv", **step, "groups": operation.groups, "weight": weight, "bias": bias}
        case Activate():
            return {"kind": "activate", **step, "name": operation.name, "parameter": operation.parameter.tolist()}
        case Maxout():
            return {"kind": "maxout", **step, "pieces": operation.pieces}
        case LayerNorm():
            scale, shift = _packed(operation.scale), _packed(operation.shift)
            return {"kind": "layernorm", **step, "scale": scale, "shift": shift, "eps": operation.eps}
        case Add():
            return {"kind": "add", **step}
        case Multiply():
            return {"kind": "multiply", **step}
        case Concat() | Pool():
            # a pool is of one pixel: what goes in comes out
            return {"kind": "concat", **step}
        case _:
            assert_never(operation)


def _packed(values: NDArray[np.float64]) -> str:
    return base64.b64encode(values.astype("<f4", order="C").tobytes()).decode("ascii")
