"""Text to a syntax tree that may be trusted in size and place: Python's own `ast`, after checks of the characters.

Nothing is ever evaluated. Texts are plain ASCII and made one line, so that offsets in the tree are offsets in the text.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from netwarp.errors import LanguageError

CHARACTERS = 10_000
NESTINGS = 50
DIGITS = 4_000  # of a whole number that is read, and bits: Python writes no more than 4,300 digits
BITS = 13_000

_CLOSING = {")": "(", "]": "[", "}": "{"}
_SPACE = " \t\r\n"
# "1if x": Python reads it, with a warning to standard error
_GLUED = re.compile(r"\b\d\w*?(?:and|else|for|if|in|is|not|or)")


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
        if (glued := _GLUED.search(flat)) is not None:
            raise self.error("cannot be read: a number runs into a word", glued.start(), len(glued[0]))
        try:
            # the bracket lets lines break anywhere; `span` takes it off again
            tree = ast.parse(f"({flat})", mode="eval").body
        except SyntaxError as error:
            longest = max(re.finditer(r"\d+", flat), key=lambda run: len(run[0]), default=None)
            if longest is not None and len(longest[0]) > DIGITS:  # Python converts no more, and says no place
                raise self.error("number too large", longest.start(), len(longest[0])) from None
            reason = str(error.msg).split(". ")[0].rstrip("?")
            start = (error.offset or 2) - 2
            length = (error.end_offset or 0) - (error.offset or 0)
            raise self.error(f"cannot be read: {reason}", min(start, max(0, len(flat) - 1)), length) from None
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise self.error(f"cannot be read: {type(error).__name__}, too long or too deep", 0) from None
        for node in ast.walk(tree):
            # a hexadecimal one may be read though Python could not write it in a message
            if isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > BITS:
                raise self.at(node, "number too large")
        return tree

    def checked(self) -> str:
        """The text on one line, of equal length. Errors: LanguageError for its size, a character, bracket or quote."""
        text = self.text
        if not isinstance(text, str):
            raise LanguageError(f"{self.what}: must be text, not {type(text).__name__}", "")
        if len(text) > CHARACTERS:
            raise self.error(f"{len(text):,} characters, at most {CHARACTERS:,} are allowed; repeat with *", CHARACTERS)
        if not text.strip(_SPACE):
            raise self.error("empty text", 0)
        opened: list[int] = []
        quote = -1
        for i, c in enumerate(text):
            if (c not in _SPACE and not " " < c <= "~") or c in "\\#;":
                raise self.error(f"character {c!a} is not allowed", i)
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
                    raise self.error(f"nested too deep: at most {NESTINGS} brackets may be open", i)
            elif c in _CLOSING and (not opened or text[opened.pop()] != _CLOSING[c]):
                raise self.error(f'"{c}" closes no bracket', i)
        if quote >= 0:
            raise self.error("quote is never closed", quote)
        if opened:
            raise self.error(f'"{text[opened[-1]]}" is never closed', opened[-1])
        return "".join(" " if c in _SPACE else c for c in text)


def span(node: ast.expr | ast.keyword) -> tuple[int, int]:
    """Where the node lies in the text: from, and up to (not including)."""
    return node.col_offset - 1, (node.end_col_offset or node.col_offset + 1) - 1


def within(error: LanguageError, text: Text, position: int) -> LanguageError:
    """The error of a smaller text that starts at `position` of `text`, as an error of `text`."""
    return LanguageError(error.message, text.text, position + error.position, error.length)
