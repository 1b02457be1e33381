"""A run that raises, hangs, takes too much memory or kills its process: a line each, and only that run has failed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from netwarp.architecture.language import parse
from netwarp.plane import Raster
from netwarp.study.evaluate import Row
from netwarp.study.grid.file import read_study
from netwarp.study.running import watchdog, work
from netwarp.study.running.session import run_study
from netwarp.study.running.suspects import KILLED
from netwarp.study.running.watchdog import Limits, OutOfMemory, OutOfTime, watched
from netwarp.study.running.work import Chunk, RunJob
from netwarp.study.runs import RunFrame, Source
from netwarp.study.store.store import Store

NETWARP = [sys.executable, "-c", "from netwarp.cli.entry import main; main()", "study"]
FILE = """\
[study]
name = "faults"
seeds = 24
raster = "16x16"
measures = ["mean_frequency"]
[factors]
architecture = ["conv(3)"]
"""
# what every process of the study loads first: what the runs of some seeds do instead
FAULTS = """
import os, signal, time
from netwarp.study.running import watchdog, work
watchdog.GRACE = 0.5
real = work.evaluate
def evaluate(given, seed, *arguments, **options):
    held = []
    if seed == 3:
        raise RuntimeError("a stone\\non the way")
    while seed == 7:
        pass
    if seed == 11:
        time.sleep(1000)
    while seed == 15:
        held.append(bytearray(os.urandom(1)) * (64 << 20))
        time.sleep(0.001)
    if seed == 19:
        os.kill(os.getpid(), signal.SIGSEGV)
    return real(given, seed, *arguments, **options)
work.evaluate = evaluate
"""


@pytest.mark.slow
def test_each_fault_is_a_line_and_only_its_run_has_failed(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(FAULTS)
    (tmp_path / "faults.toml").write_text(FILE)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    options = ["--jobs", "2", "--timeout", "4", "--memory", "1"]
    ran = subprocess.run(
        [*NETWARP, "run", "faults.toml", *options],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "19 done, 0 to do, 5 failed\nsee: netwarp study failures faults\n" in ran.stdout
    said = subprocess.run([*NETWARP, "failures", "faults"], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = said.stdout.splitlines()
    reasons = dict(line.split(": ", 1) for line in lines[:-1:2])
    assert reasons == {
        "conv(3), seed 3": "RuntimeError: a stone on the way",
        "conv(3), seed 7": "took longer than --timeout 4 seconds",
        # it never comes back to Python, so that its process is ended
        "conv(3), seed 11": KILLED,
        "conv(3), seed 15": "took more memory than --memory 1 GiB",
        "conv(3), seed 19": KILLED,
    }
    assert all(line.startswith("  netwarp measure 'conv(3)' --seeds ") for line in lines[1:-1:2])
    assert lines[-1] == "5 failed"
    # what is left when they run well: the very table of a study without faults
    again = subprocess.run(
        [*NETWARP, "run", "faults.toml", "--retry-failed", "--jobs", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    with ThreadPoolExecutor(1) as threads:
        run_study(read_study(tmp_path / "faults.toml"), tmp_path / "well", crew=threads)
    with Store.open(tmp_path / "faults") as one, Store.open(tmp_path / "well") as other:
        assert [row[:12] for row in one.rows()] == [row[:12] for row in other.rows()]


def turn() -> None:
    while True:
        pass


def test_a_limit_of_time_ends_the_block_and_nothing_after_it() -> None:
    began = time.monotonic()
    with pytest.raises(OutOfTime), watched(Limits(timeout=0.1)):
        turn()
    assert 0.1 <= time.monotonic() - began < watchdog.GRACE
    # nothing arrives late
    for _ in range(50):
        with watched(Limits(timeout=0.01)):
            pass
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        pass
    assert not [one for one in threading.enumerate() if one.name == "netwarp-watchdog"]


def test_a_limit_of_memory_ends_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [0.5]
    monkeypatch.setattr(watchdog, "memory_held", lambda: held[0])
    with watched(Limits(memory=1.0)):
        time.sleep(0.2)
        held[0] = 1.1
    with pytest.raises(OutOfMemory), watched(Limits(memory=1.0)):
        turn()


def test_what_does_not_end_when_told_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import time; from netwarp.study.running import watchdog; watchdog.GRACE = 0.2\n"
        "with watchdog.watched(watchdog.Limits(timeout=0.1)): time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == watchdog.ENDED


def test_what_a_process_loads_first_is_no_runs_time(monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = work.evaluate, []

    def slow(*arguments: Any, **options: Any) -> Row:
        calls.append(arguments)
        until = time.monotonic() + (0.5 if len(calls) == 1 else 0)
        while time.monotonic() < until:
            pass
        return real(*arguments, **options)

    monkeypatch.setattr(work, "evaluate", slow)
    work._load.cache_clear()
    small = Raster(8, 8)
    chunk = Chunk(Source("conv(3)"), RunFrame(small, small), (RunJob(0, ("mean_frequency",)),), Limits(timeout=0.25))
    real(parse("conv(3)"), 0, small, small, ["mean_frequency"])
    for evaluations in (2, 3):
        assert [one.failure for one in work.work(chunk).outcomes] == [None]
        assert len(calls) == evaluations, "once a process"
