"""Networks as plain torch.nn modules with the same weights. `netwarp.torch` hands it on; importing it needs torch.

A k x k convolution reads beyond the picture, and netwarp never pads: the module's convolutions and pools are "valid",
it is fed the slope image with a halo, and each spatial norm takes its statistics over the picture alone, as calibration
does. The module normalises whatever it is fed, as the founding note did (batch normalisation in training mode, but
every picture by itself): on the calibration raster it gives netwarp's picture, on another raster another function.
train() and eval() are alike; the parameters can be trained.
"""

# N pictures, C channels, H x W pixels with what is left of the halo

from __future__ import annotations

from typing import assert_never

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import Module

from netwarp.activations.registry import face
from netwarp.checks import instance
from netwarp.errors import UnsupportedError
from netwarp.network import program
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import LINEAR, RADIUS, Array, Operation
from netwarp.network.source import Drawn, Graph, Made, Plain, Weighted
from netwarp.network.tensors import Tensors
from netwarp.plane import Raster


def to_module(network: Network, *, dtype: torch.dtype | None = None) -> Module:
    """The network as a torch.nn.Module: slope image (N, 2, rows + halo, columns + halo) -> (N, k, rows, columns).

    A torch.nn.Sequential where the architecture is one; nn.Conv2d, nn.ReLU and so on where torch has the layer. The
    weights are the network's own, in `dtype` (torch's default unless given); nothing is folded. `halo(network)` is the
    halo, and `slope(network, raster)` the image to feed, as module(torch.from_numpy(slope(network))[None]).
    Errors: InputError for what is no Network.

    >>> net = nw.Network.draw(nw.parse("conv(10)", norm=None), seed=7)
    >>> nw.to_torch(net)
    Sequential(
      (inputs_embed): Identity()
      (0_conv): Conv2d(2, 10, kernel_size=(1, 1), stride=(1, 1))
      (0_relu): ReLU()
      (readout_conv): Conv2d(10, 3, kernel_size=(1, 1), stride=(1, 1))
    )
    >>> nw.to_torch(net.calibrate(nw.Raster(6, 4)))
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: to_module network=Field: must be a Network, ...
    """
    lowered = lower(_network(network, "to_module network"))
    names, steps, wires = [], [], []
    for i, operation in enumerate(lowered.operations):
        made = _step(network, operation, lowered.reach[i])
        kind = type(operation).__name__ if isinstance(operation, _SHORT) else type(made).__name__
        # a graph's layers may have no names, or one name twice
        path = str(i) if isinstance(network.source, Graph) else operation.layer
        names.append(f"{path}_{kind}".replace(".", "_").lower())
        steps.append(made)
        before, after = program.window(operation)
        crops = []
        for j in operation.sources:
            low = lowered.reach[j][0] - lowered.reach[i][0] - before
            crops.append((j, low, lowered.reach[j][1] - lowered.reach[i][1] - after))
        wires.append(crops)
    plain = all(wire == [(i, 0, 0)] for i, wire in enumerate(wires[1:]))
    module: Module = torch.nn.Sequential() if plain else Wired(wires)
    for name, step in zip(names, steps, strict=True):
        module.add_module(name, step)
    return module.to(torch.get_default_dtype() if dtype is None else dtype)


def halo(network: Network) -> tuple[int, int]:
    """(before, after): how many more pixels than the picture's the slope image needs on its low and its high side.

    >>> nw.torch.halo(nw.Network.draw(nw.parse("conv(10, 3) * 2"), seed=7))
    (2, 2)
    >>> nw.torch.halo(nw.Network.draw(nw.parse("conv(10)"), seed=7))  # pointwise: none
    (0, 0)
    >>> nw.torch.halo("conv(10)")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: halo network='conv(10)': must be a Network, ...
    """
    return lower(_network(network, "halo network")).reach[0]


def slope(network: Network, raster: Raster | None = None) -> Array:
    """(2, rows + halo, columns + halo) float64: the raster's slope image, and around it the halo the network reads.

    >>> net = nw.Network.draw(nw.parse("conv(10, 3) * 2"), seed=7)
    >>> nw.torch.slope(net, nw.Raster(60, 40)).shape
    (2, 44, 64)
    >>> nw.torch.slope(net, (60, 40))
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: slope raster=(60, 40): must be a Raster, as in Raster(columns=600, rows=400)
    """
    raster = Raster() if raster is None else raster
    instance(raster, Raster, "slope raster", "a Raster, as in Raster(columns=600, rows=400)")
    before, after = halo(network)
    plane = raster.plane
    xs, ys = (
        # plane.Raster's own expression, so that the picture's part is the same to the last bit
        (2.0 * np.arange(-before, count + after) + (1.0 - count)) * length / (2.0 * count) + centre
        for count, length, centre in ((raster.columns, plane.width, plane.x), (raster.rows, plane.height, plane.y))
    )
    return np.stack(np.meshgrid(xs, ys))


def _network(given: object, what: str) -> Network:
    right = "a Network, as Network.draw(architecture, seed) gives; a Field has one as field.network"
    return instance(given, Network, what, right)


class Wired(Module):  # type: ignore[misc, unused-ignore]
    """Steps in order, each fed by earlier ones, whose wider halo is cut off to fit."""

    def __init__(self, wires: list[list[tuple[int, int, int]]]) -> None:
        super().__init__()
        self.wires = wires  # of each step: (earlier step, pixels to cut on the low side, on the high side)

    def forward(self, slope: Tensor) -> Tensor:
        values: list[Tensor] = []
        for step, wires in zip(self.children(), self.wires, strict=True):
            inputs = [_cropped(values[j], low, high) for j, low, high in wires] or [slope]
            values.append(step(*inputs))
        return values[-1]


class Inputs(Module):  # type: ignore[misc, unused-ignore]
    """(N, 2, H, W) x and y -> (N, K, H, W): a x + b y + c, its sine, or the radius."""

    def __init__(self, embed: program.Embed) -> None:
        super().__init__()
        self.kinds = embed.kinds.tolist()
        self.coefficients: Tensor
        self.register_buffer("coefficients", torch.from_numpy(embed.coefficients.copy()))

    def forward(self, slope: Tensor) -> Tensor:
        x, y = slope[:, 0], slope[:, 1]
        channels = []
        for kind, (a, b, c) in zip(self.kinds, self.coefficients.unbind(), strict=True):
            line = a * x + b * y + c
            if kind == RADIUS:
                line = torch.sqrt(x * x + y * y)
            channels.append(line if kind in (LINEAR, RADIUS) else torch.sin(line))
        return torch.stack(channels, dim=1)


class SpatialNorm(Module):  # type: ignore[misc, unused-ignore]
    """Every channel of every picture to mean 0 and variance 1 (biased) over the picture, times scale, plus shift.

    `margin` (before, after) is what is left of the halo here: normalised too, but no part of the statistics.
    """

    def __init__(self, scale: Array, shift: Array, eps: float, margin: tuple[int, int]) -> None:
        super().__init__()
        self.scale, self.shift = _parameter(scale), _parameter(shift)
        self.eps = eps
        self.margin = margin

    def forward(self, z: Tensor) -> Tensor:
        picture = _cropped(z, *self.margin)
        mean = picture.mean(dim=(2, 3), keepdim=True)
        variance = picture.var(dim=(2, 3), keepdim=True, correction=0)
        return _affine((z - mean) / torch.sqrt(variance + self.eps), self.scale, self.shift)

    def extra_repr(self) -> str:
        return f"{len(self.scale)}, eps={self.eps}, margin={self.margin}"


class ChannelNorm(Module):  # type: ignore[misc, unused-ignore]
    """Every pixel to mean 0 and variance 1 (biased) over its channels, times scale, plus shift."""

    def __init__(self, scale: Array, shift: Array, eps: float) -> None:
        super().__init__()
        self.scale, self.shift = _parameter(scale), _parameter(shift)
        self.eps = eps

    def forward(self, z: Tensor) -> Tensor:
        variance = z.var(dim=1, keepdim=True, correction=0)
        return _affine((z - z.mean(dim=1, keepdim=True)) / torch.sqrt(variance + self.eps), self.scale, self.shift)


class Maxout(Module):  # type: ignore[misc, unused-ignore]
    """The largest of every `pieces` neighbouring channels."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, z: Tensor) -> Tensor:
        n, channels, height, width = z.shape
        return z.reshape(n, channels // self.pieces, self.pieces, height, width).amax(dim=2)

    def extra_repr(self) -> str:
        return str(self.pieces)


class AvgPool(Module):  # type: ignore[misc, unused-ignore]
    """The average of size x size pixels `dilation` apart, which torch's own has no option for."""

    def __init__(self, size: int, dilation: int) -> None:
        super().__init__()
        self.size = size
        self.dilation = dilation

    def forward(self, z: Tensor) -> Tensor:
        # one axis after the other
        for axis in (2, 3):
            length = z.shape[axis] - (self.size - 1) * self.dilation
            parts = [z.narrow(axis, t * self.dilation, length) for t in range(self.size)]
            z = torch.stack(parts).mean(dim=0)
        return z

    def extra_repr(self) -> str:
        return f"{self.size}, dilation={self.dilation}"


class Elementwise(Module):  # type: ignore[misc, unused-ignore]
    """An activation that torch has no module for."""

    def __init__(self, name: str, parameter: float) -> None:
        super().__init__()
        self.face = face(name)
        self.parameter = parameter

    def forward(self, z: Tensor) -> Tensor:
        value: Tensor = self.face.value(Tensors(z), z, self.parameter)
        return value

    def extra_repr(self) -> str:
        return self.face.name if self.face.parameter is None else f"{self.face.name}({self.parameter})"


class Join(Module):  # type: ignore[misc, unused-ignore]
    """The sum ("add"), the product ("multiply") or the channels one after another ("concat") of several values."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def forward(self, *values: Tensor) -> Tensor:
        if self.how == "concat":
            return torch.cat(values, dim=1)
        result = values[0]
        for other in values[1:]:
            result = result + other if self.how == "add" else result * other
        return result

    def extra_repr(self) -> str:
        return self.how


class Picked(Module):  # type: ignore[misc, unused-ignore]
    """Channels of the source by number, 0 where the number is -1."""

    def __init__(self, index: NDArray[np.int64]) -> None:
        super().__init__()
        self.index: Tensor
        self.register_buffer("index", torch.from_numpy(index.copy()))

    def forward(self, z: Tensor) -> Tensor:
        found = z[:, self.index.clamp(min=0)]
        return found * (self.index >= 0).to(found.dtype)[:, None, None]


class OverTensor(Module):  # type: ignore[misc, unused-ignore]
    """A convolution over the tensor that the channels of every pixel are."""

    def __init__(self, conv: program.TensorConv) -> None:
        super().__init__()
        self.weight, self.bias = _parameter(conv.weight), _parameter(conv.bias)
        self.conv = conv

    def forward(self, z: Tensor) -> Tensor:
        n, _, height, width = z.shape
        top, bottom, left, right = self.conv.padding
        images = z.permute(0, 2, 3, 1).reshape(-1, *self.conv.shape)
        made = torch.nn.functional.conv2d(
            torch.nn.functional.pad(images, (left, right, top, bottom)),
            self.weight,
            self.bias,
            stride=self.conv.stride,
            dilation=self.conv.dilation,
            groups=self.conv.groups,
        )
        return made.flatten(1).reshape(n, height, width, -1).permute(0, 3, 1, 2)


# torch's names for these say more than "relu" or less than "concat"
_SHORT = (program.Embed, program.Conv, program.Add, program.Multiply, program.Concat)


def _step(network: Network, operation: Operation, margin: tuple[int, int]) -> Module:
    """The module of one operation, in float64."""
    if isinstance(operation, program.Embed):
        is_slope = np.array_equal(operation.coefficients, np.eye(2, 3)) and not operation.kinds.any()
        return torch.nn.Identity() if is_slope else Inputs(operation)
    if isinstance(operation, program.Conv):
        return _convolution(operation, network)
    if isinstance(operation, program.Normalise):
        return SpatialNorm(operation.scale, operation.shift, operation.eps, margin)
    if isinstance(operation, program.LayerNorm):
        return ChannelNorm(operation.scale, operation.shift, operation.eps)
    if isinstance(operation, program.Activate):
        return _activation(operation)
    if isinstance(operation, program.Maxout):
        return Maxout(operation.pieces)
    if isinstance(operation, program.Pool):
        if operation.kind == "avg":
            return AvgPool(operation.size, operation.dilation)
        return torch.nn.MaxPool2d(operation.size, stride=1, dilation=operation.dilation)
    if isinstance(operation, program.Add | program.Multiply | program.Concat):
        return Join(type(operation).__name__.lower())
    if isinstance(operation, program.Merge):
        raise AssertionError("Merge: no network has any")
    if isinstance(operation, program.Gather):
        return Picked(operation.index)
    if isinstance(operation, program.TensorConv):
        return OverTensor(operation)
    if isinstance(operation, program.Call):
        raise UnsupportedError(
            f"to_module network: layer {operation.layer!r} is an outside function; take its own module"
        )
    assert_never(operation)


def _convolution(conv: program.Conv, network: Network) -> Module:
    match network.source:
        case Drawn() | Weighted() | Made():
            biased = f"{conv.layer}.bias" in network.parameters
        case Plain() | Graph():
            biased = True
        case _:
            assert_never(network.source)
    made = torch.nn.Conv2d(
        conv.weight.shape[1] * conv.groups,
        conv.channels,
        conv.kernel,
        dilation=conv.dilation,
        groups=conv.groups,
        bias=biased,
        dtype=torch.float64,
    )
    made.weight = _parameter(conv.weight)
    if biased:
        made.bias = _parameter(conv.bias)
    return made


def _activation(operation: program.Activate) -> Module:
    known, first = face(operation.name), float(operation.parameter[0])
    if known.pieces is not None and known.parameter is not None:
        if not known.parameter.learned and (operation.parameter == first).all():
            return torch.nn.LeakyReLU(first)
        made = torch.nn.PReLU(operation.channels, dtype=torch.float64)
        made.weight = _parameter(operation.parameter)
        return made
    if known.layer:
        made = getattr(torch.nn, known.layer)(**known.layer_options)
        assert isinstance(made, Module)
        return made
    return Elementwise(operation.name, first)


def _parameter(array: Array) -> torch.nn.Parameter:
    return torch.nn.Parameter(torch.from_numpy(array.copy()))


def _affine(z: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    return z * scale[:, None, None] + shift[:, None, None]


def _cropped(z: Tensor, low: int, high: int) -> Tensor:
    height, width = z.shape[2:]
    return z[:, :, low : height - high, low : width - high]
