"""Factors: what varies in a study. Each has a name and values; what the name stands for says what a value may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Final

from netwarp.architecture.inputs import Inputs
from netwarp.architecture.notation import (
    read_activation,
    read_distribution,
    read_initialiser,
    read_inputs,
    read_norm,
)
from netwarp.architecture.specs import Activation, Constant, Initialiser, LayerNorm, Normal, Spatial, Uniform
from netwarp.checks import LARGEST, number, string, whole
from netwarp.errors import InputError, shown
from netwarp.study.grid.where import Value

ARCHITECTURE: Final = "architecture"
MODEL: Final = "model"
SCALE: Final = "scale"
SHIFT: Final = "shift"
MAGNITUDE: Final = "magnitude"
MOST: Final = 10_000  # values of a factor
LONGEST: Final = 10_000  # characters of a value


def _distribution(value: Value) -> object:
    return read_distribution(value) if isinstance(value, str) else Constant(value)


def _text(read: Callable[[str], object], example: str) -> Callable[[Value], object]:
    def reading(value: Value) -> object:
        if not isinstance(value, str):
            raise InputError(f"must be a text, as in {example}")
        return read(value)

    return reading


# what a value means of each factor that is no placeholder; equal meanings are one value written twice
MEANINGS: Final[Mapping[str, Callable[[Value], object]]] = {
    "act": _text(read_activation, '"relu"'),
    "norm": _text(read_norm, '"spatial(scale=3)" or "none"'),
    "init": _text(read_initialiser, '"he"'),
    "inputs": _text(read_inputs, '"x y r"'),
    "out": lambda value: whole(value, "out", example="out = [3]"),
    "out_act": _text(read_activation, '"linear"'),
    SCALE: _distribution,
    SHIFT: _distribution,
    MAGNITUDE: lambda value: number(value, MAGNITUDE, least=0),
}
# no list of values: a set, whose order is another in every process, is none either
_SINGLE: Final = (str, bytes, Mapping, Set)
# what a value may be given as in Python; its text reads back equal
_OBJECTS: Final = Activation | Constant | Initialiser | Inputs | LayerNorm | Normal | Spatial | Uniform


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor and its values in order, numbers or texts, none twice."""

    name: str
    values: tuple[Value, ...]


def factors_of(given: object) -> tuple[Factor, ...]:
    """The factors of a mapping from names to a value or a list of values, in its order.

    Errors: InputError naming the factor for a value that is no number or text, for one that stands twice, and for none.
    """
    if isinstance(given, tuple) and all(isinstance(one, Factor) for one in given):
        given = {one.name: list(one.values) for one in given}
    if not isinstance(given, Mapping):
        raise InputError(f'study factors={shown(given)}: must be factors by name, as in {{"act": ["relu", "tanh"]}}')
    if not given:
        raise InputError('study factors: there is none; name some, as in architecture = ["conv(10) * 10"]')
    return tuple(_factor(name, values) for name, values in given.items())


def _factor(name: object, given: object) -> Factor:
    if not isinstance(name, str) or not name.isidentifier():
        raise InputError(f"factor {shown(name)}: a factor's name is a word, as in width")
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, _SINGLE) else [given]
    if not listed:
        raise InputError(f"factor {name}: has no values, so there are 0 runs; give at least one")
    if len(listed) > MOST:
        raise InputError(f"factor {name}: {len(listed):,} values, at most {MOST:,} are allowed")
    values = tuple(_value(name, one) for one in listed)
    for place, value in enumerate(values):
        # 1 and 1.0 are one value
        if value in values[:place]:
            raise InputError(f"factor {name}: {shown(value)} stands twice; leave one out")
    return Factor(name, values)


def _value(name: str, value: object) -> Value:
    if isinstance(value, _OBJECTS):
        return str(value)
    if value is None and name == "norm":
        return "none"
    if isinstance(value, str):
        return string(value, f"factor {name}", LONGEST)
    if isinstance(value, bool):
        raise InputError(f'factor {name}={value}: values are numbers or texts; write "{value}"')
    if isinstance(value, Integral):
        return whole(value, f"factor {name}", -LARGEST)
    if isinstance(value, Real):
        return number(value, f"factor {name}")
    raise InputError(f"factor {name}={shown(value)}: values are numbers or texts")


def meanings_of(factor: Factor) -> dict[Value, object]:
    """What each value means, of a factor that is a keyword. Errors: InputError naming the factor and the value."""
    found: dict[Value, object] = {}
    for value in factor.values:
        try:
            meaning = MEANINGS[factor.name](value)
        except InputError as error:
            raise InputError(f"factor {factor.name}={shown(value)}: {error}") from None
        for other, known in found.items():
            if known == meaning:
                raise InputError(f"factor {factor.name}: {shown(value)} and {shown(other)} are the same; leave one out")
        found[value] = meaning
    return found
