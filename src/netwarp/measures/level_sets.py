"""Level sets at the median: how long the contour is, and how densely it fills the picture."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import UnsupportedError
from netwarp.measures.measure import mean_of, noise
from netwarp.measures.registry import Absent, Detail, Reading, define
from netwarp.measures.specimen import Specimen
from netwarp.plane import Raster
from netwarp.regions.tessellation import Tessellation

Array = NDArray[np.float64]
# boxes from one pixel to an eighth of the shorter side: larger ones are too few to fit a slope to
BOXES_ACROSS = 8
FEWEST_SIZES = 3


def threshold(image: Array, quantile: float = 0.5) -> float:
    """`thresholds` of one quantile, the median by default."""
    return thresholds(image, (quantile,))[0]


def thresholds(image: Array, quantiles: Sequence[float]) -> list[float]:
    """Levels with the lowest `quantile` of the pixels below each, or as near as ties allow, and no pixel on any.

    Midway between the pixel's value of that rank and the next larger one (of the largest, the next smaller one). At 0.5
    it is the median of an even number of different values. `image` is not constant.
    """
    ranks = [min(max(round(quantile * image.size) - 1, 0), image.size - 2) for quantile in quantiles]
    values = np.partition(image.ravel(), sorted({place for rank in ranks for place in (rank, rank + 1)}))
    found = []
    for rank in ranks:
        below, above = float(values[rank]), float(values[rank + 1])
        if below == above:  # ties: the next value that differs, above or else below
            larger, smaller = values[values > below], values[values < below]
            below, above = (below, float(larger.min())) if larger.size else (float(smaller.max()), below)
        found.append(_midway(below, above))
    return found


def _midway(below: float, above: float) -> float:
    """In [below, above): what is at most this is below, and what is larger is above, even of neighbouring floats."""
    middle = below + (above - below) / 2
    return middle if middle < above else below


def contour_length(image: Array, level: float, pitch: tuple[float, float]) -> float:
    """The length of the contours of (rows, columns) values at `level`, pixel centres being `pitch` (x, y) apart.

    Values are taken as linear along the lines between neighbouring centres (marching squares, by contourpy).
    """
    from contourpy import LineType, contour_generator

    rows, columns = image.shape
    lines = contour_generator(
        np.arange(columns) * pitch[0],
        np.arange(rows) * pitch[1],
        image,
        name="serial",
        line_type=LineType.ChunkCombinedNan,
    ).lines(level)
    points = lines[0][0]
    if points is None:
        return 0.0
    steps = np.diff(points, axis=0)  # NaN from one contour to the next
    return float(np.nansum(np.hypot(steps[:, 0], steps[:, 1])))


def _density(image: Array, level: float, raster: Raster) -> float:
    """The contours' length an area between the outermost pixel centres, which is all that they run in."""
    if min(image.shape) < 2:
        raise Absent(f"a raster of {raster.columns}x{raster.rows} has no contours: it needs two rows and columns")
    width, height = raster.pitch
    # in turn: the product of two small sides may be no float64
    return contour_length(image, level, raster.pitch) / (width * (raster.columns - 1)) / (height * (raster.rows - 1))


def _lengths(raster: Raster) -> tuple[float | None, float | None]:
    if min(raster.columns, raster.rows) < 2:
        return None, None
    image = noise(raster)
    return 1 / raster.plane.width, _density(image, threshold(image), raster)


@define(
    unit="per plane unit",
    formula="length of the contour {f = median f} / area",
    source="Adler and Taylor 2007, Random Fields and Geometry, doi:10.1007/978-0-387-48116-6; "
    "Azais and Wschebor 2009, Level Sets and Extrema of Random Processes and Fields, doi:10.1002/9780470434642",
    needs="raster",
    references=_lengths,
    page="list",
)
def level_set_length(specimen: Specimen) -> Reading:
    """The length of the contour at the median, in plane units, a square plane unit: how much line a map of it draws.

    The mean over channels; the median is the pixels'. Of a piecewise-linear pointwise Field whose regions are, by
    count, found in about half a second, the contour is the exact one over the whole plane (`tessellation.contour`), in
    which a crease that touches the level counts once, and so does the border of a plateau at it. Of others it is linear
    between neighbouring pixel centres and the area is that between the outermost ones: marching squares, which see a
    level only where it is crossed, and no touch. `by` among the details says which, "tessellation" or "pixels".

    The details also carry `gaussian`: what an isotropic Gaussian field of the same mean squared slope has on
    average at the same level u, exp(-u^2 / 2) sqrt(lambda2) / 2, by the Kac-Rice formula: the density of f at u times
    E |grad f|, as f and its gradient are independent at a point. lambda2 = mean |grad f|^2 / 2 is the variance of the
    derivative in one direction, as in `dirichlet_energy`; where there is none (step) it is left out. A ramp along x has
    1 / width. Errors: Absent for a raster of one row or column.
    """
    moments = _second_moments(specimen) if specimen.details else None
    cells = specimen.cells
    readings = []
    for channel, image in enumerate(specimen.samples):
        level = threshold(image)
        details: dict[str, Detail] = {"level": level, "by": "pixels" if cells is None else "tessellation"}
        if moments is not None:
            details["gaussian"] = gaussian_length(level, moments[channel])
        if cells is None:
            length = _density(image, level, specimen.raster)
        else:
            length = _exact(cells, *specimen.original(channel, level)) / float(cells.areas.sum())
        readings.append(Reading(length, details))
    return mean_of(readings)


def _exact(cells: Tessellation, channel: int, level: float) -> float:
    """The length of a channel's level set over the cells."""
    return fsum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in cells.contour(channel, level))


def gaussian_length(level: float, second_moment: float) -> float:
    """The mean length an area of the level set of an isotropic Gaussian field on the plane, of mean 0 and variance 1.

    `second_moment` is the variance of its derivative in any one direction. Kac-Rice formula: Azais and Wschebor 2009,
    doi:10.1002/9780470434642, chapter 6.
    """
    return exp(-(level**2) / 2) * sqrt(second_moment) / 2


def _second_moments(specimen: Specimen) -> list[float] | None:
    """Of every channel of the samples, None where there are no derivatives."""
    try:
        energy = specimen.slopes.energy.value
    except (UnsupportedError, Absent):
        return None
    if len(energy) != len(specimen.samples) or not np.isfinite(energy).all():
        return None
    return [float(one) / 2 for one in energy]


@define(
    unit="",
    formula="minus the slope of log N(s) over log s",
    source="Falconer 2003, Fractal Geometry, chapter 3, doi:10.1002/0470013850",
    page="list",
)
def box_dimension(image: Array) -> Reading:
    """The box-counting dimension of the contour at the median: 1 for a smooth line, 2 for one that fills the picture.

    N(s) of the boxes of s x s pixel steps hold some of the contour: four neighbouring pixels, not all on one side of
    the median. s = 1, 2, 4, .. up to an eighth of the shorter side; a least-squares line through log N over log s. The
    details carry `smallest` and `largest` box in pixels, the `residual` (root mean square, in powers of two) and the
    slopes from size to size as `slopes`: where these fall towards small boxes the contour is smooth and merely dense,
    and the dimension is that of the range of scales. Errors: Absent for a picture under 32 pixels wide or high.
    """
    largest = min(image.shape) // BOXES_ACROSS
    sizes = [1 << power for power in range(largest.bit_length())]
    if len(sizes) < FEWEST_SIZES:
        rows, columns = image.shape
        raise Absent(
            f"{columns}x{rows} pixels are too few to fit a dimension to: it needs {BOXES_ACROSS << 2} each way"
        )
    above = image > threshold(image)
    crossed = above[:-1, :-1] ^ above[1:, 1:]
    crossed |= above[:-1, 1:] ^ above[1:, :-1]
    crossed |= above[:-1, :-1] ^ above[:-1, 1:]
    logs = np.log2([float(count) for count in _box_counts(crossed, len(sizes))])
    powers = np.arange(len(sizes), dtype=np.float64)
    slope, start = np.polyfit(powers, logs, 1)
    details: dict[str, Detail] = {
        "smallest": 1.0,
        "largest": float(sizes[-1]),
        "residual": float(np.sqrt(np.mean((logs - start - slope * powers) ** 2))),
        "slopes": tuple((-np.diff(logs)).tolist()),
    }
    return Reading(-float(slope), details)


def _box_counts(crossed: NDArray[np.bool_], sizes: int) -> list[int]:
    """How many boxes of 1, 2, 4, .. a side hold something."""
    counts = [int(np.count_nonzero(crossed))]
    for _ in range(sizes - 1):
        rows, columns = crossed.shape
        crossed = np.pad(crossed, ((0, rows % 2), (0, columns % 2)))
        crossed = crossed[::2, ::2] | crossed[1::2, ::2] | crossed[::2, 1::2] | crossed[1::2, 1::2]
        counts.append(int(np.count_nonzero(crossed)))
    return counts
