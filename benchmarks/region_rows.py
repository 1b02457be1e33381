"""The networks whose activation regions are counted, their weights, and what netwarp is to reach on them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

import netwarp as nw
from netwarp.fields.field import Field

# (in, out) and (out,), both float32 but where folds come before: y = relu(x W + b)
Layer = tuple[NDArray[np.floating], NDArray[np.floating]]

PLANE = nw.Plane.between(-1.0, 1.0, -1.0, 1.0)


@dataclass(frozen=True)
class RegionRow:
    """One random network, `depth` hidden layers of `width` units and one output, on [-1, 1]^2.

    With `folds`, layers before it that fold [0, 1]^2 so often, both ways, onto that square: 4^folds times the regions.
    """

    depth: int
    width: int
    faster: float | None = None  # regioncam / netwarp, at least
    leaner: float | None = None  # the same of peak memory
    seconds: float | None = None  # at most
    gigabytes: float | None = None  # at most
    repeats: int = 5  # timed runs of each, at least
    rival: bool = True  # False: regioncam runs out of memory here
    folds: int = 0

    @property
    def name(self) -> str:
        return f"regions-{self.network}"

    @property
    def network(self) -> str:
        return f"{self.depth}x{self.width}" + f"-folded-{self.folds}" * bool(self.folds)

    @property
    def plane(self) -> nw.Plane:
        return nw.Plane.between(0.0, 1.0, 0.0, 1.0) if self.folds else PLANE


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

# only with --slow, timed once each: some 10^6 and 10^7 regions of few units; linear in the regions?
SLOW = (
    RegionRow(3, 120, rival=False, folds=2),
    RegionRow(3, 120, gigabytes=16, rival=False, folds=4),
)


def weights(row: RegionRow) -> list[Layer]:
    """Drawn from numpy's generator, seed 0: W, then b, layer by layer, the output's last."""
    r = np.random.default_rng(0)
    sizes = [2] + [row.width] * row.depth + [1]
    found = []
    for inputs, outputs in itertools.pairwise(sizes):
        weight = r.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)
        bias = r.standard_normal(outputs) * 0.3
        found.append((weight.astype(np.float32), bias.astype(np.float32)))
    return _folded(found, row.folds) if row.folds else found


def _folded(layers: list[Layer], times: int) -> list[Layer]:
    """Layers before the others, and what the first of the others becomes; no number of it is rounded."""
    # on [0, 1] the tent is t(x) = relu(2 x) - relu(4 x - 2); rows: x, y; columns: the two units of x, those of y
    tent = np.array([[2.0, 4.0, 0.0, 0.0], [0.0, 0.0, 2.0, 4.0]])
    bias = np.array([0.0, -2.0, 0.0, -2.0])
    values = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    (weight, first), *rest = [(w.astype(np.float64), b.astype(np.float64)) for w, b in layers]
    folds = [(tent if fold == 0 else values @ tent, bias) for fold in range(times)]
    return [*folds, (2.0 * values @ weight, first - weight.sum(axis=0)), *rest]


def field(layers: list[Layer]) -> Field:
    """The calibrated Field of plain weights, by way of an .npz file as a user would bring one."""
    file = BytesIO()
    arrays = {f"W{n}": weight.T for n, (weight, _) in enumerate(layers)}
    arrays |= {f"b{n}": bias for n, (_, bias) in enumerate(layers)}
    np.savez(file, allow_pickle=False, **arrays)
    file.seek(0)
    return nw.Network.load(file).calibrate()


def counter(row: RegionRow, who: str) -> Callable[[], tuple[int, int | None]]:
    """What "netwarp" or "regioncam" takes to find all regions of a row: gives how many they are, and doubtful signs."""
    layers = weights(row)
    if who == "regioncam":
        from benchmarks.rivals.with_regioncam import tessellate

        return lambda: (int(tessellate(layers).num_faces), None)
    found = field(layers)

    def run() -> tuple[int, int]:
        tessellation = found.tessellate(row.plane)
        return len(tessellation), tessellation.doubtful

    return run
