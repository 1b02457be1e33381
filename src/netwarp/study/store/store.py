"""Store: a study's runs in one SQLite file, DIR/study.sqlite.

The contract:
- **Who.** Any number of processes read; one, the driver, writes, inside `with store.lock()`. A second driver is refused
  with the first one's process and host. A Store belongs to the thread that opened it and is not handed to a child
  process; others open their own. Workers never see it: they hand their outcomes to the driver.
- **What.** A run stands once, under its meaning: source, seed and frame. `commit` takes a batch in one transaction. A
  value that is there is never written again, so that an outcome that comes twice changes nothing; a failure goes when
  the run is evaluated again and succeeds, and never comes over values that are complete.
- **What a kill leaves.** Everything committed, and nothing of the batch in flight, whenever and whichever process is
  killed. A power cut may lose the last batches where the journal is a write-ahead log, never the file. A full disk
  fails the commit; what was committed before stands.
- **What it costs.** `counts` reads one row, whatever the size. Readers never fail a driver: with a write-ahead log they
  never meet, with a rollback journal the driver waits for them, and they read in short steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import sleep
from types import TracebackType

from netwarp.log import LOG
from netwarp.study.runs import Run, RunOutcome
from netwarp.study.store import locking, opening, planning, reading
from netwarp.study.store.faults import StoreError, in_words, read_in_words
from netwarp.study.store.journal import Journal
from netwarp.study.store.kinds import texts_of
from netwarp.study.store.planning import HowFar, Plannable, Runs, StoredPlan
from netwarp.study.store.rows import ExportRow, Group, Value, groups, point_values, rows
from netwarp.study.store.writing import StoreWriter


class Store:
    """The runs of one study. See the module for what it promises; `create` or `open` makes one, `with` closes it.

    Errors of every method: StoreError, one line, with the file's name.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, journal: Journal | None) -> None:
        self.folder = folder
        self.path = folder / opening.FILE
        self.journal = journal  # None where it is open for reading
        self._connection = connection
        self._writer = StoreWriter(connection)
        self._fence: int | None = None

    @classmethod
    def create(
        cls,
        folder: str | Path,
        study: Plannable,
        *,
        shard: str | None = None,
        runs: Runs | None = None,
    ) -> Store:
        """A new store for a study, open for writing; `shard` and `runs` as in `plan`.

        Errors: StoreError where there is a study already.
        """
        folder = Path(folder)
        fill = partial(planning.plan, study=study, shard=shard, runs=runs)
        return cls(folder, *opening.make(folder, fill))

    @classmethod
    def open(cls, folder: str | Path, *, write: bool = False) -> Store:
        """The store in `folder`. An older one is brought to this version where it is written, and read as a copy else.

        Errors: InputError where there is none; StoreError for one that is cut off, newer, or no store.
        """
        folder = Path(folder)
        if write:
            return cls(folder, *opening.open_to_write(folder, locking.refuse_others))
        return cls(folder, opening.open_to_read(folder), None)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the driver

    @contextmanager
    def lock(self, *, take_over: bool = False, pause: Callable[[float], None] = sleep) -> Iterator[None]:
        """This process drives the study within the block, and says every 10 s that it is alive.

        The lock of a process that is gone, or that ran on another host and was silent for 60 s, is taken; that of any
        other one with `take_over` only, and its next commit is refused. Errors: HeldError.
        """
        if self.journal is None:
            raise StoreError(f"{self.path}: is open for reading; open it with write=True")
        with read_in_words(self.path):
            fence = locking.acquire(self._connection, self.path, take_over=take_over, pause=pause)
        heart = locking.Heart(partial(opening.open_again, self.path, self.journal), fence)
        self._fence = fence
        heart.start()
        try:
            yield
        finally:
            self._fence = None
            heart.stop()
            try:
                locking.release(self._connection, fence)
            except sqlite3.Error as error:
                # a full disk, say, which the block has met too: the lock is free once this process is gone
                LOG.info("the lock of %s could not be given back: %s", self.path, error)

    def plan(self, study: Plannable, *, shard: str | None = None, runs: Runs | None = None) -> None:
        """Takes the study in, changed or not; what was done stays.

        A store of a part says which in `shard`, as in "2/16", and gives its `runs`; else it is for all of the study's.
        Errors: StoreError, for another study's name too.
        """
        with self._writing():
            planning.plan(self._connection, study, shard=shard, runs=runs)
        self._writer.forget()

    def commit(
        self,
        outcomes: Iterable[RunOutcome],
        *,
        running: int | None = None,
        machines: Iterable[Mapping[str, str]] = (),
    ) -> None:
        """Takes a batch in, in one transaction.

        `running` is how many runs are with workers after it; `machines` says of what evaluated it the host, processor
        and versions.

        Errors: LostError where another driver took the study over, StoreError; then nothing of the batch is there.
        """
        try:
            with self._writing():
                self._writer.write(outcomes)
                for machine in machines:
                    self._writer.write_machine(machine)
                if running is not None:
                    self._connection.execute("UPDATE plan SET running = ?", (running,))
        except BaseException:
            # names that it took in may have been rolled back
            self._writer.forget()
            raise

    def missing(
        self, runs: Iterable[Run], wanted: Sequence[tuple[str, int]], *, retry_failed: bool = False
    ) -> list[tuple[Run, tuple[tuple[str, int], ...]]]:
        """Which of the runs lack which of the measures `wanted`, (name, version), in the runs' order.

        A run that failed lacks none, unless `retry_failed`.
        """
        with read_in_words(self.path):
            return reading.missing(self._connection, runs, wanted, retry_failed=retry_failed)

    # --- everybody

    def counts(self) -> HowFar:
        """How far the study is; it takes the same time whatever its size."""
        with read_in_words(self.path):
            found = planning.counts_of(self._connection)
        # a driver that was killed left its number behind
        return found if not found.running or self.driver() is not None else replace(found, running=0)

    def planned(self) -> StoredPlan:
        """What the store is for."""
        with read_in_words(self.path):
            return planning.plan_of(self._connection)

    def driver(self) -> locking.Holder | None:
        """Who drives it now, if anybody does."""
        with read_in_words(self.path):
            found = locking.driver_of(self._connection)
            return found if found is not None and found.alive else None

    def failures(self) -> list[reading.Failure]:
        """The planned runs that failed, ordered by meaning."""
        with read_in_words(self.path):
            return list(reading.failures(self._connection))

    def failure_kinds(self, most: int) -> list[tuple[int, reading.Failure]]:
        """For the `most` commonest reasons that planned runs failed of: how many they are, and one of them."""
        with read_in_words(self.path):
            return list(reading.failure_kinds(self._connection, most))

    def machines(self) -> list[dict[str, str]]:
        """What evaluated the runs: host, processor and versions; a machine that changed is there more than once."""
        with read_in_words(self.path):
            texts = self._connection.execute("SELECT text FROM machines ORDER BY text").fetchall()
            return [texts_of(text) for (text,) in texts]

    def rows(self) -> Generator[ExportRow, None, None]:
        """One row a planned run and measure, ordered by meaning; a few thousand are in memory at a time."""
        with read_in_words(self.path), opening.snapshot(self._connection):
            yield from rows(self._connection)

    def groups(self) -> Generator[Group, None, None]:
        """`rows`, those of a run and point together."""
        with read_in_words(self.path), opening.snapshot(self._connection):
            yield from groups(self._connection)

    def point_values(self) -> Iterator[tuple[Value, ...]]:
        """The values of the factors at every point, in the plan's order of both."""
        with read_in_words(self.path):
            yield from point_values(self._connection)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.journal is None:
            raise StoreError(f"{self.path}: is open for reading; open it with write=True")
        with in_words(self.path), opening.transaction(self._connection):
            locking.refuse_others(self._connection, self.path, self._fence)
            yield
