"""The scheduler: turns, lanes, cancelled jobs. A few jobs that only wait, and record that they were done."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from netwarp.engine.threads import inside_job
from netwarp.explorer import work
from netwarp.explorer.work import Cancellation, Client, Job, MoveToBackground, Overdue, Scheduler, Stopped


def ran(scene: Callable[[Scheduler, list[Any]], Any], now: int = 1) -> list[Any]:
    """What a scene with a scheduler of one slot a lane has recorded by the time nothing is left to do."""
    log: list[Any] = []

    async def run() -> None:
        scheduler = Scheduler(now=now, later=1)
        scene(scheduler, log)
        while any(scheduler.busy.values()) or any(scheduler.turns.values()):
            await asyncio.sleep(0.005)
        scheduler.close()

    asyncio.run(run())
    return log


def job(log: list[Any], name: str, rank: int = 0, **more: Any) -> Job:
    return Job(lambda cancel: time.sleep(0.01), lambda found: log.append(name), lambda: (rank,), **more)


def test_what_waits_and_what_runs_is_told_that_the_desk_has_closed() -> None:
    told: list[str] = []

    def endless(cancel: Cancellation) -> None:
        while True:
            cancel.progress()
            time.sleep(0.01)

    def hear(name: str) -> Callable[[Any], None]:
        return lambda found: told.append(f"{name} {type(found).__name__}")

    async def run() -> None:
        scheduler, client = Scheduler(now=1, later=1), Client()
        for n in range(3):
            scheduler.submit(client, Job(endless, hear(str(n))))
        await asyncio.sleep(0.05)
        scheduler.close()
        scheduler.submit(client, Job(endless, hear("late")))
        await asyncio.sleep(0.1)
        scheduler.close()

    asyncio.run(run())
    assert told == ["0 Stopped", "1 Stopped", "2 Stopped", "late Stopped"]


def test_parties_take_turns_and_each_has_its_best_first() -> None:
    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        greedy, modest = Client(), Client()
        for n in range(6):
            scheduler.submit(greedy, job(log, f"g{n}", rank=-n))
        scheduler.submit(modest, job(log, "m"))

    assert ran(scene) == ["g0", "m", "g5", "g4", "g3", "g2", "g1"]


def test_a_party_has_one_job_under_way_in_a_lane() -> None:
    together: list[int] = []
    active = [0]
    lock = threading.Lock()

    def work(_: Cancellation) -> None:
        with lock:
            active[0] += 1
            together.append(active[0])
        time.sleep(0.02)
        with lock:
            active[0] -= 1

    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        client = Client()
        for _ in range(3):
            scheduler.submit(client, Job(work, log.append))

    assert ran(scene, now=2) == [None] * 3
    assert max(together) == 1


def test_what_is_heavy_goes_to_the_other_lane_and_leaves_the_cores_to_others() -> None:
    seen: list[Any] = []

    def work(cancel: Cancellation) -> str:
        seen.append((cancel.lane, inside_job()))
        cancel.require_short(1.0, 0.5)
        return "done"

    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        scheduler.submit(Client(), Job(work, log.append))

    assert ran(scene) == ["done"]
    assert seen == [("now", False), ("later", True)]


def test_a_jobs_share_of_the_cores_is_that_of_as_many_as_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "thread_count", lambda: 4)
    shares: dict[str, int] = {}

    async def run() -> None:
        scheduler = Scheduler(now=1, later=2)
        both = threading.Barrier(2)

        def alone(cancel: Cancellation) -> None:
            shares["alone"] = cancel.share()

        def beside(name: str) -> Callable[[Cancellation], None]:
            def found(cancel: Cancellation) -> None:
                both.wait(30)
                shares[name] = cancel.share()
                both.wait(30)

            return found

        async def idle() -> None:
            while any(scheduler.busy.values()):
                await asyncio.sleep(0.005)

        scheduler.submit(Client(), Job(alone, lambda found: None, lane="later"))
        await idle()
        for name in ("one", "other"):
            scheduler.submit(Client(), Job(beside(name), lambda found: None, lane="later"))
        await idle()
        scheduler.close()

    asyncio.run(run())
    assert shares == {"alone": 4, "one": 2, "other": 2}


def test_one_who_leaves_is_forgotten_and_what_is_under_way_is_stopped() -> None:
    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        client, other = Client(), Client()

        def work(cancel: Cancellation) -> None:
            while True:
                cancel.progress()
                time.sleep(0.002)

        scheduler.submit(client, Job(work, lambda found: log.append(type(found))))
        scheduler.submit(client, job(log, "never"))
        scheduler.submit(other, job(log, "other"))
        asyncio.get_running_loop().call_later(0.03, scheduler.leave, client)

    assert ran(scene) == [Stopped, "other"]


def test_a_job_that_takes_too_long_is_stopped_and_errors_come_back() -> None:
    def forever(cancel: Cancellation) -> None:
        while True:
            cancel.progress()

    def fails(_: Cancellation) -> None:
        raise ValueError("why")

    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        scheduler.submit(Client(), Job(forever, log.append, seconds=0.02))
        scheduler.submit(Client(), Job(fails, log.append))

    overdue, wrong = ran(scene)
    assert isinstance(overdue, Overdue)
    assert isinstance(wrong, ValueError)
    assert not isinstance(wrong, MoveToBackground)


def test_nothing_is_begun_for_one_who_does_not_listen() -> None:
    listens = [False]

    def scene(scheduler: Scheduler, log: list[Any]) -> None:
        client = Client(ready=lambda: listens[0])
        scheduler.submit(client, job(log, "heard"))

        def hear() -> None:
            log.append("listens")
            listens[0] = True
            scheduler.pump()

        asyncio.get_running_loop().call_later(0.05, hear)

    assert ran(scene) == ["listens", "heard"]
