"""Lengths of narrow networks: the product formula that the simulation does not use, and constants that are refuted."""

from math import sqrt

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import binom

from netwarp.claims import hanin2021
from netwarp.claims.products import squares
from netwarp.claims.registry import Progress


def nothing(done: int, total: int) -> None:
    pass


def factor(width: int) -> float:
    """The mean of sqrt(2 / n) chi of k degrees of freedom, k binomial(n, 1/2): what one layer of He's does exactly."""
    k = np.arange(1, width + 1)
    chi = sqrt(2) * np.exp(gammaln((k + 1) / 2) - gammaln(k / 2))
    return float((binom.pmf(k, width, 0.5) * chi).sum() * sqrt(2 / width))


@pytest.mark.parametrize(("width", "depth"), [(4, 3), (8, 4), (20, 5)])
def test_lengths_are_those_of_the_product_formula(width: int, depth: int) -> None:
    lengths = np.sqrt(squares([3] + [width] * depth, 20_000, nothing, seed=5)[:, -1])
    # of the first layer's three inputs nothing is left out: its factor is sqrt(2 / 3) chi_k, k of `width`
    first = factor(width) * sqrt(width / 3)
    expected = first * factor(width) ** (depth - 1)
    assert lengths.mean() == pytest.approx(expected, abs=4 * lengths.std() / sqrt(20_000))


def test_the_rate_is_the_first_order_of_the_exact_factor() -> None:
    assert 1e5 * np.log(factor(100_000)) == pytest.approx(hanin2021.RATE, abs=1e-4)


@pytest.mark.slow
def test_narrow_networks_shrink_and_other_rates_are_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[int, np.ndarray] = {}

    def once(widths: list[int], networks: int, progress: Progress, *, seed: int) -> np.ndarray:
        if seed not in kept:
            kept[seed] = squares(widths, networks, progress, seed=seed)
        return kept[seed]

    monkeypatch.setattr(hanin2021, "squares", once)
    monkeypatch.setattr(hanin2021, "NARROW", hanin2021.NARROW[:2])
    assert hanin2021.lengths_shrink(True, nothing).verdict == "holds"
    for rate in (0.0, -1 / 2, -7 / 8):
        monkeypatch.setattr(hanin2021, "RATE", rate)
        assert hanin2021.lengths_shrink(True, nothing).verdict != "holds"


@pytest.mark.slow
def test_weights_that_are_not_hes_let_lengths_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hanin2021, "WIDTH", 32)
    draw = hanin2021.squares
    monkeypatch.setattr(
        hanin2021,
        "squares",
        lambda widths, n, progress, *, weight, seed: draw(widths, n, progress, weight=1.05 * weight, seed=seed),
    )
    found = hanin2021.he_keeps_lengths(True, nothing)
    assert found.verdict == "refuted"
