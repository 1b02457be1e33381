"""The torch evaluator against the slow reference: values, tangents, points, statistics, tiles, precision."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import reference
from netwarp.architecture.language import parse
from netwarp.architecture.specs import ACTIVATIONS
from netwarp.errors import InputError, UnsupportedError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv, Embed, Maxout, Normalise, Pool, Program
from netwarp.plane import Plane, Raster

torch = pytest.importorskip("torch")
engine = pytest.importorskip("netwarp.engine.torch")

# off the centre: at r = 0 the radius has no tangent, and rounding decides on which side a pixel lies
CALIBRATION = Raster(7, 5, Plane(0.013, 0.007))
TAP = CALIBRATION.pitch

# constructs of the language, with norm=layer() and a pool where there is nothing else to see
TEXTS = (
    "conv(10) * 3",
    "inception(4, (3, 2), (2, 4), 2)",
    "residual(conv(6, 3) * 2) * 2",
    "dense(conv(4, 3)) * 2",
    'conv(6, 2) >> pool("max", 2) >> conv(4, 3) >> pool("avg", 3)',
    'maxout(5, 3) * 2 >> act("leaky(random)") >> norm(layer()) >> maxout(3, 2, 3)',
    "gated(conv(8) >> depthwise(4)) >> conv(8, 3, groups=2, norm=layer(), bias=True)",
    'norm() >> conv(5, act="sin(2)", norm=None)',
)


def program(text: str, act: str = "gelu") -> Program:
    network = Network.draw(parse(text, act=act, inputs="x y r bias z(2) fourier(1, 2) periodic(x)"), 3)
    return reference.calibrate(lower(network), CALIBRATION)


RASTERS = {
    "the calibration's own": CALIBRATION,
    "a zoom by 3 and 2": Raster(5, 3, Plane(0.01, 0.2, TAP[0] * 5 / 3, TAP[1] * 3 / 2)),
    "coarser": Raster(5, 3, Plane(0.1, 0.2, TAP[0] * 5 * 1.5, TAP[1] * 3 * 2)),
    "every pixel's own lattice": Raster(4, 3, Plane(0.1, 0.2, 0.3, 0.05)),
}


@pytest.mark.parametrize("text", TEXTS)
def test_values_and_tangents_are_the_reference(text: str) -> None:
    one = program(text)
    for raster in RASTERS.values():
        wanted = reference.sample(one, raster, TAP, tangents=True)
        scale = np.abs(wanted).max(axis=(0, 2, 3))[:, None, None]
        found = engine.Torch().run(one, raster, TAP, "float64", tangents=True)
        assert found.dtype == np.float64
        np.testing.assert_array_less(np.abs(found - wanted) / scale, 1e-11)
        assert np.array_equal(engine.Torch().run(one, raster, TAP, "float64"), found[:, 0])


@pytest.mark.parametrize("text", TEXTS)
def test_points_are_the_reference(text: str) -> None:
    one = program(text)
    points = np.random.default_rng(5).uniform(-0.6, 0.6, (9, 2))
    wanted = reference.evaluate(one, points, TAP, tangents=True)
    found = engine.Torch().points(one, points, TAP, "float64", tangents=True)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11 * np.abs(wanted).max())
    np.testing.assert_array_equal(engine.Torch().points(one, points, TAP, "float64"), found[:, :, 0])
    assert engine.Torch().points(one, np.empty((0, 2)), TAP, "float32").shape == (0, 3)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation(name: str) -> None:
    """x from -100 to 100, 0 and the kinks among them; the tangents along the slope image's own x."""
    parameter = {"leaky": 0.1, "sin": 2.5}.get(name, 0.0)
    x = np.concatenate([np.linspace(-100, 100, 401), np.linspace(-4, 4, 81)])
    points = np.stack([x, np.zeros_like(x)], axis=1)
    embed = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.5, 0.0]]))
    one = Program((embed, Activate((0,), name, np.array([parameter]))))
    value, derivative = reference.activation(name, x, parameter)
    found = engine.Torch().points(one, points, TAP, "float64", tangents=name != "step")
    if name == "step":
        np.testing.assert_array_equal(found[:, 0], value)
        with pytest.raises(UnsupportedError, match="step"):
            engine.Torch().points(one, points, TAP, "float64", tangents=True)
        return
    np.testing.assert_allclose(found[:, 0, 0], value, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found[:, 0, 1], derivative, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(found[:, 0, 2], derivative / 2, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_the_derivatives_are_those_of_the_values(name: str) -> None:
    """Central differences, where there is no kink within reach; this is what the reference itself rests on."""
    z, h = np.linspace(-4.05, 4.05, 82), 1e-5
    values = [reference.activation(name, z + d, 0.3)[0] for d in (-h, h)]
    np.testing.assert_allclose(reference.activation(name, z, 0.3)[1], (values[1] - values[0]) / (2 * h), atol=1e-8)


@pytest.mark.parametrize("text", TEXTS)
def test_statistics_are_the_definition(text: str) -> None:
    one = lower(Network.draw(parse(text, inputs="x y r"), 4))
    operations, seen = list(one.operations), []

    def settle(i: int, mean: np.ndarray, variance: np.ndarray) -> Conv:
        # what is settled is read by what follows, so that one step's error would show in the next
        norm = one.operations[i]
        assert isinstance(norm, Normalise)
        source = norm.sources[0]
        z = reference.sample(replace(one, operations=tuple(operations[: source + 1])), CALIBRATION, TAP)
        np.testing.assert_allclose(mean, z.mean(axis=(1, 2)), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(variance, z.var(axis=(1, 2)), rtol=1e-11, atol=1e-26)
        gain = norm.scale / np.sqrt(variance + norm.eps)
        operations[i] = Conv(norm.sources, gain.reshape(-1, 1, 1, 1), norm.shift - mean * gain, 1, len(gain))
        seen.append(i)
        return operations[i]

    done: list[tuple[int, int]] = []
    engine.Torch().statistics(one, CALIBRATION, settle, progress=lambda *at: done.append(at))
    assert seen == [i for i, operation in enumerate(one.operations) if isinstance(operation, Normalise)]
    assert done[-1][0] == done[-1][1]


def test_a_settled_conv_may_read_past_what_it_replaces() -> None:
    """Folded into the convolution before it, it reads that one's source, whose last reader was the convolution."""
    one = lower(Network.draw(parse("conv(3, 3) * 2"), 4))
    wanted = reference.calibrate(one, CALIBRATION)
    seen: dict[int, Conv] = {}

    def settle(i: int, mean: np.ndarray, variance: np.ndarray) -> Conv:
        raw, norm = one.operations[one.operations[i].sources[0]], one.operations[i]
        assert isinstance(raw, Conv)
        assert isinstance(norm, Normalise)
        seen[i] = reference._folded(raw, norm, mean, variance)
        return seen[i]

    engine.Torch().statistics(one, CALIBRATION, settle)
    for i, conv in seen.items():
        expected = wanted.operations[i]
        assert isinstance(expected, Conv)
        np.testing.assert_allclose(conv.weight, expected.weight, rtol=1e-6)
        np.testing.assert_allclose(conv.bias, expected.bias, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("text", ["conv(5, 4)", "conv(7)"])
def test_tiles_change_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = program(text, "relu")
    counted: list[int] = []

    def count(done: int, total: int) -> None:
        counted.append(done)

    for raster in RASTERS.values():
        whole = engine.Torch().run(one, raster, TAP, "float64")
        points = raster.slope().reshape(2, -1).T
        some = engine.Torch().points(one, points, TAP, "float64")
        with monkeypatch.context() as patch:
            patch.setattr(engine, "BUDGET", 4000)
            counted.clear()
            found = engine.Torch().run(one, raster, TAP, "float64", progress=count)
            assert len(counted) > 1
            assert counted[-1] == raster.pixels
            np.testing.assert_allclose(found, whole, rtol=1e-13, atol=1e-13)
            tiled = engine.Torch().points(one, points, TAP, "float64")
            np.testing.assert_allclose(tiled, some, rtol=1e-13, atol=1e-13)


def test_tiles_fit_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    one = program("conv(5, 3) * 2", "relu")
    sizes: list[int] = []
    call = engine._Walk.__call__

    def watched(self: object, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        sizes.append(x.size * y.size)
        return np.asarray(call(self, x, y))

    monkeypatch.setattr(engine, "CACHE", 1 << 20)
    monkeypatch.setattr(engine._Walk, "__call__", watched)
    engine.Torch().run(one, Raster(300, 100), (1 / 300, 1 / 100), "float32")
    limit = (1 << 20) // (4 * (5 + 5 + 2 * 5))  # a convolution's source and twice its own 5 channels, all live
    assert 2 < len(sizes) < 10
    assert max(sizes) <= limit


def test_progress_cancels() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.Torch().run(program("conv(3)"), CALIBRATION, TAP, "float32", progress=stop)


def test_float32_is_float32_whatever_the_user_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    one = program("conv(40) * 3")
    exact = engine.Torch().run(one, CALIBRATION, TAP, "float64")
    seen: set[str] = set()
    product = torch.matmul

    def watched(*factors: object) -> object:
        # most processors, and the tests', have no lower precision to show
        seen.add(torch.get_float32_matmul_precision())
        return product(*factors)

    before = torch.get_float32_matmul_precision()
    monkeypatch.setattr(torch, "matmul", watched)
    torch.set_float32_matmul_precision("medium")
    try:
        found = engine.Torch().run(one, CALIBRATION, TAP, "float32")
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    assert seen == {"highest"}
    assert found.dtype == np.float32
    assert np.abs(found - exact).max() < 1e-5 * exact.std()


def test_among_equals_the_first_gives_the_tangent() -> None:
    embed = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    one = Program((embed, Maxout((0,), 1, 2)))
    assert engine.Torch().points(one, np.full((1, 2), 0.25), TAP, "float64", tangents=True).tolist() == [[[0.25, 1, 0]]]


@pytest.mark.parametrize("make", [lambda: Pool((1,), 2, "max", 2), lambda: Maxout((1,), 1, 2)])
def test_nan_is_not_hidden_by_a_maximum(make: Callable[[], Pool | Maxout]) -> None:
    embed = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))
    # infinity times 0 is NaN, times anything else infinite
    infinite = Conv((0,), np.full((2, 1, 1, 1), np.inf), np.zeros(2), 1, 2)
    one = Program((embed, infinite, make()))
    points = np.array(
        [[0.0, 0.5], [0.5, 0.0], [-TAP[0], 0.5]] if isinstance(make(), Pool) else [[0.0, 0.5], [0.5, 0.0]]
    )
    for tangents in (False, True):
        found = engine.Torch().points(one, points, TAP, "float64", tangents=tangents)
        value = found[:, :, 0] if tangents else found
        assert np.isnan(value).any(axis=1).all()


def test_a_program_that_is_not_calibrated_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="calibrate"):
        engine.Torch().run(lower(Network.draw(parse("conv(3)"), 1)), CALIBRATION, TAP, "float32")


def test_devices_that_are_not_there() -> None:
    with pytest.raises(InputError, match="no such device"):
        engine.Torch("abacus")
    with pytest.raises(UnsupportedError, match="use cpu"):
        engine.Torch("meta")
    with pytest.raises(InputError, match=r"\(n, 2\)"):
        engine.Torch().points(program("conv(3)"), np.zeros((3, 3)), TAP, "float32")


def test_without_torch_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "netwarp.engine.torch")
    with pytest.raises(UnsupportedError, match=r'pip install "netwarp\[torch\]"'):
        import netwarp.engine.torch  # noqa: F401
