"""Cells of small random ReLU networks, cut one line after another in plain floats: slow, for generic weights only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.cells.cells import Cells

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]
UNIT: Bounds = (-0.5, 0.5, -0.5, 0.5)


class Piece:
    """A polygon: corners, the (layer, unit) of the side from each, the affine maps on it, the active units."""

    def __init__(
        self, corners: list[Floats], sides: list[tuple[int, int]], maps: Floats, active: tuple[bool, ...]
    ) -> None:
        self.corners, self.sides, self.maps, self.active = corners, sides, maps, active


def weights(widths: Sequence[int], seed: int, out: int = 3) -> list[tuple[Floats, Floats]]:
    """(weight, bias) of every layer, read-out included, of a random network of two inputs."""
    random = np.random.RandomState(seed)
    sizes = [2, *widths, out]
    return [
        (random.standard_normal((b, a)) * np.sqrt(2 / a), random.standard_normal(b) * 0.3) for a, b in pairwise(sizes)
    ]


def cut(layers: Sequence[tuple[Floats, Floats]], bounds: Bounds = UNIT) -> tuple[Cells, NDArray[np.uint64]]:
    """The Cells of a ReLU network, and their patterns, (C, W) packed lowest bit first as a Tessellation's are."""
    x0, x1, y0, y1 = bounds
    square = [np.array(p) for p in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    pieces = [Piece(square, [(0, -1)] * 4, np.eye(2, 3), ())]
    for number, (weight, bias) in enumerate(layers, 1):
        for piece in pieces:
            piece.maps = weight @ piece.maps
            piece.maps[:, 2] += bias
        if number == len(layers):
            break
        for unit in range(len(bias)):
            pieces = [part for piece in pieces for part in _split(piece, number, unit)]
        for piece in pieces:
            piece.maps = piece.maps * np.array(piece.active[-len(bias) :])[:, None]
    return _joined(pieces, bounds), _packed(pieces)


def _split(piece: Piece, layer: int, unit: int) -> list[Piece]:
    """The parts of a piece on the two sides of one unit's line: the inactive one, then the active one."""
    line = piece.maps[unit]
    values = [float(line[:2] @ corner + line[2]) for corner in piece.corners]
    parts = []
    for positive in (False, True):
        corners, sides = [], []
        for i, (corner, side) in enumerate(zip(piece.corners, piece.sides, strict=True)):
            j = (i + 1) % len(values)
            inside, goes_on = (values[i] > 0) == positive, (values[j] > 0) == positive
            if inside:
                corners.append(corner)
                sides.append(side)
            if inside != goes_on:
                # the same order of the two ends for both of the edge's cells, so that they find the same point
                a, b = sorted((i, j), key=lambda k: tuple(piece.corners[k]))
                share = values[a] / (values[a] - values[b])
                corners.append(piece.corners[a] + share * (piece.corners[b] - piece.corners[a]))
                sides.append((layer, unit) if inside else side)
        if corners:
            parts.append(Piece(corners, sides, piece.maps.copy(), (*piece.active, positive)))
    return parts


def _joined(pieces: list[Piece], bounds: Bounds) -> Cells:
    """The pieces with their common vertices and edges found by position."""
    vertices: dict[tuple[float, float], int] = {}
    edges: dict[tuple[int, int], int] = {}
    ends, cells_of, labels = [], [], []
    offsets, indices, sides = [0], [], []
    scale = max(abs(b) for b in bounds)
    for number, piece in enumerate(pieces):
        found = []
        for corner in piece.corners:
            key = (round(corner[0] / scale, 9), round(corner[1] / scale, 9))
            found.append(vertices.setdefault(key, len(vertices)))
        for a, b, label in zip(found, [*found[1:], found[0]], piece.sides, strict=True):
            edge = edges.setdefault((min(a, b), max(a, b)), len(edges))
            if edge == len(ends):
                ends.append((a, b))
                cells_of.append([number, -1])
                labels.append(label)
            else:
                cells_of[edge][1] = number
            indices.append(a)
            sides.append(edge)
        offsets.append(len(indices))
    return Cells(
        bounds=bounds,
        vertices=np.array(list(vertices)) * scale,
        edges=np.array(ends, np.int32),
        edge_cells=np.array(cells_of, np.int32),
        edge_layers=np.array([layer for layer, _ in labels], np.int32),
        edge_units=np.array([unit for _, unit in labels], np.int32),
        offsets=np.array(offsets, np.int64),
        indices=np.array(indices, np.int32),
        sides=np.array(sides, np.int32),
        affine=np.array([piece.maps for piece in pieces]),
    )


def _packed(pieces: list[Piece]) -> NDArray[np.uint64]:
    bits = np.array([piece.active for piece in pieces], np.uint8).reshape(len(pieces), -1)
    words = -(-bits.shape[1] // 64)
    padded = np.zeros((len(pieces), words * 64), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
