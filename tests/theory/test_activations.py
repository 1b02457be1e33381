"""phi and phi': the values that everyone knows, the evaluator, and the derivative as the limit that it is."""

from __future__ import annotations

from math import cos, erf, exp, expm1, inf, log, pi, sin, sqrt, tanh

import numpy as np
import pytest

from known import ACTIVATIONS, LEARNED, PARAMETERS, text
from netwarp.engine.choose import choose
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.program import LINEAR, Activate, Embed, Program
from netwarp.plane import Plane, Raster
from netwarp.theory.activations import mixture, pointwise

EVERY = [*ACTIVATIONS, "leaky(0.3)", "leaky(-0.5)", "sin(3)"]


def test_the_values_everyone_knows() -> None:
    at = {
        "relu": 0.0,
        "leaky(0.1)": -0.07,
        "elu": expm1(-0.7),
        "selu": 1.0507009873554805 * 1.6732632423543772 * expm1(-0.7),
        "gelu": -0.7 * (1 + erf(-0.7 / sqrt(2))) / 2,
        "silu": -0.7 / (1 + exp(0.7)),
        "softplus": log(1 + exp(-0.7)),
        "tanh": tanh(-0.7),
        "erf": erf(-0.7),
        "sigmoid": 1 / (1 + exp(0.7)),
        "hardtanh": -0.7,
        "hardsigmoid": -0.7 / 6 + 0.5,
        "abs": 0.7,
        "sin(2)": sin(-1.4),
        "cos": cos(0.7),
        "gaussian": exp(-0.245),
        "square": 0.49,
        "step": 0.0,
        "linear": -0.7,
    }
    at |= {text(name): float(known.exact(-0.7, PARAMETERS.get(name, 0.0))) for name, known in ACTIVATIONS.items()}
    for name, value in at.items():
        assert pointwise(name).value(np.array([-0.7]))[0] == pytest.approx(value, rel=1e-14), name


@pytest.mark.parametrize("name", EVERY)
def test_values_and_derivatives_are_the_evaluators(name: str) -> None:
    phi = pointwise(name)
    parameter = {"leaky(0.3)": 0.3, "leaky(-0.5)": -0.5, "leaky": 0.01, "sin": 1.0, "sin(3)": 3.0, **LEARNED}.get(
        name, 0.0
    )
    activate = Activate((0,), name.split("(", maxsplit=1)[0], np.array([parameter]))
    program = Program((Embed(np.array([LINEAR]), np.array([[1.0, 0.0, 0.0]])), activate))
    raster = Raster(1001, 1, Plane(0.0, 0.0, 20.0, 1.0))
    z = raster.xs()
    values = choose("native").points(program, np.stack((z, 0 * z), axis=1), raster.pitch, "float64")[:, 0]
    np.testing.assert_allclose(phi.value(z), values, rtol=1e-11, atol=1e-13)
    if phi.slope is not None:
        slopes = choose("native").run(program, raster, raster.pitch, "float64", tangents=True)[0, 1, 0]
        np.testing.assert_allclose(phi.slope(z), slopes, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "step"])
def test_the_derivative_is_the_limit_and_kinks_are_where_they_are_said_to_be(name: str) -> None:
    phi = pointwise(name)
    z = np.linspace(-5.003, 5.005, 2003)
    step = 1e-6
    away = np.all([abs(z - kink) > 2 * step for kink in phi.kinks], axis=0) if phi.kinks else np.ones(len(z), bool)
    difference = (phi.value(z + step) - phi.value(z - step)) / (2 * step)
    np.testing.assert_allclose(phi.derivative()(z)[away], difference[away], atol=2e-8)
    if phi.homogeneous:
        np.testing.assert_allclose(phi.value(2.5 * z), 2.5 * phi.value(z), rtol=1e-15)
    if phi.width == inf and phi.period is None and name != "square":
        # affine between kinks: the derivative takes a value for each piece
        assert len(np.unique(phi.derivative()(z[away]))) <= len(phi.kinks) + 1
    if phi.period is not None:
        np.testing.assert_allclose(phi.value(z + phi.period), phi.value(z), atol=1e-13)


def test_a_random_slope_is_a_mixture_whose_average_of_squares_is_exact() -> None:
    parts = mixture("leaky(random)")
    assert sum(probability for probability, _ in parts) == pytest.approx(1, abs=1e-15)
    # the slope's mean square, uniform between 1/8 and 1/3
    square = sum(probability * phi.value(np.array([-1.0]))[0] ** 2 for probability, phi in parts)
    assert square == pytest.approx((1 / 27 - 1 / 512) / 3 / (1 / 3 - 1 / 8), rel=1e-14)
    assert mixture("tanh")[0][0] == 1


def test_what_it_refuses() -> None:
    with pytest.raises(InputError, match=r"leaky\(random\): every channel has its own slope"):
        pointwise("leaky(random)")
    with pytest.raises(InputError, match='did you mean "relu"'):
        pointwise("relo")
    with pytest.raises(InputError, match="must be an activation or its text"):
        pointwise(3)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="activation step: has no derivative"):
        pointwise("step").derivative()


def test_tails_keep_their_digits() -> None:
    """Where a difference of two numbers near 1 would have lost them."""
    assert pointwise("tanh").derivative()(np.array([20.0]))[0] == pytest.approx(4 * exp(-40), rel=1e-13, abs=0)
    assert pointwise("sigmoid").derivative()(np.array([-40.0]))[0] == pytest.approx(exp(-40), rel=1e-13, abs=0)
    assert pointwise("softplus").value(np.array([-40.0]))[0] == pytest.approx(exp(-40), rel=1e-13, abs=0)
    assert pointwise("gaussian").value(np.array([3.0]))[0] == pytest.approx(exp(-4.5), rel=1e-14)
    assert pi == pytest.approx((pointwise("cos").period or 0) / 2)
