"""Cells: a rectangle cut into convex cells, as plain arrays. What the geometry of a Tessellation is computed from."""

# V vertices, E edges, C cells, H sides (one a cell and edge), K channels

from __future__ import annotations

from dataclasses import dataclass

from netwarp.regions.arrays import Floats, Integers, Long


@dataclass(frozen=True, eq=False)
class Cells:
    """Convex cells that fill the rectangle x0 <= x <= x1, y0 <= y <= y1, on each of which K functions are affine.

    Counter-clockwise, left and right are those of a plane whose y grows upwards. A cell has no three corners on a line,
    except where a discontinuous function (step) is cut differently on the two sides of an edge.
    """

    bounds: tuple[float, float, float, float]  # x0, x1, y0, y1
    vertices: Floats  # (V, 2) x, y
    edges: Integers  # (E, 2) edge -> vertex it comes from, vertex it goes to
    edge_cells: Integers  # (E, 2) edge -> cell on its left, cell on its right; -1 outside the rectangle
    edge_layers: Integers  # (E,) edge -> number of the layer that drew it, from 1; 0 for the rectangle's border
    edge_units: Integers  # (E,) edge -> unit of that layer, from 0; -1 for the border
    offsets: Long  # (C + 1,) cell -> its first side in `indices` and `sides`; the last entry is H
    indices: Integers  # (H,) side -> the vertex it begins at, counter-clockwise
    sides: Integers  # (H,) side -> its edge, from its vertex to the next one of the cell
    affine: Floats  # (C, K, 3) cell -> a, b, c of every channel: a x + b y + c
