"""The small languages: an activation, norm, distribution, initialiser or the inputs, from text or from a value.

"leaky(0.1)"; "spatial(scale=3, shift=normal(2))"; "uniform(0, 1)"; "he(gain=0.5)"; "x y r z(4) fourier(16, 4)".
Errors: LanguageError at the place in the text; InputError where a value is neither text nor of its type.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from inspect import Parameter, Signature
from typing import Final

from netwarp import words
from netwarp.activations.registry import FACES, spelt
from netwarp.architecture.expressions import is_expression, read_expression
from netwarp.architecture.grammar import Grammar, evaluate
from netwarp.architecture.inputs import Coordinate, Embed, Fixed, Fourier, Input, Inputs, Latent, Periodic, Scaling
from netwarp.architecture.reader import Text, within
from netwarp.architecture.specs import (
    ACTIVATIONS,
    INITIALISERS,
    Activation,
    Constant,
    Distribution,
    Initialiser,
    LayerNorm,
    Normal,
    Spatial,
    Uniform,
    Unset,
    distribution,
    layer_norm,
    normal,
    spatial,
    uniform,
)
from netwarp.architecture.symmetry import CELL, GROUPS, SIGMA, WAVES, Rosette, Wallpaper
from netwarp.errors import InputError, LanguageError, shown

ActChoice = Activation | str | Unset | None
NormChoice = Spatial | LayerNorm | str | Unset | None
InitChoice = Initialiser | Normal | Uniform | str | Unset


def _activation(name: str, argument: str) -> Callable[..., Activation]:
    def activation(*values: float, **named: float) -> Activation:
        return Activation(name, *values, *named.values())

    # one argument, by the name of the face's parameter
    activation.__signature__ = Signature([Parameter(argument, Parameter.POSITIONAL_OR_KEYWORD)])  # type: ignore[attr-defined]
    return activation


def _scaled(name: str) -> Callable[..., Initialiser]:
    def scaled(gain: float = 1.0, bias: float = 0.0) -> Initialiser:
        return Initialiser(name, None, gain, distribution(f"{name} bias", bias))

    return scaled


def _normal(std: float, gain: float = 1.0, bias: float = 0.0) -> Initialiser:
    return Initialiser("normal", std, gain, distribution("normal bias", bias))


def _uniform(a: float, gain: float = 1.0, bias: float = 0.0) -> Initialiser:
    return Initialiser("uniform", a, gain, distribution("uniform bias", bias))


def _latent(n: object, drawn: object = Normal(0.0, 1.0)) -> Latent | Fixed:
    """z(4), z(4, uniform(-1, 1)), or the values themselves, z((0.1, -2))."""
    if isinstance(n, tuple):
        return Fixed(n)
    return Latent(n, distribution("z drawn", drawn))  # type: ignore[arg-type]  # Latent checks it, and distribution


def _scale(size: float) -> Scaling:
    return Scaling(size)


def _periodic(axis: str) -> Periodic:
    return Periodic(axis)


def _mirror(n: int = WAVES, sigma: float = SIGMA) -> Rosette:
    return Rosette(1, True, n, sigma)


def _rotate(fold: int, n: int = WAVES, sigma: float = SIGMA) -> Rosette:
    return Rosette(fold, False, n, sigma)


def _dihedral(fold: int, n: int = WAVES, sigma: float = SIGMA) -> Rosette:
    return Rosette(fold, True, n, sigma)


def _wallpaper(group: str, n: int = WAVES, cell: float = CELL, ratio: float = 1.0, shear: float = 0.0) -> Wallpaper:
    return Wallpaper(group, n, cell, ratio, shear)


_DISTRIBUTION: Final = Grammar(calls={"normal": normal, "uniform": uniform}, inner=Grammar())
_ACTIVATION: Final = Grammar(
    calls={
        one.name: _activation(one.name, one.parameter.name)
        for one in FACES.values()
        if one.parameter is not None and not one.parameter.learned
    },
    names={name: Activation(name) for name in ACTIVATIONS},
    hints={"softmax": words.SOFTMAX},
    inner=Grammar(names={"random": "random"}),
)
_NORM: Final = Grammar(
    calls={"spatial": spatial, "layer": layer_norm, "layer_norm": layer_norm},
    names={"spatial": Spatial(), "layer": LayerNorm(), "layer_norm": LayerNorm(), "none": None},
    inner=_DISTRIBUTION,
)
_SCALED: Final = INITIALISERS[:4]
_INITIALISER: Final = Grammar(
    calls={**{name: _scaled(name) for name in _SCALED}, "normal": _normal, "uniform": _uniform},
    names={name: Initialiser(name) for name in _SCALED},
    inner=_DISTRIBUTION,
)
_INPUT: Final = Grammar(
    calls={
        "z": _latent,
        "fourier": Fourier,
        "periodic": _periodic,
        "embed": Embed,
        "scale": _scale,
        "mirror": _mirror,
        "rotate": _rotate,
        "dihedral": _dihedral,
        "wallpaper": _wallpaper,
    },
    names={name: Coordinate(name) for name in ("x", "y", "r", "bias")},
    inner=Grammar(calls=_DISTRIBUTION.calls, names={name: name for name in ("x", "y", *GROUPS)}, inner=Grammar()),
)
# by the name that errors begin with
GRAMMARS: Final = {
    "activation": _ACTIVATION,
    "norm": _NORM,
    "distribution": _DISTRIBUTION,
    "initialiser": _INITIALISER,
    "inputs": _INPUT,
}


def read_activation(text: str) -> Activation:
    """An activation such as "relu", "leaky(0.1)", "leaky(random)" or "sin(30)"; "ReLU()" and "logistic" are known."""
    source = Text(text, "activation")
    value = evaluate(source, _respelt(source.expression()), _ACTIVATION)
    if not isinstance(value, Activation):
        raise source.error(words.NO_ACTIVATION.format(value=shown(value)), 0, len(text))
    return value


def _respelt(tree: ast.expr) -> ast.expr:
    """The tree with the language's names where another library's stand: ReLU, LeakyReLU(negative_slope=0.1)."""
    named = tree.func if isinstance(tree, ast.Call) else tree
    if not isinstance(named, ast.Name):
        return tree
    named.id = spelt(named.id)
    if not isinstance(tree, ast.Call):
        return tree
    for keyword in tree.keywords:
        if named.id == "leaky" and keyword.arg == "negative_slope":
            keyword.arg = "slope"
    # PyTorch prints a module with its arguments: ReLU()
    return tree if tree.args or tree.keywords or named.id not in FACES else named


def read_norm(text: str) -> Spatial | LayerNorm | None:
    """A norm such as "spatial(scale=3, shift=normal(2))", "layer" or "none"."""
    source = Text(text, "norm")
    value = evaluate(source, source.expression(), _NORM)
    if value is not None and not isinstance(value, Spatial | LayerNorm):
        raise source.error(words.NO_NORM.format(value=shown(value)), 0, len(text))
    return value


def read_distribution(text: str) -> Distribution:
    """A distribution such as "3", "normal(2)", "normal(1, 1)" or "uniform(0, 1)"."""
    source = Text(text, "distribution")
    value = evaluate(source, source.expression(), _DISTRIBUTION)
    if isinstance(value, Normal | Uniform):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise source.error(words.NO_DISTRIBUTION.format(value=shown(value)), 0, len(text))
    try:
        return Constant(value)
    except InputError as error:
        raise source.error(str(error), 0, len(text)) from None


def read_initialiser(text: str) -> Initialiser:
    """An initialiser such as "he", "he(gain=0.5)", "normal(0.1)" or "orthogonal(gain=1.4, bias=normal(0.3))"."""
    source = Text(text, "initialiser")
    value = evaluate(source, source.expression(), _INITIALISER)
    if not isinstance(value, Initialiser):
        raise source.error(words.NO_INITIALISER.format(value=shown(value)), 0, len(text))
    return value


def read_inputs(text: str) -> Inputs:
    """Inputs, with spaces between them, such as "x y r bias z(4) fourier(16, 4) periodic(x)"."""
    source = Text(text, "inputs")
    parts: list[Input] = []
    for start, piece in _pieces(source.checked()):
        one = Text(piece, "inputs")
        try:
            value = _input(one)
        except LanguageError as error:
            raise within(error, source, start) from None
        if not isinstance(value, Input):
            raise source.error(words.NO_INPUT.format(value=shown(value)), start, len(piece))
        parts.append(value)
    return Inputs(tuple(parts))


def _input(text: Text) -> object:
    tree = text.expression()
    if not is_expression(tree):
        return evaluate(text, tree, _INPUT)
    found = read_expression(text, tree)
    return Coordinate(found) if isinstance(found, str) else found


def _pieces(text: str) -> list[tuple[int, str]]:
    """The parts of a checked text between spaces outside brackets, each with its offset."""
    pieces: list[tuple[int, str]] = []
    start, opened = 0, 0
    for i, c in enumerate(text + " "):
        opened += (c in "([{") - (c in ")]}")
        if c == " " and opened == 0:
            if i > start:
                pieces.append((start, text[start:i]))
            start = i + 1
    return pieces


# a study reads the same few texts for each of its points
_known_activation = lru_cache(maxsize=256)(read_activation)
_known_norm = lru_cache(maxsize=256)(read_norm)
_known_initialiser = lru_cache(maxsize=256)(read_initialiser)
_known_inputs = lru_cache(maxsize=256)(read_inputs)


def to_activation(what: str, value: ActChoice) -> Activation:
    """`what` is "conv act", the owner and the argument; None is linear."""
    if value is None:
        return Activation("linear")
    if isinstance(value, str):
        return _known_activation(value)
    if not isinstance(value, Activation):
        raise InputError(words.ANY_ACTIVATION.format(what=what, value=shown(value)))
    return value


def to_norm(what: str, value: NormChoice) -> Spatial | LayerNorm | None:
    if isinstance(value, str):
        return _known_norm(value)
    if value is not None and not isinstance(value, Spatial | LayerNorm):
        raise InputError(words.ANY_NORM.format(what=what, value=shown(value)))
    return value


def to_initialiser(what: str, value: InitChoice) -> Initialiser:
    """A normal(std) about 0, or a uniform(-a, a), stands for the initialiser of that name."""
    if isinstance(value, str):
        return _known_initialiser(value)
    if isinstance(value, Normal) and value.mean == 0:
        return Initialiser("normal", value.std)
    if isinstance(value, Uniform) and value.low == -value.high:
        return Initialiser("uniform", value.high)
    if not isinstance(value, Initialiser):
        raise InputError(words.ANY_INITIALISER.format(what=what, value=shown(value)))
    return value


def to_inputs(what: str, value: Inputs | Input | str) -> Inputs:
    if isinstance(value, str):
        return _known_inputs(value)
    if isinstance(value, Input):
        return Inputs((value,))
    if not isinstance(value, Inputs):
        raise InputError(words.ANY_INPUTS.format(what=what, value=shown(value)))
    return value
