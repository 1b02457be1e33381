"""The condition on a grid's points: held to Python's own `eval`, which it never calls, and to what it refuses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import LanguageError
from netwarp.study.grid.where import Unsaid, Where

NAMES = ("width", "depth", "act")


@pytest.mark.parametrize(
    "text",
    [
        "width * depth <= 200",
        "1 < width < depth",
        "width < depth < 7 == 7",
        "act in ('relu', 'tanh', 3)",
        "act not in ['relu'] and not depth % 2 == 1",
        "width // 3 + depth / 2 - -1 >= 4 or act != 'tanh'",
        "not (width == depth)",
        "width not in (5, 6) or depth in (width, 2)",
    ],
)
def test_says_what_python_says(text: str) -> None:
    condition = Where.read(text, NAMES)
    for width in (1, 5, 6, 20):
        for depth in (1, 2, 2.5, 50):
            for act in ("relu", "tanh"):
                values = {"width": width, "depth": depth, "act": act}
                assert condition.keeps(values) == bool(eval(text, {}, values)), values


NUMBERS = st.recursive(
    st.sampled_from(["a", "b", "2", "0.5", "7"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(
        lambda parts: f"({' '.join(parts)})"
    ),
    max_leaves=6,
)
CONDITIONS = st.recursive(
    st.tuples(NUMBERS, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), NUMBERS).map(" ".join),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})")
        | inner.map(lambda one: f"not ({one})")
    ),
    max_leaves=4,
)


@given(CONDITIONS, st.integers(-3, 3), st.floats(-3, 3))
def test_says_what_python_says_of_any_condition(text: str, a: int, b: float) -> None:
    try:
        wanted: object = bool(eval(text, {}, {"a": a, "b": b}))
    except (ZeroDivisionError, OverflowError):
        wanted = Unsaid
    try:
        found: object = Where.read(f"a == a and ({text})", ("a", "b")).keeps({"a": a, "b": b})
    except Unsaid:
        found = Unsaid
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("widht < 3", "no factor 'widht'; did you mean \"width\"?", 0),
        ("width ** 2 < 9", "power is not part of the language", 5),
        ("width < abs(3)", "a call is not part of the language", 8),
        ("act.upper == 'A'", "an attribute is not part of the language", 0),
        ("width[0] < 3", "indexing is not part of the language", 0),
        ("width in depth", '"in" needs a list', 9),
        ("(1, 2) == width", "a list stands", 0),
        ("width is 3", "not part of the language", 0),
        ("width < True", "True is not part of the language", 8),
        ("width < 1e999", "number too large", 8),
        ("width <", "cannot be read", 6),
        ("width * depth", "is no condition", 0),
        ("1 < 2", "names no factor", 0),
        ("", "empty text", 0),
        ("width < (lambda: 3)()", "lambda is not part of the language", 8),
        ("width < (lambda: 3)", "lambda is not part of the language", 9),
        ("3 if width else 5", "if ... else is not part of the language", 0),
        ("any(width for act in act)", "a call is not part of the language", 0),
        ("[width for act in act]", "a comprehension is not part of the language", 0),
        ("width < (yield)", "this is not part of the language", 9),
        ("width < " + "+".join("1" * 900), "operators deep", 1410),
    ],
)
def test_refuses_the_rest_at_its_place(text: str, message: str, place: int) -> None:
    with pytest.raises(LanguageError, match=re.escape(message)) as refused:
        Where.read(text, NAMES)
    assert refused.value.position == place
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("width / (depth - 5) < 1", "5 / 0 divides by zero"),
        ("width < act", "5 < 'relu' compares a text with a number"),
        ("act * width < 7", "\"*\" needs numbers, not 'relu'"),
        ("act + act == 'relurelu'", '"+" needs numbers'),
    ],
)
def test_says_why_a_point_has_no_answer(text: str, message: str) -> None:
    with pytest.raises(Unsaid, match=re.escape(message)):
        Where.read(text, NAMES).keeps({"width": 5, "depth": 5, "act": "relu"})


def test_asks_only_what_decides() -> None:
    assert Where.read("depth == 5 or width / (depth - 5) < 1", NAMES).keeps({"width": 5, "depth": 5})


def test_says_which_factor_a_point_lacks() -> None:
    with pytest.raises(Unsaid, match="width has no value there"):
        Where.read("width < 3", NAMES).keeps({"depth": 5})
