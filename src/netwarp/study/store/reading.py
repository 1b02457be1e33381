"""What is there already: which runs lack which measures, and which failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from netwarp.study.runs import Frame, Run, Source
from netwarp.study.store.naming import NO_SEED, frame_number, frame_of, measure_number, source_number
from netwarp.study.store.planning import DONE, IN_PLAN

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
    known = [number for number in numbers.values() if number is not None]
    query = f"""SELECT id, failure, (SELECT count(*) FROM taken WHERE run = runs.id
      AND measure IN ({", ".join(map(str, known))})) FROM runs WHERE source = ? AND frame = ? AND seed = ?"""
    found: list[tuple[Run, tuple[tuple[str, int], ...]]] = []
    source: Source | None = None
    frame: Frame | None = None
    place: tuple[int | None, int | None] = (None, None)
    for run in runs:
        if run.source != source or run.frame != frame:
            source, frame = run.source, run.frame
            place = source_number(connection, source), frame_number(connection, frame)
        seed = NO_SEED if run.seed is None else run.seed
        row = connection.execute(query, (*place, seed)).fetchone()
        if row is None:
            found.append((run, tuple(wanted)))
        elif row[2] < len(wanted) and (row[1] is None or retry_failed):
            there = {n for (n,) in connection.execute("SELECT measure FROM taken WHERE run = ?", (row[0],))}
            found.append((run, tuple(measure for measure in wanted if numbers[measure] not in there)))
    return found


def failures(connection: sqlite3.Connection) -> Iterator[Failure]:
    """The planned runs that failed, ordered by meaning."""
    rows = connection.execute(
        f"""SELECT sources.kind, sources.text, frames.data, runs.seed, reasons.text, runs.started, runs.seconds,
          runs.worker, hosts.text
        FROM runs JOIN sources ON sources.id = runs.source JOIN frames ON frames.id = runs.frame
          JOIN reasons ON reasons.id = runs.failure JOIN hosts ON hosts.id = runs.host
        WHERE runs.failure IS NOT NULL AND NOT {DONE} AND {IN_PLAN}
        ORDER BY sources.kind, sources.text, frames.data, runs.seed"""
    ).fetchall()
    for kind, text, frame, seed, reason, *running in rows:
        run = Run(Source(text, kind), None if seed == NO_SEED else seed, frame_of(frame))
        yield Failure(run, reason, *running)
