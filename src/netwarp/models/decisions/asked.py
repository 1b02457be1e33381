"""What is asked of the classes, in full: all that a decision, or an agreement of several models, follows from."""

from __future__ import annotations

from dataclasses import dataclass

from netwarp.fields.field import Field
from netwarp.models.decisions.classes import Points
from netwarp.models.slices import Slice
from netwarp.picture.recipe import Weights
from netwarp.plane import Raster


@dataclass(frozen=True, slots=True)
class Marks:
    """Points (x, y) worth a ring each, those that a slice is laid through, and what each is called; no names, or one
    for each."""

    places: tuple[tuple[float, float], ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, at: Slice | None) -> Marks:
        """Those of a slice."""
        return cls() if at is None else cls(at.marks, at.names)

    @property
    def named(self) -> tuple[tuple[float, float, str], ...]:
        """x, y and what each is called, "" where it has no name."""
        called = self.names or ("",) * len(self.places)
        return tuple((x, y, name) for (x, y), name in zip(self.places, called, strict=True))


UNMARKED = Marks()


@dataclass(frozen=True, eq=False)
class Asked:
    """`fields` are the models', one decides and several are compared; `names` are theirs, empty where they have none.

    `classes` are the names of all classes, `one` the number of the one that is held against the rest. `threshold` is
    where a single output is cut, None for the usual place, and of several outputs. `axes` say what x and y are, and
    `marks` are the slice's. `files` are what the weights of each model were read from, empty where that is not known.
    """

    fields: tuple[Field, ...]
    classes: tuple[str, ...]
    raster: Raster
    names: tuple[str, ...] = ()
    threshold: float | None = None
    one: int | None = None
    engine: str = "auto"
    points: Points | None = None
    axes: tuple[str, str] = ("", "")
    marks: Marks = UNMARKED
    files: tuple[Weights | None, ...] = ()
