"""Random multilayer perceptrons on a square grid, under two priors, and their mean frequency over seeds.

Of two inputs and one output. A prior is uniform: by the paper's own (Teney et al. 2024) every weight and bias is
uniform(-A, A), whatever the number of inputs; by fan-in weights are uniform(-a, a) sqrt(3 / inputs), so that at a = 1
inputs of variance 1 give every unit variance 1 at any width, and biases uniform(-a, a). The read-out's too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.claims.estimates import ratio_of
from netwarp.claims.registry import Plot
from netwarp.claims.words import interval, points
from netwarp.measures.intervals import LEVEL, median
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.study.ensemble import ensembles

Values = NDArray[np.float64]

GRID = Raster(64, 64, Plane(width=2.0, height=2.0))
WIDTH, DEPTH = 64, 3


@dataclass(frozen=True, slots=True)
class Prior:
    """How weights are drawn, its magnitudes, and two of them (`few`) at which structures are compared."""

    name: str
    letter: str
    fan_in: bool
    magnitudes: tuple[float, ...]
    few: tuple[float, float]

    def at(self, magnitude: float) -> str:
        """ "A = 10"."""
        return f"{self.letter} = {magnitude:g}"


OWN = Prior("own prior", "A", False, (0.1, 1, 10, 100), (0.5, 2))
FAN_IN = Prior("by fan-in", "a", True, (1, 2, 4, 8), (2, 8))
PRIORS = (OWN, FAN_IN)


def mlp(
    prior: Prior,
    act: str,
    magnitude: float,
    *,
    depth: int = DEPTH,
    width: int = WIDTH,
    layer: str = "{}",
    norm: str = "none",
    biases: float | None = None,
) -> Architecture:
    """A perceptron of `depth` hidden layers of `width` units, each written into `layer`.

    residual(...) takes the place of a layer that has as many inputs as outputs only, so not of the first.
    `biases` are uniform(-biases, biases), by default of the weights' magnitude.
    """
    reach = float(magnitude if biases is None else biases)

    def drawn(inputs: int) -> str:
        weights = magnitude * sqrt(3 / inputs) if prior.fan_in else float(magnitude)
        return f"uniform({weights!r}, bias=uniform({-reach!r}, {reach!r}))"

    bias = "" if norm == "none" else ", bias=True"
    first = f'conv({width}{bias}, init="{drawn(2)}")'
    if not layer.startswith("residual"):
        first = layer.format(first)
    rest = f" >> {layer.format(f'conv({width}{bias})')} * {depth - 1}" if depth > 1 else ""
    return parse(first + rest, act=act, norm=norm, init=drawn(width), out=1)


# a prior, the name of a kind of network, and what is varied
Key = tuple[Prior, str, float]
Table = dict[Key, Values]


def frequencies(
    keys: Iterable[Key], network: Callable[[Prior, str, float], Architecture], seeds: range, progress: Progress
) -> Table:
    """The mean frequencies over seeds, (S,), of `network(prior, name, x)`, by what it was asked for."""
    wanted = list(keys)
    networks = [network(*key) for key in wanted]
    found = ensembles(networks, ["mean_frequency"], seeds=seeds, raster=GRID, calibration=GRID, progress=progress)
    return {key: one.values("mean_frequency") for key, one in zip(wanted, found, strict=True)}


def plot(found: Table, label: str) -> Plot:
    """The medians over what is varied, a series each kind of network under each prior."""
    kinds = dict.fromkeys((prior, name) for prior, name, _ in found)
    series = []
    for prior, name in kinds:
        across = [x for one, other, x in found if (one, other) == (prior, name)]
        series.append(points(f"{word(name)}, {prior.name}", across, [median(found[prior, name, x]) for x in across]))
    return Plot(tuple(series), label, "mean frequency, cycles a picture", x_log=True, y_log=True)


def ratios(found: Table, pairs: Sequence[tuple[str, Key, Key]]) -> str:
    """ "ReLU 1.1 (1.0 to 1.2), ..": of each (name, below, above) the ratio of means with its interval."""
    return ", ".join(
        f"{word(name)} {interval(ratio_of(found[below], found[above])(LEVEL), 3)}" for name, below, above in pairs
    )


def word(kind: str) -> str:
    """An activation's name as it is written in text: "sin, gated" is "sine, gated"."""
    act, comma, rest = kind.partition(",")
    return {"relu": "ReLU", "sin": "sine"}.get(act, act) + comma + rest
