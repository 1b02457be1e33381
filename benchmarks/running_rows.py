"""What running a study costs beside its runs, and what a second process is worth; each pair in turn, medians.

In the rows of overhead a run computes for 5 ms of processor time and gives one value: what they show is the machinery,
chunks, pickling and the store. Two workers loop over the same runs without it, in the same processes. In the last row
networks are evaluated, by two processes and by one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.local_cluster import local_cluster
from benchmarks.tables import judged, table
from benchmarks.timing import PAUSE, say, seconds
from netwarp.plane import Raster
from netwarp.study.evaluate import Row
from netwarp.study.grid.study import Study
from netwarp.study.running import chunks, work
from netwarp.study.running.crews import Crew
from netwarp.study.running.session import run_study

Found = dict[str, Any]
Turn = Callable[[], object]

SPIN = 0.005  # seconds of a run
WORKERS = 2
ROUNDS = 5


@dataclass(frozen=True)
class RunningRow:
    """`most` is the overhead allowed, as a share of the bare runs; `least` how many times as fast two are as one."""

    name: str
    title: str
    runs: int
    most: float = 0.0
    least: float = 0.0


# long enough that the last chunks, which do not end at the same time, are little of it
ROWS = (
    RunningRow("overhead-pool", "5 ms runs, a pool of 2", 6_000, most=0.03),
    RunningRow("overhead-dask", "5 ms runs, 2 Dask workers, chunks of 500 ms", 6_000, most=0.05),
    RunningRow("two-processes", "`conv(10) * 5`, 64x64, 2 processes beside 1", 3_000, least=1.8),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], *, quick: bool = False) -> list[Found]:
    """The rows named: medians of seconds of both ways."""
    found = []
    for row in ROWS:
        if row.name in wanted and (row.name != "overhead-dask" or find_spec("distributed")):
            say(row.name)
            runs = row.runs // 5 if quick else row.runs
            with tempfile.TemporaryDirectory() as name, _turns(row, runs, Path(name)) as turns:
                found.append(vars(row) | {"runs": runs, "seconds": _in_turn(turns, 1 if quick else ROUNDS)})
    return found


def tables(found: list[Found]) -> str:
    lines = []
    for one in found:
        base, other = one["seconds"].values()
        if one["most"]:
            text = judged(f"{other / base - 1:+.1%}", held=other / base - 1 <= one["most"])
        else:
            text = judged(f"{base / other:.2f}x", held=base / other >= one["least"])
        lines.append([one["name"], one["title"], f"{one['runs']:,}", f"{base:.2f}", f"{other:.2f}", text])
    heads = ("row", "what", "runs", "bare, or 1 process, s", "study, or 2 processes, s", "overhead, or speed-up")
    return "\n".join(
        table("Running a study: the machinery beside the bare runs, and two processes beside one.", heads, lines)
    )


@contextmanager
def _turns(row: RunningRow, runs: int, folder: Path) -> Iterator[Mapping[str, Turn]]:
    """The two ways: the bare one, or that of one process, first."""
    numbers = count()

    def study(crew: Callable[[], Crew] | Executor, **given: object) -> None:
        ended = run_study(_study(runs, **given), folder / f"{row.name}-{next(numbers)}", crew=crew)
        assert ended.status == 0

    if row.name == "two-processes":
        real = {"raster": "64x64", "factors": {"architecture": "conv(10) * 5"}}
        with _pool(1) as one, _pool(2) as two:
            yield {name: partial(study, pool, **real) for name, pool in (("1", one), ("2", two))}
        return
    with _pool(WORKERS, spin_instead) as pool:
        bare = partial(_loop, pool, runs)
        if row.name == "overhead-pool":
            yield {"bare": bare, "study": partial(study, pool)}
            return
        from netwarp.study.running.cluster import Cluster

        preload = folder / "preload.py"
        preload.write_text("from benchmarks.running_rows import spin_instead\nspin_instead()\n")
        before = chunks.Pace.__init__.__defaults__
        chunks.Pace.__init__.__defaults__ = (0.5,)
        try:
            with local_cluster(folder / "cluster", 0) as cluster:
                for _ in range(WORKERS):
                    cluster.add("--preload", str(preload))
                cluster.ready(WORKERS)
                yield {"bare": bare, "study": partial(study, lambda: Cluster(cluster.address))}
        finally:
            chunks.Pace.__init__.__defaults__ = before


def _in_turn(turns: Mapping[str, Turn], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in turns}
    for turn in turns.values():
        turn()  # everything is loaded
    for _ in range(rounds):
        for name, turn in turns.items():
            time.sleep(PAUSE)
            times[name].append(seconds(turn))
    return {name: median(some) for name, some in times.items()}


def spin_instead() -> None:
    """In this process a run of a study computes for 5 ms, and its value is that of one network."""
    real: list[Row] = []
    evaluate = work.evaluate

    def spin(*arguments: Any, **options: Any) -> Row:
        if not real:
            real.append(evaluate(*arguments, **options))
        until = time.thread_time() + SPIN
        while time.thread_time() < until:
            pass
        return real[0]

    work.evaluate = spin


def _study(runs: int, **given: Any) -> Study:
    usual: dict[str, Any] = {"raster": "8x8", "factors": {"architecture": "conv(3)"}}
    return Study("a benchmark", seeds=runs, measures=["mean_frequency"], **usual | given)


def _spun(runs: int) -> None:
    (architecture,) = {point.source.text for point in _study(1).points()}
    from netwarp.architecture.language import parse

    for seed in range(runs):
        work.evaluate(parse(architecture), seed, Raster(8, 8), Raster(8, 8), ["mean_frequency"], details=False)


def _loop(pool: Executor, runs: int) -> None:
    for future in [pool.submit(_spun, runs // WORKERS) for _ in range(WORKERS)]:
        future.result()


@contextmanager
def _pool(workers: int, begin: Callable[[], None] | None = None) -> Iterator[Executor]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=begin) as pool:
        yield pool
