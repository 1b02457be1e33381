"""Deep zoom: views down to 1e-250 held to mpmath, to answers known by hand and, where these hold, to float64's."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings

import reference
from fields import precise
from netwarp.architecture.language import parse
from netwarp.engine.native import Native
from netwarp.errors import LimitError, NotFiniteError, UnsupportedError
from netwarp.fields.calibration import calibrate
from netwarp.fields.deep.differences import differences
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Maxout, Multiply, Program
from netwarp.plane import Plane, Raster
from programs import RASTERS, TAP, conv, embed, program, programs

X, Y = "0.12345678901234567890123456789012345", "-0.2109876543210987654321098765432109876"
PIXELS = [(0, 0), (1, 4), (3, 2), (4, 5)]


def field_of(text: str, seed: int = 3, **defaults: object) -> Field:
    return calibrate(Network.draw(parse(text, **defaults), seed), Raster(30, 20))  # type: ignore[arg-type]


def miss(field: Field, raster: Raster, found: Any) -> float:
    """The largest error at a few pixels, as a share of how far the channel varies among them."""
    with mpmath.workdps(60 + int(-np.log10(raster.plane.width))):
        wanted = precise.around(field.program, raster, field.raster.pitch, PIXELS)
        worst = mpmath.mpf(0)
        for k in range(field.channels):
            column = [row[k] for row in wanted]
            varies = max(column) - min(column)
            apart = max(abs(found[k, r, c] - w) for (r, c), w in zip(PIXELS, column, strict=True))
            worst = max(worst, apart / varies)
    return float(worst)


NETWORKS = {
    "relu": field_of("conv(10) * 10"),
    "tanh": field_of("conv(8) * 4", act="tanh"),
    "sin": field_of("conv(8) * 3", act="sin(30)", norm=None),
    "gelu": field_of("conv(6) * 3", act="gelu", inputs="x y r bias"),
    "blocks": field_of("gated(conv(5)) >> residual(conv(5)) >> maxout(4, 2) >> dense(conv(3))", inputs="fourier(4, 2)"),
    "layer norm": field_of("conv(6) * 2", norm="layer", act="hardtanh"),
    "windows": field_of("(conv(4, 3) >> pool('max', 2)) * 2", act="leaky"),
}


@pytest.mark.parametrize("size", ["1e-9", "1e-14", "1e-30", "1e-100"])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_view_is_right_however_deep(name: str, size: str) -> None:
    field = NETWORKS[name]
    raster = Raster(6, 5, Plane(X, Y, float(size), 0.8 * float(size)))
    centre, found = field.around(raster)
    assert miss(field, raster, found) < 1e-10
    with mpmath.workdps(50):
        x, y = (mpmath.mpf(part) for part in (X, Y))
        wanted = [float(v) for v in precise.evaluate(field.program, x, y, field.raster.pitch)]
    np.testing.assert_allclose(centre, wanted, rtol=1e-15)
    if field.deep(raster):
        np.testing.assert_array_equal(field.sample(raster), found + centre[:, None, None])


def test_float64_has_lost_what_differences_hold() -> None:
    """The picture of a deep network at 1e-14: float64's errors are as large as what is to be seen."""
    field = NETWORKS["relu"]
    raster = Raster(6, 5, Plane(float(X), float(Y), 1e-14, 1e-14))
    plain = Native().run(field.program, raster, field.raster.pitch, "float64")
    assert miss(field, raster, plain - field.around(raster)[0][:, None, None]) > 0.03
    assert miss(field, raster, field.around(raster)[1]) < 1e-10


def kink(field: Field, digits: int) -> str:
    """x of a place on the row Y where the slope jumps, by bisection between one side and the other, as a decimal."""
    with localcontext() as context:
        context.prec = digits + 20
        low = Decimal("0.1")

        def slope(x: Decimal) -> float:
            return float(field.tangent(Raster(1, 1, Plane(str(x), Y, 1e-200, 1e-200)))[0, 0, 0, 0])

        first = slope(low)
        high = next(x for n in range(1, 9) if slope(x := low + Decimal(n) / 20) != first)
        while high - low > Decimal(10) ** -digits:
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) == first else (low, middle)
        return str(low)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "digits"), [("relu", 30), ("relu", 100), ("windows", 30)])
def test_a_kink_stays_sharp(name: str, digits: int) -> None:
    """In a view around one, of twenty times the distance to it, the slope has two values and mpmath sees them too."""
    field = NETWORKS[name]
    size = 20 * 10.0**-digits
    raster = Raster(6, 5, Plane(kink(field, digits), Y, size, size))
    _, found = field.around(raster)
    slopes = np.diff(found[0, 2]) / raster.pitch[0]
    assert slopes.max() - slopes.min() > 1e-3 * np.abs(slopes).max()
    assert miss(field, raster, found) < 1e-10
    tangent = field.tangent(raster)
    assert len(np.unique(tangent[0, 0, 2].round(9))) == 2


def test_neighbouring_views_agree_across_the_change_to_differences() -> None:
    """Just above the pitch where differences set in, both ways draw the same picture."""
    for name in ("relu", "tanh", "windows"):
        field = NETWORKS[name]
        raster = Raster(50, 40, Plane(float(X), float(Y), 51e-12, 41e-12))
        assert not field.deep(raster)
        assert field.deep(replace(raster, columns=53))
        centre, found = field.around(raster)
        apart = np.abs(field.sample(raster) - centre[:, None, None] - found)
        assert (apart.max(axis=(1, 2)) < 1e-3 * np.ptp(found, axis=(1, 2))).all()


@settings(max_examples=60, deadline=None)
@given(programs(step=False))
def test_any_program_on_ordinary_views(one: Program) -> None:
    """Centre and differences, and the tangents, are the reference's, of every operation there is."""
    for raster in (RASTERS["own"], RASTERS["irrational"]):
        wanted = reference.sample(one, raster, TAP, tangents=True)
        centre, found = differences(one, raster, TAP, tangents=True)
        found[:, 0] += centre[:, None, None]
        scale = np.abs(wanted).max(axis=(2, 3), keepdims=True)
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9 * max(1.0, float(scale.max())))


@settings(max_examples=60, deadline=None)
@given(programs(step=False))
def test_any_program_where_only_some_values_bend(one: Program) -> None:
    """Of views a ten-thousandth as large, kinks bend a few values and leave the others affine."""
    raster = Raster(7, 5, Plane(0.013, 0.007, 1e-4, 2e-4))
    wanted = reference.sample(one, raster, TAP, tangents=True)
    centre, found = differences(one, raster, TAP, tangents=True)
    tangents = found[:, 1:].copy()
    found[:, 0] += centre[:, None, None]
    scale = max(1.0, float(np.abs(wanted).max()))
    np.testing.assert_allclose(found[:, 0], wanted[:, 0], rtol=0, atol=1e-12 * scale)
    np.testing.assert_allclose(tangents, wanted[:, 1:], rtol=0, atol=1e-9 * scale)


def plane_x(*operations: Any) -> Program:
    """A Program of x alone."""
    return program(Embed(np.array([LINEAR]), np.array([[1.0, 0.0, 0.0]])), *operations)


def affine(source: int, slope: float, bias: float) -> Conv:
    return Conv((source,), np.full((1, 1, 1, 1), slope), np.array([bias]))


def test_kinks_known_by_hand() -> None:
    """relu(x - 1/4) about 1/4 + 1e-40: half the view is flat."""
    one = plane_x(affine(0, 1.0, -0.25), Activate((1,), "relu", np.zeros(1)))
    width = 8e-40
    centre, found = differences(one, Raster(8, 1, Plane("0.2500000000000000000000000000000000000001", 0.0, width)), TAP)
    assert centre[0] == 1e-40
    wanted = [-1, -1, -1, -0.5, 0.5, 1.5, 2.5, 3.5]
    np.testing.assert_allclose(found[0, 0], np.array(wanted) * 1e-40, rtol=1e-14)
    # hardtanh's lower kink, which no float next to -1 could tell; maxout of x and 1/2 - x, which meet at 1/4
    for tail, place in (
        (
            [affine(0, 1.0, -1.25), Activate((1,), "hardtanh", np.zeros(1))],
            "0.2499999999999999999999999999999999999999",
        ),
        (
            [Conv((0,), np.array([1.0, -1.0]).reshape(2, 1, 1, 1), np.array([0.0, 0.5])), Maxout((1,), 1, 2)],
            "0.25",
        ),
    ):
        _, found = differences(plane_x(*tail), Raster(8, 1, Plane(place, 0.0, width)), TAP)
        steps = np.diff(found[0, 0]) / 1e-40
        wanted = [0, 0, 0, 0, 0.5, 1, 1] if isinstance(tail[1], Activate) else [-1, -1, -1, 0, 1, 1, 1]
        np.testing.assert_allclose(steps, wanted, rtol=0, atol=1e-12)


def test_what_bends_a_little_is_not_taken_for_affine() -> None:
    """A product, a maximum beside its tie and an exponential, each alone, over a view that shows its bend."""
    both = Conv((0,), np.array([1.0, -1.0]).reshape(2, 1, 1, 1), np.array([0.0, 0.5]))
    raster = Raster(9, 1, Plane(0.2501, 0.0, 1e-3))
    x = raster.xs()
    for one, wanted in (
        (plane_x(Multiply((0, 0), 1)), x * x),
        (plane_x(both, Maxout((1,), 1, 2)), np.maximum(x, 0.5 - x)),
        (plane_x(affine(0, -1.0, 0.0), Activate((1,), "elu", np.zeros(1))), np.expm1(-x)),
    ):
        centre, found = differences(one, raster, TAP)
        np.testing.assert_allclose(centre[0] + found[0, 0], wanted, rtol=1e-15)


def test_the_view_does_not_depend_on_its_tiles() -> None:
    """A part of a raster, about the same centre, has the same differences to the last bits."""
    field = NETWORKS["relu"]
    large = Raster(300, 150, Plane(X, Y, 3e-20, 1.5e-20))
    small = Raster(100, 50, Plane(X, Y, 1e-20, 0.5e-20))
    _, whole = field.around(large)
    _, part = field.around(small)
    np.testing.assert_allclose(whole[:, 50:100, 100:200], part, rtol=0, atol=1e-12 * np.abs(part).max())


@pytest.mark.parametrize("name", ["relu", "gelu", "windows", "layer norm"])
def test_tangents_are_slopes_of_the_differences(name: str) -> None:
    field = NETWORKS[name]
    raster = Raster(5, 4, Plane(X, Y, 1e-30, 1e-30))
    _, found = field.around(raster)
    tangent = field.tangent(raster)
    for axis, pitch in ((0, raster.pitch[0]), (1, raster.pitch[1])):
        steps = np.diff(found, axis=2 - axis) / pitch
        slope = tangent[:, axis, :, 1:] if axis == 0 else tangent[:, axis, 1:]
        np.testing.assert_allclose(steps, slope, rtol=1e-9, atol=1e-12 * np.abs(tangent).max())


def test_progress_goes_to_the_end_and_may_cancel() -> None:
    field, seen = NETWORKS["relu"], list[tuple[int, int]]()
    raster = Raster(300, 200, Plane(X, Y, 1e-30, 1e-30))
    field.sample(raster, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert all(a[0] <= b[0] for a, b in pairwise(seen))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        field.sample(raster, progress=stop)


@pytest.mark.slow
def test_what_cannot_be_drawn_is_said() -> None:
    field = NETWORKS["relu"]
    with pytest.raises(LimitError, match="at least 1e-250"):
        field.sample(Raster(6, 4, Plane(X, Y, 1e-260, 1e-260)))
    with pytest.raises(UnsupportedError, match="step"):
        field_of("conv(3)", act="step").tangent(Raster(6, 4, Plane(X, Y, 1e-30, 1e-30)))
    squares = [Activate((n,), "square", np.zeros(1)) for n in range(1, 30)]
    with pytest.raises(NotFiniteError, match="beyond what a float64 holds"):
        differences(plane_x(affine(0, 1e3, 0.0), *squares), Raster(2, 2, Plane(X, Y, 1e-30, 1e-30)), TAP)
    wide = program(embed(1), conv(0, 1, 1, 1500), conv(1, 1, 1, 1500), conv(2, 1, 1, 1500))
    with pytest.raises(LimitError, match="reach 4497 pixels"):
        differences(wide, Raster(2, 2, Plane(X, Y, 1e-30, 1e-30)), TAP)
