"""Specimen: a Field on a Raster, with everything measures look at computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netwarp.field.field import Field
from netwarp.field.rounding import Rounding
from netwarp.measures.affordable import affordable
from netwarp.measures.registry import Absent
from netwarp.plane import Raster
from netwarp.regions.tessellation import Tessellation

# K channels, L layers
Array = NDArray[np.float64]
# a channel whose standard deviation is below this share of its largest value is constant: rounding, no shape
CONSTANT = 1e-6


class Specimen:
    """What a measure gets: `field` on `raster`, and what is computed from them, kept.

    Values are standardised: every channel to mean 0 and variance 1 over the raster's pixels; tangents likewise.
    Every property raises Absent where it cannot be: an output that is constant or not finite; UnsupportedError naming
    the layer in the way.
    """

    def __init__(self, field: Field, raster: Raster) -> None:
        self.field = field
        self.raster = raster

    @cached_property
    def _raw(self) -> tuple[Array, NDArray[np.intp], Array]:
        """values (K, rows, columns) of the channels that vary, with which they are (K,) and their deviations (K,)."""
        # so deep that the values differ in digits no float64 has, they are shifted: what is standardised anyway
        deep = self.field.deep(self.raster)
        values = self.field.around(self.raster)[1] if deep else self.field.sample(self.raster).astype(np.float64)
        broken = int(np.count_nonzero(~np.isfinite(values).all(axis=0)))
        if broken:
            raise Absent(f"the output is not finite at {broken:,} of {self.raster.pixels:,} pixels")
        deviation = values.std(axis=(1, 2))
        vary = deviation > CONSTANT * np.abs(values).max(axis=(1, 2))
        if not vary.any():
            raise Absent("the output is constant on this plane")
        return values[vary], np.flatnonzero(vary), deviation[vary]

    @cached_property
    def samples(self) -> Array:
        """(K, rows, columns) float64: the channels that vary, each of mean 0 and variance 1 over the pixels."""
        values, _, deviation = self._raw
        return np.ascontiguousarray((values - values.mean(axis=(1, 2), keepdims=True)) / deviation[:, None, None])

    @cached_property
    def rounding(self) -> Rounding:
        """How far the values are from the network's own function, by rounding alone."""
        return self.field.rounding(self.raster)

    @property
    def constant(self) -> tuple[int, ...]:
        """The channels left out because they are constant."""
        return tuple(sorted(set(range(self.field.channels)) - set(self._raw[1].tolist())))

    @cached_property
    def gradients(self) -> Array:
        """(K, 2, rows, columns) float64: exact d/dx, d/dy of `samples`, per unit of the plane."""
        _, vary, deviation = self._raw
        tangents = self.field.tangent(self.raster).astype(np.float64)[vary]
        if not np.isfinite(tangents).all():
            raise Absent("the derivative is not finite everywhere")
        return np.ascontiguousarray(tangents / deviation[:, None, None, None])

    @property
    def tessellation(self) -> Tessellation:
        """The exact activation regions over the raster's plane; Absent where counting says they would take minutes."""
        if isinstance(self._tessellation, str):
            raise Absent(self._tessellation)
        return self._tessellation

    @cached_property
    def _tessellation(self) -> Tessellation | str:
        """The regions, or why there are none: found out once."""
        return affordable(self.field, self.raster.plane)

    @cached_property
    def layers(self) -> Sequence[Field]:
        """The output of every layer as a Field, the first layer's first."""
        return [self.field.after(layer) for layer in range(1, self.field.layers + 1)]

    @cached_property
    def half(self) -> Specimen:
        """The same Field on the same plane at half the resolution. Errors: Absent for a raster too small to halve."""
        columns, rows = self.raster.columns // 2, self.raster.rows // 2
        if min(columns, rows) < 2:
            raise Absent(f"a raster of {self.raster.columns}x{self.raster.rows} is too small to halve")
        half = Specimen(self.field, Raster(columns, rows, self.raster.plane))
        if "_tessellation" in self.__dict__:
            half._tessellation = self._tessellation  # that of the same plane
        return half
