"""From the shell to the file: what `netwarp draw` takes the first time ever, compilation included, and from then on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.timing import seconds


def first_and_later(repeats: int = 7) -> tuple[float, float]:
    """(seconds of the first drawing with empty caches, median seconds of later ones). The default network and size."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "picture.png"
        command = [
            sys.executable,
            "-c",
            "from netwarp.cli.main import main; main()",
            "draw",
            "conv(10) * 10",
            "-o",
            str(out),
        ]
        surroundings = os.environ | {"NETWARP_CACHE_DIR": str(Path(folder) / "cache")}

        def draw() -> None:
            out.unlink(missing_ok=True)
            subprocess.run(command, env=surroundings, check=True, capture_output=True)
            assert out.stat().st_size

        first = seconds(draw)
        return first, median(seconds(draw) for _ in range(repeats))
