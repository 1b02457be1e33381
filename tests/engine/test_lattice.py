"""The lattices that kernels' taps lie on: every pixel once, where the raster has it, its neighbours one tap apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.engine.lattice import Axis, axis
from netwarp.plane import Plane, Raster

REACHES = st.tuples(st.integers(0, 5), st.integers(0, 5))


def check(one: Axis, raster: Raster, tap: float, pixels: range) -> None:
    assert sorted(one.pixels) == list(pixels)
    assert len(one.core) == len(one.pixels)
    assert (np.diff(one.core) > 0).all()
    # to the last bit: a k x k network and its inputs agree on where a pixel is
    np.testing.assert_array_equal(one.coordinates[one.core], raster.xs()[one.pixels])
    for offset in range(-one.before, one.after + 1):
        around = one.coordinates[one.core + offset]
        np.testing.assert_allclose(around - raster.xs()[one.pixels], offset * tap, rtol=1e-9, atol=1e-14)


@given(st.integers(1, 50), st.integers(1, 9), st.integers(1, 9), REACHES)
def test_where_the_pitch_divides_the_tap(count: int, over: int, under: int, reach: tuple[int, int]) -> None:
    raster = Raster(count, 1, Plane(0.1, 0.0, 0.7, 1.0))
    tap = raster.pitch[0] * over / under
    one = axis(count, 0.7, 0.1, tap, reach)
    assert (one.before, one.after) == reach
    check(one, raster, tap, range(count))
    # shared where that is less work than a lattice for every pixel
    assert len(one) <= count * (1 + sum(reach))


@given(st.integers(1, 40), st.floats(0.01, 20.0), REACHES)
def test_anywhere(count: int, steps: float, reach: tuple[int, int]) -> None:
    raster = Raster(count, 1, Plane(-0.3, 0.0, 1.3, 1.0))
    tap = raster.pitch[0] * steps
    check(axis(count, 1.3, -0.3, tap, reach), raster, tap, range(count))


def test_the_work_of_every_case() -> None:
    assert len(axis(600, 1.0, 0.0, 1 / 600, (2, 2))) == 604
    # three times as fine: three lattices, each with its halo
    assert len(axis(600, 1.0, 0.0, 3 / 600, (2, 2))) == 600 + 3 * 4
    # half as fine: what lies between is evaluated too
    assert len(axis(300, 1.0, 0.0, 1 / 600, (2, 2))) == 2 * 299 + 1 + 4
    # nothing shared: five points for every pixel
    assert len(axis(600, 1.0, 0.0, 2**0.5 / 600, (2, 2))) == 3000
    # far too coarse to share: five points for every pixel, not all that lie between
    assert len(axis(10, 1.0, 0.0, 1e-5, (2, 2))) == 50
    # zoomed in so far that no two pixels share a tap
    assert len(axis(100, 1e-6, 0.2, 1 / 600, (2, 2))) == 500


def test_the_plane_goes_on_at_the_same_pitch() -> None:
    one = axis(4, 1.0, 0.0, 0.25, (1, 2))
    np.testing.assert_allclose(one.coordinates, [-0.625, -0.375, -0.125, 0.125, 0.375, 0.625, 0.875])
    np.testing.assert_array_equal(one.core, [1, 2, 3, 4])


@pytest.mark.parametrize("steps", [1.0, 3.0, 0.5, 5 / 3, 2**0.5])
@given(data=st.data())
def test_parts_are_what_they_are_cut_from(steps: float, data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 30))
    raster = Raster(count, 1, Plane(0.1, 0.0, 0.7, 1.0))
    tap = raster.pitch[0] * steps
    whole = axis(count, 0.7, 0.1, tap, (2, 1))
    cut = data.draw(st.integers(1, count - 1))
    left, right = whole.part(0, cut), whole.part(cut, count)
    for part in (left, right):
        np.testing.assert_array_equal(part.coordinates[part.core], raster.xs()[part.pixels])
        assert part.core[0] == 2
        assert len(part) == part.core[-1] + 2
    np.testing.assert_array_equal(np.concatenate([left.pixels, right.pixels]), whole.pixels)
