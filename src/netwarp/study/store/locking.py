"""The driver's lock: one process at a time runs a study into a store, and one that lost the lock writes nothing.

The lock is a row of the store. Whoever takes it raises its `fence`; a commit compares the fence with its own within the
transaction that writes, so that a driver that slept, or was taken for dead, cannot write beside its successor.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import sleep, time
from typing import Final

from netwarp.files import machine, process_gone, process_started
from netwarp.log import LOG
from netwarp.study.store.faults import HeldError, LostError, in_words
from netwarp.study.store.opening import transaction

HEARTBEAT: Final = 10.0  # seconds between signs of life
SILENCE: Final = 60.0  # seconds without one after which a driver on another machine is taken for dead
_WATCH: Final = 15  # seconds that such a driver is watched first: clocks of two machines may differ


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs a study: process, host, and what tells them from others of the same number and name."""

    fence: int
    process: int
    host: str
    machine: str
    started: str
    heartbeat: float  # seconds since 1970, by its own clock

    @property
    def alive(self) -> bool:
        """Whether it is at work: on this machine where its process is there, elsewhere by its last sign of life."""
        if self.machine == machine():
            return not process_gone(self.process, self.started)
        return time() - self.heartbeat < SILENCE


def driver_of(connection: sqlite3.Connection) -> Holder | None:
    """Who holds the lock, alive or not."""
    row = connection.execute(
        "SELECT fence, process, host, machine, started, heartbeat FROM driver WHERE process IS NOT NULL"
    ).fetchone()
    return None if row is None else Holder(*row)


def fence_of(connection: sqlite3.Connection) -> int:
    """The number of the latest driver."""
    (fence,) = connection.execute("SELECT fence FROM driver").fetchone()
    return int(fence)


def acquire(
    connection: sqlite3.Connection, path: Path, *, take_over: bool, pause: Callable[[float], None] = sleep
) -> int:
    """Takes the lock; its fence. Errors: HeldError with process and host of the driver that is at work."""
    found = driver_of(connection)
    if found is not None and not take_over:
        if found.alive:
            raise _held(path, found)
        _watch(connection, path, found, pause)
    with transaction(connection):
        now = driver_of(connection)
        # another one may have come first
        if now is not None and now.fence != (found.fence if found else None) and not take_over:
            raise _held(path, now)
        fence = fence_of(connection) + 1
        process = os.getpid()
        connection.execute(
            "UPDATE driver SET fence = ?, process = ?, host = ?, machine = ?, started = ?, heartbeat = ?",
            (fence, process, platform.node(), machine(), process_started(process), time()),
        )
        connection.execute("UPDATE plan SET running = 0")
    return fence


def release(connection: sqlite3.Connection, fence: int) -> None:
    """Gives the lock back, where it is still this one's."""
    with transaction(connection):
        connection.execute("UPDATE plan SET running = 0 WHERE (SELECT fence FROM driver) = ?", (fence,))
        connection.execute("UPDATE driver SET process = NULL WHERE fence = ?", (fence,))


def refuse_others(connection: sqlite3.Connection, path: Path, fence: int | None = None) -> None:
    """Within a transaction that is about to write: refuses, unless nobody else drives. Errors: LostError, HeldError."""
    if fence is not None:
        if fence_of(connection) != fence:
            now = driver_of(connection)
            who = "another driver" if now is None else f"process {now.process} on {now.host}"
            raise LostError(f"{path.parent}: {who} took this study over; this process writes nothing more, end it")
        return
    found = driver_of(connection)
    if found is not None and found.alive:
        raise _held(path, found)


def beat(connection: sqlite3.Connection, fence: int) -> bool:
    """A sign of life; False where the lock is another's."""
    with transaction(connection):
        row = connection.execute("UPDATE driver SET heartbeat = ? WHERE fence = ?", (time(), fence))
        return row.rowcount == 1


class Heart:
    """A thread that gives a sign of life every 10 s over a connection of its own, from `start` to `stop`."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], fence: int, every: float = HEARTBEAT) -> None:
        self._stop = threading.Event()
        self._work = connect, fence, every
        self._thread = threading.Thread(target=self._run, name="netwarp-heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        connect, fence, every = self._work
        while not self._stop.wait(every):
            try:
                connection = connect()
                try:
                    if not beat(connection, fence):
                        return  # the next commit says so
                finally:
                    connection.close()
            except (sqlite3.Error, OSError) as error:
                # a full disk or a slow server: the driver's own commit is what must say it
                LOG.info("no sign of life could be written: %s", error)


def _watch(connection: sqlite3.Connection, path: Path, found: Holder, pause: Callable[[float], None]) -> None:
    """A driver on another machine whose clock is slow looks dead and is not: it gives a sign of life within 15 s."""
    if found.machine == machine():
        return
    for _ in range(_WATCH):
        pause(1.0)
        with in_words(path):
            now = driver_of(connection)
        if now is not None and (now.fence, now.heartbeat) != (found.fence, found.heartbeat):
            raise _held(path, now)
        if now is None:
            return


def _held(path: Path, driver: Holder) -> HeldError:
    since = max(0.0, time() - driver.heartbeat)
    return HeldError(
        f"{path.parent}: process {driver.process} on {driver.host} runs this study (last sign of life {since:.0f} s "
        "ago); wait for it or end it, or take the folder over (--take-over, take_over=True) if you know that it is gone"
    )
