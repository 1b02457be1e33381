"""unit: one unit of a network, with the numbers it is made of and what each of them multiplies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netwarp import checks
from netwarp.architecture.inputs import Coordinate, Fixed, Fourier, Input, Inputs, Latent, Periodic
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import (
    LINEAR,
    Activate,
    Array,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Normalise,
    Pool,
    Program,
)
from netwarp.network.skeletons import skeleton
from netwarp.network.source import Graph, Plain


@dataclass(frozen=True, slots=True)
class UnitNumber:
    """One number of a network: `value` stands at `place` of the array of this name among its parameters."""

    array: str
    place: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Incoming:
    """A weight, and what it multiplies: a channel (from 0) of a layer (from 1), or of the input, whose layer is 0.

    `name` says the same in words, as "x" or "layer 2, channel 5"; `tap` is how many taps along x and y from the point
    itself a kernel reads it, (0, 0) of one that reads the point alone.
    """

    number: UnitNumber
    layer: int
    channel: int
    name: str
    tap: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its activation of the sum of its weights times what comes in, plus its bias, normalised where it is.

    `norm` is "spatial", "layer" or "" for none, and with a norm there are a scale and a shift; a bias only where the
    network has one.
    """

    layer: int
    channel: int
    activation: str
    norm: str
    weights: tuple[Incoming, ...]
    bias: UnitNumber | None
    scale: UnitNumber | None
    shift: UnitNumber | None

    @property
    def numbers(self) -> tuple[UnitNumber, ...]:
        """All of them: the weights, then bias, scale and shift where there are."""
        others = (self.bias, self.scale, self.shift)
        return (*(one.number for one in self.weights), *(one for one in others if one is not None))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """Where a Program computes a unit: the convolution's operation, and the channel there; its norm's operation."""

    conv: int
    channel: int
    norm: int | None
    activation: str


def unit(network: Network, layer: int, channel: int) -> Unit:
    """The unit of a layer, counted from 1, and a channel, counted from 0, as `draw` counts them.

    Its numbers are those of the network's parameters, before normalisation: `Network.nudged` gives one another value.
    Errors: InputError where there is no such unit; UnsupportedError of one that is no sum, as the largest of several.

    >>> net = nw.Network.draw(nw.parse("conv(10) * 2"), seed=7)
    >>> first = nw.unit(net, layer=1, channel=3)
    >>> first.norm, first.activation, [one.name for one in first.weights]
    ('spatial', 'relu', ['x', 'y'])
    >>> first.shift
    UnitNumber(array='0.shift', place=(3,), value=0.2731...)
    >>> nw.unit(net, layer=3, channel=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: unit layer=3: this network has the layers 1 to 2
    """
    checks.instance(network, Network, "unit network", "a Network, as Network.draw gives one")
    program = lower(network)
    value = _value(program, layer, channel)
    row = row_of(program, value, channel)
    keys = _keys(network, program)
    names = _input_names(network)
    conv = program.operations[row.conv]
    assert isinstance(conv, Conv), "row_of gives one"
    own = keys.get(row.conv, {})
    if "weight" not in own:
        raise UnsupportedError(f"unit layer={layer} channel={channel}: its weights are no numbers of the network's")
    read = conv.weight.shape[1]
    first = row.channel // (len(conv.weight) // conv.groups) * read
    kernel, weights = conv.kernel, []
    for place in np.ndindex(read, kernel, kernel):
        i, down, across = place
        at = _comes_from(program, conv.sources[0], first + i, names)
        tap = (across - (kernel - 1) // 2, down - (kernel - 1) // 2)
        weights.append(Incoming(_number(network, own["weight"], (row.channel, *place)), *at, tap))
    normed = {} if row.norm is None else keys.get(row.norm, {})
    kind = None if row.norm is None else program.operations[row.norm]
    return Unit(
        layer,
        channel,
        row.activation,
        "" if kind is None else "spatial" if isinstance(kind, Normalise) else "layer",
        tuple(weights),
        _number(network, own["bias"], (row.channel,)) if "bias" in own else None,
        _number(network, normed["scale"], (row.channel,)) if "scale" in normed else None,
        _number(network, normed["shift"], (row.channel,)) if "shift" in normed else None,
    )


def line_of(program: Program, layer: int, channel: int) -> tuple[float, float, float] | None:
    """(a, b, c) of a calibrated Program's unit that is bent where a x + b y + c = 0; None where that is no line.

    Only a unit that reads x and y themselves, or what is affine in them, has such a line. Errors: as `unit`.
    """
    row = row_of(program, _value(program, layer, channel), channel)
    conv, embed = program.operations[row.conv], program.operations[0]
    if row.norm is not None or not isinstance(conv, Conv) or not isinstance(embed, Embed):
        return None
    if conv.sources != (0,) or conv.kernel != 1 or conv.groups != 1:
        return None
    weight = conv.weight[row.channel, :, 0, 0]
    if (embed.kinds[weight != 0] != LINEAR).any():
        return None
    a, b, c = (float(one) for one in weight @ embed.coefficients)
    return (a, b, c + float(conv.bias[row.channel])) if a or b else None


def row_of(program: Program, value: int, channel: int) -> UnitRow:
    """Where a channel of a value is computed, back to its weights. Errors: UnsupportedError where it is no sum."""
    activation, norm = "linear", None
    while True:
        operation = program.operations[value]
        match operation:
            case Conv():
                return UnitRow(value, channel, norm, activation)
            case Activate():
                activation, value = operation.name, operation.sources[0]
            case Normalise() | LayerNorm():
                norm, value = value, operation.sources[0]
            case Gather():
                value, channel = operation.sources[0], int(operation.index[channel])
            case Concat():
                value, channel = _part(program, operation, channel)
            case _:
                what = type(operation).__name__.lower()
                raise UnsupportedError(
                    "this unit is no sum of weights times inputs, so it has no numbers to show"
                    f" (path {operation.layer}: {what})"
                )


def _value(program: Program, layer: int, channel: int) -> int:
    """The value that a layer puts out. Errors: InputError where it has no such channel."""
    count = len(program.layers)
    if not 1 <= checks.whole(layer, "unit layer", 0) <= count:
        raise InputError(f"unit layer={layer}: this network has " + (f"the layers 1 to {count}" if count else "none"))
    value = program.layers[layer - 1]
    channels = program.operations[value].channels
    if checks.whole(channel, "unit channel", 0) >= channels:
        raise InputError(f"unit channel={channel}: layer {layer} has the channels 0 to {channels - 1}")
    return value


def _part(program: Program, joined: Concat, channel: int) -> tuple[int, int]:
    """The value that a channel of several is of, and its channel there."""
    for source in joined.sources:
        channels = program.operations[source].channels
        if channel < channels:
            return source, channel
        channel -= channels
    raise AssertionError("a channel of a Concat is one of its sources'")


def _keys(network: Network, program: Program) -> dict[int, dict[str, str]]:
    """Of each operation which of its fields is which of the network's parameters."""
    if network.architecture is not None:
        return {i: dict(fields) for i, fields in skeleton(network.architecture).places}
    if isinstance(network.source, Graph):
        found: dict[int, dict[str, str]] = {}
        for key in network.parameters:
            number, name = key.split(".")
            found.setdefault(int(number), {})[name] = key
        return found
    layers = [i for i, one in enumerate(program.operations) if isinstance(one, Conv) and one.layer.isdecimal()]
    return {i: {"weight": f"W{n}", "bias": f"b{n}"} for n, i in enumerate(layers)}


def _number(network: Network, array: str, place: tuple[int, ...]) -> UnitNumber:
    numbers: Array = network.parameters[array]
    place = place[: numbers.ndim]  # a plain network's W has no taps
    return UnitNumber(array, place, float(numbers[place]))


def _comes_from(program: Program, value: int, channel: int, names: tuple[str, ...]) -> tuple[int, int, str]:
    """(layer, channel, name) of a channel of a value: of the layer that puts it out, or of the input."""
    while True:
        if value in program.layers:
            layer = program.layers.index(value) + 1
            return layer, channel, f"layer {layer}, channel {channel}"
        operation = program.operations[value]
        match operation:
            case Concat():
                value, channel = _part(program, operation, channel)
            case Pool():
                value = operation.sources[0]
            case Gather():
                value, channel = operation.sources[0], int(operation.index[channel])
            case _ if operation.layer.startswith("inputs"):
                own = operation.channels == len(names)
                return 0, channel, names[channel] if own else f"input {channel + 1}"
            case _:
                return 0, channel, f"block {operation.layer}, channel {channel}"


def _input_names(network: Network) -> tuple[str, ...]:
    """What the input's channels are called."""
    if network.architecture is not None:
        return _named(network.architecture.inputs)
    if isinstance(network.source, Plain) and network.source.features:
        return tuple(one.strip() for one in network.source.inputs.split(","))
    return ("x", "y")


def _named(inputs: Inputs) -> tuple[str, ...]:
    latents, names = 0, list[str]()
    for part in inputs.parts:
        if isinstance(part, Latent | Fixed):
            names += [f"z{latents + i + 1}" for i in range(part.channels)]
            latents += part.channels
        else:
            names += _of_part(part)
    return tuple(names)


def _of_part(part: Input) -> list[str]:
    match part:
        case Coordinate(name):
            return [name]
        case Periodic(axis):
            return [f"cos {axis}", f"sin {axis}"]
        case Fourier(n):
            return [f"{wave} {i + 1}" for wave in ("cos", "sin") for i in range(n)]
        case _:
            text = str(part)
            return [text] if part.channels == 1 else [f"{text} {i + 1}" for i in range(part.channels)]
