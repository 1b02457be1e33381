"""The atlas: a measure over scale x shift and over depth x width, beside the growth factor that theory expects.

A map's columns are scales (or widths), its rows shifts (or depths). Every cell is the median over the same seeds, with
an interval; those of all cells of the atlas hold together with 95%. The closed form is theory.growth.factor; the
measured one is the measure jacobian_growth of the same Fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Conv, Layer, Repeat, children
from netwarp.architecture.nodes import Sequence as Row
from netwarp.architecture.specs import Spatial, Unset
from netwarp.errors import InputError, UnsupportedError
from netwarp.measures.intervals import METHOD, Interval, agreement, ends, fewest, level_of
from netwarp.measures.registry import find
from netwarp.orders.subject import Subject, change
from netwarp.orders.what import What, as_subject
from netwarp.plane import Plane, Raster, view
from netwarp.progress import Report
from netwarp.study.ensemble import Summary, ensembles
from netwarp.study.matching import deepened, widened
from netwarp.study.seeds import seeds_of
from netwarp.study.words import count_of, summary, table, too_few
from netwarp.theory import growth

ARCHITECTURE = "conv(10) * 10"
ACTIVATIONS = ("relu", "sigmoid", "tanh")
SCALES = ("0.5", "1", "2", "3", "5", "10")
SHIFTS = ("-2", "0", "2", "normal(1)", "normal(2)")
DEPTHS = (1, 2, 4, 8, 16)
WIDTHS = (4, 8, 16, 32, 64)
MEASURE = "level_set_length"
GROWTH = "jacobian_growth"
SEEDS = 16  # 13 are needed for intervals that hold for all cells of the default maps together
SIDE = 64
MAX_CELLS = 2_000

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Cell:
    """One architecture of a map: the measure, the measured growth factor, the closed form; None where there is none.

    `reason` says why a value or the closed form is absent.
    """

    column: str
    row: str
    architecture: Architecture
    value: Summary
    growth: Interval | None
    theory: float | None
    reason: str

    @property
    def gap(self) -> float | None:
        """The measured factor over the closed form's."""
        return None if self.growth is None or self.theory is None else self.growth.value / self.theory


@dataclass(frozen=True)
class Map:
    """The cells of one activation, cells[row][column]; `axes` names what columns and rows are."""

    activation: str
    axes: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def values(self) -> Array:
        """(rows, columns) the measure, NaN where it is absent."""
        return self._of(lambda one: one.value.interval.value if one.value.interval else None)

    def measured(self) -> Array:
        """(rows, columns) the measured growth factor a layer, NaN where it is absent."""
        return self._of(lambda one: None if one.growth is None else one.growth.value)

    def expected(self) -> Array:
        """(rows, columns) the closed form's factor, NaN where it has none."""
        return self._of(lambda one: one.theory)

    def gaps(self) -> Array:
        """(rows, columns) measured over expected, NaN where either is absent."""
        return self._of(lambda one: one.gap)

    def sentence(self, measure: str) -> str:
        """How far the measure spreads over the map, how far the closed form is off, and whether the two rank alike."""
        values, gaps = (one[np.isfinite(one)] for one in (self.values(), self.gaps()))
        parts = []
        if values.size:
            parts.append(f"{measure} {_span(values, '.3g')}")
        if gaps.size:
            parts.append(f"measured factor {_span(gaps, '.2f')} times the closed form")
        if (rank := agreement(self.expected(), self.values())) is not None:
            parts.append(f"rank correlation of the closed form and {measure} {rank:+.2f}".replace("-", "−"))
        over = f"over {self.axes[0]} and {self.axes[1]}"
        return f"{self.activation}, {over}: {'; '.join(parts) or 'nothing could be measured'}"

    def _of(self, value: Callable[[Cell], float | None]) -> Array:
        found = [[value(cell) for cell in row] for row in self.cells]
        return np.array([[nan if one is None else one for one in row] for row in found], dtype=np.float64)


def _span(values: Array, form: str) -> str:
    """ "1.2 to 3.4"; "1.2" where all are alike to these digits."""
    low, high = format(values.min(), form), format(values.max(), form)
    return low if low == high else f"{low} to {high}"


@dataclass(frozen=True)
class Atlas:
    """All maps of an architecture, and what they are maps of."""

    subject: Subject
    measure: str
    unit: str
    seeds: tuple[int, ...]
    raster: Raster
    maps: tuple[Map, ...]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return (
            f"<Atlas: {self.measure} in {len(self.maps):,} maps of {self.family:,} cells, {count_of(self.seeds)}, "
            f"on {self.raster.columns}x{self.raster.rows} points>"
        )

    def cells(self) -> Iterator[tuple[Map, Cell]]:
        """Every cell with the map it is of."""
        return ((of, cell) for of in self.maps for row in of.cells for cell in row)

    @property
    def family(self) -> int:
        """How many cells there are: the measure's intervals hold for all of them together, and so do the factor's."""
        return sum(1 for _ in self.cells())

    def caveat(self) -> str:
        """What its intervals are, in a line; empty for one cell."""
        if len(self.seeds) < fewest(level_of(self.family)):
            return too_few(len(self.seeds), self.family, "cells")
        return f"intervals hold with 95% for all {self.family} cells together" if self.family > 1 else ""

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> list[str]:
        """What was mapped, and what the maps say, a line each."""
        size = f"{self.raster.columns}x{self.raster.rows}"
        head = f"{self.subject.title}: {self.measure} ({self.unit}), {count_of(self.seeds)}, on {size} points"
        said = [self.caveat()] if self.caveat() else []
        return [head, *(one.sentence(self.measure) for one in self.maps), *said, *self.notes]

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "architecture": self.subject.text,
            "measure": self.measure,
            "unit": self.unit,
            "seeds": list(self.seeds),
            "raster": self.raster.to_data(),
            "family": self.family,
            "level": level_of(self.family),
            "method": METHOD,
            "cells": [
                {
                    "activation": of.activation,
                    of.axes[0]: cell.column,
                    of.axes[1]: cell.row,
                    "architecture": str(cell.architecture),
                    "value": summary(cell.value),
                    **dict(zip(("factor", "factor_low", "factor_high"), ends(cell.growth), strict=True)),
                    "closed_form": cell.theory,
                    "reason": cell.reason or None,
                }
                for of, cell in self.cells()
            ],
            "notes": list(self.notes),
        }

    def csv(self) -> str:
        """One line a cell, with all digits."""
        header = (
            "activation", "scale", "shift", "depth", "width", self.measure, "low", "high", "unit",
            "factor", "factor_low", "factor_high", "closed_form", "factor_over_closed_form", "reason",
        )  # fmt: skip

        def line(of: Map, cell: Cell) -> list[object]:
            place = {of.axes[0]: cell.column, of.axes[1]: cell.row}
            at = [place.get(axis) for axis in ("scale", "shift", "depth", "width")]
            value, factor = ends(cell.value.interval), ends(cell.growth)
            return [of.activation, *at, *value, self.unit, *factor, cell.theory, cell.gap, cell.reason]

        return table(header, (line(of, cell) for of, cell in self.cells()))


def atlas(
    given: What = ARCHITECTURE,
    *,
    activations: Sequence[str] = ACTIVATIONS,
    scales: Sequence[str] = SCALES,
    shifts: Sequence[str] = SHIFTS,
    depths: Sequence[int] = DEPTHS,
    widths: Sequence[int] = WIDTHS,
    measure: str = MEASURE,
    seeds: int | Iterable[int] = SEEDS,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    progress: Report | None = None,
) -> Atlas:
    """Maps of `measure` for every activation, over scale x shift and over depth x width of the architecture.

    The architecture may be a text. Scales and shifts are numbers or distributions as in the language, "normal(2)". No
    depths or no widths leave the second kind of map out. `seeds` are so many, or these. Fields are calibrated on the
    view they are measured on, `raster`, or `size` and `plane`: 64x64 points of the default plane unless said.
    Errors: InputError for weights that no seed gives, for more than 2,000 cells; those of `change` and `deepened`;
    UnsupportedError where the measure does not apply.

    >>> options = {"activations": ["tanh"], "shifts": ["0"], "depths": (), "seeds": 6, "size": (16, 16)}
    >>> nw.atlas("conv(4) * 2", scales=["1", "5"], **options).maps[0].values().shape
    (1, 2)
    >>> nw.atlas("conv(4) * 2", scales=[], **options)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: atlas of 0 cells: must be 1 to 2,000; name fewer scales, shifts or sizes
    """
    subject = as_subject(given, "atlas")
    subject.seeded("an atlas has nothing to vary; name an architecture")
    one = find(measure)
    cells = len(activations) * (len(scales) * len(shifts) + len(depths) * len(widths))
    if not cells or cells > MAX_CELLS:
        raise InputError(f"atlas of {cells:,} cells: must be 1 to {MAX_CELLS:,}; name fewer scales, shifts or sizes")
    # every architecture is read before the first is measured: a slip in the last one is said at once
    plans = list(_plans(subject, activations, (scales, shifts), (widths, depths)))
    shown = view("atlas", Raster(SIDE, SIDE), raster, size=size, plane=plane)
    listed = seeds_of(seeds)
    cell = partial(_cell, measure=measure, seeds=listed, raster=shown, cells=cells)
    maps, done = [], 0
    for act, axes, columns, rows, architectures in plans:
        found = []
        for row, line in zip(rows, architectures, strict=True):
            made = []
            for column, one_of_them in zip(columns, line, strict=True):
                if progress is not None:
                    progress(f"mapping {measure}", done, cells)
                made.append(cell(column, row, one_of_them))
                done += 1
            found.append(tuple(made))
        maps.append(Map(act, axes=axes, columns=columns, rows=rows, cells=tuple(found)))
    return Atlas(
        subject,
        measure=measure,
        unit=one.unit,
        seeds=listed,
        raster=shown,
        maps=tuple(maps),
        notes=_notes(maps, len(listed)),
    )


# what is said of cells whose values are not those of the networks' functions
ROUNDED = (
    "rounding: off by more than a thousandth of the deviation in some seeds, of which float64 keeps too few digits"
)


def _notes(maps: Sequence[Map], seeds: int) -> tuple[str, ...]:
    """Where something is absent, and why: one line a reason."""
    why: dict[str, list[str]] = {}
    for of in maps:
        for cell in (cell for row in of.cells for cell in row if cell.reason):
            place = f"{of.activation} {of.axes[0]} {cell.column} {of.axes[1]} {cell.row}"
            some = "" if not 0 < cell.value.present < seeds else f" ({seeds - cell.value.present} of {seeds} seeds)"
            why.setdefault(cell.reason, []).append(place + some)
    return tuple(
        f"{reason}: at {', '.join(places[:3])}{f' and {len(places) - 3} more places' if len(places) > 3 else ''}"
        for reason, places in why.items()
    )


Plan = tuple[str, tuple[str, str], tuple[str, ...], tuple[str, ...], list[list[Architecture]]]


def _plans(
    subject: Subject,
    activations: Sequence[str],
    norms: tuple[Sequence[str], Sequence[str]],
    sizes: tuple[Sequence[int], Sequence[int]],
) -> Iterator[Plan]:
    """The maps to make: activation, axes, the names of columns and rows, and architectures[row][column]."""

    def changed(act: str, scale: str | None = None, shift: str | None = None) -> Architecture:
        return change(subject, act=act, scale=scale, shift=shift).seeded("an atlas has nothing to vary")

    (scales, shifts), (widths, depths) = norms, sizes
    for act in activations:
        if scales and shifts:
            by_norm = [[changed(act, scale, shift) for scale in scales] for shift in shifts]
            yield act, ("scale", "shift"), tuple(scales), tuple(shifts), by_norm
        if widths and depths:
            by_size = [[widened(deepened(changed(act), depth), width) for width in widths] for depth in depths]
            yield act, ("width", "depth"), tuple(map(str, widths)), tuple(map(str, depths)), by_size


def _cell(
    column: str, row: str, architecture: Architecture, measure: str, seeds: Sequence[int], raster: Raster, cells: int
) -> Cell:
    theory, why = closed_form(architecture)
    # without a derivative there is no growth, which is no error
    optional = () if measure == GROWTH else (GROWTH,)
    (found,) = ensembles(
        (architecture,),
        tuple(dict.fromkeys((measure, GROWTH))),
        seeds=seeds,
        raster=raster,
        calibration=raster,
        exact=False,
        details=False,
        optional=optional,
    )
    value = found.summary(measure, level=level_of(cells))
    factor = found.summary(GROWTH, level=level_of(cells)).interval
    return Cell(
        column,
        row=row,
        architecture=architecture,
        value=value,
        growth=factor,
        theory=theory,
        reason=value.reason or (ROUNDED if found.inexact() else why),
    )


def closed_form(architecture: Architecture) -> tuple[float | None, str]:
    """The growth factor that theory expects of every layer; or None and why it expects none.

    It does where every layer is a convolution with the shared activation, under the shared spatial normalisation.
    """
    norm = architecture.norm
    if not isinstance(norm, Spatial) or not _plain(architecture.tree):
        return None, "no closed form: it is that of plain layers, one after another, under one spatial normalisation"
    try:
        found = growth.factor(architecture.act, norm.scale, norm.shift)
    except (InputError, UnsupportedError) as error:
        return None, f"no closed form: {error}"
    return (found, "") if isfinite(found) else (None, "no closed form: it is not finite there")


def _plain(layer: Layer) -> bool:
    if isinstance(layer, Conv):
        return isinstance(layer.act, Unset) and isinstance(layer.norm, Unset)
    return isinstance(layer, Row | Repeat) and all(map(_plain, children(layer)))
