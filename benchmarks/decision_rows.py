"""Decisions: exact cells, boundary and filled picture beside scikit-learn's display of a grid of samples."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from time import perf_counter, process_time
from typing import Any

import netwarp as nw
from benchmarks.tables import table
from benchmarks.timing import Run, say

Found = dict[str, Any]
GRID = 500  # samples along each side of the display
REPEATS = 11


@dataclass(frozen=True)
class DecisionRow:
    """A perceptron of scikit-learn, `depth` layers of `width` units, trained on two moons of 500 points."""

    depth: int
    width: int
    share: float  # of the display's time, at most

    @property
    def name(self) -> str:
        return f"decision-moons-{self.depth}x{self.width}"


ROWS = (DecisionRow(4, 64, 0.1),)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], quick: bool) -> list[Found]:
    """The rows named: medians of seconds and of processor seconds of both, in turn."""
    found: list[Found] = []
    for row in ROWS:
        if row.name in wanted:
            say(row.name)
            if not find_spec("sklearn"):
                found.append({"name": row.name, "absent": "scikit-learn is not installed"})
                continue
            runs, cells = _contestants(row)
            found.append({"name": row.name, "cells": cells, **_timed(runs, 3 if quick else REPEATS)})
    return found


def _contestants(row: DecisionRow) -> tuple[dict[str, Run], int]:
    """Who takes part, each from the trained model to pixels; and how many cells there are."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from sklearn.datasets import make_moons
    from sklearn.inspection import DecisionBoundaryDisplay
    from sklearn.neural_network import MLPClassifier

    X, y = make_moons(500, noise=0.2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 300 rounds are too few to converge does not matter here
        model = MLPClassifier((row.width,) * row.depth, max_iter=300, random_state=0).fit(X, y)
    field = nw.sklearn.from_estimator(model).calibrate()

    def ours() -> None:
        nw.decision(field, X=X, y=y, size=(GRID, GRID)).paint()

    def theirs() -> None:
        figure = Figure()
        ax = figure.subplots()
        DecisionBoundaryDisplay.from_estimator(model, X, grid_resolution=GRID, ax=ax)
        ax.scatter(*X.T, c=y)
        FigureCanvasAgg(figure).draw()

    cells = nw.decision(field, X=X, y=y, size=(GRID, GRID)).ground.cells
    return {"netwarp": ours, "DecisionBoundaryDisplay": theirs}, len(cells)


def _timed(runs: dict[str, Run], repeats: int) -> Found:
    clocks: dict[str, Callable[[], float]] = {"s": perf_counter, "cpu s": process_time}
    times: dict[str, dict[str, list[float]]] = {clock: {name: [] for name in runs} for clock in clocks}
    for work in runs.values():
        work()
    for _ in range(repeats):
        for name, work in runs.items():
            before = {clock: read() for clock, read in clocks.items()}
            work()
            for clock, read in clocks.items():
                times[clock][name].append(read() - before[clock])
    return {clock: {name: median(took) for name, took in found.items()} for clock, found in times.items()}


def tables(found: list[Found]) -> str:
    rows = {row.name: row for row in ROWS}
    told = f"netwarp has exact cells, areas and boundary, the display {GRID * GRID:,} samples"
    heads = ["row", "cells", "netwarp, s", "display, s", "share", "processor time: netwarp, s", "display, s", "share"]
    cells = []
    for one in found:
        row = rows[one["name"]]
        if "absent" in one:
            cells.append([row.name, one["absent"], *[""] * 7])
            continue
        parts = []
        for clock in ("s", "cpu s"):
            ours, theirs = one[clock].values()
            parts += [f"{ours:.3g}", f"{theirs:.3g}", f"{ours / theirs:.3g}"]
        cells.append([row.name, f"{one['cells']:,}", *parts, f"{row.share:g}"])
    title = f"Decisions: from a trained model to {GRID}x{GRID} pixels with its points, warm; {told}. Medians, in turn."
    return "\n".join(table(title, [*heads, "at most"], cells))
