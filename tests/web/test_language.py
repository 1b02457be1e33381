"""The page's reader of the language: the same tree, canonical text and error as Python's, whatever it is given."""

from __future__ import annotations

import difflib
import random

import pytest
from hypothesis import HealthCheck, given, settings

from architecture.texts import MEANT, REFUSED, REFUSED_SMALL, UNREAD
from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.specs import ACTIVATIONS
from toolbox import is_current
from trees import architectures
from web.expressions import Maker
from web.language_cases import Case, mutations
from web.node import needs_node, run

SUITE = [*(text for text, *_ in (*MEANT, *REFUSED, *UNREAD)), *(entry.text for entry in zoo.entries())]
SMALL = {
    "activation": [
        *ACTIVATIONS,
        "leaky(0.1)",
        "leaky(random)",
        "sin(omega=30)",
        "ReLU()",
        "LeakyReLU(negative_slope=2)",
    ],
    "norm": ["spatial(scale=3, shift=normal(2), eps=1e-3)", "layer(uniform(-1, 1e300))", "layer_norm", "none", "None"],
    "distribution": ["-3", "normal(2)", "normal(1e-7, 1.5e16)", "uniform(0, 1)"],
    "initialiser": ["he(gain=0.5)", "normal(0.1)", "uniform(0.2, bias=normal(1, 2))", "orthogonal(1.4, 0.3)"],
    "inputs": [
        "x  bias z(4)\tfourier(16, 4) periodic( y )",
        "embed((0, 1), (1, 0.5), (-1, 0))",
        "embed((0,), (1,), (2,))",
        "x y r z(32, uniform(-1, 1)) scale(8)",
        "scale(2.5) z((0.1, -2)) z(3, 0.5) z(2, drawn=normal(1, 2)) x",
        "x scale(8) scale(2)",
        "scale(8)",
        "z((),)",
        "x z(3, relu)",
        "x scale(x)",
        "x*x 2*x*y-3 sin(x) gauss(r)",
        "sin(2*cos(x*y)+1e-7) -x --y 1*r (x+1)*(y-2) x-(y-(r+1))",
        "x*q",
        "x*foo(x)",
        "sin(x, y) x",
        "sin() x",
        "sin(*x)",
        "sin(x=1)",
        "x/2",
        "2*(x/2)",
        "x*'a'",
        "x*None",
        "x*1j",
        "-1j",
        "-x*...",
        "+x",
        "x*+y",
        "2*3",
        "x*1e400",
        "1e300*1e300*x",
        "0*x+0.1*x-1e22",
        "x*z(2)",
        "*".join("x" * 65),
        "+".join(["x"] * 1_001),
        "x*(lambda: 1)",
        "(x, y)*2",
        "x*x mirror()",
        "step(x)*softplus(y) leaky(x) linear(x)",
        "mirror() z(4) r scale(2)",
        "mirror(12, sigma=0)",
        "rotate(5, 4) r bias dihedral(2)",
        "rotate(1)",
        "rotate(361)",
        "dihedral(1, n=65)",
        "rotate(3.5)",
        "wallpaper(p4m)",
        "wallpaper('pgg', ratio=2, cell=1e-3)",
        "wallpaper(p1, 64, 0.25, 3, -0.5) z((1,))",
        "wallpaper(p5)",
        "wallpaper('p5m')",
        "wallpaper('some other')",
        "wallpaper(None)",
        "wallpaper(5)",
        "wallpaper((1, 2))",
        "wallpaper(normal(1))",
        "wallpaper()",
        "wallpaper(p4, ratio=2)",
        "wallpaper(pm, shear=0.5)",
        "wallpaper(p2, shear=1.5)",
        "wallpaper(cm, ratio=11)",
        "wallpaper(p3, cell=0)",
        "wallpaper(p3, n=3)",
        "wallpaper(p3, sigma=3)",
        "x mirror()",
        "wallpaper(p6m) r",
        "rotate(4) periodic(x)",
    ],
}
# what random texts seldom say
CORNERS = [
    "lambda a=1, *, b: 1", "lambda a=1, b: 1", "lambda *a, b=1, c: 1", "a[x:=1:2]", "a[x:=1]", "a[*b]", "{x:=1: 2}",
    "{x:=1}", "{**a, 1: 2,}", "f(**a, *b)", "f(*a, b, k=1, *c, **d)", "f(x for x in y, 1)", "(yield)", "*a", "*a, b",
    "[x for *a in b]", "[x for (*a) in b]", "[x for a.b, (c[0], *d) in e if f if g]", "'''a'b''' ) ( '''c'd'''",
    "'a' \"b\" r'c' u'd'", "ur'a'", "t'a'", "Rb'a'", "00", "0_0", "0_7", "08.5", "1_", "1__0", "1.e5if 2 else 3",
    "1..real", "1.real", "a <> b", "a!b", "conv(1, init=\"he(gain='a', bias='b')\")", "act(\"it's\")", "act('a\"b')",
    "conv(1, init='he(bias=normal(1), gain=None)')", "inception(1, (1, 1), (1, 1), 1, kernels=(3, 1))",
    "inception(1, (1,), (1, 1), 1)", "Architecture(conv(1)) >> conv(2)", "pool('max', 2, None)",
    "parallel(conv(1), 'a')", "conv(1, norm=spatial(-0.0))",
]  # fmt: skip
# what a text's defaults may be besides small texts
VALUES = [None, True, False, 3, 0, 3.0, 2.5, 1e16, -1, 10**18 + 1, "relu", "rellu", "", "x y", "he", "spatial"]


def alike(cases: list[Case]) -> None:
    """Both readers tell the same of every case."""
    results = run("language", [case.to_data() for case in cases])
    wrong = [
        (case, told, result) for case, result in zip(cases, results, strict=True) if (told := case.told()) != result
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)}: {wrong[0]}"


def test_the_table_is_current() -> None:
    is_current("language")


@needs_node
def test_the_texts_of_the_suite() -> None:
    small = [Case(text, what) for what, text, *_ in REFUSED_SMALL]
    small += [Case(text, what) for what, texts in SMALL.items() for text in texts]
    long = [" >> ".join(["conv(1)"] * 900), ">>".join(["conv(1)"] * 1100), "conv(1)" + " * 2" * 800, "x" * 20_000]
    deep = ["-" * 1500 + "1", "-" * 1501 + "1", "not " * 301 + "1", "x" + ".a" * 1400, "f" + "()" * 1600, "1**" * 1400]
    names = ["conv(1) >> " + "cnov" * 200 + "(3)", "toString", "conv(1, __proto__=3)", "hasOwnProperty()"]
    alike([*map(Case, SUITE + CORNERS + long + deep + names), *small])


@pytest.mark.slow
@needs_node
def test_random_architectures() -> None:
    cases: list[Case] = []

    @settings(max_examples=200, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(architectures)
    def collect(architecture: Architecture) -> None:
        cases.append(Case(str(architecture)))

    collect()
    alike(cases)
    assert {case.told()["text"] for case in cases} == {case.text for case in cases}
    texts = [case.text for case in cases]
    alike([Case(text) for text in mutations(texts + SUITE, 2000, seed=16)])


@needs_node
@pytest.mark.parametrize("what", SMALL)
def test_mutations_of_the_small_languages(what: str) -> None:
    texts = mutations(SMALL[what], 400, seed=16)
    alike([Case(text, what) for text in texts])
    names = {"activation": ("act", "out_act"), "norm": ("norm",), "initialiser": ("init",), "inputs": ("inputs",)}
    alike([Case("conv(3)", defaults={name: text}) for name in names.get(what, ()) for text in texts[:100]])


@needs_node
def test_defaults_of_any_kind() -> None:
    names = ("act", "norm", "init", "inputs", "out", "out_act")
    alike([Case("conv(3)", defaults={name: value}) for name in names for value in VALUES])


@needs_node
def test_whatever_python_can_say() -> None:
    maker = Maker(16)
    alike([Case(maker.text()) for _ in range(3000)])


@pytest.mark.slow
@needs_node
def test_likeness_is_difflibs() -> None:
    chance = random.Random(16)
    cases = []
    for letters in ("ab", "abcdefgh", "abcdefghijklmnopqrstuvwxyz_"):
        for longest in (3, 12, 40, 500):
            made = ["".join(chance.choices(letters, k=chance.randint(0, longest))) for _ in range(40)]
            cases += [{"word": word, "names": [*made, word[: len(word) // 2] + "x"]} for word in made]
    for case, result in zip(cases, run("similar", cases), strict=True):
        word, names = case["word"], case["names"]
        assert result["ratios"] == [difflib.SequenceMatcher(None, name, word).ratio() for name in names]
        found = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
        assert result["closest"] == (found[0] if found else None)
