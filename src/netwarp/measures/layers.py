"""How the gradient and the size of the activations change from layer to layer."""

# S stages

from __future__ import annotations

from math import exp, log, log10

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Conv
from netwarp.architecture.specs import Spatial
from netwarp.architecture.walk import steps
from netwarp.errors import InputError, UnsupportedError
from netwarp.measures.registry import Reading, constant, define
from netwarp.measures.scale import brought, exponent
from netwarp.measures.slopes import energy_of, energy_value
from netwarp.measures.specimen import Specimen
from netwarp.measures.stages import CONSTANT, stages
from netwarp.theory import growth

Array = NDArray[np.float64]


@define(
    unit="factor a layer",
    needs="layers",
    formula="(D_last / D_first)^(1 / (layers - 1)), D_l = mean |dh_l/dx|_F^2 / sum over channels of Var h_l",
    source="Yang, Pennington, Rao, Sohl-Dickstein, Schoenholz 2019, arXiv:1902.08129; Poole et al. 2016, "
    "arXiv:1606.05340 (chi_1)",
    references=constant(1.0),
    larger=True,
    page="list",
)
def jacobian_growth(specimen: Specimen) -> Reading:
    """How much steeper each layer makes the function: the factor a layer of its squared gradient over its variance.

    D_l is the mean over the plane of the squared Frobenius norm of layer l's derivative with respect to the point, over
    the sum of its channels' variances over the plane: no scaling of a layer changes it. The value is the geometric mean
    of D_{l + 1} / D_l. A block of branches counts as one layer. Derivatives are those at 64x64 points, of kernels and
    wide networks at fewer, at least 12x12, and no layer has less than differences of neighbouring points prove.

    Details: `steepness`, D_l at `layers` (1 / plane unit^2); `fit_factor` and `fit_residual` (in log10) of an
    exponential through all of them. For a sequence of layers with spatial norm `theory`, the closed form's geometric
    mean over the second layer and those after it (theory.growth), which holds for wide layers over independent points.
    """
    found = stages(specimen.field)
    plane = specimen.raster.plane
    values, slopes = found.with_slopes(plane)
    powers, parts = _near_one(values)
    spread = found.positive(_variances(parts), "on this plane")
    # steps near 1 long, so that squares of slopes on small planes stay within float64; growth has no unit of length
    pitch = np.array(found.coarse(plane).pitch)
    unit = exponent(pitch)
    near = np.ldexp(pitch, -unit)

    def scaled(n: int) -> tuple[Array, Array, Array]:
        return parts[n], brought(slopes[n], int(unit - powers[n])), near

    # what there is to say is said of the two that the value is of
    first, last = (energy_of(*scaled(n)) for n in (0, -1))
    between = [energy_value(*scaled(n)) for n in range(1, len(parts) - 1)]
    energies = np.array([first.value[0], *between, last.value[0]])
    steepness = found.positive(energies / spread, "on this plane")
    fit_factor, fit_residual = found.fit(steepness)
    with np.errstate(over="ignore"):
        in_plane_units = np.ldexp(steepness, -2 * unit)
    details: dict[str, float | tuple[float, ...]] = {
        "layers": tuple(float(layer) for layer in found.layers),
        "steepness": tuple(in_plane_units.tolist()),
        "fit_factor": fit_factor,
        "fit_residual": fit_residual,
    }
    theory = closed_form(specimen.field.network.architecture)
    if theory is not None:
        details["theory"] = theory
    note = last.note or first.note
    return Reading(found.factor(steepness), details, note=note)


@define(
    name="range",
    unit="decades",
    needs="layers",
    formula="max - min over layers of log10 s_l, s_l^2 = mean over channels of Var h_l",
    source="what normalising is for: Ioffe, Szegedy 2015, arXiv:1502.03167",
    references=constant(0.0),
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
    centres, values = found.over(specimen.raster.plane)
    per_channel = np.array([part.shape[0] for part in values])
    powers, parts = _near_one(values)
    spread = found.positive(_variances(parts), "on this plane")
    logs = 0.5 * np.log10(spread / per_channel) + powers * log10(2)
    sizes = [log10_rms(part + centre[:, None, None]) for centre, part in zip(centres, values, strict=True)]
    slope, start = np.polyfit(found.numbers, logs, 1)
    residual = float(np.std(logs - start - slope * np.array(found.numbers)))
    return Reading(
        float(logs.max() - logs.min()),
        {
            "layers": tuple(float(layer) for layer in found.layers),
            "log10_std": tuple(logs.tolist()),
            "log10_rms": tuple(sizes),
            "slope": float(slope),
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


def log10_rms(values: Array) -> float:
    """log10 of the root mean square, of values of any size."""
    power = exponent(values)
    return 0.5 * log10(float((brought(values, -power) ** 2).mean())) + power * log10(2)


def _near_one(values: list[Array]) -> tuple[NDArray[np.intp], list[Array]]:
    """(S,) a power e of two for each stage, and its values / 2^e, of which the largest is near 1."""
    powers = [exponent(part) for part in values]
    return np.array(powers), [brought(part, -power) for part, power in zip(values, powers, strict=True)]


def _variances(parts: list[Array]) -> Array:
    """(S,) the sum over the channels of each stage of the variance over the plane; 0 where it is only rounding."""
    sums = []
    for part in parts:
        deviation = part.std(axis=(1, 2))
        varies = deviation > CONSTANT * np.abs(part).max(axis=(1, 2))
        sums.append(float((deviation[varies] ** 2).sum()))
    return np.array(sums)
