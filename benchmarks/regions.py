"""Exact regions: netwarp beside regioncam, its time over the matrix products', and what sampling misses."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import numpy as np

import netwarp as nw
from benchmarks.floor import products, vertices
from benchmarks.processes import Entry, contest
from benchmarks.region_memory import grown
from benchmarks.region_rows import ROWS, SLOW, RegionRow, counter, field, weights
from benchmarks.rivals.grid import patterns
from benchmarks.threads import hold
from benchmarks.timing import Run, interleaved, say, seconds

Found = dict[str, Any]

PICTURE, GRIDS, COMPILING = "regions-picture", "regions-grids", "regions-compiling"
GRID_NETWORKS = ("10x10", "4x64", "5x100")
GRID_SIDES = (1000, 4000)
TEXT, SIDE = "conv(50) * 10", 4096


def names() -> list[str]:
    return [row.name for row in (*ROWS, *SLOW)] + [PICTURE, GRIDS, COMPILING]


def measure(threads: int, wanted: Collection[str], without: Collection[str], slow: bool, budget: float) -> Found:
    """The rows named, the slow ones among them only where asked for. Seconds, and MiB."""
    rival = "regioncam" not in without and bool(find_spec("regioncam"))
    found: Found = {"rows": [], "regioncam": rival}
    for row in (*ROWS, *SLOW) if slow else ROWS:
        if row.name in wanted:
            say(f"regions of {row.network}")
            found["rows"].append(_row(row, rival and row.rival, threads, budget))
    extras: dict[str, Callable[[], object]] = {
        PICTURE: lambda: _picture(threads),
        GRIDS: lambda: [_grid(row) for row in ROWS if row.network in GRID_NETWORKS],
        COMPILING: _compiling,
    }
    for name, extra in extras.items():
        if name in wanted:
            say(name)
            found[name] = extra()
    return found


def _row(row: RegionRow, rival: bool, threads: int, budget: float) -> Found:
    contestants = ["netwarp"] + ["regioncam"] * rival
    before = [] if row.folds else vertices(field(weights(row)))
    expected = None
    if row.folds:  # too long for more than once; the unfolded network wakes everything
        expected = 4**row.folds * counter(RegionRow(row.depth, row.width), "netwarp")()[0]
        run = counter(row, "netwarp")
        counts: dict[str, Any] = {}
        times: Mapping[str, float] = {"netwarp": seconds(lambda: counts.update(netwarp=run()))}
    else:
        entries = {who: Entry(_enter, (row, who, threads, tuple(before))) for who in [*contestants, "floor"]}
        found = contest(entries, budget, rounds=max(3, row.repeats))
        times, counts = found.seconds, {who: found.gave[who] for who in contestants}
    return {
        "name": row.name,
        "network": row.network,
        "s": times,
        "vertices before": before,
        "regions": {who: count for who, (count, _) in counts.items()},
        "expected": expected,
        "doubtful": counts["netwarp"][1],
        "MiB": {who: grown(row, who) for who in contestants},
        "at least": {
            "faster": row.faster,
            "leaner": row.leaner,
            "seconds": row.seconds,
            "gigabytes": row.gigabytes,
        },
    }


def _enter(row: RegionRow, who: str, threads: int, before: tuple[int, ...]) -> tuple[Run, str]:
    hold(threads)
    return (products(row, before) if who == "floor" else counter(row, who)), ""


def _picture(threads: int) -> Found:
    """The whole picture from its regions, tessellation included, beside the block evaluator and the bare writing."""
    drawn = nw.Network.draw(nw.parse(TEXT, act="relu"), seed=7).calibrate()
    raster = nw.Raster(columns=SIDE, rows=SIDE)
    shape = (drawn.channels, SIDE, SIDE)

    def write(parts: int) -> Callable[[], object]:
        bounds = [SIDE * part // parts for part in range(parts + 1)]

        def fill() -> object:
            out = np.empty(shape, dtype=np.float32)
            with ThreadPoolExecutor(parts) as pool:
                list(pool.map(lambda a, b: out[:, a:b].fill(1.0), bounds, bounds[1:]))
            return out

        return fill

    runs: dict[str, Callable[[], object]] = {
        "exact": lambda: drawn.sample(raster, dtype="float32", engine="exact"),
        "blocks": lambda: drawn.sample(raster, dtype="float32"),
        "writing": write(threads),
        "writing, one thread": write(1),
    }
    times = interleaved(runs, budget=3.0, least=3, most=9)
    regions = len(drawn.tessellate(raster.plane))
    return {"text": TEXT, "side": SIDE, "s": times, "regions": regions}


def _grid(row: RegionRow) -> Found:
    """How many regions a grid of points hits, and how long that takes; float32, warm."""
    layers = weights(row)
    patterns(layers, 100)
    tessellation = field(layers)
    exact = {"regions": len(tessellation.tessellate(row.plane))}
    exact_seconds = interleaved({"netwarp": lambda: tessellation.tessellate(row.plane)}, budget=1.0)["netwarp"]
    grids = []
    for side in GRID_SIDES:
        hit: list[int] = []

        def run(side: int = side, hit: list[int] = hit) -> None:
            hit.append(patterns(layers, side))

        took = seconds(run)
        grids.append({"side": side, "patterns": hit[0], "s": took})
    return {"network": row.network, "netwarp s": exact_seconds, "grids": grids} | exact


def _compiling() -> Found:
    """Seconds of the first tessellation: with nothing compiled yet, and in a new process that finds it compiled."""
    code = (
        "import time; from benchmarks.region_rows import RegionRow, counter; "
        "run = counter(RegionRow(4, 64), 'netwarp'); a = time.perf_counter(); run(); b = time.perf_counter(); run(); "
        "print(b - a, time.perf_counter() - b)"
    )
    with tempfile.TemporaryDirectory() as folder:
        surroundings = os.environ | {"NETWARP_CACHE_DIR": folder}

        def first() -> list[float]:
            run = subprocess.run(
                [sys.executable, "-c", code], env=surroundings, check=True, capture_output=True, text=True
            )
            return [float(word) for word in run.stdout.split()]

        ever, later = first(), first()
    return {"first ever": ever[0], "first of a process": later[0], "second of a process": later[1]}
