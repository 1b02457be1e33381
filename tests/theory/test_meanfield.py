"""Mean field theory: critical lines, the published maps, and wide networks drawn and run."""

from __future__ import annotations

from math import acos, asin, exp, inf, log, pi, sqrt

import numpy as np
import pytest

from netwarp.errors import InputError, UnsupportedError
from netwarp.theory import meanfield
from netwarp.theory.activations import pointwise


def test_critical_lines() -> None:
    """relu sigma_w^2 = 2; tanh sigma_w = 1; erf, as erf(z) and not erf(z / sqrt 2), sigma_w^2 = pi / 4."""
    assert meanfield.critical("relu") ** 2 == pytest.approx(2, rel=1e-12)
    assert meanfield.critical("tanh") == pytest.approx(1, rel=1e-12)
    assert meanfield.critical("erf") ** 2 == pytest.approx(pi / 4, rel=1e-12)
    assert meanfield.critical("leaky(0.5)") ** 2 == pytest.approx(2 / 1.25, rel=1e-12)
    assert meanfield.critical("hardtanh") == pytest.approx(1, rel=1e-12)
    # with a bias, chi_1 is 1 on the line and on its two sides under and over 1
    for name in ("tanh", "erf", "sin", "sigmoid", "gaussian"):
        weight = meanfield.critical(name, 0.3)
        low, on, high = (meanfield.chi(name, weight * share, 0.3) for share in (0.99, 1.0, 1.01))
        assert on == pytest.approx(1, abs=1e-8)
        assert low < 1 < high


def test_the_length_ratios_of_poole() -> None:
    """Root chi_1 of tanh at sigma_b 0.3: what late layers do to a curve's length."""
    found = [sqrt(meanfield.chi("tanh", weight, 0.3)) for weight in (1.3, 2.5, 4.0)]
    assert [round(one, 3) for one in found] == [0.969, 1.259, 1.539]


def test_maps_in_closed_form() -> None:
    """Cho and Saul's arc cosines for relu, Williams' arc sine for erf, at any correlation."""
    root = sqrt(2)
    for c in (-1.0, -0.6, 0.0, 0.3, 0.99, 1.0):
        kept = (sqrt(1 - c * c) + (pi - acos(c)) * c) / pi
        assert meanfield.correlation_map("relu", root, 0.0, c) == pytest.approx(kept, abs=1e-9)
        q = meanfield.variance("erf", 2.0, 0.5)
        mixed = 4 * 2 / pi * asin(2 * q * c / (1 + 2 * q)) + 0.25
        assert meanfield.correlation_map("erf", 2.0, 0.5, c) == pytest.approx(mixed / q, abs=1e-9)
    # sin's by the Fourier series: E[sin u sin v] = exp(-q) sinh(c q)
    q = meanfield.variance("sin", 2.0, 0.5)
    assert q == pytest.approx(2 * (1 - exp(-2 * q)) + 0.25, rel=1e-12)
    assert meanfield.correlation_map("sin", 2.0, 0.5, 0.4) == pytest.approx(
        (4 * exp(-q) * np.sinh(0.4 * q) + 0.25) / q, rel=1e-10
    )


@pytest.mark.slow
def test_fixed_points() -> None:
    assert meanfield.variance("relu", 1.0, 0.5) == pytest.approx(0.25 / (1 - 0.5), rel=1e-12)
    assert meanfield.variance("linear", 0.5, 1.0) == pytest.approx(1 / 0.75, rel=1e-12)
    assert meanfield.variance("tanh", 0.9, 0.0) == 0
    assert meanfield.variance("tanh", 1.0, 0.0) == 0
    # just over the line: tanh^2 = z^2 - 2 z^4 / 3, so q = (w^2 - 1) / (2 w^2) to first order
    assert meanfield.variance("tanh", 1.001, 0.0) == pytest.approx(0.001, rel=0.01)
    assert meanfield.variance("step", 1.0, 0.1) == pytest.approx(0.51, rel=1e-12)
    q = meanfield.variance("tanh", 2.5, 0.3)
    assert meanfield.variance_map("tanh", 2.5, 0.3, q) == pytest.approx(q, rel=1e-12)
    c = meanfield.correlation("tanh", 2.5, 0.3)
    assert meanfield.correlation_map("tanh", 2.5, 0.3, c) == pytest.approx(c, rel=1e-10)
    assert meanfield.correlation("tanh", 1.3, 0.3) == 1
    assert meanfield.correlation("tanh", 2.5, 0.0) == 0
    assert meanfield.correlation("relu", 3.0, 0.0) == 1  # its chaos is of lengths alone


@pytest.mark.parametrize(
    ("name", "weight", "bias"), [("tanh", 1.3, 0.3), ("tanh", 2.5, 0.3), ("leaky(random)", 1.2, 0.5)]
)
def test_depth_is_how_fast_correlations_settle(name: str, weight: float, bias: float) -> None:
    """Iterating the correlation map: the distance from c* falls by exp(-1 / xi) a layer in the end."""
    star = meanfield.correlation(name, weight, bias)
    once = meanfield.correlation_map(name, weight, bias, star - 1e-5)
    assert meanfield.depth(name, weight, bias) == pytest.approx(-1 / log((star - once) / 1e-5), rel=5e-3)
    # the next term is of the order of the distance's root where phi has a kink


def test_depth_on_the_line_and_off_it() -> None:
    assert meanfield.depth("tanh", 1.3, 0.3) == pytest.approx(-1 / log(meanfield.chi("tanh", 1.3, 0.3)), rel=1e-12)
    assert meanfield.depth("relu", sqrt(2), 0.0) == inf
    assert meanfield.depth("tanh", meanfield.critical("tanh", 0.2), 0.2) > 1e6


@pytest.mark.slow
@pytest.mark.parametrize(("name", "weight", "bias"), [("tanh", 2.5, 0.3), ("gelu", 1.2, 0.5), ("cos", 1.4, 0.1)])
def test_wide_networks_do_as_they_are_told(name: str, weight: float, bias: float) -> None:
    """Two inputs through three layers of 2,000 units: variance, correlation and a small difference's squared growth."""
    rng = np.random.RandomState(np.random.PCG64(3))
    n, phi = 2000, pointwise(name)
    q, start = meanfield.variance(name, weight, bias), 0.6
    first, second = rng.standard_normal((2, n)) * sqrt(q)
    z = np.stack((first, start * first + sqrt(1 - start**2) * second, first + 1e-5 * second), axis=1)
    expected = start
    for _ in range(3):
        before = z
        z = weight / sqrt(n) * rng.standard_normal((n, n)) @ phi.value(z) + bias * rng.standard_normal((n, 1))
        expected = meanfield.correlation_map(name, weight, bias, expected)
    assert (z[:, 0] ** 2).mean() == pytest.approx(q, rel=0.1)
    assert (z[:, 0] * z[:, 1]).mean() / (z[:, 0] ** 2).mean() == pytest.approx(expected, abs=0.06)
    grown = ((z[:, 0] - z[:, 2]) ** 2).sum() / ((before[:, 0] - before[:, 2]) ** 2).sum()
    assert grown == pytest.approx(meanfield.chi(name, weight, bias), rel=0.1)


def test_where_there_is_no_fixed_point() -> None:
    for name, weight, bias, why in [
        ("relu", 1.5, 0.0, "grows without bound"),
        ("relu", sqrt(2), 0.1, "grows without bound"),
        ("relu", sqrt(2), 0.0, "every variance stays as it is"),
        ("square", 1.0, 0.0, "grows without bound"),
    ]:
        with pytest.raises(UnsupportedError, match=why):
            meanfield.variance(name, weight, bias)
    # what is the same at every variance is known all the same
    assert meanfield.chi("relu", 1.5, 0.0) == pytest.approx(1.125, rel=1e-12)
    assert meanfield.chi("square", 1.0, 0.0, q=0.25) == pytest.approx(1, rel=1e-12)
    with pytest.raises(UnsupportedError, match="the variance dies out"):
        meanfield.correlation("tanh", 0.9, 0.0)
    with pytest.raises(UnsupportedError, match="activation step: has no derivative"):
        meanfield.chi("step", 1.0, 0.1)
    with pytest.raises(UnsupportedError, match="activation softplus: chi_1 reaches 1 at no sigma_w"):
        meanfield.critical("softplus")
    with pytest.raises(UnsupportedError, match=r"layers do not approach the variance 1\.4"):
        meanfield.critical("gelu", 0.3)


def test_what_it_refuses() -> None:
    with pytest.raises(InputError, match="meanfield weight=-1: must be at least 0"):
        meanfield.variance("tanh", -1, 0)
    with pytest.raises(InputError, match=r"c=1\.5: must be a correlation"):
        meanfield.correlation_map("tanh", 2.0, 0.3, 1.5)
    with pytest.raises(InputError, match="meanfield q="):
        meanfield.variance_map("tanh", 2.0, 0.3, float("nan"))
