"""What a Field's work would take: memory that is checked before any is touched, and an estimate of time."""

from __future__ import annotations

import os
from dataclasses import dataclass

from netwarp.engine.lattice import axis
from netwarp.engine.pools import separated
from netwarp.errors import LimitError
from netwarp.network.program import Program
from netwarp.plane import Raster

# of what the machine has; the rest is other people's
SHARE = 0.8


@dataclass(frozen=True)
class Estimate:
    """What drawing a raster would take. `positions` is how many points the layers are evaluated at."""

    seconds: float
    bytes: int
    flops: int
    positions: int
    note: str


def machine_bytes() -> int:
    """Memory of this machine, in bytes; 8 GiB where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 << 30


def check_memory(needed: int, what: str) -> None:
    """Errors: LimitError with the estimate where `needed` bytes are more than this machine can give."""
    allowed = int(machine_bytes() * SHARE)
    if needed > allowed:
        raise LimitError(
            f"{what} would take {needed / 2**30:.3g} GiB of memory, "
            f"at most {allowed / 2**30:.3g} GiB are used on this machine; choose a smaller size"
        )


def native_calibration_bytes(program: Program, raster: Raster) -> int:
    """Bytes of the pictures that calibration may keep at once, at most: the values live together, at their widest."""
    program = separated(program).program
    before, after = max(r[0] for r in program.reach), max(r[1] for r in program.reach)
    pixels = (raster.columns + before + after) * (raster.rows + before + after)
    widest, live = 0, dict[int, int]()
    for i, operation in enumerate(program.operations):
        live[i] = operation.channels
        widest = max(widest, sum(live.values()))
        live = {v: c for v, c in live.items() if program.last_use[v] > i}
    # rows are padded, and every thread has rows of its own
    return widest * pixels * 8 * 5 // 4


def positions(program: Program, raster: Raster, tap: tuple[float, float]) -> int:
    """How many points a Program is evaluated at to fill the raster, its kernels' halo and lattices counted in."""
    reach, plane = program.reach[0], raster.plane
    if reach == (0, 0):
        return raster.pixels
    across = axis(raster.columns, plane.width, plane.x, tap[0], reach)
    down = axis(raster.rows, plane.height, plane.y, tap[1], reach)
    return len(across) * len(down)


def lattice_bytes(program: Program, raster: Raster) -> int:
    """Bytes of the lattices' coordinates, at most: where every pixel has its own, with its halo, along either axis."""
    before, after = program.reach[0]
    return 0 if before == after == 0 else (raster.columns + raster.rows) * (1 + before + after) * 24
