"""Comparing models whose weights are given: the same measures on one plane. No seeds, so no intervals or verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netwarp.errors import InputError
from netwarp.measures.measurements import Measurement, aligned, number
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.plane import Calibration, Plane, Raster, calibrated_on, view
from netwarp.progress import Report, stage
from netwarp.study.ensemble import Ensemble, ensembles

SIDE = 128
NONE = "–"


@dataclass(frozen=True)
class ModelComparison:
    """Measures of models on one plane, `ensembles[i]` those of the model `names[i]`, of its one Field."""

    names: tuple[str, ...]
    raster: Raster
    ensembles: tuple[Ensemble, ...]

    def __str__(self) -> str:
        return "\n".join([*self.sentences(), "", aligned([self.header(), *self.rows()]), *self.notes()])

    def sentences(self) -> list[str]:
        """What was compared, and what a reader must know of it, a line each."""
        plane, size = self.raster.plane, f"{self.raster.columns}x{self.raster.rows}"
        x, y = (f"{middle - side / 2:g} to {middle + side / 2:g}" for middle, side in _sides(plane))
        return [
            f"{len(self.names)} models on one plane, x from {x} and y from {y}, on {size} points",
            "their weights are given, so there are no seeds: values without intervals, and no verdict",
        ]

    def header(self) -> tuple[str, ...]:
        """The columns of `rows`."""
        first, *later = self.names
        return ("measure", "unit", *self.names, *(f"{name} / {first}" for name in later), "resolved")

    def rows(self) -> list[tuple[str, ...]]:
        """One a measure: every model's value, and how many times as much as the first's each later one is."""
        found = []
        for name in self.ensembles[0].measurements:
            taken = self.taken(name)
            known = [one.resolved for one in taken if one.resolved is not None]
            found.append(
                (
                    name,
                    taken[0].unit,
                    *(number(one.value) for one in taken),
                    *(NONE if ratio is None else f"× {number(ratio)}" for ratio in self.ratios(name)),
                    "" if not known else "yes" if all(known) else "no",
                )
            )
        return found

    def taken(self, name: str) -> tuple[Measurement, ...]:
        """A measure of every model."""
        return tuple(one.measurements[name][0] for one in self.ensembles)

    def ratios(self, name: str) -> tuple[float | None, ...]:
        """Each later model's value over the first's; None where one is absent or not positive."""
        first, *later = (one.value for one in self.taken(name))
        return tuple(
            value / first if first is not None and value is not None and min(first, value) > 0 else None
            for value in later
        )

    def notes(self) -> list[str]:
        """What rounding makes of the values, how some were taken, and why others are absent: one line each."""
        whole = zip(self.names, self.ensembles, strict=True)
        found = [f"{name}: {said}" for name, one in whole if (said := one.inexact())]
        why: dict[str, list[str]] = {}
        for measure in self.ensembles[0].measurements:
            for name, one in zip(self.names, self.taken(measure), strict=True):
                for said in (one.note, f"absent: {one.reason}" if one.value is None else ""):
                    if said:
                        why.setdefault(f"{name}: {said}", []).append(measure)
        return [*found, *(f"{', '.join(measures)}: {said}" for said, measures in why.items())]

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "models": list(self.names),
            "seeds": None,
            "raster": self.raster.to_data(),
            "rounding": [[each.data() for each in one.roundings] for one in self.ensembles],
            "notes": self.notes(),
            "measures": {
                name: {
                    "unit": self.taken(name)[0].unit,
                    "values": [one.value for one in self.taken(name)],
                    "ratios": list(self.ratios(name)),
                    "resolved": [one.resolved for one in self.taken(name)],
                }
                for name in self.ensembles[0].measurements
            },
        }


def compare_models(
    subjects: Sequence[Subject],
    measures: str | Sequence[str] | None = None,
    *,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    progress: Report | None = None,
) -> ModelComparison:
    """The measures of models whose weights are given, on 128x128 points of one plane: `plane`, else about all homes.

    Errors: InputError for fewer than two, or for one whose weights a seed gives; as measures.measure.measure.
    """
    if len(subjects) < 2:
        raise InputError("compare: needs two models or more, as in first.npz second.npz; one is given")
    networks = []
    for subject in subjects:
        if not isinstance(subject.source, OwnWeights):
            raise InputError(f"compare: {subject.name} is drawn from seeds, and other models are not; give one kind")
        networks.append(subject.source.network)
    settled = calibrated_on(Raster(plane=_shared([subject.plane or Plane() for subject in subjects])), calibration)
    raster = view("compare", Raster(SIDE, SIDE, settled.plane), None, size=size, plane=plane)
    found = [
        ensembles(
            (network,),
            measures,
            seeds=(0,),
            raster=raster,
            calibration=settled,
            details=False,
            progress=stage(progress, f"measuring {subject.name}"),
        )[0]
        for subject, network in zip(subjects, networks, strict=True)
    ]
    return ModelComparison(_told_apart([subject.name for subject in subjects]), raster, tuple(found))


def _shared(planes: Sequence[Plane]) -> Plane:
    """The smallest rectangle about all; one that is shared stays itself, to the last digit."""
    if all(one == planes[0] for one in planes):
        return planes[0]
    along = zip(*map(_sides, planes), strict=True)
    x, y = ((min(at - side / 2 for at, side in one), max(at + side / 2 for at, side in one)) for one in along)
    return Plane.between(*x, *y)


def _sides(plane: Plane) -> tuple[tuple[float, float], tuple[float, float]]:
    """The centre and the length along x, and along y."""
    return (plane.x, plane.width), (plane.y, plane.height)


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, with a number where two are alike."""
    return tuple(
        name if names.count(name) == 1 else f"{name} {names[: at + 1].count(name)}" for at, name in enumerate(names)
    )
