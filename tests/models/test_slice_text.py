"""Slices of the command line's texts: what is read, and that nothing else is."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.slice_text import read_choice, read_slice, without_data

ROWS = np.random.RandomState(6).standard_normal((12, 5))
DATA = nw.Data(ROWS, names=("a", "b", "c d", "e", "f"))


def same(one: nw.Slice, other: nw.Slice) -> None:
    assert np.array_equal(one.coefficients, other.coefficients)
    assert (one.marks, one.home, one.axes) == (other.marks, other.home, other.axes)


def test_a_text_says_what_python_says() -> None:
    same(read_slice("features(0, 3)", DATA), nw.features(0, 3, data=DATA))
    same(read_slice("features('c d', 'a', at=mean)", DATA), nw.features(2, 0, at="mean", data=DATA))
    same(read_slice("features(0, 1, at=(1, 2, -3))"), nw.features(0, 1, at=(1, 2, -3)))
    same(read_slice("pca()", DATA), nw.pca(DATA))
    same(read_slice("through(0, 7, 9)", DATA), nw.through(*ROWS[[0, 7, 9]]))
    same(read_slice("through((0, 0, 1), (1, 0, 1), (0.5, -2, 1))"), nw.through((0, 0, 1), (1, 0, 1), (0.5, -2, 1)))
    same(read_slice("through(median, 1, (1, 2, 3, 4, 5))", DATA), nw.through(np.median(ROWS, 0), ROWS[1], range(1, 6)))
    same(read_slice("around(mean, radius=2, seed=3)", DATA), nw.around(ROWS.mean(0), 2, seed=3))
    same(read_slice(" around( 4 , 0.5 ) ", DATA), nw.around(ROWS[4], 0.5))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("features(0, 9)", "features j=9: must be 0 to 4"),
        ("features(0)", 'needs a value for "j"|j'),
        ("feature(0, 1)", "unknown name 'feature'; did you mean \"features\""),
        ("features(0, 1, at=medium)", "unknown name 'medium'; did you mean \"median\""),
        ("through(0, 7, 12)", "through c=12: must be the number of a row, 0 to 11"),
        ("through(0, 7, True)", "unknown name|must be the number of a row"),
        ("through(0, 0, 1)", "through a and b: are one point"),
        ("around(0, -1)", "around radius=-1: must be positive"),
        ("around('x', 1)", "around a='x': must be the number of a row, 0 to 11, median, mean, or an input's numbers"),
        ("3", "3 is no slice; say features"),
        ("pca", '"pca" needs its arguments in brackets'),
        ("__import__('os').system('true')", "only a known name can be called|attribute"),
        ("features(0, 1, at=[1, 2])", "a list is not part of the language"),
        ("features(0, (lambda: 1)())", "only a known name can be called"),
        ("", "empty text"),
        ("features(" * 60, "nested too deep"),
        ("pca(" + "9" * 11_000 + ")", "10,000 are allowed"),
    ],
)
def test_everything_else_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        read_slice(text, DATA)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["pca()", "through(0, 1, 2)", "around(0, 1)", "features(0, 1)", "around(mean, 1)"])
def test_rows_need_data(text: str) -> None:
    with pytest.raises(nw.NetwarpError, match="needs the data"):
        read_slice(text)


def test_a_plane_by_hand() -> None:
    found = read_slice("Slice((0.5, 1, 0), (0, 0, 2), (-1, 1, 0))")
    same(found, nw.Slice((0.5, 1, 0), (0, 0, 2), (-1, 1, 0)))
    assert found.text == "Slice((0.5, 1, 0), (0, 0, 2), (-1, 1, 0))"


def test_what_a_text_says_is_known_without_its_data() -> None:
    said = read_choice("features(0, 'c d', at=median)")
    assert (said.kind, dict(said.arguments)) == ("features", {"i": 0, "j": "c d", "at": "median"})
    around = read_choice("around(4, radius=0.5)")
    assert (around.kind, dict(around.arguments)) == ("around", {"a": 4, "radius": 0.5, "seed": 0})


@pytest.mark.parametrize(
    "text",
    [
        "features(0, 3)",
        "features('c d', 'a', at=mean)",
        "features(0, 1, at=(1, 2, -3, 0.1, 1e-300))",
        "pca()",
        "through(0, median, 9)",
        "around(mean, radius=2, seed=3)",
        "through((0, 0, 1, 0, 0), (1, 0, 1, 0, 0), (0.5, -2, 1, 0, 0))",
    ],
)
def test_numbers_take_the_place_of_data(text: str) -> None:
    """The same plane to the last digit, with its marks; a text that needs no data stays."""
    found = read_slice(text, DATA)
    plain = without_data(text, DATA)
    again = read_slice(plain)
    assert np.array_equal(again.coefficients, found.coefficients)
    assert again.marks == found.marks
    try:
        read_slice(text)
    except nw.NetwarpError:
        assert plain != text
    else:
        assert plain == text


def test_a_plane_with_too_many_numbers_has_no_text_without_data() -> None:
    wide = nw.Data(np.random.RandomState(1).standard_normal((4, 600)))
    with pytest.raises(nw.NetwarpError, match="10,000 are allowed"):
        read_slice(without_data("pca()", wide))
