"""Comparing architectures: the same measures over the same seeds, and what follows from them in a line.

All comparisons of one command, its measures times its later architectures, are one family: their intervals hold
together with 95%, and a verdict is what its interval excludes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from netwarp.architecture.architecture import Architecture
from netwarp.errors import InputError, shown
from netwarp.measures.intervals import METHOD, ends, fewest, level_of
from netwarp.measures.measure import choose
from netwarp.measures.measurements import aligned, number
from netwarp.orders.subject import Subject
from netwarp.orders.what import What, as_subject
from netwarp.plane import Calibration, Plane, Raster, calibrated_on, view
from netwarp.progress import Report, stage
from netwarp.study.contrasts import Contrast, contrasts
from netwarp.study.ensemble import Ensemble, ensembles
from netwarp.study.matching import Match, match
from netwarp.study.models import ModelComparison, compare_models
from netwarp.study.seeds import seeds_of
from netwarp.study.words import count_of, table, too_few

SEEDS = 64
SIDE = 128
HEADER = ("measure", "unit", "first", "second", "median change", "interval", "delta", "verdict", "to note")


@dataclass(frozen=True)
class Contender:
    """One of the architectures compared, as it was measured; `match` says how its width was changed, if it was."""

    name: str
    architecture: Architecture
    match: Match | None
    ensemble: Ensemble


@dataclass(frozen=True)
class Comparison:
    """Contenders, and for each but the first its contrasts with the first, one a measure."""

    seeds: tuple[int, ...]
    raster: Raster
    calibration: Raster
    contenders: tuple[Contender, ...]
    contrasts: tuple[tuple[Contrast, ...], ...]
    family: int  # comparisons that the intervals are corrected for

    @property
    def own(self) -> int:
        """How many comparisons it makes: measures asked times later architectures."""
        return sum(map(len, self.contrasts))

    def __repr__(self) -> str:
        return (
            f"<Comparison: {len(self.contenders):,} architectures, {count_of(self.seeds)}, "
            f"on {self.raster.columns}x{self.raster.rows} points; contrasts: {self.own:,}>"
        )

    def __str__(self) -> str:
        lines = self.sentences()
        for later, contender in enumerate(self.contenders[1:]):
            lines += ["", f"{contender.architecture} against {self.contenders[0].architecture}"]
            lines.append(aligned([HEADER, *self.rows(later)]))
        return "\n".join([*lines, *self.notes(), "", *map(self.verdict, range(len(self.contrasts)))])

    def sentences(self) -> list[str]:
        """What was compared, and what a reader must know of it, a line each."""
        found = [f"{count_of(self.seeds)}, the same for all, on {self.raster.columns}x{self.raster.rows} points"]
        found += [one.match.sentence() for one in self.contenders if one.match is not None]
        return found + self.caveats()

    def caveats(self) -> list[str]:
        """What rounding makes of the values, how much the same seeds mean, and the correction; a line each."""
        found = [f"{one.architecture}: {said}" for one in self.contenders if (said := one.ensemble.inexact())]
        found += [said for later in range(len(self.contrasts)) if (said := self.likeness(later))]
        if len(self.seeds) < fewest(level_of(self.family)):
            found.append(f"{too_few(len(self.seeds), self.family)}; and without one no verdict")
        elif self.family > 1:
            found.append(f"corrected for {self.family} comparisons: all their intervals hold together with 95%")
        return found

    def likeness(self, later: int) -> str:
        """How far the same seeds make the later architecture and the first alike; empty where it cannot be told."""
        known = [one.correlation for one in self.contrasts[later] if one.correlation is not None]
        if not known:
            return ""
        first, second = (self.contenders[place].architecture for place in (0, later + 1))
        middle = f"{float(np.median(known)):+.2f}"
        if len(known) > 1:
            middle = f"median {middle}, from {min(known):+.2f} to {max(known):+.2f} over {len(known)} measures"
        return f"same seeds: rank correlation of {second} with {first}: {middle.replace('-', '−')}"

    def rows(self, later: int) -> list[tuple[str, ...]]:
        """One a measure, HEADER's columns: median change is the median ratio, or the median difference.

        The medians are over the pairs that the ratios are of; their ratio is not the median of the ratios."""
        return [
            (
                one.name,
                one.unit,
                number(_median(one, 0)),
                number(_median(one, 1)),
                one.change(),
                one.interval(),
                "–" if one.delta is None else f"{one.delta:+.2f}".replace("-", "−"),
                one.word(),
                one.flag(),
            )
            for one in self.contrasts[later]
        ]

    def verdict(self, later: int) -> str:
        """A line: on how many measures the later architecture is more complex than the first, and on which it is less.

        A measure counts where the whole interval, corrected for the family, lies on one side of no change.
        """
        first, second = self.contenders[0], self.contenders[later + 1]
        head = f"{second.architecture} against {first.architecture}"
        said = [one for one in self.contrasts[later] if one.verdict is not None]
        if not said:
            return f"{head}: no verdict"
        more, less, open_ = ([one for one in said if one.verdict == kind] for kind in ("more", "less", "undecided"))
        parts = [f"more complex on {len(more)} of {len(said)} measures"]
        if less:
            parts.append(f"less on {len(less)}: {', '.join(one.fewer() for one in less)}")
        if open_:
            parts.append(f"undecided on {', '.join(one.name for one in open_)}")
        if self.family > 1:
            parts.append(f"corrected for {self.family} comparisons")
        if first.ensemble.inexact() or second.ensemble.inexact():
            parts.append("but of values that rounding has made, not the networks")
        return f"{head}: {'; '.join(parts)}"

    def notes(self) -> list[str]:
        """What is left out, and why: one line each."""
        found = []
        why: dict[tuple[str, str], list[str]] = {}
        for contender, ones in zip(self.contenders[1:], self.contrasts, strict=True):
            for one in ones:
                if one.reason:
                    # what has no value at all has the reason; where both have some, no seed has both
                    whose = self.contenders[0] if one.first.reason and not one.first.present else contender
                    names = why.setdefault((str(whose.architecture), one.reason), [])
                    names += [] if one.name in names else [one.name]
        found += [f"{whose}: no {', '.join(names)}: {reason}" for (whose, reason), names in why.items()]
        for contender, ones in zip(self.contenders[1:], self.contrasts, strict=True):
            for one in ones:
                reason = one.first.reason or one.second.reason
                if one.pairs and reason:
                    found.append(
                        f"{contender.architecture}: {one.name} is of {one.pairs} of {len(self.seeds)} pairs; the first "
                        f"of the others has none because {reason}"
                    )
        silent = [one.name for one in self.contrasts[0] if one.direction is None and not one.reason]
        if silent:
            found.append(f"neither more nor less complex by its value, and so in no verdict: {', '.join(silent)}")
        return found

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "seeds": list(self.seeds),
            "raster": self.raster.to_data(),
            "calibration": self.calibration.to_data(),
            "family": self.family,
            "level": level_of(self.family),
            "method": METHOD,
            "architectures": [str(one.architecture) for one in self.contenders],
            "rounding": [[each.data() for each in one.ensemble.roundings] for one in self.contenders],
            "matches": [None if one.match is None else one.match.data() for one in self.contenders],
            "contrasts": [
                {
                    "architecture": str(contender.architecture),
                    "verdict": self.verdict(later),
                    "measures": {one.name: one.data() | self._values(later, one.name) for one in self.contrasts[later]},
                }
                for later, contender in enumerate(self.contenders[1:])
            ],
        }

    def _values(self, later: int, name: str) -> dict[str, object]:
        """A measure's value at every seed, None where it is absent, of the first architecture and of a later one."""
        pair = (self.contenders[0], self.contenders[later + 1])
        return {"values": [[taken.value for taken in one.ensemble.measurements[name]] for one in pair]}

    def csv(self) -> str:
        """One line a later architecture and measure, with all digits."""
        header = (
            "architecture", "against", "measure", "unit", "first", "second", "pairs",
            "median_ratio", "median_ratio_low", "median_ratio_high",
            "median_difference", "median_difference_low", "median_difference_high",
            "family", "rank_correlation", "cliffs_delta", "verdict", "resolved", "reason",
        )  # fmt: skip

        def cells(contender: Contender, one: Contrast) -> list[object]:
            names = [str(contender.architecture), str(self.contenders[0].architecture), one.name, one.unit]
            values = [_median(one, 0), _median(one, 1), one.pairs, *ends(one.ratio), *ends(one.difference)]
            said = [one.family, one.correlation, one.delta, one.verdict, one.resolved, one.reason]
            return [*names, *values, *said]

        return table(
            header,
            (
                cells(contender, one)
                for contender, ones in zip(self.contenders[1:], self.contrasts, strict=True)
                for one in ones
            ),
        )


def compare(
    *given: What,
    measures: str | Sequence[str] | None = None,
    matched: str | None = None,
    seeds: int | Iterable[int] = SEEDS,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    family: int | None = None,
    progress: Report | None = None,
) -> Comparison | ModelComparison:
    """The `measures` of two architectures or more over the same seeds, each later one against the first.

    Of models, all of given weights, the `measures` side by side on one plane, a ModelComparison: `compare("a.npz",
    "b.npz")` has no seeds, so no intervals and no verdicts. `matched` and `family` are for architectures.

    Architectures may be texts: `compare("conv(20)", "conv(4) * 5", seeds=16)`. `seeds` are so many, or these.
    `matched` (units, parameters or flops) changes the width of the later ones to meet the budget of the first.
    The view is `raster`, or `size` and `plane`: 128x128 points of the calibration plane unless said; statistics are of
    600x400. `family` is how many comparisons there are in all, where these are some of more: the intervals hold
    together for so many.
    Errors: InputError for fewer than two, for some of given weights and others not, for a family smaller than the
    comparisons made; as measures.measure.measure.

    >>> options = {"measures": "mean_frequency", "raster": nw.Raster(32, 32), "calibration": nw.Raster(32, 32)}
    >>> print(nw.compare("conv(20)", "conv(4) * 5", seeds=8, **options).verdict(0))
    conv(4) * 5 against conv(20): more complex on 1 of 1 measures
    >>> print(nw.compare("conv(20)", "conv(4) * 5", seeds=2, **options).verdict(0))  # an interval takes 6 seeds
    conv(4) * 5 against conv(20): no verdict
    >>> nw.compare("conv(20)")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: compare: needs two architectures or more, ...; one is given
    """
    subjects = [as_subject(one, "compare") for one in given]
    if len(subjects) > 1 and all(one.network is not None for one in subjects):
        for option, value in (("matched", matched), ("family", family)):
            if value is not None:
                raise InputError(f"compare {option}={shown(value)}: is for architectures over seeds; leave it out")
        if raster is not None:
            raster = view("compare", Raster(), raster, size=size, plane=plane)
            size, plane = (raster.columns, raster.rows), raster.plane
        return compare_models(subjects, measures, size=size, plane=plane, calibration=calibration, progress=progress)
    return compare_architectures(
        subjects,
        measures=measures,
        matched=matched,
        seeds=seeds,
        raster=raster,
        size=size,
        plane=plane,
        calibration=calibration,
        family=family,
        progress=progress,
    )


def compare_architectures(
    subjects: Sequence[Subject],
    *,
    measures: str | Sequence[str] | None = None,
    matched: str | None = None,
    seeds: int | Iterable[int] = SEEDS,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    family: int | None = None,
    progress: Report | None = None,
) -> Comparison:
    """`compare` of architectures. Errors: as there, and InputError where the weights of some are given."""
    if len(subjects) < 2:
        said = "one is given" if subjects else "none is given"
        raise InputError(f"compare: needs two architectures or more, as in 'conv(100)' 'conv(10) * 10'; {said}")
    made = len(choose(measures)) * (len(subjects) - 1)
    if family is not None and family < made:
        raise InputError(f"family {family}: must be {made} or more, the comparisons made here; leave it out for {made}")
    settled = calibrated_on(Raster(), calibration)
    pixels = view("compare", Raster(SIDE, SIDE, settled.plane), raster, size=size, plane=plane)
    listed = seeds_of(seeds)
    chosen = [
        (one.name, one.seeded("there are no seeds to compare over; give architectures only, or models only"))
        for one in subjects
    ]
    matches = [None if matched is None else match(one, chosen[0][1], matched) for _, one in chosen[1:]]
    contenders = []
    for (name, own), fitted in zip(chosen, (None, *matches), strict=True):
        architecture = own if fitted is None else fitted.architecture
        report = stage(progress, f"measuring {name}")
        (found,) = ensembles(
            (architecture,), measures, seeds=listed, raster=pixels, calibration=settled, progress=report
        )
        contenders.append(Contender(name, architecture, fitted, found))
    return compared(contenders, settled, family or made)


def compared(contenders: Sequence[Contender], calibration: Raster, family: int) -> Comparison:
    """Contenders of the same seeds on one raster, compared among `family` comparisons in all."""
    first, *later = contenders
    found = tuple(contrasts(first.ensemble, one.ensemble, family=family) for one in later)
    return Comparison(
        first.ensemble.seeds,
        raster=first.ensemble.raster,
        calibration=calibration,
        contenders=tuple(contenders),
        contrasts=found,
        family=family,
    )


def _median(one: Contrast, end: int) -> float | None:
    """Over the pairs; where there is none, over the seeds that have a value."""
    if one.medians is not None:
        return one.medians[end]
    interval = (one.first, one.second)[end].interval
    return None if interval is None else interval.value
