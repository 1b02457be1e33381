"""Lengths and turns of a circle's image: networks whose image is known, invariances, convergence and absence."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.specs import Activation, spatial
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.measures.measure import measure
from netwarp.measures.registry import Absent, Reading
from netwarp.measures.specimen import Specimen
from netwarp.measures.trajectories import curvature, trajectory_length, turning
from netwarp.network.network import Network
from netwarp.network.source import Plain
from netwarp.plane import Plane, Raster
from netwarp.theory import meanfield

SMALL = Raster(40, 40)


def plain(*weights: np.ndarray, activation: str = "linear", biases: float = 0.0) -> Field:
    """A network of these matrices; the last one is the read-out."""
    arrays = {}
    for layer, weight in enumerate(weights):
        arrays[f"W{layer}"], arrays[f"b{layer}"] = weight, np.full(len(weight), biases)
    return calibrate(Network(Plain(Activation(activation)), arrays), SMALL)


def drawn(text: str, seed: int = 0, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), SMALL)  # type: ignore[arg-type]


def numbers(reading: Reading, key: str) -> np.ndarray:
    return np.array(reading.details[key])


ROTATION = np.array([[0.6, -0.8], [0.8, 0.6]])


def test_scaled_rotations() -> None:
    """Each layer doubles: the circle of circumference 2 pi 0.4 over root 2 channels, the line of length 1."""
    found = trajectory_length(Specimen(plain(ROTATION, 2 * ROTATION, 2 * ROTATION, np.ones((1, 2))), SMALL))
    assert found.value == pytest.approx(2, rel=1e-5)
    np.testing.assert_allclose(numbers(found, "circle"), 0.8 * pi / sqrt(2) * np.array([1, 2, 4]), rtol=1e-5)
    np.testing.assert_allclose(numbers(found, "line"), np.array([1, 2, 4]) / sqrt(2), rtol=1e-9)
    # a circle over its deviation, the radius
    np.testing.assert_allclose(numbers(found, "standardised"), 2 * pi, rtol=1e-5)
    assert found.details["standardised_factor"] == pytest.approx(1, rel=1e-9)
    assert found.details["line_factor"] == pytest.approx(2, rel=1e-9)
    assert found.details["fit_factor"] == pytest.approx(2, rel=1e-5)
    assert found.details["fit_residual"] == pytest.approx(0, abs=1e-9)
    assert found.details["last_resolved"] == 3


def test_the_circle_turns_once_and_so_does_every_convex_curve() -> None:
    stretched = np.array([[3.0, 0.0], [0.0, 0.2]])
    found = curvature(Specimen(plain(ROTATION, stretched, ROTATION, np.ones((1, 2))), SMALL))
    assert found.value == pytest.approx(1, rel=1e-9)
    np.testing.assert_allclose(numbers(found, "turns"), 1, rtol=1e-9)
    # onto a line, there and back: two reversals of half a turn each
    assert curvature(Specimen(plain(np.ones((1, 2)), np.ones((1, 1))), SMALL)).value == pytest.approx(1, rel=1e-5)


def test_turns_of_polygons_and_coils() -> None:
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0.0]])
    assert turning(square) == pytest.approx(1, rel=1e-14)
    star = np.exp(4j * pi * np.arange(6) / 5)
    assert turning(np.stack((star.real, star.imag), axis=1)) == pytest.approx(2, rel=1e-12)
    angle = np.linspace(0, 2 * pi, 4001)
    coil = np.stack((np.cos(7 * angle), np.sin(7 * angle), 0 * angle), axis=1)
    assert turning(coil) == pytest.approx(7, rel=1e-9)
    # standing still on the way changes nothing, nor does size or place
    assert turning(np.repeat(square, 3, axis=0)) == pytest.approx(1, rel=1e-14)
    assert turning(1e-6 * square + 5) == pytest.approx(1, rel=1e-6)
    assert turning(np.ones((5, 2))) == 0


def test_relu_folds_the_circle_by_hand() -> None:
    """relu(x), relu(-x): half circles flattened onto two axes, which meet at a right angle."""
    fold = np.array([[1.0, 0.0], [-1.0, 0.0]])
    field = plain(fold, np.eye(2), np.ones((1, 2)), activation="relu")
    found = trajectory_length(Specimen(field, SMALL))
    # there and back on each axis: 4 radii
    np.testing.assert_allclose(numbers(found, "circle"), 4 * 0.4 / sqrt(2), rtol=1e-3)
    # two reversals at the ends and two right angles at the corner
    assert curvature(Specimen(field, SMALL)).value == pytest.approx(1 + 0.5, rel=1e-6)


def test_sines_of_the_angle() -> None:
    """sin(omega x) of the line: its length is the integral of |omega cos(omega x)|, from another library."""
    from scipy.integrate import quad

    omega = 20.0
    field = plain(np.array([[omega, 0.0]]), np.eye(1), np.ones((1, 1)), activation="sin")
    found = trajectory_length(Specimen(field, SMALL))
    # the second layer's is a sine of the sine: from -1 to 1 it rises as the first does
    first = quad(lambda x: abs(omega * np.cos(omega * x)), -0.5, 0.5, limit=200)[0]
    assert numbers(found, "line")[0] == pytest.approx(first, rel=1e-3)
    second = quad(lambda x: abs(omega * np.cos(omega * x) * np.cos(np.sin(omega * x))), -0.5, 0.5, limit=200)[0]
    assert numbers(found, "line")[1] == pytest.approx(second, rel=1e-3)


@pytest.mark.slow
def test_mean_field_lengths() -> None:
    """tanh, sigma_w 2.5, sigma_b 0.3, 400 units: late layers lengthen by root chi_1 (Poole et al. 2016)."""
    field = drawn("conv(400) * 9", act="tanh", norm=None, init="lecun(gain=2.5, bias=normal(0.3))")
    circle = numbers(trajectory_length(Specimen(field, SMALL)), "circle")
    late = (circle[8] / circle[4]) ** 0.25
    assert late == pytest.approx(sqrt(meanfield.chi("tanh", 2.5, 0.3)), rel=0.06)


def test_lengths_are_those_of_every_layer_evaluated_by_itself() -> None:
    """The layers in one pass are the layers one by one, and the value is the first's and the last's."""
    field = drawn("conv(6) * 5")
    found = trajectory_length(Specimen(field, SMALL))
    n = int(float(found.details["points"]))  # type: ignore[arg-type]
    angle = 2 * pi * np.arange(n + 1) / n
    circle = 0.4 * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    lengths = [
        np.linalg.norm(np.diff(field.after(layer).at(circle), axis=0), axis=1).sum() / sqrt(6) for layer in range(1, 6)
    ]
    np.testing.assert_allclose(numbers(found, "circle"), lengths, rtol=1e-9)
    assert found.value == pytest.approx((lengths[4] / lengths[0]) ** 0.25, rel=1e-9)


def test_they_do_not_depend_on_the_raster_nor_on_the_unit_of_the_plane() -> None:
    field = drawn("conv(6) * 5", act="tanh")
    coarse, fine = (curvature(Specimen(field, Raster(n, n))) for n in (16, 200))
    assert coarse.value == fine.value
    # half the plane: a circle of half the radius
    half = Plane(0.0, 0.0, 0.5, 0.5)
    linear = plain(ROTATION, ROTATION, np.ones((1, 2)))
    whole, part = (trajectory_length(Specimen(linear, Raster(40, 40, plane))) for plane in (Plane(), half))
    np.testing.assert_allclose(numbers(part, "circle"), numbers(whole, "circle") / 2, rtol=1e-9)
    assert part.value == pytest.approx(whole.value, rel=1e-9)


def test_blocks_count_as_one_layer_and_deep_networks_are_looked_at_in_steps() -> None:
    blocks = trajectory_length(Specimen(drawn("conv(8) >> residual(conv(8) * 2) * 3"), SMALL))
    assert blocks.details["layers"] == (1, 3, 5, 7)
    deep = curvature(Specimen(drawn("conv(4) * 60", act="sigmoid", norm=spatial()), SMALL))
    layers = numbers(deep, "layers")
    assert (len(layers), layers[0], layers[-1]) == (24, 1, 60)
    assert set(np.diff(layers)) <= {2, 3}


def test_no_value_says_why() -> None:
    one = drawn("conv(5)")
    assert curvature(Specimen(one, SMALL)).value > 1
    for field, function, why in [
        (one, trajectory_length, "needs 2 layers or blocks in sequence, and this network has 1"),
        (plain(np.zeros((2, 2)), np.eye(2), np.eye(2)), trajectory_length, "layer 1 is constant along the circle"),
        (plain(np.eye(2), np.zeros((2, 2)), np.eye(2)), curvature, "layer 2 is constant along the circle"),
        (plain(np.eye(2) * 1e200, np.eye(2) * 1e200, np.eye(2)), curvature, "layer 2 is not finite everywhere"),
        (
            plain(np.array([[1e5, 0.0]]), np.eye(1), np.eye(1), activation="sin"),
            curvature,
            "too crooked to tell: .*at 16,384 points; take a smaller plane",
        ),
        (
            plain(np.array([[1e6, 0.0]]), 1e3 * np.eye(1), np.eye(1), activation="sin"),
            trajectory_length,
            "too long to tell",
        ),
    ]:
        with pytest.raises(Absent, match=why):
            function(Specimen(field, SMALL))


def test_a_layer_too_long_to_tell_ends_the_factor_before_it() -> None:
    """Two doublings, then a wave of 10^5 radians a unit: the factor is that of the doublings."""
    architecture = parse('conv(2) * 3 >> conv(2, act="sin(1e6)") * 2', act="linear", norm=None)
    found = trajectory_length(Specimen(calibrate(Network.draw(architecture, 3), SMALL), SMALL))
    circle = numbers(found, "circle")
    assert found.details["last_resolved"] == 3
    assert found.value == pytest.approx((circle[2] / circle[0]) ** 0.5, rel=1e-12)


def test_through_measure() -> None:
    found = measure(drawn("conv(10) * 4"), ["trajectory_length", "curvature"], raster=SMALL)
    assert (found["trajectory_length"].ramp, found["curvature"].ramp) == (1, 1)
    assert found["curvature"].resolved is None
    ramp = Architecture(parse("conv(2) * 3").tree, act="linear", norm=None)
    assert measure(calibrate(Network.draw(ramp, 0), SMALL), "curvature", raster=SMALL)[
        "curvature"
    ].value == pytest.approx(1)
