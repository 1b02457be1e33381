"""The native evaluator: plans run by compiled code, in blocks of pixels that stay in cache, on all cores.

The same Program gives the same bits for any thread count, tile size and vector width: every pixel is computed on its
own, by operations that IEEE 754 fixes, in an order that the plan fixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.batches import evaluate
from netwarp.engine.lanes import Kind
from netwarp.engine.lattice import Axis, axis
from netwarp.engine.layout import lay_out
from netwarp.engine.plan import Header, Plan
from netwarp.engine.pools import separated
from netwarp.engine.protocol import Dtype, Floats, Settle
from netwarp.engine.threads import hands, spread, thread_count
from netwarp.engine.work import JOB, work_of
from netwarp.engine.workspace import Workspace
from netwarp.network.flatten import tensorial
from netwarp.network.planar import planar
from netwarp.network.program import Program, check_tangents
from netwarp.plane import Raster
from netwarp.progress import Progress

FIRST_CACHE, SECOND_CACHE = 48 << 10, 768 << 10  # bytes of a core's own caches that a block or a strip may fill


class Native:
    """The evaluator of this machine's processor. Conforms to engine.protocol.Engine.

    A Program with operations on tensors, or an outside function, is run in batches by numpy (engine.batches).
    """

    name = "native"

    def run(
        self,
        program: Program,
        raster: Raster,
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        rows: range | None = None,
        progress: Progress | None = None,
    ) -> Floats:
        """(k, rows, columns) of `dtype`; with `tangents` (k, 3, rows, columns): value, d/dx, d/dy.

        `rows` are those wanted, of step 1, all unless given: their values are those of the whole to the last bit.
        """
        if tangents:
            check_tangents(program)
        rows = range(raster.rows) if rows is None else rows
        ys = raster.ys()[rows.start : rows.stop]
        if tensorial(program):
            points = np.empty((len(rows), raster.columns, 2))
            points[..., 0], points[..., 1] = raster.xs(), ys[:, None]
            found = evaluate(program, points.reshape(-1, 2), dtype, tangents, progress)
            shape = (*found.shape[1:], len(rows), raster.columns)
            pictures: Floats = np.ascontiguousarray(np.moveaxis(found, 0, -1).reshape(shape))
            return pictures
        program = separated(planar(program)).program
        parts = 3 if tangents else 1
        out = np.empty((program.channels * parts, len(rows), raster.columns), dtype)
        if program.pointwise:
            pixels = out.reshape(len(out), -1)
            _flat(program, raster.xs(), ys, pixels, dtype, grid=True, tangents=tangents, progress=progress)
        else:
            plane, reach = raster.plane, program.reach[0]
            across = axis(raster.columns, plane.width, plane.x, tap[0], reach)
            down = axis(raster.rows, plane.height, plane.y, tap[1], reach, rows)
            _strips(program, across, down, out, dtype, tangents=tangents, progress=progress)
        return out.reshape(program.channels, 3, len(rows), raster.columns) if tangents else out

    def points(
        self,
        program: Program,
        points: NDArray[np.float64],
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(n, k) of `dtype` at (n, 2) points; with `tangents` (n, k, 3)."""
        if tangents:
            check_tangents(program)
        if tensorial(program):
            return evaluate(program, points, dtype, tangents, progress)
        program = separated(planar(program)).program
        n, k = len(points), program.channels
        out = np.empty((k * (3 if tangents else 1), n), dtype)
        if n and program.pointwise:
            xs, ys = (np.ascontiguousarray(points[:, i]) for i in (0, 1))
            _flat(program, xs, ys, out, dtype, grid=False, tangents=tangents, progress=progress)
        elif n:
            _lattices(program, points, tap, out, dtype, tangents=tangents, progress=progress)
        return np.ascontiguousarray(out.reshape(k, 3, n).transpose(2, 0, 1) if tangents else out.T)

    def statistics(self, program: Program, raster: Raster, settle: Settle, *, progress: Progress | None = None) -> None:
        """See engine.protocol.Engine."""
        from netwarp.engine.calibration import walk

        walk(program, raster, settle, progress)


def strip_bytes(
    program: Program, raster: Raster, tap: tuple[float, float], dtype: Dtype, *, tangents: bool = False
) -> int:
    """Bytes that all threads work in while a Program with kernels or pools is run; 0 for a pointwise one."""
    if program.pointwise:
        return 0
    program = separated(program).program
    across = axis(raster.columns, raster.plane.width, raster.plane.x, tap[0], program.reach[0])
    width = max(_padded(len(part), dtype) for part in _cut_columns(program, across, dtype, tangents))
    return lay_out(program, dtype, width, tangents).memory * np.dtype(dtype).itemsize * thread_count()


def _flat(
    program: Program,
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    out: Floats,
    dtype: Dtype,
    *,
    grid: bool,
    tangents: bool,
    progress: Progress | None,
) -> None:
    from netwarp.engine.executor import flat

    width, pixels = _block(program, dtype), out.shape[1]
    plan = lay_out(program, dtype, width, tangents)
    blocks = -(-pixels // width)
    # none so heavy that whoever interrupts must wait
    threads = hands()
    share = blocks // (4 * threads) if threads > 1 else blocks
    chunk = max(1, min(share, 64, JOB // (width * work_of(program.operations)))) * width
    jobs = [(first, min(first + chunk, pixels)) for first in range(0, pixels, chunk)]

    columns = len(xs) if grid else 0

    def work(_: int) -> Callable[[tuple[int, int]], None]:
        space = Workspace.of(plan)
        x, y, to = xs.ctypes.data, ys.ctypes.data, out.ctypes.data
        return lambda job: flat(space.table, x, y, columns, to, pixels, *job)

    spread(jobs, work, progress)


def _block(program: Program, dtype: Dtype) -> int:
    """Pixels in a block: whole tiles, so many that the widest pair of values stays in the nearer caches."""
    size = np.dtype(dtype).itemsize
    widest = max(
        o.channels + max((program.operations[s].channels for s in o.sources), default=0) for o in program.operations
    )
    tile = 4 * Kind(8 * size).lanes
    return max(2 * tile, min(256, FIRST_CACHE // (widest * size)) // tile * tile)


def _strips(
    program: Program,
    across: Axis,
    down: Axis,
    out: Floats,
    dtype: Dtype,
    *,
    tangents: bool,
    progress: Progress | None,
) -> None:
    from netwarp.engine.executor import strip

    columns = _cut_columns(program, across, dtype, tangents)
    width = max(_padded(len(part), dtype) for part in columns)
    plan = lay_out(program, dtype, width, tangents)
    # a band computes its halo rows again, so bands are high; but a few a thread, so that none waits long for another
    heavy = len(down) * width * work_of(program.operations) // JOB
    bands = max(-(-4 * thread_count() // len(columns)), heavy)
    bands = max(1, min(bands, len(down.core), len(down) // (6 * (down.before + down.after) + 1)))
    jobs = [(part, band) for part in columns for band in _cut(down, bands)]

    def work(_: int) -> Callable[[tuple[Axis, Axis]], Iterator[None]]:
        space = Workspace.of(plan)

        def do(job: tuple[Axis, Axis]) -> Iterator[None]:
            part, band = job
            space.x[: len(part)] = part.coordinates
            space.x[len(part) :] = part.coordinates[-1]
            space.rows(band.coordinates)
            rows = np.full(len(band), -1, dtype=np.int64)
            rows[band.core] = band.pixels
            to, columns, pixels = out.ctypes.data, out.shape[2], out.shape[1] * out.shape[2]
            for first, last in _runs(program, plan, len(rows)):
                strip(space.table, first, last, rows, part.core, part.pixels, to, columns, pixels)
                yield

        return do

    spread(jobs, work, progress)


def _lattices(
    program: Program,
    points: NDArray[np.float64],
    tap: tuple[float, float],
    out: Floats,
    dtype: Dtype,
    *,
    tangents: bool,
    progress: Progress | None,
) -> None:
    """Every point with its own lattice of taps, side by side in one row of pixels."""
    from netwarp.engine.executor import strip

    before, after = program.reach[0]
    span = before + after + 1
    offsets = np.arange(-before, after + 1, dtype=np.float64)
    share = max(1, min(len(points), 4096 // span))
    width = _padded(share * span, dtype)
    plan = lay_out(program, dtype, width, tangents)
    rows = np.full(span, -1, dtype=np.int64)
    rows[before] = 0
    jobs = [(first, min(first + share, len(points))) for first in range(0, len(points), share)]

    def work(_: int) -> Callable[[tuple[int, int]], Iterator[None]]:
        space = Workspace.of(plan)
        space.rows(offsets * tap[1])

        def do(job: tuple[int, int]) -> Iterator[None]:
            own = points[job[0] : job[1]]
            count = len(own) * span
            space.x[:count] = (own[:, :1] + offsets * tap[0]).ravel()
            space.y[:count] = np.repeat(own[:, 1], span)
            space.x[count:], space.y[count:] = space.x[count - 1], space.y[count - 1]
            core = np.arange(len(own), dtype=np.int64) * span + before
            columns = np.arange(*job, dtype=np.int64)
            for first, last in _runs(program, plan, span):
                strip(space.table, first, last, rows, core, columns, out.ctypes.data, 0, out.shape[1])
                yield

        return do

    spread(jobs, work, progress)


def _runs(program: Program, plan: Plan, rows: int) -> list[tuple[int, int]]:
    """A strip's rows, those before the first output's too, in runs that take some tens of milliseconds each."""
    height = max(1, JOB // (int(plan.table[Header.WIDTH]) * work_of(program.operations)))
    return [(first, min(first + height, rows)) for first in range(-plan.warm_up, rows, height)]


def _padded(n: int, dtype: Dtype) -> int:
    """n up to a whole number of vectors, of float64 ones too: coordinates are float64."""
    lanes = max(Kind(8 * np.dtype(dtype).itemsize).lanes, Kind(64).lanes)
    return -(-n // lanes) * lanes


def _cut_columns(program: Program, across: Axis, dtype: Dtype, tangents: bool) -> list[Axis]:
    """Strips as narrow as makes their rings fit the second cache, unless that computes much halo again."""
    pixels, halo = len(across.core), across.before + across.after
    # rings grow with the width, so two widths tell how wide a strip fits
    size = np.dtype(dtype).itemsize
    low, high = (lay_out(program, dtype, _padded(n, dtype), tangents).memory * size for n in (1, 1025))
    fitting = 1024 * (SECOND_CACHE - low) // (high - low)
    most = max(1, len(across) // max(fitting, 4 * halo, 64))
    best, best_cost = 1, float("inf")
    for n in range(max(1, most - 3), min(pixels, most + 2) + 1):
        widths = [_padded(len(part), dtype) for part in _cut(across, n)]
        # measured: rings that spill over the second cache cost about a fifth more
        cost = sum(widths) * (1.0 if max(widths) <= max(fitting, 64) else 1.2)
        if cost < best_cost:
            best, best_cost = n, cost
    return _cut(across, best)


def _cut(whole: Axis, parts: int) -> list[Axis]:
    """The Axis as `parts` of nearly equally many pixels, each with its halo."""
    edges = [len(whole.core) * n // parts for n in range(parts + 1)]
    return [whole.part(first, end) for first, end in pairwise(edges)]
