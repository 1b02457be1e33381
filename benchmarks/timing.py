"""Medians of interleaved runs within one process, of one library's own ways; processes.py has those of several."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from statistics import median

Run = Callable[[], object]

PAUSE = 0.03  # seconds: thread pools of the one before spin for a while, and would take the next one's cores


def seconds(run: Run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def quickest(runs: Mapping[str, Run]) -> str:
    """The name of the fastest of a rival's own variants: warm, the best of five, or of two where it takes long."""
    best = {}
    for name, run in runs.items():
        run()
        time.sleep(PAUSE)
        first = seconds(run)
        best[name] = min([first] + [seconds(run) for _ in range(4 if first < 0.2 else 1)])
    return min(best, key=best.__getitem__)


def wake(run: Run) -> None:
    """Runs for PAUSE seconds, once at least: then data, threads and cores are awake, as where many pictures are drawn.

    A virtual machine's idle core takes milliseconds to come back, as long as a whole small picture takes.
    """
    until = time.perf_counter() + PAUSE
    while True:
        run()
        if time.perf_counter() >= until:
            return


def interleaved(runs: Mapping[str, Run], budget: float = 3.0, least: int = 5, most: int = 41) -> dict[str, float]:
    """The median seconds of each run, warm: `least` to `most` repeats in about `budget` seconds, spread over all."""
    counts, once = {}, {}
    for name, run in runs.items():
        run()
        time.sleep(PAUSE)
        once[name] = seconds(run)
        counts[name] = max(least, min(most, int(budget / once[name])))
    rounds = max(counts.values(), default=0)
    times: dict[str, list[float]] = {name: [] for name in runs}
    for index in range(rounds):
        for name, run in runs.items():
            if index * counts[name] // rounds == (index + 1) * counts[name] // rounds:
                continue
            time.sleep(PAUSE)
            if once[name] < 0.2:
                wake(run)
            times[name].append(seconds(run))
    return {name: median(found) for name, found in times.items()}


def say(line: str) -> None:
    """What is being measured, on the terminal's other stream."""
    print(f"... {line}", file=sys.stderr, flush=True)
