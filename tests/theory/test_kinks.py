"""Kinks and regions on average: the geometry, and networks drawn and counted exactly."""

from __future__ import annotations

from math import atan, hypot, inf, nan, pi, sqrt

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.regions.cells.line import along
from netwarp.theory import bounds, kinks


def test_a_kink_a_unit_for_half_a_turn() -> None:
    assert kinks.on_line([10, 20, 5]) == 35
    # a right angle at the origin: half a kink a unit, in every layer
    assert kinks.on_segment([10, 20], (1, 0), (0, 2)) == pytest.approx(15, rel=1e-14)
    # far ends make it the whole line
    assert kinks.on_segment([8] * 3, (-1e9, 1), (1e9, 1)) == pytest.approx(24, rel=1e-8)
    # through the origin: all at once, or on one side of it none
    assert kinks.on_segment([8], (-1, -1), (2, 2)) == pytest.approx(8, rel=1e-14)
    assert kinks.on_segment([8], (1, 1), (2, 2)) == 0
    assert kinks.on_segment([8], (0, 0), (2, 2)) == 0


def test_a_bias_lifts_the_segment_off_the_origin() -> None:
    """Layer l sees it from sqrt(l d / 2) sigma off: a segment centred below, of half length a, under 2 atan(a / h)."""
    for layer, dimension in [(1, 2), (4, 2), (3, 5)]:
        height = sqrt(layer * dimension / 2) * 0.3
        ends = (-0.7, *[0.0] * (dimension - 1)), (0.7, *[0.0] * (dimension - 1))
        widths = [1] * (layer - 1) + [1000]
        only = kinks.on_segment(widths, *ends, bias=0.3) - (
            kinks.on_segment(widths[:-1], *ends, bias=0.3) if layer > 1 else 0
        )
        assert only == pytest.approx(1000 * 2 * atan(0.7 / height) / pi, rel=1e-12)
    assert kinks.on_segment([5], (1e-9, 1), (0, 1)) == pytest.approx(
        5e-9 / pi, rel=1e-12, abs=0
    )  # a small angle keeps digits


@pytest.mark.slow
@pytest.mark.parametrize("bias", [0.0, 0.3])
def test_wide_networks_have_them(bias: float) -> None:
    """64 units a layer, He's weights, exact kinks of 50 networks: within four standard errors."""
    begin, end = (-0.4, 0.2), (0.45, 0.3)
    architecture = parse("conv(64) * 3", norm=None, init=f"he(bias=normal({bias}))")
    counts = [
        len(along(Network.draw(architecture, seed).calibrate(Raster(30, 20)), begin, end).t) for seed in range(50)
    ]
    expected = kinks.on_segment([64] * 3, begin, end, bias=bias)
    assert abs(np.mean(counts) - expected) < 4 * np.std(counts) / sqrt(len(counts))
    assert np.std(counts) / sqrt(len(counts)) < 0.03 * expected


def test_one_layer_is_buffons_needle() -> None:
    """Lines of random direction and offset, drawn here: the mean number that a segment meets."""
    rng = np.random.RandomState(np.random.PCG64(1))
    n, bias, p, q = 200_000, 0.4, (-0.3, 0.5), (0.6, -0.1)
    weight, offset = rng.standard_normal((n, 2)), bias * rng.standard_normal(n)
    meets = ((weight @ p + offset) * (weight @ q + offset) < 0).mean()
    assert meets == pytest.approx(kinks.on_segment([1], p, q, bias=bias), abs=4 * 0.5 / sqrt(n))


def test_regions() -> None:
    assert kinks.regions(40) == 800
    assert kinks.regions(30, 3) == 4500
    # the leading term of as many lines in general position
    assert kinks.regions(10_000) == pytest.approx(bounds.arrangement(10_000), rel=2e-4)
    assert kinks.regions_bound(40, 2, 1.0, 1.0) == 800
    assert kinks.regions_bound(40, 2, 0.5, 3.0) == 3600
    assert kinks.regions_bound(2, 2, 1.0, 1.0) == 4
    # one layer: a unit's line has mean gradient |w| and density 1 / (sqrt(2 pi) sigma) at most
    assert kinks.boundary_bound(10, 1, 2.0, 0.25) == 10
    assert kinks.boundary_bound(10, 2, 2.0, 0.25) == 45


def test_the_bound_on_boundaries_holds_for_one_layer() -> None:
    """Length an area of n random lines in the unit square: under n times twice the mean gradient times the density."""
    rng = np.random.RandomState(np.random.PCG64(2))
    n, bias = 20_000, 0.5
    weight, offset = rng.standard_normal((n, 2)), bias * rng.standard_normal(n)
    # the mean of |w| rho(-w x) over the square is the length an area a unit (Theorem 3.4)
    points = rng.uniform(-0.5, 0.5, (200, 2))
    density = np.exp(-((weight @ points.T / bias) ** 2) / 2) / (bias * sqrt(2 * pi))
    exact = (np.hypot(*weight.T)[:, None] * density).mean()
    sampled = np.mean([_length(w, b) for w, b in zip(weight, offset, strict=True)])
    assert sampled == pytest.approx(exact, rel=0.03)
    assert exact < kinks.boundary_bound(1, 1, float(np.hypot(*weight.T).mean()), 1 / (bias * sqrt(2 * pi)))


def _length(w: np.ndarray, b: float) -> float:
    """Of w x + b = 0 within the unit square."""
    foot, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / hypot(*w)
    begin, end = -inf, inf
    for x, d in zip(foot, along, strict=True):
        first, second = sorted(((-0.5 - x) / d, (0.5 - x) / d))
        begin, end = max(begin, first), min(end, second)
    return max(0.0, float(end - begin))


def test_what_it_refuses() -> None:
    for call, message in [
        (lambda: kinks.on_line([]), "a network has at least one layer"),
        (lambda: kinks.on_line([3, 0]), "width of layer 2=0: must be at least 1"),
        (lambda: kinks.on_segment([3], (0, 1), (0, 1, 2)), "points of one space"),
        (lambda: kinks.on_segment([3], (0, nan), (0, 1)), "must be a point"),
        (lambda: kinks.on_segment([3], (0, 1), (1, 1), bias=-1), "must be a standard deviation"),
        (lambda: kinks.regions(3, 0), "dimension=0"),
        (lambda: kinks.regions_bound(3, 2, 1.0, 0.0), "constant=0.0: must be a positive number"),
        (lambda: kinks.boundary_bound(3, 1, nan, 0.0), "gradient=nan"),
    ]:
        with pytest.raises(InputError, match=message):
            call()
