"""The paper's perceptrons are drawn as stated, and what holds of them exactly does; a wrong network is refuted."""

import numpy as np
import pytest

from netwarp.architecture.counts import count
from netwarp.claims import teney2024
from netwarp.claims.registry import choose
from netwarp.claims.run import run
from netwarp.claims.teney2024 import GRID, mlp
from netwarp.measures.ensemble import ensemble
from netwarp.network.draw import draw


def frequency(architecture, seeds=range(3)) -> np.ndarray:
    return ensemble(architecture, ["mean_frequency"], seeds=seeds, raster=GRID, calibration=GRID).values(
        "mean_frequency"
    )


def nothing(done: int, total: int) -> None:
    pass


def test_weights_and_biases_are_of_the_stated_size() -> None:
    drawn = draw(mlp("tanh", 2, depth=3, width=128), 0)
    weights = [one for key, one in drawn.items() if one.ndim > 1]
    biases = [one for key, one in drawn.items() if one.ndim == 1]
    assert [one.shape[:2] for one in weights] == [(128, 2), (128, 128), (128, 128), (1, 128)]
    for one in weights:
        inputs = one.shape[1]
        assert np.abs(one).max() <= 2 * np.sqrt(3 / inputs)
        assert one.var() * inputs == pytest.approx(4, rel=0.5 if one.size < 1000 else 0.05)
    assert [one.size for one in biases] == [128, 128, 128, 1]
    assert 1.9 < max(np.abs(one).max() for one in biases[:3]) <= 2


def test_layers_are_wrapped_as_stated() -> None:
    assert str(mlp("relu", 1, layer="residual({})").tree).count("residual") == 1  # repeated, past the first
    assert str(mlp("relu", 1, layer="gated({})").tree).count("gated") == 2
    assert count(mlp("relu", 1, depth=5)).units == 320
    # two parts of 64 a gated layer
    assert count(mlp("relu", 1, depth=5, layer="gated({})")).units == 640


def test_relu_without_biases_is_homogeneous() -> None:
    assert frequency(mlp("relu", 1, biases=0)) == pytest.approx(frequency(mlp("relu", 8, biases=0)), rel=1e-6)


def test_layer_norm_is_homogeneous() -> None:
    small, large = (frequency(mlp("tanh", a, norm="layer()")) for a in (1, 8))
    assert small == pytest.approx(large, rel=1e-3)
    assert not np.allclose(small, frequency(mlp("tanh", 8, norm="layer()", biases=1.0)), rtol=0.1)


def test_rank_correlation() -> None:
    x = np.arange(40.0)
    one = teney2024._spearman(x, np.exp(x / 10))
    assert (one.value, one.low, one.high) == pytest.approx((1, 1, 1))
    mixed = np.where(x < 20, x, 60 - x)  # 20 up, then the rest down
    n, apart = 40, x - np.argsort(np.argsort(mixed))
    two = teney2024._spearman(x, mixed)
    assert two.value == pytest.approx(1 - 6 * (apart**2).sum() / (n * (n * n - 1)))
    assert two.low is not None
    assert two.high is not None
    assert two.low < two.value < two.high


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Less to measure: the ends of the range of magnitudes."""
    monkeypatch.setattr(teney2024, "MAGNITUDES", (1, 8))
    return monkeypatch


@pytest.mark.slow
def test_magnitudes_have_the_verdict_on_record(small: pytest.MonkeyPatch) -> None:
    (found,) = run(choose(["13"]), quick=True).entries
    assert found.agrees
    assert found.finding.plot is not None


@pytest.mark.slow
def test_tanh_in_place_of_relu_is_refuted(small: pytest.MonkeyPatch) -> None:
    small.setattr(teney2024, "mlp", lambda act, a: mlp("tanh" if act == "relu" else act, a))
    found = teney2024.relu_ignores_weight_magnitude(True, nothing)
    assert found.verdict == "refuted"
    assert [one.holds for one in found.checks] == [False, True, True]


@pytest.mark.slow
def test_it_is_the_kinks_that_complexities_differ_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teney2024, "SIX", ("sin",))
    assert teney2024.complexities_agree(True, nothing).verdict == "holds"
    monkeypatch.setattr(teney2024, "SIX", ("relu",))
    assert teney2024.complexities_agree(True, nothing).verdict == "refuted"
