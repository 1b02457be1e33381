"""build: an Architecture as a Program, its numbers taken one by one from whoever has them.

The one walk that knows which parameters there are, what they are called and where they go: drawing a network, lowering
it and checking a file are this walk with another hand that gives the numbers.
"""

# C channels of the operation being made, I of its source, k kernel

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

import numpy as np

from netwarp.activations.registry import face
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.expressions import Expression
from netwarp.architecture.inputs import (
    Coordinate,
    Embed,
    Fixed,
    Fourier,
    Input,
    Inputs,
    Latent,
    Periodic,
    Scaling,
    Symmetric,
)
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Residual,
)
from netwarp.architecture.specs import (
    Activation,
    Constant,
    Distribution,
    Initialiser,
    LayerNorm,
    Normal,
    Spatial,
    Uniform,
)
from netwarp.architecture.symmetry import Rosette, Wallpaper
from netwarp.architecture.tree import expand
from netwarp.architecture.walk import flatten, gate
from netwarp.network import program
from netwarp.network.expressions import Expressions
from netwarp.network.program import LINEAR, RADIUS, SINE, Array, Operation, Program
from netwarp.network.symmetry import Row, order_of, padded, rosette_rows, summed, wallpaper_rows


@dataclass(frozen=True)
class Parameter:
    """One array of a network: the path of its layer in the flattened tree, its name there, what it is drawn from."""

    path: str
    name: str
    shape: tuple[int, ...]
    drawn: Distribution | Initialiser
    groups: int = 1

    @property
    def key(self) -> str:
        return f"{self.path}.{self.name}"


Take = Callable[[Parameter], Array]

BIAS, RADIAL = Coordinate("bias"), Coordinate("r")
# kind, a, b, c
_COORDINATES = {"x": (LINEAR, 1, 0, 0), "y": (LINEAR, 0, 1, 0), "r": (RADIUS, 0, 0, 0), "bias": (LINEAR, 0, 0, 1)}


@dataclass(frozen=True, eq=False)
class Skeleton:
    """What all networks of an architecture have in common: its parameters, in order, and its Program but for these.

    `places` are the operations that hold parameters: the number of one, and which of its fields has which key.
    """

    architecture: Architecture
    parameters: tuple[Parameter, ...]
    program: Program
    places: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]

    @classmethod
    def of(cls, architecture: Architecture) -> Skeleton:
        """That of an architecture whose size was checked."""
        parameters: list[Parameter] = []
        keys: dict[int, str] = {}
        empty: list[Array] = []  # kept, since they are known by their ids

        def take(parameter: Parameter) -> Array:
            array = np.broadcast_to(np.float64(0), parameter.shape)
            parameters.append(parameter)
            empty.append(array)
            keys[id(array)] = parameter.key
            return array

        program = build(architecture, take)
        places = []
        for i, operation in enumerate(program.operations):
            fields = tuple((name, keys[id(value)]) for name, value in vars(operation).items() if id(value) in keys)
            if fields:
                places.append((i, fields))
        return cls(architecture, tuple(parameters), program, tuple(places))

    def filled(self, numbers: Mapping[str, Array]) -> Program:
        """The Program of a network that has these parameters."""
        operations = list(self.program.operations)
        for i, fields in self.places:
            given: dict[str, Any] = {name: numbers[key] for name, key in fields}
            operations[i] = replace(operations[i], **given)
        # what inputs draw stands in no array of its own
        rows = _rows(self.architecture, lambda parameter: numbers[parameter.key])
        _written(self.architecture.inputs, rows)
        operations[0] = _embed(rows)
        return self.program.alike(tuple(operations))


def build(architecture: Architecture, take: Take) -> Program:
    """The Program of an architecture whose size was checked; `take` is called once for every parameter, in order.

    Spatial norms are Normalise operations. A stride of s becomes a dilation by s of all that follows.
    """
    builder = _Builder(architecture, take)
    end = builder.inside(architecture.tree, builder.embedded(), "")
    builder.weighted(architecture.readout, end, "readout")
    return Program(tuple(builder.operations), tuple(builder.layers))


@dataclass(frozen=True)
class _At:
    """A place in the network: a value, and the strides passed on the way to it, multiplied."""

    value: int
    dilation: int


class _Builder:
    """The operations so far. Methods add what a layer is made of and return where that leads."""

    def __init__(self, architecture: Architecture, take: Take) -> None:
        self.architecture = architecture
        self.take = take
        self.operations: list[Operation] = []
        self.layers: list[int] = []

    def inside(self, layer: Layer, at: _At, path: str) -> _At:
        """A container's body: its layers are path.0, path.1, ... with sequences and repetitions unrolled."""
        for number, part in enumerate(flatten(layer)):
            at = self.layer(part, at, f"{path}.{number}" if path else str(number))
        return at

    def layer(self, layer: Layer, at: _At, path: str) -> _At:
        if isinstance(layer, (Conv, Depthwise, Maxout)):
            at = self.weighted(layer, at, path)
            self.layers.append(at.value)
            return at
        if isinstance(layer, Pool):
            if layer.size > 1:
                made = program.Pool((at.value,), self.channels(at), layer.kind, layer.size, at.dilation, path)
                at = replace(at, value=self.add(made))
            return replace(at, dilation=at.dilation * layer.stride)
        if isinstance(layer, Act):
            return replace(at, value=self.activated(path, at.value, self.architecture.act_of(layer)))
        if isinstance(layer, Norm):
            return replace(at, value=self.normalised(path, at.value, self.architecture.norm_of(layer)))
        return self.container(layer, at, path)

    def container(self, layer: Layer, at: _At, path: str) -> _At:
        if isinstance(layer, Inception):
            layer = expand(layer)
        if isinstance(layer, Parallel):
            return self.concatenated(path, [self.inside(b, at, f"{path}.{i}") for i, b in enumerate(layer.branches)])
        if isinstance(layer, Dense):
            return self.concatenated(path, [at, self.inside(layer.body, at, path)])
        if isinstance(layer, Gated):
            one, other = self.inside(layer.body, at, f"{path}.f"), self.inside(gate(layer.body), at, f"{path}.g")
            made = program.Multiply((one.value, other.value), self.channels(one), path)
            return replace(one, value=self.add(made))
        assert isinstance(layer, Residual), type(layer)
        end = self.inside(layer.body, at, path)
        kept, channels = at, self.channels(end)
        if self.channels(at) != channels:
            kept = self.weighted(self.architecture.shortcut(channels), at, f"{path}.shortcut")
        return replace(end, value=self.add(program.Add((kept.value, end.value), channels, path)))

    def weighted(self, layer: Conv | Depthwise | Maxout, at: _At, path: str) -> _At:
        shared = self.architecture
        channels, groups, pieces = self.channels(at), 1, 1
        if isinstance(layer, Depthwise):
            groups = channels
        else:
            channels = layer.channels
        if isinstance(layer, Conv):
            groups = layer.groups
        elif isinstance(layer, Maxout):
            pieces = layer.pieces
        value = self.convolved(path, at, layer, channels * pieces, groups)
        value = self.normalised(path, value, shared.norm_of(layer))
        if isinstance(layer, Maxout):
            value = self.add(program.Maxout((value,), channels, pieces, path))
        else:
            value = self.activated(path, value, shared.act_of(layer))
        return replace(at, value=value)

    def convolved(self, path: str, at: _At, layer: Conv | Depthwise | Maxout, channels: int, groups: int) -> int:
        shared = self.architecture
        initialiser = shared.init_of(layer)
        shape = (channels, self.channels(at) // groups, layer.kernel, layer.kernel)
        weight = self.take(Parameter(path, "weight", shape, initialiser, groups))
        bias = np.zeros(channels)
        if shared.biased(layer):
            bias = self.take(Parameter(path, "bias", (channels,), initialiser.bias))
        return self.add(program.Conv((at.value,), weight, bias, at.dilation, groups, path))

    def embedded(self) -> _At:
        """The embedding of the architecture's inputs, operation 0, and what is made of it: sums over a group, what
        somebody wrote, and r times its scale."""
        inputs = self.architecture.inputs
        rows = _rows(self.architecture, self.take)
        written = _written(inputs, rows)
        value = self.add(_embed(rows))
        radial = [part == RADIAL for part in inputs.parts for _ in range(part.channels)]
        if written is not None:
            row, sums = 0, []
            for part in inputs.parts:
                if isinstance(part, Expression):
                    sums.append(written.sum_of(part.terms))
                    continue
                for _ in range(part.channels):
                    sums.append(({(0, row): _times(inputs) if part == RADIAL else 1.0}, 0.0))
                    row += 1
            written.combined(sums)
            for operation in written.operations:
                value = self.add(operation)
            return _At(value, 1)
        if inputs.symmetry is not None:
            parts = [(part.channels, isinstance(part, Symmetric)) for part in inputs.parts]
            for conv in summed(parts, *order_of(inputs.symmetry)):
                value = self.add(conv)
        if inputs.scale is None or RADIAL not in inputs.parts:
            return _At(value, 1)
        times = np.where(radial, _times(inputs), 1.0).reshape(-1, 1, 1, 1)
        scaled = program.Conv((value,), times, np.zeros(len(times)), groups=len(times), layer="inputs.scale")
        return _At(self.add(scaled), 1)

    def normalised(self, path: str, value: int, norm: Spatial | LayerNorm | None) -> int:
        if norm is None:
            return value
        shape = (self.operations[value].channels,)
        scale = self.take(Parameter(path, "scale", shape, norm.scale))
        shift = self.take(Parameter(path, "shift", shape, norm.shift))
        kind = program.Normalise if isinstance(norm, Spatial) else program.LayerNorm
        return self.add(kind((value,), scale, shift, norm.eps, path))

    def activated(self, path: str, value: int, activation: Activation) -> int:
        if activation.name == "linear":
            return value
        channels = self.operations[value].channels
        known = face(activation.name).parameter
        if known is not None and (known.learned or activation.parameter == "random"):
            drawn = Constant(known.default) if known.learned else Uniform(*(known.random or ()))
            parameter = self.take(Parameter(path, known.name, (channels,), drawn))
        else:
            parameter = np.full(channels, float(activation.parameter or 0.0))
        return self.add(program.Activate((value,), activation.name, parameter, path))

    def concatenated(self, path: str, ends: list[_At]) -> _At:
        made = program.Concat(tuple(end.value for end in ends), sum(map(self.channels, ends)), path)
        return replace(ends[-1], value=self.add(made))

    def add(self, operation: Operation) -> int:
        self.operations.append(operation)
        return len(self.operations) - 1

    def channels(self, at: _At) -> int:
        return self.operations[at.value].channels


def _embed(rows: list[Row]) -> program.Embed:
    kinds = np.array([kind for kind, *_ in rows], dtype=np.int64)
    return program.Embed(kinds, np.array([abc for _, *abc in rows], dtype=np.float64))


def _written(inputs: Inputs, rows: list[Row]) -> Expressions | None:
    """What is made of the rows and of those that it adds to them; None where nothing is written."""
    found = [part for part in inputs.parts if isinstance(part, Expression)]
    return Expressions(rows, _times(inputs), found) if found else None


def _times(inputs: Inputs) -> float:
    """What x, y and r are multiplied by: a scale of 8 is of coordinates from -1 to 1, and they are from -1/2 to 1/2."""
    return 1.0 if inputs.scale is None else 2 * inputs.scale


def _rows(architecture: Architecture, take: Take) -> list[Row]:
    """(kind, a, b, c) of every row of the Embed but those that only expressions read."""
    rows: list[Row] = []
    inputs = architecture.inputs
    symmetry = inputs.symmetry
    for number, part in enumerate(inputs.parts):
        times = 1.0
        if isinstance(part, Latent | Fixed):
            times = 1.0 if inputs.scale is None else inputs.scale
        elif isinstance(part, Coordinate) and part != BIAS:
            times = _times(inputs)
        own = [(kind, times * a, times * b, times * c) for kind, a, b, c in _embedding(part, f"inputs.{number}", take)]
        if symmetry is not None and part is not symmetry:
            own = [one for row in own for one in padded(row, *order_of(symmetry))]
        rows += own
    return rows


def _embedding(part: Input, path: str, take: Take) -> list[Row]:
    """The rows of one input."""
    turn, quarter = 2 * np.pi, np.pi / 2  # the cosine is the sine a quarter of a turn ahead
    if isinstance(part, Coordinate):
        return [_COORDINATES[part.name]]
    if isinstance(part, Latent):
        drawn = take(Parameter(path, "z", (part.n,), part.drawn))
        return [(LINEAR, 0, 0, float(z)) for z in drawn]
    if isinstance(part, Fixed):
        return [(LINEAR, 0, 0, z) for z in part.values]
    if isinstance(part, Scaling | Expression):
        return []
    if isinstance(part, Fourier):
        with np.errstate(over="ignore"):  # infinite ones are refused by name
            waves = turn * take(Parameter(path, "frequency", (part.n, 2), Normal(0.0, part.sigma)))
        return [(SINE, float(a), float(b), phase) for phase in (quarter, 0.0) for a, b in waves]
    if isinstance(part, Rosette):
        vectors = take(Parameter(path, "frequency", (part.n, 2), Normal(0.0, part.sigma)))
        with np.errstate(over="ignore", invalid="ignore"):
            return rosette_rows(part, vectors)
    if isinstance(part, Wallpaper):
        return list(wallpaper_rows(part))
    if isinstance(part, Periodic):
        a, b = (turn, 0.0) if part.axis == "x" else (0.0, turn)
        return [(SINE, a, b, quarter), (SINE, a, b, 0.0)]
    if isinstance(part, Embed):
        return [(LINEAR, a, b, c) for a, b, c in zip(part.u, part.v, part.origin, strict=True)]
    assert_never(part)
