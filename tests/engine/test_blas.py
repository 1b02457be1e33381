"""Limits on BLAS's threads that overlap: the first sets them, the last restores what was before."""

from __future__ import annotations

from threading import Event, Thread

from threadpoolctl import threadpool_info

from netwarp.engine.blas import single_threaded


def threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_limits_that_overlap_end_with_the_last() -> None:
    before, entered, leave = threads(), Event(), Event()
    seen: list[list[int]] = []

    def other() -> None:
        with single_threaded():
            entered.set()
            leave.wait(10)
            seen.append(threads())

    thread = Thread(target=other)
    with single_threaded():
        thread.start()
        entered.wait(10)
    # the first has left, and the other still holds it
    assert set(threads()) == {1}
    leave.set()
    thread.join()
    assert seen == [[1] * len(before)]
    assert threads() == before
