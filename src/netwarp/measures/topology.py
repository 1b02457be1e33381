"""The shape of sublevel sets: their components and holes, and how long these live as the level rises."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.level_sets import thresholds
from netwarp.measures.registry import Absent, Detail, Reading, define

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

QUANTILES = (0.25, 0.5, 0.75)
TOUCHING = np.ones((3, 3), dtype=bool)  # pixels that share a corner


def betti_0(below: Mask) -> int:
    """The connected components of a set of closed pixels, (rows, columns): a common corner connects (8 neighbours)."""
    from scipy.ndimage import label

    return int(label(below, TOUCHING)[1])


def betti_1(below: Mask) -> int:
    """The holes of a set of closed pixels, (rows, columns): components of what is left, 4 neighbours, off the border.

    The dual of `betti_0`: where a corner connects the set, it does not connect what is outside.
    """
    from scipy.ndimage import label

    labels, count = label(~below)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return int(count) - int(np.count_nonzero(np.unique(edges)))


@define(
    unit="components",
    formula="mean over the quartiles q of b_0({f <= q})",
    source="Bianchini and Scarselli 2014, doi:10.1109/TNNLS.2013.2293637",
    page="list",
)
def components(image: Array) -> Reading:
    """How many pieces the sublevel sets have: Betti number 0, the mean over the levels at the three quartiles.

    A sublevel set is the union of the closed pixels of at most the level, so that a common corner connects two of them
    (8 neighbours). The details carry the counts at the lower quartile, the median and the upper quartile as `counts`.
    A ramp has 1.
    """
    return _over_quartiles([betti_0(image <= level) for level in thresholds(image, QUANTILES)])


@define(
    unit="holes",
    formula="mean over the quartiles q of b_1({f <= q})",
    source="Bianchini and Scarselli 2014, doi:10.1109/TNNLS.2013.2293637",
    page="list",
)
def holes(image: Array) -> Reading:
    """How many holes the sublevel sets have: Betti number 1, the mean over the levels at the three quartiles.

    A hole is a piece of the complement, connected over common sides only (4 neighbours, dual to `components`), that
    does not reach the border of the picture. `counts` as there. A ramp has none.
    """
    return _over_quartiles([betti_1(image <= level) for level in thresholds(image, QUANTILES)])


def _over_quartiles(counts: list[int]) -> Reading:
    return Reading(float(np.mean(counts)), {"counts": tuple(float(count) for count in counts)})


@define(
    unit="standard deviations",
    formula="sum over finite bars of death - birth",
    source="Cohen-Steiner, Edelsbrunner, Harer and Mileyko 2010, doi:10.1007/s10208-010-9060-6 (degree 1)",
    extra="measures",
)
def persistence(image: Array) -> Reading:
    """The total persistence of the sublevel sets: the summed lives, death less birth, of all components and holes.

    Of the cubical complex whose squares are the pixels (as in `components`), computed by gudhi, on the standardised
    picture; the one component that never dies is left out, so that a ramp has 0. The details carry the sum of either
    dimension as `of_components` and `of_holes`, and the `bars`. Errors: Absent where gudhi is not installed.
    """
    try:
        from gudhi import CubicalComplex
    except ImportError:
        raise Absent("needs the extra: pip install 'netwarp[measures]'") from None
    complex_of = CubicalComplex(top_dimensional_cells=image)
    complex_of.compute_persistence()
    sums, bars = [], 0
    for dimension in (0, 1):
        ends = complex_of.persistence_intervals_in_dimension(dimension).reshape(-1, 2)
        lives = (ends[:, 1] - ends[:, 0])[np.isfinite(ends[:, 1])]
        sums.append(float(lives.sum()))
        bars += len(lives)
    details: dict[str, Detail] = {"of_components": sums[0], "of_holes": sums[1], "bars": float(bars)}
    return Reading(sum(sums), details)
