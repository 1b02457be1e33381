"""Cells glued to one mesh: what a Tessellation is made of."""

# C cells, H sides, V vertices, W words of pattern bits

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypedDict

import numpy as np

from netwarp.regions.arrays import Bits, Floats, Integers, Long
from netwarp.regions.descent.found import Found
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.gluing.dissolve import dissolve
from netwarp.regions.gluing.glue import index_splits, join_corners, join_sides, match, neighbours
from netwarp.regions.gluing.jumps import leaves, marked, refine
from netwarp.regions.gluing.mesh import Mesh
from netwarp.regions.stages import Stages


class CellArrays(TypedDict):
    """The arrays of Cells, which says what they are."""

    vertices: Floats
    edges: Integers
    edge_cells: Integers
    edge_layers: Integers
    edge_units: Integers
    offsets: Long
    indices: Integers
    sides: Integers
    affine: Floats


class Glued(NamedTuple):
    """Cells joined to one mesh, and what a Tessellation adds to them."""

    cells: CellArrays
    bits: Bits  # (C, W)
    reach: Floats  # (V,)
    errors: Floats  # (C, 3)


def glued(found: Found, stages: Stages, frame: Frame) -> Glued:
    """The cells as one mesh."""
    total = int(found.offsets[-1])
    place = np.full(found.numbers, -1, dtype=np.int32)
    place[found.sides] = np.arange(total, dtype=np.int32)
    twin = np.full(total, -1, dtype=np.int32)
    first, parts = index_splits(found.splits, found.numbers)
    pairs = found.pairs
    steps = [stage for stage in stages.stages if stage.jumps]
    if steps:
        cell_of = np.repeat(np.arange(len(found.offsets) - 1), np.diff(found.offsets))[place]
        words = np.concatenate([found.bits[:, stage.word : stage.word + stage.words] for stage in steps], axis=1)
        pairs = marked(pairs, first, parts, cell_of, words)
    apart = match(pairs, first, parts, place, twin)
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
def line_names(stages: Stages) -> tuple[Integers, Integers]:
    """The layer and the unit of every line of all stages; one more entry, so that -1 may be looked up."""
    layer = np.zeros(stages.lines + 1, dtype=np.int32)
    unit = np.full(stages.lines + 1, -1, dtype=np.int32)
    for stage in stages.stages:
        lines = slice(stage.label, stage.label + stage.lines)
        layer[lines], unit[lines] = stage.number, stage.unit
    return layer, unit
