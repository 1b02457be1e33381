"""LayerStages: the values of a Field that every path from the plane to the output passes, layer after layer.

In a plain sequence they are the outputs of the layers. Where branches are open nothing is passed by all, so the layers
of a block of branches count as one, at the point where they have joined.
"""

# S stages, C channels of all stages together, n points

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, isqrt, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.errors import LimitError
from netwarp.fields.field import Field
from netwarp.measures.registry import Absent
from netwarp.network.program import Concat, Conv, Program
from netwarp.plane import Plane, Raster

Array = NDArray[np.float64]

# more stages than this are looked at in equal steps, the first and the last among them
MOST = 24
# numbers held at once
NUMBERS = 1 << 24
# multiplications and additions in all: about a second
WORK = 3_000_000_000
# points of a curve at first and at most, and where they cost much at first; sides of a raster, the least and the most
POINTS, FEWEST, SIDES = (512, 16384), 128, (12, 64)
# values on planes of a smaller share of the calibration plane are taken as differences
SMALL = 1e-4
# below this share of the largest value a spread is rounding
CONSTANT = 1e-12


@dataclass(frozen=True)
class LayerStages:
    """The stages of `field` that are looked at.

    `numbers` (S,) says which stage each is, from 1 on; `layers` (S,) the number of the layer, or of the last of a
    block, that it is the output of.
    """

    field: Field
    numbers: tuple[int, ...]
    layers: tuple[int, ...]
    values: tuple[int, ...]

    @cached_property
    def joined(self) -> Field:
        """All stages' channels side by side, computed in one pass: each layer once, however many follow it."""
        program = self.field.program
        operations = program.operations[: self.values[-1] + 1]
        side_by_side = Concat(self.values, sum(self.channels))
        return Field(
            Program((*operations, side_by_side), exact32=program.exact32), self.field.raster, self.field.network
        )

    @cached_property
    def channels(self) -> tuple[int, ...]:
        """(S,) channels of each."""
        return tuple(self.field.program.operations[value].channels for value in self.values)

    @cached_property
    def work(self) -> int:
        """Multiplications and additions a point, each kernel's on all the taps of the kernels after it."""
        program = self.joined.program
        return sum(
            2 * operation.weight.size * (1 + before + after) ** 2
            for operation, (before, after) in zip(program.operations, program.reach, strict=True)
            if isinstance(operation, Conv)
        )

    def split(self, together: Array, axis: int) -> list[Array]:
        """The parts of an array that belong to each stage."""
        return np.split(together, np.cumsum(self.channels)[:-1], axis=axis)

    def along(self, points: ArrayLike) -> list[Array]:
        """A list of (n, channels), each stage's values at (n, 2) points. Errors: Absent where they are not finite."""
        return self.split(self._finite(self.joined.at(points)), 1)

    def over(self, plane: Plane) -> tuple[list[Array], list[Array]]:
        """Each stage's values on `coarse(plane)`: lists of (channels,) and of the (channels, rows, columns) more.

        The former are 0 but on a plane so small that values hardly differ beside their size. Errors: as `along`.
        """
        raster = self.coarse(plane)
        values = self._finite(self.joined.sample(raster, dtype="float64"))
        centre = np.zeros(len(values))
        if self._small(plane):
            with suppress(LimitError):  # kernels whose taps are too many
                centre, added = self.joined.around(raster)
                values = self._finite(added)
        return self.split(centre, 0), self.split(values, 0)

    def with_slopes(self, plane: Plane) -> tuple[list[Array], list[Array]]:
        """The second of `over`, and lists of (channels, 2, rows, columns), its d/dx and d/dy.

        Errors: as `along`; UnsupportedError where a layer has no derivative.
        """
        both = self.split(self._finite(self.joined.tangent(self.coarse(plane), dtype="float64", values=True)), 0)
        values = self.over(plane)[1] if self._small(plane) else [part[:, 0] for part in both]
        return values, [part[:, 1:] for part in both]

    def _small(self, plane: Plane) -> bool:
        """Whether values hardly differ beside their size."""
        whole = self.field.raster.plane
        return max(plane.width, plane.height) < SMALL * max(whole.width, whole.height)

    def coarse(self, plane: Plane) -> Raster:
        """A square raster, small enough to take all stages at once: averages over it hardly depend on its size."""
        points = min(NUMBERS // sum(self.channels), WORK // max(1, self.work)) // 3
        side = min(SIDES[1], max(SIDES[0], isqrt(points)))
        return Raster(side, side, plane)

    def factor(self, amounts: Array, last: int = -1) -> float:
        """The geometric mean growth a stage of S positive amounts, from the first to the one at place `last`."""
        return exp((log(amounts[last]) - log(amounts[0])) / (self.numbers[last] - self.numbers[0]))

    def fit(self, amounts: Array, last: int = -1) -> tuple[float, float]:
        """The factor a stage of an exponential fitted to the same, and the residual's deviation in log10."""
        numbers = np.array(self.numbers, dtype=np.float64)[: last % len(amounts) + 1]
        logs = np.log(amounts[: len(numbers)])
        slope, start = np.polynomial.polynomial.polyfit(numbers, logs, 1)[::-1]
        return exp(float(slope)), float(np.std(logs - start - slope * numbers) / log(10))

    def positive(self, amounts: Array, what: str) -> Array:
        """The amounts. Errors: Absent naming the first stage where there is none."""
        for layer, amount in zip(self.layers, amounts, strict=True):
            if not amount > 0:
                raise Absent(f"layer {layer} is constant {what}, as far as float64 tells")
        return amounts

    def _finite(self, values: NDArray[np.floating]) -> Array:
        if not np.isfinite(values).all():
            for layer, part in zip(self.layers, self.split(np.isfinite(values), values.ndim == 2), strict=True):
                if not part.all():
                    raise Absent(f"layer {layer} is not finite everywhere")
        return np.asarray(values, dtype=np.float64)


def stages(field: Field, least: int = 2) -> LayerStages:
    """The LayerStages of a Field. Errors: Absent for fewer than `least`."""
    program = field.program
    # the smallest source read after each value: where it is not smaller than the value, all has passed through it
    earliest: list[float] = [inf] * len(program.operations)
    for i in range(len(program.operations) - 1, 0, -1):
        earliest[i - 1] = min(earliest[i], *program.operations[i].sources)
    passed = [i for i, first in enumerate(earliest[:-1]) if first >= i]
    found: dict[int, int] = {}
    for layer, value in enumerate(program.layers, 1):
        after = next((i for i in passed if i >= value), None)
        if after is not None:
            found[after] = layer
    if len(found) < least:
        raise Absent(
            f"needs {least} layers or blocks in sequence, and this network has {len(found)}"
            if found
            else "the network has no hidden layers"
        )
    values, layers = list(found), list(found.values())
    chosen = np.unique(np.linspace(0, len(values) - 1, min(MOST, len(values))).round().astype(int)).tolist()
    return LayerStages(
        field, tuple(i + 1 for i in chosen), tuple(layers[i] for i in chosen), tuple(values[i] for i in chosen)
    )


Curve = Callable[[Array], Array]


def refined(
    found: LayerStages, curve: Curve, amount: Callable[[Array], tuple[float, ...]], *, within: float
) -> tuple[Array, int, Array]:
    """(A, S) amounts, A of each stage's (n + 1, channels) values along a curve, at enough points.

    `curve` takes fractions of its way, 0 to 1, to points. These are doubled until no amount changes by more than a
    share of `within`, or there would be too many. With the number of points, and (S,) the largest change that the last
    doubling made in the amounts of each stage. Errors: Absent.
    """
    points, most = POINTS
    most = min(most, NUMBERS // sum(found.channels), WORK // max(1, found.work))
    while points * 2 > most and points > FEWEST:
        points //= 2
    values = found.along(curve(np.arange(points + 1) / points))
    amounts = np.array([amount(part) for part in values]).T
    while True:
        between = found.along(curve((np.arange(points) + 0.5) / points))
        values = [_interleaved(old, new) for old, new in zip(values, between, strict=True)]
        coarse, points = amounts, points * 2
        amounts = np.array([amount(part) for part in values]).T
        largest = np.maximum(np.abs(amounts), np.abs(coarse))
        changes = (np.abs(amounts - coarse) / np.where(largest > 0, largest, 1)).max(axis=0)
        if changes.max() <= within or points * 2 > most:
            return amounts, points, changes


def _interleaved(outer: Array, inner: Array) -> Array:
    both = np.empty((len(outer) + len(inner), outer.shape[1]))
    both[::2], both[1::2] = outer, inner
    return both
