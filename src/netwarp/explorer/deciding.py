"""The decision regions of a view: who wins at every pixel, the boundaries between classes, the data's points."""

# K classes, L sets of winners, n points, S pieces of boundaries

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import LimitError, NotFiniteError, UnsupportedError
from netwarp.explorer import limits, views
from netwarp.explorer.cells import cut
from netwarp.explorer.decided import AgreeReply, PointsReply, RegionData, RegionsReply
from netwarp.explorer.opening import OpenField
from netwarp.explorer.protocol import PixelsReply
from netwarp.explorer.reading import CALIBRATION
from netwarp.explorer.scene import Scene
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.models.decisions import colours
from netwarp.models.decisions.agreement import agreement
from netwarp.models.decisions.contest import Contest, contest
from netwarp.models.decisions.grounds import CellGround, GridGround, cell_ground
from netwarp.plane import Plane, Raster

MOST_POINTS = 20_000
# a view's own coordinates, in which it is cut or sampled however small it is
OWN = Plane()


def pixels(
    opened: OpenField, raster: Raster, *, margin: bool = False, coarse: bool, cancel: Cancellation
) -> tuple[PixelsReply, bytes]:
    """The areas that classes win, RGBA, paler where the `margin` is small; where `coarse`, of fewer pixels.

    A view too small for float64 to tell its points apart is cut into exact cells. Errors: NetwarpError. Raises
    MoveToBackground.
    """
    clock = perf_counter()
    held = contest(opened.field)
    raster, crop, reduced = views.affordable(opened, raster, coarse=coarse, cancel=cancel)
    if held.values.deep(raster):
        cancel.require_short(limits.LIGHT_SECONDS * 2, limits.LIGHT_SECONDS)
        ground: CellGround | GridGround = _deep(held, raster, cancel)
        at, precision = Raster(raster.columns, raster.rows, OWN), "exact cells"
    else:
        ground = GridGround(_values(held, raster, cancel), raster)
        at, precision = raster, held.values.precision()
    sets, palette = ground.winners.sets, colours.class_colours(held.classes)
    picture = np.full((raster.rows, raster.columns, 4), 255, np.uint8)
    if margin:
        # as `painting.fill`, whose rows begin with the largest y
        labels, margins = ground.shades(at)
        picture[::-1, :, :3] = colours.shaded(sets, palette, labels[::-1], margins[::-1])
    else:
        picture[..., :3] = colours.tinted(colours.set_colours(sets, palette), colours.FLAT)[ground.labels(at)]
    header: PixelsReply = {
        "kind": "pixels",
        "columns": raster.columns,
        "rows": raster.rows,
        "seconds": 0.0,
        "precision": precision,
        "flat": False,
        "coarse": coarse,
        "resampled": crop is not None,
        "reduced": reduced,
        "tone": {"low": [], "high": [], "compressed": None, "colours": []},
        "centre": None,
    }
    if crop is not None:
        header["columns"], header["rows"] = crop.columns, crop.rows
        picture = crop.of(picture)
    header["seconds"] = perf_counter() - clock
    return header, np.ascontiguousarray(picture).tobytes()


def regions(opened: OpenField, plane: Plane, cancel: Cancellation) -> tuple[RegionsReply, bytes]:
    """Who wins how much of a view, and where: exactly where it has cells, else sampled. Errors: NetwarpError."""
    held = contest(opened.field)
    why = ""
    ground: CellGround | GridGround
    try:
        ground = cell_ground(held, cut(held.field, plane, "classes", limits.CELLS, cancel).cells, None)
    except (UnsupportedError, LimitError) as error:
        why = str(error)
        raster = Raster(CALIBRATION.columns, CALIBRATION.rows, plane)
        if held.values.deep(raster):
            raise
        values = _values(held, raster, cancel)
        ground = GridGround(values, Raster(raster.columns, raster.rows, OWN))
    lines = [line for pair in ground.boundaries().values() for line in pair]
    pieces = [np.concatenate([line[:-1], line[1:]], axis=1) for line in lines]
    ends = np.concatenate(pieces).astype("<f4") if pieces else np.empty((0, 4), "<f4")
    areas = ground.areas()
    tints = colours.tinted(colours.set_colours(tuple(areas), colours.class_colours(held.classes)), colours.FLAT)
    said: list[RegionData] = [
        {"classes": list(several), "share": area, "tint": colours.hexadecimal(tint)}
        for (several, area), tint in zip(areas.items(), tints, strict=True)
    ]
    exact, note = ground.resolution is None, "; ".join(filter(None, (why, held.note, ground.split)))
    return {"kind": "regions", "regions": said, "exact": exact, "note": note, "count": len(ends)}, ends.tobytes()


def points(scene: Scene) -> tuple[PointsReply, bytes]:
    """The data's points and their classes; of very many some, evenly chosen."""
    found = scene.points
    total = 0 if found is None else len(found)
    kept = np.linspace(0, total - 1, min(total, MOST_POINTS)).round().astype(np.int64)
    header: PointsReply = {"kind": "points", "count": len(kept), "total": total, "note": scene.note}
    if found is None:
        return header, b""
    labels = np.full(len(kept), -1) if found.labels is None else found.labels[kept]
    return header, found.places[kept].astype("<f8").tobytes() + labels.astype("<i4").tobytes()


def agree(fields: Sequence[Field], plane: Plane, cancel: Cancellation) -> AgreeReply:
    """On how much of a view several Fields decide alike. Errors: as `agreement`."""
    found = agreement(fields, plane=plane, size=(CALIBRATION.columns, CALIBRATION.rows), progress=cancel.progress)
    return {"kind": "agree", "share": found.share, "exact": found.exact, "note": found.note}


def _values(held: Contest, raster: Raster, cancel: Cancellation) -> NDArray[np.float64]:
    """(K, rows, columns). Errors: NotFiniteError."""
    values = held.values.sample(raster, progress=cancel.progress).astype(np.float64)
    if not np.isfinite(values).all():
        raise NotFiniteError("decision regions: the outputs are NaN or infinite here; look elsewhere")
    return values


def _deep(held: Contest, raster: Raster, cancel: Cancellation) -> CellGround:
    """The view's cells, in its own coordinates. Errors: LimitError where there are none."""
    try:
        cells = cut(held.field, raster.plane, "classes", limits.CELLS, cancel).cells
    except UnsupportedError as error:
        raise LimitError(f"decision regions: too small a view for float64, and {error}; zoom out") from None
    return cell_ground(held, cells, None)
