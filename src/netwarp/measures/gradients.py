"""How steep a function is: its total variation and its Dirichlet energy, from exact derivatives."""

# K channels

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.work import flops
from netwarp.errors import UnsupportedError
from netwarp.measures.measure import noise
from netwarp.measures.registry import Absent, Reading, define
from netwarp.measures.specimen import Specimen
from netwarp.network.program import Activate
from netwarp.plane import Raster
from netwarp.regions.drawing import effort

Array = NDArray[np.float64]
# a value and its two derivatives
PARTS = 3


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
)
def total_variation(specimen: Specimen) -> Reading:
    """The mean slope of the standardised output: how far it goes up and down along a way of length 1, at its steepest.

    The mean over channels of mean |grad f| / std f, both over the plane. From exact derivatives at the pixel centres;
    of a piecewise-linear pointwise Field whose regions are, by count, found as cheaply, from its tessellation, free of
    any raster; so also with step activations, which have no derivative: there their jumps count by height and length.
    `by` among the details says which. The ramp along x has sqrt(12) / width exactly. White noise has no derivative: its
    value is of differences of neighbouring pixels, and grows with the raster. Errors: UnsupportedError for a step
    activation in a Field that has no tessellation; Absent where its regions are too many.
    """
    exact = _exact(specimen)
    if exact is not None:
        return Reading(float(exact[0].mean()), {"by": "tessellation"})
    gradients = specimen.gradients
    return Reading(float(np.hypot(gradients[:, 0], gradients[:, 1]).mean()), {"by": "tangents"})


@define(
    unit="per square plane unit",
    formula="mean |grad f|^2 / Var f",
    source="Evans 2010, Partial Differential Equations, section 2.2.5, doi:10.1090/gsm/019 (there halved)",
    needs="tangents",
    references=_energy,
)
def dirichlet_energy(specimen: Specimen) -> Reading:
    """The mean squared slope of the standardised output: (2 pi)^2 times its mean squared frequency, of a periodic one.

    The mean over channels of mean |grad f|^2 / Var f, both over the plane; not halved. Derivatives are exact, as for
    `total_variation`, and so are the ramp's 12 / width^2 and what is said there of white noise. Errors: Absent where
    the output jumps, which makes it infinite; UnsupportedError likewise where there is no tessellation to show it.
    """
    exact = _exact(specimen)
    if exact is None:
        gradients = specimen.gradients
        squares = np.einsum("kdrc,kdrc->k", gradients, gradients) / specimen.raster.pixels
        return Reading(float(squares.mean()), {"by": "tangents"})
    if not np.isfinite(exact[1]).all():
        raise Absent("the output jumps, so that its Dirichlet energy is infinite")
    return Reading(float(exact[1].mean()), {"by": "tessellation"})


def _exact(specimen: Specimen) -> tuple[Array, Array] | None:
    """(K,) total variation and (K,) Dirichlet energy from the tessellation; None where the tangents are the way."""
    field = specimen.field
    smooth = not any(isinstance(one, Activate) and one.name == "step" for one in field.program.operations)
    try:
        regions, each = effort(field, specimen.raster.plane)
    except UnsupportedError:
        return None
    if smooth and regions * each > PARTS * flops(field.program) * specimen.raster.pixels:
        return None
    try:
        found = specimen.tessellation.integrate()
    except Absent:
        if smooth:
            return None
        raise
    vary = [k for k in range(field.channels) if k not in specimen.constant]
    variance = found.variance[vary]
    return found.total_variation[vary] / np.sqrt(variance), found.dirichlet_energy[vary] / variance


def _squared_steps(raster: Raster) -> Array:
    """(rows - 1, columns - 1) |grad|^2 of white noise by differences of neighbouring pixels; NaN if there are none."""
    image, (across, down) = noise(raster), raster.pitch
    if min(image.shape) < 2:
        return np.array([np.nan])
    squares: Array = (np.diff(image, axis=1)[:-1] / across) ** 2 + (np.diff(image, axis=0)[:, :-1] / down) ** 2
    return squares
