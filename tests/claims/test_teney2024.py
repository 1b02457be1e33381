"""The paper's claims on little: each has its verdict on record, and a network it is not about refutes it."""

from dataclasses import replace

import numpy as np
import pytest

from netwarp.claims import teney2024
from netwarp.claims.perceptrons import OWN, Prior, mlp
from netwarp.claims.registry import choose
from netwarp.claims.running import run
from netwarp.claims.streams import stream


def nothing(done: int, total: int) -> None:
    pass


def test_rank_correlation() -> None:
    x = np.arange(40.0)
    one = teney2024.rank_correlation(x, np.exp(x / 10))(0.95)
    assert (one.value, one.low, one.high) == pytest.approx((1, 1, 1))
    mixed = np.where(x < 20, x, 60 - x)  # 20 up, then the rest down
    n, apart = 40, x - np.argsort(np.argsort(mixed))
    two = teney2024.rank_correlation(x, mixed)(0.95)
    assert two.value == pytest.approx(1 - 6 * (apart**2).sum() / (n * (n * n - 1)))
    assert two.low is not None
    assert two.high is not None
    assert two.low < two.value < two.high


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Less to measure: the paper's own prior at its smallest and largest magnitude."""
    monkeypatch.setattr(teney2024, "PRIORS", (replace(OWN, magnitudes=(0.1, 100)),))
    return monkeypatch


@pytest.mark.slow
def test_magnitudes_have_the_verdict_on_record(small: pytest.MonkeyPatch) -> None:
    (found,) = run(choose(["13"]), quick=True).entries
    assert found.agrees
    assert found.finding.plot is not None
    assert found.finding.checks[0].what == "own prior, ReLU, A = 100 over 0.1"


@pytest.mark.slow
def test_tanh_in_place_of_relu_is_refuted(small: pytest.MonkeyPatch) -> None:
    small.setattr(teney2024, "mlp", lambda prior, act, a: mlp(prior, "tanh" if act == "relu" else act, a))
    found = teney2024.relu_ignores_weight_magnitude(True, nothing)
    assert found.verdict == "refuted"
    assert [one.holds for one in found.checks] == [False, True, True]


@pytest.mark.slow
def test_layer_norm_under_a_prior_that_keeps_its_biases_is_refuted(small: pytest.MonkeyPatch) -> None:
    small.setattr(teney2024, "THREE", ("tanh",))

    def kept(prior: Prior, act: str, a: float, *, norm: str, biases: float | None):
        return mlp(prior, act, a, norm=norm, biases=1.0)

    small.setattr(teney2024, "mlp", kept)
    assert teney2024.layer_norm_removes_magnitude(True, nothing).verdict == "refuted"


@pytest.mark.parametrize(("turned", "verdict"), [(1, "holds"), (-1, "refuted")])
def test_complexities_that_disagree_are_refuted(turned: int, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    random = stream(0)

    class Measured:
        def __init__(self, seeds: range) -> None:
            self.base = random.standard_normal(len(seeds))

        def values(self, name: str) -> np.ndarray:
            return np.exp((turned if name == "lz_complexity" else 1) * self.base)

    def measured(networks: list[object], names: object, *, seeds: range, **options: object) -> list[Measured]:
        return [Measured(seeds) for _ in networks]

    monkeypatch.setattr(teney2024, "ensembles", measured)
    assert teney2024.complexities_agree(True, nothing).verdict == verdict


@pytest.mark.filterwarnings("error")
def test_networks_that_are_constant_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    random, drawn = stream(1), []

    class Measured:
        def __init__(self, seeds: range) -> None:
            drawn.append(random.standard_normal(len(seeds)) * (np.nan if len(drawn) == 5 else 1))
            self.base = drawn[-1]

        def values(self, name: str) -> np.ndarray:
            return np.exp(self.base)

    def measured(networks: list[object], names: object, *, seeds: range, **options: object) -> list[Measured]:
        return [Measured(seeds) for _ in networks]

    monkeypatch.setattr(teney2024, "ensembles", measured)
    found = teney2024.complexities_agree(True, nothing)
    assert found.verdict == "holds"
    assert found.note.endswith("1 architectures, constant to rounding, are left out.")
