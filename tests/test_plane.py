"""Plane and Raster: pixel centres, exact symmetry, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import InputError, LanguageError, LimitError, nearest
from netwarp.plane import Plane, Raster


def test_the_slope_image_by_hand() -> None:
    slope = Raster(columns=4, rows=2).slope()
    assert slope.shape == (2, 2, 4)
    assert slope.dtype == np.float64
    assert slope[0].tolist() == [[-0.375, -0.125, 0.125, 0.375]] * 2
    assert slope[1].tolist() == [[-0.25] * 4, [0.25] * 4]


@given(st.integers(1, 3000), st.floats(1e-6, 1e6))
def test_centres_are_exactly_antisymmetric_and_right(n: int, length: float) -> None:
    xs = Raster(columns=n, rows=1, plane=Plane(0, 0, length, 1)).xs()
    assert (xs == -xs[::-1]).all()
    exact = [Fraction(length) * (2 * i + 1 - n) / (2 * n) for i in (0, n // 3, n - 1)]
    for x, true in zip(xs[[0, n // 3, n - 1]], exact, strict=True):
        assert abs(Fraction(float(x)) - true) <= abs(true) * Fraction(3, 2**53)


def test_between_is_the_rectangle() -> None:
    plane = Plane.between(-1.0, 3.0, 0.0, 0.5)
    assert (plane.x, plane.y, plane.width, plane.height) == (1.0, 0.25, 4.0, 0.5)
    raster = Raster(8, 4, plane)
    assert raster.pitch == (0.5, 0.125)
    assert raster.xs()[0] == -0.75
    assert raster.ys()[-1] == 0.4375


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: Plane(width=0.0), "width"),
        (lambda: Plane(height=-1), "height"),
        (lambda: Plane(x=float("nan")), "x"),
        (lambda: Plane(y=float("inf")), "y"),
        (lambda: Plane(x=1e300), "x"),
        (lambda: Plane(x=10**400), "x"),
        (lambda: Plane(x="zero"), "x"),
        (lambda: Plane(x=True), "x"),
        (lambda: Plane.between(1, 0, 0, 1), "X0 < X1"),
        (lambda: Plane.between(0, 1, 1, 1), "Y0 < Y1"),
        (lambda: Raster(columns=0), "columns"),
        (lambda: Raster(rows=-4), "rows"),
        (lambda: Raster(columns=2.0), "columns"),  # type: ignore[arg-type]
        (lambda: Raster(columns=True), "columns"),
        (lambda: Raster(plane=None), "plane"),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_is_named_in_one_line(make: Any, names: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert names in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absurd_rasters_are_refused_with_their_size() -> None:
    with pytest.raises(LimitError, match=r"1000000x1000000: 1e\+12 pixels"):
        Raster(10**6, 10**6)


def test_numpy_integers_are_whole_numbers() -> None:
    assert Raster(np.int64(5), np.uint8(3)) == Raster(5, 3)  # type: ignore[arg-type]


def test_the_caret_stands_under_the_place() -> None:
    error = LanguageError("no", "conv(10) * x", 11, 1)
    assert error.pointer() == "conv(10) * x\n" + " " * 11 + "^"
    long = LanguageError("no", "a" * 500 + "!" + "b" * 500, 500)
    text, caret = long.pointer(60).split("\n")
    assert len(text) == 60
    assert text[caret.index("^")] == "!"
    assert "\x1b" not in LanguageError("no", "\x1b[31m", 0).pointer()


def test_the_nearest_name_is_offered() -> None:
    assert nearest("rellu", ["relu", "tanh"]) == '; did you mean "relu"?'
    assert nearest("zzz", ["relu", "tanh"]) == ""
