"""What `netwarp measure` and `netwarp measures` show: the measures of a Subject as rows, as data, as a CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netwarp.architecture.architecture import Architecture
from netwarp.measures.intervals import LEVEL, METHOD, fewest
from netwarp.measures.measure import SIDE
from netwarp.measures.registry import Measure, find, names
from netwarp.network.network import Network
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.plane import Calibration, Plane, Raster, calibrated_on
from netwarp.progress import Report, stage
from netwarp.study.ensemble import Ensemble, ensembles
from netwarp.study.seeds import seeds_of
from netwarp.study.words import count_of, summary, table, too_few

SEEDS = 32
OWN = "each 95% interval is for its measure alone: not corrected for how many measures there are"


@dataclass(frozen=True)
class Measured:
    """The measures of a Subject; `seeds` is None where its weights are given, and there is one Field only."""

    subject: Subject
    seeds: tuple[int, ...] | None
    raster: Raster
    calibration: Raster
    ensemble: Ensemble

    def sentences(self) -> list[str]:
        """What was measured, and what a reader must know of the intervals, a line each."""
        view = f"on {self.raster.columns}x{self.raster.rows} points"
        if self.seeds is None:
            one = "its weights are given, so there is one Field: values without an interval"
            return [f"{self.subject.name}, {view}", one]
        lines = [f"{self.subject.title}, {count_of(self.seeds)}, {view}"]
        if len(self.seeds) < fewest():
            lines.append(too_few(len(self.seeds)))
        elif len(self.ensemble.measurements) > 1:
            lines.append(OWN)
        return lines

    def rows(self) -> list[tuple[str, ...]]:
        """One a measure: the columns of `ensemble.HEADER`."""
        return self.ensemble.rows()

    def notes(self) -> list[str]:
        """What rounding makes of the values, how some were taken, and why others have none, or none for some seeds."""
        seeds = len(self.ensemble.seeds)
        why: dict[str, list[str]] = {}
        for one in self.ensemble.summaries():
            if one.present < seeds:
                where = "" if not one.present else f" in {seeds - one.present} of {seeds} seeds"
                why.setdefault(f"absent{where}: {one.reason}", []).append(one.name)
        for name, ones in self.ensemble.measurements.items():
            kinds = [one.details["by"] for one in ones if "by" in one.details]
            if len(set(kinds)) > 1:
                exact = kinds.count("tessellation")
                why.setdefault(
                    f"exact in {exact} of {len(kinds)} seeds, of pixels where cells are too many", []
                ).append(name)
            for note in dict.fromkeys(one.note for one in ones if one.note):
                count = sum(one.note == note for one in ones)
                where = "" if count == seeds else f"in {count} of {seeds} seeds "
                why.setdefault(where + note, []).append(name)
        said = self.ensemble.inexact()
        return [*([said] if said else []), *(f"{', '.join(names)}: {reason}" for reason, names in why.items())]

    def data(self) -> dict[str, object]:
        """Plain data, for JSON: what was measured and every measure, with its value at every seed."""
        return {
            "subject": self.subject.name,
            "architecture": self.subject.text,
            "weights": self.subject.file,
            "activation": self.subject.activation,
            "seeds": None if self.seeds is None else list(self.seeds),
            "raster": self.raster.to_data(),
            "calibration": self.calibration.to_data(),
            "level": LEVEL,
            "family": 1,
            "method": METHOD,
            "rounding": [one.data() for one in self.ensemble.roundings],
            "notes": self.notes(),
            "measures": {
                one.name: summary(one) | {"values": [taken.value for taken in self.ensemble.measurements[one.name]]}
                for one in self.ensemble.summaries()
            },
        }

    def csv(self) -> str:
        """One line a measure: what the table says, with all digits."""
        keys = ("value", "low", "high", "ramp", "noise", "resolved", "present", "unit", "reason")
        found = ((one.name, summary(one)) for one in self.ensemble.summaries())
        return table(("measure", *keys), ([name, *(data[key] for key in keys)] for name, data in found))


def measured(
    subject: Subject,
    wanted: str | Sequence[str] | None = None,
    *,
    seeds: int | Iterable[int] | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    progress: Report | None = None,
) -> Measured:
    """The measures `wanted` of a Subject, by study.ensemble: of 32 seeds unless given; of its one Field where its
    weights are given, whatever the seeds. 256x256 points of its own plane, statistics of 600x400, unless given.

    Errors: as measures.measure.measure; InputError for no seeds.
    """
    recipe = subject.recipe
    own = Raster(plane=subject.plane or Plane()) if recipe is None else recipe.calibration
    settled = calibrated_on(own, calibration)
    shown = settled.plane if recipe is None else recipe.raster.plane
    raster = Raster(*(size or (SIDE, SIDE)), plane or shown)
    chosen: tuple[int, ...] | None
    source: Architecture | Network
    match subject.source:
        case OwnWeights(network):
            source, chosen = network, None
        case architecture:
            source, chosen = architecture, seeds_of(SEEDS if seeds is None else seeds)
    report = stage(progress, "measuring")
    seen = chosen or (0,)
    (found,) = ensembles(
        (source,), wanted, seeds=seen, raster=raster, calibration=settled, details=False, progress=report
    )
    return Measured(subject, seeds=chosen, raster=raster, calibration=settled, ensemble=found)


def catalogue(wanted: Sequence[str] | None = None) -> list[Measure]:
    """The measures of these names; all, in the order they are listed, unless given. Errors: InputError."""
    return [find(name) for name in (names() if wanted is None else wanted)]


def described(one: Measure) -> dict[str, object]:
    """A measure as plain data, for JSON."""
    return {
        "name": one.name,
        "definition": one.definition,
        "formula": one.formula,
        "unit": one.unit,
        "source": one.source,
        "applies_to": one.applies,
        "on_a_raster": one.on_raster,
        "extra": one.extra,
        "version": one.version,
    }
