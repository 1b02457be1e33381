"""kill -9 of drivers and workers of a study at random moments: nothing may be lost, done twice, or another value.

`python -m benchmarks.study_kills [FREE] [REAL]` kills 1,000 times where a run costs nothing, and 50 times where
networks are evaluated (`benchmarks/real_kills.py`); tests/study/running/test_kills.py does it in short. Exit status 1
where anything is not so, and where a kill came before the first run or after the last one: such a kill shows nothing.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from benchmarks.made_study import MadeStudy, outcome
from benchmarks.store_kills import table_of, there_in
from netwarp.study.running import crews
from netwarp.study.running.session import Ended, run_study
from netwarp.study.running.work import Chunk, Result, machine
from netwarp.study.runs import RunOutcome
from netwarp.study.store.checking import check
from netwarp.study.store.planning import HowFar
from netwarp.study.store.store import Store

WORKERS = (1, 2, 7)
SEEDS = 7  # runs of a source, and so of a chunk at most: a kill comes in the middle of few
ROOM = 400  # runs a kill, so that some are always left
_BATCHES = 4  # that a driver commits between two kills, at most, to begin with
_PAUSE = 0.02  # seconds after them, at most
_PATIENCE = 60.0  # seconds


@dataclass
class StudyKills:
    """What was seen. `lost` runs were said to be committed and were not there, `double` ones were committed twice.

    `early` kills came before a run was committed since the last one, `late` ones when nothing was left to do.
    """

    drivers: int = 0
    workers: int = 0
    early: int = 0
    late: int = 0
    lost: int = 0
    double: int = 0
    failed: int = 0
    same: bool = True  # every table is that of a study that nobody killed, to the byte

    @property
    def held(self) -> bool:
        return self.same and not (self.early or self.late or self.lost or self.double or self.failed)

    def __str__(self) -> str:
        return (
            f"{self.drivers + self.workers} kills ({self.drivers} of drivers, {self.workers} of workers), "
            f"{self.early} too early, {self.late} too late: {self.lost} runs lost, {self.double} double, "
            f"{self.failed} failed; the tables are {'equal, byte for byte' if self.same else 'NOT EQUAL'}"
        )


def kill_free(folder: Path, kills: int, seed: int = 0) -> StudyKills:
    """Kills a driver, or one of its workers, so many times, where a run costs nothing. Drivers are started again.

    Errors: RuntimeError where a driver says nothing for a minute, or ends before its study does.
    """
    rng, found, made = random.Random(seed), StudyKills(), _study(kills)
    Store.create(folder / "killed", made).close()
    places = {(run.source.text, run.seed): place for place, run in enumerate(made.runs())}
    said: set[int] = set()
    starts = 0
    while found.drivers + found.workers < kills:
        with _driver(folder / "killed", kills, WORKERS[starts % len(WORKERS)]) as (driver, pipe):
            starts += 1
            listener = _Listener(pipe, found, said, places)
            while found.drivers + found.workers < kills:
                listener.hear(rng.randint(1, _BATCHES))
                time.sleep(rng.random() ** 3 * _PAUSE)
                if rng.random() < 0.5:
                    found.drivers += 1
                    driver.kill()
                    break
                found.workers += killed(rng.choice(listener.workers))
            else:
                driver.kill()
            driver.join()
            found.early += not listener.heard
            listener.rest()
        there, rows = there_in(folder / "killed", made, places)
        found.lost += len(said - there)
        found.double += rows
        found.late += len(there) == made.total
        # what was committed and could not be said any more
        said |= there
    with _driver(folder / "killed", kills, 2) as (driver, pipe):
        listener = _Listener(pipe, found, said, places)
        listener.rest()
        driver.join()
    found.lost += made.total - len(said)
    with Store.create(folder / "whole", made) as whole:
        whole.commit(outcome(run) for run in made.runs())
    with Store.open(folder / "killed") as store:
        found.failed += store.counts().failed
    found.same = check(folder / "killed").status == 0 and table_of(folder / "killed") == table_of(folder / "whole")
    return found


class _Listener:
    """Hears what a driver says: its workers, and the runs of every batch that it committed."""

    def __init__(
        self, pipe: Connection, found: StudyKills, said: set[int], places: Mapping[tuple[str, int | None], int]
    ) -> None:
        self.pipe, self.found, self.said, self.places = pipe, found, said, places
        self.workers: list[int] = []
        self.heard = 0

    def hear(self, batches: int) -> None:
        """Waits for so many batches more."""
        until = self.heard + batches
        while self.heard < until:
            if not self.pipe.poll(_PATIENCE):
                raise RuntimeError("the driver says nothing")
            try:
                self.take(self.pipe.recv())
            except EOFError:
                raise RuntimeError("the driver ended before its study") from None

    def rest(self) -> None:
        """Everything else, until it ends."""
        with suppress(EOFError, OSError):
            while True:
                self.take(self.pipe.recv())

    def take(self, message: tuple[str, list[Any]]) -> None:
        what, named = message
        if what == "workers":
            self.workers = named
            return
        self.heard += 1
        numbers = {self.places[one] for one in named}
        self.found.double += len(self.said.intersection(numbers))
        self.said.update(numbers)


class FreeCrew:
    """Real processes, forked so that they are there at once, whose runs cost nothing. A Crew."""

    shared = True

    def __init__(self, workers: int, pipe: Connection) -> None:
        self.workers, self.pipe = workers, pipe
        self.pool = self.started()

    def submit(self, chunk: Chunk) -> Future[Result]:
        return self.pool.submit(free, chunk)

    def rebuild(self) -> None:
        self.close(now=True)
        self.pool = self.started()

    def close(self, *, now: bool) -> None:
        processes = list((self.pool._processes or {}).values())
        self.pool.shutdown(wait=not now, cancel_futures=True)
        for process in processes if now else ():
            process.kill()

    def started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self.workers, mp_context=get_context("fork"), initializer=crews._begin)
        pool.submit(os.getpid)
        self.pipe.send(("workers", list(pool._processes)))
        return pool


def killed(process: int) -> bool:
    """Kills it; whether it was there, and not killed already."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":
            return False
        os.kill(process, signal.SIGKILL)
    except OSError:
        return False
    return True


def free(chunk: Chunk) -> Result:
    """What evaluating the chunk would give, made up."""
    return Result(tuple(outcome(chunk.run(job), worker=os.getpid()) for job in chunk.jobs), machine())


def drive(folder: Path, kills: int, workers: int, pipe: Connection) -> Ended:
    """The driver's process: says every run after it is committed."""

    def watch(_counts: HowFar, outcomes: tuple[RunOutcome, ...]) -> None:
        if outcomes:
            pipe.send(("done", [(one.run.source.text, one.run.seed) for one in outcomes]))

    return run_study(_study(kills), folder, crew=lambda: FreeCrew(workers, pipe), watch=watch)


@contextmanager
def _driver(folder: Path, kills: int, workers: int) -> Iterator[tuple[BaseProcess, Connection]]:
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    driver = context.Process(target=drive, args=(folder, kills, workers, theirs))
    driver.start()
    theirs.close()
    with ours:
        yield driver, ours
        driver.join()


def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.study_kills", "numba", "netwarp.study.store.exporting"])
    return context


def _study(kills: int) -> MadeStudy:
    return MadeStudy(widths=range(1, 2 + ROOM * kills // (2 * SEEDS)), seeds=range(SEEDS))


def main() -> None:
    from benchmarks.real_kills import kill_real

    free_kills, real_kills = (int(text) for text in (*sys.argv[1:3], "1000", "50")[:2])
    held = True
    with tempfile.TemporaryDirectory() as name:
        for title, kill, count in (
            ("runs that cost nothing", kill_free, free_kills),
            ("real runs", kill_real, real_kills),
        ):
            if count:
                (folder := Path(name) / kill.__name__).mkdir()
                began = time.monotonic()
                found = kill(folder, count)
                print(f"{title}: {found} ({time.monotonic() - began:.0f} s)", flush=True)
                held = held and found.held
    sys.exit(not held)


if __name__ == "__main__":
    main()
