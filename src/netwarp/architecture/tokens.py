"""A checked text to tokens, as Python's own tokenizer cuts it; what no text of the language has is refused here.

The page's reader cuts a text by the same patterns (web/src/engine/language/tokens.ts), so that both refuse the same
text in the same words at the same place, whatever the version of Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import kwlist
from typing import Final, Literal

from netwarp import words

DIGITS: Final = 4_000  # of a whole number that is read, and bits: Python writes no more than 4,300 digits
BITS: Final = 13_000
OPERATORS: Final = 1_500  # of a text, which may all lie one in another; and of those that are words, as `not`
WORDS: Final = 300

_RUN = "[0-9](?:_?[0-9])*"
# without groups that have a name or a flag, so that the page can use them as they are
QUOTE: Final = "(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?(?:'''|\"\"\"|'|\")"
NUMBER: Final = (
    "0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    f"|(?:(?:{_RUN})?\\.{_RUN}|{_RUN}\\.)(?:[eE][+-]?{_RUN})?[jJ]?|{_RUN}[eE][+-]?{_RUN}[jJ]?|{_RUN}[jJ]"
    "|[1-9](?:_?[0-9])*|0(?:_?0)*"
)
NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
SYMBOL: Final = (
    "\\.\\.\\.|\\*\\*=|//=|>>=|<<=|\\*\\*|//|>>|<<|<=|>=|==|!=|<>|->|:=|\\+=|-=|\\*=|/=|%=|@=|&=|\\|=|\\^="
    "|[-+*/%@&|^~<>()\\[\\]{},:.=]"
)
KEYWORDS: Final = tuple(kwlist)
VALUES: Final = ("None", "True", "False")

_TOKEN = re.compile(f"({QUOTE})|({NUMBER})|({NAME})|({SYMBOL})")
_KINDS: tuple[Kind, ...] = ("string", "number", "name", "symbol")
_RUN_ON = re.compile("[A-Za-z0-9_]*")
_FLAT = ("(", ")", "[", "]", "{", "}", ",", ":", "=")
_NOT_DECIMAL = re.compile("[.eEjJxXoObB]")

Kind = Literal["string", "number", "name", "symbol"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: True, None and Python's keywords are names too."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_word(self) -> bool:
        """Whether it is a keyword that is no value, as `not`."""
        return self.kind == "name" and self.text in KEYWORDS and self.text not in VALUES


class Fault(Exception):
    """Why a text cannot be read: in words, from `position` on, `length` characters."""

    def __init__(self, message: str, position: int, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length


def tokens(flat: str) -> list[Token]:
    """The tokens of a text on one line. Errors: Fault for the first that is none, or stands for too large a number."""
    found: list[Token] = []
    at = 0
    while at < len(flat):
        if flat[at] == " ":
            at += 1
            continue
        match = _TOKEN.match(flat, at)
        if match is None:
            raise Fault(words.NO_MEANING.format(what=flat[at]), at)
        token = Token(_KINDS[(match.lastindex or 1) - 1], match[0], at)
        if token.kind == "string":
            token = _string(flat, token)
        elif token.kind == "number":
            _check_number(flat, token)
        found.append(token)
        at = token.end
    if _nesting(found) > OPERATORS or sum(one.is_word for one in found) > WORDS:
        raise Fault(words.TOO_DEEP, 0)
    return found


def _nesting(found: list[Token]) -> int:
    """How many operators, words, and brackets after brackets there are: no tree is much deeper."""
    count, before = 0, ""
    for one in found:
        chained = one.text in "([" and before in (")", "]", "}")
        count += one.is_word or chained or (one.kind == "symbol" and one.text not in _FLAT)
        before = one.text
    return count


def _string(flat: str, opening: Token) -> Token:
    """The whole literal that starts with this quote."""
    quote = opening.text.lstrip("rRuUbBfFtT")
    end = flat.find(quote, opening.end)
    if end < 0:  # three quotes, closed by fewer
        raise Fault(words.QUOTE_OPEN, opening.start)
    whole = Token("string", flat[opening.start : end + len(quote)], opening.start)
    prefix = opening.text[: -len(quote)].lower()
    for letter, refused in (("f", words.F_STRING), ("t", words.T_STRING), ("b", words.BYTES)):
        if letter in prefix:
            raise Fault(words.NOT_PART.format(what=refused), whole.start, len(whole.text))
    return whole


def _check_number(flat: str, token: Token) -> None:
    run = _RUN_ON.match(flat, token.end)
    if run is not None and run[0]:
        zeros = not _NOT_DECIMAL.search(token.text) and not run[0].replace("_", "").strip("0123456789")
        message = words.LEADING_ZEROS if zeros and token.text[0] == "0" else words.RUN_ON
        raise Fault(message, token.start, run.end() - token.start)
    if is_whole(token.text) and (len(token.text) > DIGITS or int(token.text, 0).bit_length() > BITS):
        raise Fault(words.TOO_LARGE, token.start, len(token.text))


def is_whole(number: str) -> bool:
    """Whether a number's token is a whole number."""
    return number[:2].lower() in ("0x", "0b", "0o") or not _NOT_DECIMAL.search(number)
