"""Rounding: what is said of float64's errors is what mpmath finds, for every activation, kernel and depth of zoom."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from fields import precise
from known import ACTIVATIONS
from netwarp.architecture.language import parse
from netwarp.fields import probing as module
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.fields.probing import probe
from netwarp.fields.rounding import Rounding, worst
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster

HOME = Raster(24, 16)


def field_of(text: str, seed: int = 0, **defaults: Any) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), HOME)


def found_by_mpmath(field: Field, points: np.ndarray, values: np.ndarray, deviation: np.ndarray) -> float:
    """The largest error of the values at the points, in deviations."""
    largest = mpf(0)
    for (x, y), row in zip(points.tolist(), values.tolist(), strict=True):
        exact = precise.evaluate(field.program, mpf(x), mpf(y), field.raster.pitch)
        for a, b, d in zip(exact, row, deviation.tolist(), strict=True):
            largest = max(largest, abs(a - mpf(b)) / d)
    return float(largest)


@pytest.fixture(autouse=True)
def digits() -> Any:
    with mpmath.workdps(150):
        yield


@pytest.mark.parametrize(
    ("text", "act"), [("conv(4) * 24", "sin"), ("conv(4) * 20", "gaussian"), ("conv(2, 3) * 3", "sin")]
)
def test_the_share_is_the_error_that_mpmath_finds(text: str, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = field_of(text, act=act)
    monkeypatch.setattr(module, "SUSPECTED", 0.0)
    monkeypatch.setattr(module, "BUDGET", 100.0)
    found = probe(field.program, field.raster, field.raster, gap=1.0, deep=False)
    assert found.points == 12
    view = module._View(field.program, field.raster, field.raster)
    right = found_by_mpmath(field, view.points, view.values[:12], view.deviation)
    assert found.share == pytest.approx(right, rel=1e-6)
    assert right > 1e-16


NAMES = sorted(set(ACTIVATIONS) - {"linear", "step"})


@pytest.mark.parametrize("name", NAMES)
def test_every_activation_is_probed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are moved by a millionth of their deviation: what is found is that, by which mpmath finds them off too."""
    field = field_of("conv(3) * 3", act=name)
    monkeypatch.setattr(module, "PROBES", (2, 1))
    monkeypatch.setattr(module, "SUSPECTED", 0.0)
    view = module._View(field.program, field.raster, field.raster)
    view.values[0] += 1e-6 * view.deviation
    right = found_by_mpmath(field, view.points[:1], view.values[:1], view.deviation)
    assert right == pytest.approx(1e-6, rel=1e-3)
    assert view.error(0) == pytest.approx(right, rel=1e-6)


def test_views_drawn_by_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    field = field_of("conv(4) * 12", act="sin")
    raster = Raster(4, 3, Plane("0.123456789012345678901234567890123456789", 0.2, 1e-25, 2e-25))
    assert field.deep(raster)
    monkeypatch.setattr(module, "SUSPECTED", 0.0)
    view = module._Deep(field.program, raster, field.raster)
    view.values[5] += 1e-7 * view.deviation
    exact = precise.around(field.program, raster, field.raster.pitch, [(1, 1)])[0]
    parts = zip(exact, view.values[5].tolist(), view.deviation.tolist(), strict=True)
    right = max(float(abs(a - mpf(b)) / d) for a, b, d in parts)
    assert view.error(5) == pytest.approx(right, rel=1e-6)
    assert probe(field.program, raster, field.raster, gap=1.0, deep=True).share < 1e-9


@pytest.mark.slow
def test_chaos_is_reported_and_order_is_not() -> None:
    """Each layer of a hundred sines doubles and triples what 2^-53 began; ten layers of relu lose no digit in sight."""
    wild = field_of("conv(10) * 100", act="sin").rounding()
    assert wild.reported
    assert wild.points == 12
    assert 1 < wild.share < 10
    assert "not its function" in wild.sentence()
    assert "\n" not in wild.sentence()
    for text, act in (("conv(10) * 10", "relu"), ("conv(10) * 10", "sin"), ("conv(10) * 100", "relu")):
        field = field_of(text, act=act)
        for plane in (Plane(), Plane(0.1, 0.2, 1e-3, 1e-3), Plane(0.1, 0.2, 1e-20, 1e-20)):
            calm = field.rounding(Raster(24, 16, plane), dtype="float64")
            assert not calm.reported, (text, act, plane)
            assert calm.sentence() == ""


def test_views_between_float64_and_differences_are_looked_into() -> None:
    """At 1e-9 of the plane float64's coordinates have seven digits left: what is lost of them is found."""
    field = field_of("conv(10) * 10", act="relu")
    view = Raster(24, 16, Plane(0.1234, 0.2, 1e-9, 1e-9))
    assert not field.deep(view)
    found = field.rounding(view)
    assert found.points == 12 or found.share < module.SUSPECTED
    assert found.share > 1e-10


@pytest.mark.parametrize("width", [1e-4, 1e-6, 1e-7])
def test_digits_that_a_large_constant_takes_are_missed(width: float) -> None:
    """x + 2 y + 1e8: float64 has 1.5e-8 between its values there, whatever the coordinates."""
    stream = io.BytesIO()
    np.savez(stream, W0=np.eye(2), b0=np.full(2, 1e8 / 3), W1=np.array([[1.0, 2.0]]), b1=np.zeros(1))
    stream.seek(0)
    field = calibrate(Network.load(stream), HOME)
    found = field.rounding(Raster(32, 32, Plane(0.25, 0.25, width, width)))
    deviation = width * np.sqrt(5 / 12)
    # every sum is rounded to half of 1.5e-8 at most: three of them, one of which counts twice
    assert 1e-9 / deviation < found.share < 4e-8 / deviation
    assert found.points == 12


def test_float32_where_it_is_asked_for() -> None:
    field = field_of("conv(10) * 50", act="relu")
    assert field.precision() == "float64"
    found = field.rounding(dtype="float32")
    assert found.reported
    assert "float32 has too few digits" in found.sentence()
    assert not field.rounding().reported


def test_what_would_take_too_long_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    field = field_of("conv(10) * 100", act="sin")
    monkeypatch.setattr(module, "BUDGET", 0.0)
    found = field.rounding()
    assert found.points == 0
    assert found.reported
    assert "estimated" in found.sentence()


def test_weights_of_ones_own_are_probed_too() -> None:
    """A network of float64 numbers, whose layers of sines multiply a small change by some forty each."""
    state, arrays, widths = np.random.RandomState(0), {}, [2, *[6] * 12, 1]
    for layer, (inputs, outputs) in enumerate(pairwise(widths)):
        arrays[f"W{layer}"] = 40 * state.normal(size=(outputs, inputs))
        arrays[f"b{layer}"] = state.normal(size=outputs)
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    found = calibrate(Network.load(stream, activation="sin"), HOME).rounding()
    assert found.reported
    assert found.points == 12


def test_values_that_are_not_finite_are_left_to_those_who_report_them() -> None:
    field = field_of("conv(4) * 8", act="square", norm=None, init="he(gain=60)")
    with np.errstate(all="ignore"):
        found = field.rounding(Raster(24, 16, Plane(0, 0, 1e8, 1e8)))
    assert not np.isnan(found.share)


def test_data_and_the_worst() -> None:
    far, near = Rounding(0.5, 12), Rounding(1e-9)
    assert worst([None, near, far]) is far
    assert worst([None]) is None
    assert far.data() == {"share": 0.5, "points": 12, "reported": True, "sentence": far.sentence()}
    assert near.data() == {"share": 1e-9, "points": 0, "reported": False, "sentence": None}
    assert Rounding(float("inf")).data()["share"] is None


@pytest.mark.slow
@pytest.mark.parametrize("plane", [Plane(), Plane("0.1234567890123456789", 0.07, 1e-16, 1e-16)])
def test_the_exact_points_report_and_can_be_cancelled(plane: Plane) -> None:
    class Stop(Exception):
        pass

    field = field_of("conv(4) * 60", act="sin")
    raster = Raster(24, 16, plane)
    seen: list[tuple[int, int]] = []
    assert field.rounding(raster, progress=lambda *at: seen.append(at)).points == 12
    assert [at for at in seen if at[0]] == [(n, 12) for n in range(1, 13)]
    # within a point too
    between = next(n for n, at in enumerate(seen) if at[0])
    assert between > 60

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        field_of("conv(4) * 60", act="sin").rounding(raster, progress=stop)
