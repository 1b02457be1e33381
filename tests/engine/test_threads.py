"""Threads: how many, every job once, errors and cancelling."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from netwarp.engine.threads import spread, thread_count
from netwarp.errors import InputError

NAMES = ("NETWARP_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_first_name_that_is_set_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert thread_count() >= 1
    for n, name in enumerate(reversed(NAMES)):
        monkeypatch.setenv(name, str(n + 2))
        assert thread_count() == n + 2
    monkeypatch.setenv("NETWARP_THREADS", "")
    assert thread_count() == 3


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "1025", " "])
def test_what_is_no_number_of_threads_is_said(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("NETWARP_THREADS", text)
    with pytest.raises(InputError, match=r"NETWARP_THREADS=.*1 to 1024"):
        thread_count()


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 3, 100])
def test_every_job_once(monkeypatch: pytest.MonkeyPatch, threads: int, count: int) -> None:
    monkeypatch.setenv("NETWARP_THREADS", str(threads))
    done: list[int] = []
    workers: list[int] = []

    def work(thread: int) -> Callable[[int], None]:
        workers.append(thread)
        return done.append

    seen: list[tuple[int, int]] = []
    spread(range(count), work, lambda *at: seen.append(at))
    assert sorted(done) == list(range(count))
    assert len(set(workers)) == len(workers) <= threads
    assert seen == sorted(seen)
    if count:
        assert seen[-1] == (count, count)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_job_that_fails_stops_the_rest(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    monkeypatch.setenv("NETWARP_THREADS", str(threads))
    done: list[int] = []

    def work(thread: int) -> Callable[[int], None]:
        def do(job: int) -> None:
            if job == 5:
                raise ZeroDivisionError
            done.append(job)
            time.sleep(0.001)

        return do

    with pytest.raises(ZeroDivisionError):
        spread(range(10000), work)
    # those under way have ended: nothing is done any more
    count = len(done)
    assert count < 5000
    time.sleep(0.02)
    assert len(done) == count


@pytest.mark.parametrize("threads", [1, 3])
def test_progress_cancels(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    monkeypatch.setenv("NETWARP_THREADS", str(threads))
    done: list[int] = []

    def work(thread: int) -> Callable[[int], None]:
        def do(job: int) -> None:
            done.append(job)
            time.sleep(0.002)

        return do

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spread(range(10000), work, stop)
    count = len(done)
    assert count < 5000
    time.sleep(0.02)
    assert len(done) == count


def test_callers_on_several_threads_share_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWARP_THREADS", "2")
    results: list[list[int]] = [[] for _ in range(4)]

    def call(to: list[int]) -> None:
        spread(range(50), lambda _: to.append)

    callers = [threading.Thread(target=call, args=(to,)) for to in results]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [sorted(found) for found in results] == [list(range(50))] * 4
