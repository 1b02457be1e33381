"""The door of a Program that comes from outside: every number, shape and source is checked before it is used."""

# C channels of the operation's own value, I channels of its source, K channels embedded

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any, assert_never, get_args

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.activations.registry import face
from netwarp.architecture.counts import PARAMETERS
from netwarp.architecture.specs import ACTIVATIONS
from netwarp.architecture.walk import CHANNELS, FIELD, STEPS
from netwarp.errors import InputError, LimitError, nearest, shown
from netwarp.network.draw import kept
from netwarp.network.program import (
    LINEAR,
    SINE,
    Activate,
    Add,
    Array,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)

POOLS = ("max", "avg")
VALUE = 10_000_000  # channels: the windows of a pool over the tensors of a large image are millions
LONGEST = 200  # characters of a layer's path


def checked(program: Program) -> Program:
    """The Program with arrays of its own, float64 and read-only, and plain whole numbers; `exact32` is not taken over.

    What has no path of a layer is called by its number, so that a message can name it.

    Errors: InputError naming the operation and what is wrong with it; LimitError for more than 40,000 operations, 10^8
    numbers, 10^7 channels of a value or a receptive field wider than 65,536 calibration pixels.
    """
    checks.instance(program, Program, "graph program", "a netwarp.network.program.Program")
    operations = checks.items(program.operations, "graph operations", 1, STEPS)
    made: list[Operation] = []
    total = 0
    for i, operation in enumerate(operations):
        checks.instance(operation, get_args(Operation), f"operation {i}", "an operation of netwarp.network.program")
        made.append(_Door(operation, i, made).checked())  # type: ignore[arg-type]  # the line before looked
        if made[i].channels > VALUE:
            raise LimitError(f"operation {i}: {made[i].channels:,} channels, at most {VALUE:,} are allowed")
        total += sum(value.size for value in vars(made[i]).values() if isinstance(value, np.ndarray))
        if total > PARAMETERS:
            raise LimitError(f"graph of more than {PARAMETERS:,} numbers: at most so many are allowed")
    layers = [
        checks.whole(layer, f"graph layer {n}", 0, len(made) - 1)
        for n, layer in enumerate(checks.items(program.layers, "graph layers", 0, len(made)), 1)
    ]
    if layers != sorted(set(layers)):
        raise InputError(f"graph layers={shown(layers)}: must be numbers of operations in ascending order")
    found = Program(tuple(made), tuple(layers))
    before, after = found.reach[0]
    if before + after >= FIELD:
        raise LimitError(f"graph: its receptive field is {before + 1 + after:,} calibration pixels, at most {FIELD:,}")
    return found


class _Door:
    """One operation on its way in: number `i`, of which `made` are the operations before it."""

    def __init__(self, operation: Operation, i: int, made: list[Operation]) -> None:
        self.operation, self.i, self.made = operation, i, made
        self.name = f"operation {i} ({type(operation).__name__})"

    def checked(self) -> Operation:
        """The operation, its numbers as they should be. Errors: InputError, LimitError."""
        operation, name = self.operation, self.name
        layer = checks.string(operation.layer, f"{name} layer", LONGEST)
        if not layer.isprintable():
            raise InputError(f"{name} layer={shown(layer)}: must be printable")
        operation = replace(operation, layer=layer or str(self.i))
        if isinstance(operation, Embed) != (self.i == 0):
            raise InputError(f"{name}: operation 0 must be the Embed, and no other one")
        match operation:
            case Embed():
                return self.embed(operation)
            case Conv():
                return self.conv(operation)
            case Normalise() | LayerNorm():
                source = self.source()
                scale, shift = (self.array(part, (self.channels(source),)) for part in ("scale", "shift"))
                eps = checks.number(operation.eps, f"{name} eps", least=0)
                return replace(operation, sources=(source,), scale=scale, shift=shift, eps=eps)
            case Activate():
                source = self.source()
                if operation.name not in ACTIVATIONS:
                    near = nearest(shown(operation.name), ACTIVATIONS)
                    raise InputError(f"{name} name={shown(operation.name)}: not a known activation{near}")
                return replace(
                    operation, sources=(source,), parameter=self.array("parameter", (self.channels(source),))
                )
            case Maxout():
                source = self.source()
                pieces = checks.whole(operation.pieces, f"{name} pieces")
                channels = self.count(operation.channels, self.channels(source) / pieces)
                return replace(operation, sources=(source,), channels=channels, pieces=pieces)
            case Pool():
                source = self.source()
                if operation.kind not in POOLS:
                    raise InputError(f"{name} kind={shown(operation.kind)}: must be max or avg")
                size, dilation = (
                    checks.whole(getattr(operation, part), f"{name} {part}", 1, FIELD) for part in ("size", "dilation")
                )
                channels = self.count(operation.channels, self.channels(source))
                return replace(operation, sources=(source,), channels=channels, size=size, dilation=dilation)
            case Add() | Multiply():
                sources = self.sources()
                for source in sources:
                    channels = self.count(operation.channels, self.channels(source))
                return replace(operation, sources=sources, channels=channels)
            case Concat():
                sources = self.sources()
                channels = self.count(operation.channels, sum(map(self.channels, sources)))
                return replace(operation, sources=sources, channels=channels)
            case Gather():
                return self.gather(operation)
            case TensorConv():
                return self.over_tensor(operation)
            case Call():
                if not callable(operation.function):
                    raise InputError(f"{name} function={shown(operation.function)}: must be a function of (n, K)")
                channels = checks.whole(operation.channels, f"{name} channels", 1)
                return replace(operation, sources=(self.source(),), channels=channels)
            case Merge():
                raise InputError(f"{name}: is what an evaluator makes of a pool; give the Pool")
            case _:
                assert_never(operation)

    def embed(self, operation: Embed) -> Embed:
        if operation.sources:
            raise InputError(f"{self.name} sources={shown(operation.sources)}: reads the plane and nothing else")
        kinds = self.array("kinds", (None,))
        if not np.isin(kinds, range(LINEAR, SINE + 1)).all():
            raise InputError(f"{self.name} kinds: must be 0 (linear), 1 (radius) or 2 (sine)")
        return replace(
            operation, kinds=_frozen(kinds), coefficients=self.array("coefficients", (len(kinds), 3)), sources=()
        )

    def conv(self, operation: Conv) -> Conv:
        source = self.source()
        dilation = checks.whole(operation.dilation, f"{self.name} dilation", 1, FIELD)
        groups, read = checks.whole(operation.groups, f"{self.name} groups"), self.channels(source)
        weight = self.array("weight", (None, None, None, None))
        made, own, rows, columns = weight.shape
        if own * groups != read or made % groups or rows != columns:
            raise InputError(
                f"{self.name} weight has the shape {weight.shape}: must be (C, {read} / {groups}, k, k), where "
                f"{groups} groups divide C and {read}"
            )
        bias = self.array("bias", (made,))
        return replace(operation, sources=(source,), weight=weight, bias=bias, dilation=dilation, groups=groups)

    def gather(self, operation: Gather) -> Gather:
        source = self.source()
        index, most = self.array("index", (None,)), self.channels(source)
        if (index != np.floor(index)).any() or (index < -1).any() or (index >= most).any():
            raise InputError(f"{self.name} index: must be whole numbers from 0 to {most - 1}, or -1 for a zero")
        return replace(operation, sources=(source,), index=_frozen(index))

    def over_tensor(self, operation: TensorConv) -> TensorConv:
        source, what = self.source(), self.name
        shape = self.wholes("shape", 3, 1)
        if prod(shape) != self.channels(source):
            raise InputError(f"{what} shape={shape}: what it reads has {self.channels(source):,} numbers")
        groups = checks.whole(operation.groups, f"{what} groups")
        weight = self.array("weight", (None, None, None, None))
        if weight.shape[1] * groups != shape[0] or len(weight) % groups:
            raise InputError(
                f"{what} weight has the shape {weight.shape}: must be (B, {shape[0]} / {groups}, rows, columns), where "
                f"{groups} groups divide B and {shape[0]}"
            )
        found = replace(
            operation,
            sources=(source,),
            weight=weight,
            bias=self.array("bias", (len(weight),)),
            shape=shape,
            stride=self.wholes("stride", 2, 1),
            padding=self.wholes("padding", 4, 0),
            dilation=self.wholes("dilation", 2, 1),
            groups=groups,
        )
        if min(found.made) < 1:
            raise InputError(f"{what}: its window is larger than the tensor and its padding")
        return found

    def wholes(self, part: str, count: int, least: int) -> Any:
        """A field as a tuple of `count` whole numbers."""
        what = f"{self.name} {part}"
        given = checks.items(getattr(self.operation, part), what, count, count)
        return tuple(checks.whole(number, what, least, FIELD) for number in given)

    def sources(self) -> tuple[int, ...]:
        """The operations that are read, at least one."""
        found = checks.items(self.operation.sources, f"{self.name} sources", 1, CHANNELS)
        return tuple(checks.whole(source, f"{self.name} source", 0, self.i - 1) for source in found)

    def source(self) -> int:
        """The one operation that is read."""
        checks.items(self.operation.sources, f"{self.name} sources", 1, 1)
        return self.sources()[0]

    def channels(self, source: int) -> int:
        return self.made[source].channels

    def count(self, given: object, needed: float) -> int:
        """`given` as the number of channels, which what is read fixes."""
        found = checks.whole(given, f"{self.name} channels")
        if found != needed:
            raise InputError(f"{self.name} channels={found}: what it reads makes {checks.plain(needed)}")
        return found

    def array(self, part: str, shape: tuple[int | None, ...]) -> Array:
        """A field as a float64 array of its own; None stands for any length but 0."""
        what = f"{self.name} {part}"
        found = kept(getattr(self.operation, part), what)
        fits = found.ndim == len(shape) and all(
            length == wanted if wanted else length for length, wanted in zip(found.shape, shape, strict=True)
        )
        if not fits:
            lengths = ", ".join("any" if wanted is None else str(wanted) for wanted in shape)
            raise InputError(f"{what} has the shape {found.shape}: must be ({lengths})")
        if not np.isfinite(found).all():
            raise InputError(f"{what}: holds NaN or infinite numbers; all must be finite")
        return found


def _frozen(numbers: Array) -> NDArray[np.int64]:
    whole = numbers.astype(np.int64)
    whole.setflags(write=False)
    return whole


def parameters(program: Program) -> dict[str, Array]:
    """{"NUMBER.NAME": array} of what is trained: the weights and biases, scales and shifts, and learned slopes."""
    found: dict[str, Array] = {}
    for i, operation in enumerate(program.operations):
        match operation:
            case Conv() | TensorConv():
                found |= {f"{i}.weight": operation.weight, f"{i}.bias": operation.bias}
            case Normalise() | LayerNorm():
                found |= {f"{i}.scale": operation.scale, f"{i}.shift": operation.shift}
            case Activate():
                if (known := face(operation.name).parameter) is not None and known.learned:
                    found[f"{i}.parameter"] = operation.parameter
            case Embed() | Maxout() | Pool() | Merge() | Add() | Multiply() | Concat():
                pass
            case Gather() | Call():
                pass
            case _:
                assert_never(operation)
    return found


def with_parameters(program: Program, numbers: Mapping[str, Array]) -> Program:
    """The Program with these in place of its own `parameters`, every one of which is given, of its shape."""
    own = parameters(program)
    operations = list(program.operations)
    for name, array in numbers.items():
        if array is not own[name]:
            number, part = name.split(".")
            operations[int(number)] = replace(operations[int(number)], **{part: array})  # type: ignore[arg-type]
    return replace(program, operations=tuple(operations))
