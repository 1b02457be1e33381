"""The gradient's growth and the activations' range: maps whose factor is known, sampled oracles, and absence."""

from __future__ import annotations

from math import log10, pi, sqrt

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.architecture.specs import Activation, spatial
from netwarp.errors import UnsupportedError
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.measures.layers import activation_range, closed_form, jacobian_growth
from netwarp.measures.measure import measure
from netwarp.measures.registry import Absent
from netwarp.measures.specimen import Specimen
from netwarp.measures.stages import stages
from netwarp.network.cut import cut
from netwarp.network.network import Network
from netwarp.network.source import Plain, Weighted
from netwarp.plane import Raster

SMALL = Raster(40, 40)
RANGE = "range"


def plain(*weights: np.ndarray, activation: str = "linear") -> Field:
    arrays = {}
    for layer, weight in enumerate(weights):
        arrays[f"W{layer}"], arrays[f"b{layer}"] = weight, np.zeros(len(weight))
    return calibrate(Network(Plain(Activation(activation)), arrays), SMALL)


def drawn(text: str, seed: int = 0, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), SMALL)  # type: ignore[arg-type]


def test_affine_layers_are_no_steeper_whatever_their_scale() -> None:
    """|grad|^2 / Var of an isotropic map of the square: 2 over 2 / 12, every layer."""
    field = plain(np.eye(2), 3 * np.eye(2), 3 * np.eye(2), np.ones((1, 2)))
    found = jacobian_growth(Specimen(field, SMALL))
    assert found.value == pytest.approx(1, rel=1e-12)
    # the variance of 64 evenly spaced centres is 1 / 12 but for 1 / 64^2
    np.testing.assert_allclose(found.details["steepness"], 12 / (1 - 1 / 64**2), rtol=1e-12)
    spread = activation_range(Specimen(field, SMALL))
    assert spread.value == pytest.approx(2 * log10(3), rel=1e-12)
    assert spread.details["slope"] == pytest.approx(log10(3), rel=1e-12)
    assert spread.details["residual"] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(spread.details["log10_std"], np.log10([1, 3, 9]) - log10(12) / 2, atol=1e-3)
    fading = activation_range(Specimen(plain(np.eye(2), np.eye(2) / 10, np.ones((1, 2))), SMALL))
    assert (fading.value, fading.details["slope"]) == pytest.approx((1, -1), rel=1e-12)


def test_a_wave_of_a_wave_by_hand() -> None:
    """sin(2 pi x), then its square: (2 pi)^2 / 2 over 1 / 2, and (2 pi)^2 / 2 over 1 / 8."""
    field = drawn('conv(1, act="sin") >> conv(1, act="square")', norm=None, inputs="x")
    first, second = (name for name in field.network.parameters if name.endswith("weight") and "readout" not in name)
    parameters = {**field.network.parameters}
    parameters[first], parameters[second] = np.full((1, 1, 1, 1), 2 * pi), np.ones((1, 1, 1, 1))
    field = calibrate(Network(Weighted(field.network.architecture), parameters), SMALL)
    found = jacobian_growth(Specimen(field, SMALL))
    # 2 pi is kept as a float32
    np.testing.assert_allclose(found.details["steepness"], [4 * pi**2, 16 * pi**2], rtol=1e-6)
    assert found.value == pytest.approx(4, rel=1e-6)
    assert activation_range(Specimen(field, SMALL)).value == pytest.approx(log10(2), rel=1e-6)


@pytest.mark.parametrize("text", ["conv(6) * 4", "conv(5, 3) * 3", "conv(6) >> residual(conv(6) * 2) * 2"])
def test_every_layer_by_itself_gives_the_same(text: str) -> None:
    """Finite differences of the layers, one by one, on the raster of the measure."""
    field = drawn(text, act="tanh")
    found = stages(field)
    steepness, deviations = [], []
    for value in found.values:
        layer = Field(cut(field.program, value), field.raster, field.network)
        raster = found.coarse(SMALL.plane)
        points = raster.slope().reshape(2, -1).T
        step = 1e-6
        energy = sum(
            ((layer.at(points + move) - layer.at(points - move)) ** 2).sum(axis=1).mean() / (2 * step) ** 2
            for move in (np.array([step, 0]), np.array([0, step]))
        )
        variance = layer.at(points).var(axis=0)
        steepness.append(energy / variance.sum())
        deviations.append(log10(variance.mean()) / 2)
    specimen = Specimen(field, SMALL)
    np.testing.assert_allclose(jacobian_growth(specimen).details["steepness"], steepness, rtol=1e-4)
    np.testing.assert_allclose(activation_range(specimen).details["log10_std"], deviations, atol=1e-9)


@pytest.mark.slow
def test_it_hardly_depends_on_how_many_points_it_is_averaged_over() -> None:
    """64x64 points against 256x256, of four networks of ten layers: within 8%, and the factor within 1%."""
    for seed in range(4):
        field = drawn("conv(10) * 10", seed)
        found = stages(field)
        fine = Raster(256, 256)
        spread = [part.var(axis=(1, 2)).sum() for part in found.split(found.joined.sample(fine, dtype="float64"), 0)]
        slopes = found.split(found.joined.tangent(fine, dtype="float64"), 0)
        steepness = np.array([(part**2).sum(axis=(0, 1)).mean() for part in slopes]) / spread
        taken = jacobian_growth(Specimen(field, SMALL))
        np.testing.assert_allclose(taken.details["steepness"], steepness, rtol=0.08)
        assert taken.value == pytest.approx((steepness[-1] / steepness[0]) ** (1 / 9), rel=0.01)


def test_no_scaling_of_a_layer_changes_the_growth() -> None:
    field = drawn("conv(8) * 3", norm=None)
    parameters = {
        name: value * (3.0 if name.startswith("1.") else 1.0) for name, value in field.network.parameters.items()
    }
    scaled = calibrate(Network(Weighted(field.network.architecture), parameters), SMALL)
    one, other = (jacobian_growth(Specimen(which, SMALL)) for which in (field, scaled))
    assert one.value == pytest.approx(other.value, rel=1e-5)
    assert activation_range(Specimen(scaled, SMALL)).value != activation_range(Specimen(field, SMALL)).value


def test_the_closed_form_stands_beside_it_where_there_is_one() -> None:
    unit = spatial()
    assert closed_form(parse("conv(10) * 10", norm=unit)) == pytest.approx(pi / (pi - 1), rel=1e-9)
    # from the second layer on: the first one's activation has no layer before it to grow from
    mixed = parse('conv(10, act="tanh") >> conv(10) >> conv(10, act="linear")', norm=unit)
    assert closed_form(mixed) == pytest.approx(sqrt(pi / (pi - 1)), rel=1e-9)
    for text, defaults in [
        ("conv(10)", {}),
        ("conv(10) * 3", {"norm": None}),
        ("conv(10) * 3", {"norm": "layer"}),
        ("conv(10) * 3", {"act": "step"}),
        ("residual(conv(10)) * 3", {}),
        ('conv(10) >> pool("max", 2) >> conv(10)', {}),
    ]:
        assert closed_form(parse(text, **defaults)) is None, text  # type: ignore[arg-type]
    assert closed_form(None) is None
    found = jacobian_growth(Specimen(drawn("conv(30) * 4", norm=unit), SMALL))
    assert found.details["theory"] == pytest.approx(pi / (pi - 1), rel=1e-9)
    # pixels are not independent: the plane's factor is larger
    assert found.value > found.details["theory"]


def test_normalised_layers_have_one_size_and_others_need_not() -> None:
    normed = measure(drawn("conv(50) * 10"), RANGE, raster=SMALL)[RANGE]
    free = measure(drawn("conv(50) * 10", norm=None, init="he(gain=0.5)"), RANGE, raster=SMALL)[RANGE]
    assert normed.value is not None
    assert free.value is not None
    assert normed.value < 0.2
    # each layer halves the values: nine steps
    assert free.details["slope"] == pytest.approx(log10(0.5), abs=0.1)
    assert free.value == pytest.approx(9 * log10(2), abs=0.6)
    assert (normed.ramp, normed.noise) == (0, None)


def test_no_value_says_why() -> None:
    dead = plain(np.eye(2), -np.eye(2), -np.eye(2), np.eye(2), activation="relu")
    for field, why in [
        (drawn("conv(5)"), "needs 2 layers or blocks in sequence, and this network has 1"),
        (plain(np.eye(2)), "the network has no hidden layers"),
        (dead, "layer 2 is constant on this plane"),
        (plain(np.eye(2) * 1e200, np.eye(2) * 1e200, np.eye(2)), "layer 2 is not finite everywhere"),
    ]:
        for function in (jacobian_growth, activation_range):
            with pytest.raises(Absent, match=why):
                function(Specimen(field, SMALL))
    with pytest.raises(UnsupportedError, match="step"):
        measure(drawn("conv(5) * 2", act="step"), "jacobian_growth", raster=SMALL)


def test_stages_are_where_everything_passes() -> None:
    def layers(text: str) -> tuple[int, ...]:
        return stages(drawn(text), least=1).layers

    assert layers("conv(4) * 3") == (1, 2, 3)
    assert layers("residual(conv(4) * 2) * 2 >> conv(4)") == (2, 4, 5)
    assert layers("dense(conv(4)) * 3") == (1, 2, 3)
    assert layers("gated(conv(4)) * 2") == (2, 4)
    assert layers("parallel(conv(4), conv(4) * 2) >> conv(3)") == (3, 4)
    assert layers('conv(4, 3) >> pool("max", 2) >> conv(4)') == (1, 2)
    # wide and deep: few enough, and on few enough points, to be held at once
    wide = stages(drawn("conv(200) * 26"))
    assert len(wide.numbers) == 24
    assert sum(wide.channels) * wide.coarse(SMALL.plane).pixels * 3 <= 1 << 24
