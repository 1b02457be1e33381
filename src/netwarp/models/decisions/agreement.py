"""How far several models decide alike on one plane."""

# M models, K classes, C cells or pixels

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, UnsupportedError
from netwarp.fields.field import Field
from netwarp.files import write
from netwarp.models.decisions.asked import Asked, Marks
from netwarp.models.decisions.classes import names_of, numbers_of, points_of
from netwarp.models.decisions.contest import Contest
from netwarp.models.decisions.decide import (
    EXACT_LIMIT,
    LIMIT,
    check_engine,
    field_of,
    own_contest,
    own_names,
    reason,
    sampled,
    summed,
    view_of,
)
from netwarp.models.decisions.decision import Decision, Table
from netwarp.models.decisions.grounds import CellGround, GridGround, split_evenly
from netwarp.models.decisions.joined import joined
from netwarp.models.decisions.votes import Votes, members_at, voted, with_parts
from netwarp.models.decisions.winners import Bools, collected, members_of
from netwarp.models.functions import is_estimator
from netwarp.models.homes import around_points, home_of
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.models.torch_call import is_module
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
    Of samples, a pixel at which a model's classes are equal while its neighbours differ, one of `split_pixels`, is
    split evenly between them, and models agree on the part that they give to the same class.
    """

    models: tuple[str, ...]
    classes: tuple[str, ...]
    share: float
    matrix: Floats
    iou: dict[str, Floats]
    areas: Floats
    consensus: Decision = field(repr=False)
    split_pixels: int = field(default=0, repr=False)

    def __repr__(self) -> str:
        return f"<Agreement: {self.sentence()}>"

    @property
    def exact(self) -> bool:
        """Whether it is by exact cells; else sampled at the consensus' resolution."""
        return self.consensus.exact

    def sentence(self) -> str:
        """What they agree on, in a line for people."""
        how = "exact" if self.exact else "sampled at {}x{}".format(*self.consensus.size)
        said = ", ".join(filter(None, (how, self.split, self.consensus.outside("it"))))
        return f"{len(self.models)} models agree on {self.share:.2%} of the plane ({said})"

    @property
    def split(self) -> str:
        """Of how many pixels the area is split, as classes are equal there in some model; "" of none."""
        return split_evenly(self.split_pixels)

    @property
    def note(self) -> str:
        """Why it is sampled, and which thresholds were chosen by the values."""
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

    def save(self, path: str | os.PathLike[str], **look: Any) -> None:
        """Writes `data` as a .json, or the picture of the consensus as a .png or .svg. Errors: InputError."""
        if Path(path).suffix.lower() == ".json":
            write(path, (json.dumps(self.data(), allow_nan=False) + "\n").encode())
        else:
            self.consensus.save(path, **look)

    def data(self) -> dict[str, Any]:
        """All of it for JSON; what is not defined is null."""
        consensus = self.consensus.data()
        noted = "; ".join(filter(None, (self.note, self.split, self.consensus.outside("the plane"))))
        return {
            "models": list(self.models),
            "classes": list(self.classes),
            "agreement": self.share,
            "matrix": _listed(self.matrix),
            "iou": {name: _listed(table) for name, table in self.iou.items()},
            "areas": _listed(self.areas),
            **{name: consensus[name] for name in ("exact", "resolution", "plane", "boundary", "recipe")},
            **({"note": noted} if noted else {}),
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
    model's, unless given; whose home is another one, the note says. All else is as in `decision`: where every model is
    piecewise linear, the cells of all of them together make it exact. `names` are the models'. Errors: as `decision`.

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
    first = field_of(given[0], slice, X, threshold=threshold, plane=plane)[0]
    places = points_of(X, None, (), slice or own_slice(first.network))
    raster = view_of(first.raster.plane if places is None else around_points(places.places), plane, size)
    # what estimators predict is asked for where all are compared
    asked_on = [raster.plane if is_estimator(model) and not is_module(model) else plane for model in given]
    taken = [
        field_of(model, slice, X, threshold=threshold, plane=on) for model, on in zip(given, asked_on, strict=True)
    ]
    fields, reasons, told = zip(*taken, strict=True)
    numbered = [f"model {n}" for n in range(1, len(given) + 1)]
    known = checks.items(list(names or numbered), "agreement names", len(given), len(given))
    counts = [max(field.channels, 2) for field in fields]
    if len(set(counts)) > 1:
        raise InputError(f"agreement models: of {', '.join(map(str, counts))} classes; all must have as many")
    own = {own_names(model, field, counts[0]) for model, field in zip(given, fields, strict=True)}
    theirs = own.pop() if len(own) == 1 else None
    called = names_of((theirs or numbers_of(y, counts[0])) if classes is None else classes, counts[0])
    points = points_of(X, y, called, slice or own_slice(first.network))
    axes = ("", "") if slice is None else slice.scales
    titles = tuple(map(str, known))
    contests = [
        own_contest(model, field, threshold, raster.plane, why)
        for model, field, why in zip(given, fields, told, strict=True)
    ]
    cuts = {held.threshold for held in contests}
    # models that are not cut alike are looked at again where the recipe is drawn
    cut_at = cuts.pop() if len(cuts) == 1 else None
    asked = Asked(
        fields, called, raster, titles, cut_at, engine=engine, points=points, axes=axes, marks=Marks.of(slice)
    )
    why = "; ".join(f"{title}: {one}" for title, one in zip(titles, reasons, strict=True) if one)
    found = agreed(asked, contests, progress, why)
    if plane is not None or X is not None:
        return found
    homes = [
        first.raster.plane,
        *(_home(model, field, slice) for model, field in zip(given[1:], fields[1:], strict=True)),
    ]
    return on_home_of_first(found, homes)


def _home(model: Any, field: Field, at: Slice | None) -> Plane | None:
    """Where a model would be looked at by itself; None of what says nothing of that."""
    if isinstance(model, Field):
        return model.raster.plane
    return (None if at is None else at.home) or home_of(field.network)


def on_home_of_first(found: Agreement, homes: Sequence[Plane | None]) -> Agreement:
    """The Agreement on the home of the first model; its note says whose home is another one."""
    others = [
        f"{name}'s, {_ends(home)}"
        for name, home in zip(found.models[1:], homes[1:], strict=True)
        if home not in (None, homes[0])
    ]
    if not others:
        return found
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    where = f"compared where {found.models[0]} is looked at by itself, {_ends(homes[0])}"
    said = f"{where}; others would be looked at elsewhere: "
    note = "; ".join(filter(None, (found.note, said + ", ".join(others[:3]) + more)))
    return replace(found, consensus=replace(found.consensus, note=note))


def _ends(plane: Plane | None) -> str:
    assert plane is not None, "the first model's home is the plane itself"
    x, y, across, up = plane.x, plane.y, plane.width / 2, plane.height / 2
    return f"x {x - across:.4g} to {x + across:.4g} and y {y - up:.4g} to {y + up:.4g}"


def agreed(asked: Asked, contests: Sequence[Contest], progress: Progress | None = None, why: str = "") -> Agreement:
    """The Agreement that follows from what is asked of several models, whose contests these are; `why` the layers of
    some are not known.

    Errors: as `agreement`.
    """
    called = asked.classes
    votes, ground, why = _votes(contests, asked.raster, asked.engine, progress, why)
    looked = [f"{name}: {held.note}" for name, held in zip(asked.names, contests, strict=True) if held.note]
    note = "; ".join(filter(None, (why, *looked)))
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


def _counted(votes: Votes, models: tuple[str, ...], classes: tuple[str, ...], consensus: Decision) -> Agreement:
    count = len(models)
    whole = votes.whole
    matrix = np.eye(count)
    for a, b in combinations(range(count), 2):
        matrix[a, b] = matrix[b, a] = votes.same((a, b)) / whole
    iou = {name: np.full((count, count), np.nan) for name in classes}
    for table, number in zip(iou.values(), votes.alone, strict=True):
        for a in range(count):
            for b in range(count):
                either = votes.won((a, b), number, by_all=False)
                if either > 0:
                    table[a, b] = votes.won((a, b), number, by_all=True) / either
    areas = np.array([[votes.won((m,), number, by_all=True) for number in votes.alone] for m in range(count)])
    share = votes.same(range(count)) / whole
    return Agreement(models, classes, share, matrix, iou, areas, consensus, len(votes.each_split))


def _votes(
    contests: Sequence[Contest], raster: Raster, engine: str, progress: Progress | None, why: str
) -> tuple[Votes, CellGround | GridGround, str]:
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
            note = reason(error, why, engine)
    return *_of_samples([sampled(held, raster, engine, progress) for held in contests], raster), note


def _of_cells(contests: Sequence[Contest], cells: Tessellation) -> tuple[Votes, CellGround]:
    k, count = contests[0].classes, len(contests)
    stages = cells.stages.stages[-count:]
    members = np.stack([members_of(cells, stages[m], range(m * k, (m + 1) * k)) for m in range(count)])
    ground = CellGround(
        cells,
        collected(_consensus(members)),
        lambda outputs: _least_leads([outputs[m * k : (m + 1) * k] for m in range(count)]),
    )
    return voted(members, cells.areas), ground


def _of_samples(values: Sequence[Floats], raster: Raster) -> tuple[Votes, GridGround]:
    grounds = [GridGround(part, raster) for part in values]
    members = np.stack([members_at(ground, len(part)) for ground, part in zip(grounds, values, strict=True)])
    across, down = raster.pitch
    split = np.any([ground.on_lines for ground in grounds], axis=0)
    each = np.full(raster.pixels, across * down)
    found = voted(members, each)
    if split.any():
        found = with_parts(found, grounds, split)
    return found, GridGround(_least_leads(values, grounds), raster)


def _consensus(members: Bools) -> Bools:
    """(C, K + 1): the class that wins alone in every model of members (M, C, K), else the last, that they disagree."""
    alone = members & (members.sum(axis=-1, keepdims=True) == 1)
    agreed = alone.all(axis=0)
    return np.concatenate([agreed, ~agreed.any(axis=-1, keepdims=True)], axis=-1)


def _least_leads(values: Sequence[Floats], grounds: Sequence[GridGround] = ()) -> Floats:
    """(K + 1, ...): of each class its smallest lead over the best other one in any model, and 0 for that they disagree.

    At most one class leads in all of them, and it has the largest value; where none does, 0 is. Where a class is equal
    to others in some model, of the sampled `grounds`, and its lead is 0 for that, they disagree if that is so all over
    an area, and agree if it is so in all models, of the same classes, and only at this pixel.
    """
    k = len(values[0])
    leads = [np.min([part[n] - np.delete(part, n, axis=0).max(axis=0) for part in values], axis=0) for n in range(k)]
    found = np.stack([*leads, np.zeros_like(leads[0])])
    if grounds:
        equal = (found[:k] == 0).sum(axis=0)
        alike = np.all([ground.on_lines & (ground.equal == equal) for ground in grounds], axis=0)
        over_areas = np.any([(ground.equal > 1) & ~ground.on_lines for ground in grounds], axis=0)
        least = np.finfo(np.float64).tiny
        found[k] = np.where(alike, -least, np.where(over_areas, least, 0.0))
    return found


def _unused(classes: tuple[str, ...]) -> str:
    name = DISAGREE
    while name in classes:
        name += "*"
    return name


def _listed(table: Floats) -> list[list[float | None]]:
    return [[None if np.isnan(value) else value for value in row] for row in table.tolist()]
