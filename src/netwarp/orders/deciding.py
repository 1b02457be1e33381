"""Which class of a subject's network wins where, or how far several subjects decide alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.models.data import Data
from netwarp.models.decisions.agreement import Agreement, agreement
from netwarp.models.decisions.decide import decision, view_of
from netwarp.models.decisions.decision import Decision
from netwarp.orders.order import order
from netwarp.orders.subject import Subject
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

    def names(self, count: int) -> tuple[str, ...] | None:
        """The names of `count` classes; None for plain numbers. Errors: InputError."""
        if self.classes is not None or self.data is None or not self.data.classes:
            return self.classes
        known = self.data.classes
        if len(known) == count:
            return known
        if known == tuple(str(n) for n in range(len(known))) and len(known) < count:
            return None
        raise InputError(f"--data: its rows are of {len(known)} classes, and the model's outputs of {count}")


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
        at = subjects[0].slice
        sliced = at is not None and asked.data.X.shape[1] == at.inputs
        shown |= {"X": at.project(asked.data.X) if at is not None and sliced else asked.data.X, "y": asked.labels}
    elif plane is None:
        shown["plane"] = view_of(orders[0].raster.plane, None, size).plane
    shown["progress"] = stage(progress, "deciding")
    if len(subjects) > 1:
        return agreement(fields, names=[subject.name for subject in subjects], engine=engine, **shown)
    found = decision(fields[0], one_class=asked.one_class, engine=engine, **shown)
    at = subjects[0].slice
    if at is not None:
        return replace(found, axes=at.axes)
    if asked.data is not None and len(asked.data.names) == 2:
        return replace(found, axes=asked.data.names)
    return found
