"""Crews: who evaluates chunks. Processes of this machine, a Dask cluster, or an executor that somebody lends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any, Final, Protocol

from netwarp.engine.threads import processors
from netwarp.errors import NetwarpError
from netwarp.study.running.work import Chunk, Result, machine, work

GUARD: Final = 'a script runs a study under if __name__ == "__main__":, and is a file'
STARTS: Final = 3  # times that processes are started with none of them coming up: one may be killed from outside
PATIENCE: Final = 2.0  # seconds for a pool that was killed to end
AHEAD: Final = 2  # chunks a worker has, the one it does included: it never waits for the driver


_SIGNALS: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1") if hasattr(signal, name)
]


class CrewError(NetwarpError):
    """The workers cannot go on: the executor is broken and only its owner can mend it, or none can be started."""


class Crew(Protocol):
    """Workers that evaluate chunks. Used by one thread."""

    @property
    def workers(self) -> int:
        """How many chunks are evaluated at a time."""
        ...

    @property
    def shared(self) -> bool:
        """Whether all chunks are lost where one worker is killed, as those of a process pool are."""
        ...

    def submit(self, chunk: Chunk) -> Future[Result]:
        """Hands a chunk over. Where its worker is killed its future raises what `driver.killed` knows.

        Errors: BrokenExecutor where a worker was killed before.
        """
        ...

    def rebuild(self) -> None:
        """New workers in place of broken ones. Errors: CrewError where that is not the driver's to do."""
        ...

    def close(self, *, now: bool) -> None:
        """Lets the workers go; `now` kills what they do."""
        ...


class Lent:
    """Any `concurrent.futures.Executor`; it stays its owner's."""

    shared: Final = True

    def __init__(self, executor: Executor, workers: int | None = None) -> None:
        self._executor = executor
        self.workers: Final = workers or int(getattr(executor, "_max_workers", 0)) or processors()

    def submit(self, chunk: Chunk) -> Future[Result]:
        return self._executor.submit(work, chunk)

    def rebuild(self) -> None:
        raise CrewError("executor: it is broken, a worker was killed; make a new one, and run the study again")

    def close(self, *, now: bool) -> None:
        """Nothing: whose executor it is closes it."""


class Processes:
    """Processes of this machine, each one thread; they end with the driver, however it ends."""

    shared: Final = True

    def __init__(self, workers: int | None = None) -> None:
        self.workers: Final = workers or processors()
        self._failed = 0  # starts, one after another
        self._pool = self._started()

    def submit(self, chunk: Chunk) -> Future[Result]:
        # it starts a process where none is idle
        with _deaf():
            return self._pool.submit(work, chunk)

    def rebuild(self) -> None:
        self._failed = 0 if _succeeded(self._first) else self._failed + 1
        self.close(now=True)
        if self._failed >= STARTS:
            # no run is to blame
            raise CrewError(f"workers: no process could be started; {GUARD}")
        self._pool = self._started()

    def close(self, *, now: bool) -> None:
        processes = dict(getattr(self._pool, "_processes", None) or {})
        manager = getattr(self._pool, "_executor_manager_thread", None)
        self._pool.shutdown(wait=not now, cancel_futures=True)
        if now:
            for process in processes.values():
                with suppress(ValueError, OSError, AttributeError):
                    process.kill()
            if manager is not None:
                # it gives the pool's semaphores back, which are said to leak else where this process ends at once
                manager.join(PATIENCE)

    def _started(self) -> ProcessPoolExecutor:
        # a terminal and a job system signal every process of a group: the driver alone answers
        with _deaf(), _silent_tracker():
            # multiprocessing's own process, which SIGUSR1 would end. Starting it lets some signals through again
            resource_tracker.ensure_running()
        pool = ProcessPoolExecutor(self.workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
        with _deaf():
            self._first = pool.submit(os.getpid)
        return pool


@contextmanager
def _silent_tracker() -> Iterator[None]:
    """Multiprocessing's own process, started within, gives back what a driver that is killed leaves, and says nothing.

    A driver that ends has left nothing. The process takes this one's options for warnings.
    """
    option = "ignore:resource_tracker:UserWarning"
    sys.warnoptions.append(option)
    try:
        yield
    finally:
        sys.warnoptions.remove(option)


def _begin() -> None:
    """The first thing in a worker process: nothing outlives the driver, and everything slow is loaded once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True, name="netwarp-parent").start()
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    machine()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _succeeded(future: Future[int]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are started within never see the driver's signals; it gets its own when the block ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
