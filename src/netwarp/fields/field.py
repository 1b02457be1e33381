"""Field: a Network with its statistics frozen, one deterministic function from the plane to k numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isqrt, nan
from time import perf_counter
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.checks import instance, readable
from netwarp.engine.choose import choose
from netwarp.engine.protocol import Dtype, Engine, Floats
from netwarp.engine.work import flops
from netwarp.errors import InputError
from netwarp.fields.limits import Estimate, check_memory, lattice_bytes, positions
from netwarp.fields.precision import gap
from netwarp.fields.rounding import CALM, COARSER, Rounding
from netwarp.fields.steps import check_steps
from netwarp.log import step
from netwarp.network.cut import cut
from netwarp.network.flatten import flattened, tensorial
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.plane import A_RASTER, Plane, Raster
from netwarp.progress import Progress

if TYPE_CHECKING:
    from netwarp.regions.tessellation import Tessellation

# what to pass where one is needed
A_FIELD = "a Field, as network.calibrate() gives"

Precision = Literal["auto", "float32", "float64"]

# below this share of the calibration plane a pixel is too small for float32 coordinates
FINEST_PITCH = 1e-5
# below this share of its largest coordinate too: float32 resolves 2^-24 of it, which is to be a small part of a pixel
COARSEST_ROUNDING = 2.0**-17
# below this share of the plane, a pixel is some thousands of float64's roundings, which deep layers amplify
DEEPEST_PITCH = 1e-12
# float32 may miss float64 by this share of the output's standard deviation
LARGEST_GAP = 1e-3
# floating-point operations of the sample that an estimate times, at most
TIMED = 1 << 36
# such operations of a model with tensors at a point: past this no point of it is computed exactly
PROBED = 10_000_000


@dataclass(frozen=True, eq=False)
class Field:
    """One function of the plane.

    `program` holds its numbers, `raster` is the calibration Raster, `network` where it comes from. `layer` is the one
    whose output it is, as `after` takes it; None of the network's own output.

    >>> field = nw.Network.draw(nw.parse("conv(10) * 10"), seed=7).calibrate(nw.Raster(60, 40))
    >>> field.sample(nw.Raster(30, 20)).shape
    (3, 20, 30)
    >>> field.at([(0.1, 0.2)]).shape  # at points x, y
    (1, 3)
    >>> field.after(0).channels  # before any layer: the inputs, x and y
    2
    >>> field.after(11)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: after layer=11: must be a whole number from 0 (the inputs) to 10
    """

    program: Program = field(repr=False)
    raster: Raster
    network: Network
    layer: int | None = None
    _known: dict[str, float] = field(default_factory=dict, repr=False)
    _rounding: dict[str, Rounding] = field(default_factory=dict, repr=False)

    @property
    def channels(self) -> int:
        """How many numbers the function gives at a point."""
        return self.program.channels

    @property
    def layers(self) -> int:
        """How many weighted layers it has; `after` takes 0 to this."""
        return len(self.program.layers)

    def sample(
        self,
        raster: Raster | None = None,
        *,
        dtype: Precision = "auto",
        engine: str | Engine = "native",
        progress: Progress | None = None,
    ) -> Floats:
        """(k, rows, columns) values at the pixel centres of `raster`, the calibration Raster by default.

        `dtype` "auto" computes in float32 unless `precision` finds that this would not do. `engine` "exact" tessellates
        the raster's plane and fills its cells, whose time hardly depends on the network (piecewise-linear pointwise
        Fields only); "auto" does so where counting says that it is cheaper, else takes the native evaluator. Errors:
        InputError for a wrong argument; LimitError where the values would not fit in memory, or the inputs of a model
        that is called tell no pixels apart; UnsupportedError naming the layer that "exact" cannot do.
        """
        raster = self._checked(raster)
        check_steps(self.program, raster)
        with step("sample") as say:
            found = self._sampled(raster, dtype, engine, progress)
            say("%dx%d in %s", raster.columns, raster.rows, found.dtype)
        return found

    def _sampled(self, raster: Raster, dtype: Precision, engine: str | Engine, progress: Progress | None) -> Floats:
        if engine in ("exact", "auto"):
            from netwarp.regions.cells.drawing import draw, worthwhile

            if engine == "exact" or (not self.deep(raster) and worthwhile(self, raster)):
                # a map is evaluated once, in float64: what a deep network makes of float32 does not matter here
                kind = "float32" if dtype == "auto" and self.program.exact32 else self._dtype(dtype, raster)
                self._check_size(raster, kind, 1)
                return draw(self, raster, kind, progress=progress)
            engine = "native"
        chosen = self._dtype(dtype, raster)
        self._check_size(raster, chosen, 1)
        evaluator = choose(engine)
        if self.deep(raster):
            centre, added = self.around(raster, progress=progress)
            return (added + centre[:, None, None]).astype(chosen, copy=False)
        return evaluator.run(self.program, raster, self.raster.pitch, chosen, progress=progress)

    def around(
        self, raster: Raster | None = None, *, progress: Progress | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The value at the plane's exact centre, (k,), and what every pixel adds to it, (k, rows, columns) float64.

        However small the plane: to 1e-250 a pixel. The picture of a view of 1e-30 lies in the differences, which the
        sums of `sample` round away. Errors: InputError; LimitError for smaller pixels or where memory would not do;
        NotFiniteError where a value at the centre is beyond what a float64 holds.
        """
        from netwarp.fields.deep.differences import differences

        raster = self._checked(raster)
        self._check_size(raster, "float64", 2)
        return differences(self.program, raster, self.raster.pitch, progress=progress)

    def deep(self, raster: Raster | None = None) -> bool:
        """Whether `sample` and `tangent` go by differences, as a pixel is `tiny`.

        Never of a function that is called: where its float64 inputs tell no pixels apart these refuse.
        """
        return self.tiny(raster) and not self.program.called

    def tiny(self, raster: Raster | None = None) -> bool:
        """Whether a pixel is below 1e-12 of the calibration plane or of the raster's largest coordinate.

        What float64 coordinates make of it in deep layers is no picture, and all views' colours are one colour there.
        """
        raster = self._checked(raster)
        plane = self.raster.plane
        return min(raster.pitch) < DEEPEST_PITCH * max(plane.width, plane.height, _farthest(raster.plane))

    def tangent(
        self,
        raster: Raster | None = None,
        *,
        dtype: Precision = "auto",
        engine: str | Engine = "native",
        values: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(k, 2, rows, columns) exact derivatives d/dx, d/dy, per plane unit. At a kink, those of the inactive side.

        With `values` (k, 3, rows, columns): the values of `sample` before them, which take no pass of their own.
        Errors: as `sample`; UnsupportedError where a layer has no tangent (step).
        """
        raster = self._checked(raster)
        chosen = self._dtype(dtype, raster)
        check_steps(self.program, raster)
        self._check_size(raster, chosen, 3)
        evaluator = choose(engine)
        if self.deep(raster):
            from netwarp.fields.deep.differences import differences

            centre, added = differences(self.program, raster, self.raster.pitch, tangents=True, progress=progress)
            added[:, 0] += centre[:, None, None]
            both: Floats = added.astype(chosen, copy=False)
        else:
            both = evaluator.run(self.program, raster, self.raster.pitch, chosen, tangents=True, progress=progress)
        return both if values else both[:, 1:]

    def tessellate(
        self, plane: Plane | None = None, *, limit: int = 20_000_000, progress: Progress | None = None
    ) -> Tessellation:
        """regions.tessellate.tessellate: the exact activation regions over `plane` (the calibration plane)."""
        from netwarp.regions.tessellate import tessellate

        return tessellate(self, plane, limit=limit, progress=progress)

    def at(
        self,
        points: ArrayLike,
        *,
        dtype: Dtype = "float64",
        engine: str | Engine = "native",
        progress: Progress | None = None,
    ) -> Floats:
        """(n, k) values at (n, 2) points x, y. Errors: InputError for another shape or points that are not finite."""
        try:
            array = np.asarray(readable(points), dtype=np.float64)
        except (TypeError, ValueError, RuntimeError):
            raise InputError(f"at points={points!r}: must be numbers, (n, 2), a row x, y for each point") from None
        if array.ndim != 2 or array.shape[1] != 2:
            raise InputError(f"at points of shape {array.shape}: must be (n, 2), a row x, y for each point")
        if not np.isfinite(array).all():
            raise InputError("at points: must be finite numbers")
        if dtype not in get_args(Dtype):
            raise InputError(f'at dtype={dtype!r}: must be "float32" or "float64"')
        return choose(engine).points(self.program, array, self.raster.pitch, dtype, progress=progress)

    def after(self, layer: int) -> Field:
        """The output of a layer, its activation included, as a Field of as many channels as the layer has.

        Layers are numbered from 1 in the order of the architecture's table (`netwarp info`); 0 is the network's inputs.
        Errors: InputError for a layer there is not.
        """
        given: object = layer  # whatever the annotation says
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= self.layers:
            raise InputError(f"after layer={layer!r}: must be a whole number from 0 (the inputs) to {self.layers}")
        program = cut(self.program, 0 if layer == 0 else self.program.layers[layer - 1])
        return Field(program, self.raster, self.network, layer)

    def precision(self, raster: Raster | None = None) -> Dtype:
        """The arithmetic that dtype="auto" takes: float32, or float64 where that would draw a wrong picture.

        float64 where a pixel is smaller than 1e-5 of the calibration plane or than 2^-17 of the raster's largest
        coordinate, or float32 misses float64 by more than 1e-3
        of the output's standard deviation on 4,096 probe points of the calibration Raster; or where the network's own
        numbers are float64.
        """
        raster = self._checked(raster)
        plane = self.raster.plane
        if min(raster.pitch[0] / plane.width, raster.pitch[1] / plane.height) < FINEST_PITCH:
            return "float64"
        if min(raster.pitch) < COARSEST_ROUNDING * _farthest(raster.plane) or not self.program.exact32:
            return "float64"
        return "float32" if self._gap <= LARGEST_GAP else "float64"

    @property
    def _gap(self) -> float:
        """fields.precision.gap on the calibration Raster, computed once."""
        if "gap" not in self._known:
            self._known["gap"] = gap(self.program, self.raster)
        return self._known["gap"]

    def rounding(
        self, raster: Raster | None = None, *, dtype: Precision = "auto", progress: Progress | None = None
    ) -> Rounding:
        """How far the values of `sample` on `raster` are from the network's own function, by rounding alone.

        `share` is in standard deviations over the raster's plane, the largest over its channels. Where float64 may be
        off by more than 1e-6, up to 12 points are computed exactly, in some tenths of a second. What float32 adds is
        known from 4,096 points; `dtype` "auto" takes it only where that is small. A share above 1e-3 is `reported`:
        what is shown is then not the network's function. Errors: InputError, LimitError as `sample`.
        """
        raster = self._checked(raster)
        if self.program.called:
            return Rounding(nan)
        if self._dtype(dtype, raster) == "float32" and not self.deep(raster):
            return Rounding(self._gap, dtype="float32")
        if self._gap <= CALM and raster.plane == self.raster.plane:
            return Rounding(self._gap / COARSER)
        from netwarp.fields.probing import probe

        program = self.program
        if tensorial(program):
            if flops(program) > PROBED:
                return Rounding(self._gap / COARSER)
            program = flattened(program)
        key = f"{raster.plane!r} {self.deep(raster)}"
        if key not in self._rounding:
            if len(self._rounding) >= 64:
                self._rounding.clear()
            deep = self.deep(raster)
            self._rounding[key] = probe(program, raster, self.raster, gap=self._gap, deep=deep, progress=progress)
        return self._rounding[key]

    def estimate(self, raster: Raster | None = None, *, dtype: Precision = "auto") -> Estimate:
        """What `sample` would take on this machine, scaled from a small sample that is timed."""
        raster = self._checked(raster)
        chosen = self._dtype(dtype, raster)
        self._check_size(raster, chosen, 1)
        if self.deep(raster):
            return self._estimate_deep(raster)
        points, tap = positions(self.program, raster, self.raster.pitch), self.raster.pitch
        # a large model is timed on few points
        side = min(128, max(4, isqrt(TIMED // (1 + flops(self.program)))))
        small = Raster(side, side, replace(self.raster.plane, width=tap[0] * side, height=tap[1] * side))
        engine = choose("native")
        engine.run(self.program, small, tap, chosen)
        clock = perf_counter()
        engine.run(self.program, small, tap, chosen)
        seconds = (perf_counter() - clock) * points / positions(self.program, small, tap)
        size = self.channels * raster.pixels * np.dtype(chosen).itemsize
        note = f"{chosen}, {flops(self.program):,} flops a point"
        if points > 2 * raster.pixels:
            note += f", {points / raster.pixels:.3g} points evaluated a pixel: the kernels' taps lie between pixels"
        return Estimate(seconds, size, flops(self.program) * points, points, note)

    def _estimate_deep(self, raster: Raster) -> Estimate:
        from netwarp.fields.deep.differences import lattice_positions

        small = replace(raster, columns=min(raster.columns, 64), rows=min(raster.rows, 32))
        clock = perf_counter()
        self.around(replace(small, columns=1, rows=1))
        once = perf_counter()
        self.around(small)
        seconds = (once - clock) + (perf_counter() - once) * raster.pixels / small.pixels
        lattice = lattice_positions(self.program)
        points = raster.pixels * lattice
        note = f"differences from the centre, {flops(self.program):,} flops a point"
        if lattice > 1:
            note += f", up to {lattice:,} points evaluated a pixel: every tap of the kernels has a centre of its own"
        size = 2 * self.channels * raster.pixels * 8
        return Estimate(seconds, size, flops(self.program) * points, points, note)

    def _checked(self, raster: Raster | None) -> Raster:
        return instance(self.raster if raster is None else raster, Raster, "raster", A_RASTER)

    def _dtype(self, dtype: Precision, raster: Raster) -> Dtype:
        if dtype == "auto":
            return self.precision(raster)
        if dtype not in get_args(Dtype):
            raise InputError(f'dtype={dtype!r}: must be "auto", "float32" or "float64"')
        return dtype

    def _check_size(self, raster: Raster, dtype: Dtype, parts: int) -> None:
        size = self.channels * parts * raster.pixels * np.dtype(dtype).itemsize
        size += lattice_bytes(self.program, raster)
        if not self.program.pointwise:
            from netwarp.engine.native import strip_bytes

            size += strip_bytes(self.program, raster, self.raster.pitch, dtype, tangents=parts == 3)
        check_memory(size, f"a sample of {raster.columns}x{raster.rows}, {self.channels} channels, {dtype}")


def _farthest(plane: Plane) -> float:
    """The largest coordinate of its points, in magnitude."""
    return max(abs(plane.x) + plane.width / 2, abs(plane.y) + plane.height / 2)
