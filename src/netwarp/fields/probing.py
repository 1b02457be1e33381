"""Probing: how far the float64 evaluation of a Field strays from the network's own function.

Deep networks amplify rounding: a hundred layers of sines make of 2^-53 more than the whole picture. Where the growth of
a small change says that this may be so, some points are computed to as many digits as it takes (`orbit`) and compared.
"""

# k channels, n probe points, P values that are followed under a small change

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, isfinite, log2

import numpy as np

from netwarp.engine.choose import choose
from netwarp.errors import NotFiniteError
from netwarp.fields.deep.differences import differences
from netwarp.fields.deep.orbit import SPARE, orbit, places
from netwarp.fields.rounding import CALM, COARSER, Rounding
from netwarp.network.program import Activate, Array, Conv, Program
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress

Point = tuple[Fraction, Fraction]

# a suspected error below this share is not looked into
SUSPECTED = 1e-6
# computed exactly, a grid
PROBES = 4, 3
# the view is sampled on so many points along an axis; of k x k kernels, of which each point has its own taps, on PROBES
SIDE = 32
# the coordinates are changed by so many roundings
NUDGE = 8
# two computations are right where they agree to this share of the deviation, the second with so many bits more
AGREED, MORE, MOST = 1e-9, 64, 1 << 13
# seconds that the probes of one view may take, at these many of a multiplication and of an activation's value
BUDGET, MULTIPLY, ACTIVATE = 2.0, 2.5e-7, 4e-5


def probe(
    program: Program, raster: Raster, home: Raster, *, gap: float, deep: bool, progress: Progress | None = None
) -> Rounding:
    """How far the float64 values of `program` on `raster` are from its exact function, in deviations of the view.

    `gap` is fields.precision.gap on `home`, the calibration raster. A view is looked into where the error that the gap,
    or the growth of a change of the coordinates by a few roundings, lets expect exceeds 1e-6. Then up to 12 points are
    computed in whole numbers, with so many bits that more bits change nothing. `deep` says that the view is drawn by
    differences from its centre. Where even one point takes too long, the expectation itself is returned.
    `progress` is asked throughout, and counts the points that are exact.
    """
    # parts of it are no measure of the whole: they only ask whether to go on
    ask = None if progress is None else lambda _done, _total: progress(0, 1)
    view = _Deep(program, raster, home, ask) if deep else _View(program, raster, home, ask)
    expected = view.expected(gap)
    if not expected > SUSPECTED:
        return Rounding(expected)
    found, count = [], _affordable(program, raster)
    for n in range(count):
        error = view.error(n)
        found += [] if error is None else [error]
        if progress is not None:
            progress(n + 1, count)
    return Rounding(max(found), len(found)) if found else Rounding(expected)


class _View:
    """A view whose pixels have coordinates that float64 tells apart."""

    def __init__(self, program: Program, raster: Raster, home: Raster, ask: Progress | None = None) -> None:
        self.ask = ask
        self.program, self.tap, plane = program, home.pitch, raster.plane
        # neither grid lies on fractions of a power of two, which a coordinate holds without rounding
        inner = Plane(plane.x, plane.y, plane.width * 0.983, plane.height * 0.983)
        self.points = _grid(Raster(*PROBES, inner))
        more = _grid(Raster(SIDE, SIDE, inner)) if program.pointwise else self.points[:0]
        self.all = np.concatenate([self.points, more])
        self.values = self._at(self.all)
        self.deviation, self.home = _deviation(self.values), home

    def _at(self, points: Array) -> Array:
        return np.asarray(choose("native").points(self.program, points, self.tap, "float64", progress=self.ask))

    def expected(self, gap: float) -> float:
        """What rounding is expected to make, as a share of the view's deviation."""
        step = NUDGE * np.spacing(np.abs(self.all).max(axis=0))
        moved = self._at(self.all + step)
        grown = _grown(self.values, moved, self.deviation)
        if not isfinite(gap):  # float32 overflows: that is no rounding
            return grown
        # what is lost in a large sum grows from no change of the coordinates; but float32 loses 2^29 times as much
        points = (
            _grid(Raster(SIDE, SIDE, self.home.plane))
            if self.program.pointwise
            else _grid(Raster(*PROBES, self.home.plane))
        )
        whole = _deviation(self._at(points))
        # of a channel that is constant in view there is no share
        times = np.divide(whole, self.deviation, out=np.zeros_like(whole), where=np.isfinite(self.deviation))
        return max(grown, gap / COARSER * float(times.max()))

    def error(self, n: int) -> float | None:
        """The largest error over the channels at a probe point, in deviations; None where it cannot be had."""
        point = Fraction(float(self.points[n, 0])), Fraction(float(self.points[n, 1]))
        return _error(self.program, (point,), self.tap, self.values[n], self.deviation, self.ask)


class _Deep:
    """A view that is drawn by differences from its centre."""

    def __init__(self, program: Program, raster: Raster, home: Raster, ask: Progress | None = None) -> None:
        self.ask = ask
        self.program, self.tap, self.raster = program, home.pitch, Raster(*PROBES, raster.plane)
        self.values = self._added(self.raster)
        self.seen = Raster(SIDE, SIDE, raster.plane) if program.pointwise else self.raster
        self.all = self._added(self.seen) if program.pointwise else self.values
        self.deviation = _deviation(self.all)

    def _added(self, raster: Raster) -> Array:
        return differences(self.program, raster, self.tap, progress=self.ask)[1].reshape(self.program.channels, -1).T

    def expected(self, gap: float) -> float:
        """As _View.expected; differences are rounded relative to themselves, and so is the view's size changed here."""
        if gap <= CALM:
            return gap / COARSER
        plane, step = self.seen.plane, 1 + NUDGE * 2.0**-52
        wider = Plane(*plane.centre, plane.width * step, plane.height * step)
        return _grown(self.all, self._added(replace(self.seen, plane=wider)), self.deviation)

    def error(self, n: int) -> float | None:
        """As _View.error, of the difference between a probe point and the centre."""
        (x, y), (across, down) = self.raster.plane.rational(), self.raster.offsets()
        row, column = divmod(n, self.raster.columns)
        point = x + Fraction(float(across[column])), y + Fraction(float(down[row]))
        return _error(self.program, (point, (x, y)), self.tap, self.values[n], self.deviation, self.ask)


def _grid(raster: Raster) -> Array:
    """(n, 2) the pixel centres."""
    across, down = np.meshgrid(raster.xs(), raster.ys())
    return np.stack([across.ravel(), down.ravel()], axis=1)


def _grown(values: Array, moved: Array, deviation: Array) -> float:
    """What a rounding has grown to, in deviations (k,), where NUDGE of them made (n, k) `moved` of `values`."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(moved - values)
        return float((apart.max(axis=0, where=np.isfinite(apart), initial=0.0) / deviation).max()) / NUDGE


def _deviation(values: Array) -> Array:
    """(k,) standard deviations of (n, k) values, of the finite ones; infinite where there is none to speak of."""
    with np.errstate(invalid="ignore", over="ignore"):
        spread = np.array([_spread(part[np.isfinite(part)]) for part in values.T])
    return np.where(spread > 0, spread, np.inf)


def _spread(values: Array) -> float:
    """Their standard deviation, of values whose squares float64 cannot hold too; 0 of none."""
    if not len(values):
        return 0.0
    power = np.frexp(np.abs(values).max())[1]
    return float(np.ldexp(np.ldexp(values, -power).std(), power))


def _error(
    program: Program,
    points: tuple[Point, ...],
    tap: tuple[float, float],
    values: Array,
    deviation: Array,
    ask: Progress | None,
) -> float | None:
    """How far `values` (k,) are from those at the first point, less those at the second where there are two."""
    if not np.isfinite(values).all():
        return None
    apart = [abs(a - b) for a, b in zip(points[0], points[-1], strict=True) if a != b]
    finest = min(apart, default=Fraction(1))
    bits = SPARE + max(0, ceil(-log2(finest)))
    before: list[Fraction] | None = None
    while bits <= MOST:
        try:
            parts = [orbit(program, point, tap, bits, ask).whole for point in points]
        except NotFiniteError:
            return None
        first, second = parts[0], parts[1] if len(parts) > 1 else (0,) * len(values)
        exact = [Fraction(a - b, 1 << bits) for a, b in zip(first, second, strict=True)]
        if before is not None and _largest(exact, before, deviation) <= AGREED:
            return _largest(exact, [Fraction(float(value)) for value in values], deviation)
        bits, before = bits + (MORE if before is None else bits // 2), exact
    return None


def _largest(one: list[Fraction], other: list[Fraction], deviation: Array) -> float:
    shares = (
        float(abs(a - b) / Fraction(float(d))) for a, b, d in zip(one, other, deviation, strict=True) if isfinite(d)
    )
    return max(shares, default=0.0)


def _affordable(program: Program, raster: Raster) -> int:
    """How many points can be computed exactly within BUDGET."""
    depth = 1 + max(0.0, -log2(min(raster.pitch))) / SPARE
    seconds = 0.0
    for operation, place in zip(program.operations, places(program), strict=True):
        if isinstance(operation, Conv):
            seconds += MULTIPLY * operation.weight.size * len(place) ** 2
        elif isinstance(operation, Activate):
            seconds += ACTIVATE * operation.channels * len(place) ** 2
    return min(PROBES[0] * PROBES[1], int(BUDGET / (2 * seconds * depth)))
