"""lambda: values in closed form, sampled networks, invariances, and what has no factor."""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
import pytest
from scipy.special import owens_t

from netwarp.architecture.specs import ACTIVATIONS, Normal, Uniform
from netwarp.errors import InputError, UnsupportedError
from netwarp.theory import growth
from netwarp.theory.activations import pointwise


def relu(ratio: float) -> float:
    """lambda of relu at beta / gamma, from the moments of a Gaussian cut off at 0."""
    below, density = (1 + erf(ratio / sqrt(2))) / 2, exp(-ratio * ratio / 2) / sqrt(2 * pi)
    mean = ratio * below + density
    return below / ((1 + ratio * ratio) * below + ratio * density - mean * mean)


def sin(g: float, b: float) -> float:
    """From E[cos(2 g z + 2 b)] and E[sin(g z + b)]."""
    double = exp(-2 * g * g) * np.cos(2 * b)
    return float(g * g * (1 + double) / 2 / ((1 - double) / 2 - (exp(-g * g / 2) * np.sin(b)) ** 2))


def test_the_literatures_values() -> None:
    """Yang et al.: pi / (pi - 1) for relu without shift, whatever the scale; linear layers keep the gradient."""
    for scale in (0.01, 1, 3, 1e4):
        assert growth.factor("relu", scale) == pytest.approx(pi / (pi - 1), rel=1e-12)
        assert growth.factor("linear", scale, "normal(2)") == pytest.approx(1, rel=1e-12)
    # to the digits in which they were worked out when the formula was first put down
    found = {
        name: (growth.factor(name), growth.factor(name, 5.0)) for name in ("sigmoid", "tanh", "gelu", "sin", "gaussian")
    }
    assert [round(one[0], 3) for one in found.values()] == [1.034, 1.178, 1.319, 1.313, 2.488]
    assert [round(found[name][1], 3) for name in ("sigmoid", "tanh")] == [1.854, 3.135]


@pytest.mark.parametrize("ratio", [-2.0, -1.0, 0.0, 0.5, 2.0])
def test_relu_in_closed_form(ratio: float) -> None:
    assert growth.factor("relu", 1.0, ratio) == pytest.approx(relu(ratio), rel=1e-10)
    assert growth.factor("relu", 3.0, 3 * ratio) == pytest.approx(relu(ratio), rel=1e-10)


def test_other_closed_forms() -> None:
    """sin by its Fourier series; erf by Owen's T; abs and square by moments; the bell by products of Gaussians."""
    for g, b in [(1.0, 0.0), (0.3, 1.0), (2.5, -0.4)]:
        assert growth.factor("sin", g, b) == pytest.approx(sin(g, b), rel=1e-10)
        assert growth.factor("cos", g, b) == pytest.approx(sin(g, b + pi / 2), rel=1e-10)
        # omega and the scale are one number
        assert growth.factor("sin(4)", g / 4, b / 4) == pytest.approx(sin(g, b), rel=1e-10)
        assert growth.factor("square", g, b) == pytest.approx((g * g + b * b) / (b * b + g * g / 2), rel=1e-10)
        # E[erf(u)^2] of a normal u: 1 - 8 T, and phi'^2 is a Gaussian
        s = 2 * g * g
        h = sqrt(2) * b / sqrt(1 + s)
        slope = 4 / pi / sqrt(1 + 4 * g * g) * exp(-2 * b * b / (1 + 4 * g * g))
        variance = 1 - 8 * owens_t(h, 1 / sqrt(1 + 2 * s)) - erf(h / sqrt(2)) ** 2
        assert growth.factor("erf", g, b) == pytest.approx(g * g * slope / variance, rel=1e-9)
    assert growth.factor("abs") == pytest.approx(1 / (1 - 2 / pi), rel=1e-12)
    # E[z^2 exp(-z^2)] = 3^(-3/2); Var[exp(-z^2 / 2)] = 3^(-1/2) - 1/2
    assert growth.factor("gaussian") == pytest.approx(3**-1.5 / (3**-0.5 - 0.5), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "scale", "shift"),
    [
        ("relu", Normal(1, 1), Normal(0, 1)),
        ("tanh", Normal(1, 1), Normal(0, 1)),
        ("gelu", Uniform(-1, 3), Normal(0.5, 2)),
        ("hardtanh", 2.0, Uniform(-3, 1)),
        ("leaky(random)", 1.0, "normal(1)"),
        ("sin(5)", 0.5, "normal(2)"),
    ],
)
def test_drawn_scales_and_shifts_are_a_ratio_of_averages(name: str, scale: object, shift: object) -> None:
    """Against channels drawn one by one, within four standard errors of the ratio."""
    rng = np.random.RandomState(np.random.PCG64(7))

    def drawn(what: object, n: int) -> np.ndarray:
        if isinstance(what, Normal):
            return rng.normal(what.mean, what.std, n)
        if isinstance(what, Uniform):
            return rng.uniform(what.low, what.high, n)
        return rng.normal(0, float(what[7:-1]), n) if isinstance(what, str) else np.full(n, what)

    n, batch = 10_000, 100
    g, b = drawn(scale, n)[:, None], drawn(shift, n)[:, None]
    u = g * rng.standard_normal((n, batch)) + b
    if name == "leaky(random)":
        slopes = rng.uniform(1 / 8, 1 / 3, n)[:, None]
        value, slope = np.where(u > 0, u, slopes * u), np.where(u > 0, 1, slopes)
    else:
        value, slope = pointwise(name).value(u), pointwise(name).derivative()(u)
    above, below = (g * g * slope**2).mean(axis=1), value.var(axis=1, ddof=1)
    expected = above.mean() / below.mean()
    error = (above - expected * below).std() / sqrt(n) / below.mean()
    assert abs(growth.factor(name, scale, shift) - expected) < 4 * error  # type: ignore[arg-type]
    assert error < 0.03 * expected


def test_drawn_ones_meet_the_constant_ones() -> None:
    """A distribution of no width is its value; a narrow one is nearly so; the average over shifts of a wave drowns."""
    assert growth.factor("tanh", Normal(2, 0), Uniform(1, 1)) == growth.factor("tanh", 2.0, 1.0)
    assert growth.factor("tanh", "normal(2, 1e-5)", "uniform(0.99999, 1.00001)") == pytest.approx(
        growth.factor("tanh", 2.0, 1.0), rel=1e-8
    )
    # E[cos^2] over a wide shift is 1/2, E[Var] is 1/2 less half of exp(-g^2)
    assert growth.factor("sin", 1.0, "normal(50)") == pytest.approx(1 / (1 - exp(-1)), rel=1e-8)
    # the scale's sign is the weights' to choose
    assert growth.factor("gelu", -2.0, 0.7) == growth.factor("gelu", 2.0, 0.7)


def normalised_growth(batch: int, width: int, layers: int, linear: bool, seed: int) -> float:
    """Squared gradient's factor a layer, through the statistics, by hand: normalise, activate, mix; then backwards."""
    rng = np.random.RandomState(np.random.PCG64(seed))
    h = rng.standard_normal((width, batch))
    kept = []
    for _ in range(layers):
        weight = rng.standard_normal((width, width)) / sqrt(width)
        z = weight @ h
        z = z - z.mean(axis=1, keepdims=True)
        deviation = z.std(axis=1, keepdims=True)
        z = z / deviation
        h = z if linear else np.maximum(z, 0)
        kept.append((weight, z, deviation))
    gradient = rng.standard_normal((width, batch))
    norms = []
    for weight, z, deviation in reversed(kept):
        gradient = gradient * (1 if linear else z > 0)
        gradient = gradient - gradient.mean(axis=1, keepdims=True) - z * (gradient * z).mean(axis=1, keepdims=True)
        gradient = weight.T @ (gradient / deviation)
        norms.append((gradient**2).sum())
    # all layers but the first, which reads a batch that no layer has made, and the last two, whose gradient none has
    return float((norms[-2] / norms[1]) ** (1 / (layers - 3)))


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("batch", [8, 32])
def test_small_batches_by_hand(batch: int, linear: bool) -> None:
    formula = growth.batch_linear if linear else growth.batch_relu
    found = np.mean([np.log(normalised_growth(batch, 300, 13, linear, seed)) for seed in range(6)])
    assert float(np.exp(found)) == pytest.approx(formula(batch), rel=0.02)


def test_batches_in_the_limit_and_as_published() -> None:
    assert growth.batch_relu(10**9) == pytest.approx(pi / (pi - 1), rel=1e-8)
    assert [round(growth.batch_relu(batch), 2) for batch in (8, 32, 128)] == [1.79, 1.52, 1.48]
    assert growth.batch_linear(4) == 2
    with pytest.raises(InputError, match="batch=3: must be a whole number, at least 4"):
        growth.batch_relu(3)


def test_maps() -> None:
    scales, shifts = np.array([0.5, 1.0, 5.0]), np.array([0.0, 2.0])
    found = growth.factors("tanh", scales[:, None], shifts)
    assert found.shape == (3, 2)
    assert found[2, 1] == growth.factor("tanh", 5.0, 2.0)
    assert np.isnan(growth.factors("relu", [1.0, 0.0, 1.0], [0.0, 0.0, -60.0])).tolist() == [False, True, True]
    with pytest.raises(InputError, match="finite"):
        growth.factors("relu", [np.nan], 0.0)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_every_activation_that_has_a_derivative_has_a_factor_of_at_least_one(name: str) -> None:
    """E[phi'^2] gamma^2 >= Var[phi]: the Gaussian Poincare inequality, with equality for affine functions only."""
    for scale, shift in [(1.0, 0.0), (0.3, 1.0), (4.0, "normal(1)")]:
        assert growth.factor(name, scale, shift) >= 1 - 1e-12


def test_what_it_refuses() -> None:
    with pytest.raises(UnsupportedError, match="activation step: has no derivative"):
        growth.factor("step")
    with pytest.raises(InputError, match="activation relu at scale 0, shift 0: its values do not vary"):
        growth.factor("relu", 0.0)
    with pytest.raises(InputError, match="growth scale"):
        growth.factor("relu", None)  # type: ignore[arg-type]
