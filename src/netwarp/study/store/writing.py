"""Taking outcomes in: one transaction a batch, in which runs, values and counters change together."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isnan

from netwarp.study.runs import RunFrame, RunOutcome, Source, Taken, keys_of
from netwarp.study.store.faults import StoreError
from netwarp.study.store.naming import NO_SEED, Texts, canonical, name_frame, name_measure, name_source, name_text

_FIND = "SELECT id, failure FROM runs WHERE source = ? AND frame = ? AND seed = ?"
_RUN = "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_AGAIN = "UPDATE runs SET failure = ?, seconds = ?, started = ?, worker = ?, host = ?, shard = ? WHERE id = ?"
_VALUE = "INSERT INTO taken VALUES (?, ?, ?, ?, ?, ?)"
_MOST_PLACES = 10_000  # remembered at once

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A source seen through a frame: their numbers, the keys of its runs, and the seeds that are planned."""

    source: int
    frame: int
    key: Callable[[int | None], bytes]
    planned: tuple[tuple[int, int], ...]

    def has(self, seed: int) -> bool:
        return any(first <= seed <= last for first, last in self.planned)


class StoreWriter:
    """Writes batches over one connection, and remembers the numbers of names between them.

    `forget` it when the plan changes or a transaction fails: what it remembers may then not be in the file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        self._places: dict[tuple[Source, RunFrame], _Place] = {}
        self._measures: dict[tuple[str, int, str], int] = {}
        self._texts: dict[tuple[Texts, str], int] = {}
        self._wanted: frozenset[int] | None = None

    def write(self, outcomes: Iterable[RunOutcome]) -> None:
        """The outcomes and the counters, within the caller's transaction. Errors: StoreError for a NaN."""
        if self._wanted is None:
            self._wanted = frozenset(n for (n,) in self._connection.execute("SELECT measure FROM wanted"))
        (number,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()
        runs: list[Row] = []
        values: list[Row] = []
        fresh: set[tuple[int, int, int]] = set()
        done = failed = 0
        for outcome in outcomes:
            place = self._place(outcome)
            seed = NO_SEED if outcome.run.seed is None else outcome.run.seed
            meaning = place.source, place.frame, seed
            if meaning in fresh:
                # twice in one batch: the second must find the first
                self._flush(runs, values)
                fresh.clear()
            found = self._connection.execute(_FIND, meaning).fetchone()
            counts = place.has(seed)
            if found is not None:
                more, worse = self._renew(outcome, *found)
                done, failed = (done + more, failed + worse) if counts else (done, failed)
                continue
            number += 1
            fresh.add(meaning)
            failure, *running = self._running(outcome)
            runs.append((number, place.key(outcome.run.seed), *meaning, failure, *running))
            taken = {self._measure(one): one for one in outcome.taken} if outcome.failure is None else {}
            values += [self._value(number, measure, one) for measure, one in taken.items()]
            if counts:
                complete = self._wanted <= taken.keys()
                done += complete
                failed += failure is not None and not complete
        self._flush(runs, values)
        self._connection.execute("UPDATE plan SET done = done + ?, failed = failed + ?", (done, failed))

    def write_machine(self, machine: Mapping[str, str]) -> None:
        """Whoever evaluated; within the caller's transaction."""
        self._text("machines", canonical(machine))

    def _flush(self, runs: list[Row], values: list[Row]) -> None:
        self._connection.executemany(_RUN, runs)
        self._connection.executemany(_VALUE, values)
        runs.clear()
        values.clear()

    def _renew(self, outcome: RunOutcome, number: int, before: int | None) -> tuple[int, int]:
        """An outcome of a run that is there; by how much it changes how many are done, and failed."""
        assert self._wanted is not None
        there = {n for (n,) in self._connection.execute("SELECT measure FROM taken WHERE run = ?", (number,))}
        was_done = self._wanted <= there
        values: list[Row] = []
        if outcome.failure is None:
            taken = {self._measure(one): one for one in outcome.taken}
            values = [self._value(number, measure, one) for measure, one in taken.items() if measure not in there]
            there |= taken.keys()
        failure, *running = self._running(outcome)
        is_done = self._wanted <= there
        # it changes something: values come, a failure goes, or one comes to a run that is not complete
        if values or (failure is None and before is not None) or (failure is not None and not is_done):
            self._connection.executemany(_VALUE, values)
            self._connection.execute(_AGAIN, (failure, *running, number))
        else:
            failure = before
        is_failed, was_failed = failure is not None and not is_done, before is not None and not was_done
        return is_done - was_done, is_failed - was_failed

    def _place(self, outcome: RunOutcome) -> _Place:
        run = outcome.run
        found = self._places.get((run.source, run.frame))
        if found is not None:
            return found
        if len(self._places) >= _MOST_PLACES:
            self._places.clear()
        numbers = name_source(self._connection, run.source), name_frame(self._connection, run.frame)
        ranges = self._connection.execute("SELECT first, last FROM planned WHERE source = ? AND frame = ?", numbers)
        place = _Place(*numbers, keys_of(run.source, run.frame), tuple(ranges))
        self._places[run.source, run.frame] = place
        return place

    def _measure(self, taken: Taken) -> int:
        name = taken.measure, taken.version, taken.unit
        found = self._measures.get(name)
        if found is None:
            found = self._measures[name] = name_measure(self._connection, *name)
        return found

    def _text(self, table: Texts, text: str) -> int:
        found = self._texts.get((table, text))
        if found is None:
            if len(self._texts) >= _MOST_PLACES:
                self._texts.clear()
            found = self._texts[table, text] = name_text(self._connection, table, text)
        return found

    def _running(self, one: RunOutcome) -> Row:
        failure = None if one.failure is None else self._text("reasons", one.failure)
        shard = None if one.shard is None else self._text("shards", one.shard)
        return failure, one.seconds, one.started, one.worker, self._text("hosts", one.host), shard

    def _value(self, run: int, measure: int, one: Taken) -> Row:
        for value in (one.value, one.half):
            # SQLite would keep it as no value at all
            if value is not None and isnan(value):
                raise StoreError(f"measure {one.measure}: a value is NaN; give None and the reason")
        value = None if one.value is None else float(one.value)
        half = None if one.half is None else float(one.half)
        resolved = None if one.resolved is None else int(one.resolved)
        reason = self._text("reasons", one.reason) if one.reason else None
        return run, measure, value, half, resolved, reason
