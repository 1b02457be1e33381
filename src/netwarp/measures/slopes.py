"""How steep the channels of a standardised function are, of its cells or of its pixels, and how far off that may be.

Derivatives at pixel centres miss what is narrower than a pixel: of a deep narrow network they may fall on plateaus
only, beside cliffs that the values show. What a value rises between two neighbouring centres it must have climbed in
between: along each line the mean slope is at least |difference| / distance, and the mean squared slope at least its
square (Jensen). These means over lines stand beside the derivatives' and the larger of both is taken.
"""

# K channels, R rows, C columns, n pixels

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.scale import brought, exponent, exponents
from netwarp.regions.cells.integrals import Integrals, integrate
from netwarp.regions.tessellation import Tessellation

Array = NDArray[np.float64]

# powers of two of values whose squares, and whose slopes' squares on small planes, float64 holds
MODERATE = 200
# standard errors to either side of a mean: 95%
SPREAD = 1.96
# the share of the pixels, the steepest, that a heavy tail is told by, and the share of the whole that makes it heavy
STEEPEST, HEAVY = 0.01, 0.5
# cells whose coefficients leave a larger share of an integral in doubt are not taken
FAITHFUL = 0.01
LOW = "a lower bound: neighbouring pixels differ by more than the derivatives at their centres explain"
TAIL = "heavy-tailed: the steepest hundredth of the pixels holds over half of it, and what is between them is missed"


@dataclass(frozen=True)
class Amount:
    """A mean over the plane of every channel, (K,): its value, what it may be off by, and what there is to say of it.

    `steepest` is the share that the steepest hundredth of the pixels holds, NaN where it is of no pixels. `low` is
    where differences of neighbouring pixels prove more than derivatives at their centres show.
    """

    value: Array
    error: Array
    steepest: Array
    low: NDArray[np.bool_]

    def times(self, power: int) -> Amount:
        """2^power times as much: infinite where that is beyond float64."""
        with np.errstate(over="ignore"):
            return replace(self, value=np.ldexp(self.value, power), error=np.ldexp(self.error, power))

    @property
    def note(self) -> str:
        """LOW, TAIL or nothing."""
        if self.low.any():
            return LOW
        return TAIL if (self.steepest > HEAVY).any() else ""


@dataclass(frozen=True)
class Slopes:
    """Of the channels that vary, each of variance 1: mean |grad f| and mean |grad f|^2 over the plane.

    `by` is "tessellation", of exact cells, or "tangents", of derivatives and differences at pixels.
    """

    variation: Amount
    energy: Amount
    by: str


def by_cells(cells: Tessellation) -> Slopes | None:
    """From the affine maps of the cells; None where rounding leaves their integrals in doubt. May be of no channel."""
    powers = exponents(cells.affine, (0, 2))
    scaled = replace(cells, affine=brought(cells.affine, -powers[None, :, None]), errors=cells.errors)
    whole = _integrals(cells, scaled, powers)
    area = cells.areas / cells.areas.sum()
    corner = np.abs(cells.vertices).max(axis=0)
    slope = np.hypot(scaled.affine[:, :, 0], scaled.affine[:, :, 1])
    # (C, K) what a cell's slope, and a value on it, may be off by
    of_slope = np.ldexp(np.hypot(cells.errors[:, 0], cells.errors[:, 1])[:, None], -powers[None])
    of_value = np.ldexp((cells.errors @ [corner[0], corner[1], 1.0])[:, None], -powers[None])
    of_value = of_value + 2.0**-52 * (np.abs(scaled.affine) @ [corner[0], corner[1], 1.0])
    lost = area @ of_slope
    vary = whole.total_variation > lost + 2.0**-52 * (area @ slope)
    deviation = np.sqrt(whole.variance[vary])
    if (deviation == 0).any():
        return None
    doubt = (area @ of_value)[vary] / deviation
    with np.errstate(over="ignore"):  # of a plane under 1e-154 wide it is beyond float64
        energy = whole.dirichlet_energy[vary] / deviation / deviation
    variation = whole.total_variation[vary] / deviation
    apart = lost[vary] / deviation + doubt * variation
    with np.errstate(over="ignore"):
        twice = (area @ (of_slope * (2 * slope + of_slope)))[vary] / deviation / deviation
    twice = np.where(np.isfinite(energy), twice + 2 * doubt * np.where(np.isfinite(energy), energy, 0), np.inf)
    if (doubt > FAITHFUL).any() or (apart > FAITHFUL * variation).any():
        return None
    none = np.full(len(deviation), np.nan)
    never = np.zeros(len(deviation), dtype=bool)
    return Slopes(
        Amount(variation, apart, none, never),
        Amount(energy, twice, none, never),
        "tessellation",
    )


def _integrals(cells: Tessellation, scaled: Tessellation, powers: NDArray[np.int64]) -> Integrals:
    """Those of `scaled`, whose channels are 2^-powers times the cells' own.

    The cells' own, where their squares stay within float64: what is narrow is then integrated from the network's own
    whole numbers, which `scaled` no longer is of.
    """
    if np.abs(powers).max(initial=0) > MODERATE:
        return integrate(scaled)
    found = cells.integrate()
    return Integrals(
        np.ldexp(found.mean, -powers),
        np.ldexp(found.variance, -2 * powers),
        np.ldexp(found.total_variation, -powers),
        np.ldexp(found.dirichlet_energy, -2 * powers),
        found.rounding,
    )


def by_pixels(values: Array, gradients: Array, pitch: tuple[float, float]) -> Slopes:
    """From (K, R, C) values, mean 0 and variance 1, and (K, 2, R, C) their derivatives; R, C >= 2."""
    # a step of some length near 1 a unit, so that the squares of slopes on small planes stay within float64
    power = exponent(np.array(pitch))
    step_x, step_y = np.ldexp(pitch, -power)
    across = np.abs(np.diff(values, axis=2)) / step_x
    down = np.abs(np.diff(values, axis=1)) / step_y
    slopes = brought(gradients, power)
    steep = np.hypot(slopes[:, 0], slopes[:, 1])
    # (K, R - 1, C - 1) of the squares between four centres: the mean over its sides, whose directions are two
    climbed = np.hypot((across[:, :-1] + across[:, 1:]) / 2, (down[:, :, :-1] + down[:, :, 1:]) / 2)
    squared = ((across[:, :-1] ** 2 + across[:, 1:] ** 2) + (down[:, :, :-1] ** 2 + down[:, :, 1:] ** 2)) / 2
    pixels = values[0].size
    bounds = climbed.sum(axis=(1, 2)) / pixels, ((across**2).sum(axis=(1, 2)) + (down**2).sum(axis=(1, 2))) / pixels
    variation, energy = _larger(steep, climbed, bounds[0]), _larger(steep**2, squared, bounds[1])
    return Slopes(variation.times(-power), energy.times(-2 * power), "tangents")


def energy_of(values: Array, gradients: Array, pitch: Array) -> Amount:
    """(1,) the mean over the plane of the squared Frobenius norm of the derivative of (K, R, C) values.

    As `by_pixels`, of all channels together and of values of any variance.
    """
    steep, across, down = _squares(values, gradients, pitch)
    squared = (across[:-1] + across[1:] + down[:, :-1] + down[:, 1:]) / 2
    bound = np.array([(across.sum() + down.sum()) / values[0].size])
    return _larger(steep[None], squared[None], bound)


def energy_value(values: Array, gradients: Array, pitch: Array) -> float:
    """The value of `energy_of`, without its error."""
    steep, across, down = _squares(values, gradients, pitch)
    return float(max(steep.mean(), (across.sum() + down.sum()) / values[0].size))


def _squares(values: Array, gradients: Array, pitch: Array) -> tuple[Array, Array, Array]:
    """Summed over channels: (R, C) of the derivatives, (R, C - 1) and (R - 1, C) of differences along x and along y."""
    across, down = np.diff(values, axis=2) / pitch[0], np.diff(values, axis=1) / pitch[1]
    steep: Array = np.einsum("kdij,kdij->ij", gradients, gradients)
    return steep, *(np.einsum("kij,kij->ij", one, one) for one in (across, down))


def _larger(steep: Array, climbed: Array, bound: Array) -> Amount:
    """Of (K, R, C) by derivatives and (K, R - 1, C - 1) by differences, whose mean over the plane is at least `bound`.

    The error is the standard one of the mean of what the two differ by, which is next to nothing where the raster
    resolves the function, and how far the derivatives are below what is proven.
    """
    mean = steep.mean(axis=(1, 2))
    value = np.maximum(mean, bound)
    apart = (steep[:, :-1, :-1] - climbed).std(axis=(1, 2)) / np.sqrt(climbed[0].size)
    flat = steep.reshape(len(steep), -1)
    few = max(1, round(STEEPEST * flat.shape[1]))
    most = np.partition(flat, -few, axis=1)[:, -few:].sum(axis=1)
    share = np.divide(most, flat.sum(axis=1), out=np.full(len(most), np.nan), where=mean > 0)
    short = np.maximum(bound - mean, 0)
    return Amount(value, SPREAD * apart + short, share, short > FAITHFUL * value)
