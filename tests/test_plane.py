"""Plane and Raster: pixel centres, exact symmetry, and what is refused."""

from __future__ import annotations

import pickle
from dataclasses import replace
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


LONG = "0.12345678901234567890123456789012345678901234567890"


def test_a_decimal_centre_is_kept_exactly() -> None:
    plane = Plane(LONG, "-1e-40", 1e-30, 2e-30)
    assert (plane.x, plane.y) == (float(LONG), -1e-40)
    assert plane.rational() == (Fraction(LONG), Fraction(-1, 10**40))
    assert (
        plane
        == eval(repr(plane))
        == Plane(*plane.centre, plane.width, plane.height)
        == Plane(LONG + "000", "-10e-41", 1e-30, 2e-30)
    )
    assert len({plane, Plane(LONG, "-1e-40", 1e-30, 2e-30), Plane(plane.x, plane.y, 1e-30, 2e-30)}) == 2
    assert pickle.loads(pickle.dumps(plane)) == plane
    # a text that a float holds is that float
    assert Plane("0.25", " -.5 ") == Plane(0.25, -0.5)
    assert Plane("0.25").centre == (0.25, 0.0)


def test_a_changed_copy_keeps_the_digits_of_what_is_unchanged() -> None:
    plane = Plane(LONG, LONG, 1e-30, 1e-30)
    assert replace(plane, width=1e-40).rational() == plane.rational()
    assert replace(plane, x=0.5).rational() == (Fraction(1, 2), Fraction(LONG))
    assert replace(Raster(3, 2, plane), columns=5).plane == plane


@given(st.integers(-(10**60), 10**60), st.integers(1, 10**30), st.integers(0, 60))
def test_between_decimals_rounds_nothing(start: int, length: int, places: int) -> None:
    texts = [f"{n}e-{places + 45}" for n in (start, start + length)]
    plane = Plane.between(*texts, 0, "1")
    low, high = (Fraction(text) for text in texts)
    assert plane.rational() == ((low + high) / 2, Fraction(1, 2))
    assert plane.width == float(high - low)


def test_offsets_are_from_the_exact_centre() -> None:
    raster = Raster(4, 2, Plane(LONG, 0.5, 8e-30, 1e-40))
    x, y = raster.offsets()
    np.testing.assert_allclose(x, [-3e-30, -1e-30, 1e-30, 3e-30], rtol=1e-15)
    np.testing.assert_allclose(y, [-2.5e-41, 2.5e-41], rtol=1e-15)


@pytest.mark.parametrize("text", ["1" * 10_001, "1e-999999", "0." + "0" * 9_990 + "1" * 40])
def test_texts_without_end_are_refused(text: str) -> None:
    with pytest.raises(LimitError, match=r"10,000|10000"):
        Plane(text)


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
        (lambda: Plane("1e400"), "x"),
        (lambda: Plane("nan"), "x"),
        (lambda: Plane("0x10"), "x"),
        (lambda: Plane("\u0661"), "x"),
        (lambda: Plane(exact=("zero", None)), "x"),
        (lambda: Plane(width="1"), "width"),  # type: ignore[arg-type]
        (lambda: Plane.between("0.1", "0.1", 0, 1), "X0 < X1"),
        (lambda: Plane.between("0.1", "x", 0, 1), "X1"),
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


@pytest.mark.parametrize("digits", [4_299, 4_300, 4_301, 9_000, 9_990])
def test_all_the_digits_that_are_promised_are_read(digits: int) -> None:
    """Python's own whole numbers are read up to 4,300 digits."""
    text = "0." + "1" * digits
    exact = Fraction(sum(10**n for n in range(digits)) if digits < 10 else (10**digits - 1) // 9, 10**digits)
    assert Plane(text, 0.0, 1e-3, 1e-3).rational()[0] == exact
    assert Plane.between(text, "1", "-" + text, 0.5).rational() == ((exact + 1) / 2, (Fraction(1, 2) - exact) / 2)
