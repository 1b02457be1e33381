"""The networks whose activation regions are counted, their weights, and what netwarp is to reach on them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

import netwarp as nw
from netwarp.field.field import Field

# (in, out) and (out,), both float32: y = relu(x W + b)
Layer = tuple[NDArray[np.float32], NDArray[np.float32]]

PLANE = nw.Plane.between(-1.0, 1.0, -1.0, 1.0)


@dataclass(frozen=True)
class RegionRow:
    """One random network, `depth` hidden layers of `width` units and one output, on [-1, 1]^2."""

    depth: int
    width: int
    faster: float | None = None  # regioncam / netwarp, at least
    leaner: float | None = None  # the same of peak memory
    seconds: float | None = None  # at most
    gigabytes: float | None = None  # at most
    repeats: int = 5  # timed runs of each, at least
    rival: bool = True  # False: regioncam runs out of memory here
    act: str = "relu"
    slow: bool = False  # only with --slow

    @property
    def name(self) -> str:
        return f"regions-{self.network}"

    @property
    def network(self) -> str:
        return f"{self.depth}x{self.width}" + ("" if self.act == "relu" else f"-{self.act}")


ROWS = (
    RegionRow(1, 100, faster=3),
    RegionRow(10, 10, faster=3),
    RegionRow(4, 64, faster=8),
    RegionRow(10, 50, faster=12),
    RegionRow(5, 100, faster=12, repeats=3),
    RegionRow(3, 256, faster=15, leaner=10, repeats=1),
    # regioncam ran out of 22 GB on this one
    RegionRow(5, 256, seconds=10, gigabytes=4, repeats=1, rival=False),
)

SLOW: tuple[RegionRow, ...] = ()


def weights(row: RegionRow) -> list[Layer]:
    """Drawn from numpy's generator, seed 0: W, then b, layer by layer, the output's last."""
    r = np.random.default_rng(0)
    sizes = [2] + [row.width] * row.depth + [1]
    found = []
    for inputs, outputs in itertools.pairwise(sizes):
        weight = r.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
        bias = r.standard_normal(outputs) * 0.3
        found.append((weight.astype(np.float32), bias.astype(np.float32)))
    return found


def field(layers: list[Layer], act: str = "relu") -> Field:
    """The calibrated Field of plain weights, by way of an .npz file as a user would bring one."""
    file = BytesIO()
    arrays = {f"W{n}": weight.T for n, (weight, _) in enumerate(layers)}
    arrays |= {f"b{n}": bias for n, (_, bias) in enumerate(layers)}
    np.savez(file, allow_pickle=False, **arrays)
    file.seek(0)
    return nw.Network.load(file, activation=act).calibrate()


def counter(row: RegionRow, who: str) -> Callable[[], tuple[int, int | None]]:
    """What "netwarp" or "regioncam" takes to find all regions of a row: gives how many they are, and doubtful signs."""
    layers = weights(row)
    if who == "regioncam":
        from benchmarks.rivals.with_regioncam import tessellate

        return lambda: (int(tessellate(layers).num_faces), None)
    found = field(layers, row.act)

    def run() -> tuple[int, int]:
        tessellation = found.tessellate(PLANE)
        return len(tessellation), tessellation.doubtful

    return run
