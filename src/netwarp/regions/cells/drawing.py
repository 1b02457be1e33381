"""A Field's samples from its tessellation: the cost of a picture hardly depends on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netwarp.engine.protocol import Dtype, Floats
from netwarp.engine.work import flops
from netwarp.errors import UnsupportedError
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.cells.raster import rasterise
from netwarp.regions.descent.found import LIMIT, paint
from netwarp.regions.descent.painting import Canvas, paintable
from netwarp.regions.frame import Frame, bounds_of
from netwarp.regions.stages import refuse, stages_of
from netwarp.regions.tessellate import tessellate

if TYPE_CHECKING:
    from netwarp.fields.field import Field

# operations that the time of one region and stage is worth, besides its matrix products, and those of one value filled
PER_CELL, PER_VALUE = 12_000, 60
# how much cheaper the tessellation must look: its count of regions is a guess
MARGIN = 3


def draw(field: Field, raster: Raster, dtype: Dtype, *, progress: Progress | None = None) -> Floats:
    """(k, rows, columns) values at the pixel centres: of each the affine map of its cell, evaluated in float64.

    Errors: as `tessellate`.
    """
    stages = stages_of(field.program)
    if not paintable(stages):
        return rasterise(tessellate(field, raster.plane, progress=progress), raster, dtype)
    frame = Frame(bounds_of(raster.plane))
    out = np.full((field.channels, raster.rows, raster.columns), np.nan, dtype)
    paint(stages, frame, Canvas.of(raster, frame, out), limit=LIMIT, progress=progress)
    rows, columns = np.nonzero(np.isnan(out[0]))
    if len(rows):
        points = np.stack([raster.xs()[columns], raster.ys()[rows]], axis=1)
        out[:, rows, columns] = field.at(points).T
    return out


def worthwhile(field: Field, raster: Raster) -> bool:
    """Whether `draw` is expected to be cheaper than evaluating every pixel, by counts alone.

    False for Fields that have no tessellation.
    """
    try:
        regions, each = effort(field, raster.plane)
    except UnsupportedError:
        return False
    exact = regions * each + PER_VALUE * raster.pixels * field.channels
    return MARGIN * exact < raster.pixels * flops(field.program)


def effort(field: Field, plane: Plane) -> tuple[float, float]:
    """How many regions to expect on `plane`, and how many operations finding one takes: a guess, by counts alone.

    n lines in general position make some n^2 / 2 regions, and a deep network of as many units rarely makes many times
    as many; the share of them in view goes with its area. Errors: UnsupportedError naming the layer in the way.
    """
    refuse(field.program)
    stages = stages_of(field.program)
    depth = max(len(stages.stages), 1)
    share = min(plane.width * plane.height / (field.raster.plane.width * field.raster.plane.height), 1.0)
    regions = 1 + stages.lines + share * stages.lines**2 / 2
    return regions, (3 * flops(field.program) + PER_CELL * depth) / 2
