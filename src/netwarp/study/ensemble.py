"""Ensemble: the same measures of one Architecture drawn from many seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.fields.rounding import Rounding
from netwarp.measures.intervals import LEVEL, Interval, median
from netwarp.measures.measure import SIDE, choose, references_of, take
from netwarp.measures.measurements import Measurement
from netwarp.measures.renamed import Renamed
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.progress import Progress

Draw = Callable[[int], Field]


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
            ones[0].unit,
            median(values, level=level) if values else None,
            len(there),
            sum(bool(one.resolved) for one in there) if on_raster else None,
            ones[0].ramp,
            ones[0].noise,
            next((one.reason for one in ones if one.value is None), ""),
            len(ones),
            sum(one.details.get("by") == "tessellation" for one in there) if says else None,
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

    def summaries(self) -> list[Summary]:
        """One a measure, in the order asked for."""
        return [self.summary(name) for name in self.measurements]


def ensemble(
    architecture: Architecture,
    wanted: str | Sequence[str] | None = None,
    *,
    seeds: Sequence[int] = range(32),
    raster: Raster | None = None,
    calibration: Raster | None = None,
    exact: bool = True,
    details: bool = True,
    progress: Progress | None = None,
) -> Ensemble:
    """Measures the Networks of `seeds`, each calibrated on `calibration` (600x400 by default) and seen on `raster`.

    `raster` is 256x256 on the calibration plane by default. Without `exact` values that could be of exact cells are of
    pixels, as those of networks that have none. Without `details` what only the measures' details need is left out.
    Errors: as `measure`; InputError for no seeds.
    """
    frame = Raster() if calibration is None else calibration
    return ensemble_of(
        lambda seed: calibrate(Network.draw(architecture, seed), frame),
        wanted,
        seeds=seeds,
        raster=Raster(SIDE, SIDE, frame.plane) if raster is None else raster,
        exact=exact,
        details=details,
        progress=progress,
    )


def ensemble_of(
    draw: Draw,
    wanted: str | Sequence[str] | None,
    *,
    seeds: Sequence[int],
    raster: Raster,
    exact: bool = True,
    details: bool = True,
    progress: Progress | None = None,
) -> Ensemble:
    """As `ensemble`, of the Fields that `draw` gives for the seeds. Seeds are spread over the cores."""
    if not len(seeds):
        raise InputError("seeds: there is none; at least one is needed")
    chosen = choose(wanted)
    strict = wanted is not None and wanted != "all"
    for one in chosen:
        references_of(one, raster)  # once, not once a thread
    found: list[dict[str, Measurement]] = [{} for _ in seeds]
    roundings = [Rounding(0.0) for _ in seeds]

    def work(_thread: int) -> Callable[[int], None]:
        def one_seed(place: int) -> None:
            specimen = Specimen(draw(seeds[place]), raster, exact=exact, details=details)
            found[place] = {one.name: take(one, specimen, strict=strict) for one in chosen}
            roundings[place] = specimen.rounding

        return one_seed

    with single_threaded():
        spread(range(len(seeds)), work, progress)
    measurements = {one.name: tuple(of_seed[one.name] for of_seed in found) for one in chosen}
    return Ensemble(tuple(seeds), raster, measurements, tuple(roundings))
