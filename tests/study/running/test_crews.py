"""Processes: what the driver's signals do to them, and what it leaves when it is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import netwarp as nw
from netwarp.study.running.crews import Processes
from netwarp.study.running.work import Chunk, RunJob

STUDY = nw.Study("s", seeds=8, raster="16x16", measures=["mean_frequency"], factors={"architecture": "conv(3)"})
FIRST = next(STUDY.runs())


def chunk(seed: int) -> Chunk:
    return Chunk(FIRST.source, FIRST.frame, (RunJob(seed, ("mean_frequency",)),))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not list what a process blocks")
def test_no_worker_hears_a_signal_from_its_first_moment_on() -> None:
    """Those too that are started with later chunks: one that Ctrl-C meets while it imports prints a traceback."""
    crew = Processes(3)
    try:
        futures = [crew.submit(chunk(seed)) for seed in range(8)]
        processes = dict(crew._pool._processes)
        assert len(processes) == 3
        for number in processes:
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
            blocked = int(next(line for line in lines if line.startswith("SigBlk:")).split()[1], 16)
            for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
                assert blocked & 1 << (one - 1), (number, one)
        assert all(future.result(timeout=120).outcomes[0].failure is None for future in futures)
    finally:
        crew.close(now=True)


KILLED = """
import os, signal, sys
import netwarp as nw
from netwarp.study.running.crews import Processes
if __name__ == "__main__":
    crew = Processes(2)
    crew._first.result()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_a_driver_that_is_killed_leaves_no_warnings(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(KILLED)
    with (tmp_path / "said").open("w") as said:
        assert subprocess.run([sys.executable, script], stderr=said, check=False, timeout=300).returncode == -9
    # what multiprocessing starts ends a little later
    time.sleep(3)
    assert (tmp_path / "said").read_text() == ""
