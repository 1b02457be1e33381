"""The driver: what a store lacks is evaluated once, whatever is killed, and what kills is found."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from time import monotonic, sleep

import pytest

from netwarp.errors import InputError
from netwarp.plane import Raster
from netwarp.study.grid.study import Study
from netwarp.study.running import chunks
from netwarp.study.running.crews import CrewError, Processes
from netwarp.study.running.driver import BREAKS, Driver, DriverTerms, Ending, Lacking
from netwarp.study.running.session import Extent, Leave, run_study
from netwarp.study.running.shards import Shard
from netwarp.study.running.work import Chunk, Result, RunJob, machine
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source, Taken
from netwarp.study.store.store import Store

SMALL = Raster(8, 8)
FRAME = RunFrame(SMALL, SMALL)
NAMES = ("mean_frequency",)


def study(seeds: int = 6, **changes: object) -> Study:
    given: dict[str, object] = {
        "seeds": seeds,
        "raster": "16x16",
        "measures": ["mean_frequency", "total_variation"],
        "factors": {"architecture": "conv({width})", "width": [3, 5]},
    }
    return Study("a small study", **(given | changes))  # type: ignore[arg-type]  # each of its own kind


class Kept:
    """A keeper that keeps every outcome, in the order they come."""

    def __init__(self) -> None:
        self.outcomes: list[RunOutcome] = []

    def commit(
        self, outcomes: Iterable[RunOutcome], *, running: int | None = None, machines: Iterable[Mapping[str, str]] = ()
    ) -> None:
        assert running is None or running >= 0
        assert all(one["netwarp"] for one in machines)
        self.outcomes += outcomes


class Fragile:
    """A crew of one thread that breaks, as a pool does, at a chunk with a run of which `breaks` says so."""

    def __init__(self, breaks: set[int], *, shared: bool = True) -> None:
        self.breaks, self.shared = breaks, shared
        self.evaluated: list[int | None] = []
        self.rebuilt = 0
        self.broken = False
        self.waiting: list[Future[Result]] = []
        self.begin: list[Chunk] = []

    @property
    def workers(self) -> int:
        return 2

    def submit(self, chunk: Chunk) -> Future[Result]:
        future: Future[Result] = Future()
        if any(job.seed in self.breaks for job in chunk.jobs):
            future.set_exception(BrokenProcessPool("a worker was killed"))
        else:
            self.evaluated += [job.seed for job in chunk.jobs]
            future.set_result(Result(tuple(outcome(chunk, job) for job in chunk.jobs), machine()))
        return future

    def rebuild(self) -> None:
        self.rebuilt += 1

    def close(self, *, now: bool) -> None:
        pass


def outcome(chunk: Chunk, job: RunJob) -> RunOutcome:
    taken = tuple(Taken(name, 1, "1", float(job.seed or 0)) for name in job.measures)
    return RunOutcome(chunk.run(job), taken, None, 0.01, 0.0, 1, "here")


def lacking(seeds: Iterable[int], source: str = "conv(3)") -> Iterator[Lacking]:
    return ((Run(Source(source), seed, FRAME), NAMES) for seed in seeds)


@pytest.mark.parametrize("culprits", [set(), {0}, {99}, {41}, {3, 4, 50}])
@pytest.mark.parametrize("shared", [True, False])
def test_the_runs_that_kill_are_found_and_the_others_are_evaluated(culprits: set[int], shared: bool) -> None:
    crew, kept = Fragile(culprits, shared=shared), Kept()
    batches = list(Driver(crew, kept).drive(lacking(range(100))))
    assert [one for batch in batches for one in batch] == kept.outcomes
    assert sorted(one.run.seed or 0 for one in kept.outcomes) == list(range(100))
    failed = {one.run.seed for one in kept.outcomes if one.failure is not None}
    assert failed == culprits
    assert all("killed 2 times" in (one.failure or "killed 2 times") for one in kept.outcomes)


class Workers:
    """A crew like a cluster's: each worker has a queue, and loses it, a chunk after another, where a run kills it."""

    shared = False

    def __init__(self, breaks: set[int], workers: int = 2) -> None:
        self.breaks, self.workers = breaks, workers
        self.queues = [Queue[tuple[Chunk, Future[Result]]]() for _ in range(workers)]
        self.begun: list[tuple[int | None, ...]] = []
        self.kills = self.most = self.now = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.serve, args=(queue,)) for queue in self.queues]
        for thread in self.threads:
            thread.start()

    def evaluate(self, chunk: Chunk) -> None:
        sleep(0.002)

    def serve(self, queue: Queue[tuple[Chunk, Future[Result]]]) -> None:
        while not self.over.is_set():
            with suppress(Empty):
                chunk, future = queue.get(timeout=0.01)
                self.now += 1
                self.most = max(self.most, self.now)
                self.begun.append(tuple(job.seed for job in chunk.jobs))
                self.evaluate(chunk)
                self.now -= 1
                if not future.set_running_or_notify_cancel():
                    continue
                if any(job.seed in self.breaks for job in chunk.jobs):
                    self.kills += 1
                    # those behind it go first: the driver may see them before the one that kills
                    with suppress(Empty):
                        while True:
                            queue.get_nowait()[1].set_exception(BrokenProcessPool("gone with its worker"))
                            sleep(0.005)
                    future.set_exception(BrokenProcessPool("killed its worker"))
                else:
                    future.set_result(Result(tuple(outcome(chunk, job) for job in chunk.jobs), machine()))

    def submit(self, chunk: Chunk) -> Future[Result]:
        future: Future[Result] = Future()
        min(self.queues, key=Queue.qsize).put((chunk, future))
        return future

    def rebuild(self) -> None: ...

    def close(self, *, now: bool) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


@pytest.mark.parametrize("culprits", [{0}, {199}, {120, 121, 122}])
@pytest.mark.parametrize("few", [True, False], ids=["one run a chunk", "many runs a chunk"])
def test_what_waits_behind_a_run_that_kills_is_never_blamed(
    culprits: set[int], few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if few:
        monkeypatch.setattr(chunks, "MOST", 1)
    crew, kept = Workers(culprits), Kept()
    try:
        list(Driver(crew, kept).drive(lacking(range(200))))
    finally:
        crew.close(now=True)
    assert sorted(one.run.seed or 0 for one in kept.outcomes) == list(range(200))
    assert {one.run.seed for one in kept.outcomes if one.failure is not None} == culprits
    # with its chunk, with it again, with the halves, alone twice
    assert crew.kills <= len(culprits) * (4 + 8)


def test_a_pool_that_is_killed_from_outside_evaluates_what_it_lost_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not one after another: of many workers and long runs that would take as long as all the rest."""

    class Once(Workers):
        shared = True
        together = threading.Event()

        def rebuild(self) -> None:
            self.breaks = set()
            self.begun.clear()
            self.most = 0

        def evaluate(self, chunk: Chunk) -> None:
            if self.breaks:
                # the one that breaks does so while others are evaluated
                until = monotonic() + 5
                while chunk.jobs[0].seed in self.breaks and self.now < 4 and monotonic() < until:
                    sleep(0.001)
                sleep(0.0 if chunk.jobs[0].seed in self.breaks else 0.1)
            elif self.most > 1 or self.together.wait(5):
                # the first waits for another one beside it, which never comes where they are given out one by one
                self.together.set()

    monkeypatch.setattr(chunks, "MOST", 1)
    crew, kept = Once({20}, 8), Kept()
    try:
        list(Driver(crew, kept).drive(lacking(range(31))))
    finally:
        crew.close(now=True)
    assert sorted(one.run.seed or 0 for one in kept.outcomes) == list(range(31))
    assert not any(one.failure for one in kept.outcomes)
    assert crew.most > 1


def test_one_kill_from_outside_fails_no_run() -> None:
    class Once(Fragile):
        def rebuild(self) -> None:
            super().rebuild()
            self.breaks = set()

    crew, kept = Once({17}), Kept()
    list(Driver(crew, kept).drive(lacking(range(40))))
    assert crew.rebuilt == 1
    assert sorted(one.run.seed or 0 for one in kept.outcomes) == list(range(40))
    assert not any(one.failure for one in kept.outcomes)


def test_workers_that_are_always_killed_end_the_driver() -> None:
    crew, kept = Fragile(set(range(10_000))), Kept()
    with pytest.raises(CrewError, match=f"workers: {BREAKS + 1} were killed one after another"):
        list(Driver(crew, kept).drive(lacking(range(10_000))))


def test_a_limit_ends_it_to_the_run() -> None:
    crew, kept = Fragile(set()), Kept()
    list(Driver(crew, kept, DriverTerms(limit=7)).drive(lacking(range(100))))
    assert len(kept.outcomes) == 7


def test_the_first_failure_ends_it() -> None:
    crew, kept, ending = Fragile({2}), Kept(), Ending()
    list(Driver(crew, kept, DriverTerms(fail_fast=True), ending).drive(lacking(range(1000))))
    assert ending.why is not None
    assert sum(one.failure is not None for one in kept.outcomes) == 1
    assert len(kept.outcomes) < 100


def test_what_the_crew_raises_else_is_the_drivers() -> None:
    class Wrong(Fragile):
        def submit(self, chunk: Chunk) -> Future[Result]:
            future: Future[Result] = Future()
            future.set_exception(InputError("another netwarp"))
            return future

    with pytest.raises(InputError, match="another netwarp"):
        list(Driver(Wrong(set()), Kept()).drive(lacking(range(3))))


def exported(folder: Path) -> list[object]:
    """The store's rows without what depends on the running."""
    with Store.open(folder) as store:
        return [row[:12] for row in store.rows()]


@pytest.mark.slow
def test_a_lent_executor_gives_what_processes_give_in_any_number_and_shards(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        ended = run_study(study(), tmp_path / "lent", crew=threads)
    assert (ended.status, ended.counts.done, ended.why) == (0, 12, None)
    run_study(study(), tmp_path / "two", crew=2)
    assert exported(tmp_path / "two") == exported(tmp_path / "lent")
    from netwarp.study.store.merging import merge

    parts = [tmp_path / f"part{number}" for number in (1, 2, 3)]
    with ThreadPoolExecutor(1) as threads:
        for number, part in enumerate(parts, 1):
            run_study(study(), part, crew=threads, extent=Extent(Shard(number, 3)))
    merge(parts, tmp_path / "merged")
    assert exported(tmp_path / "merged") == exported(tmp_path / "lent")


def test_running_again_does_nothing_and_more_of_a_study_only_what_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    seen: list[int] = []

    def watch(counts: object, outcomes: tuple[RunOutcome, ...]) -> None:
        seen.extend(len(one.taken) for one in outcomes)

    with ThreadPoolExecutor(1) as threads:
        for changed, runs, measures in (
            (study(), 12, 2),
            (study(), 0, 0),
            (study(8), 4, 2),
            (study(8, measures=["mean_frequency", "total_variation", "lz_complexity"]), 16, 1),
        ):
            seen.clear()
            ended = run_study(changed, folder, crew=threads, watch=watch)
            assert ended.status == 0
            assert seen == [measures] * runs
    assert len(exported(folder)) == 16 * 3


def test_a_failed_run_is_said_kept_and_run_again_when_asked(tmp_path: Path) -> None:
    # weights of 1e300 overflow in every seed
    wrong = study(2, factors={"architecture": 'conv(3, act="relu")', "init": ["normal(1e300)", "he"]})
    with ThreadPoolExecutor(1) as threads:
        ended = run_study(wrong, tmp_path / "out", crew=threads)
        assert (ended.status, ended.counts.done, ended.counts.failed) == (1, 2, 2)
        again = run_study(wrong, tmp_path / "out", crew=threads)
        assert again.counts == ended.counts


def test_a_store_is_one_part_of_one_study(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        run_study(study(), tmp_path / "out", crew=threads, extent=Extent(Shard(1, 2)))
        with pytest.raises(InputError, match="holds shard 1/2, not the whole"):
            run_study(study(), tmp_path / "out", crew=threads)


def test_a_changed_version_runs_only_when_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from netwarp.measures import registry

    with ThreadPoolExecutor(1) as threads:
        run_study(study(), tmp_path / "out", crew=threads)
        known = registry.find("total_variation")
        monkeypatch.setitem(registry._known, "total_variation", replace(known, version=known.version + 1))
        with pytest.raises(InputError, match="measure total_variation: its meaning changed from version 1 to 2"):
            run_study(study(), tmp_path / "out", crew=threads)
        ended = run_study(study(), tmp_path / "out", crew=threads, leave=Leave(versions=True))
    assert (ended.status, ended.counts.done) == (0, 12)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """A process of the pool is killed with -9 in the middle; every run is there once, and none has failed."""
    crew = Processes(2)
    killed: list[int] = []

    def watch(counts: object, outcomes: tuple[RunOutcome, ...]) -> None:
        if outcomes and not killed:
            killed.append(outcomes[0].worker)
            os.kill(outcomes[0].worker, signal.SIGKILL)

    ended = run_study(study(40), tmp_path / "out", crew=lambda: crew, watch=watch)
    assert killed
    assert (ended.status, ended.counts.done, ended.counts.failed) == (0, 80, 0)
    with ThreadPoolExecutor(1) as threads:
        run_study(study(40), tmp_path / "one", crew=threads)
    assert exported(tmp_path / "out") == exported(tmp_path / "one")
