"""A Slice by hand: its points, what it projects, and what is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Program
from netwarp.network.source import Graph


def test_points_are_the_origin_and_so_much_of_both_directions() -> None:
    plane = nw.Slice([1, 2, 3], [1, 0, 1], [0, 2, 0])
    assert plane.points([(0, 0), (2, -1)]).tolist() == [[1, 2, 3], [3, 0, 5]]
    assert plane.coefficients.tolist() == [[1, 0, 1], [0, 2, 2], [1, 0, 3]]


def test_a_point_of_the_plane_projects_on_itself_though_the_directions_are_oblique() -> None:
    random = np.random.RandomState(3)
    plane = nw.Slice(*random.standard_normal((3, 7)))
    xy = random.standard_normal((20, 2))
    assert np.allclose(plane.project(plane.points(xy)), xy, atol=1e-12)
    assert np.allclose(plane.distance(plane.points(xy)), 0, atol=1e-12)


def test_what_is_beside_the_plane_has_its_distance_and_its_foot() -> None:
    plane = nw.Slice([0, 0, 1], [3, 0, 0], [1, 1, 0])
    (foot,) = plane.project([[4, 1, 6]])
    assert np.allclose(foot, (1, 1))
    assert np.allclose(plane.distance([[4, 1, 6]]), [5])


def test_least_squares_agree_with_numpys() -> None:
    random = np.random.RandomState(4)
    plane = nw.Slice(*random.standard_normal((3, 9)))
    inputs = random.standard_normal((15, 9))
    basis = np.stack([plane.u, plane.v], axis=1)
    right, residual, *_ = np.linalg.lstsq(basis, (inputs - plane.origin).T, rcond=None)
    assert np.allclose(plane.project(inputs), right.T)
    assert np.allclose(plane.distance(inputs), np.sqrt(residual))


def test_images_keep_their_shape() -> None:
    images = np.arange(24.0).reshape(3, 2, 4) ** 2
    plane = nw.Slice(*images)
    assert plane.shape == (2, 4)
    assert plane.inputs == 8
    assert np.allclose(plane.project(images[:1] + images[1:2]), [(1, 0)])
    assert replace(plane, units="grey").shape == (2, 4)


def test_a_graph_takes_the_coefficients_as_they_are() -> None:
    plane = nw.Slice([0.5, -1, 2], [1, 0, 0], [0, 1, 1])
    weight = np.array([[1.0, 2, 3], [-1, 1, 0]])
    program = Program(
        (
            Embed(np.full(3, LINEAR), plane.coefficients),
            Conv((0,), weight[:, :, None, None], np.array([0.1, 0.2])),
            Activate((1,), "relu", np.zeros(2)),
        )
    )
    xy = [(0.3, -0.7), (1, 1)]
    right = np.maximum(plane.points(xy) @ weight.T + [0.1, 0.2], 0)
    assert np.allclose(nw.Network(Graph(program)).calibrate(nw.Raster(8, 8)).at(xy), right, atol=1e-14)


def test_the_arrays_are_copies_that_cannot_be_written_to() -> None:
    origin = np.zeros(3)
    plane = nw.Slice(origin, [1, 0, 0], [0, 1, 0])
    origin[0] = 7
    assert plane.origin.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        plane.u[0] = 2


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"u": [1, 0]}, r"slice u has the shape \(2,\): must be \(3,\), as the origin's"),
    ({"u": [0, 0, 0]}, "have one direction"),
    ({"v": [-1, 0, 0]}, "have one direction"),
    ({"v": [1, 1e-14, 0]}, "have one direction"),
    ({"origin": [0, 0, float("nan")]}, "slice origin: 1 of 3 numbers are NaN or infinite"),
    ({"origin": ["a", "b", "c"]}, r"slice origin=\['a', 'b', 'c'\]: must be an array of real numbers"),
    ({"origin": [[1, 2], [3]]}, "slice origin: must be an array of numbers"),
    ({"marks": [(1, 2, 3)]}, "slice mark 1: 3 items, 2 are needed"),
    ({"marks": 3}, "slice marks=3: must be a list"),
    ({"home": 3}, "slice home=3: must be a Plane"),
    ({"units": 3}, "slice units=3: must be a text"),
    ({"axes": ("x",)}, "slice axes: 1 items, 2 are needed"),
    ({"shape": (2, 2)}, r"slice shape=\(2, 2\): must have 3 numbers"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_what_is_wrong_is_named_in_one_line(change: dict[str, Any], message: str) -> None:
    right = {"origin": [0, 0, 1], "u": [1, 0, 0], "v": [0, 1, 0]}
    with pytest.raises(nw.NetwarpError, match=message) as refused:
        nw.Slice(**(right | change))
    assert "\n" not in str(refused.value)


def test_points_beyond_what_a_float_holds_are_refused() -> None:
    plane = nw.Slice([0, 0], [1e300, 0], [0, 1])
    with pytest.raises(nw.NetwarpError, match="beyond what a float64 holds"), np.errstate(over="ignore"):
        plane.points([(1e300, 0)])
    with pytest.raises(nw.NetwarpError, match=r"must be \(n, 2\)"):
        plane.points([(1, 2, 3)])
    with pytest.raises(nw.NetwarpError, match=r"slice inputs have the shape \(1, 3\): must be \(n, 2\)"):
        plane.project([(1, 2, 3)])


def test_tensors_of_every_type_are_inputs() -> None:
    torch = pytest.importorskip("torch")
    given = torch.tensor([0.5, -2.0, 3.0])
    for one in (given.requires_grad_(), *(given.to(kind) for kind in (torch.bfloat16, torch.float16, torch.int8))):
        right = one.detach().double().numpy()
        np.testing.assert_array_equal(nw.Slice(one, [1, 0, 0], [0, 1, 0]).origin, right)
    with pytest.raises(nw.NetwarpError, match="slice origin: must be an array of numbers"):
        nw.Slice(torch.zeros(3, device="meta"), [1, 0, 0], [0, 1, 0])


def test_axes_say_how_far_a_step_goes_in_the_inputs() -> None:
    rows = [[0, 5, 1], [2, 7, 1], [4, 6, 5]]
    assert nw.features(0, 2, data=rows, units="cm").scales == tuple(
        f"{n} (cm)" for n in nw.features(0, 2, data=rows).axes
    )
    by_hand = nw.Slice([0, 0, 1], [0, 2.5, 0], [3, 0, 4], units="cm")
    assert by_hand.scales == ("x (1 = 2.5 cm of input 1)", "y (1 = a distance of 5 cm in 3 inputs)")
    assert nw.through([0, 0, 0], [1, 1, 0], [0, 0, 2]).scales[0] == "x (1 = a distance of 1 in 3 inputs)"
