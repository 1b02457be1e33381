"""through, around, features and pca: against rationals, scikit-learn and what they promise."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.data import Data

RANDOM = np.random.RandomState(5)


def test_through_passes_its_points() -> None:
    points = RANDOM.standard_normal((3, 50))
    plane = nw.through(*points)
    assert np.allclose(plane.points(plane.marks), points, atol=1e-13)
    assert plane.marks[0] == (0.0, 0.0)
    assert plane.marks[1][1] == 0.0
    assert plane.marks[1][0] > 0 < plane.marks[2][1]
    assert np.allclose([plane.u @ plane.u, plane.v @ plane.v, plane.u @ plane.v], [1, 1, 0], atol=1e-15)
    assert np.array_equal(plane.origin, points[0])


def test_through_nearly_collinear_points_keeps_a_right_angle() -> None:
    a, b = RANDOM.standard_normal((2, 20))
    beside = RANDOM.standard_normal(20)
    plane = nw.through(a, b, a + 0.3 * (b - a) + 1e-9 * beside)
    assert abs(float(plane.u @ plane.v)) < 1e-15
    exact = sum(Fraction(x) * Fraction(y) for x, y in zip(plane.u.tolist(), plane.v.tolist(), strict=True))
    assert abs(exact) < Fraction(1, 10**15)


def test_through_has_its_points_at_home() -> None:
    plane = nw.through([0, 0, 0], [10, 0, 0], [5, 4, 0])
    assert plane.home == nw.Plane(5, 2, 11, 4.4)


def test_distances_on_the_plane_are_those_of_inputs() -> None:
    points = RANDOM.standard_normal((3, 8)) * 1e12
    plane = nw.through(*points)
    assert np.isclose(plane.marks[1][0], 1e12 * np.sqrt((((points[1] - points[0]) / 1e12) ** 2).sum()))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        (([0, 1], [0, 1], [1, 0]), "through a and b: are one point"),
        (([0, 1], [1, 1], [0, 1]), "through a and c: are one point"),
        (([0, 1], [1, 0], [1, 0]), "through b and c: are one point"),
        (([0, 0], [1, 1], [3, 3]), "through a, b and c: lie on one line"),
        (([0, 0], [0.1, 0.3], [0.2, 0.6]), "through a, b and c: lie on one line"),
        (([0, 0], [0, 1], [0, 1, 2]), r"through c has the shape \(3,\): must be \(2,\)"),
        (("a", [0, 1], [0, 2]), "through a='a'|through a=array"),
        (([0, 0], [0, np.inf], [1, 1]), "through b: 1 of 2 numbers are NaN or infinite"),
    ],
)
def test_points_that_span_no_plane_are_named(points: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        nw.through(*points)


def test_around_has_orthonormal_directions_that_the_seed_fixes() -> None:
    a = RANDOM.standard_normal((3, 4, 5))
    plane, again, other = (nw.around(a, 2.5, seed=seed) for seed in (3, 3, 4))
    assert plane.shape == (3, 4, 5)
    assert plane.home == nw.Plane(0, 0, 5, 5)
    assert plane.marks == ((0.0, 0.0),)
    assert np.allclose([plane.u @ plane.u, plane.v @ plane.v, plane.u @ plane.v], [1, 1, 0], atol=1e-15)
    assert np.array_equal(plane.u, again.u)
    assert not np.array_equal(plane.u, other.u)


U = ["0x1.5fc4ab00d7530p-1", "-0x1.9baa3de53769ap-2", "0x1.35e59b5e08904p-1"]
V = ["0x1.663caaeb1d937p-1", "0x1.217da4dc3b874p-3", "-0x1.6691ec9282d23p-1"]


def test_around_is_the_same_on_every_machine() -> None:
    plane = nw.around(np.zeros(3), 1, seed=0)
    assert [part.hex() for part in plane.u.tolist()] == U
    assert [part.hex() for part in plane.v.tolist()] == V


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], 0), "around radius=0: must be positive"),
        (([1, 2], float("nan")), "around radius=nan: must be a finite number"),
        (([1, 2], 1, 0.5), "around seed=0.5: must be a whole number"),
        (([1], 1), "a plane needs a space of 2 at least"),
    ],
)
def test_around_says_what_is_wrong(arguments: Any, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        nw.around(*arguments)


def test_features_hold_the_others_at_the_median() -> None:
    rows = RANDOM.standard_normal((31, 4))
    plane = nw.features(1, 3, data=rows)
    right = np.median(rows, axis=0)
    right[[1, 3]] = 0
    assert np.array_equal(plane.origin, right)
    assert np.array_equal(plane.points([(7, 8)])[0, [1, 3]], [7, 8])
    (low, high) = rows[:, [1, 3]].min(axis=0), rows[:, [1, 3]].max(axis=0)
    assert plane.home is not None
    assert np.allclose([plane.home.x, plane.home.y], (low + high) / 2)
    assert np.allclose([plane.home.width, plane.home.height], 1.1 * (high - low))
    assert np.array_equal(nw.features(1, 3, at="mean", data=rows).origin[[0, 2]], rows.mean(axis=0)[[0, 2]])


def test_features_have_names_where_data_do() -> None:
    data = Data(np.arange(6.0).reshape(2, 3), names=("length", "width", "depth"))
    plane = nw.features("depth", "length", data=data)
    assert plane.axes == ("depth", "length")
    assert plane.u.tolist() == [0, 0, 1]
    with pytest.raises(nw.NetwarpError, match=r'features i=\'dept\': no column has this name; did you mean "depth"'):
        nw.features("dept", "length", data=data)


@pytest.mark.parametrize("ratio", [12, 30, 369, 1e-1, 1e-6, 1e9])
def test_features_of_unlike_spread_are_scaled_to_spread_alike(ratio: float) -> None:
    rows = RANDOM.uniform(-1, 1, (40, 3)) * [1, 1, ratio] + [0, 0, 3 * ratio]
    plane = nw.features(0, 2, data=rows)
    spans = np.ptp(plane.project(rows), axis=0)
    assert 0.5 < spans[0] / spans[1] < 2
    assert plane.home is not None
    assert np.allclose([plane.home.width, plane.home.height], 1.1 * spans)
    # only the feature that spreads farther has another step, which is 1, 2 or 5 times a power of ten, as its axis says
    steps = [plane.u[0], plane.v[2]]
    assert min(steps) == 1
    step, which = max(steps), int(np.argmax(steps))
    assert float(f"{step:.0e}") == step
    assert f"{step:.0e}"[0] in "125"
    assert plane.scales[which] == f"{plane.axes[which]} (1 = {step:.4g} of input {2 * which})"
    # the plane is the same one: inputs on it stay on it
    flat = rows.copy()
    flat[:, 1] = np.median(rows[:, 1])
    assert np.allclose(plane.points(plane.project(flat)), flat, rtol=1e-12)


def test_features_of_like_spread_keep_their_numbers() -> None:
    for plane in (nw.features(0, 1, data=[[0, 0], [1, 8]]), nw.features(0, 1, at=[0, 0])):
        assert (plane.u.tolist(), plane.v.tolist()) == ([1, 0], [0, 1])


def test_a_constant_feature_is_given_an_extent() -> None:
    plane = nw.features(0, 1, data=[[1, 5], [3, 5]])
    assert plane.home == nw.Plane(2, 5, 2.2, 2.2)
    assert nw.features(0, 1, data=[[1, 5]]).home == nw.Plane(1, 5, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at": [1, 2, 3], "i": 0, "j": 0}, "are both 0"),
        ({"at": [1, 2, 3], "i": 0, "j": 3}, "features j=3: must be 0 to 2"),
        ({"at": [1, 2, 3], "i": -1, "j": 1}, "features i=-1: must be 0 to 2"),
        ({"at": [1, 2, 3], "i": "a", "j": 1}, "features i='a': names of features need data"),
        ({"i": 0, "j": 1}, "features at=median: needs the data"),
        ({"at": "medium", "i": 0, "j": 1}, "features at='medium': must be values, median or mean; did you mean \"med"),
        ({"at": [1, 2], "i": 0, "j": 1, "data": [[1, 2, 3]]}, "features at: 2 values, but the data have 3 features"),
        ({"at": [[1, 2]], "i": 0, "j": 1}, r"features at has the shape \(1, 2\)"),
    ],
)
def test_features_say_what_is_wrong(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message):
        nw.features(**arguments)


def test_pca_is_scikit_learns() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    rows = RANDOM.standard_normal((60, 6)) @ np.diag([5, 3, 2, 1, 0.5, 0.1]) @ RANDOM.standard_normal((6, 6)) + 4
    plane = nw.pca(rows)
    right = decomposition.PCA(2, svd_solver="full").fit(rows)
    assert np.allclose(plane.origin, right.mean_)
    for mine, theirs in zip((plane.u, plane.v), right.components_, strict=True):
        assert np.allclose(mine, theirs) or np.allclose(mine, -theirs)
        assert mine[np.argmax(np.abs(mine))] > 0
    assert np.allclose(np.abs(plane.project(rows)), np.abs(right.transform(rows)))


def test_pca_of_images_and_of_what_has_no_plane() -> None:
    assert nw.pca(RANDOM.standard_normal((9, 2, 3))).shape == (2, 3)
    for rows in ([[1, 2, 3]], [[1, 2], [1, 2]], [[0.1, 0.2], [0.2, 0.4], [0.3, 0.6]]):
        with pytest.raises(nw.NetwarpError, match="lie on one line or point"):
            nw.pca(rows)
    with pytest.raises(nw.NetwarpError, match=r"pca data has the shape \(3,\)"):
        nw.pca([1, 2, 3])


def test_the_largest_entry_of_a_component_is_positive() -> None:
    for seed in range(12):
        rows = np.random.RandomState(seed).standard_normal((15, 4))
        plane = nw.pca(rows)
        for component in (plane.u, plane.v):
            assert component[np.argmax(np.abs(component))] > 0
    # of equal entries the first one
    assert nw.pca([[1, -1, 0], [-1, 1, 0], [0, 0, 0.5], [0, 0, -0.5]]).u[0] > 0
