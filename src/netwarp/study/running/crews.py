"""Crews: who evaluates chunks. Processes of this machine, a Dask cluster, or an executor that somebody lends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

from netwarp.errors import NetwarpError
from netwarp.study.running.work import Chunk, Result, machine, work

AHEAD: Final = 2  # chunks a worker has, the one it does included: it never waits for the driver


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

    def __init__(self, executor: Executor, workers: int | None = None) -> None:
        self._executor = executor
        self._workers = workers or int(getattr(executor, "_max_workers", 0)) or available()

    @property
    def workers(self) -> int:
        return self._workers

    @property
    def shared(self) -> bool:
        return True

    def submit(self, chunk: Chunk) -> Future[Result]:
        return self._executor.submit(work, chunk)

    def rebuild(self) -> None:
        raise CrewError("executor: it is broken, a worker was killed; make a new one, and run the study again")

    def close(self, *, now: bool) -> None:
        """Nothing: whose executor it is closes it."""


class Processes:
    """Processes of this machine, each one thread; they end with the driver, however it ends."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or available()
        self._pool = self._started()

    @property
    def workers(self) -> int:
        return self._workers

    @property
    def shared(self) -> bool:
        return True

    def submit(self, chunk: Chunk) -> Future[Result]:
        return self._pool.submit(work, chunk)

    def rebuild(self) -> None:
        self.close(now=True)
        self._pool = self._started()

    def close(self, *, now: bool) -> None:
        processes = dict(getattr(self._pool, "_processes", None) or {})
        self._pool.shutdown(wait=not now, cancel_futures=True)
        if now:
            for process in processes.values():
                with suppress(ValueError, OSError, AttributeError):
                    process.kill()

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
        # Ctrl-C reaches every process of a terminal: the driver alone answers it. What is ignored now stays so there
        with _deaf():
            pool.submit(os.getpid)
        return pool


def _begin() -> None:
    """The first thing in a worker process: nothing outlives the driver, and everything slow is loaded once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True, name="netwarp-parent").start()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # SIGTERM to the whole group, as a job system sends it: the driver lets the chunk end
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    machine()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


@contextmanager
def _deaf() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def available() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
