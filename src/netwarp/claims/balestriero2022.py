"""Batch normalisation moves a network's lines to the data: Balestriero and Baraniuk (2022).

"Batch Normalization Explained", arXiv:2209.14778: of all shifts of a unit's hyperplane the one that subtracting the
mean over the data gives has the least sum of squared distances to them (total least squares), in every layer and
whatever the weights. What follows is that no unit of a normalised layer is on, or off, for all the data.
"""

# U units of all layers, N data, S seeds

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import equal, judge, less
from netwarp.claims.estimates import mean, mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import interval
from netwarp.progress import Progress
from netwarp.study.seeds import over

Array = NDArray[np.float64]

WIDTH, DEPTH, DATA = 32, 3, 200
CENTRE, SPREAD = np.array([[3.0], [2.0]]), 0.5
# how near two shifts must be, in deviations of the unit over the data, to be the same: rounding of sums of 200
SAME = 1e-9


@claim(
    number=40,
    name="batch-norm-moves-lines-to-the-data",
    statement=(
        "Subtracting a unit's mean over the data puts its hyperplane where the sum of squared distances to them is "
        "least, in every layer and whatever the weights; so that every unit's line passes between the data."
    ),
    source="Balestriero and Baraniuk 2022, arXiv:2209.14778",
    basis="stated",
    setup=(
        "ReLU networks of three layers of 32 units, He's weights, on 200 points about (3, 2); the shift of least sum "
        "of squared distances by linear least squares, unit by unit; units that are on for some of the data and off "
        "for others. Beside it the same networks without normalisation, biases standard normal."
    ),
    expected=(
        "all units: the mean is the best shift to 1e-9 of a deviation, and the line passes between the data; without "
        "normalisation under half of them do"
    ),
    tolerance="none for the counts; one half is ours",
)
def batch_norm_moves_lines(quick: bool, progress: Progress) -> Finding:
    seeds = 20 if quick else 100
    found = np.array(over(_both, range(seeds), progress))
    units = WIDTH * DEPTH * seeds
    best, between, _, plain = found.T
    checks = judge(
        equal("units whose mean is the best shift", units, int(best.sum())),
        equal("units whose line passes between the data", units, int(between.sum())),
        less("share of units whose line does without normalisation", 0.5, mean_of(plain / (WIDTH * DEPTH))),
    )
    share = mean(plain / (WIDTH * DEPTH))
    plot = Plot(
        (
            Series("normalised", tuple(range(seeds)), tuple((between / (WIDTH * DEPTH)).tolist())),
            Series("not normalised", tuple(range(seeds)), tuple((plain / (WIDTH * DEPTH)).tolist())),
        ),
        "seed",
        "share of units whose line passes between the data",
    )
    return Finding(
        f"{int(best.sum()):,} of {units:,} means are the best shift, {int(between.sum()):,} lines pass between the "
        f"data; without normalisation {interval(share, 3)} of them",
        checks,
        plot,
    )


def shift(z: Array) -> Array:
    """(U, 1) what a normalised layer subtracts from (U, N) weighted sums."""
    return np.asarray(z.mean(axis=1, keepdims=True))


def _both(seed: int) -> list[int]:
    """Of a normalised network, and of the same without."""
    return [*_units(True, seed), *_units(False, seed)]


def _units(normalised: bool, seed: int) -> tuple[int, int]:
    """How many units' shift is the best, and how many are on for some of the data only."""
    random = stream(seed)
    x = CENTRE + SPREAD * random.standard_normal((2, DATA))
    best = between = 0
    for _ in range(DEPTH):
        weights = random.standard_normal((WIDTH, len(x))) * sqrt(2 / len(x))
        biases = random.standard_normal((WIDTH, 1))
        z = weights @ x
        taken = shift(z) if normalised else -biases
        length = np.linalg.norm(weights, axis=1, keepdims=True)
        # distances (z - c) / |w| are linear in c: the least squares solution, by numpy's own
        least = np.array([np.linalg.lstsq(np.ones((DATA, 1)), row, rcond=None)[0] for row in z / length]) * length
        deviation = z.std(axis=1, keepdims=True)
        # a unit that no input moves has no line
        moved = deviation > 0
        best += int((np.abs(taken - least) <= SAME * deviation).sum())
        on = (z - taken > 0).mean(axis=1, keepdims=True)
        between += int(((on > 0) & (on < 1) & moved).sum())
        z = z - taken
        x = np.maximum(z / np.where(moved, deviation, 1) if normalised else z, 0)
    return best, between
