"""Text to a syntax tree that may be trusted in size and place: Python's own `ast`, after checks of the characters.

Nothing is ever evaluated. Texts are plain ASCII and made one line, so that offsets in the tree are offsets in the text.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from netwarp import words
from netwarp.architecture.faults import fault
from netwarp.architecture.tokens import Fault, tokens
from netwarp.errors import LanguageError

CHARACTERS = 10_000
NESTINGS = 50

_CLOSING = {")": "(", "]": "[", "}": "{"}
_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Text:
    """A text being read, and what it is ("architecture", "activation", ...), for the messages."""

    text: str
    what: str

    def error(self, message: str, position: int, length: int = 1) -> LanguageError:
        return LanguageError(f"{self.what}: {message}", self.text, position, length)

    def at(self, node: ast.expr | ast.keyword, message: str) -> LanguageError:
        """An error whose carets lie under `node`."""
        start, end = span(node)
        return self.error(message, start, end - start)

    def expression(self) -> ast.expr:
        """The syntax tree, whose nodes' places `span` gives. Errors: LanguageError for whatever `ast` does not like."""
        flat = self.checked()
        try:
            found = tokens(flat)
            try:
                # the bracket lets lines break anywhere; `span` takes it off again
                return ast.parse(f"({flat})", mode="eval").body
            except (SyntaxError, ValueError):  # Python's words and place differ from version to version
                raise fault(found, len(flat)) from None
            except (RecursionError, MemoryError, OverflowError):
                raise Fault(words.TOO_DEEP, 0) from None
        except Fault as error:
            raise self.error(error.message, error.position, error.length) from None

    def checked(self) -> str:
        """The text on one line, of equal length. Errors: LanguageError for its size, a character, bracket or quote."""
        text = self.text
        if not isinstance(text, str):
            raise LanguageError(f"{self.what}: {words.NOT_TEXT.format(type=type(text).__name__)}", "")
        if len(text) > CHARACTERS:
            told = words.TOO_LONG.format(count=f"{len(text):,}", most=f"{CHARACTERS:,}")
            raise self.error(told, CHARACTERS)
        if not text.strip(_SPACE):
            raise self.error(words.EMPTY, 0)
        opened: list[int] = []
        quote = -1
        for i, c in enumerate(text):
            if (c not in _SPACE and not " " < c <= "~") or c in "\\#;":
                raise self.error(words.CHARACTER.format(character=ascii(c)), i)
            if quote >= 0:
                if c == text[quote]:
                    quote = -1
                elif c in "\r\n":
                    break
            elif c in "\"'":
                quote = i
            elif c in "([{":
                opened.append(i)
                if len(opened) > NESTINGS:
                    raise self.error(words.TOO_NESTED.format(most=NESTINGS), i)
            elif c in _CLOSING and (not opened or text[opened.pop()] != _CLOSING[c]):
                raise self.error(words.CLOSES_NOTHING.format(bracket=c), i)
        if quote >= 0:
            raise self.error(words.QUOTE_OPEN, quote)
        if opened:
            raise self.error(words.BRACKET_OPEN.format(bracket=text[opened[-1]]), opened[-1])
        return "".join(" " if c in _SPACE else c for c in text)


def span(node: ast.expr | ast.keyword) -> tuple[int, int]:
    """Where the node lies in the text: from, and up to (not including)."""
    return node.col_offset - 1, (node.end_col_offset or node.col_offset + 1) - 1


def within(error: LanguageError, text: Text, position: int) -> LanguageError:
    """The error of a smaller text that starts at `position` of `text`, as an error of `text`."""
    return LanguageError(error.message, text.text, position + error.position, error.length)
