"""kill -9 of `netwarp study run` and of its workers while networks are evaluated: 1, 2 and 7 processes, shards, Dask.

`benchmarks/study_kills.py` runs it. Every study that was killed gives the table of one that nobody killed, byte for
byte, and a run that a reader has seen stays as it is: it is not evaluated again.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.local_cluster import LocalCluster, local_cluster
from benchmarks.store_kills import table_of
from benchmarks.study_kills import StudyKills, killed
from netwarp.study.grid.file import read_study
from netwarp.study.running.session import run_study
from netwarp.study.store.checking import check
from netwarp.study.store.merging import merge
from netwarp.study.store.store import Store

WAYS = ("1 process", "2 processes", "7 processes", "2 shards", "Dask")
ROOM = 300  # runs a kill: some are always left
PATIENCE = 60.0
FILE = """\
[study]
name = "killed"
seeds = {seeds}
raster = "24x24"
measures = ["mean_frequency", "total_variation"]
[factors]
architecture = ["conv({{width}}) * 2"]
width = [3, 5]
"""
NETWARP = [sys.executable, "-c", "from netwarp.cli.entry import main; main()", "study", "run"]


@dataclass(frozen=True)
class _Task:
    """A driver to be killed again and again: its folder, its options, and the workers that it has besides its own."""

    file: Path
    folder: Path
    options: Sequence[str]
    cluster: LocalCluster | None = None

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*NETWARP, str(self.file), "--out", str(self.folder), "--json", *self.options],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def workers(self, driver: int) -> list[int]:
        if self.cluster is not None:
            return [one.pid for one in self.cluster.workers if one.poll() is None]
        return [one for one in children(driver) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]

    def rows(self) -> dict[bytes, float]:
        """When each run that is there was begun, by its key."""
        try:
            with closing(sqlite3.connect(f"file:{self.folder / 'study.sqlite'}?mode=ro", uri=True)) as connection:
                found = connection.execute("SELECT key, started FROM runs").fetchall()
        except sqlite3.OperationalError:
            return {}  # not made yet
        assert len(found) == len(dict(found)), "a run stands twice"
        return dict(found)

    def left(self) -> int:
        with Store.open(self.folder) as store:
            return store.counts().to_do


def kill_real(folder: Path, kills: int, seed: int = 0, ways: Sequence[str] = WAYS) -> StudyKills:
    """`kills` in all, as many each way; a driver that was killed is started again.

    Errors: RuntimeError where a driver ends by itself before it is killed.
    """
    rng, found, each = random.Random(seed), StudyKills(), -(-kills // len(ways))
    file = folder / "killed.toml"
    file.write_text(FILE.format(seeds=ROOM * each // 2))
    study = read_study(file)
    with ThreadPoolExecutor(1) as thread:
        assert run_study(study, folder / "whole", crew=thread).status == 0
    whole = table_of(folder / "whole")
    for way in ways:
        out = folder / way.replace(" ", "-")
        if way == "Dask":
            with local_cluster(folder / "cluster") as cluster:
                _kill(_Task(file, out, ["--dask", cluster.address], cluster), each, rng, found)
        elif way == "2 shards":
            parts = [folder / f"part-{number}" for number in (1, 2)]
            for number, part in enumerate(parts, 1):
                _kill(_Task(file, part, ["--jobs", "2", "--shard", f"{number}/2"]), each // 2 + each % 2, rng, found)
            merge(parts, out)
        else:
            _kill(_Task(file, out, ["--jobs", way.split(" ")[0]]), each, rng, found)
        with Store.open(out) as store:
            found.failed += store.counts().failed
        found.same = found.same and check(out).status == 0 and table_of(out) == whole
    return found


def _kill(task: _Task, kills: int, rng: random.Random, found: StudyKills) -> None:
    driver, done = task.start(), 0
    try:
        while done < kills:
            _wait_for_more(task, driver)
            time.sleep(rng.random() * 0.3)
            seen, workers = task.rows(), task.workers(driver.pid)
            if rng.random() < 0.5 or not workers:
                found.drivers += 1
                done += 1
                driver.kill()
                driver.wait()
            else:
                one = rng.choice(workers)
                hit = killed(one)
                found.workers += hit
                done += hit
                if task.cluster is not None and hit:
                    _gone(task.cluster, one)
                    task.cluster.add()
            found.early += not seen
            found.late += not task.left()
            after = task.rows()
            found.lost += sum(key not in after for key in seen)
            found.double += sum(after.get(key, began) != began for key, began in seen.items())
            if driver.poll() is not None:
                driver = task.start()
        if driver.wait(timeout=600):
            raise RuntimeError(f"the driver ended with the status {driver.returncode}")
    finally:
        if driver.poll() is None:
            os.killpg(driver.pid, signal.SIGKILL)
            driver.wait()


def _wait_for_more(task: _Task, driver: subprocess.Popen[bytes]) -> None:
    """Until more runs are there than now."""
    seen, end = len(task.rows()), time.monotonic() + PATIENCE
    while len(task.rows()) <= seen:
        if driver.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the driver committed nothing more (its status is {driver.poll()})")
        time.sleep(0.02)


def _gone(cluster: LocalCluster, process: int) -> None:
    for one in cluster.workers:
        if one.pid == process:
            one.wait()


def children(process: int) -> list[int]:
    """The processes that it started, and that are there."""
    try:
        return [int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []
