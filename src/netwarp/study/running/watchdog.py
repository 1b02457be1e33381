"""The watchdog of a worker: it ends a run that takes too long, or too much memory.

A thread looks on while a run is evaluated. It first raises in the thread that evaluates, which ends whatever goes
through Python; what does not end by that, a kernel that never returns, ends with the process.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 0.05  # seconds between two looks
GRACE: Final = 5.0  # seconds a run has to end after it was told to
BEYOND: Final = 1.25  # of the memory allowed: there the process ends at once
ENDED: Final = 70  # the status of a process that the watchdog ended


class Overrun(BaseException):
    """Raised in the thread of a run that passed a limit; no part of a run may catch it."""


class OutOfTime(Overrun):
    """The run takes longer than it may."""


class OutOfMemory(Overrun):
    """The process holds more memory than it may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take: seconds of wall clock, and GiB that its process may hold; None is no limit."""

    timeout: float | None = None
    memory: float | None = None

    def reason(self, error: Overrun) -> str:
        """Why the run failed, in a line."""
        if isinstance(error, OutOfTime):
            return f"took longer than --timeout {self.timeout:g} seconds"
        return f"took more memory than --memory {self.memory:g} GiB"


NO_LIMITS: Final = Limits()


@contextmanager
def watched(limits: Limits) -> Iterator[None]:
    """The block may take no more than the limits. Errors: OutOfTime, OutOfMemory, in this thread."""
    if limits.timeout is None and limits.memory is None:
        yield
        return
    watch = _Watch(limits, threading.get_ident())
    thread = threading.Thread(target=watch.look, daemon=True, name="netwarp-watchdog")
    thread.start()
    try:
        yield
    finally:
        watch.end()


class _Watch:
    def __init__(self, limits: Limits, watched: int) -> None:
        self.limits, self.watched = limits, watched
        self.lock, self.over = threading.Lock(), threading.Event()
        self.raised = False

    def look(self) -> None:
        began, told = time.monotonic(), 0.0
        while not self.over.wait(self._pause(began)):
            now = time.monotonic()
            held = memory_held() if self.limits.memory is not None else 0.0
            if told:
                # told to end, and did not: nothing but the end of the process stops it
                if now - told > GRACE or (self.limits.memory is not None and held > BEYOND * self.limits.memory):
                    os._exit(ENDED)
            elif self.limits.timeout is not None and now - began > self.limits.timeout:
                told = self._tell(OutOfTime)
            elif self.limits.memory is not None and held > self.limits.memory:
                told = self._tell(OutOfMemory)

    def _pause(self, began: float) -> float:
        """Seconds to the next look: a limit on time alone needs none before it is near."""
        if self.limits.memory is not None or self.limits.timeout is None or self.raised:
            return PATIENCE
        return max(PATIENCE, began + self.limits.timeout - time.monotonic())

    def _tell(self, error: type[Overrun]) -> float:
        with self.lock:
            if not self.over.is_set():
                self.raised = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.watched), ctypes.py_object(error))
        return time.monotonic()

    def end(self) -> None:
        """The block is over. What was raised and did not arrive yet must not reach what comes after it."""
        with self.lock:
            self.over.set()
            if self.raised:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.watched), None)


def memory_held() -> float:
    """GiB that this process holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # looked at 20 times a second
            pages = int(file.read().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**30
