"""tessellate: the exact activation regions of a piecewise-linear Field over a Plane."""

from __future__ import annotations

from time import perf_counter

from netwarp.checks import instance, whole
from netwarp.fields.field import Field
from netwarp.plane import Plane
from netwarp.progress import Progress
from netwarp.regions.frame import Frame, bounds_of
from netwarp.regions.gluing.found import LIMIT, cells_of, glued
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellation import Tessellation


def tessellate(
    field: Field, plane: Plane | None = None, *, limit: int = LIMIT, progress: Progress | None = None
) -> Tessellation:
    """The activation regions of a Field over `plane` (the calibration plane by default), exactly.

    Cells are those of constant activation pattern, not linear regions (see `merge`). `progress(done, total)` may raise.
    Errors: UnsupportedError naming the layer that is not pointwise or not piecewise linear; InputError for what is no
    Plane; RegionLimitError past `limit` cells, LimitError where memory would not do.
    """
    instance(field, Field, "tessellate field", "a Field, as network.calibrate() gives")
    right = "a Plane, as in Plane.between(-0.5, 0.5, -0.5, 0.5)"
    plane = instance(field.raster.plane if plane is None else plane, Plane, "tessellate plane", right)
    limit = whole(limit, "tessellate limit")
    bounds = bounds_of(plane)
    clock = perf_counter()
    stages = stages_of(field.program)
    frame = Frame(bounds)
    found = cells_of(stages, frame, limit=limit, progress=progress)
    joined = glued(found, stages, frame)
    return Tessellation(
        bounds=bounds,
        field=field,
        plane=plane,
        bits=joined.bits,
        errors=joined.errors,
        reach=joined.reach,
        doubtful=found.doubtful,
        seconds=perf_counter() - clock,
        **joined.cells,
    )
