"""Field: samples, points, tangents, layers, precision, estimates, and what is refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.architecture.specs import LayerNorm, Spatial
from netwarp.engine.work import flops
from netwarp.errors import InputError, LimitError, UnsupportedError
from netwarp.fields import field as field_module
from netwarp.fields import limits
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.fields.limits import positions
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv, Embed, Program
from netwarp.plane import Plane, Raster

RASTER = Raster(12, 9, Plane(0.013, 0.007))


def field_of(text: str, seed: int = 1, raster: Raster = RASTER, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), raster)  # type: ignore[arg-type]


POINTWISE = field_of("conv(6) * 3", act="tanh")
WINDOWS = field_of("conv(5, 3) * 2", act="tanh", out=2)


def test_shapes_and_types() -> None:
    for field, k in ((POINTWISE, 3), (WINDOWS, 2)):
        assert field.channels == k
        assert field.sample().shape == (k, 9, 12)
        assert field.sample().dtype == np.float32
        other = Raster(5, 4, Plane(0.1, 0.1, 0.2, 0.1))
        assert field.sample(other, dtype="float64").shape == (k, 4, 5)
        assert field.sample(other, dtype="float64").dtype == np.float64
        assert field.tangent(other).shape == (k, 2, 4, 5)
        assert field.at([[0.1, 0.2], [0.3, 0.4], [0.0, 0.0]]).shape == (3, k)
        assert field.at([[0, 0]]).dtype == np.float64
        assert field.at([[0, 0]], dtype="float32").dtype == np.float32
        assert field.at(np.empty((0, 2))).shape == (0, k)


@pytest.mark.parametrize("field", [POINTWISE, WINDOWS])
def test_points_samples_and_tangents_agree(field: Field) -> None:
    samples = field.sample(dtype="float64")
    points = RASTER.slope().reshape(2, -1).T
    np.testing.assert_allclose(field.at(points).T.reshape(samples.shape), samples, rtol=0, atol=1e-12)
    h = 1e-6
    for axis in (0, 1):
        step = np.eye(2)[axis] * h
        slope = (field.at(points + step) - field.at(points - step)) / (2 * h)
        tangent = field.tangent(dtype="float64")[:, axis].reshape(field.channels, -1).T
        np.testing.assert_allclose(tangent, slope, rtol=0, atol=1e-7 * np.abs(slope).max())


def test_the_tangent_of_a_line_is_known() -> None:
    """No normalisation, no activation: the weights themselves, everywhere."""
    field = field_of("conv(4)", act="linear", norm=None, out=2)
    first, last = (o for o in field.program.operations if isinstance(o, Conv))
    wanted = last.weight[:, :, 0, 0] @ first.weight[:, :, 0, 0]
    tangent = field.tangent(dtype="float64")
    np.testing.assert_allclose(tangent, np.broadcast_to(wanted[:, :, None, None], tangent.shape), rtol=1e-13)


def test_after_a_layer() -> None:
    assert POINTWISE.layers == 3
    inputs = POINTWISE.after(0)
    np.testing.assert_array_equal(inputs.sample(dtype="float64"), RASTER.slope())
    assert inputs.layers == 0
    last = POINTWISE.after(3)
    assert last.channels == 6
    readout = POINTWISE.program.operations[-1]
    assert isinstance(readout, Conv)
    hidden = last.sample(dtype="float64").reshape(6, -1)
    wanted = readout.weight[:, :, 0, 0] @ hidden + readout.bias[:, None]
    found = POINTWISE.sample(dtype="float64").reshape(3, -1)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13 * np.abs(wanted).max())
    # the activation is part of it, and a layer of a layer is that layer
    assert np.abs(hidden).max() <= 1
    np.testing.assert_array_equal(last.after(1).sample(), POINTWISE.after(1).sample())
    assert last.raster is POINTWISE.raster


def test_after_a_layer_of_windows_is_its_own_function() -> None:
    """A layer alone needs less around a point than all of them."""
    first = WINDOWS.after(1)
    assert first.program.reach[0] == (1, 1)
    assert WINDOWS.program.reach[0] == (2, 2)
    assert first.sample().shape == (5, 9, 12)


def deep(layers: int) -> Field:
    return field_of(f"conv(10) * {layers}", seed=3, raster=Raster(60, 40))


def test_precision_follows_the_gap() -> None:
    shallow = field_of("conv(10) * 3")
    assert shallow.precision() == "float32"
    assert shallow.sample().dtype == np.float32
    fifty = deep(50)
    assert fifty.precision() == "float64"
    assert fifty.sample(Raster(6, 4)).dtype == np.float64
    assert fifty.tangent(Raster(6, 4)).dtype == np.float64
    assert fifty.sample(Raster(6, 4), dtype="float32").dtype == np.float32
    # what the rule is there for
    single, double = (fifty.sample(dtype=dtype).reshape(3, -1) for dtype in ("float32", "float64"))
    assert (np.abs(single - double).max(axis=1) / double.std(axis=1)).max() > 1e-3


def made(*operations: object, exact32: bool = True) -> Field:
    network = POINTWISE.network
    return Field(Program(operations, exact32=exact32), Raster(20, 20), network)  # type: ignore[arg-type]


def test_precision_of_constructed_cases() -> None:
    """Of x + 1000.1 float32 keeps x to 3e-5, a ten thousandth of its standard deviation; of x + 64000.1 to 2e-3."""
    plane = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))

    def far(offset: float) -> Field:
        away = Embed(np.zeros(1, dtype=np.int64), np.array([[1.0, 0.0, offset]]))
        return made(away, Conv((0,), np.full((1, 1, 1, 1), 3.0), np.array([-3.0 * offset])))

    assert far(0.0).precision() == "float32"
    assert far(1000.1).precision() == "float32"
    assert far(64000.1).precision() == "float64"
    # also where 64 probes an axis would fall on numbers that float32 holds exactly
    assert far(64000.0).precision() == "float64"
    # a constant stays one
    assert made(plane, Conv((0,), np.zeros((1, 2, 1, 1)), np.array([5.0]))).precision() == "float32"
    # overflows in float32 only, then in both
    steep = Conv((0,), np.full((1, 2, 1, 1), 1e25), np.zeros(1))
    squares = [Activate((n,), "square", np.zeros(1)) for n in range(1, 6)]
    assert made(plane, steep, *squares[:1]).precision() == "float64"
    assert made(plane, Conv((0,), np.full((1, 2, 1, 1), 1e38), np.full(1, 3e38)), *squares).precision() == "float32"
    # numbers that are no float32
    assert made(plane, exact32=False).precision() == "float64"


@pytest.mark.parametrize("field", [POINTWISE, WINDOWS])
def test_precision_of_a_deep_zoom(field: Field) -> None:
    for size, wanted in ((2e-5, "float32"), (0.9e-5, "float64")):
        for width, height in ((size, 1.0), (1.0, size)):
            raster = Raster(3, 3, Plane(0.1, 0.1, width * 3, height * 3))
            assert field.precision(raster) == wanted
            assert field.sample(raster).dtype == np.dtype(wanted)
    # of the calibration plane, not of the unit square
    small = calibrate(POINTWISE.network, Raster(12, 9, Plane(0, 0, 1e-3, 1e-3)))
    assert small.precision(Raster(3, 3, Plane(0, 0, 3e-6, 3e-6))) == "float32"


def test_the_probe_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    field, asked = field_of("conv(3)"), []

    def probe(program: Program, raster: Raster) -> float:
        asked.append(raster)
        return 0.5e-3

    monkeypatch.setattr(field_module, "gap", probe)
    assert field.precision() == field.precision(Raster(3, 3)) == "float32"
    assert asked == [RASTER]
    monkeypatch.setattr(field_module, "gap", lambda *_: 1.1e-3)
    assert field_of("conv(3)").precision() == "float64"


def test_sizes_that_would_not_fit_are_refused_before_memory_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    huge = Raster(65536, 65535)
    with monkeypatch.context() as patch:
        patch.setattr(limits, "machine_bytes", lambda: 8 << 30)
        patch.setattr(field_module, "choose", never)
        for field in (POINTWISE, WINDOWS):
            with pytest.raises(LimitError, match=r"sample of 65536x65535, . channels, float32 would take .* GiB"):
                field.sample(huge, dtype="float32")
            with pytest.raises(LimitError, match=r"at most 6.4 GiB .* smaller size"):
                field.tangent(huge, dtype="float32")
    monkeypatch.setattr(limits, "machine_bytes", lambda: 12 * 9 * 3 * 8)
    assert POINTWISE.sample(dtype="float32").shape == (3, 9, 12)
    with pytest.raises(LimitError):
        POINTWISE.sample(dtype="float64")
    with pytest.raises(LimitError):
        POINTWISE.tangent(dtype="float32")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: POINTWISE.sample((600, 400)), r"raster=\(600, 400\): must be a Raster"),
        (lambda: POINTWISE.tangent("600x400"), r"raster='600x400'"),
        (lambda: POINTWISE.precision(3), r"raster=3"),
        (lambda: POINTWISE.sample(dtype="float16"), r"dtype='float16': must be"),
        (lambda: POINTWISE.sample(engine="numba"), r"engine='numba'"),
        (lambda: POINTWISE.at([0.1, 0.2]), r"points of shape \(2,\): must be \(n, 2\)"),
        (lambda: POINTWISE.at(np.zeros((3, 3))), r"points of shape \(3, 3\)"),
        (lambda: POINTWISE.at([[0.1, np.nan]]), r"points: must be finite"),
        (lambda: POINTWISE.at([[np.inf, 0.0]]), r"points: must be finite"),
        (lambda: POINTWISE.at([[0.1, 0.2]], dtype="auto"), r"at dtype='auto'"),
        (lambda: POINTWISE.at([[0.1, 0.2]], engine="none"), r"engine='none'"),
        (lambda: POINTWISE.after(4), r"layer=4: must be a whole number from 0 .* to 3"),
        (lambda: POINTWISE.after(-1), r"layer=-1"),
        (lambda: POINTWISE.after(1.0), r"layer=1.0"),
        (lambda: POINTWISE.after(True), r"layer=True"),
    ],
)
def test_errors_name_the_argument(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_step_has_no_tangent() -> None:
    field = field_of("conv(3)", act="step")
    assert field.sample().shape == (3, 9, 12)
    with pytest.raises(UnsupportedError, match=r"layer 1 \(path 0\): .step."):
        field.tangent()


@pytest.mark.parametrize("field", [POINTWISE, WINDOWS])
def test_progress_is_called_and_cancels(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    for threads in ("1", "3"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        for work in (field.sample, field.tangent):
            seen: list[tuple[int, int]] = []
            work(Raster(100, 90), dtype="float32", progress=lambda *at, seen=seen: seen.append(at))
            assert seen[-1][0] == seen[-1][1] > 0
            with pytest.raises(KeyboardInterrupt):
                work(Raster(100, 90), dtype="float32", progress=stop)


def test_estimate() -> None:
    raster = Raster(300, 200)
    estimate = POINTWISE.estimate(raster, dtype="float32")
    assert estimate.bytes == 3 * 300 * 200 * 4
    assert estimate.positions == raster.pixels
    assert estimate.flops == flops(POINTWISE.program) * raster.pixels
    assert 0 < estimate.seconds < 10
    assert "float32" in estimate.note
    assert POINTWISE.estimate(raster, dtype="float64").bytes == 2 * estimate.bytes
    # the calibration's own pitch: a halo of two on either side
    assert WINDOWS.estimate().positions == 16 * 13
    # a lattice of five by five points for every pixel, and that is said
    apart = WINDOWS.estimate(Raster(40, 30, Plane(0.0, 0.0, 0.3, 0.31)))
    assert apart.positions == 40 * 5 * 30 * 5
    assert "25 points evaluated a pixel" in apart.note


def test_flops_and_positions() -> None:
    """Two for every multiply-add of 2 to 6 to 6 to 6 to 3; one for every number embedded or activated.

    A largest of three by three is found in four comparisons: twice two.
    """
    assert flops(POINTWISE.program) == 2 * (2 * 6 + 6 * 6 + 6 * 6 + 6 * 3) + 2 + 3 * 6
    pooled = field_of('conv(4) >> pool("max", 3)', out=1)
    assert flops(pooled.program) == 2 * (2 * 4 + 4) + 2 + 4 + 4 * 4
    assert positions(POINTWISE.program, Raster(7, 5), (0.1, 0.1)) == 35
    # twice as fine: two lattices, each with its halo
    assert positions(WINDOWS.program, Raster(20, 10), (0.1, 0.2)) == (20 + 2 * 4) * (10 + 2 * 4)


def peak(work: Callable[[], np.ndarray]) -> int:
    """Bytes above what the result takes itself, once everything is compiled and laid out."""
    work()
    tracemalloc.start()
    try:
        kept = work()
        return tracemalloc.get_traced_memory()[1] - kept.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("text", ["conv(10) * 10", "conv(10, 3) * 3"])
def test_a_sample_takes_little_more_than_itself(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWARP_THREADS", "2")
    field = field_of(text, out=1)
    assert peak(lambda: field.sample(Raster(1024, 700), dtype="float32")) < 4 << 20


@pytest.mark.parametrize("text", ["conv(10, 3) * 4", "residual(conv(6, 3) * 2) * 2", "dense(conv(4, 3)) * 3"])
def test_calibration_takes_the_memory_it_says(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWARP_THREADS", "2")
    network, raster = Network.draw(parse(text), 1), Raster(300, 200)
    said = limits.native_calibration_bytes(lower(network), raster)
    # threads' own rows, and rows padded to whole vectors
    assert peak(lambda: np.zeros(calibrate(network, raster).channels)) < 1.1 * said + (2 << 20)


def test_calibration_keeps_no_picture_past_its_last_use() -> None:
    few, many = (
        limits.native_calibration_bytes(lower(Network.draw(parse(f"conv(10) * {n}"), 1)), RASTER) for n in (3, 30)
    )
    assert few == many == 20 * RASTER.pixels * 8 * 5 // 4


def test_two_fields_of_one_network_do_not_mix() -> None:
    """Norms that look across channels need no raster; spatial ones do."""
    for norm, alike in ((LayerNorm(), True), (Spatial(), False)):
        network = Network.draw(parse("conv(6) * 2", norm=norm), 1)
        one, other = (calibrate(network, replace(RASTER, columns=n)) for n in (12, 30))
        point = [[0.2, -0.3]]
        assert np.array_equal(one.at(point), other.at(point)) == alike


def test_a_deep_zoom_is_right() -> None:
    """Pixels 1e-12 apart: as steep as the tangent says."""
    raster = Raster(5, 5, Plane(0.21, -0.13, 5e-12, 5e-12))
    found = POINTWISE.sample(raster)
    assert found.dtype == np.float64
    steps = np.diff(found, axis=2) / 1e-12
    slope = POINTWISE.tangent(raster)[:, 0]
    np.testing.assert_allclose(steps, slope[:, :, 1:], rtol=0, atol=2e-3 * np.abs(slope).max())


def test_a_raster_far_from_the_origin_is_drawn_in_float64() -> None:
    """2^-24 of 10,000 is half a pixel of the default raster: float32 coordinates would draw another picture."""
    field = Network.draw(parse("conv(4) * 2"), 1).calibrate(Raster(12, 8))
    assert field.precision(Raster(12, 8)) == "float32"
    assert field.precision(Raster(600, 400, Plane(1e4, 0.0))) == "float64"


def test_points_that_are_no_numbers_are_named() -> None:
    with pytest.raises(InputError, match="at points='x'"):
        POINTWISE.at("x")  # type: ignore[arg-type]


@pytest.mark.parametrize("plane", [Plane(), Plane(0.1, 0.05, 1e-30, 1e-30)], ids=["whole", "deep"])
@pytest.mark.parametrize("act", ["relu", "sin"])
def test_derivatives_bring_the_values_along(plane: Plane, act: str) -> None:
    """The values beside derivatives are those of `sample`, bit for bit, where pixels are told by differences too."""
    field, raster = field_of("conv(6) * 3", act=act), Raster(8, 6, plane)
    both = field.tangent(raster, dtype="float64", values=True)
    np.testing.assert_array_equal(both[:, 0], field.sample(raster, dtype="float64"))
    np.testing.assert_array_equal(both[:, 1:], field.tangent(raster, dtype="float64"))
