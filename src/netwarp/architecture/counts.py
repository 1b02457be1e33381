"""Exact counts of an architecture, and the table of its layers.

Nothing is drawn, and nothing is unrolled before the limits are checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from netwarp import words
from netwarp.activations.registry import face
from netwarp.architecture.nodes import Act, Conv, Depthwise, Layer, Maxout, Norm, Pool
from netwarp.architecture.walk import Step, steps
from netwarp.architecture.windows import passes
from netwarp.checks import instance
from netwarp.errors import LimitError

if TYPE_CHECKING:
    from netwarp.architecture.architecture import Architecture

PARAMETERS: Final = 100_000_000
BESIDE: Final = 10  # operations a channel of a step that are no multiply-adds


@dataclass(frozen=True, slots=True)
class Counts:
    """Layers are conv, depthwise and maxout; neither the projections of residuals nor the read-out.

    `depth`: nonlinear layers on the longest way through. `units`: activations of the layers, as many as their channels.
    `parameters`: weights, biases, a scale and a shift for every normalised channel, the slopes of prelu; read-out and
    projections included.
    Not what an activation or the inputs draw: the slopes of leaky(random), z, the frequencies of fourier.
    `flops`: a pixel, 2 a multiply-add of the convolutions, read-out and projections included, and 1 a comparison or
    addition of the pools; norms are folded into the convolutions, and nothing else is counted. `field`: the side of the
    output's receptive field, in calibration pixels.
    """

    layers: int
    depth: int
    units: int
    parameters: int
    flops: int
    field: int


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One step of the flattened tree; `number` is None where it is no layer.

    `inputs` and `channels` are read and made, `kernel` is in taps, `field` in calibration pixels, `flops` a pixel.
    """

    number: int | None
    path: str
    text: str
    inputs: int
    channels: int
    kernel: int
    parameters: int
    field: int
    flops: int


def count(architecture: Architecture) -> Counts:
    """The counts of an architecture.

    Errors: LimitError with the estimate past 10,000 layers, 10^6 channels a layer or 10^8 parameters; InputError where
    strides or groups do not fit, and for what is no Architecture.

    >>> nw.count(nw.parse("conv(10) * 10"))
    Counts(layers=10, depth=10, units=100, parameters=1153, flops=1900, field=1)
    >>> nw.count(nw.parse("act()")).layers  # an activation of the inputs, and no layer
    0
    >>> nw.count("conv(10)")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: count architecture='conv(10)': must be an Architecture, as nw.parse gives; ...
    """
    right = "an Architecture, as nw.parse gives; a Network has one as network.architecture"
    instance(getattr(architecture, "tree", architecture), Layer, "count architecture", right)
    return _counted(architecture)


# whoever draws a network counts it several times: to refuse it, to build it, to tell of it
@lru_cache(maxsize=32)
def _counted(architecture: Architecture) -> Counts:
    layers = depth = units = parameters = flops = field = 0
    for step in steps(architecture):
        own, work = _cost(architecture, step)
        parameters += own
        flops += work
        field, depth = step.field, step.depth
        if step.number is not None:
            layers += 1
            units += step.channels
    if parameters > PARAMETERS:
        raise LimitError(words.TOO_MANY_PARAMETERS.format(found=f"{parameters:,}", most=f"{PARAMETERS:,}"))
    return Counts(layers, depth, units, parameters, flops, field)


def operations(architecture: Architecture) -> int:
    """About how many floating-point operations a pixel takes, whatever they are: `flops`, and what goes beside them.

    Norms, activations, gates, sums and copies of a step's channels count as ten: an upper estimate for all but waves.
    Errors: as `count`.
    """
    return count(architecture).flops + BESIDE * sum(step.channels for step in steps(architecture))


def table(architecture: Architecture) -> tuple[LayerRow, ...]:
    """Every step in order, the read-out last. Errors: as `count`."""
    count(architecture)
    rows = []
    for step in steps(architecture):
        parameters, flops = _cost(architecture, step)
        rows.append(
            LayerRow(
                number=step.number,
                path=step.path,
                text=str(step.layer),
                inputs=step.inputs,
                channels=step.channels,
                kernel=step.kernel,
                parameters=parameters,
                field=step.field,
                flops=flops,
            )
        )
    return tuple(rows)


def _cost(architecture: Architecture, step: Step) -> tuple[int, int]:
    """(parameters, flops a pixel) of one step."""
    layer = step.layer
    if isinstance(layer, Norm):
        return (0 if architecture.norm_of(layer) is None else 2 * step.channels), 0
    if isinstance(layer, Pool):
        return 0, passes(layer.kind, layer.size) * step.channels
    slopes = 0
    if isinstance(layer, Act | Conv | Depthwise):
        known = face(architecture.act_of(layer).name).parameter
        slopes = step.channels if known is not None and known.learned else 0
    if isinstance(layer, Act):
        return slopes, 0
    made = step.channels * (layer.pieces if isinstance(layer, Maxout) else 1)
    read = 1 if isinstance(layer, Depthwise) else step.inputs // (layer.groups if isinstance(layer, Conv) else 1)
    weights = made * read * layer.kernel**2
    norm = 0 if architecture.norm_of(layer) is None else 2 * made
    return weights + norm + slopes + (made if architecture.biased(layer) else 0), 2 * weights
