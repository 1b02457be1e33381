"""A small picture of what a poster will show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from netwarp.orders.order import Order
from netwarp.plane import Raster
from netwarp.posters.writing import Finish

# pixels a side, at most
SIDE = 1000


def preview_of(what: Order, out: Path, finish: Finish) -> tuple[Order, Path, Finish]:
    """The same plane through at most 1,000 pixels a side, into FILE-preview.png: what `draw_poster` takes."""
    most = max(what.raster.columns, what.raster.rows)
    columns, rows = (max(1, side * min(most, SIDE) // most) for side in (what.raster.columns, what.raster.rows))
    small = replace(what, raster=Raster(columns, rows, what.raster.plane))
    return small, out.with_name(f"{out.stem}-preview.png"), Finish(level=finish.level, profile=finish.profile)
