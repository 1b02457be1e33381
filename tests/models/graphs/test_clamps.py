"""Numbers between two bounds: right to rounding of the numbers themselves, however far the bounds are."""

import numpy as np
import pytest

from netwarp.errors import UnsupportedError
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.clamps import clamped
from netwarp.network.network import Network
from netwarp.network.program import Activate
from netwarp.network.source import Graph

LARGEST = float(np.finfo(np.float32).max)
SIZES = [0.0, 1e-3, 1.0, 3.0, 700.0, 1e6, 3e8, 1e12, 1e20, 1e30]
BOUNDS = sorted([*(sign * size for size in SIZES for sign in (-1, 1)), -np.inf, -LARGEST, LARGEST, np.inf, 0.5])


def values(low: object, high: object, z: np.ndarray, channels: int = 1) -> np.ndarray:
    """(n, channels) what the Program makes of z (n,) in every channel."""
    builder = Builder(np.tile([1.0, 0.0, 0.0], (channels, 1)))
    network = Network(Graph(builder.program(clamped(builder, builder.inputs((channels,)), low, high))))  # type: ignore[arg-type]  # lists are bounds as well
    return network.calibrate().at(np.stack([z, np.zeros(len(z))], axis=1))


def numbers() -> np.ndarray:
    """Of every size a network's numbers have, of both signs."""
    random = np.random.RandomState(0)
    return np.concatenate([random.uniform(-1, 1, 40) * 10.0**k for k in range(-3, 7)])


@pytest.mark.parametrize("low", [bound for bound in BOUNDS if bound < 1e6])
def test_every_pair_of_bounds(low: float) -> None:
    z = numbers()
    for high in (bound for bound in BOUNDS if bound >= low and bound > -1e6):
        right = np.clip(z, low, high)
        # z is rounded as z, and past a bound that is beyond what is near 0 as the bound
        allowed = 4e-16 * (np.abs(z) + 4096.0)
        assert (np.abs(values(low, high, z)[:, 0] - right) <= allowed).all(), (low, high)
        near = np.abs(z) <= 1.0
        if min(abs(low), abs(high), abs(low + high) / 2) <= 1.0 or low < -4096 < 4096 < high:
            assert (np.abs(values(low, high, z)[near, 0] - right[near]) <= 1e-15).all(), (low, high)


@pytest.mark.parametrize(("low", "high"), [(-1.0, 1.0), (0.0, 6.0), (0.0, 1e-3), (-2.0, 5e3), (-1e8, 0.0), (3.0, 4.0)])
def test_far_beyond_its_bounds_it_is_the_bound(low: float, high: float) -> None:
    z = np.array([-1e30, -1e18, 1e18, 1e30])
    assert np.allclose(values(low, high, z)[:, 0], np.clip(z, low, high), rtol=1e-15, atol=0)


def test_every_channel_has_bounds_of_its_own() -> None:
    random = np.random.RandomState(1)
    ends = np.sort(random.choice(BOUNDS, (60, 2)), axis=1)
    ends = ends[(np.abs(ends) < 1e7).any(axis=1) | (ends[:, 0] < 0) & (ends[:, 1] > 0)]
    z = numbers()
    z = z[np.abs(z) < 1e3]
    found = values(*ends.T, z, channels=len(ends))
    assert len(ends) > 30
    for n, (low, high) in enumerate(ends):
        alone = values(low, high, z)[:, 0]
        assert np.allclose(found[:, n], alone, rtol=1e-15, atol=1e-15), (low, high)


@pytest.mark.parametrize(
    ("low", "high", "names"),
    [
        (-1.0, 1.0, ["hardtanh"]),
        (0.0, 6.0, ["relu6"]),
        (0.0, 1e12, ["relu6"]),
        (-1e12, 1e12, ["hardtanh"]),
        (0.0, LARGEST, ["relu"]),
        (None, 1.0, ["relu"]),
        (-LARGEST, np.inf, []),
        (-1e6, 1e9, ["relu", "relu"]),
    ],
)
def test_it_bends_at_its_bounds_and_nowhere_else(low: float | None, high: float, names: list[str]) -> None:
    builder = Builder(np.eye(2, 3))
    clamped(builder, builder.inputs((2,)), low, high)
    assert [one.name for one in builder.operations if isinstance(one, Activate)] == names


def test_bounds_that_cross_give_the_upper_one_and_nan_is_refused() -> None:
    z = np.array([-2.0, 0.0, 2.0])
    assert np.array_equal(values(1.0, -1.0, z)[:, 0], [-1.0, -1.0, -1.0])
    assert np.array_equal(values(1e12, 0.25, z)[:, 0], [0.25, 0.25, 0.25])
    with pytest.raises(UnsupportedError, match="a bound that is NaN"):
        values(0.0, np.nan, z)
