"""How the gradient and the size of the activations change from layer to layer."""

# S stages

from __future__ import annotations

from math import exp, log

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Conv
from netwarp.architecture.specs import Spatial
from netwarp.architecture.walk import steps
from netwarp.errors import InputError, UnsupportedError
from netwarp.measures.registry import Reading, define
from netwarp.measures.specimen import Specimen
from netwarp.measures.stages import CONSTANT, Stages, stages
from netwarp.plane import Raster
from netwarp.theory import growth

Array = NDArray[np.float64]


def _no_growth(_raster: Raster) -> tuple[float | None, float | None]:
    return 1.0, None


def _no_range(_raster: Raster) -> tuple[float | None, float | None]:
    return 0.0, None


@define(
    unit="factor a layer",
    needs="layers",
    formula="(D_last / D_first)^(1 / (layers - 1)), D_l = mean |dh_l/dx|_F^2 / sum over channels of Var h_l",
    source="Yang, Pennington, Rao, Sohl-Dickstein, Schoenholz 2019, arXiv:1902.08129; Poole et al. 2016, "
    "arXiv:1606.05340 (chi_1)",
    references=_no_growth,
)
def jacobian_growth(specimen: Specimen) -> Reading:
    """How much steeper each layer makes the function: the factor a layer of its squared gradient over its variance.

    D_l is the mean over the plane of the squared Frobenius norm of layer l's derivative with respect to the point, over
    the sum of its channels' variances over the plane: no scaling of a layer changes it. The value is the geometric mean
    of D_{l + 1} / D_l. A block of branches counts as one layer. On 64x64 points, fewer for kernels and wide networks,
    at least 12x12.

    Details: `steepness`, D_l at `layers` (1 / plane unit^2); `fit_factor` and `fit_residual` (in log10) of an
    exponential through all of them. For a sequence of layers with spatial norm `theory`, the closed form's geometric
    mean over the second layer and those after it (theory.growth), which holds for wide layers over independent points.
    """
    found = stages(specimen.field)
    plane = specimen.raster.plane
    spread = found.positive(_variances(found, specimen), "on this plane")
    energy = [float((slopes**2).sum(axis=(0, 1)).mean()) for slopes in found.slopes(plane)]
    steepness = found.positive(np.array(energy) / spread, "on this plane")
    fit_factor, fit_residual = found.fit(steepness)
    details: dict[str, float | tuple[float, ...]] = {
        "layers": tuple(float(layer) for layer in found.layers),
        "steepness": tuple(steepness.tolist()),
        "fit_factor": fit_factor,
        "fit_residual": fit_residual,
    }
    theory = closed_form(specimen.field.network.architecture)
    if theory is not None:
        details["theory"] = theory
    return Reading(found.factor(steepness), details)


@define(
    name="range",
    unit="decades",
    needs="layers",
    formula="max - min over layers of log10 s_l, s_l^2 = mean over channels of Var h_l",
    source="what normalising is for: Ioffe, Szegedy 2015, arXiv:1502.03167",
    references=_no_range,
)
def activation_range(specimen: Specimen) -> Reading:
    """Over how many powers of ten the layers' standard deviations spread: the largest log10 less the smallest.

    A layer's standard deviation is the root of the mean over its channels of the variance over the plane. The span
    rather than the slope, because it is 0 where all layers have one size and grows whether they swell or fade; the sign
    is the slope's, among the details. A block of branches counts as one layer.

    Details: `log10_std` and `log10_rms` (the root mean square, which keeps what is the same over the plane) at
    `layers`; `slope` (decades a layer) and `residual` (decades) of a straight line through `log10_std`.
    """
    found = stages(specimen.field)
    values = found.over(specimen.raster.plane)
    per_channel = np.array([part.shape[0] for part in values])
    spread = found.positive(_variances(found, specimen, values), "on this plane")
    logs = 0.5 * np.log10(spread / per_channel)
    squares = [float((part**2).mean()) for part in values]
    factor, residual = found.fit(10.0**logs)
    return Reading(
        float(logs.max() - logs.min()),
        {
            "layers": tuple(float(layer) for layer in found.layers),
            "log10_std": tuple(logs.tolist()),
            "log10_rms": tuple((0.5 * np.log10(squares)).tolist()),
            "slope": log(factor) / log(10),
            "residual": residual,
        },
    )


def closed_form(architecture: Architecture | None) -> float | None:
    """The geometric mean of theory.growth's factor over the second layer and the later ones; None where there is none.

    There is one for a sequence of two or more convolutions, each with spatial norm and an activation with a derivative.
    """
    if architecture is None:
        return None
    logs = []
    for step in steps(architecture):
        if step.path == "readout":
            continue
        if not isinstance(step.layer, Conv) or "." in step.path:
            return None
        norm = architecture.norm_of(step.layer)
        if not isinstance(norm, Spatial):
            return None
        try:
            logs.append(log(growth.factor(architecture.act_of(step.layer), norm.scale, norm.shift)))
        except (InputError, UnsupportedError):
            return None
    return exp(sum(logs[1:]) / (len(logs) - 1)) if len(logs) > 1 else None


def _variances(found: Stages, specimen: Specimen, values: list[Array] | None = None) -> Array:
    """(S,) the sum over each stage's channels of the variance over the plane; 0 where it is only rounding."""
    sums = []
    for part in found.over(specimen.raster.plane) if values is None else values:
        deviation = part.std(axis=(1, 2))
        varies = deviation > CONSTANT * np.abs(part).max(axis=(1, 2))
        sums.append(float((deviation[varies] ** 2).sum()))
    return np.array(sums)
