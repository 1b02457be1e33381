"""Perceptrons are drawn as each prior says, and what holds of them exactly does."""

import numpy as np
import pytest

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import count
from netwarp.claims.perceptrons import FAN_IN, GRID, OWN, mlp
from netwarp.network.draw import draw
from netwarp.study.ensemble import ensemble


def frequency(architecture: Architecture, seeds: range = range(3)) -> np.ndarray:
    return ensemble(architecture, ["mean_frequency"], seeds=seeds, raster=GRID, calibration=GRID).values(
        "mean_frequency"
    )


def drawn(architecture: Architecture) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The weights and the biases, layer by layer."""
    arrays = list(draw(architecture, 0).values())
    return [one for one in arrays if one.ndim > 1], [one for one in arrays if one.ndim == 1]


def test_weights_by_fan_in_are_of_the_stated_size() -> None:
    weights, biases = drawn(mlp(FAN_IN, "tanh", 2, depth=3, width=128))
    assert [one.shape[:2] for one in weights] == [(128, 2), (128, 128), (128, 128), (1, 128)]
    for one in weights:
        inputs = one.shape[1]
        assert np.abs(one).max() <= 2 * np.sqrt(3 / inputs)
        assert one.var() * inputs == pytest.approx(4, rel=0.5 if one.size < 1000 else 0.05)
    assert [one.size for one in biases] == [128, 128, 128, 1]
    assert 1.9 < max(np.abs(one).max() for one in biases[:3]) <= 2


@pytest.mark.parametrize("magnitude", [0.1, 100])
def test_the_papers_own_prior_knows_no_fan_in(magnitude: float) -> None:
    weights, biases = drawn(mlp(OWN, "relu", magnitude, depth=3, width=128))
    for one in (*weights[:3], *biases[:3]):
        assert 0.95 * magnitude < np.abs(one).max() <= magnitude
        assert one.var() == pytest.approx(magnitude**2 / 3, rel=0.5 if one.size < 1000 else 0.05)
    kept = drawn(mlp(OWN, "relu", magnitude, biases=1.0))[1]
    assert 0.9 < np.abs(kept[0]).max() <= 1


def test_layers_are_wrapped_as_stated() -> None:
    assert str(mlp(OWN, "relu", 1, layer="residual({})").tree).count("residual") == 1  # repeated, past the first
    assert str(mlp(OWN, "relu", 1, layer="gated({})").tree).count("gated") == 2
    assert count(mlp(OWN, "relu", 1, depth=5)).units == 320
    # two parts of 64 a gated layer
    assert count(mlp(OWN, "relu", 1, depth=5, layer="gated({})")).units == 640


@pytest.mark.parametrize("prior", [OWN, FAN_IN])
def test_relu_without_biases_is_homogeneous(prior) -> None:
    assert frequency(mlp(prior, "relu", 1, biases=0)) == pytest.approx(
        frequency(mlp(prior, "relu", 8, biases=0)), rel=1e-6
    )


@pytest.mark.parametrize("prior", [OWN, FAN_IN])
def test_layer_norm_is_homogeneous(prior) -> None:
    small, large = (frequency(mlp(prior, "tanh", a, norm="layer()")) for a in (1, 8))
    assert small == pytest.approx(large, rel=1e-3)
    assert not np.allclose(small, frequency(mlp(prior, "tanh", 8, norm="layer()", biases=1.0)), rtol=0.1)
