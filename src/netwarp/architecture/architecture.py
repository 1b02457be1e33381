"""Architecture: what a network is before any number is drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from netwarp import words
from netwarp.architecture.counts import count
from netwarp.architecture.inputs import Input, Inputs
from netwarp.architecture.nodes import Act, Conv, Depthwise, Inception, Layer, Maxout, Norm, children
from netwarp.architecture.notation import (
    ActChoice,
    InitChoice,
    NormChoice,
    to_activation,
    to_initialiser,
    to_inputs,
    to_norm,
)
from netwarp.architecture.reader import CHARACTERS, NESTINGS, Text
from netwarp.architecture.specs import UNSET, Activation, Constant, Initialiser, LayerNorm, Normal, Spatial, Unset
from netwarp.checks import whole
from netwarp.errors import InputError, LanguageError, LimitError, shown

DEFAULT_NORM: Final = Spatial(Constant(3.0), Normal(0.0, 2.0))  # the founding note's own
LINEAR: Final = Activation("linear")


@dataclass(frozen=True, slots=True, init=False)
class Architecture:
    """A tree of layers and the defaults they share; equal where their texts are equal, and hashable.

    After the tree comes the read-out: `out` channels, 1x1, with bias, no norm, activation `out_act`.
    `str` gives the canonical text, which `parse` reads back equal: the tree alone where every default is the usual one.
    Options are given as objects or small texts; `dataclasses.replace(architecture, act="sin(30)")` changes one.
    `scale=8` is short for a scale(8) among the inputs.
    Errors: InputError naming the argument; LimitError where the text would be longer or deeper than `parse` reads.

    >>> nw.Architecture(nw.conv(10) * 10)
    Architecture(conv(10) * 10)
    >>> nw.Architecture(nw.conv(10), act="tanh", out=1)
    Architecture(conv(10), act="tanh", out=1)
    >>> nw.Architecture(nw.conv(10), act="tahn")
    Traceback (most recent call last):
        ...
    netwarp.errors.LanguageError: activation: unknown name 'tahn'; did you mean "tanh"?
    """

    tree: Layer
    act: Activation
    norm: Spatial | LayerNorm | None
    init: Initialiser
    inputs: Inputs
    out: int
    out_act: Activation

    # written out, because the arguments are wider than the fields
    def __init__(
        self,
        tree: Layer,
        act: ActChoice = "relu",
        norm: NormChoice = DEFAULT_NORM,
        init: InitChoice = "he",
        inputs: Inputs | Input | str = "x y",
        out: int = 3,
        out_act: ActChoice = "linear",
        scale: float | None = None,
    ) -> None:
        if not isinstance(tree, Layer):
            raise InputError(words.NO_TREE.format(value=shown(tree)))
        keep = object.__setattr__
        keep(self, "tree", tree)
        keep(self, "act", to_activation("Architecture act", act))
        keep(self, "norm", to_norm("Architecture norm", norm))
        keep(self, "init", to_initialiser("Architecture init", init))
        read = to_inputs("Architecture inputs", inputs)
        keep(self, "inputs", read if scale is None else read.scaled(scale))
        keep(self, "out", whole(out, "Architecture out", example="out=3"))
        keep(self, "out_act", to_activation("Architecture out_act", out_act))
        _check_readable(self)

    def __str__(self) -> str:
        return self._text()

    def _text(self, *, inputs: bool = True) -> str:
        given = {name: getattr(self, name) for name in _USUAL if inputs or name != "inputs"}
        changed = [f"{name}={_quoted(value)}" for name, value in given.items() if value != _USUAL[name]]
        return f"Architecture({', '.join([str(self.tree), *changed])})" if changed else str(self.tree)

    def __repr__(self) -> str:
        return str(self) if str(self).startswith("Architecture(") else f"Architecture({self})"

    @property
    def readout(self) -> Conv:
        """The last layer, after the tree."""
        return Conv(self.out, 1, 1, self.out_act, None, UNSET, True)

    def shortcut(self, channels: int) -> Conv:
        """What x passes in a residual whose body has other channels than x."""
        return Conv(channels, 1, 1, LINEAR)

    def act_of(self, layer: Conv | Depthwise | Inception | Act) -> Activation:
        """The layer's activation, or the shared one."""
        own = layer.activation if isinstance(layer, Act) else layer.act
        return self.act if isinstance(own, Unset) else own

    def norm_of(self, layer: Conv | Depthwise | Maxout | Inception | Norm) -> Spatial | LayerNorm | None:
        """The layer's norm, or the shared one; None is no norm."""
        return self.norm if isinstance(layer.norm, Unset) else layer.norm

    def init_of(self, layer: Conv | Depthwise | Maxout | Inception) -> Initialiser:
        """The layer's initialiser, or the shared one."""
        return self.init if isinstance(layer.init, Unset) else layer.init

    def biased(self, layer: Conv | Depthwise | Maxout) -> bool:
        """Whether the layer has a bias: as told, else only without a norm. Never under a spatial norm: it cancels."""
        norm = self.norm_of(layer)
        return norm is None if layer.bias is None else layer.bias and not isinstance(norm, Spatial)

    def _repr_html_(self) -> str:
        """Text, layers, units and parameters, for a notebook; everything is escaped."""
        from html import escape

        try:
            counts = count(self)
            named = (counts.layers, "layer"), (counts.units, "unit"), (counts.parameters, "parameter")
            numbers = ", ".join(f"{n:,} {noun}{'' if n == 1 else 's'}" for n, noun in named)
        except InputError as error:
            numbers = str(error)
        return f"<div><code>{escape(str(self))}</code><br><small>{escape(numbers)}</small></div>"


_USUAL: Final[dict[str, object]] = {
    "act": Activation("relu"),
    "norm": DEFAULT_NORM,
    "init": Initialiser("he"),
    "inputs": to_inputs("inputs", "x y"),
    "out": 3,
    "out_act": LINEAR,
}
assert [field.name for field in fields(Architecture)][1:] == list(_USUAL)


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, Activation | Initialiser | Inputs) else str(value)


def _check_readable(architecture: Architecture) -> None:
    """Refuses what `parse` would: too deep, or too long. Errors: LimitError.

    The inputs are left out, so that an embed of hundreds of numbers can be had in Python, though not as text.
    """
    level: list[Layer] = [architecture.tree]
    for _ in range(3 * NESTINGS):  # a bracket holds at most a container, a repetition and a sequence
        # a layer that stands in several places is looked at once a level, or doubling would outgrow memory
        level = list({id(child): child for layer in level for child in children(layer)}.values())
        if not level:
            break
    else:
        raise LimitError(words.NEST_LESS.format(most=NESTINGS))
    if _nodes(architecture.tree, {}) > CHARACTERS:
        raise LimitError(words.WRITTEN_TOO_LONG.format(most=f"{CHARACTERS:,}"))
    try:
        Text(architecture._text(inputs=False), "Architecture").checked()
    except LanguageError as error:
        raise LimitError(error.message) from None


def _nodes(layer: Layer, known: dict[int, int]) -> int:
    """How many layers the text names; `known` keeps those of each object, so that shared ones are counted once."""
    if id(layer) not in known:
        known[id(layer)] = 1 + sum(_nodes(child, known) for child in children(layer))
    return known[id(layer)]
