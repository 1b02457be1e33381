"""A Slice from a text of the command line, as 'features(0, 3, at=median)': whitelisted names only, never evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from types import MappingProxyType
from typing import Final

import numpy as np

from netwarp.architecture.grammar import Grammar, evaluate
from netwarp.architecture.reader import Text
from netwarp.errors import InputError, shown
from netwarp.models import choosing
from netwarp.models.arrays import Array, numbers
from netwarp.models.choosing import CENTRES
from netwarp.models.data import Data
from netwarp.models.slices import Slice

EXAMPLES: Final = "features(0, 3), pca(), through(0, 7, 9) or around(0, radius=2)"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text says of a Slice: the function it names, and every argument of it by name, defaults included.

    `kind` is features, pca, through, around or Slice. An input is the number of a row, "median", "mean", or a tuple.
    """

    kind: str
    arguments: Mapping[str, object]


def read_slice(text: str, data: Data | None = None) -> Slice:
    """The Slice that a text says.

    `features(i, j, at=median)`, `pca()`, `through(a, b, c)`, `around(a, radius, seed)` or `Slice(origin, u, v)`. An
    input a is the number of a row of `data`, 0 the first; `median` or `mean` of its rows; or its numbers, as in
    (0.5, 1, -2). Errors: LanguageError at the place in the text; InputError where data are needed and there are none.
    """
    functions = _SliceFunctions(data)
    # a column's name without quotes is read as one of netwarp's own
    quoted = {} if data is None else {name: f"a column is named in quotes, as in {name!r}" for name in data.names}
    found = _read(text, functions.by_name(), quoted)
    assert isinstance(found, Slice)
    return replace(found, text=text.strip())


def read_choice(text: str) -> Choice:
    """What the text says, without making the Slice; its data are not needed. Errors: LanguageError."""
    found = _read(text, {name: _told(name, one) for name, one in _SliceFunctions(None).by_name().items()})
    assert isinstance(found, Choice)
    return found


def without_data(text: str, data: Data | None) -> str:
    """A text that says the same plane with numbers in place of `data`: the text itself where it needs none.

    Errors: as `read_slice`; InputError where its numbers are more than a text has room for.
    """
    found = read_slice(text, data)
    try:
        if data is None or _same(read_slice(text), found):
            return text
    except InputError:
        pass  # it needs the data
    said, read = read_choice(text), _SliceFunctions(data)
    if said.kind == "through":
        inputs = (read.input(said.arguments[name], f"through {name}") for name in ("a", "b", "c"))
        return f"through({', '.join(map(_numbers, inputs))})"
    if said.kind == "around":
        start = _numbers(read.input(said.arguments["a"], "around a"))
        return f"around({start}, radius={said.arguments['radius']}, seed={said.arguments['seed']})"
    return f"Slice({', '.join(map(_numbers, (found.origin, found.u, found.v)))})"


def in_python(text: str, data: Data) -> str:
    """A Python expression of the plane that a text says of `data`, where `nw` is netwarp and `data` are these Data; its
    points have the names that Python gives them. Errors: as `read_slice`."""
    said, read = read_choice(text), _SliceFunctions(data)
    told = said.arguments
    if said.kind == "features":
        at = "" if told["at"] is None else f", at={told['at']!r}"
        return f"nw.features({told['i']!r}, {told['j']!r}{at}, data=data)"
    if said.kind == "pca":
        return "nw.pca(data)"

    def point(name: str) -> str:
        row = told[name]
        return f"data.X[{row}]" if isinstance(row, int) else _numbers(read.input(row, f"{said.kind} {name}"))

    if said.kind == "through":
        return f"nw.through({', '.join(map(point, 'abc'))})"
    if said.kind == "around":
        return f"nw.around({point('a')}, radius={told['radius']}, seed={told['seed']})"
    return f"nw.{text.strip()}"


def _same(one: Slice, other: Slice) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("origin", "u", "v"))


def _numbers(of: Array) -> str:
    """The numbers as a text that reads back as the same ones."""
    return f"({', '.join(repr(value).removesuffix('.0') for value in of.tolist())})"


def _read(
    text: str, calls: Mapping[str, Callable[..., object]], hints: Mapping[str, str] = MappingProxyType({})
) -> object:
    grammar = Grammar(calls=calls, inner=Grammar(names={name: name for name in CENTRES}, hints=hints))
    source = Text(text, "slice")
    found = evaluate(source, source.expression(), grammar)
    if not isinstance(found, Slice | Choice):
        raise source.error(f"{shown(found)} is no slice; say {EXAMPLES}", 0, len(text))
    return found


def _told(name: str, function: Callable[..., object]) -> Callable[..., Choice]:
    """A function of the same arguments that only tells what they are."""

    @wraps(function)
    def tell(*positional: object, **named: object) -> Choice:
        bound = signature(function).bind(*positional, **named)
        bound.apply_defaults()
        return Choice(name, dict(bound.arguments))

    return tell


def _called(name: str, said: object) -> str:
    """What an input is called on the picture: the number of its row, or the name it has in the text."""
    return f"row {said}" if isinstance(said, int) else said if isinstance(said, str) else name


_ROWS = "the number of a row, 0 to {}, median, mean, or an input's numbers in brackets, as in (0, 2, 1)"


class _SliceFunctions:
    """The functions of the text, whose names and arguments are those of Python's."""

    def __init__(self, data: Data | None) -> None:
        self.data = data

    def by_name(self) -> dict[str, Callable[..., Slice]]:
        """Every function that a text may call."""
        named = {one.__name__: one for one in (self.features, self.pca, self.through, self.around)}
        return {**named, "Slice": self.by_hand}

    def features(self, i: int | str, j: int | str, at: object = None) -> Slice:
        return choosing.features(i, j, at=at, data=self.data)

    def pca(self) -> Slice:
        return choosing.pca(self._data("pca"))

    def through(self, a: object, b: object, c: object) -> Slice:
        given = {"a": a, "b": b, "c": c}
        found = choosing.through(*(self.input(one, f"through {name}") for name, one in given.items()))
        return replace(found, names=tuple(_called(name, one) for name, one in given.items()))

    def around(self, a: object, radius: float, seed: int = 0) -> Slice:
        return replace(choosing.around(self.input(a, "around a"), radius, seed), names=(_called("a", a),))

    def by_hand(self, origin: object, u: object, v: object) -> Slice:
        return Slice(numbers(origin, "Slice origin"), numbers(u, "Slice u"), numbers(v, "Slice v"))

    def _data(self, what: str, instead: str = "") -> Data:
        if self.data is None:
            raise InputError(f"{what}: needs the data; add --data FILE{instead}")
        return self.data

    def input(self, said: object, what: str) -> Array:
        """An input that is said by the number of a row, its place in the data, or its numbers."""
        if isinstance(said, tuple):
            return numbers(said, what)
        rows = self._data(what, ", or say the input's numbers, as in (0, 2, 1)").X
        if isinstance(said, str):
            if said not in CENTRES:
                raise InputError(f"{what}={shown(said)}: must be {_ROWS.format(len(rows) - 1)}")
            return CENTRES[said](rows)
        if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said < len(rows):
            raise InputError(f"{what}={shown(said)}: must be {_ROWS.format(len(rows) - 1)}")
        return numbers(rows[said], what)
