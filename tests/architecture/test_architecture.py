"""Architecture as a value: equality, replacement, text, what it refuses, and how it shows itself."""

import copy
import pickle
from dataclasses import replace

import pytest
from hypothesis import given

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.inputs import embed
from netwarp.architecture.nodes import Layer
from netwarp.architecture.specs import Activation, Constant, Initialiser, Normal, Spatial, layer_norm, normal, spatial
from netwarp.architecture.tree import Act, Conv, Norm, act, conv, norm, parallel, residual
from netwarp.errors import InputError, LanguageError, LimitError
from trees import architectures


def test_the_usual_defaults_are_the_notes() -> None:
    usual = Architecture(conv(10))
    assert usual.act == Activation("relu")
    assert usual.norm == Spatial(Constant(3), Normal(0, 2), 1e-5)
    assert usual.init == Initialiser("he")
    assert str(usual.inputs) == "x y"
    assert (usual.out, usual.out_act) == (3, Activation("linear"))
    assert usual == Architecture(
        conv(10) * 1, act="relu", norm=spatial(scale=3, shift=normal(2)), init="he", inputs="x y", out=3
    )
    assert str(usual) == "conv(10)"
    assert repr(usual) == "Architecture(conv(10))"


def test_what_differs_is_said_in_order() -> None:
    changed = Architecture(conv(10), act=None, norm="layer", init="normal(1)", inputs="x", out=1, out_act="tanh")
    text = 'Architecture(conv(10), act="linear", norm=layer(), init="normal(1)", inputs="x", out=1, out_act="tanh")'
    assert str(changed) == repr(changed) == text


@pytest.mark.slow
@given(architectures)
def test_copies_are_equal_and_replacing_changes_one_thing(architecture: Architecture) -> None:
    assert (
        replace(architecture) == copy.deepcopy(architecture) == pickle.loads(pickle.dumps(architecture)) == architecture
    )
    other = replace(architecture, out=architecture.out + 1)
    assert other != architecture
    assert replace(other, out=architecture.out) == architecture


def test_replacing_takes_texts() -> None:
    changed = replace(Architecture(conv(10)), act="sin(30)", norm=None)  # type: ignore[arg-type]
    assert changed == Architecture(conv(10), act="sin(30)", norm=None)
    assert {changed: 1}[Architecture(conv(10), "sin(30)", "none")] == 1


def test_it_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Architecture(conv(10)).out = 4  # type: ignore[misc]


def test_layers_resolve_to_the_shared_defaults() -> None:
    shared = Architecture(conv(10), act="tanh", norm=None, init="lecun")
    own = Conv(4, act=Activation("sin", 2.0), norm=spatial(), init=Initialiser("he"))
    assert [shared.act_of(one).name for one in (Conv(4), own, Act(), Act(Activation("cos")))] == [
        "tanh",
        "sin",
        "tanh",
        "cos",
    ]
    assert [shared.norm_of(one) for one in (Conv(4), own, Norm(), Norm(layer_norm()))] == [
        None,
        spatial(),
        None,
        layer_norm(),
    ]
    assert [shared.init_of(one).name for one in (Conv(4), own)] == ["lecun", "he"]
    assert shared.readout == conv(3, act="linear", norm=None, bias=True)
    assert shared.shortcut(5) == conv(5, act="linear")


@pytest.mark.parametrize(
    ("norms", "bias", "biased"),
    [
        (None, None, True),
        (None, True, True),
        (None, False, False),
        (spatial(), None, False),
        (spatial(), True, False),  # the norm takes it away again
        (spatial(), False, False),
        (layer_norm(), None, False),
        (layer_norm(), True, True),
    ],
)
def test_a_bias_stands_where_it_matters(norms: Spatial | None, bias: bool | None, biased: bool) -> None:
    assert Architecture(conv(3)).biased(conv(4, norm=norms, bias=bias)) is biased
    assert Architecture(conv(3), norm=norms).biased(conv(4, bias=bias)) is biased


def test_refusals_name_the_argument() -> None:
    with pytest.raises(InputError, match=r"Architecture tree='conv': must be a layer.*a text goes to parse"):
        Architecture("conv")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Architecture act=3: must be an activation"):
        Architecture(conv(3), act=3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Architecture out=True: must be a whole number"):
        Architecture(conv(3), out=True)
    with pytest.raises(InputError, match="Architecture inputs=None: must be inputs"):
        Architecture(conv(3), inputs=None)  # type: ignore[arg-type]
    with pytest.raises(LanguageError, match="inputs: unknown name 'w'"):
        Architecture(conv(3), inputs="x w")


def test_deep_long_and_doubling_trees_are_refused_at_once() -> None:
    deep: Layer = conv(1)
    for _ in range(100_000):
        deep = residual(deep)
    with pytest.raises(LimitError, match="nested too deep"):
        Architecture(deep)
    doubling: Layer = conv(1)
    for _ in range(40):
        doubling = parallel(doubling, doubling)
    with pytest.raises(LimitError, match="more than 10,000 characters"):
        Architecture(doubling)
    fits = conv(1)
    for _ in range(48):
        fits = residual(fits)  # type: ignore[assignment]
    Architecture(fits)
    with pytest.raises(LimitError, match="nested too deep"):
        Architecture(residual(residual(fits)))
    while isinstance(deep, Layer) and hasattr(deep, "body"):
        deep = deep.body  # taken apart from outside, or freeing it would recurse


def test_a_wide_embedding_is_allowed() -> None:
    wide = Architecture(conv(3), inputs=embed([0.1] * 784, [0.2] * 784, [0.3] * 784))
    assert wide.inputs.channels == 784


def test_a_notebook_shows_text_and_counts_escaped() -> None:
    html = Architecture(conv(10) >> act("tanh") >> norm(), act="sigmoid")._repr_html_()
    assert "Architecture(conv(10) &gt;&gt; act(&quot;tanh&quot;) &gt;&gt; norm(), act=&quot;sigmoid&quot;)" in html
    assert "1 layer, 10 units, 93 parameters" in html


def test_a_notebook_shows_what_cannot_be_counted() -> None:
    html = Architecture(conv(10) * 10**9)._repr_html_()
    assert "architecture of 1,000,000,000 layers: at most 10,000 are allowed" in html
