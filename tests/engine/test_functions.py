"""The compiled activations against float64 and exact arithmetic: accuracy, symmetry, NaN and infinity."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import reference
from known import ACTIVATIONS, PARAMETERS
from netwarp.engine.native import Native
from netwarp.engine.protocol import Dtype
from netwarp.network.program import Activate, Embed, Program

DTYPES: tuple[Dtype, ...] = ("float32", "float64")
# float32 as the design asks; float64 near rounding
ABSOLUTE = {"float32": 5e-7, "float64": 1e-15}
RELATIVE = {"float32": 1e-6, "float64": 2e-15}
# the slopes of these are bounded too, and cross 0, where nothing is accurate relative to itself
SLOPES = {"float32": 5e-7, "float64": 2e-15}


def numbers(name: str, dtype: Dtype) -> np.ndarray:
    """From -100 to 100 and, for waves, 1e4; small numbers of both signs; kinks and halves of pi; as float64."""
    small = np.logspace(-30, 2, 4001)
    z = [np.linspace(-100, 100, 20001), np.linspace(-5, 5, 10001), small, -small, np.arange(-64, 65) * np.pi / 2]
    if name in ("sin", "cos"):
        z += [np.linspace(-1e4, 1e4, 40001), np.arange(-6366, 6367) * np.pi / 2]
    return np.concatenate(z).astype(dtype).astype(np.float64)


def apply(name: str, z: np.ndarray, dtype: Dtype) -> tuple[np.ndarray, np.ndarray]:
    """(value, derivative) of the compiled activation, as float64. A step has no derivative: zeros."""
    identity = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.0, 0.0]]))
    one = Program((identity, Activate((0,), name, np.array([PARAMETERS.get(name, 0.0)]))))
    points = np.stack([z, np.zeros_like(z)], axis=1)
    value = Native().points(one, points, (1.0, 1.0), dtype)[:, 0].astype(np.float64)
    if name == "step":
        return value, np.zeros_like(value)
    both = Native().points(one, points, (1.0, 1.0), dtype, tangents=True)[:, 0].astype(np.float64)
    np.testing.assert_array_equal(both[:, 0], value)
    assert not both[np.isfinite(z), 2].any()
    return value, both[:, 1]


def exactly(name: str, z: np.ndarray, dtype: Dtype) -> tuple[np.ndarray, np.ndarray]:
    """The reference's, with its one weakness mended: gelu's tail feels the rounding of z sqrt(1/2)."""
    value, slope = reference.activation(name, z, float(np.dtype(dtype).type(PARAMETERS.get(name, 0.0))))
    if name == "gelu":
        far = z < -1
        pairs = zip((z[far] / 2**0.5).tolist(), z[far].tolist(), strict=True)
        lost = [float(Fraction(u) ** 2 - Fraction(x) ** 2 / 2) for u, x in pairs]
        value[far] *= np.exp(lost)
    return value, slope


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_accuracy(name: str, dtype: Dtype) -> None:
    z = numbers(name, dtype)
    value, slope = apply(name, z, dtype)
    wanted, steepness = exactly(name, z, dtype)
    if ACTIVATIONS[name].bounded:
        assert np.abs(value - wanted).max() <= ABSOLUTE[dtype]
    else:
        # below the smallest normal number digits run out: there, one step of the subnormal numbers; in float64 the
        # reference's erfc, which gelu multiplies by up to 40, runs out of them too
        tiny, last = np.finfo(dtype).tiny, float(np.finfo(dtype).smallest_subnormal) * (40 if dtype == "float64" else 1)
        allowed = np.where(np.abs(wanted) >= tiny, RELATIVE[dtype] * np.abs(wanted), RELATIVE[dtype] * tiny + last)
        assert (np.abs(value - wanted) <= allowed).all()
    if name != "step":
        # square's and the others' slopes past 1 are judged by their size
        assert (np.abs(slope - steepness) <= SLOPES[dtype] * np.maximum(1, np.abs(steepness))).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_symmetry_is_exact(name: str, dtype: Dtype) -> None:
    rng = np.random.default_rng(1)
    z = np.concatenate([numbers(name, dtype), (rng.uniform(-1e4, 1e4, 50000)).astype(dtype).astype(np.float64)])
    (right, slope), (left, slope_left) = apply(name, z, dtype), apply(name, -z, dtype)
    if name in ("tanh", "tanhshrink", "softsign", "erf", "hardtanh", "sin", "linear"):
        np.testing.assert_array_equal(left, -right)
    if name in ("cos", "gaussian", "square", "abs"):
        np.testing.assert_array_equal(left, right)
        np.testing.assert_array_equal(slope_left, -slope)
    if name in ("tanh", "tanhshrink", "softsign", "erf", "hardtanh", "linear"):
        np.testing.assert_array_equal(slope_left, slope)


# a value may be what the function tends to, or say that something is wrong, never an ordinary number
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_and_infinity_stay_visible(name: str, dtype: Dtype) -> None:
    # among ordinary numbers, so that they stand in every lane
    z = np.tile([math.nan, 0.5, math.inf, -0.5, -math.inf], 16)
    value, slope = apply(name, z, dtype)
    assert np.isnan(value[::5]).all()
    for n, limit in zip((2, 4), ACTIVATIONS[name].limits, strict=True):
        assert (~np.isfinite(value[n::5]) | np.isclose(value[n::5], limit, atol=1e-6)).all()
    assert np.isfinite(value[1::5]).all()
    assert np.isfinite(value[3::5]).all()
    assert np.isfinite(slope[1::5]).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_known_values(dtype: Dtype) -> None:
    known = {
        "tanh": [(0.0, 0.0), (0.5, 0.46211715726000975)],
        "erf": [(1.0, 0.8427007929497149), (0.25, 0.2763263901682369)],
        "sigmoid": [(0.0, 0.5), (1.0, 0.7310585786300049)],
        "gelu": [(1.0, 0.8413447460685429), (-1.0, -0.15865525393145707)],
        "softplus": [(0.0, 0.6931471805599453)],
        "sin": [(1.0, 0.8414709848078965)],
        "cos": [(0.0, 1.0), (1.0, 0.5403023058681398)],
        "gaussian": [(0.0, 1.0), (1.0, 0.6065306597126334)],
        "selu": [(1.0, 1.0507009873554805), (-1.0, -1.1113307378125625)],
        "hardsigmoid": [(1.0, 2 / 3)],
        "step": [(0.0, 0.0), (1e-30, 1.0)],
    }
    for name, pairs in known.items():
        z, wanted = np.array(pairs).T
        np.testing.assert_allclose(apply(name, z, dtype)[0], wanted, rtol=3e-7 if dtype == "float32" else 1e-15)


def test_a_wave_of_any_frequency() -> None:
    """sin(omega): the product is rounded once, in the type computed in."""
    z = np.linspace(-300, 300, 20001).astype(np.float32).astype(np.float64)
    identity = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.0, 0.0]]))
    one = Program((identity, Activate((0,), "sin", np.array([30.0]))))
    points = np.stack([z, np.zeros_like(z)], axis=1)
    angle = (np.float32(30) * z.astype(np.float32)).astype(np.float64)
    np.testing.assert_allclose(Native().points(one, points, (1, 1), "float32")[:, 0], np.sin(angle), rtol=0, atol=5e-7)
    np.testing.assert_allclose(
        Native().points(one, points, (1, 1), "float64")[:, 0], np.sin(30 * z), rtol=0, atol=1e-15
    )
