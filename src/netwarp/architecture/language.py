"""parse: an architecture's text, which is the Python a user would write and nothing more, to the Architecture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from netwarp import words
from netwarp.architecture import tree
from netwarp.architecture.architecture import DEFAULT_NORM, Architecture
from netwarp.architecture.grammar import Grammar, Operators, evaluate
from netwarp.architecture.inputs import Input, Inputs
from netwarp.architecture.nodes import Layer, Sequence
from netwarp.architecture.notation import ActChoice, InitChoice, NormChoice
from netwarp.architecture.reader import Text
from netwarp.architecture.rows import ROWS
from netwarp.architecture.specs import ACTIVATIONS, INITIALISERS, layer_norm, normal, spatial, uniform
from netwarp.errors import shown


def _join(parts: tuple[object, ...]) -> object:
    return Sequence(tuple(part for part in parts if isinstance(part, Layer)))


def _repeat(part: object, times: object) -> object:
    assert isinstance(part, Layer)
    return part * times  # type: ignore[operator]  # the layer refuses what is no whole number


_CALLS: Final[dict[str, Callable[..., object]]] = {
    "conv": tree.conv,
    "depthwise": tree.depthwise,
    "maxout": tree.maxout,
    "pool": tree.pool,
    "act": tree.act,
    "norm": tree.norm,
    "residual": tree.residual,
    "dense": tree.dense,
    "parallel": tree.parallel,
    "gated": tree.gated,
    "inception": tree.inception,
    "spatial": spatial,
    "layer": layer_norm,
    "layer_norm": layer_norm,
    "normal": normal,
    "uniform": uniform,
}
_HINTS: Final = {
    name: words.OF_THE_ZOO.format(name=name, text=text) for name, text, *_ in ROWS if name not in _CALLS
} | {
    name: words.IN_QUOTES.format(argument="act" if name in ACTIVATIONS else "init", name=name)
    for name in (*INITIALISERS[:4], *ACTIVATIONS)
}
# what stands in a text, and in the brackets of Architecture(...)
PART: Final = Grammar(calls=_CALLS, hints=_HINTS, operators=Operators(Layer, _join, _repeat))


def parse(
    text: str,
    *,
    act: ActChoice = "relu",
    norm: NormChoice = DEFAULT_NORM,
    init: InitChoice = "he",
    inputs: Inputs | Input | str = "x y",
    out: int = 3,
    out_act: ActChoice = "linear",
) -> Architecture:
    """The Architecture of a text, with the defaults given here where the text does not say.

    The text is a tree, as in "conv(10) * 10", or "Architecture(TREE, act=...)", which is what `str` gives where a
    default is not the usual one; what that says goes before the keywords here. Nothing is ever executed.
    Errors: LanguageError at the place in the text; InputError for a default; LimitError where the canonical text would
    be too long.

    >>> nw.parse("conv(10) * 10", act="tanh")
    Architecture(conv(10) * 10, act="tanh")
    >>> nw.parse("")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: architecture: empty text
    >>> nw.parse("conv(10) * 0")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: architecture: repetition times=0: must be at least 1, as in conv(10) * 3
    """
    usual = act, norm, init, inputs, out, out_act

    def architecture(
        tree: Layer,
        act: ActChoice = usual[0],
        norm: NormChoice = usual[1],
        init: InitChoice = usual[2],
        inputs: Inputs | Input | str = usual[3],
        out: int = usual[4],
        out_act: ActChoice = usual[5],
        scale: float | None = None,
    ) -> Architecture:
        return Architecture(tree, act, norm, init, inputs, out, out_act, scale)

    source = Text(text, "architecture")
    whole = replace(PART, calls={**_CALLS, "Architecture": architecture}, inner=PART)
    value = evaluate(source, source.expression(), whole)
    if isinstance(value, Architecture):
        return value
    if not isinstance(value, Layer):
        raise source.error(words.NO_LAYER.format(value=shown(value)), 0, len(text))
    return architecture(value)
