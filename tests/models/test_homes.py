"""Where a model is looked at: about its data, or about the lines of its first layer."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.homes import around_lines, around_points, first_lines
from netwarp.network.source import Plain


def network(lines: np.ndarray) -> nw.Network:
    arrays = {"W0": lines[:, :2], "b0": lines[:, 2], "W1": np.ones((1, len(lines)))}
    return nw.Network.of_arrays(arrays)


def crossing(plane: nw.Plane, lines: np.ndarray) -> float:
    """The share of the lines that have corners of the rectangle on both sides."""
    half = np.array([(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    corners = np.array([plane.x, plane.y]) + half * [plane.width, plane.height]
    values = corners @ lines[:, :2].T + lines[:, 2]
    return float(((values.min(axis=0) <= 0) & (values.max(axis=0) >= 0)).mean())


@pytest.mark.parametrize("count", [3, 10, 47, 200])
def test_nine_lines_of_ten_cross_the_home_and_no_smaller_square_has_so_many(count: int) -> None:
    random = np.random.RandomState(count)
    lines = random.standard_normal((count, 3)) * [3, 1, 5]
    found = first_lines(network(lines))
    assert found is not None
    assert np.array_equal(found, lines)
    home = around_lines(found)
    assert home is not None
    assert home.width == home.height
    side = home.width / 1.1
    assert crossing(nw.Plane(home.x, home.y, side * (1 + 1e-9), side * (1 + 1e-9)), lines) >= 0.9
    assert crossing(nw.Plane(home.x, home.y, side * (1 - 1e-9), side * (1 - 1e-9)), lines) < 0.9
    nearest = -lines[:, 2:] * lines[:, :2] / (lines[:, :2] ** 2).sum(axis=1, keepdims=True)
    assert np.allclose([home.x, home.y], np.median(nearest, axis=0))


def test_the_home_follows_the_model() -> None:
    random = np.random.RandomState(0)
    lines = random.standard_normal((40, 3))
    moved = lines - np.outer(lines[:, :2] @ [500, -20], [0, 0, 1])
    here, there = around_lines(lines), around_lines(moved)
    assert here is not None
    assert there is not None
    assert crossing(there, moved) >= 0.9
    assert abs(there.x) > 100


def test_few_lines_say_nothing() -> None:
    assert around_lines(np.eye(3)[:2]) is None
    # a unit that is constant on the plane has no line
    found = first_lines(network(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])))
    assert found is not None
    assert len(found) == 2


def test_lines_through_one_point_are_given_an_extent() -> None:
    angles = np.linspace(0, 3, 9)
    lines = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    assert around_lines(lines) == nw.Plane(0, 0, 1, 1)


def test_huge_and_tiny_weights_do_not_overflow() -> None:
    lines = np.random.RandomState(1).standard_normal((9, 3))
    right = around_lines(lines)
    for scale in (1e200, 1e-200):
        found = around_lines(lines * scale)
        assert found is not None
        assert right is not None
        assert np.allclose([found.x, found.y, found.width], [right.x, right.y, right.width])


def test_a_network_on_a_slice_has_the_lines_of_the_slice() -> None:
    plane = nw.Slice([1, 2, 3], [1, 0, 0], [0, 0, 2])
    weights = np.random.RandomState(2).standard_normal((6, 3))
    own = {"origin": plane.origin, "u": plane.u, "v": plane.v}
    found = first_lines(nw.Network.of_arrays({"W0": weights, "W1": np.ones((1, 6)), **own}))
    assert np.allclose(found, np.stack([weights @ plane.u, weights @ plane.v, weights @ plane.origin], axis=1))


def test_convolutions_have_no_lines() -> None:
    assert first_lines(nw.Network.draw(nw.parse("conv(3, 3, norm=None)"), 0)) is None
    assert first_lines(nw.Network.draw(nw.parse("conv(3, norm=None)", inputs="r"), 0)) is None
    assert isinstance(network(np.eye(3)).source, Plain)


def test_points_without_extent() -> None:
    assert around_points(np.array([[3.0, 4.0]])) == nw.Plane(3, 4, 1, 1)
    assert around_points(np.array([[3.0, 4.0], [5.0, 4.0]])) == nw.Plane(4, 4, 2.2, 2.2)
    assert around_points(np.array([[1e9, 0], [1e9 + 1e-7, 1]])).width == 1.1


def test_a_model_is_drawn_at_home(tmp_path) -> None:  # type: ignore[no-untyped-def]
    lines = np.random.RandomState(3).standard_normal((30, 3))
    lines[:, 2] += 40
    home = around_lines(lines)
    network(lines).save(tmp_path / "a.npz")
    for what in (network(lines), str(tmp_path / "a.npz")):
        recipe = nw.draw(what, size=(8, 8)).picture.recipe
        assert recipe.raster.plane == recipe.calibration.plane == home
    assert nw.draw("conv(3)", size=(8, 8)).picture.recipe.raster.plane == nw.Plane()
    assert nw.draw("folding(2, 4)", size=(8, 8)).picture.recipe.raster.plane == nw.Plane(0.5, 0.5)


def test_data_of_two_columns_are_inputs_of_a_slice_of_two_inputs() -> None:
    rows = np.array([[10.0, 10.0], [13.0, 14.0], [11.0, 10.0]])
    at = nw.Slice([10, 10], [0.6, 0.8], [0.8, -0.6])
    home = nw.field(lambda points: points, at, data=rows, size=(55, 9)).raster.plane
    assert (home.x, home.width) == pytest.approx((2.5, 5.5))
    found = nw.decision(lambda points: points, at, X=rows)
    assert found.points is not None
    assert np.allclose(found.points.places, [[0, 0], [5, 0], [0.6, 0.8]])
    # points of the plane become inputs by the slice itself
    assert np.allclose(nw.decision(lambda points: points, at, X=at.points([(1, 2)])).points.places, [[1, 2]])
