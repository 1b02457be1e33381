"""A study's store of a million runs, three values each: how fast it fills, what it weighs, and how fast it is read.

`python -m benchmarks.store_rows RUNS` does it once, in a process of its own, and prints its numbers as JSON. Runs
come in an order of their own, as from many workers, 32 a batch.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.tables import judged, table
from benchmarks.timing import say

Found = dict[str, Any]

BATCH, SEEDS = 32, 64
# sources that workers evaluate at the same time: their batches come interleaved
AT_ONCE = 64


@dataclass(frozen=True)
class StoreRow:
    """One store; what it must reach."""

    runs: int
    rate: float = 35_000  # runs a processor second, at least
    weight: float = 200  # bytes a run, at most
    counts: float = 0.3  # seconds, at most
    export: float = 60  # seconds, at most
    report: float = 60  # seconds, at most

    @property
    def name(self) -> str:
        return f"store-{self.runs}"


ROWS = (StoreRow(1_000_000),)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str]) -> list[Found]:
    """The rows named."""
    found = []
    for row in ROWS:
        if row.name in wanted:
            say(row.name)
            command = [sys.executable, "-m", "benchmarks.store_rows", str(row.runs)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append({"name": row.name, "goals": vars(row)} | json.loads(done.stdout))
    return found


def once(runs: int) -> Found:
    """Fills a store and reads it. Times of filling are the store's own: making up outcomes is not counted."""
    from benchmarks.made_study import MadeStudy, quick
    from netwarp.pages.study_page import save
    from netwarp.study.runs import Run
    from netwarp.study.store.exporting import export_csv, export_parquet
    from netwarp.study.store.store import Store

    study = MadeStudy(widths=range(1, 1 + runs // (2 * SEEDS)), seeds=range(SEEDS))
    found: Found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = _Clock()
        with Store.create(folder / "out", study) as store, store.lock():
            found["plan s"] = clock.processor()
            rng = random.Random(0)
            sources = iter(study.points())
            total, processor = 0, 0.0
            # a batch is one source's, as a worker's chunk is; those of many workers come as they come
            while some := list(islice(sources, AT_ONCE)):
                batches = [
                    [Run(point.source, seed, study.frame) for seed in seeds] for point in some for seeds in _spans()
                ]
                rng.shuffle(batches)
                outcomes = [[quick(made, total + place) for place, made in enumerate(batch)] for batch in batches]
                clock = _Clock()
                for batch in outcomes:
                    store.commit(batch, running=len(some))
                    total += len(batch)
                processor += clock.processor()
            found |= {"runs": total, "runs a processor s": total / processor}
            clock = _Clock()
            assert store.counts().done == total == study.total
            found["counts s"] = clock.wall()
            clock = _Clock()
            left = store.missing(islice(study.runs(), 100_000), study.measures_wanted)
            assert not left
            found["resume s a million"] = 10 * clock.processor()
        weight = sum(file.stat().st_size for file in (folder / "out").iterdir())
        found["bytes a run"] = weight / total
        with Store.open(folder / "out") as store:
            clock = _Clock()
            rows = export_csv(store, folder / "table.csv")
            found |= {"rows": rows, "csv s": clock.wall(), "csv processor s": clock.processor()}
            clock = _Clock()
            if find_spec("polars"):
                export_parquet(store, folder / "table.parquet")
                found |= {"parquet s": clock.wall(), "parquet processor s": clock.processor()}
            clock = _Clock()
            page, _ = save(store, folder / "report.html", command="netwarp study report out")
            found |= {"report s": clock.wall(), "report processor s": clock.processor()}
            found["report bytes"] = page.stat().st_size
    return found


def tables(found: list[Found]) -> str:
    heads = ("row", "runs", "runs a processor s", "bytes a run", "counts, ms", "CSV, s", "Parquet, s", "report, s")
    rows = []
    for one in found:
        goals = one["goals"]
        rows.append(
            (
                one["name"],
                f"{one['runs']:,}",
                judged(f"{one['runs a processor s']:,.0f}", held=one["runs a processor s"] >= goals["rate"]),
                judged(f"{one['bytes a run']:.0f}", held=one["bytes a run"] <= goals["weight"]),
                judged(f"{1e3 * one['counts s']:.2f}", held=one["counts s"] <= goals["counts"]),
                judged(f"{one['csv s']:.1f}", held=one["csv s"] <= goals["export"]),
                f"{one.get('parquet s', float('nan')):.1f}",
                judged(f"{one['report s']:.1f}", held=one["report s"] <= goals["report"]),
            )
        )
    title = "A study's store: filled in batches as workers send them, counted, exported and reported; in a new process."
    return "\n".join(table(title, heads, rows))


class _Clock:
    """Processor seconds of this process, and seconds, since it was made."""

    def __init__(self) -> None:
        self._start = time.process_time(), time.perf_counter()

    def processor(self) -> float:
        return time.process_time() - self._start[0]

    def wall(self) -> float:
        return time.perf_counter() - self._start[1]


def _spans() -> list[range]:
    return [range(first, min(first + BATCH, SEEDS)) for first in range(0, SEEDS, BATCH)]


if __name__ == "__main__":
    print(json.dumps(once(int(sys.argv[1]))))
