"""RunTimer: by an executor whose runs take what the test says, and by real processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

import netwarp as nw
from netwarp.architecture.counts import operations
from netwarp.study.grid.estimate import TimeEstimate
from netwarp.study.grid.study import Study
from netwarp.study.running.crews import Lent
from netwarp.study.running.timing import ENOUGH, RunTimer
from netwarp.study.running.watchdog import Limits, OutOfTime, memory_held
from netwarp.study.running.work import Chunk, Result, machine
from netwarp.study.runs import RunOutcome


def study(**given: object) -> Study:
    usual = {"seeds": 10, "raster": "32x32", "measures": ["mean_frequency"]}
    return Study("s", **{**usual, "factors": {"architecture": "conv({w}) * 2", "w": range(1, 31)}, **given})


class Clocked(Executor):
    """Runs that take what `seconds` says of a chunk, or as long as they may; none is evaluated."""

    def __init__(self, seconds: Callable[[Chunk], float]) -> None:
        self.seconds = seconds
        self.given: list[Chunk] = []

    def submit(self, _work: object, chunk: Chunk) -> Future[Result]:  # type: ignore[override]  # takes less than a Crew does
        self.given.append(chunk)
        future: Future[Result] = Future()
        wanted, most = self.seconds(chunk), chunk.limits.timeout
        assert most is not None
        failure = chunk.limits.reason(OutOfTime()) if wanted > most else None
        run = chunk.run(chunk.jobs[0])
        outcome = RunOutcome(run, (), failure, min(wanted, most), 0.0, 7, "node-1")
        future.set_result(Result((outcome,), machine()))
        return future


def by_operations(each: float, chunk: Chunk) -> float:
    return each * operations(nw.parse(chunk.source.text))


def exact(one: Study, each: float) -> float:
    return sum(10 * each * operations(nw.parse(point.source.text)) for point in one.points())


def found(one: Study, executor: Executor, limits: Limits = Limits()) -> TimeEstimate:  # noqa: B008
    estimate = RunTimer(one, one.total, workers=2, limits=limits, crew=lambda: Lent(executor, 1)).found()
    assert estimate is not None
    return estimate


def test_few_runs_tell_of_all() -> None:
    one, executor = study(), Clocked(partial(by_operations, 1e-5))
    assert found(one, executor).seconds == pytest.approx(exact(one, 1e-5) / 2, rel=0.05)
    assert len(executor.given) == 5


def test_none_is_begun_that_would_take_too_long() -> None:
    """By the first run the second would take more than the five seconds that are left."""
    one = study()
    smallest = operations(nw.parse("conv(4) * 2"))
    executor = Clocked(partial(by_operations, 2.0 / smallest))
    assert found(one, executor).seconds == pytest.approx(exact(one, 2.0 / smallest) / 2, rel=0.15)
    assert len(executor.given) == 1


def test_one_that_takes_too_long_after_all_is_ended() -> None:
    executor = Clocked(lambda _: 1e9)
    assert found(study(), executor) == TimeEstimate(300, None, 2)
    assert [chunk.limits.timeout for chunk in executor.given] == [ENOUGH]


def test_the_limits_of_the_study_hold() -> None:
    executor = Clocked(lambda _: 1e9)
    limits = Limits(0.5, 3.0)
    assert found(study(), executor, limits).seconds == 300 * 0.5 / 2
    assert [chunk.limits for chunk in executor.given] == [limits] * 5


def test_a_process_that_is_killed_tells_nothing() -> None:
    class Killed(Executor):
        def submit(self, _work: object, _chunk: Chunk) -> Future[Result]:  # type: ignore[override]  # takes less than a Crew does
            future: Future[Result] = Future()
            future.set_exception(BrokenProcessPool("killed"))
            return future

    assert found(study(), Killed()) == TimeEstimate(300, None, 2)


def waited(timer: RunTimer, seconds: float = 60.0) -> TimeEstimate:
    until = time.monotonic() + seconds
    while (estimate := timer.found()) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    return estimate


@pytest.mark.slow
def test_real_runs_and_models(tmp_path: Path) -> None:
    estimate = waited(RunTimer(study(), 188, workers=2))
    assert estimate.seconds_a_run is not None
    assert 0 < estimate.seconds_a_run < 5
    assert str(estimate).startswith("188 runs, about ")
    nw.Network.draw(nw.parse("conv(5)"), 1).save(tmp_path / "a.npz")
    models = study(seeds=None, factors={"model": "*.npz"}, folder=tmp_path)
    seconds = waited(RunTimer(models, 1, workers=1)).seconds
    assert seconds is not None
    assert 0 < seconds < 5


@pytest.mark.slow
def test_a_large_network_is_neither_evaluated_here_nor_waited_for() -> None:
    """Its weights alone are 600 MB, and a run takes minutes."""
    large = study(factors={"architecture": "conv(4000) * 6"}, raster="64x64")
    before, began = memory_held(), time.monotonic()
    timer = RunTimer(large, 10, workers=1)
    try:
        while time.monotonic() - began < 2:
            assert timer.found() is None
            assert memory_held() - before < 0.3
            time.sleep(0.1)
    finally:
        timer.close()
    assert time.monotonic() - began < 10
