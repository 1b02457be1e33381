"""tessellate: the exact activation regions of a piecewise-linear Field over a Plane."""

from __future__ import annotations

from time import perf_counter

from netwarp.checks import instance, whole
from netwarp.fields.field import A_FIELD, Field
from netwarp.log import step
from netwarp.plane import A_PLANE, Plane
from netwarp.progress import Progress
from netwarp.regions.descent.found import LIMIT, cells_of
from netwarp.regions.frame import Frame, bounds_of
from netwarp.regions.gluing.glued import glued
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellation import Tessellation


def tessellate(
    field: Field, plane: Plane | None = None, *, limit: int = LIMIT, progress: Progress | None = None
) -> Tessellation:
    """The activation regions of a Field over `plane` (the calibration plane by default), exactly.

    Cells are those of constant activation pattern, not linear regions (see `merge`). `progress(done, total)` may raise.
    Errors: UnsupportedError naming the layer that is not pointwise or not piecewise linear; InputError for what is no
    Plane; RegionLimitError past `limit` cells, LimitError where memory would not do.

    >>> field = nw.Network.draw(nw.parse("conv(10) * 2"), seed=7).calibrate(nw.Raster(60, 40))
    >>> nw.tessellate(field)
    <Tessellation: 243 activation regions, 511 edges>
    >>> len(nw.tessellate(field, nw.Plane(0.1, 0.1, width=1e-6, height=1e-6)))  # no unit switches here
    1
    >>> nw.tessellate(field, limit=3)
    Traceback (most recent call last):
        ...
    netwarp.errors.RegionLimitError: more than 3 activation regions: 49 so far, at layer 1; ...
    """
    instance(field, Field, "tessellate field", A_FIELD)
    plane = instance(field.raster.plane if plane is None else plane, Plane, "tessellate plane", A_PLANE)
    limit = whole(limit, "tessellate limit")
    return tessellate_in(None, field, plane, limit=limit, progress=progress)


def tessellate_in(
    frame: Frame | None, field: Field, plane: Plane, *, limit: int = LIMIT, progress: Progress | None = None
) -> Tessellation:
    """As `tessellate`, in the coordinates of a frame, whose rectangle stands for the plane; of None the plane's own."""
    with step("tessellate") as say:
        clock = perf_counter()
        # a model that has no regions has none on any plane
        stages = stages_of(field.program)
        used = Frame(bounds_of(plane)) if frame is None else frame
        found = cells_of(stages, used, limit=limit, progress=progress)
        joined = glued(found, stages, used)
        made = Tessellation(
            bounds=used.bounds,
            field=field,
            plane=plane,
            bits=joined.bits,
            errors=joined.errors,
            reach=joined.reach,
            doubtful=found.doubtful,
            seconds=perf_counter() - clock,
            frame=frame,
            **joined.cells,
        )
        say("%d cells on %s", len(made), plane)
    return made
