"""Films: frames a second, drawn and encoded, beside what is asked of two cores. The file is read again and counted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import av

import netwarp as nw
from benchmarks.tables import judged, table
from benchmarks.timing import PAUSE, say
from netwarp.films.plan import Timing

Found = dict[str, Any]
ROUNDS = 3


@dataclass(frozen=True)
class FilmRow:
    """A film of `frames` frames of 600x400 over four seeds, closed; `least` frames a second are asked for."""

    name: str
    title: str
    least: float
    exact: bool = False
    frames: int = 300


ROWS = (
    FilmRow("film-seeds", "`conv(10) * 10` over four seeds, 600x400, H.264", least=40),
    FilmRow("film-seeds-exact", "the same, every frame calibrated on 600x400", least=15, exact=True),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


def run(wanted: Collection[str], *, quick: bool = False) -> list[Found]:
    """The rows named: median wall seconds and processor seconds of the whole film, its Tone fitted before."""
    found = []
    for row in ROWS:
        if row.name not in wanted:
            continue
        say(row.name)
        frames = row.frames // 10 if quick else row.frames
        film = nw.film("conv(10) * 10", "seed", 1, 4, timing=Timing(frames, loop=True), exact=row.exact)
        walls, processors, size = [], [], 0
        for _ in range(1 if quick else ROUNDS):
            time.sleep(PAUSE)
            wall, processor = time.perf_counter(), time.process_time()
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "film.mp4"
                film.save(path)
                walls.append(time.perf_counter() - wall)
                processors.append(time.process_time() - processor)
                size = path.stat().st_size
                with av.open(str(path)) as container:
                    assert sum(1 for _ in container.decode(video=0)) == frames
        seconds = {"wall": median(walls), "processor": median(processors)}
        found.append(vars(row) | {"frames": frames, "seconds": seconds, "bytes": size})
    return found


def tables(found: list[Found]) -> str:
    lines = []
    for one in found:
        rate = one["frames"] / one["seconds"]["wall"]
        each = 1e3 * one["seconds"]["processor"] / one["frames"]
        text = judged(f"{rate:.1f}", held=rate >= one["least"])
        lines.append([one["name"], one["title"], f"{one['frames']}", f"{each:.1f}", text, f"{one['least']:g}"])
    heads = ("row", "film", "frames", "CPU ms a frame", "frames/s", "asked")
    return "\n".join(table("Films: drawn and encoded.", heads, lines))
