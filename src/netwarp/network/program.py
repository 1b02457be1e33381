"""Program: a Network lowered to primitive operations over numbered values. Data, no behaviour.

Single assignment: operation i makes value i, from values with smaller numbers. A value is a function of the plane with
`channels` channels. Distances (a kernel's taps, a pool's window) are in calibration pixels.
"""

# C channels of the operation's own value, I channels of its source, K channels embedded

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.errors import UnsupportedError

Array = NDArray[np.float64]

LINEAR, RADIUS, SINE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Embed:
    """The plane's point (x, y) as K input channels. Always operation 0.

    `kinds` (K,) int64 and `coefficients` (K, 3) float64 rows (a, b, c): LINEAR is a x + b y + c (x, y, the bias, a
    latent constant, a slice of a larger space); RADIUS is sqrt(x^2 + y^2); SINE is sin(a x + b y + c). Evaluated in
    float64.
    """

    kinds: NDArray[np.int64]
    coefficients: Array
    layer: str = "inputs"
    sources: tuple[int, ...] = ()

    @property
    def channels(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, eq=False)
class Conv:
    """Cross-correlation, as torch's conv2d.

    out[o](p) = bias[o] + sum over i, r, c of weight[o, i, r, c] source[i](p + taps). `weight` is (C, I / groups, k, k),
    rows (y) before columns (x); `bias` is (C,). Tap r lies (r - (k - 1) // 2) * dilation calibration pixels towards
    larger y; likewise columns. kernel 1 is the affine map of every pixel.
    """

    sources: tuple[int]
    weight: Array
    bias: Array
    dilation: int = 1
    groups: int = 1
    layer: str = ""

    @property
    def channels(self) -> int:
        return len(self.weight)

    @property
    def kernel(self) -> int:
        return int(self.weight.shape[2])


@dataclass(frozen=True, eq=False)
class Normalise:
    """(z - mean) / sqrt(var + eps) * scale + shift, a channel; statistics over the calibration raster.

    Gone after calibration.
    """

    sources: tuple[int]
    scale: Array
    shift: Array
    eps: float
    layer: str = ""

    @property
    def channels(self) -> int:
        return len(self.scale)


@dataclass(frozen=True, eq=False)
class Activate:
    """`name` of the language, elementwise; `parameter` is (C,): the slope of leaky, omega of sin, else zeros."""

    sources: tuple[int]
    name: str
    parameter: Array
    layer: str = ""

    @property
    def channels(self) -> int:
        return len(self.parameter)


@dataclass(frozen=True, eq=False)
class Maxout:
    """Channel c is the largest of source channels c * pieces ... c * pieces + pieces - 1."""

    sources: tuple[int]
    channels: int
    pieces: int
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Pool:
    """`kind` "max" or "avg" over size x size taps at -((size - 1) // 2) .. size // 2, times dilation; stride 1."""

    sources: tuple[int]
    channels: int
    kind: str
    size: int
    dilation: int = 1
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Merge:
    """A step of a pool along one axis: source 0 and source 1 at their `offsets`, in calibration pixels, as one.

    Of `kind` "max" the larger, the first where they are equal; of "avg" their sum, divided by `over`. `down`: offsets
    are along y, else along x. No network has any: an evaluator makes them of a Pool (engine/pools.py).
    """

    sources: tuple[int, int]
    channels: int
    kind: str
    offsets: tuple[int, int]
    down: bool
    over: int = 1
    layer: str = ""


@dataclass(frozen=True, eq=False)
class LayerNorm:
    """(z - mean) / sqrt(var + eps) * scale + shift over the channels of every single point; biased variance."""

    sources: tuple[int]
    scale: Array
    shift: Array
    eps: float
    layer: str = ""

    @property
    def channels(self) -> int:
        return len(self.scale)


@dataclass(frozen=True, eq=False)
class Add:
    """The sum of all sources, in their order, of equal channels."""

    sources: tuple[int, ...]
    channels: int
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Multiply:
    """The product of all sources, in their order, of equal channels."""

    sources: tuple[int, ...]
    channels: int
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Concat:
    """The channels of all sources, in their order."""

    sources: tuple[int, ...]
    channels: int
    layer: str = ""


@dataclass(frozen=True, eq=False)
class Gather:
    """Channel c is source channel index[c], and 0 where `index` (C,) int64 is -1: views, slices, windows of a tensor.

    A tensor's numbers are the channels of its value, the last axis fastest.
    """

    sources: tuple[int]
    index: NDArray[np.int64]
    layer: str = ""

    @property
    def channels(self) -> int:
        return len(self.index)


@dataclass(frozen=True, eq=False)
class TensorConv:
    """Cross-correlation over a tensor of `shape` (A, H, W), whose numbers are the source's channels: torch's conv2d.

    `weight` is (B, A / groups, rows, columns), `bias` (B,); `padding` (top, bottom, left, right) is of zeros. The value
    is a tensor of shape `made`. A Conv's taps lie on the plane instead, and its value is at every point one number a
    channel.
    """

    sources: tuple[int]
    weight: Array
    bias: Array
    shape: tuple[int, int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1
    layer: str = ""

    @property
    def made(self) -> tuple[int, int, int]:
        """(B, rows, columns) of the value."""
        (_, high, wide), (top, bottom, left, right) = self.shape, self.padding
        (down, across), (r, c) = self.stride, self.dilation
        rows = (high + top + bottom - r * (self.weight.shape[2] - 1) - 1) // down + 1
        columns = (wide + left + right - c * (self.weight.shape[3] - 1) - 1) // across + 1
        return len(self.weight), rows, columns

    @property
    def channels(self) -> int:
        return prod(self.made)


@dataclass(frozen=True, eq=False)
class Call:
    """An outside function of all channels at once: `function` takes points (n, K) float64 and gives (n, C).

    Nothing is known of it but its values: no exact regions, no file, no recipe that draws it again.
    """

    sources: tuple[int]
    function: Callable[[Array], NDArray[np.generic]]
    channels: int
    layer: str = ""


Operation = (
    Embed
    | Conv
    | Normalise
    | Activate
    | Maxout
    | Pool
    | Merge
    | LayerNorm
    | Add
    | Multiply
    | Concat
    | Gather
    | TensorConv
    | Call
)
# what a calibrated Program is made of; of those without tensors the last ones read nothing beside a point
Pointwise = Activate | Maxout | LayerNorm | Add | Multiply | Concat
Plain = Embed | Conv | Pool | Pointwise
Tensorial = Gather | TensorConv | Call
Calibrated = Plain | Tensorial


@dataclass(frozen=True)
class Program:
    """Operations in order; the last one's value is the output.

    `layers` maps the number of a layer (1 is the first weighted layer; the order of the flattened tree) to the value
    that is its output. `exact32` says that every number is exactly a float32 (a calibrated Field); a network loaded
    without norms keeps float64.
    """

    operations: tuple[Operation, ...]
    layers: tuple[int, ...] = ()
    exact32: bool = field(default=False)

    @property
    def channels(self) -> int:
        return self.operations[-1].channels

    @cached_property
    def last_use(self) -> tuple[int, ...]:
        """The operation that reads each value last.

        A value's own number + 1 where nothing does, len(operations) for the output.
        """
        last = [i + 1 for i in range(len(self.operations))]
        for i, operation in enumerate(self.operations):
            for source in operation.sources:
                last[source] = i
        last[-1] = len(self.operations)
        return tuple(last)

    @cached_property
    def readers(self) -> tuple[tuple[int, ...], ...]:
        """The operations that read each value, in order; one twice that reads it twice."""
        readers: list[list[int]] = [[] for _ in self.operations]
        for i, operation in enumerate(self.operations):
            for source in operation.sources:
                readers[source].append(i)
        return tuple(map(tuple, readers))

    @cached_property
    def reach(self) -> tuple[tuple[int, int], ...]:
        """(before, after) of each value: calibration pixels read of it around an output point, on both axes."""
        reach = [(0, 0)] * len(self.operations)
        for i in range(len(self.operations) - 1, -1, -1):
            before, after = window(self.operations[i])
            for source in self.operations[i].sources:
                reach[source] = (
                    max(reach[source][0], reach[i][0] + before),
                    max(reach[source][1], reach[i][1] + after),
                )
        return tuple(reach)

    @cached_property
    def pointwise(self) -> bool:
        """Whether the output at a point depends on the plane at that point only."""
        return all(window(operation) == (0, 0) for operation in self.operations)

    @cached_property
    def called(self) -> bool:
        """Whether an outside function is part of it, of which nothing but values is known."""
        return any(isinstance(operation, Call) for operation in self.operations)

    def alike(self, operations: tuple[Operation, ...]) -> Program:
        """The Program of operations of the same kinds, sources and shapes: what is known of these here holds there."""
        made = Program(operations, self.layers, self.exact32)
        known = ("last_use", "readers", "reach", "pointwise")
        vars(made).update({name: value for name, value in vars(self).items() if name in known})
        return made


def window(operation: Operation) -> tuple[int, int]:
    """(before, after): how far an operation reads around a point, in calibration pixels, alike on both axes.

    Of a Merge along y: its rows. Of one along x nothing: it never stands without one along y that reads as far.
    """
    if isinstance(operation, Merge):
        low, high = operation.offsets if operation.down else (0, 0)
        return max(0, -low), max(0, high)
    size, dilation = taps(operation)
    return (size - 1) // 2 * dilation, size // 2 * dilation


def taps(operation: Operation) -> tuple[int, int]:
    """How many taps an operation has along an axis, and how far apart they are. A Merge has offsets instead."""
    match operation:
        case Conv():
            return operation.kernel, operation.dilation
        case Pool():
            return operation.size, operation.dilation
        case Embed() | Normalise() | Activate() | Maxout() | Merge() | LayerNorm() | Add() | Multiply() | Concat():
            return 1, 1
        case Gather() | TensorConv() | Call():
            return 1, 1
        case _:
            assert_never(operation)


def calibrated(operation: Operation) -> Calibrated:
    """The operation of a calibrated Program. Errors: UnsupportedError for one that such a Program has none of."""
    if isinstance(operation, Normalise | Merge):
        first = "calibrate the network first" if isinstance(operation, Normalise) else "give the Pool it was made of"
        raise UnsupportedError(f"{type(operation).__name__} in layer {operation.layer!r}: {first}")
    return operation


def plain(operation: Operation) -> Plain:
    """The operation of a calibrated Program without tensors. Errors: UnsupportedError for any other one."""
    found = calibrated(operation)
    if isinstance(found, Tensorial):
        what = "an outside function" if isinstance(found, Call) else f"an operation on tensors ({type(found).__name__})"
        raise UnsupportedError(f"layer {found.layer!r}: is {what}, which only the evaluator in batches knows")
    return found


def place_of(program: Program, i: int) -> str:
    """Where operation i stands, in words: "layer 2 (path 1.f.0)", layers counted from 1; "the output" of the read-out.

    Of an operation between two layers' outputs the layer is the one it leads up to.
    """
    path = program.operations[i].layer
    if path == "readout":
        return "the output"
    return f"layer {1 + sum(output < i for output in program.layers)} (path {path})"


def check_tangents(program: Program) -> None:
    """Nothing, where the Program has a tangent. Errors: UnsupportedError naming the activation that jumps."""
    for i, operation in enumerate(program.operations):
        if isinstance(operation, Activate) and face(operation.name).jumps:
            where = f'{place_of(program, i)}: "{operation.name}"'
            raise UnsupportedError(f"{where} has no tangent; use relu, sigmoid or another activation")
