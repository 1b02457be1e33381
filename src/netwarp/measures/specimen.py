"""Specimen: a Field on a Raster, with everything measures look at computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.engine.protocol import Dtype
from netwarp.engine.work import flops
from netwarp.errors import NetwarpError, UnsupportedError
from netwarp.fields.field import Field
from netwarp.fields.rounding import Rounding
from netwarp.measures.affordable import WORTH, affordable
from netwarp.measures.registry import Absent
from netwarp.measures.scale import brought, exponent, exponents, rounding, told
from netwarp.measures.slopes import Slopes, by_cells, by_pixels
from netwarp.network.program import Activate, Conv
from netwarp.plane import Raster
from netwarp.regions.cells.drawing import effort
from netwarp.regions.tessellation import Tessellation

# K channels, L layers
Array = NDArray[np.float64]
# a value and its two derivatives
PARTS = 3
# weights of a larger or smaller power of two are brought near 1 before regions are found
FAR = 300
# of smaller planes the areas of cells have too few digits
SMALLEST = 1e-280


@dataclass(frozen=True)
class _Raw:
    """The channels that vary: `values` (K, rows, columns) over 2^`exponent`, which they are, and how they were taken.

    `shift` (K,) is what all pixels of a channel lack, over 2^`exponent` too.
    """

    values: Array
    mean: Array
    deviation: Array
    exponent: NDArray[np.intp]
    shift: Array
    vary: NDArray[np.intp]
    dtype: Dtype


class Specimen:
    """What a measure gets: `field` on `raster`, and what is computed from them, kept.

    Values are standardised: every channel to mean 0 and variance 1 over the raster's pixels; tangents likewise.
    A channel is constant where its values, in digits enough to tell, are all the same: values that hardly differ beside
    their own size are taken as differences from the plane's centre, however small these are.
    Every property raises Absent where it cannot be: an output that is constant or not finite; UnsupportedError naming
    the layer in the way. `budget` is what finding regions may take, in operations as `effort` of regions.cells.drawing
    counts. Without `exact` no value is of cells that could be of pixels: where many networks, of kinds that have cells
    and that have none, are to be taken in one way. Without `details` a measure leaves out what only its details need.
    """

    def __init__(
        self,
        field: Field,
        raster: Raster,
        *,
        budget: float | None = None,
        exact: bool = True,
        details: bool = True,
    ) -> None:
        self.field = field
        self.raster = raster
        self.budget = budget
        self.exact = exact
        self.details = details

    @cached_property
    def _raw(self) -> _Raw:
        values, centre, dtype = self._taken()
        # squares of values beyond 1e154, and of those below 1e-162, have no float64
        exponent = exponents(values, (1, 2))
        values = brought(values, -exponent[:, None, None])
        mean, deviation = values.mean(axis=(1, 2)), values.std(axis=(1, 2))
        vary = np.flatnonzero(deviation > rounding(values, dtype))
        if not len(vary):
            raise Absent("the output is constant on this plane")
        shift = np.ldexp(centre, -exponent)
        return _Raw(values[vary], mean[vary], deviation[vary], exponent[vary], shift[vary], vary, dtype)

    def _taken(self) -> tuple[Array, Array, Dtype]:
        """(K, rows, columns) values with digits enough, each channel's less (K,), and their arithmetic."""
        nothing = np.zeros(self.field.channels)
        values: Array | None = None
        dtype: Dtype = "float64"
        if not self.field.deep(self.raster):
            kinds: tuple[Dtype, ...] = (self.field.precision(self.raster), "float64")
            for dtype in dict.fromkeys(kinds):
                with np.errstate(over="ignore"):
                    values = self.field.sample(self.raster, dtype=dtype).astype(np.float64)
                if np.isfinite(values).all() and told(values, dtype):
                    return values, nothing, dtype
            self._check_finite(values)
        try:
            centre, added = self.field.around(self.raster)
        except NetwarpError:
            if values is None:
                raise
            # kernels whose taps are too many for it: what all float64 values have in common counts as constant
            return values, nothing, dtype
        self._check_finite(added)
        return added, centre, "float64"

    def _check_finite(self, values: Array | None) -> None:
        broken = 0 if values is None else int(np.count_nonzero(~np.isfinite(values).all(axis=0)))
        if broken:
            raise Absent(f"the output is not finite at {broken:,} of {self.raster.pixels:,} pixels")

    @cached_property
    def samples(self) -> Array:
        """(K, rows, columns) float64: the channels that vary, each of mean 0 and variance 1 over the pixels."""
        raw = self._raw
        return np.ascontiguousarray((raw.values - raw.mean[:, None, None]) / raw.deviation[:, None, None])

    @cached_property
    def rounding(self) -> Rounding:
        """How far the values are from the network's own function, by rounding alone."""
        return self.field.rounding(self.raster)

    def original(self, channel: int, level: float) -> tuple[int, float]:
        """The channel of the cells' maps that `samples[channel]` is of, and its value where that has `level`."""
        raw = self._raw
        scaled = level * raw.deviation[channel] + raw.mean[channel] + raw.shift[channel]
        return int(raw.vary[channel]), float(np.ldexp(scaled, raw.exponent[channel] - self._read_out))

    @property
    def constant(self) -> tuple[int, ...]:
        """The channels left out because they are constant."""
        return tuple(sorted(set(range(self.field.channels)) - set(self._raw.vary.tolist())))

    @cached_property
    def gradients(self) -> Array:
        """(K, 2, rows, columns) float64: exact d/dx, d/dy of `samples`, per unit of the plane."""
        raw = self._raw
        tangents = self.field.tangent(self.raster, dtype=raw.dtype).astype(np.float64)[raw.vary]
        if not np.isfinite(tangents).all():
            raise Absent("the derivative is not finite everywhere")
        scaled = brought(tangents, -raw.exponent[:, None, None, None])
        return np.ascontiguousarray(scaled / raw.deviation[:, None, None, None])

    @cached_property
    def slopes(self) -> Slopes:
        """How steep the standardised channels are: exactly where that is worth its while, else by pixels."""
        found = self._of_cells
        if found is not None:
            if not found.variation.value.size:
                raise Absent("the output is constant on this plane")
            return found
        if min(self.raster.columns, self.raster.rows) < 2:
            raise Absent(f"a raster of {self.raster.columns}x{self.raster.rows} has no neighbours in both directions")
        return by_pixels(self.samples, self.gradients, self.raster.pitch)

    @cached_property
    def _of_cells(self) -> Slopes | None:
        return None if self._worth is None else by_cells(self._worth)

    @property
    def cells(self) -> Tessellation | None:
        """The exact regions where that is worth its while and rounding leaves no doubt of the values; else None."""
        try:
            return self._worth if self.exact and self._of_cells is not None else None
        except Absent:  # too many for a Field with steps
            return None

    @cached_property
    def _worth(self) -> Tessellation | None:
        """The exact regions where finding them takes about half a second or no longer than the pixels' derivatives do.

        Of a Field with steps, which have none, always.
        """
        if any(isinstance(one, Activate) and face(one.name).jumps for one in self.field.program.operations):
            try:
                return self.tessellation
            except UnsupportedError:
                return None
        if not self.exact or self.raster.plane.width * self.raster.plane.height < SMALLEST:
            return None
        try:
            regions, each = effort(self.field, self.raster.plane)
        except UnsupportedError:
            return None
        if regions * each > max(WORTH, PARTS * flops(self.field.program) * self.raster.pixels):
            return None
        try:
            return None if isinstance(self._tessellation, str) else self._tessellation
        except UnsupportedError:  # hidden layers of sizes that it cannot tell apart
            return None

    @property
    def tessellation(self) -> Tessellation:
        """The exact activation regions over the raster's plane; Absent where counting says they would take minutes."""
        if isinstance(self._tessellation, str):
            raise Absent(self._tessellation)
        return self._tessellation

    @cached_property
    def _tessellation(self) -> Tessellation | str:
        """The regions, or why there are none: found out once. Of the output over 2^`_read_out`."""
        program = self.field.program
        field = self.field
        if self._read_out:
            *before, last = program.operations
            assert isinstance(last, Conv)
            weight, bias = (np.ldexp(one.astype(np.float64), -self._read_out) for one in (last.weight, last.bias))
            near = replace(program, operations=(*before, replace(last, weight=weight, bias=bias)), exact32=False)
            field = replace(field, program=near, _known={})
        return affordable(field, self.raster.plane, self.budget)

    @cached_property
    def _read_out(self) -> int:
        """A power of two that a read-out of weights near the ends of float64's range is divided by; 0 for the others.

        No measure of standardised outputs minds, and the regions are the same.
        """
        last = self.field.program.operations[-1]
        power = exponent(np.asarray(last.weight, dtype=np.float64)) if isinstance(last, Conv) else 0
        return power if abs(power) > FAR else 0

    @cached_property
    def layers(self) -> Sequence[Field]:
        """The output of every layer as a Field, the first layer's first."""
        return [self.field.after(layer) for layer in range(1, self.field.layers + 1)]

    @cached_property
    def half(self) -> Specimen:
        """The same Field on the same plane at half the resolution, for values alone.

        Errors: Absent for a raster too small to halve.
        """
        columns, rows = self.raster.columns // 2, self.raster.rows // 2
        if min(columns, rows) < 2:
            raise Absent(f"a raster of {self.raster.columns}x{self.raster.rows} is too small to halve")
        raster = Raster(columns, rows, self.raster.plane)
        half = Specimen(self.field, raster, budget=self.budget, exact=self.exact, details=False)
        for same in ("_tessellation", "_worth", "_of_cells"):  # of the same plane
            if same in self.__dict__:
                setattr(half, same, self.__dict__[same])
        return half
