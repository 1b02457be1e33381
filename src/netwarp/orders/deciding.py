"""Which class of a subject's network wins where, or how far several subjects decide alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.models.data import Data
from netwarp.models.decisions.agreement import Agreement, agreed, agreement, on_home_of_first
from netwarp.models.decisions.asked import Asked, Marks
from netwarp.models.decisions.classes import names_of, numbers_of, one_of, points_of
from netwarp.models.decisions.contest import contest
from netwarp.models.decisions.decide import check_engine, decided, decision, view_of
from netwarp.models.decisions.decision import Decision
from netwarp.models.decisions.recipe import DecisionRecipe
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.orders.keeping import network_of
from netwarp.orders.order import order
from netwarp.orders.subject import Subject
from netwarp.picture.recipe import Weights
from netwarp.plane import Calibration, Plane
from netwarp.progress import Report, stage


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of the classes. `classes` are their names, those of the data unless given."""

    classes: tuple[str, ...] | None = None
    threshold: float | None = None
    one_class: str | None = None
    data: Data | None = None

    @property
    def labels(self) -> NDArray[np.generic] | None:
        """The classes of the data's rows; None where rows have none, or their labels are no classes."""
        return self.data.y if self.data is not None and self.data.classes else None

    @property
    def spread(self) -> str:
        """What the classes of the data's rows are, for messages: their count, and of plain numbers their range."""
        assert self.data is not None, "a question without data has no classes of it"
        known, labels = self.data.classes, self.labels
        if labels is None or known != _plain(len(known)):
            return f"{len(known)} classes"
        return f"{len(np.unique(labels))} classes, numbered {labels.min()} to {labels.max()}"

    def names(self, count: int) -> tuple[str, ...] | None:
        """The names of `count` classes; None for plain numbers. Errors: InputError."""
        if self.classes is not None or self.data is None or not self.data.classes:
            return self.classes
        known = self.data.classes
        if len(known) == count:
            return known
        if known == _plain(len(known)) and len(known) < count:
            return None
        numbered = numbers_of(self.data.y, count)
        if numbered is not None:
            return numbered
        raise InputError(f"--data: its rows are of {self.spread}, and the model's outputs of {count}")


def _plain(count: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(count))


def decide(
    subjects: Sequence[Subject],
    asked: Question,
    *,
    seed: int | None = None,
    plane: Plane | None = None,
    size: tuple[int, int] | None = None,
    calibration: Calibration | None = None,
    engine: str = "auto",
    progress: Report | None = None,
) -> Decision | Agreement:
    """The Decision of one subject, the Agreement of several.

    The plane is that of the data, or where the first subject is looked at, unless given. Errors: NetwarpError.
    """
    if asked.one_class is not None and len(subjects) > 1:
        raise InputError("--one-class: for one model; leave it out, or give one model")
    seeds = None if seed is None else (seed,)
    orders = [order(subject, seeds=seeds, calibration=calibration) for subject in subjects]
    calibrating = stage(progress, "calibrating")
    fields = [calibrate(one.subject.draw(one.seeds[0] or 0), one.calibration, progress=calibrating) for one in orders]
    names = asked.names(max(fields[0].channels, 2))
    shown: dict[str, Any] = {"classes": names, "threshold": asked.threshold, "size": size, "plane": plane}
    if asked.data is not None:
        shown |= {"X": _on_plane(asked.data.X, subjects[0], fields[0]), "y": asked.labels}
    elif plane is None:
        shown["plane"] = view_of(orders[0].raster.plane, None, size).plane
    shown["progress"] = stage(progress, "deciding")
    files = tuple(subject.weights for subject in subjects)
    at = subjects[0].slice
    if len(subjects) > 1:
        several = agreement(fields, names=[subject.name for subject in subjects], engine=engine, **shown)
        if plane is None and asked.data is None:
            several = on_home_of_first(several, [one.raster.plane for one in orders])
        return replace(several, consensus=on_slice(of_files(several.consensus, files), at))
    found = decision(fields[0], one_class=asked.one_class, engine=engine, **shown)
    found = of_files(found, files, subjects[0].name)
    if at is not None:
        return on_slice(found, at)
    if asked.data is not None and len(asked.data.names) == 2:
        return replace(found, axes=asked.data.names)
    return found


def of_files(found: Decision, files: tuple[Weights | None, ...], *names: str) -> Decision:
    """The Decision whose recipe names the files that its models were read from."""
    asked = found.asked
    return found if asked is None else replace(found, asked=replace(asked, names=names or asked.names, files=files))


def on_slice(found: Decision, at: Slice | None) -> Decision:
    """The Decision whose pictures say what a slice says: what x and y are, and the points it is laid through."""
    return found if at is None else replace(found, axes=at.scales, marks=Marks.of(at))


def redecide(
    path: Path,
    recipe: DecisionRecipe,
    asked: Question,
    *,
    plane: Plane | None = None,
    size: tuple[int, int] | None = None,
    engine: str = "auto",
    progress: Report | None = None,
) -> Decision | Agreement:
    """What the picture `path` with this recipe shows, anew; what is asked, and the view, as far as they are not said,
    are the recipe's. Errors: NetwarpError naming the file."""
    check_engine(engine)
    calibrating = stage(progress, "calibrating")
    fields = []
    for model in recipe.models:
        network = network_of(path, model.architecture, model.seed, model.weights)
        whole = calibrate(network, model.calibration, progress=calibrating)
        fields.append(whole if model.layer is None else whole.after(model.layer))
    threshold = recipe.threshold if asked.threshold is None else asked.threshold
    contests = [contest(field, threshold=threshold, plane=recipe.raster.plane) for field in fields]
    classes = names_of(asked.names(contests[0].classes) or recipe.classes, contests[0].classes)
    one = asked.one_class
    if one is None and recipe.one_class is not None:
        one = classes[recipe.classes.index(recipe.one_class)]
    if asked.data is None:
        try:
            points = recipe.points()
        except InputError as error:
            raise InputError(f"file {str(path)!r}: {error}") from error
    else:
        points = points_of(asked.data.X, asked.labels, classes, own_slice(fields[0].network))
    again = Asked(
        tuple(fields),
        classes,
        recipe.raster if size is None and plane is None else view_of(recipe.raster.plane, plane, size),
        names=tuple(model.name for model in recipe.models),
        threshold=threshold,
        one=one_of(one, classes),
        engine=recipe.engine if engine == "auto" else engine,
        points=points,
        axes=recipe.labels,
        marks=recipe.marks,
        files=tuple(model.file for model in recipe.models),
    )
    deciding = stage(progress, "deciding")
    return decided(again, contests[0], deciding) if len(fields) == 1 else agreed(again, contests, deciding)


def _on_plane(rows: NDArray[np.float64], subject: Subject, field: Field) -> NDArray[np.float64]:
    """The rows as points of the subject's plane, where its network does not have that plane itself, and so projects
    them."""
    at = subject.slice
    if at is None or rows.shape[1] != at.inputs or own_slice(field.network) is not None:
        return rows
    return at.project(rows)
