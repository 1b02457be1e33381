"""Peak memory of one large sample above the output's own size, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.rows import ROWS, SIZE
from netwarp.study.running.watchdog import memory_held

LARGE = next(row for row in ROWS if row.name == "large")


def above_output(who: str) -> float | None:
    """MiB by which "netwarp" or "naive" grows past its output; None where it is absent or cannot be measured."""
    run = subprocess.run([sys.executable, "-m", "benchmarks.memory", who], capture_output=True, text=True, check=False)
    return float(run.stdout) if run.returncode == 0 else None


def main(who: str) -> None:
    import netwarp as nw
    from benchmarks.contestants import draw, naive

    network, field = draw(LARGE)
    small, large = nw.Raster(columns=SIZE[0], rows=SIZE[1]), nw.Raster(columns=LARGE.size[0], rows=LARGE.size[1])

    def run(raster: nw.Raster) -> Callable[[], object]:
        if who == "naive":
            return naive(LARGE, raster, network)["NCHW"]
        return lambda: field.sample(raster, dtype="float32")

    run(small)()  # compiled, and every pool of threads awake
    print(peak(run(large)) / 2**20 - 3 * large.pixels * 4 / 2**20)


def peak(run: Callable[[], object]) -> int:
    """Bytes by which the process grew at most during `run`, above what it held before."""
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    before = int(memory_held() * 2**30)
    out = run()
    after = _most_held()
    del out
    return after - before


def _most_held() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    main(sys.argv[1])
