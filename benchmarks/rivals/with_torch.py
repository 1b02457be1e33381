"""The folded network in torch: eager, and through torch.compile where a C++ compiler is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from benchmarks.rivals.folded import AbsentError, image, walk
from netwarp.network.program import Program
from netwarp.plane import Raster

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "sin": torch.sin,
}


class Images:
    """Values are (1, C, rows, columns); `layout` says in which order they lie in memory."""

    def __init__(self, layout: torch.memory_format) -> None:
        self.layout = layout

    def conv(self, x: Tensor, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> Tensor:
        kernel = torch.from_numpy(weight).contiguous(memory_format=self.layout)
        return F.conv2d(x, kernel, torch.from_numpy(bias), padding=pad, dilation=dilation, groups=groups)

    def activate(self, x: Tensor, name: str, parameter: np.ndarray) -> Tensor:
        if name not in ACTIVATIONS or (name == "sin" and (parameter != 1).any()):
            raise AbsentError(name)
        return ACTIVATIONS[name](x)

    def pool(self, x: Tensor, kind: str, size: int, dilation: int, pad: int) -> Tensor:
        if kind == "max":
            return F.max_pool2d(x, size, 1, pad, dilation)
        if dilation != 1:
            raise AbsentError("dilated mean")
        return F.avg_pool2d(x, size, 1, pad)

    def concat(self, values: list[Tensor]) -> Tensor:
        return torch.cat(values, 1)

    def add(self, values: list[Tensor]) -> Tensor:
        return sum(values[1:], values[0])

    def multiply(self, values: list[Tensor]) -> Tensor:
        out = values[0]
        for value in values[1:]:
            out = out * value
        return out

    def crop(self, x: Tensor, by: int) -> Tensor:
        return x[:, :, by:-by, by:-by] if by else x


class Columns(Images):
    """Values are (C, pixels): a layer is a matrix product. For pointwise networks."""

    def conv(self, x: Tensor, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> Tensor:
        if groups != 1:
            raise AbsentError("groups")
        return torch.addmm(torch.from_numpy(bias)[:, None], torch.from_numpy(weight[:, :, 0, 0]), x)

    def concat(self, values: list[Tensor]) -> Tensor:
        return torch.cat(values, 0)

    def crop(self, x: Tensor, by: int) -> Tensor:
        return x


class Folded(nn.Module):
    """The walk as a module, to be recorded: weights become its constants."""

    def __init__(self, program: Program, primitives: Images) -> None:
        super().__init__()
        self.program, self.primitives = program, primitives

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = walk(self.program, x, self.primitives)
        return out


def eager(program: Program, raster: Raster) -> dict[str, Callable[[], Tensor]]:
    """One call of torch an operation."""
    return {name: _run(recorded, x) for name, (recorded, x) in _recorded(program, raster).items()}


def compiled(program: Program, raster: Raster) -> dict[str, Callable[[], Tensor]]:
    """Through torch.compile. Errors: AbsentError where there is no C++ compiler."""
    if not shutil.which("g++") and not shutil.which("clang++"):
        raise AbsentError("no C++ compiler")
    found = {}
    for name, (recorded, x) in _recorded(program, raster).items():
        # freezing folds and reorders the weights; it helps contiguous convolutions, and hinders the others
        options = {"freezing": name == "NCHW"}
        if name != "NHWC" or not program.pointwise:
            found[name] = _run(torch.compile(recorded, dynamic=False, options=options), x)
    return found


def _recorded(program: Program, raster: Raster) -> dict[str, tuple[nn.Module, Tensor]]:
    inputs = torch.from_numpy(image(program, raster))[None]
    last = torch.channels_last
    found = {
        "NCHW": (Images(torch.contiguous_format), inputs),
        "NHWC": (Images(last), inputs.contiguous(memory_format=last)),
    }
    if program.pointwise:
        found["matrix"] = (Columns(torch.contiguous_format), inputs.reshape(inputs.shape[1], -1))
    return {name: (fx.symbolic_trace(Folded(program, primitives)), x) for name, (primitives, x) in found.items()}


def _run(call: Callable[[Tensor], Tensor], inputs: Tensor) -> Callable[[], Tensor]:
    def run() -> Tensor:
        with torch.inference_mode():
            return call(inputs)

    return run
