"""diff: what of a study would run into a store that holds another version of it, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from netwarp.plane import Raster
from netwarp.study.grid.models import changed_files, changed_sentence
from netwarp.study.grid.points import described
from netwarp.study.grid.settings import ranges_of
from netwarp.study.grid.study import Study
from netwarp.study.runs import MEANING, Run, Source, batches

Wanted = Sequence[tuple[str, int]]
# why a run would run; of several reasons the first here is given
Why = Literal["meaning", "raster", "point", "seed", "measure", "version", "left"]
WHYS: Final[tuple[Why, ...]] = ("meaning", "raster", "point", "seed", "measure", "version", "left")
NAMED: Final = 3


class Planned(Protocol):
    """What a store is for."""

    @property
    def study(self) -> Mapping[str, object]: ...
    @property
    def wanted(self) -> Wanted: ...


class Held(Protocol):
    """What is asked of a store."""

    def planned(self) -> Planned: ...
    def missing(self, runs: Iterable[Run], wanted: Wanted) -> list[tuple[Run, tuple[tuple[str, int], ...]]]: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """How many runs would run for this reason, and what it is about, in words."""

    why: Why
    runs: int
    what: str


@dataclass(frozen=True, slots=True)
class Version:
    """A measure whose values are of an older version than netwarp's now."""

    measure: str
    stored: int
    now: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What of a study would run into a store, and what the store was for that the study no longer asks for.

    Of `total` runs `there` have all their measures, or failed and need a retry; the others are in `reasons`. Of these
    `partly` have some of their measures, and run for those that they lack. Measures of `versions` changed their
    meaning: they run only once that is accepted. Files of models in `changed` have other bytes. `dropped` are clauses
    on what is not asked for any more; it stays in the store.
    """

    total: int
    there: int
    partly: int
    reasons: tuple[Reason, ...]
    versions: tuple[Version, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def to_do(self) -> int:
        """How many runs would run."""
        return self.total - self.there

    def sentences(self) -> list[str]:
        """All of it in words, a line each."""
        partly = f", {self.partly:,} of them only for measures that they lack" if self.partly else ""
        found = [f"{self.total:,} runs: {self.there:,} are there, {self.to_do:,} would run{partly}"]
        found += [f"{one.runs:,} {'run' if one.runs == 1 else 'runs'}: {one.what}" for one in self.reasons]
        found += [
            f"measure {one.measure}: its meaning changed from version {one.stored} to {one.now}; "
            "it runs only with --accept-versions"
            for one in self.versions
        ]
        found += map(changed_sentence, self.changed)
        return [*found, *(f"no longer asked for, and kept: {clause}" for clause in self.dropped)]

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "total": self.total,
            "there": self.there,
            "partly": self.partly,
            "to_do": self.to_do,
            "reasons": [{"why": one.why, "runs": one.runs, "what": one.what} for one in self.reasons],
            "versions": [{"measure": one.measure, "stored": one.stored, "now": one.now} for one in self.versions],
            "changed": list(self.changed),
            "dropped": list(self.dropped),
        }


def diff(store: Held, study: Study, *, runs: Iterable[Run] | None = None) -> Difference:
    """What of `study` would run into `store`, by the store's own plan and what it holds. Nothing is written.

    `runs` are those of a part of the study, for the store of a shard. Errors: those of the store.
    """
    planned = store.planned()
    old = Study.from_data(planned.study)
    was, now = dict(planned.wanted), study.measures_wanted
    versions = tuple(Version(name, was[name], version) for name, version in now if was.get(name, version) != version)
    judge = _RunJudge(old, was, planned.study.get("meaning") != MEANING)
    counts: Counter[Why] = Counter()
    points: dict[Source, None] = {}
    total = lacking = partly = 0
    for batch in batches(study.runs() if runs is None else runs):
        total += len(batch)
        for run, measures in store.missing(batch, now):
            lacking += 1
            partly += len(measures) < len(now)
            why = judge.why(run, measures)
            counts[why] += 1
            if why == "point":
                points[run.source] = None
    told = _Words(old, study, was, points)
    reasons = tuple(Reason(why, counts[why], told.of(why)) for why in WHYS if counts[why])
    return Difference(
        total,
        there=total - lacking,
        partly=partly,
        reasons=reasons,
        versions=versions,
        changed=changed_files(planned.study, study.to_data()),
        dropped=tuple(_dropped(old, study, was)),
    )


class _RunJudge:
    """Says of a run that lacks measures what is new about it."""

    def __init__(self, old: Study, was: Mapping[str, int], meaning: bool) -> None:
        self._frames = old.frames
        self._seeds = None if old.models else set(old.seeds)
        self._was = was
        self._meaning = meaning

    def why(self, run: Run, lacking: Wanted) -> Why:
        if self._meaning:
            return "meaning"
        if run.source not in self._frames:
            return "point"
        if self._frames[run.source] != run.frame:
            return "raster"
        if self._seeds is not None and run.seed not in self._seeds:
            return "seed"
        kept = [self._was.get(name) == version for name, version in lacking]
        if any(kept):
            return "left"
        return "measure" if any(name not in self._was for name, _ in lacking) else "version"


@dataclass(frozen=True, slots=True)
class _Words:
    old: Study
    new: Study
    was: Mapping[str, int]
    points: Mapping[Source, None]

    def of(self, why: Why) -> str:
        match why:
            case "meaning":
                return "networks of the same architecture and seed are others in this netwarp"
            case "raster":
                return f"the raster is {_frame(self.new)}, and was {_frame(self.old)}"
            case "point":
                new = [one for one in self.new.points() if one.source in self.points]
                named = "; ".join(described(one.values) for one in new[:NAMED])
                more = f"; and {len(new) - NAMED:,} more" if len(new) > NAMED else ""
                return f"{len(new):,} new {'point' if len(new) == 1 else 'points'}: {named}{more}"
            case "seed":
                return f"new seeds: {_ranges(sorted(set(self.new.seeds) - set(self.old.seeds)))}"
            case "measure":
                return f"new measures: {', '.join(name for name in self.new.measures if name not in self.was)}"
            case "version":
                return "only measures whose meaning changed"
            case "left":
                return "not done yet"


def _dropped(old: Study, new: Study, was: Mapping[str, int]) -> Iterator[str]:
    points = sum(source not in new.frames for source in old.frames)
    if points:
        yield f"{points:,} {'architecture or model' if points == 1 else 'architectures or models'}"
    if not old.models and not new.models and (seeds := sorted(set(old.seeds) - set(new.seeds))):
        yield f"seeds {_ranges(seeds)}"
    if old.frame != new.frame:
        yield f"values on the raster {_frame(old)}"
    if measures := [name for name in was if name not in new.measures]:
        yield f"measures {', '.join(measures)}"


def _ranges(seeds: Sequence[int]) -> str:
    parts = [f"{first}" if first == last else f"{first}..{last}" for first, last in ranges_of(seeds)]
    return ", ".join(parts[:NAMED]) + (f", and {len(parts) - NAMED:,} more" if len(parts) > NAMED else "")


def _frame(study: Study) -> str:
    frame = study.frame
    calibrated = "" if frame.calibration == frame.raster else f", calibrated on {_raster(frame.calibration)}"
    return f"{_raster(frame.raster)}{calibrated}"


def _raster(raster: Raster) -> str:
    plane = raster.plane
    ends = plane.x - plane.width / 2, plane.x + plane.width / 2, plane.y - plane.height / 2, plane.y + plane.height / 2
    return f"{raster.columns}x{raster.rows} on [{', '.join(f'{end:g}' for end in ends)}]"
