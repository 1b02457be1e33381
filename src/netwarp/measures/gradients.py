"""How steep a function is: its total variation and its Dirichlet energy, from exact derivatives."""

# K channels

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.measure import noise
from netwarp.measures.registry import Absent, Detail, Reading, define
from netwarp.measures.slopes import Amount
from netwarp.measures.specimen import Specimen
from netwarp.plane import Raster

Array = NDArray[np.float64]


def _variation(raster: Raster) -> tuple[float, float]:
    return float(12**0.5 / raster.plane.width), float(np.sqrt(_squared_steps(raster)).mean())


def _energy(raster: Raster) -> tuple[float, float]:
    return 12 / raster.plane.width**2, float(_squared_steps(raster).mean())


@define(
    unit="standard deviations a plane unit",
    formula="mean |grad f| / std f",
    source="Rudin, Osher and Fatemi 1992, doi:10.1016/0167-2789(92)90242-F",
    needs="tangents",
    references=_variation,
    larger=True,
    page="short",
)
def total_variation(specimen: Specimen) -> Reading:
    """The mean slope of the standardised output: how far it goes up and down along a way of length 1, at its steepest.

    The mean over channels of mean |grad f| / std f, both over the plane. Of a piecewise-linear pointwise Field whose
    regions are, by count, found in about half a second, from its tessellation, free of any raster; so also with step
    activations, which have no derivative: there their jumps count by height and length. Of others from exact
    derivatives at the pixel centres, and never less than differences of neighbouring pixels prove: along every line of
    pixels a function climbs at least those. The ramp along x has sqrt(12) / width exactly. White noise has no
    derivative: its value is of differences of neighbouring pixels, and grows with the raster.

    Details: `by`, "tessellation" or "tangents"; of these `steepest`, the share that the steepest hundredth of the
    pixels holds: over a half the tail is heavy, and pixels miss most of it. The error is the standard one, at 95%, of
    what derivatives and differences differ by, and what the former are short of the latter. Errors: UnsupportedError
    for a step activation in a Field that has no tessellation; Absent where its regions are too many.
    """
    found = specimen.slopes
    return _reading(found.variation, found.by)


@define(
    unit="per square plane unit",
    formula="mean |grad f|^2 / Var f",
    source="Evans 2010, Partial Differential Equations, section 2.2.5, doi:10.1090/gsm/019 (there halved)",
    needs="tangents",
    references=_energy,
    larger=True,
)
def dirichlet_energy(specimen: Specimen) -> Reading:
    """The mean squared slope of the standardised output: (2 pi)^2 times its mean squared frequency, of a periodic one.

    The mean over channels of mean |grad f|^2 / Var f, both over the plane; not halved. Derivatives are exact, as for
    `total_variation`, and so are the ramp's 12 / width^2 and what is said there of white noise. Errors: Absent where
    the output jumps, which makes it infinite; UnsupportedError likewise where there is no tessellation to show it.
    """
    found = specimen.slopes
    if found.by == "tessellation" and not np.isfinite(found.energy.value).all():
        raise Absent("the output jumps, so that its Dirichlet energy is infinite")
    return _reading(found.energy, found.by)


def _reading(amount: Amount, by: str) -> Reading:
    """The mean over channels."""
    details: dict[str, Detail] = {"by": by}
    if by != "tessellation":
        details["steepest"] = float(np.nan_to_num(amount.steepest).mean())
    error = float(amount.error.mean())
    return Reading(float(amount.value.mean()), details, error, exact=by == "tessellation", note=amount.note)


def _squared_steps(raster: Raster) -> Array:
    """(rows - 1, columns - 1) |grad|^2 of white noise by differences of neighbouring pixels; NaN if there are none."""
    image, (across, down) = noise(raster), raster.pitch
    if min(image.shape) < 2:
        return np.array([np.nan])
    squares: Array = (np.diff(image, axis=1)[:-1] / across) ** 2 + (np.diff(image, axis=0)[:, :-1] / down) ** 2
    return squares
