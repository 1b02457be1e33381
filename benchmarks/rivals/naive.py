"""What a user would write in PyTorch: layer by layer a convolution, a batch norm over the one image, an activation.

The norm stays in train mode, so that every run takes its statistics anew, and borders are padded with zeros as usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.rows import Row
from netwarp.plane import Raster


class Sine(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(x)


class Branches(nn.Module):
    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "sin": Sine}

CONVS = re.compile(r"conv\((\d+)(?:, (\d+))?\)(?: \* (\d+))?")
INCEPTIONS = re.compile(r"inception\((\d+), \((\d+), (\d+)\), \((\d+), (\d+)\), (\d+)\) \* (\d+)")


def network(row: Row, state: Mapping[str, np.ndarray]) -> nn.Sequential:
    """The row's network by hand, with the weights that netwarp drew (`state` as from Network.state())."""
    block = partial(_block, state, ACTIVATIONS[row.act])
    if found := CONVS.fullmatch(row.text):
        width, kernel, depth = (int(number or 1) for number in found.groups())
        parts = [block(str(i), width if i else 2, width, kernel) for i in range(depth)]
    elif found := INCEPTIONS.fullmatch(row.text):
        one, three, three_out, five, five_out, pool, depth = map(int, found.groups())
        width = one + three_out + five_out + pool
        parts = [
            Branches(
                block(f"{i}.0.0", channels, one, 1),
                nn.Sequential(block(f"{i}.1.0", channels, three, 1), block(f"{i}.1.1", three, three_out, 3)),
                nn.Sequential(block(f"{i}.2.0", channels, five, 1), block(f"{i}.2.1", five, five_out, 5)),
                nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), block(f"{i}.3.1", channels, pool, 1)),
            )
            for i, channels in enumerate([2] + [width] * (depth - 1))
        ]
    else:
        raise ValueError(f"no naive network is written for {row.text}")
    readout = nn.Conv2d(width, len(state["readout.bias"]), 1)
    readout.load_state_dict(_tensors(weight=state["readout.weight"], bias=state["readout.bias"]))
    return nn.Sequential(*parts, readout).train()


def _block(
    state: Mapping[str, np.ndarray], act: type[nn.Module], path: str, channels: int, width: int, kernel: int
) -> nn.Sequential:
    conv = nn.Conv2d(channels, width, kernel, padding="same", bias=False)
    conv.load_state_dict(_tensors(weight=state[f"{path}.weight"]))
    norm = nn.BatchNorm2d(width)
    norm.load_state_dict(_tensors(weight=state[f"{path}.scale"], bias=state[f"{path}.shift"]), strict=False)
    return nn.Sequential(conv, norm, act())


def _tensors(**arrays: np.ndarray) -> dict[str, Tensor]:
    return {name: torch.from_numpy(array).float() for name, array in arrays.items()}


def values(row: Row, raster: Raster, state: Mapping[str, np.ndarray]) -> np.ndarray:
    """What it computes, (k, rows, columns), all of it in float64."""
    with torch.no_grad():
        image = torch.from_numpy(raster.slope()).double()[None]
        return network(row, state).double()(image)[0].numpy()


def runs(row: Row, raster: Raster, state: Mapping[str, np.ndarray]) -> dict[str, Callable[[], Tensor]]:
    """The one way a user would run it; the default layout."""
    module = network(row, state)
    image = torch.from_numpy(raster.slope()).float()[None]

    def run() -> Tensor:
        with torch.no_grad():
            return module(image)

    return {"NCHW": run}
