"""What is exactly true of a piecewise-linear field on a rectangle: its regions counted and measured, beside theory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.orders.bounds import Bounds, bounds, shown
from netwarp.orders.order import Order, order
from netwarp.orders.subject import Subject
from netwarp.picture.tone import Tone, channels_of
from netwarp.plane import Calibration, Plane, Raster
from netwarp.progress import Progress, Report, stage
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation

Segment = tuple[float, float, float, float]  # x0, y0, x1, y1

LIMIT = 20_000_000
# pixels of the longer side of a drawing, and how many times the shorter one may fit into it
LONGER, STRETCH = 1200, 8


@dataclass(frozen=True, eq=False)
class Survey:
    """A tessellation and what was counted on it. `field` is what was tessellated: a layer's output with `layer`.

    `whole` is the field of the network itself. `segment` is the line along which `kinks`, where the function bends, and
    `switches`, where the activation pattern changes, were counted: the rectangle's diagonal where `given` is False.
    `contours` are the polylines of channel 0 at `level`, in plane units.
    """

    order: Order
    whole: Field
    field: Field
    layer: int | None
    cells: Tessellation
    linear: int
    segment: Segment
    given: bool
    kinks: int
    switches: int
    level: float | None
    contours: tuple[NDArray[np.float64], ...]
    bounds: Bounds

    @property
    def regions(self) -> int:
        """Activation regions, not linear regions."""
        return len(self.cells)

    @property
    def area(self) -> float:
        """The sum of all regions' areas, in plane units squared: that of the rectangle, but for rounding."""
        return float(self.cells.areas.sum())

    @property
    def contour_length(self) -> float | None:
        """The length of the contours, in plane units; None where none was asked for."""
        if self.level is None:
            return None
        return float(sum(np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in self.contours))

    @cached_property
    def tone(self) -> Tone:
        """The Tone of the network's picture: the recipe's, else fitted as draw does."""
        return self.order.tone or _fitted(self.whole, self.order)

    @cached_property
    def own_tone(self) -> Tone:
        """The Tone of what was tessellated."""
        return self.tone if self.layer is None else _fitted(self.field, self.order)

    def sentence(self) -> str:
        """What was tessellated, in one line."""
        subject = self.order.subject
        seed = "" if self.order.seeds[0] is None else f", seed {self.order.seeds[0]}"
        layer = "" if self.layer is None else f", the output of layer {self.layer}"
        x0, x1, y0, y1 = self.cells.bounds
        return f"{subject.title}{seed}{layer}, on x from {x0:g} to {x1:g}, y from {y0:g} to {y1:g}"

    def data(self) -> dict[str, object]:
        """All of it as a JSON object."""
        subject = self.order.subject
        told: dict[str, object] = {
            "architecture": subject.text,
            "seed": self.order.seeds[0],
            "weights": subject.file,
            "activation": subject.activation,
            "layer": self.layer,
            "plane": self.order.raster.plane.to_data(),
            "rectangle": list(self.cells.bounds),
            "regions": self.regions,
            "linear_regions": self.linear,
            "edges": len(self.cells.edges),
            "vertices": len(self.cells.vertices),
            "area": self.area,
            "mean_area": self.area / self.regions,
            "boundary_length": self.cells.boundary_length,
            "line": list(self.segment),
            "kinks": self.kinks,
            "switches": self.switches,
            "doubtful": self.cells.doubtful,
            "seconds": self.cells.seconds,
            "exact": True,
            "bounds": self.bounds.data(),
        }
        if self.level is not None:
            told |= {"contour": self.level, "contours": len(self.contours), "contour_length": self.contour_length}
        return told

    def rows(self) -> list[tuple[str, str, str]]:
        """(what, number, what theory says of it) for a person, in an order that puts the counts first."""
        on_regions, on_linear = self.bounds.sentences()
        along = "the line" if self.given else "the diagonal"
        rows = [
            ("activation regions", shown(self.regions), on_regions),
            ("linear regions", shown(self.linear), on_linear),
            ("edges", shown(len(self.cells.edges)), ""),
            ("vertices", shown(len(self.cells.vertices)), ""),
            ("mean area of an activation region", f"{self.area / self.regions:.4g}", ""),
            ("length of all boundaries", f"{self.cells.boundary_length:.6g}", ""),
            (f"kinks along {along}", shown(self.kinks), ""),
            (f"switches along {along}", shown(self.switches), ""),
        ]
        if self.level is not None:
            rows.append((f"length of the contour at {self.level:g}", f"{self.contour_length:.6g}", ""))
        rows.append(("doubtful signs, settled exactly", shown(self.cells.doubtful), ""))
        rows.append(("seconds", f"{self.cells.seconds:.3g}", ""))
        return rows


def survey(
    subject: Subject,
    *,
    seed: int | None = None,
    plane: Plane | None = None,
    size: tuple[int, int] | None = None,
    calibration: Calibration | None = None,
    y: str | None = None,
    axes: bool = False,
    layer: int | None = None,
    level: float | None = None,
    segment: Segment | None = None,
    limit: int = LIMIT,
    progress: Report | None = None,
) -> Survey:
    """Tessellates one network on `plane` and counts what `Survey` holds; what is not said is the recipe's, as in draw.

    What is counted is what the picture shows: a `size` without a plane makes the plane the smallest of its proportions
    that contains the subject's own, as in draw, so that pixels are square.
    `layer` takes that layer's output, not the network's; 0 its inputs. `level` asks for the contours of channel 0.
    Errors: NetwarpError; UnsupportedError naming the layer that is not piecewise linear or not pointwise;
    RegionLimitError where there are more than `limit` activation regions.
    """
    if limit < 1:
        raise InputError(f"--limit {limit}: must be a positive number of regions, as in --limit {LIMIT}")
    recipe = subject.recipe
    if plane is None and (size is None or recipe is not None):
        plane = (subject.plane or Plane()) if recipe is None else recipe.raster.plane
    if size is None and plane is not None:
        size = proportionate(plane) if recipe is None else (recipe.raster.columns, recipe.raster.rows)
    seeds = None if seed is None else (seed,)
    what = order(subject, seeds=seeds, size=size, plane=plane, calibration=calibration, y=y, axes=axes)
    whole = calibrate(subject.draw(what.seeds[0] or 0), what.calibration, progress=stage(progress, "calibrating"))
    field = whole if layer is None else whole.after(layer)
    load()
    cells = tessellate(field, what.raster.plane, limit=limit, progress=stage(progress, "cutting the plane"))
    counting = stage(progress, "counting")
    linear = cells.merge().count
    x0, x1, y0, y1 = cells.bounds
    ends = (x0, y0, x1, y1) if segment is None else segment
    along = cells.along(ends[:2], ends[2:])
    kinks = len(along.kinks)
    contours = () if level is None else tuple(cells.contour(0, level))
    _done(counting)
    return Survey(
        order=what,
        whole=whole,
        field=field,
        layer=layer,
        cells=cells,
        linear=linear,
        segment=ends,
        given=segment is not None,
        kinks=kinks,
        switches=len(along),
        level=level,
        contours=contours,
        bounds=bounds(field.program),
    )


def load() -> None:
    """Loads compiled code from the disk by cutting a small network, so that a survey's seconds are those of its own."""
    small = calibrate(Network.draw(parse("conv(60) * 2")), Raster(4, 4))
    tessellate(small).merge()


def proportionate(plane: Plane) -> tuple[int, int]:
    """(columns, rows) of a drawing whose pixels are squares of the plane; stretched where it would be a mere strip."""
    ratio = min(max(plane.width / plane.height, 1 / STRETCH), STRETCH)
    return (LONGER, max(1, round(LONGER / ratio))) if ratio >= 1 else (max(1, round(LONGER * ratio)), LONGER)


def _fitted(field: Field, what: Order) -> Tone:
    colour = what.colour if channels_of(what.colour) == 1 or field.channels == 3 else "auto"
    return Tone.fit(field.sample(what.calibration), colour=colour)


def _done(report: Progress | None) -> None:
    if report is not None:
        report(1, 1)
