"""Gaussian averages: moments in closed form, and scipy's adaptive quadrature of the same integrals."""

from __future__ import annotations

from math import exp, expm1, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad

from netwarp.architecture.specs import ACTIVATIONS, Constant, Normal, Uniform
from netwarp.errors import LimitError
from netwarp.theory.activations import pointwise
from netwarp.theory.expectation import mean_slope, moments, nodes_of, normal_nodes, squared_slope


def adaptive(name: str, scale: float, shift: float, power: int, slope: bool = False) -> float:
    """E[phi^power] by scipy, split wherever phi or its saturation begins."""
    phi = pointwise(name)
    function = phi.derivative() if slope else phi.value
    marks = [(k + shifted - shift) / scale for k in (*phi.kinks, 0.0) for shifted in (-3, -0.5, 0, 0.5, 3)]
    points = sorted(p for p in marks if -10 < p < 10)

    def integrand(z: float) -> float:
        return float(function(np.array([scale * z + shift]))[0] ** power) * exp(-z * z / 2) / sqrt(2 * pi)

    return float(quad(integrand, -10, 10, points=points or None, epsabs=1e-13, epsrel=1e-12, limit=400)[0])


def test_known_moments() -> None:
    mean, variance = moments(pointwise("relu"), 3.0, 0.0)
    assert (mean[0], variance[0]) == pytest.approx((3 / sqrt(2 * pi), 9 * (0.5 - 0.5 / pi)), rel=1e-13)
    mean, variance = moments(pointwise("square"), 2.0, 1.0)
    assert (mean[0], variance[0]) == pytest.approx((5, 2 * 16 + 4 * 4), rel=1e-12)
    mean, variance = moments(pointwise("cos"), 1.5, 0.0)
    assert mean[0] == pytest.approx(exp(-1.125), rel=1e-13)
    mean, variance = moments(pointwise("step"), 1.0, 0.0)
    assert (mean[0], variance[0]) == pytest.approx((0.5, 0.25), rel=1e-13)
    assert mean_slope(pointwise("erf"), 2.0, 0.0)[0] == pytest.approx(2 / sqrt(pi) / sqrt(1 + 2 * 4), rel=1e-12)
    # more cases than fit at once give what each gives alone
    scales = np.linspace(0.1, 40, 5000)
    many = moments(pointwise("tanh"), scales, 0.3)[0]
    assert many[[0, 2500, 4999]] == pytest.approx(
        [moments(pointwise("tanh"), s, 0.3)[0][0] for s in scales[[0, 2500, 4999]]]
    )


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "linear"])
@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.05, 1.02), (7.0, -2.5)])
def test_scipys_adaptive_quadrature_agrees(name: str, scale: float, shift: float) -> None:
    phi = pointwise(name)
    mean, variance = moments(phi, scale, shift)
    assert mean[0] == pytest.approx(adaptive(name, scale, shift, 1), rel=1e-10, abs=1e-12)
    assert variance[0] + mean[0] ** 2 == pytest.approx(adaptive(name, scale, shift, 2), rel=1e-10, abs=1e-12)
    if phi.slope is not None:
        assert squared_slope(phi, scale, shift)[0] == pytest.approx(
            adaptive(name, scale, shift, 2, slope=True), rel=1e-10, abs=1e-12
        )


def test_a_variance_far_below_the_mean_keeps_its_digits() -> None:
    """sigmoid(15 + z / 100) is 1 - exp(-u): a variance of 1e-17, where a difference of squares has nothing left."""
    tail = exp(-30 + 1e-4) * expm1(1e-4)
    assert moments(pointwise("sigmoid"), 0.01, 15.0)[1][0] == pytest.approx(tail, rel=1e-4, abs=0)


def test_a_wave_of_any_number_of_periods() -> None:
    """E[sin^2] is (1 - exp(-2 s^2)) / 2 at shift 0; a thousand periods within reach need no more nodes than ten."""
    for scale in (0.1, 3.0, 1e3, 1e9):
        variance = moments(pointwise("sin"), scale, 0.0)[1]
        assert variance[0] == pytest.approx((1 - exp(-2 * scale * scale)) / 2, rel=1e-12)
    assert moments(pointwise("sin"), 1.0, pi / 2)[0][0] == pytest.approx(exp(-0.5), rel=1e-13)


def test_nodes_of_distributions() -> None:
    for drawn, mean, square in [
        (Constant(2.0), 2, 4),
        (Normal(1.0, 2.0), 1, 5),
        (Normal(1.0, 0.0), 1, 1),
        (Uniform(-1.0, 3.0), 1, 7 / 3),
        (Uniform(2.0, 2.0), 2, 4),
    ]:
        nodes, weights = nodes_of(drawn, (0.0, 0.5), 0.01)
        assert [weights.sum(), weights @ nodes, weights @ nodes**2] == pytest.approx([1, mean, square], rel=1e-12)
    # |x| to rounding, because a panel ends where it bends
    nodes, weights = normal_nodes(0.0, 3.0, (0.0,), 0.1)
    assert weights @ abs(nodes) == pytest.approx(3 * sqrt(2 / pi), rel=1e-12)
    with pytest.raises(LimitError, match="periods of the wave"):
        nodes_of(Uniform(0.0, 1e4), (0.0,), 1.0, widest=0.1)
