"""Trajectories and noise: the bound's own formula, growth of a known network, and networks that noise passes alike."""

from math import sqrt

import numpy as np
import pytest

from netwarp.claims import raghu2017


def nothing(done: int, total: int) -> None:
    pass


def test_the_bound_tends_to_the_root_of_the_weights() -> None:
    # many units, no biases: sigma_w sqrt(k) / sqrt(sigma_w^2 + k sigma_w) goes to sqrt(sigma_w)
    assert raghu2017.base(4, 0, 10**9) == pytest.approx(2)
    assert raghu2017.base(2, 0, 4) == pytest.approx(4 / sqrt(4 + 8))


def test_growth_is_that_of_the_mean() -> None:
    steps = 3.0 ** np.arange(raghu2017.DEPTH)
    assert raghu2017._growth(np.stack((steps, 5 * steps))) == pytest.approx(3)


def test_bounds_are_refuted_and_what_is_below_the_growth_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert raghu2017.relu_trajectories_grow(True, nothing).verdict == "refuted"
    # sigma_w / sqrt 2 less a hundredth
    low = [0.97 * weight / sqrt(2) for weight in raghu2017.WEIGHTS]
    assert raghu2017._trajectories("relu", 0.0, low, "", True, nothing).verdict == "holds"
    monkeypatch.setattr(raghu2017, "base", lambda weight, bias, width: 0.85 * sqrt(weight))
    assert raghu2017.hard_tanh_trajectories_grow(True, nothing).verdict == "holds"


@pytest.mark.parametrize(("act", "verdict"), [("hardtanh", "holds"), ("relu", "refuted")])
def test_noise_grows_in_chaos_and_not_where_lengths_stay(
    act: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raghu2017, "NOISY_WIDTH", 60)
    if act == "relu":
        # order: what early noise does fades
        monkeypatch.setattr(raghu2017, "NOISY_WEIGHT", 0.7)
        monkeypatch.setattr(raghu2017, "BIAS", 1.0)
    assert raghu2017._noise(act, True, nothing).verdict == verdict
