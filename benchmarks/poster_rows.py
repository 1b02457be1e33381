"""Posters: seconds and memory of whole ones, each in a process of its own, beside a script of tiles.

The script is what a user would otherwise write: tiles of the folded network by PyTorch, scikit-image's lab2rgb, and
Pillow, which compresses as netwarp does. Both draw the same number of pixels; both times are processor seconds too,
which another process on the machine disturbs least.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from benchmarks.tables import judged, table
from benchmarks.timing import say

Found = dict[str, Any]
LEVEL = 4
MEMORY = 512  # MiB
SCRIPT_SIZE = (4000, 3000)
TILE = 500


@dataclass(frozen=True)
class PosterRow:
    """A poster of `conv(10) * 10` that may take `most` seconds on two cores, and 512 MiB."""

    name: str
    size: tuple[int, int]
    most: float


ROWS = (PosterRow("poster-100", (11_600, 8_700), most=15), PosterRow("poster-1200", (40_000, 30_000), most=240))
BESIDE = "poster-script"


def row_names() -> list[str]:
    return [*(row.name for row in ROWS), BESIDE]


def run(wanted: Collection[str], *, slow: bool = False) -> Found:
    """The rows named; that of 1.2 gigapixels where `slow` asks for it."""
    found: Found = {"whole": [], "beside": None}
    for row in ROWS:
        if row.name in wanted and (slow or row is not ROWS[1]):
            say(row.name)
            found["whole"].append(vars(row) | _apart("netwarp", row.size))
    if BESIDE in wanted:
        say(BESIDE)
        found["beside"] = {who: _apart(who, SCRIPT_SIZE) for who in ("netwarp", "script")}
    return found


def _apart(who: str, size: tuple[int, int]) -> Found:
    command = [sys.executable, "-m", "benchmarks.poster_rows", who, *map(str, size)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def main(who: str, columns: int, rows: int) -> None:
    import resource
    import tempfile
    import time
    from pathlib import Path

    times = {"evaluate": 0.0}
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = Path(folder) / "poster.png"
        begun, used = time.perf_counter(), time.process_time()
        if who == "netwarp":
            times["evaluate"] = _netwarp(path, columns, rows)
        else:
            times["evaluate"] = _script(path, columns, rows)
        times |= {"wall": time.perf_counter() - begun, "processor": time.process_time() - used}
        size = path.stat().st_size
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": times, "MiB": held, "bytes": size}))


def _netwarp(path: Any, columns: int, rows: int) -> float:
    """Processor seconds of evaluating alone."""
    import time

    import netwarp as nw
    from netwarp.posters.bands import Banded

    evaluate, spent = Banded.values, 0.0

    def timed(self: Banded, band: range) -> Any:
        nonlocal spent
        begun = time.process_time()
        found = evaluate(self, band)
        spent += time.process_time() - begun
        return found

    Banded.values = timed  # type: ignore[method-assign]
    nw.poster("conv(10) * 10", path, seed=9, size=(columns, rows), level=LEVEL)
    return spent


def _script(path: Any, columns: int, rows: int) -> float:
    """Processor seconds of evaluating alone. The network is handed over folded: no calibration is in the times."""
    import time

    import numpy as np
    import torch
    from PIL import Image
    from skimage.color import lab2rgb

    import netwarp as nw
    from benchmarks.rivals.folded import image, walk
    from benchmarks.rivals.with_torch import Columns

    Image.MAX_IMAGE_PIXELS = None
    field = nw.Network.draw(nw.parse("conv(10) * 10"), seed=9).calibrate()
    home = field.sample(dtype="float32").reshape(3, -1)
    low, high = home.min(1)[:, None, None], home.max(1)[:, None, None]
    whole, spent = Image.new("RGB", (columns, rows)), 0.0
    pitch, primitives = 1 / rows, Columns(torch.contiguous_format)
    with torch.inference_mode():
        for top in range(0, rows, TILE):
            for left in range(0, columns, TILE):
                begun = time.process_time()
                wide, high = min(TILE, columns - left), min(TILE, rows - top)
                x, y = (
                    (first + side / 2 - whole_side / 2) * pitch
                    for first, side, whole_side in ((left, wide, columns), (top, high, rows))
                )
                tile = nw.Raster(wide, high, nw.Plane(x, y, wide * pitch, high * pitch))
                inputs = torch.from_numpy(image(field.program, tile)).reshape(2, -1)
                found = walk(field.program, inputs, primitives).numpy().reshape(3, high, wide)
                spent += time.process_time() - begun
                unit = (found - low) / (high - low)
                lab = np.stack([100 * unit[0], 220 * unit[1] - 110, 220 * unit[2] - 110], axis=-1)
                pixels = (255 * np.clip(lab2rgb(lab), 0, 1) + 0.5).astype(np.uint8)
                whole.paste(Image.fromarray(pixels), (left, top))
    whole.save(path, compress_level=LEVEL)
    return spent


def tables(found: Found) -> str:
    lines = []
    for row in found["whole"]:
        seconds, (columns, rows) = row["seconds"], row["size"]
        lines.append(
            [
                row["name"],
                f"{columns}x{rows}",
                judged(f"{seconds['wall']:.1f}", held=seconds["wall"] <= row["most"]),
                f"{row['most']:g}",
                f"{seconds['processor']:.1f}",
                judged(f"{row['MiB']:.0f}", held=row["MiB"] <= MEMORY),
                f"{row['bytes'] / 2**20:.1f}",
            ]
        )
    heads = ("row", "pixels", "s", "asked", "CPU s", "MiB of memory", "MiB of file")
    text = "\n".join(table(f"Posters of `conv(10) * 10`: whole PNG files, zlib level {LEVEL}.", heads, lines))
    if found["beside"] is None:
        return text
    ours, theirs = (found["beside"][who]["seconds"] for who in ("netwarp", "script"))
    rows = []
    for part, least in (("evaluate", 10.0), ("processor", 3.0)):
        ratio = theirs[part] / ours[part]
        name = "evaluation alone" if part == "evaluate" else "the whole poster"
        held = judged(f"{ratio:.1f}", held=ratio >= least)
        rows.append([name, f"{theirs[part]:.2f}", f"{ours[part]:.2f}", held, f"{least:g}"])
    title = f"{SCRIPT_SIZE[0]}x{SCRIPT_SIZE[1]}, CPU s; the script: PyTorch tiles, scikit-image, Pillow."
    heads = ("part", "script", "netwarp", "script / netwarp", "at least")
    return f"{text}\n\n" + "\n".join(table(title, heads, rows))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
