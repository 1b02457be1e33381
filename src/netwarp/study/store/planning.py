"""What a store is to hold: the study's measures, points and runs, and the counters of how far it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import index
from typing import Final, Protocol

from netwarp.checks import mapping, string
from netwarp.study.grid.place import BYTES
from netwarp.study.runs import Run, RunFrame, Source
from netwarp.study.store.faults import StoreError
from netwarp.study.store.kinds import kinds, refuse_other_kinds
from netwarp.study.store.naming import NO_SEED, canonical, frame_text, name_frame, name_measure, name_source
from netwarp.version import VERSION

# a run is done where it has a value, or a reason for none, of every measure that is wanted
DONE = """(SELECT count(*) FROM taken WHERE taken.run = runs.id AND taken.measure IN (SELECT measure FROM wanted))
  = (SELECT count(*) FROM wanted)"""
PLANNED = """planned JOIN runs ON runs.source = planned.source AND runs.frame = planned.frame
  AND runs.seed BETWEEN planned.first AND planned.last"""
IN_PLAN = """EXISTS (SELECT 1 FROM planned WHERE planned.source = runs.source AND planned.frame = runs.frame
  AND runs.seed BETWEEN planned.first AND planned.last)"""


Runs = Callable[[], Iterable[Run]]


class Pointed(Protocol):
    """One combination of factors, and the source that it comes to."""

    @property
    def values(self) -> Mapping[str, object]: ...
    @property
    def source(self) -> Source: ...


class Plannable(Protocol):
    """What a store asks of a study."""

    @property
    def name(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def measures_wanted(self) -> Sequence[tuple[str, int]]: ...
    def runs(self) -> Iterator[Run]: ...
    def points(self) -> Iterator[Pointed]: ...
    def to_data(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What a store is for: the study's name and data, the measures wanted, and the part of it, as in "2/16"."""

    name: str
    study: Mapping[str, object]
    wanted: tuple[tuple[str, int], ...]
    factors: tuple[str, ...]
    frames: tuple[str, ...]  # canonical JSON of each: meaning, raster, calibration
    shard: str | None
    whole: int  # runs of the whole study
    total: int  # runs of this part
    lacking: tuple[str, ...] = ()  # the parts that were not merged in, as in "2/16"; none of a store of one part

    @property
    def elsewhere(self) -> int:
        """How many runs are of parts that were not merged in; none of a store that is itself of one part."""
        return 0 if self.shard is not None else max(0, self.whole - self.total)

    @property
    def elsewhere_sentence(self) -> str:
        """What was not merged in, in words; empty where nothing lacks."""
        if not self.elsewhere:
            return ""
        runs = f"{self.elsewhere:,} {'run is' if self.elsewhere == 1 else 'runs are'}"
        return f"{runs} of parts that are not merged in{': ' if self.lacking else ''}{', '.join(self.lacking)}"


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far a study is. `total` is done + failed + to_do; of those to do, `running` are with a worker now."""

    total: int
    done: int
    to_do: int
    failed: int
    running: int

    def sentence(self, *, running: bool = False) -> str:
        """The counts in words; with those that a worker has now, where `running` asks for them and there are some."""
        held = f", {self.running:,} of them with a worker" if running and self.running else ""
        return f"{self.done:,} done, {self.to_do:,} to do{held}, {self.failed:,} failed"

    def data(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return asdict(self)


_PLAN_KINDS: Final = kinds((str, type(None)), int, int)
_WANTED_KINDS: Final = kinds(str, int)
_TEXT_KINDS: Final = kinds(str)


def plan_of(connection: sqlite3.Connection) -> StoredPlan:
    name, study, shard, whole, total = connection.execute(
        "SELECT name, study, shard, whole, total FROM plan"
    ).fetchone()
    wanted = connection.execute(
        "SELECT name, version FROM wanted JOIN measures ON measures.id = wanted.measure ORDER BY place"
    ).fetchall()
    factors = connection.execute("SELECT name FROM factors ORDER BY place").fetchall()
    frames = connection.execute(
        "SELECT data FROM frames WHERE id IN (SELECT frame FROM planned) ORDER BY data"
    ).fetchall()
    refuse_other_kinds([(shard, whole, total)], _PLAN_KINDS, "plan")
    refuse_other_kinds(wanted, _WANTED_KINDS, "measures")
    refuse_other_kinds(factors, _TEXT_KINDS, "factors")
    refuse_other_kinds(frames, _TEXT_KINDS, "frames")
    return StoredPlan(
        name=string(name, "name", BYTES),
        study=mapping(json.loads(study), "study"),
        wanted=tuple(wanted),
        factors=tuple(factor for (factor,) in factors),
        frames=tuple(frame for (frame,) in frames),
        shard=shard,
        whole=whole,
        total=total,
        lacking=_lacking(connection) if shard is None and total < whole else (),
    )


def _lacking(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The shards that no merged store was of."""
    texts = connection.execute("SELECT text FROM shards").fetchall()
    refuse_other_kinds(texts, _TEXT_KINDS, "shards")
    found = (text.partition("/") for (text,) in texts)
    there = {(int(part), int(of)) for part, _, of in found if part.isdecimal() and of.isdecimal()}
    counts = sorted({of for _, of in there})
    return tuple(f"{part}/{of}" for of in counts for part in range(1, of + 1) if (part, of) not in there)


def plan(
    connection: sqlite3.Connection, study: Plannable, *, shard: str | None = None, runs: Runs | None = None
) -> None:
    """Takes a study in, changed or not, within the caller's transaction. What was done stays, planned or not.

    Errors: StoreError for another study's name, and where `runs` has one twice.
    """
    data = study.to_data()
    wanted = tuple((name, version) for name, version in study.measures_wanted)
    first = next(iter(study.runs()), None)
    basis = basis_of(data, wanted, shard, [] if first is None else [frame_text(first.frame)])
    row = connection.execute("SELECT name, basis FROM plan").fetchone()
    if row is not None and row[0] != study.name:
        raise StoreError(f"study {study.name!r}: the folder holds the study {row[0]!r}; choose another folder")
    if row is not None and row[1] == basis:
        return
    for table in ("wanted", "factors", "points", "planned"):
        connection.execute(f"DELETE FROM {table}")
    measures = [name_measure(connection, name, version) for name, version in wanted]
    connection.executemany("INSERT INTO wanted VALUES (?, ?)", enumerate(measures))
    _keep_points(connection, study.points())
    total = _keep_runs(connection, study.runs() if runs is None else runs())
    connection.execute("DELETE FROM plan")
    connection.execute(
        "INSERT INTO plan VALUES (1, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
        (study.name, json.dumps(data), basis, shard, study.total, total),
    )
    recount(connection)


def basis_of(
    study: Mapping[str, object], wanted: Sequence[tuple[str, int]], shard: str | None, frames: Sequence[str]
) -> str:
    """What a plan and its counters follow from; another netwarp may write architectures otherwise."""
    return canonical([VERSION, study, wanted, shard, frames])


def counts_of(connection: sqlite3.Connection) -> HowFar:
    row = connection.execute("SELECT total, done, failed, running FROM plan").fetchone()
    total, done, failed, running = map(index, row)
    return HowFar(total=total, done=done, to_do=total - done - failed, failed=failed, running=running)


def counted(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many of the planned runs are done and how many failed, counted one by one."""
    (done,) = connection.execute(f"SELECT count(*) FROM {PLANNED} WHERE {DONE}").fetchone()
    # the few that failed are looked up from their own index
    (failed,) = connection.execute(
        f"SELECT count(*) FROM runs WHERE failure IS NOT NULL AND NOT {DONE} AND {IN_PLAN}"
    ).fetchone()
    return done, failed


def recount(connection: sqlite3.Connection) -> None:
    """Sets the counters to what is there, within the caller's transaction."""
    connection.execute("UPDATE plan SET done = ?, failed = ?", counted(connection))


def _keep_points(connection: sqlite3.Connection, points: Iterable[Pointed]) -> None:
    factors: dict[str, int] = {}
    for place, point in enumerate(points):
        for name in point.values:
            factors.setdefault(name, len(factors))
        values = [point.values.get(name) for name in factors]
        connection.execute(
            "INSERT INTO points VALUES (?, ?, ?)", (place, name_source(connection, point.source), canonical(values))
        )
    connection.executemany("INSERT INTO factors VALUES (?, ?)", ((place, name) for name, place in factors.items()))


def _keep_runs(connection: sqlite3.Connection, runs: Iterable[Run]) -> int:
    """The runs as ranges of seeds; how many they are."""
    source: Source | None = None
    frame: RunFrame | None = None
    place: tuple[int, int] = (0, 0)
    first = last = total = 0
    kept: list[tuple[int, int, int, int]] = []
    for run in runs:
        seed = NO_SEED if run.seed is None else run.seed
        total += 1
        if run.source == source and run.frame == frame and seed == last + 1:
            last = seed
            continue
        if source is not None:
            kept.append((*place, first, last))
        if len(kept) >= 1000:
            _keep_ranges(connection, kept)
            kept.clear()
        if run.source != source or run.frame != frame:
            source, frame = run.source, run.frame
            place = name_source(connection, source), name_frame(connection, frame)
        first = last = seed
    if source is not None:
        kept.append((*place, first, last))
    _keep_ranges(connection, kept)
    return total


def _keep_ranges(connection: sqlite3.Connection, kept: list[tuple[int, int, int, int]]) -> None:
    try:
        connection.executemany("INSERT INTO planned VALUES (?, ?, ?, ?)", kept)
    except sqlite3.IntegrityError:
        raise StoreError("study: has a run twice; a plan names every run once") from None
