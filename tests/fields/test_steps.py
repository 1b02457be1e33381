"""A model that is called is sampled as long as float64 tells pixels apart, and refused where it does not."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import LimitError
from netwarp.fields.steps import LEAST, steps


def ramp(points: np.ndarray) -> np.ndarray:
    return points[:, :1] - 2 * points[:, 1:2]


FIELD = nw.field(ramp, plane=nw.Plane(0, 0, 4, 4))


def view(width: float, x: float = 0.3, y: float = 0.1, side: int = 20) -> nw.Raster:
    return nw.Raster(side, side, nw.Plane(x, y, width, width))


def test_steps_are_counted_from_float64_s_own_digits() -> None:
    # between 1/4 and 1/2 float64 has a number every 2^-54
    assert steps(FIELD.program, view(20 * 2.0**-44)) == pytest.approx(2.0**10)
    assert steps(FIELD.program, view(20 * 2.0**-44, x=300.0, y=0.0)) == pytest.approx(1.0)
    assert steps(FIELD.program, view(1e-200, x=0.0, y=0.0)) > 1e14


@pytest.mark.parametrize("width", [1e-9, 1e-11, 1e-12, 1e-13])
def test_it_is_called_as_long_as_pixels_are_many_steps_apart(width: float) -> None:
    raster = view(width)
    assert not FIELD.deep(raster)
    found = FIELD.sample(raster)
    assert found.dtype == np.float64
    # by fractions: the exact value at every pixel's centre, to a rounding of its coordinates and of the value
    x, y = (Fraction(raster.plane.x), Fraction(raster.plane.y))
    pitch = Fraction(width) / 20
    right = [
        [float(x + (c - Fraction(19, 2)) * pitch - 2 * (y + (r - Fraction(19, 2)) * pitch)) for c in range(20)]
        for r in range(20)
    ]
    np.testing.assert_allclose(found[0], right, rtol=0, atol=3 * 2.0**-54)
    assert len(np.unique(found)) > 100
    decision = nw.decision(
        lambda points: np.stack([points[:, 0], 0 * points[:, 0] + 0.3], 1), plane=raster.plane, size=(20, 20)
    )
    assert decision.share == pytest.approx((0.5, 0.5))
    # a picture of it has colours of its own where those of all views would be one
    assert FIELD.tiny(raster) == (width < 1e-10)


def test_where_it_ends_the_plane_that_would_do_is_said() -> None:
    with pytest.raises(LimitError, match="too small for this model, which is called with float64 numbers") as refused:
        FIELD.sample(view(1e-15))
    assert "\n" not in str(refused.value)
    said = re.search(r"choose a plane of (\S+) x (\S+) or more, or fewer pixels", str(refused.value))
    assert said is not None
    enough = float(said[1])
    assert float(said[2]) == enough
    FIELD.sample(view(enough))
    assert LEAST <= steps(FIELD.program, view(enough)) < 1.2 * LEAST
    for ask in (FIELD.sample, FIELD.tangent):
        with pytest.raises(LimitError, match="which is called with float64 numbers"):
            ask(view(1e-30))
    with pytest.raises(LimitError, match="which is called with float64 numbers"):
        nw.decision(ramp, plane=view(1e-15).plane, size=(20, 20))


def test_of_a_slice_the_steps_are_those_of_the_inputs() -> None:
    through = nw.Slice([1000.0, 0.0, 5.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    field = nw.field(lambda points: points[:, :2], through, plane=nw.Plane(0, 0, 4, 4))
    # at 1000 float64 has a number every 2^-43, at 0.3 one every 2^-54
    raster = view(20 * 2.0**-34)
    assert not field.tiny(raster)
    assert steps(field.program, raster) == pytest.approx(2.0**9)
    field.sample(raster)
    with pytest.raises(LimitError, match="pixels are 1 of their steps apart"):
        field.sample(view(20 * 2.0**-43))
