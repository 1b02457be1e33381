"""Peak memory of finding the regions of a network, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.memory import peak
from benchmarks.region_rows import RegionRow, counter


def grown(row: RegionRow, who: str) -> float | None:
    """MiB by which "netwarp" or "regioncam" grows while it finds them; None where that cannot be measured.

    Counted from what the process holds after its imports and a small network: compiled code is no part of it.
    """
    command = [sys.executable, "-m", "benchmarks.region_memory", who, str(row.depth), str(row.width), str(row.folds)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(json.loads(run.stdout)) if run.returncode == 0 else None


def main(who: str, *shape: str) -> None:
    depth, width, folds = map(int, shape)
    counter(RegionRow(2, 24), who)()
    print(json.dumps(peak(counter(RegionRow(depth, width, folds=folds), who)) / 2**20))


if __name__ == "__main__":
    main(*sys.argv[1:])
