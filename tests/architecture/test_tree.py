"""Layers as a user builds them: operators, canonical trees, texts as options, and what is refused."""

import re

import pytest
from hypothesis import given

from netwarp.architecture.nodes import Conv, Inception, Layer, Repeat, Sequence, children
from netwarp.architecture.specs import UNSET, Activation, Initialiser, layer_norm, normal, spatial
from netwarp.architecture.tree import (
    act,
    conv,
    dense,
    depthwise,
    expand,
    gated,
    inception,
    maxout,
    norm,
    parallel,
    pool,
    residual,
)
from netwarp.checks import LARGEST
from netwarp.errors import InputError, LanguageError
from trees import trees


def test_sequence_is_associative() -> None:
    a, b, c = conv(1), conv(2), conv(3)
    assert (a >> b) >> c == a >> (b >> c) == Sequence((a, b, c)) == Sequence((a, Sequence((b, c))))


def test_repetition_multiplies_and_once_is_itself() -> None:
    a = conv(1)
    assert a * 3 == 3 * a == Repeat(a, 3)
    assert a * 1 == a
    assert a * 2 * 3 == Repeat(Repeat(a, 2), 3) == Repeat(a, 6)
    assert (a >> a) * 2 != a * 4, "the same network, but another text"


@given(trees())
def test_trees_are_canonical(tree: Layer) -> None:
    for part in children(tree):
        assert not (isinstance(tree, Sequence) and isinstance(part, Sequence))
        assert not (isinstance(tree, Repeat) and isinstance(part, Repeat))
        assert isinstance(hash(part), int)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (conv(100), "conv(100)"),
        (conv(10, 3, groups=2, act="sin(30)", norm=None, init="he(gain=2)", bias=True),
         'conv(10, 3, groups=2, act="sin(30)", norm=None, init="he(gain=2)", bias=True)'),
        (conv(10, norm="spatial(scale=3, shift=normal(2))"), "conv(10, norm=spatial(scale=3, shift=normal(2)))"),
        (conv(10, norm="layer"), "conv(10, norm=layer())"),
        (conv(10, act=None), 'conv(10, act="linear")'),
        (depthwise(3, bias=False), "depthwise(3, bias=False)"),
        (maxout(10, 3), "maxout(10, 3)"),
        (maxout(10, 3, 5), "maxout(10, 3, 5)"),
        (pool("max", 2), 'pool("max", 2)'),
        (pool("avg", 3, 1), 'pool("avg", 3, stride=1)'),
        (act(), "act()"),
        (act("leaky(random)"), 'act("leaky(random)")'),
        (norm(), "norm()"),
        (norm("layer"), "norm(layer())"),
        (conv(1) >> conv(2) * 3, "conv(1) >> conv(2) * 3"),
        ((conv(1) >> conv(2)) * 3, "(conv(1) >> conv(2)) * 3"),
        (residual(conv(1) >> conv(2)) * 3, "residual(conv(1) >> conv(2)) * 3"),
        (dense(conv(8, 3)) * 4, "dense(conv(8, 3)) * 4"),
        (gated(conv(16)), "gated(conv(16))"),
        (parallel(conv(8), conv(8, 3) * 2), "parallel(conv(8), conv(8, 3) * 2)"),
        (inception(20, (10, 20), (10, 20), 20), "inception(20, (10, 20), (10, 20), 20)"),
        (inception(1, (2, 3), (4, 5), 6, kernels=(1, 1), act="tanh", norm=None, init="lecun"),
         'inception(1, (2, 3), (4, 5), 6, kernels=(1, 1), act="tanh", norm=None, init="lecun")'),
    ],
)  # fmt: skip
def test_text_says_what_differs_and_no_more(tree: Layer, text: str) -> None:
    assert str(tree) == text


def test_options_may_be_values_or_texts() -> None:
    assert conv(10, act="sin(30)") == conv(10, act=Activation("sin", 30))
    assert conv(10, norm="none") == conv(10, norm=None) != conv(10)
    assert conv(10, init=normal(0.1)) == conv(10, init="normal(0.1)") == conv(10, init=Initialiser("normal", 0.1))
    assert conv(10) == Conv(10, 1, 1, UNSET, UNSET, UNSET, None)
    assert conv(10, norm=layer_norm()) != conv(10, norm=spatial())


def test_inception_is_short_for_its_branches() -> None:
    block = inception(1, (2, 3), (4, 5), 6, act="tanh")
    assert str(expand(block)) == (
        'parallel(conv(1, act="tanh"), conv(2, act="tanh") >> conv(3, 3, act="tanh"), '
        'conv(4, act="tanh") >> conv(5, 5, act="tanh"), pool("max", 3, stride=1) >> conv(6, act="tanh"))'
    )
    assert str(expand(inception(1, (2, 3), (4, 5), 6, kernels=(1, 1)))) == (
        "parallel(conv(1), conv(2) >> conv(3), conv(4) >> conv(5), conv(6))"
    )
    assert isinstance(block, Inception)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: conv("10"), "conv channels='10': must be a whole number, as in conv(10)"),
        (lambda: conv(0), "conv channels=0: must be at least 1"),
        (lambda: conv(10.0), "conv channels=10.0: must be a whole number"),
        (lambda: conv(True), "conv channels=True: must be a whole number"),
        (lambda: conv(10, 12), "conv kernel=12: must be 1 to 11"),
        (lambda: conv(10, 3, groups=3), "conv groups=3: must divide channels=10"),
        (lambda: conv(10, bias=1), "conv bias=1: must be True, False or None"),
        (lambda: conv(10, act=3), "conv act=3: must be an activation"),
        (lambda: conv(10, norm=3), "conv norm=3: must be a norm"),
        (lambda: conv(10, init=3), "conv init=3: must be an initialiser"),
        (lambda: Conv(10, act="relu"), "conv act='relu': must be the name of an activation"),
        (lambda: depthwise(0), "depthwise kernel=0: must be 1 to 11"),
        (lambda: maxout(10, 0), "maxout pieces=0: must be at least 1"),
        (lambda: pool("mean", 2), "pool kind='mean': must be \"max\" or \"avg\""),
        (lambda: pool("maxx", 2), "did you mean \"max\"?"),
        (lambda: pool("max", 2, 0), "pool stride=0: must be at least 1"),
        (lambda: norm(None), "norm norm=None: a bare norm must be spatial(...) or layer(...)"),
        (lambda: residual(3), "residual body=3: must be a layer"),
        (parallel, "parallel(): needs at least one branch"),
        (lambda: parallel(conv(1), "conv(2)"), "parallel of \"conv(2)\": must be layers".replace('"', "'")),
        (lambda: inception(20, 10, (10, 20), 20), "inception three=10: must be two whole numbers"),
        (lambda: inception(20, (10, 20), (10, 20), 20, kernels=(3, 13)), "inception kernels=13: must be 1 to 11"),
        (lambda: conv(1) * 0, "repetition times=0: must be at least 1"),
        (lambda: conv(1) * 2.5, "repetition times=2.5: must be a whole number"),
        (lambda: conv(1) * LARGEST * 2, "repetition times=an integer of 61 bits: must be at most 10^18"),
        (lambda: conv(1) >> 5, "... >> 5: only a layer can follow a layer"),
        (lambda: Repeat(conv(1), 1), "repetition times=1: must be at least 2"),
        (lambda: Sequence((conv(1),)), "sequence of fewer than two layers"),
    ],
)  # fmt: skip
def test_refusals_name_the_argument_and_the_value(make: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        make()  # type: ignore[operator]
    assert "\n" not in str(caught.value)


def test_a_small_text_keeps_its_own_place() -> None:
    with pytest.raises(LanguageError) as caught:
        conv(10, norm="spatial(scal=3)")
    assert (caught.value.text, caught.value.position, caught.value.length) == ("spatial(scal=3)", 8, 6)
