"""parse: known readings, the round trip over everything that can be said, and errors at their place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import Layer, Repeat, Sequence
from netwarp.architecture.specs import normal, spatial
from netwarp.architecture.tree import (
    act,
    conv,
    dense,
    depthwise,
    gated,
    inception,
    maxout,
    norm,
    parallel,
    pool,
    residual,
)
from netwarp.errors import InputError, LanguageError, LimitError, NetwarpError
from trees import architectures


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("conv(100)", conv(100)),
        ("conv(10) * 10", conv(10) * 10),
        ("3 * conv(10)", conv(10) * 3),
        ("conv(10) * 2 * 5", conv(10) * 10),
        ("(conv(10))", conv(10)),
        ("conv(channels=10, kernel=3)", conv(10, 3)),
        ("(conv(20, 5) >> conv(20) >> conv(20)) * 3", (conv(20, 5) >> conv(20) >> conv(20)) * 3),
        ("conv(1) >> (conv(2) >> conv(3))", conv(1) >> conv(2) >> conv(3)),
        ("conv(1) >> conv(2) * 2 >> conv(3)", conv(1) >> (conv(2) * 2) >> conv(3)),
        ("(conv(1) >> conv(2)) * 2 >> conv(3)", ((conv(1) >> conv(2)) * 2) >> conv(3)),
        ("2 * (conv(1) >> conv(2)) * 3", (conv(1) >> conv(2)) * 6),
        ('(conv(16, 3) * 2 >> pool("max", 2)) * 3', (conv(16, 3) * 2 >> pool("max", 2)) * 3),
        ("pool('avg', 3, stride=1)", pool("avg", 3, 1)),
        ("inception(20, (10, 20), (10, 20), 20) * 3", inception(20, (10, 20), (10, 20), 20) * 3),
        ("residual(conv(16, 3) * 2) * 5", residual(conv(16, 3) * 2) * 5),
        ("dense(conv(8, 3)) * 4", dense(conv(8, 3)) * 4),
        ("parallel(conv(8), conv(8, 3))", parallel(conv(8), conv(8, 3))),
        ("gated(conv(16)) * 3", gated(conv(16)) * 3),
        ("depthwise(3) >> maxout(4, 2)", depthwise(3) >> maxout(4, 2)),
        ('norm() >> act() >> norm(spatial()) >> act("relu")', norm() >> act() >> norm(spatial()) >> act("relu")),
        (
            'conv(10, act="sin(30)", norm=spatial(scale=3, shift=normal(2)), init="he(gain=2)", bias=True)',
            conv(10, act="sin(30)", norm=spatial(3, normal(2)), init="he(gain=2)", bias=True),
        ),
        ('conv(10, norm="spatial(scale=3)")', conv(10, norm=spatial(3))),
        ("conv(10, norm=None, act=None)", conv(10, norm=None, act=None)),
        ("conv(10, init=normal(0.1))", conv(10, init="normal(0.1)")),
        ("\n conv(10)\r\n\t>> conv(3)\n", conv(10) >> conv(3)),
    ],
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
    [
        ("conv(10) * 2.5", "2.5", "repetition times=2.5: must be a whole number, as in conv(10) * 3"),
        ("2.5 * conv(10)", "2.5", "must be a whole number"),
        ("conv(10) * 0", "0", "must be at least 1"),
        ("conv(10) * -1", "-1", "repetition times=-1: must be at least 1"),
        ("conv(10) * True", "True", "must be a whole number"),
        ("conv(10) * 1000000000000000000 * 2", "2", "must be at most 10^18"),
        ("conv(10) * conv(3)", "*", '"*" needs a layer and a whole number'),
        ("2 * 3", "*", '"*" needs a layer and a whole number'),
        ("conv(10) >> 5", "5", '5 beside ">>": only layers can follow one another'),
        ("'conv(3)' >> conv(10)", "'conv(3)'", "only layers can follow one another"),
        ("conv()", "conv()", "conv(...) misses its argument channels"),
        ("conv(-3)", "-3", "conv channels=-3: must be at least 1, as in conv(10)"),
        ("conv(3) >> conv(10, 12)", "12", "conv kernel=12: must be 1 to 11"),
        ("conv(10, kernal=3)", "kernal=3", "conv(...) has no argument 'kernal'; did you mean \"kernel\"?"),
        ("conv(10, zzz=3)", "zzz=3", "has no argument 'zzz'; it takes channels, kernel"),
        ("conv(10, channels=3)", "channels=3", "conv(...) is given channels twice"),
        ("conv(10, kernel=3, kernel=3)", "kernel=3", "is given kernel twice"),
        ("conv(10, 3, 2)", "2", "conv(...) takes at most 2 arguments in order; name the rest: groups"),
        ("cnov(10)", "cnov", "unknown name 'cnov'; did you mean \"conv\"?"),
        ("conv(1) >> resnet(3)", "resnet", "unknown name 'resnet'"),
        ('conv("10")', '"10"', "conv channels='10': must be a whole number"),
        ("conv(10.0)", "10.0", "conv channels=10.0: must be a whole number"),
        ("conv(" + "9" * 30 + ")", "9" * 30, "conv channels=an integer of 100 bits: must be 1 to 1000000000000000000"),
        ("conv(1e999)", "1e999", "number too large"),
        ("conv(1j)", "1j", "an imaginary number is not part of the language"),
        ("conv(10, bias=2)", "2", "conv bias=2: must be True, False or None"),
        ("conv(10, act=relu)", "relu", 'name "relu": write it in quotes, as in act="relu"'),
        ("conv(10, act=sin(30))", "sin", "unknown name 'sin'"),
        ("conv(10, init=he)", "he", 'write it in quotes, as in init="he"'),
        ('conv(10, act="rellu")', "rellu", "activation: unknown name 'rellu'; did you mean \"relu\"?"),
        ('conv(3) >> conv(10, norm="spatial(scal=3)")', "scal=3", "norm: spatial(...) has no argument 'scal'"),
        ('conv(10, act="re" "llu")', '"re" "llu"', "activation: unknown name 'rellu'"),
        ("conv(10, norm=spatial(scale='3'))", "'3'", "spatial scale='3': must be a number"),
        ("conv(10, norm=spatial(eps=-1))", "-1", "spatial eps=-1: must be at least 0"),
        ("norm(None)", "None", "a bare norm must be spatial(...) or layer(...)"),
        ("residual(3)", "3", "residual body=3: must be a layer"),
        ("residual()", "residual()", "residual(...) misses its argument body"),
        ("parallel()", "parallel()", "needs at least one branch"),
        ("parallel(conv(8), x=3)", "x=3", "parallel(...) takes no keywords"),
        ("inception(20, 10, (10, 20), 20)", "10", "inception three=10: must be two whole numbers"),
        ('pool("mx", 2)', '"mx"', 'pool kind=\'mx\': must be "max" or "avg"; did you mean "max"?'),
        ("conv", "conv", '"conv" needs its arguments in brackets, as in conv(...)'),
        ("relu", "relu", "write it in quotes"),
        ('"conv(10)"', '"conv(10)"', "'conv(10)' is not a layer; try conv(10) * 10"),
        ("spatial()", "spatial()", "is not a layer"),
        ("(conv(1), conv(2))", "(conv(1), conv(2))", "is not a layer"),
        ("conv(10) + conv(3)", "+", 'operator "+" is not part of the language; only ">>" and "*" are'),
        ("conv(10) ** 3", "**", 'operator "**" is not part of the language'),
        ("conv(10)*(2+3)", "+", 'operator "+" is not part of the language'),
        ("conv(10).channels", "conv(10).channels", "an attribute is not part of the language"),
        ("conv(10)[0]", "conv(10)[0]", "indexing is not part of the language"),
        ("(lambda: conv(1))()", "lambda: conv(1)", "only a known name can be called"),
        ("lambda: conv(1)", "lambda: conv(1)", "a lambda is not part of the language"),
        ("parallel(*[conv(1)])", "*[conv(1)]", "unpacking with * is not part of the language"),
        ("parallel(*conv(x) for x in y)", None, "cannot be read"),
        ("parallel(conv(x) for x in y)", None, "a comprehension is not part of the language"),
        ("conv(**conv)", "**conv", "unpacking with ** is not part of the language"),
        ("conv(f'{1}')", "f'{1}'", "an f-string is not part of the language"),
        ("conv(x := 3)", "x := 3", "an assignment is not part of the language"),
        ("conv(b'3')", "b'3'", "a bytes string is not part of the language"),
        ("conv(...)", "...", "this is not part of the language"),
        ("conv(not 3)", "not 3", "this operator is not part of the language"),
        ("conv(-'3')", "-'3'", "the minus sign needs a number"),
        ("conv(--3)", "--3", "this operator is not part of the language"),
        ("conv(1 if 2 else 3)", "1 if 2 else 3", "if / else is not part of the language"),
        ("conv(1 < 2)", "1 < 2", "a comparison is not part of the language"),
        ("conv({1: 2})", "{1: 2}", "a dictionary is not part of the language"),
        ("__import__('os').system('true')", "__import__('os').system", "only a known name can be called"),
        ("__import__('os')", "__import__", "unknown name '__import__'"),
        ("print(3)", "print", "unknown name 'print'"),
        ("residual(Architecture(conv(3)))", "Architecture", "unknown name 'Architecture'"),
        ("Architecture(conv(3), outt=1)", "outt=1", 'did you mean "out"?'),
        ("Architecture(conv(3), out=0)", "0", "Architecture out=0: must be at least 1"),
        ("Architecture(3)", "3", "Architecture tree=3: must be a layer"),
        ('Architecture(conv(3), inputs="x q")', "q", "inputs: unknown name 'q'"),
    ],
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
