"""Each contestant in a process of its own, in rounds, while the others sleep.

In one process, the thread pools of one library go on spinning for up to a fifth of a second after a call and take the
cores of the next: a picture of 3 ms then reads as 8. Here a process waits in a read while another one is timed, and a
pause before each turn lets spinning threads go to sleep.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from benchmarks.rivals.folded import AbsentError
from benchmarks.timing import Run, seconds, wake

SETTLE = 0.25  # seconds: OpenMP's threads spin for 0.2
ROUNDS, FEWEST, MOST = 7, 1, 6


@dataclass(frozen=True)
class Entry:
    """How a contestant enters: in its own process `make(*arguments)` gives what is timed, and a remark."""

    make: Callable[..., tuple[Run, str]]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Result:
    """Median seconds of every contestant that took part, everyone's remark, and what each one's last run gave."""

    seconds: Mapping[str, float]
    remarks: Mapping[str, str]
    gave: Mapping[str, Any]


def contest(entries: Mapping[str, Entry], budget: float, *, rounds: int = ROUNDS) -> Result:
    """Times all, warm: in each of the rounds everyone runs once or a few times, `budget` seconds each in all."""
    spawn = get_context("spawn")
    pipes: dict[str, Connection] = {}
    processes = []
    remarks: dict[str, str] = {}
    once: dict[str, float] = {}
    gave: dict[str, Any] = {}
    try:
        for name, entry in entries.items():
            own, theirs = spawn.Pipe()
            process = spawn.Process(target=_serve, args=(theirs, entry), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            kind, remarks[name], first = own.recv()
            if kind == "ready":
                pipes[name], once[name] = own, first
        times: dict[str, list[float]] = {name: [] for name in pipes}
        for _ in range(rounds):
            for name, pipe in pipes.items():
                time.sleep(SETTLE)
                pipe.send(max(FEWEST, min(MOST, int(budget / rounds / once[name]))))
                found, gave[name] = pipe.recv()
                times[name] += found
        return Result({name: median(found) for name, found in times.items()}, remarks, gave)
    finally:
        for pipe in pipes.values():
            pipe.close()
        for process in processes:
            process.terminate()
            process.join()


def _serve(pipe: Connection, entry: Entry) -> None:
    """A contestant's process: makes ready, then runs as often as it is told until the pipe is closed."""
    last: list[Any] = [None]
    try:
        run, remark = entry.make(*entry.arguments)
    except AbsentError as reason:
        pipe.send(("absent", f"absent: {reason}", 0.0))
        return

    def kept() -> None:
        last[0] = run()

    kept()
    pipe.send(("ready", remark, seconds(kept)))
    while True:
        try:
            count = pipe.recv()
        except EOFError:
            return
        found = []
        for _ in range(count):
            wake(kept)
            found.append(seconds(kept))
        # a picture stays where it is; counts are what others compare
        pipe.send((found, last[0] if isinstance(last[0], tuple) else None))
