"""A study beside the loop that a PyTorch user would write: the same numbers, two one-thread processes each, in turns.

netwarp's turn is a whole study of new seeds: store, driver, chunks and commits; only its processes are started before.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.timing import PAUSE, say
from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.study.grid.study import Study

Found = dict[str, Any]
Values = dict[tuple[int, str], float]  # by seed and measure
PROCESSES = 2
TASK = 20  # runs that the loop's processes are handed at a time
APART = 1e-2  # of a value: the loop is in float32 throughout, and some networks amplify its rounding


@dataclass(frozen=True)
class StudyRow:
    """Networks of an architecture under its usual norm, looked at on a raster; how many make a turn."""

    architecture: str = "conv(10) * 10"
    side: int = 64
    measures: tuple[str, ...] = ("mean_frequency", "total_variation")
    at_least: float = 10.0
    runs: int = 160

    @property
    def name(self) -> str:
        return f"study-{self.side}x{self.side}"

    def study(self, seeds: range) -> Study:
        size = f"{self.side}x{self.side}"
        factors = {"architecture": self.architecture}
        return Study(self.name, seeds=seeds, raster=size, measures=list(self.measures), factors=factors)


ROWS = (StudyRow(),)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], *, quick: bool) -> list[Found]:
    """The rows named, where torch is there: runs a second of both, medians of turns."""
    found = []
    for row in ROWS:
        if row.name in wanted and find_spec("torch"):
            say(row.name)
            found.append({"name": row.name, "at least": row.at_least, **_contest(row, 3 if quick else 9)})
    return found


def _contest(row: StudyRow, turns: int) -> Found:
    spawn = get_context("spawn")
    with (
        ProcessPoolExecutor(PROCESSES, mp_context=spawn) as own,
        ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=_one_thread) as theirs,
        tempfile.TemporaryDirectory() as folder,
    ):
        # the first turn of each loads what it needs, and makes the loop's weights
        mine = _study(row, range(row.runs), own, Path(folder) / "first")[1]
        loop = _loop(row, theirs)[1]
        apart = max(abs(loop[seed][name] / value - 1) for (seed, name), value in mine.items())
        assert apart < APART, f"the two measure something else: {apart:.2g} apart"
        seconds: dict[str, list[float]] = {"netwarp": [], "loop": []}
        for turn in range(1, turns + 1):
            seeds = range(turn * row.runs, (turn + 1) * row.runs)
            time.sleep(PAUSE)
            seconds["netwarp"].append(_study(row, seeds, own, Path(folder) / str(turn))[0])
            time.sleep(PAUSE)
            seconds["loop"].append(_loop(row, theirs)[0])
    rates = {name: row.runs / median(times) for name, times in seconds.items()}
    return {"runs a second": rates, "times": rates["netwarp"] / rates["loop"], "apart": apart}


def _study(row: StudyRow, seeds: range, executor: Executor, folder: Path) -> tuple[float, Values]:
    from netwarp.study.store.store import Store

    study = row.study(seeds)
    start = time.perf_counter()
    ended = study.run(folder, executor=executor)
    seconds = time.perf_counter() - start
    assert ended.counts.done == row.runs
    with Store.open(folder) as store:
        return seconds, {(one.seed or 0, one.measure): one.value or 0.0 for one in store.rows()}


def _loop(row: StudyRow, executor: Executor) -> tuple[float, list[dict[str, float]]]:
    start = time.perf_counter()
    parts = [executor.submit(_task, row, first) for first in range(0, row.runs, TASK)]
    found = [one for part in parts for one in part.result()]
    return time.perf_counter() - start, found


def _task(row: StudyRow, first: int) -> list[dict[str, float]]:
    loop, networks = _prepared(row)
    return loop.run(networks[first : first + TASK])


@lru_cache(maxsize=1)
def _prepared(row: StudyRow) -> tuple[Any, list[Any]]:
    from benchmarks.rivals.loop_torch import Loop, layers_of

    architecture = parse(row.architecture)
    return Loop(Raster(row.side, row.side)), [layers_of(Network.draw(architecture, seed)) for seed in range(row.runs)]


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def tables(found: list[Found]) -> str:
    lines = [
        f"A study beside a loop in PyTorch with autograd: runs a second of {PROCESSES} one-thread processes each.",
        "netwarp's are stored, and each value is taken at half the resolution too.",
        "",
        "| row | loop | netwarp | times | at least |",
        "|---|---|---|---|---|",
    ]
    for one in found:
        rates, held = one["runs a second"], "" if one["times"] >= one["at least"] else " (is not)"
        lines.append(
            f"| {one['name']} | {rates['loop']:.0f} | {rates['netwarp']:.0f} | {one['times']:.2f} "
            f"| {one['at least']:.0f}{held} |"
        )
    return "\n".join(lines)
