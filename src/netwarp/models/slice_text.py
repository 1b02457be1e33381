"""A Slice from a text of the command line, as 'features(0, 3, at=median)': whitelisted names only, never evaluated."""

from __future__ import annotations

from typing import Final

from netwarp.architecture.grammar import Grammar, evaluate
from netwarp.architecture.reader import Text
from netwarp.errors import InputError, shown
from netwarp.models import choosing
from netwarp.models.arrays import Array, numbers
from netwarp.models.choosing import CENTRES
from netwarp.models.data import Data
from netwarp.models.slices import Slice

EXAMPLES: Final = "features(0, 3), pca(), through(0, 7, 9) or around(0, radius=2)"


def read_slice(text: str, data: Data | None = None) -> Slice:
    """The Slice that a text says.

    `features(i, j, at=median)`, `pca()`, `through(a, b, c)` or `around(a, radius, seed)`. An input a is the number of a
    row of `data`, 0 the first; `median` or `mean` of its rows; or its numbers, as in (0.5, 1, -2).
    Errors: LanguageError at the place in the text; InputError where data are needed and there are none.
    """
    reader = _SliceFunctions(data)
    grammar = Grammar(
        calls={one.__name__: one for one in (reader.features, reader.pca, reader.through, reader.around)},
        inner=Grammar(names={name: name for name in CENTRES}),
    )
    source = Text(text, "slice")
    found = evaluate(source, source.expression(), grammar)
    if not isinstance(found, Slice):
        raise source.error(f"{shown(found)} is no slice; say {EXAMPLES}", 0, len(text))
    return found


class _SliceFunctions:
    """The functions of the text, whose names and arguments are those of Python's."""

    def __init__(self, data: Data | None) -> None:
        self.data = data

    def features(self, i: int | str, j: int | str, at: object = None) -> Slice:
        return choosing.features(i, j, at=at, data=self.data)

    def pca(self) -> Slice:
        return choosing.pca(self._data("pca"))

    def through(self, a: object, b: object, c: object) -> Slice:
        points = (self._input(one, f"through {name}") for name, one in (("a", a), ("b", b), ("c", c)))
        return choosing.through(*points)

    def around(self, a: object, radius: float, seed: int = 0) -> Slice:
        return choosing.around(self._input(a, "around a"), radius, seed)

    def _data(self, what: str) -> Data:
        if self.data is None:
            raise InputError(f"{what}: needs the data; add --data FILE")
        return self.data

    def _input(self, said: object, what: str) -> Array:
        if isinstance(said, tuple):
            return numbers(said, what)
        rows = self._data(what).X
        if isinstance(said, str):
            if said not in CENTRES:
                raise InputError(f"{what}={shown(said)}: must be the number of a row, median, mean or numbers in ()")
            return CENTRES[said](rows)
        if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said < len(rows):
            raise InputError(f"{what}={shown(said)}: must be the number of a row, 0 to {len(rows) - 1}")
        return numbers(rows[said], what)
