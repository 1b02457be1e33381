"""Templates: texts of architectures with placeholders, as in "conv({width}) * {depth}"."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from netwarp.architecture import zoo
from netwarp.checks import plain
from netwarp.errors import InputError, shown

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z_0-9]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """The text of an architecture, or the name of one of the zoo, and the names of its placeholders in order."""

    text: str
    placeholders: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Template:
        """Errors: InputError for a brace that belongs to no placeholder."""
        if text in zoo.names():
            return cls(text, ())
        rest = _PLACEHOLDER.sub("", text)
        if "{" in rest or "}" in rest:
            raise InputError(
                f"factor architecture={shown(text)}: a placeholder is a name in braces, as in conv({{width}})"
            )
        return cls(text, tuple(dict.fromkeys(_PLACEHOLDER.findall(text))))

    def filled(self, values: Mapping[str, int | float | str]) -> str:
        """The architecture's text, with the values of its placeholders."""
        if self.text in zoo.names():
            return zoo.find(self.text).text
        return _PLACEHOLDER.sub(lambda found: _written(values[found[1]]), self.text)


def _written(value: int | float | str) -> str:
    if not isinstance(value, str):
        return plain(value)
    # "conv(5) >> conv(5)" stays one operand where "{block} * 3" stands; a list of arguments stays one
    return f"({value})" if _is_chain(value) else value


def _is_chain(text: str) -> bool:
    try:
        return isinstance(ast.parse(text.strip(), mode="eval").body, ast.BinOp)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # whoever reads the architecture says what is wrong
