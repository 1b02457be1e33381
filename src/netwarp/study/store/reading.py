"""What is there already: which runs lack which measures, and which failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netwarp.study.runs import Run, Source
from netwarp.study.store.kinds import kinds, refuse_other_kinds
from netwarp.study.store.naming import NO_SEED, frame_number, frame_of, measure_number, source_number
from netwarp.study.store.planning import DONE, IN_PLAN

_APART: Final = 4_000  # seeds whose runs are looked up together

Wanted = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A planned run that failed: why, who tried it, and when (seconds since 1970)."""

    run: Run
    reason: str
    started: float
    seconds: float
    worker: int
    host: str


def missing(
    connection: sqlite3.Connection, runs: Iterable[Run], wanted: Wanted, *, retry_failed: bool = False
) -> list[tuple[Run, tuple[tuple[str, int], ...]]]:
    """The runs, in their order, that lack a measure, and which. One that failed lacks none, unless it is retried."""
    numbers = {measure: measure_number(connection, *measure) for measure in wanted}
    known = ", ".join(str(number) for number in numbers.values() if number is not None)
    query = f"""SELECT seed, id, failure, (SELECT count(*) FROM taken WHERE run = runs.id AND measure IN ({known}))
      FROM runs WHERE source = ? AND frame = ? AND seed BETWEEN ? AND ?"""
    found: list[tuple[Run, tuple[tuple[str, int], ...]]] = []
    for some in _alike(runs):
        place = source_number(connection, some[0].source), frame_number(connection, some[0].frame)
        seeds = [NO_SEED if run.seed is None else run.seed for run in some]
        rows = {row[0]: row[1:] for row in connection.execute(query, (*place, min(seeds), max(seeds)))}
        for run, seed in zip(some, seeds, strict=True):
            if seed not in rows:
                found.append((run, tuple(wanted)))
                continue
            number, failure, count = rows[seed]
            if count < len(wanted) and (failure is None or retry_failed):
                there = {n for (n,) in connection.execute("SELECT measure FROM taken WHERE run = ?", (number,))}
                found.append((run, tuple(measure for measure in wanted if numbers[measure] not in there)))
    return found


def _alike(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Lists of neighbours with one source and frame, and seeds no further apart than a few thousand."""
    some: list[Run] = []
    for run in runs:
        if some:
            first = some[0]
            if (run.source is not first.source and run.source != first.source) or (
                (run.frame is not first.frame and run.frame != first.frame)
                or abs((run.seed or 0) - (first.seed or 0)) > _APART
            ):
                yield some
                some = []
        some.append(run)
    if some:
        yield some


def failures(connection: sqlite3.Connection) -> Iterator[Failure]:
    """The planned runs that failed, ordered by meaning."""
    rows = connection.execute(
        f"""{_FAILURES} WHERE runs.failure IS NOT NULL AND NOT {DONE} AND {IN_PLAN}
        ORDER BY sources.kind, sources.text, frames.data, runs.seed"""
    ).fetchall()
    yield from map(_failure, rows)


def failure_kinds(connection: sqlite3.Connection, most: int) -> Iterator[tuple[int, Failure]]:
    """For the `most` commonest reasons in their order: how many planned runs failed of it, and one of them."""
    kinds = connection.execute(
        f"""SELECT count(*), min(id) FROM runs WHERE failure IS NOT NULL AND NOT {DONE} AND {IN_PLAN}
        GROUP BY failure ORDER BY count(*) DESC, min(id) LIMIT ?""",
        (most,),
    ).fetchall()
    for count, run in kinds:
        found = connection.execute(f"{_FAILURES} WHERE runs.id = ? AND runs.failure IS NOT NULL", (run,)).fetchone()
        # without a log a driver may have run it again in between
        if found is not None:
            yield count, _failure(found)


_FAILURES: Final = """SELECT sources.kind, sources.text, frames.data, runs.seed, reasons.text, runs.started,
  runs.seconds, runs.worker, hosts.text
  FROM runs JOIN sources ON sources.id = runs.source JOIN frames ON frames.id = runs.frame
  JOIN reasons ON reasons.id = runs.failure JOIN hosts ON hosts.id = runs.host"""


_FAILURE_KINDS: Final = kinds(str, str, str, int, str, float, float, int, str)


def _failure(row: tuple[Any, ...]) -> Failure:
    refuse_other_kinds([row], _FAILURE_KINDS, "runs")
    kind, text, frame, seed, reason, *running = row
    return Failure(Run(Source(text, kind), None if seed == NO_SEED else seed, frame_of(frame)), reason, *running)
