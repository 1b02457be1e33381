"""All cells of a rectangle, found by several threads and glued to one mesh."""

# C cells, H sides, K channels of the output, W words of pattern bits

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import Any, NamedTuple, TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.errors import LimitError, RegionLimitError
from netwarp.fields.limits import SHARE, machine_bytes
from netwarp.progress import Progress
from netwarp.regions.descent.batch import Count
from netwarp.regions.descent.cohort import Cohort, Finished, rectangle
from netwarp.regions.descent.descend import Walker
from netwarp.regions.descent.forecast import Forecast, forecast
from netwarp.regions.descent.idle import give_back, walker_of
from netwarp.regions.descent.painting import Canvas, Painter
from netwarp.regions.descent.plan import DescentPlan, plan
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.gluing.dissolve import dissolve
from netwarp.regions.gluing.glue import index_splits, join_corners, join_sides, match, neighbours
from netwarp.regions.gluing.jumps import leaves, refine
from netwarp.regions.gluing.mesh import Mesh
from netwarp.regions.stages import Stages

Gathered = TypeVar("Gathered")
LIMIT = 20_000_000
WORTH = 1_000_000  # cells times layers after which it is worth looking ahead: half a second or so
ALONE = 1200  # fewer cells than these are not worth waking a thread for
# cells a job: a matrix product rounds otherwise over other numbers of rows, so that what a job is must not depend on
# how many threads there are
FEWEST, MOST, JOBS = 48, 512, 64


@dataclass(frozen=True, eq=False)
class Found:
    """The cells of a descent, before they are glued."""

    offsets: NDArray[np.int64]
    corners: NDArray[np.float64]  # (H, 3)
    sides: NDArray[np.int64]  # (H,) numbers
    labels: NDArray[np.int32]
    bits: NDArray[np.uint64]
    affine: NDArray[np.float64]  # (C, K, 3)
    errors: NDArray[np.float64]  # (C, 3)
    splits: NDArray[np.int64]
    pairs: NDArray[np.int64]
    numbers: int
    doubtful: int  # signs that were settled exactly
    slow: int  # times that a cell was left to Python's integers, a hundred times slower than compiled ones


class _Tally:
    """Counts the cells that there are so far, of all threads; stops past the limit, or where that is foreseen."""

    def __init__(self, limit: int, stages: Stages, *, kept: bool = True) -> None:
        self.count, self.limit, self.stages = 1, limit, stages
        self.foresee: Callable[[int], Forecast | None] | None = None
        self.begun = WORTH // max(len(stages.stages), 1)
        k = stages.program.channels
        # bytes of a cell that is kept. It has some four sides: corners, numbers and what they are glued into; what of
        # them was cut; its map, pattern and error
        self.each = 4 * (24 + 8 + 4 + 40) + 160 + 48 * k + 16 * stages.words + 64 if kept else 0
        self.allowed = int(machine_bytes() * SHARE)
        self.lock = Lock()

    def __call__(self, more: int, number: int) -> None:
        with self.lock:
            self.count += more
            count, foresee = self.count, None
            if count > self.begun:
                foresee, self.foresee = self.foresee, None
        layer = self.stages.stages[number].number
        if count > self.limit:
            regions = "region" if self.limit == 1 else "regions"
            raise RegionLimitError(
                f"more than {self.limit:,} activation {regions}: {count:,} so far, at layer {layer}; "
                "raise the limit or choose a smaller plane",
                found=count,
                layer=layer,
            )
        if foresee is not None:
            self._look_ahead(count, foresee)
        if count * self.each > self.allowed:
            raise LimitError(
                f"{count:,} activation regions at layer {layer} would take {count * self.each / 2**30:.3g} GiB of "
                f"memory, at most {self.allowed / 2**30:.3g} GiB are used on this machine; choose a smaller plane"
            )

    def _look_ahead(self, count: int, foresee: Callable[[int], Forecast | None]) -> None:
        found = foresee(most := min(self.limit, self.allowed // self.each))
        if found is None:
            return
        layer, cells = self.stages.stages[found.stage].number, float(f"{found.cells:.2g}")
        if most < self.limit:
            raise LimitError(
                f"some {cells:,.0f} activation regions by layer {layer}, as samples tell, would take "
                f"{cells * self.each / 2**30:.3g} GiB of memory, at most {self.allowed / 2**30:.3g} GiB are used on "
                "this machine; choose a smaller plane"
            )
        raise RegionLimitError(
            f"more than {self.limit:,} activation regions: some {cells:,.0f} by layer {layer}, as samples tell; "
            "raise the limit or choose a smaller plane",
            found=count,
            layer=layer,
            expected=cells,
        )


def cells_of(stages: Stages, frame: Frame, *, limit: int, progress: Progress | None = None) -> Found:
    """All cells of the frame's rectangle. Errors: as `tessellate`."""
    # what overflows has an infinite bound, and is settled in whole numbers. BLAS's own threads would part its sums
    # otherwise
    with np.errstate(all="ignore"), single_threaded():
        return _cells_of(stages, frame, limit=limit, progress=progress)


def _cells_of(stages: Stages, frame: Frame, *, limit: int, progress: Progress | None) -> Found:
    return _joined(_walked(plan(stages, frame), _Tally(limit, stages), _Result.of, progress=progress), stages)


def paint(stages: Stages, frame: Frame, canvas: Canvas, *, limit: int, progress: Progress | None = None) -> None:
    """Paints all cells of the frame's rectangle that hold a pixel centre. Errors: as `tessellate`."""
    with np.errstate(all="ignore"), single_threaded():
        _walked(
            plan(stages, frame),
            _Tally(limit, stages, kept=False),
            lambda walker, _: int(walker.scratch.counts[Count.NEXT]),
            canvas=canvas,
            progress=progress,
        )


def _walked(
    what: DescentPlan,
    tally: _Tally,
    gather: Callable[[Walker, int], Gathered],
    *,
    canvas: Canvas | None = None,
    progress: Progress | None = None,
) -> list[Gathered]:
    """Descends from the rectangle. Gives `gather(walker, begin)` of the first walker, then of every job, in order;
    the sides that a job makes are numbered from `begin` on."""

    def called() -> Walker:
        walker = walker_of(what, tally)
        walker.painter = None if canvas is None else Painter(canvas)
        walkers.append(walker)
        return walker

    walkers: list[Walker] = []
    walker = called()
    walker.begin(4)
    cohort: Cohort | None = rectangle(walker.plan.frame, walker.plan.stages.words)
    # breadth first until there is enough to share out
    while cohort is not None and cohort.count < ALONE:
        cohort = walker.advance(cohort, 0, cohort.count)
    if cohort is not None and cohort.number == what.depth:
        # only their output is left to be computed
        for _ in walker.descend(cohort, 0, cohort.count):
            pass
        cohort = None
    results = [gather(walker, 0)]
    if cohort is not None:
        number = int(walker.scratch.counts[Count.NEXT])
        if canvas is None:
            tally.foresee = partial(forecast, what, cohort)
        size = max(min(cohort.count // JOBS, MOST), FEWEST)
        jobs = [(n, a, min(a + size, cohort.count)) for n, a in enumerate(range(0, cohort.count, size))]
        made: list[Gathered | None] = [None] * len(jobs)

        def work(_: int) -> Callable[[tuple[int, int, int]], Iterator[None]]:
            mine = called()

            def do(job: tuple[int, int, int]) -> Iterator[None]:
                n, a, b = job
                assert cohort is not None
                mine.begin(number)
                for _ in mine.descend(cohort, a, b):
                    yield
                made[n] = gather(mine, number)

            return do

        spread(jobs, work, progress)
        results += [result for result in made if result is not None]
    give_back(walkers)
    return results


@dataclass(frozen=True, eq=False)
class _Result:
    finished: Finished
    splits: NDArray[np.int64]
    pairs: NDArray[np.int64]
    begin: int  # its own numbers are from here
    end: int  # to here
    doubtful: int
    slow: int

    @classmethod
    def of(cls, walker: Walker, begin: int) -> _Result:
        count = walker.scratch.counts
        splits = walker.record.splits[: count[Count.SPLITS]].copy()
        pairs = walker.record.pairs[: count[Count.PAIRS]].copy()
        return cls(walker.finished, splits, pairs, begin, int(count[Count.NEXT]), walker.doubtful, walker.slow)


def _joined(results: list[_Result], stages: Stages) -> Found:
    shifts = []
    numbers = results[0].end
    for result in results[1:]:
        shifts.append((result, numbers - result.begin))
        numbers += result.end - result.begin
    for result, shift in shifts:
        for array in (*result.finished.sides, result.splits[:, :2], result.pairs[:, 0]):
            array[array >= result.begin] += shift
    parts = [result.finished for result in results]
    k = stages.program.channels

    def together(name: str, empty: tuple[int, ...], dtype: type) -> Any:
        chunks = [chunk for part in parts for chunk in getattr(part, name)]
        if len(chunks) == 1:
            return chunks[0]
        return np.concatenate(chunks) if chunks else np.empty(empty, dtype)

    counts = together("counts", (0,), np.int64)
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return Found(
        offsets,
        together("vertices", (0, 3), np.float64),
        together("sides", (0,), np.int64),
        together("labels", (0,), np.int32),
        together("bits", (0, stages.words), np.uint64),
        np.ascontiguousarray(together("affine", (0, 3, k), np.float64).transpose(0, 2, 1)),
        together("errors", (0, 3), np.float64),
        results[0].splits if len(results) == 1 else np.concatenate([result.splits for result in results]),
        results[0].pairs if len(results) == 1 else np.concatenate([result.pairs for result in results]),
        numbers,
        sum(result.doubtful for result in results),
        sum(result.slow for result in results),
    )


class CellArrays(TypedDict):
    """The arrays of Cells, which says what they are."""

    vertices: NDArray[np.float64]
    edges: NDArray[np.int32]
    edge_cells: NDArray[np.int32]
    edge_layers: NDArray[np.int32]
    edge_units: NDArray[np.int32]
    offsets: NDArray[np.int64]
    indices: NDArray[np.int32]
    sides: NDArray[np.int32]
    affine: NDArray[np.float64]


class Glued(NamedTuple):
    """Cells joined to one mesh, and what a Tessellation adds to them."""

    cells: CellArrays
    bits: NDArray[np.uint64]  # (C, W)
    reach: NDArray[np.float64]  # (V,)
    errors: NDArray[np.float64]  # (C, 3)


def glued(found: Found, stages: Stages, frame: Frame) -> Glued:
    """The cells as one mesh."""
    total = int(found.offsets[-1])
    place = np.full(found.numbers, -1, dtype=np.int32)
    place[found.sides] = np.arange(total, dtype=np.int32)
    twin = np.full(total, -1, dtype=np.int32)
    first, parts = index_splits(found.splits, found.numbers)
    apart = match(found.pairs, first, parts, place, twin)
    mesh = Mesh(found.offsets, found.corners, found.labels, twin, found.bits)
    affine, errors = found.affine, found.errors
    if len(apart):
        mesh = refine(
            mesh, [[leaves(int(n), first, parts, place) for n in pair] for pair in apart], Exact(stages, frame)
        )
    if any(stage.pieces > 2 for stage in stages.stages):
        mesh, kept = dissolve(mesh, stages)
        affine, errors = affine[kept], errors[kept]
    total = len(mesh.labels)
    following, preceding = neighbours(mesh.offsets)
    indices = np.empty(total, dtype=np.int32)
    vertices, reach = np.empty((total, 2)), np.empty(total)
    count = join_corners(mesh.corners, mesh.twin, following, preceding, indices, vertices, reach)
    edges, edge_cells = np.empty((total, 2), dtype=np.int32), np.empty((total, 2), dtype=np.int32)
    sides, drawn = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    number = join_sides(mesh.offsets, mesh.twin, following, indices, edges, edge_cells, sides, drawn)
    labels = np.maximum(mesh.labels[drawn[:number]], -1)
    layer, unit = line_names(stages)
    cells = CellArrays(
        vertices=vertices[:count].copy(),
        edges=edges[:number].copy(),
        edge_cells=edge_cells[:number].copy(),
        edge_layers=layer[labels],
        edge_units=unit[labels],
        offsets=mesh.offsets,
        indices=indices,
        sides=sides,
        affine=affine,
    )
    return Glued(cells, mesh.bits, reach[:count].copy(), errors)


@lru_cache(maxsize=4)
def line_names(stages: Stages) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The layer and the unit of every line of all stages; one more entry, so that -1 may be looked up."""
    layer = np.zeros(stages.lines + 1, dtype=np.int32)
    unit = np.full(stages.lines + 1, -1, dtype=np.int32)
    for stage in stages.stages:
        lines = slice(stage.label, stage.label + stage.lines)
        layer[lines], unit[lines] = stage.number, stage.unit
    return layer, unit
