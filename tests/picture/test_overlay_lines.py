"""Edges become polylines: all of them, joined, straight ones once; and nothing else."""

import numpy as np
import pytest

from netwarp.picture.overlay_lines import Lines, Placement, boundaries, mean_size, of_polylines
from netwarp.regions.cells.cells import Cells
from picture.pieces import UNIT, cut, weights


def length(lines: Lines, part: slice | None = None) -> float:
    part = part or slice(0, len(lines.layers))
    total = 0.0
    for first, last in zip(lines.offsets[part], lines.offsets[1:][part], strict=True):
        total += np.linalg.norm(np.diff(lines.points[first:last], axis=0), axis=1).sum()
    return float(total)


def lengths(cells: Cells) -> np.ndarray:
    return np.linalg.norm(cells.vertices[cells.edges[:, 0]] - cells.vertices[cells.edges[:, 1]], axis=1)


def test_lines_of_one_layer_are_one_segment_each() -> None:
    cells, _ = cut(weights([30], 2))
    lines = boundaries(cells, Placement(UNIT, 1.0, 1.0), 1e-6)
    drawn = len(np.unique(cells.edge_units[cells.edge_layers == 1]))
    assert len(lines.layers) == drawn
    assert np.diff(lines.offsets).tolist() == [2] * drawn
    # they end on the border
    assert (np.isclose(lines.points, 0) | np.isclose(lines.points, 1)).any(axis=1).all()


@pytest.mark.parametrize(("widths", "seed"), [([8, 8], 3), ([5, 5, 5, 5], 1), ([1], 0)])
def test_every_layer_keeps_the_length_of_its_edges(widths: list[int], seed: int) -> None:
    cells, _ = cut(weights(widths, seed), (-1.0, 1.0, -1.0, 1.0))
    frame = Placement(cells.bounds, 200.0, 200.0)
    lines = boundaries(cells, frame, 1e-9)
    assert (np.diff(lines.layers) >= 0).all()
    for layer in range(1, len(widths) + 1):
        edges = lengths(cells)[cells.edge_layers == layer]
        assert length(lines, lines.of_layer(layer)) == pytest.approx(100 * edges.sum(), rel=1e-6)
    assert len(lines.layers) <= (cells.edge_layers > 0).sum()
    assert lines.of_layer(len(widths) + 1) == slice(len(lines.layers), len(lines.layers))


def test_points_dropped_were_within_the_tolerance() -> None:
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    edges = np.stack([np.arange(400), np.roll(np.arange(400), -1)], axis=1).astype(np.int32)
    cells, _ = cut(weights([1], 0))
    # a loop, drawn by one unit, in the place of the edges: what else Cells hold is not asked for
    loop = Cells(
        bounds=(-1.0, 1.0, -1.0, 1.0),
        vertices=ring,
        edges=edges,
        edge_cells=edges,
        edge_layers=np.ones(400, np.int32),
        edge_units=np.zeros(400, np.int32),
        offsets=cells.offsets,
        indices=cells.indices,
        sides=cells.sides,
        affine=cells.affine,
    )
    lines = boundaries(loop, Placement(loop.bounds, 2.0, 2.0), 0.01)
    assert len(lines.layers) == 1
    assert np.array_equal(lines.points[0], lines.points[-1])
    assert 10 < len(lines.points) < 60
    a, b = lines.points[:-1], lines.points[1:]
    placed = loop.vertices + 1
    along = np.clip(((placed[:, None] - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum(-1), 0, 1)
    away = np.linalg.norm(placed[:, None] - (a + along[..., None] * (b - a)), axis=-1).min(axis=1)
    assert 0.001 < away.max() <= 0.01
    # there and back on one line: the far end is not lost
    loop.vertices[:] = np.stack([np.abs(np.arange(400) - 200) / 200, np.zeros(400)], axis=1)
    assert length(boundaries(loop, Placement(loop.bounds, 2.0, 2.0), 0.01)) == pytest.approx(2, abs=0.02)


def test_where_three_or_more_edges_of_a_unit_meet_each_ends() -> None:
    cells, _ = cut(weights([6], 2))
    one_unit = Cells(**{**vars(cells), "edge_units": np.zeros_like(cells.edge_units)})
    lines = boundaries(one_unit, Placement(UNIT, 1.0, 1.0), 1e-9)
    assert length(lines) == pytest.approx(lengths(cells)[cells.edge_layers > 0].sum(), rel=1e-6)


def test_units_far_up_are_told_apart() -> None:
    cells, _ = cut(weights([30], 2))
    far = Cells(**{**vars(cells), "edge_units": np.maximum(cells.edge_units, 0) * np.int32(70_000_000)})
    near, there = (boundaries(one, Placement(UNIT, 1.0, 1.0), 1e-6) for one in (cells, far))
    assert np.array_equal(near.points, there.points)


def test_no_line_at_all() -> None:
    cells, _ = cut([(np.eye(2), np.ones(2)), (np.eye(2), np.zeros(2))])
    lines = boundaries(cells, Placement(UNIT, 1.0, 1.0), 1e-9)
    assert (len(lines.layers), lines.offsets.tolist(), lines.points.shape) == (0, [0], (0, 2))
    assert of_polylines([], Placement(UNIT, 1.0, 1.0)).offsets.tolist() == [0]


def test_a_frame_has_the_smallest_y_at_the_top() -> None:
    frame = Placement((2.0, 4.0, -1.0, 0.0), 10.0, 20.0)
    assert frame.place(np.array([[2.0, -1.0], [4.0, 0.0], [3.0, -0.75]])).tolist() == [[0, 0], [10, 20], [5, 5]]
    level = of_polylines([np.array([[2.0, -1.0], [4.0, 0.0]])], frame)
    assert level.points.tolist() == [[0, 0], [10, 20]]
    cells, _ = cut(weights([2], 0))
    assert mean_size(cells, Placement(UNIT, 10.0, 10.0)) == pytest.approx((100 / (len(cells.offsets) - 1)) ** 0.5)
