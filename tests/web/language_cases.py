"""Texts for both readers of the language, and what Python's makes of each, told as web/tests/language.ts tells it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from netwarp.architecture import notation
from netwarp.architecture.language import parse
from netwarp.architecture.specs import Unset
from netwarp.errors import LanguageError, NetwarpError

READERS = {
    "activation": notation.read_activation,
    "norm": notation.read_norm,
    "distribution": notation.read_distribution,
    "initialiser": notation.read_initialiser,
    "inputs": notation.read_inputs,
}
# fields of whole numbers that the page holds as its usual numbers; others are told as texts
SMALL = ("kernel", "size", "kernels")
PIECES = (
    "conv(", "10", ")", " >> ", " * ", "3", "residual(", ", ", "act=", '"relu"', "norm=None", "(", "pool(", '"max"',
    "1e9", "lambda x: ", ".x", "**", "[", "]", "{", "}", "-", "not ", " if ", " else ", "x", "'", "\n", "é", "\x00",
    ":=", "=", ",", ":", "*", "for x in ", "yield ", "await ", "0x", "08", "1j", "...", "'''", "f'", 'b"', "normal(2)",
    "spatial(scale=", "layer", "None", "True", "-0.0", "1_000", ".5", "5.", "1e-5", "1e400", "random", "$", "!=", "<",
    " and ", " in ", "is ", "~", "+", "/", "%", "@", "|", "kernel=", "bias=", "groups=", "init=", "inputs=",
    "Architecture(", "x y r z(4) ", "fourier(2, 1)", "embed((0,), (1,), (2,))", "1" * 20, "9" * 4001, "__proto__",
    "constructor", "\N{GRINNING FACE}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what it is, and the defaults of an architecture."""

    text: str
    what: str = "architecture"
    defaults: dict[str, Any] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        defaults = {name: _marked(value) for name, value in self.defaults.items()}
        return {"text": self.text, "what": self.what, "defaults": defaults}

    def told(self) -> dict[str, Any]:
        """What Python's reader makes of it."""
        try:
            read = READERS.get(self.what)
            found = parse(self.text, **self.defaults) if read is None else read(self.text)
        except LanguageError as error:
            place = {"position": error.position, "length": error.length}
            return {"kind": "LanguageError", "message": error.message, "about": error.text, **place}
        except NetwarpError as error:
            return {"kind": type(error).__name__, "message": str(error)}
        return {"text": str(found), "tree": _data(found)}


def _marked(value: Any) -> Any:
    """A whole number told apart from a float, which JavaScript's numbers do not."""
    return {"whole": str(value)} if isinstance(value, int) and not isinstance(value, bool) else value


def _data(value: Any, *, small: bool = False) -> Any:
    if isinstance(value, Unset):
        return "unset"
    if is_dataclass(value):
        told = {one.name: _data(getattr(value, one.name), small=one.name in SMALL) for one in fields(value)}
        if type(value).__name__ == "Pool":
            told["pool"] = told.pop("kind")
        return {"kind": type(value).__name__, **told}
    if isinstance(value, tuple):
        return [_data(item, small=small) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and not small else value


def mutations(texts: Sequence[str], count: int, seed: int) -> list[str]:
    """Texts of which a place or more is something else."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        text = chance.choice(texts)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 5)))
            new = chance.choice(("", chance.choice(PIECES), text[start:end] * 2, chance.choice(text or " ")))
            text = text[:start] + new + text[end:]
        found.append(text)
    return found
