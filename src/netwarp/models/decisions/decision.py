"""Decision: which class wins where on a plane, and the areas and boundaries that follow."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.files import write
from netwarp.models.decisions.asked import UNMARKED, Asked, Marks
from netwarp.models.decisions.classes import Points
from netwarp.models.decisions.colours import class_colours, set_colours
from netwarp.models.decisions.grounds import Ground
from netwarp.models.decisions.layout import percent
from netwarp.models.decisions.recipe import DecisionRecipe
from netwarp.plane import Plane
from netwarp.regions.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netwarp.picture.picture import Picture

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]  # titles, and rows
ENDINGS = (".png", ".svg", ".json")


def length(line: Floats) -> float:
    """Of a polyline (n, 2)."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


@dataclass(frozen=True)
class Tie:
    """Classes that are equal, and larger than all others, all over a part of the plane."""

    classes: tuple[str, ...]
    area: float  # in square plane units
    share: float  # of the plane's area


@dataclass(frozen=True, eq=False)
class Decision:
    """Which class wins where. Made by `decision`.

    `areas` and `share` are in the order of `classes`: where the class wins alone, in square plane units and as a share
    of the plane. What several share is among the `ties`, and in no class; of samples, a pixel at which several are
    equal while its neighbours differ is split evenly between them, and `sentence` says how many these are. `boundary`
    has, for two classes that meet, polylines (n, 2) x, y with the first of the two on their left, y upwards.
    `exact`: by exact cells; then nothing is wrong by more than float64's rounding. Else sampled at `resolution`
    (columns, rows), and `note` says why; it says too where a threshold was chosen by the values. `threshold` is where a
    single output is cut. `size` is that of its picture.
    """

    classes: tuple[str, ...]
    areas: tuple[float, ...]
    share: tuple[float, ...]
    boundary: Mapping[tuple[str, str], tuple[Floats, ...]] = field(repr=False)
    ties: tuple[Tie, ...]
    exact: bool
    plane: Plane
    threshold: float | None
    size: tuple[int, int]
    note: str = ""
    points: Points | None = field(default=None, repr=False)
    axes: tuple[str, str] = ("", "")  # what x and y are, where that is known
    marks: Marks = UNMARKED  # the points that its slice is laid through
    neutral: int | None = None  # the class that stands for none in particular, and is grey
    ground: Ground = field(kw_only=True, repr=False)
    asked: Asked | None = field(default=None, kw_only=True, repr=False)  # what it follows from

    @property
    def resolution(self) -> tuple[int, int] | None:
        """(columns, rows) of the samples; None of an exact one."""
        return self.ground.resolution

    @cached_property
    def recipe(self) -> DecisionRecipe | None:
        """What its pictures carry, so that `netwarp decision` draws them again; None where nothing was asked."""
        return None if self.asked is None else DecisionRecipe.of(self.asked, self.axes, self.marks)

    @cached_property
    def pieces(self) -> tuple[int, ...]:
        """(K,) how many connected parts the area of each class has: the numbers that the fragmentation score of
        Somepalli et al. 2022 (doi:10.1109/CVPR52688.2022.01333) adds up."""
        found = dict(zip(self.ground.winners.sets, self.ground.pieces(), strict=True))
        return tuple(found.get((n,), 0) for n in range(len(self.classes)))

    @property
    def palette(self) -> NDArray[np.uint8]:
        """(K, 3) sRGB: the colours of the classes."""
        return class_colours(len(self.classes), self.neutral)

    @property
    def tie_colours(self) -> NDArray[np.uint8]:
        """(T, 3) sRGB: the colours of the ties, each of which depends on its classes."""
        place = {name: n for n, name in enumerate(self.classes)}
        return set_colours(tuple(tuple(place[name] for name in tie.classes) for tie in self.ties), self.palette)

    def sentence(self) -> str:
        """What won, in a line for people."""
        said = ", ".join(f"{name} {percent(share)}" for name, share in zip(self.classes, self.share, strict=True))
        said += "".join(f", {' = '.join(tie.classes)} {percent(tie.share)}" for tie in self.ties)
        how = "exact" if self.resolution is None else "sampled at {}x{}".format(*self.resolution)
        return f"{said} of the plane ({', '.join(filter(None, (how, self.ground.split, self.outside('it'))))})"

    def tables(self) -> list[Table]:
        """Titles and rows for people: the classes, and the boundaries."""
        won: list[tuple[str, ...]] = [
            (name, f"{area:.6g}", percent(share), str(pieces))
            for name, area, share, pieces in zip(self.classes, self.areas, self.share, self.pieces, strict=True)
        ]
        won += [(f"tie: {' = '.join(tie.classes)}", f"{tie.area:.6g}", percent(tie.share), "") for tie in self.ties]
        met: list[tuple[str, ...]] = [
            (f"{a} | {b}", f"{sum(length(line) for line in lines):.6g}", str(len(lines)))
            for (a, b), lines in self.boundary.items()
        ]
        tables: list[Table] = [(("class", "area", "share", "pieces"), won)]
        return [*tables, (("boundary", "length", "lines"), met)] if met else tables

    def data(self) -> dict[str, Any]:
        """All of it for JSON: `boundary` by "a | b", coordinates as lists."""
        x0, x1 = self.plane.x - self.plane.width / 2, self.plane.x + self.plane.width / 2
        y0, y1 = self.plane.y - self.plane.height / 2, self.plane.y + self.plane.height / 2
        noted = "; ".join(filter(None, (self.note, self.ground.split, self.outside("the plane"))))
        return {
            "classes": list(self.classes),
            "areas": list(self.areas),
            "share": list(self.share),
            "pieces": list(self.pieces),
            "boundary": {f"{a} | {b}": [line.tolist() for line in lines] for (a, b), lines in self.boundary.items()},
            "ties": [{"classes": list(tie.classes), "area": tie.area, "share": tie.share} for tie in self.ties],
            "exact": self.exact,
            "resolution": None if self.resolution is None else list(self.resolution),
            "threshold": self.threshold,
            "plane": [x0, x1, y0, y1],
            **({"note": noted} if noted else {}),
            **({} if self.points is None else {"points": self._said_of(self.points)}),
            **({} if self.recipe is None else {"recipe": self.recipe.told()}),
        }

    def outside(self, plane: str) -> str:
        """How many of the points lie outside of `plane`, as a text calls it; "" where none does."""
        said = "" if self.points is None else self.points.outside(self.plane)
        return said and f"{said} of {plane}"

    def _said_of(self, points: Points) -> dict[str, int]:
        return {"count": len(points), "outside": int((~points.within(self.plane)).sum())}

    def paint(self, *, margin: bool = True, axes: bool = True, y: str = "up") -> Picture:
        """The Picture: classes as colours, paler where the `margin` is small, boundaries, points, the slice's marks,
        and with `axes` their numbers and a legend. y grows upwards, or "down". Errors: InputError."""
        from netwarp.models.decisions.painting import paint

        return paint(self, margin=margin, axes=axes, y=y)

    def svg(self, *, margin: bool = False, axes: bool = True, y: str = "up") -> str:
        """The same as an SVG. Of an exact decision all is vectors, unless the `margin` is shaded by pixels."""
        from netwarp.models.decisions.vectors import svg

        return svg(self, margin=margin, axes=axes, y=y)

    def plot(self, ax: Axes | None = None, *, margin: bool = True) -> Axes:
        """Draws it into a matplotlib Axes, or into that of a new figure, and returns it. Errors: InputError."""
        from netwarp.models.decisions.plotting import plot

        return plot(self, ax, margin=margin)

    def save(self, path: str | os.PathLike[str], **look: Any) -> None:
        """Writes a .png, .svg or .json, whole or not at all; `look` is `margin`, `axes` and `y` as `paint` takes them.

        Errors: InputError for another ending.
        """
        ending = Path(path).suffix.lower()
        if ending == ".png":
            self.paint(**look).save(path)
        elif ending == ".svg":
            write(path, self.svg(**look).encode())
        elif ending == ".json":
            write(path, (json.dumps(self.data(), allow_nan=False) + "\n").encode())
        else:
            known = ", ".join(ENDINGS)
            raise InputError(
                f"file {os.fspath(path)!r}: a decision is written as one of {known}; name it as in map.png"
            )

    def _repr_png_(self) -> bytes:
        return self.paint().to_png()
