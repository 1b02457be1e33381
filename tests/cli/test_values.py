"""The small texts of the command line: what they mean, and one line for each that means nothing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis.strategies import floats

from netwarp.cli.values import (
    read_calibration,
    read_engine,
    read_numbers,
    read_plane,
    read_positive,
    read_seed,
    read_seeds,
    read_segment,
    read_size,
    read_value,
    read_whole,
)
from netwarp.errors import InputError, LimitError
from netwarp.orders.commands import ends
from netwarp.plane import Plane, Raster


@pytest.mark.parametrize(
    ("text", "size"), [("600x400", (600, 400)), ("1x1", (1, 1)), (" 30 X 20 ", (30, 20)), ("7×5", (7, 5))]
)
def test_a_size_is_columns_by_rows(text: str, size: tuple[int, int]) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "600", "600x", "x400", "600x400x3", "-6x4", "0x400", "6.5x4", "1e3x2", "٣x٣", "600 400"]
)
def test_what_is_no_size_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match=r"size|raster"):
        read_size(text)


def test_an_absurd_size_is_refused_with_its_pixels() -> None:
    with pytest.raises(LimitError, match=r"1e\+12 pixels"):
        read_size("1000000x1000000")
    with pytest.raises(InputError, match="--calibrate"):
        read_size("9" * 5000 + "x1", "--calibrate")


def test_a_plane_is_two_ranges() -> None:
    assert read_plane("-0.1,0.3,-0.2,0") == Plane.between(-0.1, 0.3, -0.2, 0.0)
    assert read_plane("0, 1, 0, 1") == Plane(0.5, 0.5, 1.0, 1.0)


def test_long_decimals_are_read_exactly_where_floats_would_move_the_view() -> None:
    start, end = "0.12345678901234567890123456789012", "0.12345678901234567890123456789112"
    plane = read_plane(f"{start},{end}, 0.2 ,0.2000000000000000000000000000001")
    assert plane.rational() == (
        (Fraction(start) + Fraction(end)) / 2,
        Fraction("0.20000000000000000000000000000005"),
    )
    assert (plane.width, plane.height) == (1e-30, 1e-31)
    assert read_plane("0.1,0.4,0,1").exact == (None, None)


# of a short side far from the origin few ends are floats
COORDINATES = floats(-1e6, 1e6)
SIDES = floats(1e-3, 1e6)


@given(COORDINATES, COORDINATES, SIDES, SIDES)
def test_the_ends_that_are_written_of_a_plane_are_read_as_the_same_plane(
    x: float, y: float, width: float, height: float
) -> None:
    plane = Plane(x, y, width, height)
    assert read_plane(ends(plane)) == plane


@given(COORDINATES, COORDINATES, SIDES, SIDES)
def test_the_floats_that_a_plane_was_made_between_are_written_as_floats(
    x: float, y: float, width: float, height: float
) -> None:
    plane = Plane.between(x, x + width, y, y + height)
    text = ends(plane)
    assert Plane.between(*map(float, text.split(","))) == plane
    assert read_plane(text) == plane


def test_a_deep_plane_is_written_with_all_digits_of_its_centre() -> None:
    plane = Plane("0.12345678901234567890123456789012", 1 / 3, 1e-30, 3e-30)
    assert read_plane(ends(plane)) == plane


def test_floats_as_ends_are_read_as_floats_and_more_digits_to_the_last() -> None:
    assert read_plane("0.1,0.4,0,1") == Plane.between(0.1, 0.4, 0.0, 1.0)
    # as floats these ends are 0.30000000000000004 apart
    assert read_plane("0.10000000000000000555,0.39999999999999999445,0,1") == Plane(0.25, 0.5, 0.3, 1.0)


@pytest.mark.parametrize("text", ["", "0,1,0", "0,1,0,1,2", "a,b,c,d", "1,0,0,1", "0,0,0,1", "0,inf,0,1", "nan,1,0,1"])
def test_what_is_no_plane_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="plane"):
        read_plane(text)


# printf rose | sha256sum
ROSE = 0x618D663AF0F1EC88A5A19DEFA65A2F80D06582A832510B12F475D80870BDB3AB


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("7", (7,)),
        ("0..3", (0, 1, 2, 3)),
        ("0,3,7", (0, 3, 7)),
        ("5,0..2,1", (5, 0, 1, 2)),
        ("-2..0", (-2, -1, 0)),
        ("4..4", (4,)),
        (str(2**256), (2**256,)),
        (f"-{2**256}", (-(2**256),)),
        ("rose", (ROSE,)),
        (" rose ", (ROSE,)),
    ],
)
def test_seeds_are_numbers_ranges_and_lists(text: str, seeds: tuple[int, ...]) -> None:
    assert read_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "_x", "7,rose", "1..", "..2", "1...2", "1,,2", "1.5", "3..1", "1e3"])
def test_what_are_no_seeds_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--seed"):
        read_seeds(text)


def test_a_seed_beyond_2_256_is_refused() -> None:
    with pytest.raises(InputError, match="from -2\\^256 to 2\\^256; give a smaller one, or a word"):
        read_seeds(str(2**256 + 1))


def test_seeds_without_end_are_refused_at_once() -> None:
    with pytest.raises(LimitError, match="at most 10,000"):
        read_seeds("0..999999999999999999")
    with pytest.raises(InputError, match="one whole number"):
        read_seed("1,2")
    assert len(read_seeds("1..10000")) == 10_000


def test_an_engine_runs_on_a_device() -> None:
    assert read_engine("native", None) == read_engine("native", "cpu") == "native"
    assert read_engine("torch", None) == read_engine("torch", "cpu") == "torch"
    assert read_engine("torch", "cuda") == "torch:cuda"
    assert read_engine("torch", "cuda:1") == "torch:cuda:1"
    assert read_engine("exact", None) == read_engine("exact", "cpu") == "exact"
    assert read_engine("auto", None) == "auto"
    with pytest.raises(InputError, match="the exact engine runs on the cpu"):
        read_engine("exact", "cuda")
    with pytest.raises(InputError, match='did you mean "native"'):
        read_engine("nativ", None)
    with pytest.raises(InputError, match="--engine torch"):
        read_engine("native", "cuda")
    with pytest.raises(InputError, match="--device"):
        read_engine("torch", "cuda; rm")


def test_numbers_are_finite_and_as_many_as_needed() -> None:
    assert read_numbers("1, -2.5,3e-2", "--u") == (1.0, -2.5, 0.03)
    assert read_value(" -0.25", "--contour") == -0.25
    assert read_segment("0,0,1,0.5") == (0.0, 0.0, 1.0, 0.5)
    for text in ("", "1,", "a", "1,inf", "nan"):
        with pytest.raises(InputError, match=r"--u .* as in --u -0.5,0.5,0.25"):
            read_numbers(text, "--u")
    with pytest.raises(InputError, match=r"needs 4 finite numbers, as in --line -0.5,0.5,0.25,0.5"):
        read_segment("0,0,1")
    with pytest.raises(InputError, match="one point"):
        read_segment("1,2,1,2")
    for text in ("", "1,2", "inf", "x"):
        with pytest.raises(InputError, match="--contour"):
            read_value(text, "--contour")
    with pytest.raises(LimitError, match="at most 100,000 numbers"):
        read_numbers("0," * 100_000 + "0", "--u")


def test_a_whole_number_of_too_many_digits_is_told_so() -> None:
    assert read_whole(" -12 ", "--port") == -12
    assert read_whole("9" * 18, "--limit") == 10**18 - 1
    with pytest.raises(InputError, match=r"--limit '9{19}': at most 18 digits are read"):
        read_whole("9" * 19, "--limit")
    for text in ("", "3.5", "abc", "1 2"):
        with pytest.raises(InputError, match="needs a whole number, as in --limit 3"):
            read_whole(text, "--limit")


def test_calibration_is_a_size_a_plane_or_both() -> None:
    plane = Plane.between(-3, 3, -2, 2)
    assert read_calibration("60x40") == (60, 40)
    assert read_calibration("-3,3,-2,2") == plane
    assert read_calibration("60x40@-3,3,-2,2") == Raster(60, 40, plane)
    for text, needle in (("60", "--calibrate '60'"), ("1,2", "--calibrate '1,2'"), ("60x@-3,3,-2,2", "'60x'")):
        with pytest.raises(InputError, match=needle):
            read_calibration(text)


def test_a_positive_number_is_read_and_others_are_refused() -> None:
    assert read_positive("1.5", "--memory", "2") == 1.5
    for text in ("0", "-1", "nan", "inf", "1e9", "much", ""):
        with pytest.raises(InputError, match=r"--memory '.*': must be a positive number, as in --memory 2$"):
            read_positive(text, "--memory", "2")
