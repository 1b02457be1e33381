"""How far several models decide alike on one plane."""

# M models, K classes, C cells or pixels

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, UnsupportedError
from netwarp.files import write
from netwarp.models.decisions.asked import Asked
from netwarp.models.decisions.classes import names_of, points_of
from netwarp.models.decisions.contest import Contest, contest
from netwarp.models.decisions.decide import (
    EXACT_LIMIT,
    LIMIT,
    check_engine,
    field_of,
    own_names,
    sampled,
    summed,
    view_of,
)
from netwarp.models.decisions.decision import Decision, Table
from netwarp.models.decisions.grounds import CellGround, GridGround
from netwarp.models.decisions.joined import joined
from netwarp.models.decisions.winners import Bools, collected, members_of
from netwarp.models.files import slice_of
from netwarp.models.homes import around_points
from netwarp.models.slices import Slice
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.arrays import Floats
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation

DISAGREE = "disagree"
MOST = 32  # models


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far several models decide alike. Made by `agreement`.

    `share` of the plane's area is where all models have the same winners. `matrix` (M, M) is that of every two models:
    the reproducibility score of Somepalli et al. 2022 (doi:10.1109/CVPR52688.2022.01333) on this plane, in whose code
    it is called IoU. `iou[name]` (M, M) is of each class the area where both models have it win over the area where one
    of them does, at the least; NaN where neither does. `areas` (M, K) are those of each model's classes.
    `consensus` is the Decision of all: a class wins where it does in every model, and elsewhere they disagree.
    """

    models: tuple[str, ...]
    classes: tuple[str, ...]
    share: float
    matrix: Floats
    iou: dict[str, Floats]
    areas: Floats
    consensus: Decision = field(repr=False)

    def __repr__(self) -> str:
        return f"<Agreement: {self.sentence()}>"

    @property
    def exact(self) -> bool:
        """Whether it is by exact cells; else sampled at the consensus' resolution."""
        return self.consensus.exact

    def sentence(self) -> str:
        """What they agree on, in a line for people."""
        how = "exact" if self.exact else "sampled at {}x{}".format(*self.consensus.size)
        return f"{len(self.models)} models agree on {self.share:.2%} of the plane ({how})"

    @property
    def note(self) -> str:
        """Why it is sampled; nothing of an exact one."""
        return self.consensus.note

    def tables(self) -> list[Table]:
        """Titles and rows for people: of every two models the share they agree on, and the IoU of every class."""
        pairs = combinations(range(len(self.models)), 2)
        rows = [
            (
                f"{self.models[a]}, {self.models[b]}",
                f"{self.matrix[a, b]:.4f}",
                *("" if np.isnan(table[a, b]) else f"{table[a, b]:.4f}" for table in self.iou.values()),
            )
            for a, b in pairs
        ]
        return [(("models", "agree", *(f"IoU {name}" for name in self.classes)), rows)]

    def save(self, path: str | os.PathLike[str], **look: bool) -> None:
        """Writes `data` as a .json, or the picture of the consensus as a .png or .svg. Errors: InputError."""
        if Path(path).suffix.lower() == ".json":
            write(path, (json.dumps(self.data(), allow_nan=False) + "\n").encode())
        else:
            self.consensus.save(path, **look)

    def data(self) -> dict[str, Any]:
        """All of it for JSON; what is not defined is null."""
        consensus = self.consensus.data()
        return {
            "models": list(self.models),
            "classes": list(self.classes),
            "agreement": self.share,
            "matrix": _listed(self.matrix),
            "iou": {name: _listed(table) for name, table in self.iou.items()},
            "areas": _listed(self.areas),
            **{name: consensus[name] for name in ("exact", "resolution", "plane", "boundary", "recipe")},
            **({"note": self.note} if self.note else {}),
        }


def agreement(
    models: Sequence[Any],
    slice: Slice | None = None,  # noqa: A002  # as nw.field has it
    *,
    names: Sequence[str] | None = None,
    plane: Plane | None = None,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    classes: Sequence[object] | NDArray[np.generic] | None = None,
    threshold: float | None = None,
    size: tuple[int, int] | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Agreement:
    """The share of a plane on which several models decide alike. They need one number of classes.

    A model, and the slice of all, are as `decision` takes them. The plane is that of the points `X`, or the first
    model's, unless given. All else is as in `decision`: where every model is piecewise linear, the cells of all of them
    together make it exact. `names` are the models'. Errors: as `decision`.

    >>> import numpy as np
    >>> import netwarp as nw
    >>> np.savez("right.npz", W0=[[1.0, 0.0]], b0=[0.0])
    >>> np.savez("up.npz", W0=[[0.0, 1.0]], b0=[0.0])
    >>> pair = [nw.Network.load(f"{name}.npz", activation="relu") for name in ("right", "up")]
    >>> found = nw.agreement(pair, plane=nw.Plane.between(-1, 1, -1, 1), classes=["no", "yes"])
    >>> print(found.sentence())
    2 models agree on 50.00% of the plane (exact)
    >>> found.matrix.tolist(), found.iou["yes"].round(6).tolist()
    ([[1.0, 0.5], [0.5, 1.0]], [[1.0, 0.333333], [0.333333, 1.0]])
    >>> nw.agreement(pair[:1])
    Traceback (most recent call last):
    netwarp.errors.InputError: agreement models: 1 items, 2 to 32 are needed
    """
    check_engine(engine)
    given = checks.items(models, "agreement models", 2, MOST)
    fields = [field_of(model, slice, X) for model in given]
    contests = [contest(field, threshold=threshold) for field in fields]
    numbered = [f"model {n}" for n in range(1, len(given) + 1)]
    known = checks.items(list(names or numbered), "agreement names", len(given), len(given))
    counts = [held.classes for held in contests]
    if len(set(counts)) > 1:
        raise InputError(f"agreement models: of {', '.join(map(str, counts))} classes; all must have as many")
    own = {own_names(model, field, counts[0]) for model, field in zip(given, fields, strict=True)}
    called = names_of(own.pop() if classes is None and len(own) == 1 else classes, counts[0])
    first = contests[0].values
    points = points_of(X, y, called, slice or slice_of(first.network))
    raster = view_of(first.raster.plane if points is None else around_points(points.places), plane, size)
    axes = ("", "") if slice is None else slice.scales
    titles = tuple(map(str, known))
    asked = Asked(tuple(fields), called, raster, titles, threshold, engine=engine, points=points, axes=axes)
    return agreed(asked, contests, progress)


def agreed(asked: Asked, contests: Sequence[Contest], progress: Progress | None = None) -> Agreement:
    """The Agreement that follows from what is asked of several models, whose contests these are.

    Errors: as `agreement`.
    """
    called = asked.classes
    votes, ground, note = _votes(contests, asked.raster, asked.engine, progress)
    consensus = summed(
        asked,
        ground,
        (*called, _unused(called)),
        threshold=contests[0].threshold,
        points=asked.points,
        note=note,
        neutral=len(called),
    )
    return _counted(votes, asked.names, called, consensus)


@dataclass(frozen=True, eq=False)
class _Votes:
    """`winners` (M, C): the number of the set that wins in each model; `alone` (K): that of each class, -1 for none."""

    winners: NDArray[np.int64]
    alone: tuple[int, ...]
    each: Floats  # (C,) areas


def _counted(votes: _Votes, models: tuple[str, ...], classes: tuple[str, ...], consensus: Decision) -> Agreement:
    count = len(models)
    whole = fsum(votes.each.tolist())

    def area(where: Bools) -> float:
        return fsum(votes.each[where].tolist())

    matrix = np.eye(count)
    iou = {name: np.full((count, count), np.nan) for name in classes}
    won = {name: votes.winners == number for name, number in zip(classes, votes.alone, strict=True)}
    areas = np.array([[area(won[name][m]) for name in classes] for m in range(count)])
    for a, b in combinations(range(count), 2):
        matrix[a, b] = matrix[b, a] = area(votes.winners[a] == votes.winners[b]) / whole
    for name, table in iou.items():
        for a in range(count):
            for b in range(count):
                either = area(won[name][a] | won[name][b])
                if either > 0:
                    table[a, b] = area(won[name][a] & won[name][b]) / either
    share = area((votes.winners == votes.winners[0]).all(axis=0)) / whole
    return Agreement(models, classes, share, matrix, iou, areas, consensus)


def _votes(
    contests: Sequence[Contest], raster: Raster, engine: str, progress: Progress | None
) -> tuple[_Votes, CellGround | GridGround, str]:
    note = ""
    if engine in ("auto", "exact"):
        try:
            first = contests[0].values
            cells = tessellate(
                replace(first, program=joined(contests), layer=None),
                raster.plane,
                limit=LIMIT if engine == "auto" else EXACT_LIMIT,
                progress=progress,
            )
            return *_of_cells(contests, cells), ""
        except (UnsupportedError, LimitError) as error:
            if engine == "exact":
                raise
            note = str(error)
    return *_of_samples([sampled(held, raster, engine, progress) for held in contests], raster), note


def _of_cells(contests: Sequence[Contest], cells: Tessellation) -> tuple[_Votes, CellGround]:
    k, count = contests[0].classes, len(contests)
    stages = cells.stages.stages[-count:]
    members = np.stack([members_of(cells, stages[m], range(m * k, (m + 1) * k)) for m in range(count)])
    ground = CellGround(
        cells,
        collected(_consensus(members)),
        lambda outputs: _least_leads([outputs[m * k : (m + 1) * k] for m in range(count)]),
    )
    return _voted(members, cells.areas), ground


def _of_samples(values: Sequence[Floats], raster: Raster) -> tuple[_Votes, GridGround]:
    members = np.stack([_members(GridGround(part, raster), len(part)) for part in values])
    across, down = raster.pitch
    each = np.full(raster.pixels, across * down)
    return _voted(members, each), GridGround(_least_leads(values), raster)


def _members(ground: GridGround, classes: int) -> Bools:
    """(pixels, K): whether a class is among a pixel's winners."""
    table = np.zeros((len(ground.winners.sets), classes), dtype=bool)
    for n, winners in enumerate(ground.winners.sets):
        table[n, list(winners)] = True
    return table[ground.winners.of.ravel()]


def _voted(members: Bools, each: Floats) -> _Votes:
    """Of members (M, C, K)."""
    winners = collected(members)
    numbers = {winner: n for n, winner in enumerate(winners.sets)}
    return _Votes(winners.of, tuple(numbers.get((k,), -1) for k in range(members.shape[-1])), each)


def _consensus(members: Bools) -> Bools:
    """(C, K + 1): the class that wins alone in every model of members (M, C, K), else the last, that they disagree."""
    alone = members & (members.sum(axis=-1, keepdims=True) == 1)
    agreed = alone.all(axis=0)
    return np.concatenate([agreed, ~agreed.any(axis=-1, keepdims=True)], axis=-1)


def _least_leads(values: Sequence[Floats]) -> Floats:
    """(K + 1, ...): of each class its smallest lead over the best other one in any model, and 0 for that they disagree.

    At most one class leads in all of them, and it has the largest value; where none does, 0 is.
    """
    k = len(values[0])
    leads = [np.min([part[n] - np.delete(part, n, axis=0).max(axis=0) for part in values], axis=0) for n in range(k)]
    return np.stack([*leads, np.zeros_like(leads[0])])


def _unused(classes: tuple[str, ...]) -> str:
    name = DISAGREE
    while name in classes:
        name += "*"
    return name


def _listed(table: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(value) else value for value in row] for row in table.tolist()]
