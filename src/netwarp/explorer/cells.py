"""The exact activation regions in view, at any depth: their edges, one cell in full, and where the nearest edge is.

A view is cut in its own coordinates, -0.5..0.5 across and down, which stand for the plane's points exactly: regions
1e-100 wide are found as easily as wide ones.
"""

# E edges, C cells, K channels

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, log10

import numpy as np
from numpy.typing import NDArray

from netwarp import words
from netwarp.errors import InputError, RegionLimitError
from netwarp.explorer import limits
from netwarp.explorer.opening import OpenField
from netwarp.explorer.places import Rectangle
from netwarp.explorer.protocol import CellReply, CellsReply, NearestReply, Target
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.plane import Plane
from netwarp.regions.frame import Frame
from netwarp.regions.tessellate import tessellate_in
from netwarp.regions.tessellation import Tessellation

Floats = NDArray[np.float64]

BOUNDS = (-0.5, 0.5, -0.5, 0.5)
# how many times wider the search for an edge looks each time, and how far at most, in plane units
WIDER, FARTHEST = 4.0, 1e6
SEARCH = 3_000  # cells


@dataclass(frozen=True, eq=False)
class Local:
    """The regions of a view, in its own coordinates: `cells` has vertices and maps in these."""

    cells: Tessellation
    plane: Plane
    show: str

    @property
    def bytes(self) -> int:
        found = self.cells
        arrays = (found.vertices, found.edges, found.edge_cells, found.indices, found.affine, found.bits, found.errors)
        return sum(array.nbytes for array in arrays)

    def point(self, x: str, y: str) -> tuple[float, float]:
        """A point of the plane in the view's coordinates."""
        (cx, cy), plane = self.plane.rational(), self.plane
        return float((Fraction(x) - cx) / Fraction(plane.width)), float((Fraction(y) - cy) / Fraction(plane.height))


def cut(field: Field, plane: Plane, show: str, limit: int, cancel: Cancellation) -> Local:
    """The regions of a Field in a view. Errors: UnsupportedError naming the layer in the way; RegionLimitError."""
    x, y = plane.rational()
    across, down = (Fraction(plane.width), Fraction(0)), (Fraction(0), Fraction(plane.height))
    frame = Frame(BOUNDS, (x, y), across, down)
    return Local(tessellate_in(frame, field, plane, limit=limit, progress=cancel.progress), plane, show)


def edges(
    opened: OpenField, plane: Plane, limit: int, cancel: Cancellation
) -> tuple[tuple[CellsReply, bytes], Local | None]:
    """The edges inside the view, float32 (E, 4) x0 y0 x1 y1 as shares of its sides from its centre, then the layer of
    each, int32 (E,). Where regions are more than `limit`, or than the explorer's own, only that limit.

    Errors: UnsupportedError.
    """
    most = min(limit, limits.CELLS)
    try:
        local = cut(opened.field, plane, "output", most, cancel)
    except RegionLimitError:
        return (_reply(most, 0, words.CELLS_MORE.format(count=f"{most:,}"), more=True), b""), None
    cells = local.cells
    drawn = cells.edge_layers > 0
    ends = cells.vertices[cells.edges[drawn]].reshape(-1, 4).astype("<f4")
    layers = cells.edge_layers[drawn].astype("<i4")
    sentence = words.CELLS_EXACT.format(count=f"{len(cells):,}", plural="" if len(cells) == 1 else "s")
    header = _reply(len(cells), len(ends), sentence, more=False)
    header["seconds"] = cells.seconds
    return (header, ends.tobytes() + layers.tobytes()), local


def _reply(count: int, drawn: int, sentence: str, *, more: bool) -> CellsReply:
    # a sign in doubt is computed in whole numbers here
    return {
        "kind": "cells",
        "unit": "view",
        "count": count,
        "edges": drawn,
        "more": more,
        "doubtful": 0,
        "sentence": sentence,
    }


def cell(local: Local, x: str, y: str) -> CellReply:
    """The cell at a point: how many units are on, its affine maps there, its area in plane units, its edges' layers.

    `clipped`: it goes on beyond the view, and area and edges are those of the part in view. Errors: InputError.
    """
    s, t = local.point(x, y)
    cells, plane = local.cells, local.plane
    number = int(cells.locate([[s, t]])[0])
    if number < 0:
        raise InputError("cell: the point lies outside the view whose cells are drawn")
    pattern = cells.pattern(number)
    sides = cells.sides[cells.offsets[number] : cells.offsets[number + 1]]
    layers = cells.edge_layers[sides]
    a, b, c = cells.affine[number].T
    rows = np.stack([a / plane.width, b / plane.height, c + a * s + b * t], axis=1)
    return {
        "kind": "cell",
        "pattern": int(np.count_nonzero(pattern)),
        "units": len(pattern),
        "affine": rows.tolist(),
        "area": float(cells.areas[number]) * plane.width * plane.height,
        "clipped": bool((layers == 0).any()),
        "edges": int(np.count_nonzero(layers)),
        "layers": sorted({int(layer) for layer in layers if layer > 0}),
    }


def nearest(opened: OpenField, plane: Plane, cancel: Cancellation) -> NearestReply:
    """Where the nearest edge and corner are, if the view lies inside one activation region; else `inside` is false.

    Each as a view of the same size whose centre they go through. Errors: UnsupportedError.
    """
    try:
        local = cut(opened.field, plane, "output", 1, cancel)
    except RegionLimitError:
        return {"kind": "nearest", "inside": False, "found": None, "corner": None}
    factor = 1.0
    step = WIDER
    while len(local.cells) == 1 and max(plane.width, plane.height) * factor < FARTHEST:
        cancel.progress()
        wider = Plane(*plane.centre, plane.width * factor * step, plane.height * factor * step)
        try:
            local = cut(opened.field, wider, "output", SEARCH, cancel)
        except RegionLimitError:
            # far more at once: not so far
            step = step**0.5
            if step < 1.0001:
                break
            continue
        factor *= step
    drawn = local.cells.edges[local.cells.edge_layers > 0]
    if not len(drawn):
        return {"kind": "nearest", "inside": True, "found": None, "corner": None}
    scale = np.array([1.0, plane.height / plane.width])
    ends = local.cells.vertices[drawn] * scale
    points = _closest(ends[:, 0], ends[:, 1])
    best = int(np.argmin((points**2).sum(axis=1)))
    layer = int(local.cells.edge_layers[local.cells.edge_layers > 0][best])
    found: Target = {**_view_at(local.plane, plane, points[best] / scale), "what": f"an edge of layer {layer}"}
    corner = _corner(local, scale)
    beside: Target | None = None
    if corner is not None:
        beside = {**_view_at(local.plane, plane, corner / scale), "what": "a corner"}
    return {"kind": "nearest", "inside": True, "found": found, "corner": beside}


def _closest(a: Floats, b: Floats) -> Floats:
    """(E, 2) the point of each segment from a to b that is closest to the origin."""
    along = b - a
    length = (along**2).sum(axis=1)
    share = np.clip(-(a * along).sum(axis=1) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    closest: Floats = a + share[:, None] * along
    return closest


def _corner(local: Local, scale: Floats) -> Floats | None:
    """The corner of three cells or more inside the rectangle that is closest to its centre."""
    cells = local.cells
    inner = cells.edges[cells.edge_layers > 0]
    border = np.zeros(len(cells.vertices), dtype=bool)
    border[cells.edges[cells.edge_layers == 0].ravel()] = True
    meets = np.bincount(inner.ravel(), minlength=len(cells.vertices))
    which = np.flatnonzero((meets >= 3) & ~border)
    if not len(which):
        return None
    points: Floats = cells.vertices[which] * scale
    best: Floats = points[int(np.argmin((points**2).sum(axis=1)))]
    return best


def _view_at(wide: Plane, view: Plane, place: Floats) -> Rectangle:
    """The view of `view`'s size around a place given in the coordinates of `wide`."""
    x, y = wide.rational()
    at = x + Fraction(float(place[0])) * Fraction(wide.width), y + Fraction(float(place[1])) * Fraction(wide.height)
    return {
        "x": decimal(at[0], view.width),
        "y": decimal(at[1], view.height),
        "w": repr(view.width),
        "h": repr(view.height),
    }


def decimal(value: Fraction, side: float) -> str:
    """A decimal text of a coordinate, fine enough for a view of that side."""
    if value == 0:
        return "0"
    size = max(0, ceil(log10(abs(value)) - log10(side))) if abs(value) > side else 0
    digits = Context(prec=size + 17)
    found = digits.divide(Decimal(value.numerator), Decimal(value.denominator))
    return str(digits.normalize(found))
