"""Gradients of narrow networks, sines, curvature and correlations: constants that are wrong are not found to hold."""

from collections.abc import Callable, Sequence
from math import pi

import numpy as np
import pytest
from scipy import stats

from netwarp.claims import hanin2018, haninnica2020, poole2016, schoenholz2017, sitzmann2020
from netwarp.claims.products import squares
from netwarp.claims.registry import Progress
from netwarp.claims.streams import stream
from netwarp.theory import meanfield


def nothing(done: int, total: int) -> None:
    pass


def test_a_layers_second_moment_is_that_of_chi_square() -> None:
    """(2 / n) chi^2_k has the second moment 1 + 5 / n, k binomial: from E[k^2 + 2 k]."""
    for n in (4, 16, 64):
        k = np.arange(n + 1)
        moment = (stats.binom.pmf(k, n, 0.5) * (k * k + 2 * k)).sum() * 4 / n**2
        assert moment == pytest.approx(1 + hanin2018.RATE / n)
    found = squares([8, 8], 20_000, nothing, seed=3)[:, 0] ** 2
    assert found.mean() == pytest.approx(1 + 5 / 8, rel=0.05)


def once(draw: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Networks drawn once for all that is asked of them."""
    kept: dict[object, np.ndarray] = {}

    def drawn(widths: Sequence[int], networks: int, progress: Progress, *, seed: int) -> np.ndarray:
        key = tuple(widths), networks, seed
        if key not in kept:
            kept[key] = draw(widths, networks, progress, seed=seed)
        return kept[key]

    return drawn


@pytest.mark.slow
def test_other_constants_are_not_found_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanin2018, "SHAPES", hanin2018.SHAPES[:2])
    for room in (hanin2018, haninnica2020):
        monkeypatch.setattr(room, "squares", once(squares))
    monkeypatch.setattr(haninnica2020, "NETWORKS", {"[32, 48] * 3": (32, 48) * 3})
    assert hanin2018.gradients_fluctuate_by_one_sum(True, nothing).verdict == "holds"
    for rate in (3.0, 7.0):
        monkeypatch.setattr(hanin2018, "RATE", rate)
        assert hanin2018.gradients_fluctuate_by_one_sum(True, nothing).verdict == "refuted"
    for rate in (3.5, 7.0):
        monkeypatch.setattr(haninnica2020, "RATE", rate)
        assert haninnica2020.log_gradients_are_normal(True, nothing).verdict == "refuted"


@pytest.mark.slow
def test_weights_that_are_not_hes_move_the_logarithms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(haninnica2020, "NETWORKS", {"[32, 48] * 3": (32, 48) * 3})
    draw = haninnica2020.squares
    monkeypatch.setattr(haninnica2020, "squares", lambda *given, seed: draw(*given, weight=1.5, seed=seed))
    assert haninnica2020.log_gradients_are_normal(True, nothing).verdict == "refuted"


def test_distances_from_distributions() -> None:
    values = stream(5).uniform(-1, 1, 4000)
    sines = np.sin(pi / 2 * values)
    assert sitzmann2020.distance(sines, sitzmann2020.arcsine) < 0.03
    assert sitzmann2020.distance(values, sitzmann2020.arcsine) > 0.08
    exact = stats.kstest(values, "uniform", args=(-1, 2)).statistic
    assert sitzmann2020.distance(values, lambda x: (x + 1) / 2) == pytest.approx(exact)
    assert sitzmann2020.arcsine(np.array([-1.0, 0.0, 1.0])) == pytest.approx([0, 0.5, 1])


def test_sines_go_to_the_fixed_point_of_their_variance() -> None:
    q = 1.0
    for _ in range(100):
        q = 1 - np.exp(-2 * q)
    last = np.mean([sitzmann2020._layers(1.0, seed)[0, -1] for seed in range(4)])
    assert last == pytest.approx(np.sqrt(q), rel=0.03)


def test_weights_of_another_reach_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitzmann2020.siren_of_quarter_periods(True, nothing).verdict == "holds"
    monkeypatch.setattr(sitzmann2020, "REACH", 2.0)
    assert sitzmann2020.siren_of_quarter_periods(True, nothing).verdict == "refuted"


def test_curvature_follows_its_recursion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poole2016, "WIDTH", 600)
    monkeypatch.setattr(poole2016, "WEIGHTS", (2.5,))
    found = np.exp(np.mean([poole2016._curvatures(4, seed)[0, 0] for seed in range(6)], axis=0))
    # the first layer is the circle itself, of radius sqrt(q* width)
    assert found[0] == pytest.approx(1 / np.sqrt(meanfield.variance("tanh", 2.5, 0.3)))
    assert found == pytest.approx([poole2016.curvature(2.5, layer) for layer in (1, 2, 3, 4)], rel=0.06)


@pytest.mark.slow
def test_another_law_of_curvature_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    bend = poole2016.bend
    monkeypatch.setattr(poole2016, "bend", lambda weight, q: 1.3 * bend(weight, q))
    assert poole2016.local_curvature_stays(True, nothing).verdict == "refuted"


def test_an_approach_is_a_factor_a_layer() -> None:
    steps = 0.3 + 0.5 * 0.8 ** np.arange(6)
    assert schoenholz2017._approach(steps, 0.3) == pytest.approx(0.8)
    assert schoenholz2017._mean_approach(0.3, np.stack((steps + 0.01, steps - 0.01))) == pytest.approx(0.8)


@pytest.mark.slow
def test_another_depth_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schoenholz2017, "DEEP_WIDTH", 300)
    depth = meanfield.depth
    monkeypatch.setattr(meanfield, "depth", lambda *given: 2 * depth(*given))
    assert schoenholz2017.correlations_have_a_depth(True, nothing).verdict == "refuted"
