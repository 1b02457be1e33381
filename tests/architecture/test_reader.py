"""The door: characters, brackets, size and depth of a text, and whatever Python's parser says of it."""

import ast
import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architecture.texts import UNREAD
from netwarp.architecture.reader import CHARACTERS, NESTINGS, Text, span, within
from netwarp.errors import LanguageError


@pytest.mark.parametrize(
    ("text", "position", "message"),
    UNREAD,
)
def test_a_bad_text_is_refused_at_its_place(text: str, position: int, message: str) -> None:
    with pytest.raises(LanguageError) as caught:
        Text(text, "architecture").expression()
    assert message in caught.value.message
    assert caught.value.position == position
    assert "\n" not in caught.value.message
    assert "\n" in caught.value.pointer()


def test_a_text_must_be_text() -> None:
    with pytest.raises(LanguageError, match="architecture: must be text, not int"):
        Text(3, "architecture").expression()  # type: ignore[arg-type]


def test_the_limits_themselves_are_allowed() -> None:
    Text("(" * NESTINGS + "1" + ")" * NESTINGS, "architecture").expression()
    Text("x" * CHARACTERS, "architecture").expression()


@pytest.mark.parametrize(
    "text", ["-" * 9000 + "1", "x" + ".a" * 4900, "not " * 2400 + "1", "lambda:" * 1400 + "1", "1**" * 3300 + "1"]
)
def test_what_exhausts_the_parser_is_one_line(text: str) -> None:
    with contextlib.suppress(LanguageError):  # whether it does depends on Python's version
        Text(text, "architecture").expression()


def test_what_exhausts_this_parser_says_so() -> None:
    with pytest.raises(LanguageError, match="architecture: cannot be read: too long or too deep"):
        Text("x" + ".a" * 4900, "architecture").expression()


def test_lines_may_break_anywhere_and_places_stay() -> None:
    text = "  conv(1)\r\n  >> conv(\n2)"
    node = Text(text, "architecture").expression()
    assert isinstance(node, ast.BinOp)
    start, end = span(node.right)
    assert text[start:end] == "conv(\n2)"


def test_an_inner_error_moves_to_the_outer_text() -> None:
    outer = Text('act("rellu")', "architecture")
    moved = within(LanguageError("activation: no", "rellu", 1, 3), outer, 5)
    assert (moved.text, moved.position, moved.length) == (outer.text, 6, 3)


@given(st.one_of(st.text(max_size=60), st.text("conv()[]{}*>,.='\"12 \n:", max_size=60)))
def test_nothing_but_a_language_error_comes_out(text: str) -> None:
    try:
        Text(text, "architecture").expression()
    except LanguageError as error:
        refused = error
    else:
        return
    assert re.fullmatch(r"architecture: [^\n]+", refused.message)
    assert 0 <= refused.position <= len(text)
