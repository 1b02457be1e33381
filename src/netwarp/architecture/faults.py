"""Where and why a text is no expression: words and a place of netwarp's own, the same in every version of Python.

Asked only of a text that Python's parser refused. It looks at each token and the one before it, from the left, and
tells the first that cannot stand there; what no pair of neighbours shows is told of the whole text. The page's reader
does the same (web/src/engine/language/faults.ts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netwarp import words
from netwarp.architecture.tokens import Fault, Token

# words that stand before a value, between two, and those that are not for expressions
BEFORE: Final = ("lambda", "await", "yield", "not")
BETWEEN: Final = ("and", "or", "in", "is", "if", "else", "for", "from", "async")
SIGNS: Final = ("+", "-", "~")
UNPACKED_AFTER: Final = ("(", "[", "{", ",", "for", "yield", "lambda")  # what * and ** may follow as signs
NEITHER: Final = ("->", "<>", "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**=")
_OPENING = {"(": ")", "[": "]", "{": "}"}
_NOWHERE = Token("symbol", "", 0)


@dataclass(slots=True)
class _Bracket:
    """An open bracket, and the argument being read in it."""

    is_call: bool = False
    named: bool = False  # an argument with a name was read
    first: Token | None = None  # the argument's first token, and how many it has
    length: int = 0
    assigned: bool = False


def fault(found: Sequence[Token], length: int) -> Fault:
    """The fault of a text of that length, of these tokens, which cannot be read."""
    return _first(found) or Fault(words.NO_EXPRESSION, 0, length)


def _first(found: Sequence[Token]) -> Fault | None:
    before, wanted = _NOWHERE, True  # the token before, and whether a value must come
    brackets = [_Bracket()]
    for number, token in enumerate(found):
        here = brackets[-1]
        text, is_symbol = token.text, token.kind == "symbol"
        after_not = before.text == "not" and text == "in"
        if is_symbol and text in (",", ")", "]", "}"):
            if wanted and not (before.text in _OPENING or before.text in (",", ":")):
                return _missing(before, token)
            if wanted and text == "," and before.text != ":":
                return Fault(words.NOTHING_BEFORE.format(what=text), token.start)
            if (wrong := _end(here)) is not None:
                return wrong
            wanted = text == ","
            if text != ",":
                del brackets[max(1, len(brackets) - 1) :]
                _count(brackets[-1], token)
        elif is_symbol and text in _OPENING:
            if not wanted and text == "{":
                return _beside(before, token)
            _count(here, token)
            brackets.append(_Bracket(is_call=text == "(" and not wanted))
            wanted = True
        elif is_symbol and text == "=":
            if not here.is_call or here.assigned or here.length != 1 or before.kind != "name" or before.is_word:
                return Fault(words.NOT_AN_ARGUMENT, token.start)
            here.assigned = wanted = True
        elif (is_symbol and text in NEITHER) or (token.is_word and text not in (*BEFORE, *BETWEEN)):
            return Fault(words.NO_MEANING.format(what=text), token.start, len(text))
        elif token.is_word and text in BEFORE and wanted:
            _count(here, token)
        elif text == "not" and number + 1 < len(found) and found[number + 1].text == "in":
            wanted = True
        elif after_not or text == ":" or (is_symbol and wanted and _is_sign(token, before)):
            _count(here, token)
            wanted = True
        elif (is_symbol and text != "...") or token.is_word:
            if token.is_word and text in BEFORE:
                return _beside(before, token)
            if wanted and not (before.text == "yield" and text == "from"):
                return Fault(words.NOTHING_BEFORE.format(what=text), token.start, len(text))
            _count(here, token)
            wanted = True
        else:
            if not wanted and not (token.kind == "string" and before.kind == "string"):
                return _beside(before, token)
            _count(here, token)
            wanted = False
        before = token
    if wanted and before.text not in (",", ":"):
        return Fault(words.NOTHING_AFTER.format(what=before.text), before.start, len(before.text))
    return None


def _is_sign(token: Token, before: Token) -> bool:
    return token.text in SIGNS or (token.text in ("*", "**") and before.text in UNPACKED_AFTER)


def _count(bracket: _Bracket, token: Token) -> None:
    bracket.first = bracket.first or token
    bracket.length += 1


def _end(bracket: _Bracket) -> Fault | None:
    """At the end of an argument: one without a name behind one with a name is a fault."""
    first = bracket.first
    if bracket.named and first is not None and not bracket.assigned and first.text not in ("*", "**"):
        return Fault(words.ORDER, first.start, len(first.text))
    bracket.named = bracket.named or bracket.assigned
    bracket.first, bracket.length, bracket.assigned = None, 0, False
    return None


def _missing(before: Token, token: Token) -> Fault:
    """A value is missing between these two."""
    if before is _NOWHERE:
        return Fault(words.NOTHING_BEFORE.format(what=token.text), token.start, len(token.text))
    return Fault(words.NOTHING_AFTER.format(what=before.text), before.start, len(before.text))


def _beside(before: Token, token: Token) -> Fault:
    return Fault(words.SIDE_BY_SIDE, before.start, token.end - before.start)
