"""parse: known readings, the round trip over everything that can be said, and errors at their place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from architecture.texts import MEANT, REFUSED
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import Layer, Repeat, Sequence
from netwarp.architecture.tree import (
    conv,
)
from netwarp.errors import InputError, LanguageError, LimitError, NetwarpError
from trees import architectures


@pytest.mark.parametrize(
    ("text", "tree"),
    MEANT,
)
def test_text_means_what_the_same_python_means(text: str, tree: Layer) -> None:
    assert parse(text) == Architecture(tree)


def test_defaults_come_from_the_text_then_the_keywords_then_as_usual() -> None:
    assert parse("conv(10)") == Architecture(conv(10))
    assert parse("conv(10)", act="sigmoid", norm=None) == Architecture(conv(10), act="sigmoid", norm=None)
    text = 'Architecture(conv(10), act="tanh", norm=None, init="lecun", inputs="x y z(2)", out=1, out_act="sigmoid")'
    whole = Architecture(conv(10), "tanh", None, "lecun", "x y z(2)", 1, "sigmoid")
    assert parse(text) == whole
    assert str(whole) == text
    assert parse('Architecture(conv(10), act="tanh")', act="relu", out=1) == Architecture(conv(10), act="tanh", out=1)


@given(architectures)
def test_round_trip(architecture: Architecture) -> None:
    text = str(architecture)
    again = parse(text)
    assert again == architecture
    assert hash(again) == hash(architecture)
    assert str(again) == text, "the text is canonical"


def _errors(text: str) -> tuple[str, str]:
    """(message, the part of the text that the carets are under)."""
    with pytest.raises(LanguageError) as caught:
        parse(text)
    error = caught.value
    assert error.text == text
    assert "\n" not in error.message
    line, carets = error.pointer().split("\n")
    assert line[carets.index("^") :][: carets.count("^")] == text[error.position :][: error.length]
    return error.message, text[error.position : error.position + error.length]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    REFUSED,
)
def test_an_error_points_at_its_place(text: str, place: str | None, message: str) -> None:
    told, found = _errors(text)
    assert message in told
    if place is not None:
        assert found == place


def test_places_are_of_the_text_as_written() -> None:
    told, found = _errors("\n\n  conv(10)\r\n >> cnov(3)")
    assert found == "cnov"
    assert "did you mean" in told


def test_a_long_chain_is_read_without_recursion() -> None:
    text = " >> ".join(["conv(1)"] * 900)
    tree = parse(text).tree
    assert isinstance(tree, Sequence)
    assert len(tree.parts) == 900
    assert str(tree) == text
    doubled = parse("conv(1)" + " * 2" * 50).tree
    assert isinstance(doubled, Repeat)
    assert doubled.times == 2**50
    with pytest.raises(LanguageError, match="must be at most"):
        parse("conv(1)" + " * 2" * 800)


def test_the_deepest_text_and_one_deeper() -> None:
    deepest = "residual(" * 49 + "conv(1)" + ")" * 49
    assert str(parse(deepest)) == deepest
    with pytest.raises(LanguageError, match="nested too deep"):
        parse(f"residual({deepest})")
    mixed = "(conv(1) >> residual(" * 24 + "conv(1)" + ")) * 2" * 24
    assert parse(str(parse(mixed))) == parse(mixed)


def test_a_text_that_grows_past_the_limit_is_refused() -> None:
    with pytest.raises(LimitError, match="at most 10,000 are allowed; repeat with"):
        parse(">>".join(["conv(1)"] * 1100))


def test_repetition_stays_symbolic() -> None:
    tree = parse("conv(10) * 1000000000").tree
    assert isinstance(tree, Repeat)
    assert tree.times == 10**9


def test_a_wrong_default_is_named() -> None:
    with pytest.raises(InputError, match="Architecture out=0"):
        parse("conv(10)", out=0)
    with pytest.raises(LanguageError, match="did you mean"):
        parse("conv(10)", act="rellu")


pieces = [
    "conv(", "10", ")", " >> ", " * ", "3", "residual(", ", ", "act=", '"relu"', "norm=None", "(", "pool(", '"max"',
    "1e9", "lambda x: ", ".x", "**", "[", "]", "{", "}", "-", "not ", " if ", " else ", "x", "'", "\n", "é",
    "\x00", ":=",
]  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(pieces), max_size=16).map("".join)))
def test_whatever_comes_in_one_line_comes_out(text: str) -> None:
    try:
        architecture = parse(text)
    except NetwarpError as error:
        refused = error
    else:
        assert parse(str(architecture)) == architecture
        return
    assert re.fullmatch(r"[^\n]+", str(refused))
