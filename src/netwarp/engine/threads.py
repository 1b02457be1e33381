"""Runs compiled jobs on all cores: a few Python threads over kernels that release the interpreter's lock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from typing import TypeVar

from netwarp.errors import InputError, shown
from netwarp.progress import Progress

Job = TypeVar("Job")


def thread_count() -> int:
    """NETWARP_THREADS, else NUMBA_NUM_THREADS or OMP_NUM_THREADS, else the processors this process may use."""
    for name in ("NETWARP_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS"):
        text = os.environ.get(name)
        if text:
            if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= 1024:
                raise InputError(f"{name}={shown(text)}: must be a whole number from 1 to 1024")
            return int(text)
    return processors()


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# set while this thread does a job: a spread within a job has no cores of its own, and waiting for the pool that it
# works in would never end
_here = threading.local()


def inside_job() -> bool:
    """Whether this thread is doing a job of a spread over several threads."""
    return getattr(_here, "busy", False)


def hands() -> int:
    """How many threads a spread that begins here has: one within a job, else as many as there are."""
    return 1 if inside_job() else thread_count()


@contextmanager
def alone() -> Iterator[None]:
    """Within it, what this thread spreads it does by itself, and leaves the other cores to others."""
    before = inside_job()
    _here.busy = True
    try:
        yield
    finally:
        _here.busy = before


@lru_cache(maxsize=4)
def _pool(threads: int, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="netwarp")


def spread(
    jobs: Sequence[Job], work: Callable[[int], Callable[[Job], Iterable[None] | None]], progress: Progress | None = None
) -> None:
    """Does every job. `work(thread)` is called once a thread, and what it gives once a job.

    A long job may be an iterator: between its parts it can be stopped.
    A spread within a job does its jobs one after another on that job's thread. What `progress` or a job raises stops
    the rest and is raised here, after the jobs under way have ended.
    """
    threads = min(hands(), len(jobs))
    if threads <= 1:
        do = work(0)
        for n, job in enumerate(jobs):
            for _ in do(job) or ():
                if progress:
                    progress(n, len(jobs))
            if progress:
                progress(n + 1, len(jobs))
        return
    turn, done, stopped = count(), [0] * threads, False

    def run(thread: int) -> None:
        nonlocal stopped
        _here.busy = True
        try:
            do = work(thread)
            for n in turn:
                if n >= len(jobs) or stopped:
                    return
                for _ in do(jobs[n]) or ():
                    if stopped:
                        return
                    if thread == 0 and progress:
                        progress(sum(done), len(jobs))
                done[thread] += 1
                if thread == 0 and progress:
                    progress(sum(done), len(jobs))
        except BaseException:
            stopped = True
            raise
        finally:
            _here.busy = False

    # this thread works too: woken together, two threads may share a core for longer than a small picture takes.
    # The process is part of the key: threads do not survive a fork
    futures = [_pool(threads - 1, os.getpid()).submit(run, thread) for thread in range(1, threads)]
    try:
        run(0)
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, timeout=0.05 if progress else None, return_when=FIRST_COMPLETED)
            for future in finished:
                future.result()
            if progress:
                progress(sum(done), len(jobs))
    except BaseException:
        stopped = True
        wait(futures)
        raise
