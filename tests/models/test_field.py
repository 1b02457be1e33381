"""field: a function's values are its own, and what is no model is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, LimitError, NotFiniteError, UnsupportedError

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(50, 2))


def waves(points: np.ndarray) -> np.ndarray:
    return np.stack([np.sin(3 * points[:, 0]) * points[:, 1], points.sum(axis=1)], axis=1)


class Recording:
    """A function that keeps the shape of what it is given."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def __call__(self, points: np.ndarray) -> np.ndarray:
        self.shapes.append(points.shape)
        return points[:, 0]


def test_a_function_gives_its_own_values() -> None:
    field = nw.field(waves)
    assert np.array_equal(field.at(POINTS), waves(POINTS))
    raster = nw.Raster(7, 5, nw.Plane(0.1, -0.2, 2.0, 1.0))
    wanted = waves(raster.slope().reshape(2, -1).T).T.reshape(2, 5, 7)
    assert np.array_equal(field.sample(raster), wanted)
    assert field.sample(raster).dtype == np.float64
    assert field.channels == 2


def test_a_slice_feeds_it_points_of_its_own_space() -> None:
    plane = nw.through(*RNG.normal(size=(3, 6)))
    field = nw.field(lambda rows: rows @ np.arange(6.0), plane)
    assert np.allclose(field.at(POINTS)[:, 0], plane.points(POINTS) @ np.arange(6.0), rtol=0, atol=1e-12)


def test_it_is_called_in_batches_and_can_be_cancelled() -> None:
    function = Recording()
    field = nw.field(function, size=(300, 200))
    seen: list[tuple[int, int]] = []
    field.sample(progress=lambda done, total: seen.append((done, total)))
    assert max(shape[0] for shape in function.shapes) <= 1 << 14
    assert seen[-1] == (60_000, 60_000)
    assert len(seen) > 3

    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        field.sample(progress=stop)


def test_measures_pictures_and_decisions_take_it() -> None:
    field = nw.field(waves, size=(60, 40))
    assert nw.measure(field, ["level_set_length"])["level_set_length"].value > 0
    with pytest.raises(UnsupportedError, match="measure total_variation does not apply: waves: has no tangent"):
        nw.measure(field, ["total_variation"])
    assert nw.paint(field.sample(), nw.Tone.fit(field.sample(), "viridis")).pixels.shape[:2] == (40, 60)
    decision = nw.decision(field, size=(60, 40))
    assert not decision.exact
    assert sum(decision.share) == pytest.approx(1, abs=1e-6)


def test_what_nothing_is_known_of_is_refused_by_name() -> None:
    field = nw.field(waves)
    with pytest.raises(UnsupportedError, match="waves: has no tangent: of a Python function only its values"):
        field.tangent(nw.Raster(4, 4))
    with pytest.raises(UnsupportedError, match="waves: makes no flat regions: only its values"):
        field.tessellate()
    with pytest.raises(
        LimitError, match=r"too small for this model, which is called with float64 numbers: pixels are 0\.00"
    ):
        field.sample(nw.Raster(4, 4, nw.Plane(0.3, 0, 1e-18, 1e-18)))
    with pytest.raises(UnsupportedError, match="no numbers that a file could hold"):
        field.network.save("nowhere.npz")
    assert np.isnan(field.rounding().share)
    assert field.rounding().sentence() == ""


@pytest.mark.parametrize(
    ("model", "needle"),
    [
        ("net.pt", "file 'net.pt': no such file"),
        ("conv(10)", "field model='conv(10)': must be a torch.nn.Module"),
        (3, "must be a torch.nn.Module"),
        (dict, "must be a torch.nn.Module"),
        (lambda x, y: x, "raises TypeError"),
        (lambda points: points @ np.ones((3, 1)), "needs a slice of its inputs, as nw.through(a, b, c)"),
        (lambda points: "words", "gives <U5 of shape ()"),
        (lambda points: points[:1], "gives float64 of shape (1, 2)"),
        (lambda points: points.reshape(-1, 1, 2), "must be numbers (3, k)"),
        (lambda points: points[:, :0], "must be numbers (3, k)"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(model: Any, needle: str) -> None:
    with pytest.raises(InputError) as caught:
        nw.field(model)
    assert needle in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_shape_and_nan_are_named_where_they_come() -> None:
    with pytest.raises(InputError, match=r"gives float64 of shape \(1, 2\) for 50 points; must be numbers \(50, 2\)"):
        nw.field(lambda points: points[:1] if len(points) == 50 else points).at(POINTS)
    root = nw.field(lambda points: np.where(points > 0.75, np.nan, points))
    with pytest.raises(NotFiniteError, match=r"gives nan at \d+ of 50 points, first at \("):
        root.at(POINTS)


def test_the_home_is_where_the_data_are_and_pixels_are_square() -> None:
    data = np.array([[0.0, 0.0], [10.0, 1.0]])
    field = nw.field(waves, data=data, size=(40, 40))
    plane = field.raster.plane
    assert (plane.x, plane.y) == (5.0, 0.5)
    assert plane.width == plane.height == pytest.approx(11)
    assert nw.field(waves, plane=nw.Plane(0, 0, 2, 1), size=(10, 10)).raster.plane == nw.Plane(0, 0, 2, 2)
    assert nw.field(waves).raster.pitch[0] == nw.field(waves).raster.pitch[1]
    with pytest.raises(InputError, match="field data: has 3 features"):
        nw.field(waves, data=np.ones((4, 3)))


def test_a_network_goes_on_a_slice_of_its_own_inputs() -> None:
    network = nw.Network.folding(2, 2)
    plane = nw.Slice([0.5, 0.5], [0.0, 1.0], [1.0, 0.0])
    turned = nw.field(network, plane).at([[0.1, 0.3]])
    assert np.array_equal(turned, nw.field(network).at([[0.8, 0.6]]))
    with pytest.raises(InputError, match="slice: has 3 inputs, but the network reads 2"):
        nw.field(network, nw.through([0, 0, 1], [1, 0, 0], [0, 1, 0]))
    with pytest.raises(InputError, match="is a Field already"):
        nw.field(nw.field(network))


def test_a_function_of_x_and_y_is_given_the_very_points_and_its_numbers_are_kept() -> None:
    seen: list[np.ndarray] = []

    def exact(rows: np.ndarray) -> np.ndarray:
        seen.append(rows.copy())
        return np.sin(7 * rows).astype(np.float32)

    raster = nw.Raster(30, 20, nw.Plane(0.1, -0.3, 3, 2))
    field = nw.field(exact, plane=raster.plane, size=(30, 20))
    seen.clear()
    found = field.sample(raster, dtype="float64")
    points = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1)
    assert np.array_equal(np.concatenate(seen), points.reshape(-1, 2))
    assert found.dtype == np.float64
    assert np.array_equal(found, np.moveaxis(np.sin(7 * points).astype(np.float32), -1, 0))
    # a plane of the inputs that is turned is worked out as it was
    turned = nw.field(exact, nw.Slice([0.0, 0.0], [0.0, 1.0], [1.0, 0.0]), plane=raster.plane, size=(30, 20))
    assert np.array_equal(turned.sample(raster, dtype="float64"), found[::-1])
