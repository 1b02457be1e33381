"""Ensemble: the same measures of one Architecture drawn from many seeds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from netwarp.fields.rounding import Rounding
from netwarp.measures.intervals import LEVEL, Interval, median
from netwarp.measures.measure import SIDE, choose, references_of
from netwarp.measures.measurements import Measurement, aligned, number
from netwarp.orders.what import What, as_subject
from netwarp.plane import Plane, Raster, view
from netwarp.progress import Progress
from netwarp.renamed import Renamed
from netwarp.study.evaluate import Row, Source, evaluate
from netwarp.study.seeds import by_point, seeds_of
from netwarp.study.words import between, count_of, resolved

HEADER = ("measure", "unit", "median", "95% interval", "ramp", "noise", "resolved")


@dataclass(frozen=True)
class Summary:
    """One measure over the seeds: the median with its interval, of the seeds where it has a value.

    `present` counts these, `resolved` those among them that are resolved on the raster (None where the measure is of no
    raster); `ramp` and `noise` are a plain ramp's and white noise's values, references and not ends (`floor` and
    `ceiling` in version 0.1); `reason` is why it is absent, for the first seed where it is.
    """

    name: str
    unit: str
    interval: Interval | None
    present: int
    resolved: int | None
    ramp: float | None
    noise: float | None
    reason: str
    of: int = 0  # seeds in all
    exact: int | None = None  # of the values, how many are of exact cells; None where the measure does not say

    floor = Renamed("ramp")
    ceiling = Renamed("noise")


@dataclass(frozen=True)
class Ensemble:
    """measurements[name][s] is the Measurement of seed seeds[s], roundings[s] how far off what was measured is."""

    seeds: tuple[int, ...]
    raster: Raster
    measurements: Mapping[str, tuple[Measurement, ...]]
    roundings: tuple[Rounding, ...] = field(default=())

    def __repr__(self) -> str:
        return (
            f"<Ensemble: {count_of(self.seeds)}, on {self.raster.columns}x{self.raster.rows} points; "
            f"measures: {len(self.measurements):,}>"
        )

    def values(self, name: str) -> NDArray[np.float64]:
        """(S,) the measure's value at every seed, NaN where it is absent."""
        found = [np.nan if one.value is None else one.value for one in self.measurements[name]]
        return np.array(found, dtype=np.float64)

    def summary(self, name: str, *, level: float = LEVEL) -> Summary:
        """The median over seeds, with its interval at `level`: its own, unless it is one of a family."""
        ones = self.measurements[name]
        there = [one for one in ones if one.value is not None]
        values = [one.value for one in there if one.value is not None]
        on_raster = any(one.resolved is not None for one in there)
        says = any("by" in one.details for one in there)
        return Summary(
            name,
            unit=ones[0].unit,
            interval=median(values, level=level) if values else None,
            present=len(there),
            resolved=sum(bool(one.resolved) for one in there) if on_raster else None,
            ramp=ones[0].ramp,
            noise=ones[0].noise,
            reason=next((one.reason for one in ones if one.value is None), ""),
            of=len(ones),
            exact=sum(one.details.get("by") == "tessellation" for one in there) if says else None,
        )

    def inexact(self) -> str:
        """One line where rounding makes what was measured another function than the network's; else empty."""
        far = [one for one in self.roundings if one.reported]
        if len(self.roundings) == 1 or not far:
            return self.roundings[0].sentence() if far else ""
        share = max(one.share for one in far)
        return (
            f"rounding: off by up to {share:.2g} of the deviation in {len(far)} of {len(self.roundings)} seeds; "
            "float64 has too few digits for these networks, and what is measured is not their function"
        )

    def rows(self) -> list[tuple[str, ...]]:
        """One a measure, HEADER's columns."""
        return [
            (
                one.name,
                one.unit,
                "absent" if one.interval is None else number(one.interval.value),
                between(one.interval),
                number(one.ramp),
                number(one.noise),
                resolved(one),
            )
            for one in self.summaries()
        ]

    def __str__(self) -> str:
        return "\n".join([count_of(self.seeds), aligned([HEADER, *self.rows()])])

    def summaries(self) -> list[Summary]:
        """One a measure, in the order asked for."""
        return [self.summary(name) for name in self.measurements]


def ensemble(
    given: What,
    wanted: str | Sequence[str] | None = None,
    *,
    seeds: int | Iterable[int] = 32,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Raster | None = None,
    exact: bool = True,
    details: bool = True,
    optional: Collection[str] = (),
    progress: Progress | None = None,
) -> Ensemble:
    """The measures `wanted` (all unless named) of the networks that `seeds`, so many or these, give.

    `given` is an architecture, or a text that names one. Each network is calibrated on `calibration` (600x400 unless
    given) and seen through `raster`, or `size` and `plane`: 256x256 of the calibration plane unless said. Without
    `exact` values that could be of exact cells are of pixels, as those of networks that have none; without `details`
    what only the measures' details need is left out. Of measures asked for by name those that are `optional` may not
    apply.
    Errors: as `measure`; InputError for no seeds, and for weights that no seed gives.

    >>> small = nw.Raster(32, 32)
    >>> found = nw.ensemble("conv(10) * 2", "mean_frequency", seeds=8, raster=small, calibration=small)
    >>> len(found.measurements["mean_frequency"])
    8
    >>> nw.ensemble("conv(10) * 2", seeds=[])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: seeds: there is none; at least one is needed
    """
    source = as_subject(given, "ensemble").seeded("there are no seeds to measure over; see nw.measure")
    settled = Raster() if calibration is None else calibration
    shown = view("ensemble", Raster(SIDE, SIDE, settled.plane), raster, size=size, plane=plane)
    (found,) = ensembles(
        (source,),
        wanted,
        seeds=seeds,
        raster=shown,
        calibration=settled,
        exact=exact,
        details=details,
        optional=optional,
        progress=progress,
    )
    return found


def ensembles(
    sources: Sequence[Source],
    wanted: str | Sequence[str] | None = None,
    *,
    seeds: int | Iterable[int],
    raster: Raster,
    calibration: Raster,
    exact: bool = True,
    details: bool = True,
    optional: Collection[str] = (),
    progress: Progress | None = None,
) -> list[Ensemble]:
    """As `ensemble`, of every source over the same seeds, in one loop; of a Network, which has one, over any seed."""
    chosen = choose(wanted)
    for one in chosen:
        references_of(one, raster)  # once, not once a thread
    names = tuple(one.name for one in chosen)
    by_name = wanted is not None and wanted != "all"
    work = partial(
        evaluate,
        raster=raster,
        calibration=calibration,
        measures=names,
        strict=frozenset(names).difference(optional) if by_name else (),
        exact=exact,
        details=details,
    )
    found = by_point(work, dict.fromkeys(((source,) for source in sources), seeds_of(seeds)), progress)
    return [_gathered(found[(source,)], raster, names) for source in sources]


def _gathered(rows: Sequence[Row], raster: Raster, names: Sequence[str]) -> Ensemble:
    return Ensemble(
        tuple(row.seed for row in rows),
        raster,
        {name: tuple(row.measurements[name] for row in rows) for name in names},
        tuple(row.rounding for row in rows),
    )
