"""The doors of values: what is taken, what is refused, and in which words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from netwarp import checks
from netwarp.errors import InputError
from netwarp.plane import Plane, Raster


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_become_pythons_own(value: object) -> None:
    assert type(checks.whole(value, "conv channels")) is int


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: checks.whole(True, "a b"), "a b=True: must be a whole number"),
        (lambda: checks.whole(2.0, "a b", example="conv(3)"), "a b=2.0: must be a whole number, as in conv.3."),
        (lambda: checks.whole("2", "a b"), "a b='2': must be a whole number"),
        (lambda: checks.whole(0, "a b"), "a b=0: must be at least 1"),
        (lambda: checks.whole(12, "a b", 1, 11), "a b=12: must be 1 to 11"),
        (lambda: checks.whole(1 << 100, "a b"), "a b=an integer of 101 bits: must be 1 to 1000000000000000000"),
        (lambda: checks.number("1", "a b"), "a b='1': must be a finite number"),
        (lambda: checks.number(True, "a b"), "a b=True: must be a finite number"),
        (lambda: checks.number(float("nan"), "a b"), "a b=nan: must be a finite number"),
        (lambda: checks.number(10**400, "a b"), "a b=an integer of 1329 bits: must be a finite number"),
        (lambda: checks.number(-1, "a b", least=0.5), "a b=-1: must be at least 0.5"),
        (lambda: checks.instance((1, 2), Raster, "a b", "a Raster"), r"a b=\(1, 2\): must be a Raster"),
        (lambda: checks.instance(None, Raster, "a b", "a Raster"), "a b=None: must be a Raster"),
        (lambda: checks.instance(Plane(), Raster, "a b", "a Raster"), "a b=Plane: must be a Raster"),
    ],
)
def test_what_is_refused_is_named_with_what_is_right(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}$"):
        call()


def test_numbers_become_floats_and_minus_zero_zero() -> None:
    assert checks.number(Fraction(1, 2), "a") == 0.5
    assert str(checks.number(-0.0, "a")) == "0.0"
    assert checks.number(np.float32(0.25), "a") == 0.25


@pytest.mark.parametrize(
    "plane", [Plane(), Plane(0.1, -3.0, 1e-12, 2.5), Plane("0.1234567890123456789012345", "-1e-40", 1e-20, 1e-20)]
)
def test_planes_and_rasters_come_back_from_their_data_exactly(plane: Plane) -> None:
    assert Plane.from_data(plane.to_data()) == plane
    raster = Raster(7, 5, plane)
    assert Raster.from_data(raster.to_data()) == raster
