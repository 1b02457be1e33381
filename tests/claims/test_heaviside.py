"""Contours of step networks: the estimator on lines of known dimension, its limit, and what refutes the claim."""

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.claims import heaviside
from netwarp.claims.streams import stream
from netwarp.plane import Plane, Raster


def test_a_ramp_crosses_its_median_once() -> None:
    distances = heaviside.window(512)
    assert distances.tolist() == [8, 16, 32, 64]
    ramps = np.stack([np.arange(512.0), -np.arange(512.0)])
    shares = heaviside.opposite(ramps, distances)
    assert shares.tolist() == [apart / (512 - apart) for apart in distances]
    assert 2 - heaviside.slope(distances**0.25, distances) == pytest.approx(1.75)


def test_a_random_walk_has_the_dimension_of_brownian_motion() -> None:
    """Its level sets have dimension 1/2 on a line, so 3/2 were it a picture."""
    walks = np.cumsum(stream(0).standard_normal((400, 4096)), axis=1)
    distances = heaviside.window(512)
    assert 2 - heaviside.slope(heaviside.opposite(walks, distances), distances) == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("layers", heaviside.DEPTHS)
def test_an_infinite_width_approaches_the_limit_at_small_distances(layers: int) -> None:
    def missing(reach: float) -> float:
        line = Raster(512, 1, Plane(width=reach, height=reach / 512))
        return heaviside.limit(layers) - heaviside.infinite(layers, line, heaviside.window(512))

    assert abs(missing(1e-9)) < 1e-3
    assert abs(missing(1e-9)) < abs(missing(1e-3)) + 1e-6


def test_an_infinite_width_is_the_mean_over_networks() -> None:
    """After one layer the correlation is exact at any width: points are apart in the share of steps between them."""
    line, distances = Raster(256, 1, Plane(width=2.0, height=2 / 256)), np.array([16, 32])
    angles = np.arctan(line.xs())
    turned = angles[16:] - angles[:-16]
    # by sampling: two unit vectors at an angle lie on different sides of a random plane with probability angle / pi
    normals = stream(1).standard_normal((4000, 2))
    signs = normals @ np.stack([np.sin(angles), np.cos(angles)]) > 0
    apart = (signs[:, 16:] != signs[:, :-16]).mean(axis=0)
    assert apart == pytest.approx(turned / np.pi, abs=0.02)
    shares = [np.mean(np.arccos(1 - (angles[d:] - angles[:-d]) / np.pi) / np.pi) for d in distances]
    assert 2 - heaviside.infinite(1, line, distances) == pytest.approx(float(np.diff(np.log2(shares))[0]))


def test_a_smooth_network_has_contours_of_dimension_one() -> None:
    smooth = parse("conv(64) * 2", act="tanh", norm="none", init="lecun", inputs="x y bias", out=8)
    line = Raster(512, 1, Plane(width=2.0, height=2 / 512))
    found = np.array([heaviside._dimension(smooth, line, seed) for seed in range(6)])
    assert found.mean() == pytest.approx(1, abs=0.05)


@pytest.mark.slow
def test_smooth_networks_refute_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        heaviside,
        "_network",
        lambda layers, width, outputs: parse(
            f"conv(32) * {layers}", act="tanh", norm="none", init="lecun", inputs="x y bias", out=outputs
        ),
    )
    found = heaviside.step_contours_are_fractal(True, lambda done, total: None)
    assert found.verdict == "refuted"
    assert not any(one.holds for one in found.checks[:4])
