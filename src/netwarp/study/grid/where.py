"""where: which points of a grid make sense, as a condition on the names of its factors. Nothing is ever executed.

"width * depth <= 200"; "act in ('relu', 'tanh') and not depth % 2". Numbers, texts, names of factors, + - * / // %,
comparisons (chained too), `in`, and, or, not. No power, no call, no attribute.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from netwarp.architecture.reader import Text, span
from netwarp.errors import nearest, shown

Value = int | float | str
DEEPEST: Final = 200  # a sum of so many terms: Python's own stack ends at a thousand

_ARITHMETIC: Final[dict[type[ast.operator], tuple[str, Callable[[float, float], float]]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
}
_COMPARED: Final[dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], object]]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_ALLOWED: Final = "allowed are factors, numbers, texts, + - * / // %, comparisons, in, and, or, not"


class Unsaid(Exception):
    """The condition has no value at a point; the message is the clause that says why."""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition that was read: `Where.read(text, names)`. True or false of the values of a point."""

    text: str
    tree: ast.expr
    names: frozenset[str]  # the factors it is about

    @classmethod
    def read(cls, text: str, names: tuple[str, ...]) -> Where:
        """The condition of a text on factors of these names. Errors: LanguageError at the place in the text."""
        source = Text(text, "where")
        tree = source.expression()
        used: set[str] = set()
        _check(source, tree, names, used)
        if not _is_condition(tree):
            raise source.error("is no condition; compare something, as in width * depth <= 200", 0, len(text))
        if not used:
            raise source.error("names no factor, so it says the same of every point; leave it out", 0, len(text))
        return cls(text, tree, frozenset(used))

    def keeps(self, values: Mapping[str, Value]) -> bool:
        """Whether the condition holds for the values of a point. Errors: Unsaid where they do not go together."""
        return bool(_value(self.tree, values))


def _is_condition(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _check(text: Text, tree: ast.expr, names: tuple[str, ...], used: set[str]) -> None:
    """Refuses what is not of this language, at its place."""
    waiting: list[tuple[ast.expr, int, bool]] = [(tree, 1, False)]  # node, depth, whether a list may stand here
    while waiting:
        node, depth, listed = waiting.pop()
        if depth > DEEPEST:
            raise text.at(node, f"more than {DEEPEST} operators deep; use in, or fewer terms")
        for child, may in _children(text, node, listed):
            waiting.append((child, depth + 1, may))
        if isinstance(node, ast.Name):
            if node.id not in names:
                near = nearest(node.id, names) or f"; the factors are {', '.join(names)}"
                raise text.at(node, f"no factor {shown(node.id)}{near}")
            used.add(node.id)


def _children(text: Text, node: ast.expr, listed: bool) -> list[tuple[ast.expr, bool]]:
    """The operands of a node, each with whether it may be a list. Errors: LanguageError."""
    match node:
        case ast.Name():
            return []
        case ast.Constant(value=value):
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise text.at(node, f"{shown(value)} is not part of the language; {_ALLOWED}")
            if isinstance(value, float) and not isfinite(value):
                raise text.at(node, "number too large")
            return []
        case ast.BoolOp(values=values):
            return [(value, False) for value in values]
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return [(operand, False)]
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) not in _ARITHMETIC:
                what = "power" if isinstance(op, ast.Pow) else "this operator"
                start = span(left)[1]
                raise text.error(f"{what} is not part of the language; {_ALLOWED}", start, span(right)[0] - start)
            return [(left, False), (right, False)]
        case ast.Compare(left=left, ops=ops, comparators=right):
            for comparison, operand in zip(ops, right, strict=True):
                if isinstance(comparison, ast.In | ast.NotIn) and not isinstance(operand, ast.Tuple | ast.List):
                    raise text.at(operand, '"in" needs a list, as in act in ("relu", "tanh")')
                if isinstance(comparison, ast.Is | ast.IsNot):
                    raise text.at(node, '"is" is not part of the language; write == or !=')
            in_list = [isinstance(one, ast.In | ast.NotIn) for one in ops]
            return [(left, False), *zip(right, in_list, strict=True)]
        case ast.Tuple(elts=elements) | ast.List(elts=elements) if listed:
            return [(element, False) for element in elements]
        case ast.Tuple() | ast.List():
            raise text.at(node, 'a list stands after "in" only')
        case _:
            # of a function that is made in order to be called, the making is what is wrong
            kind = ast.Lambda if isinstance(node, ast.Call) and isinstance(node.func, ast.Lambda) else type(node)
            what = _UNKNOWN.get(kind, "this")
            raise text.at(node, f"{what} is not part of the language; {_ALLOWED}")


_UNKNOWN: Final[Mapping[type[ast.expr], str]] = {
    ast.Call: "a call",
    ast.Attribute: "an attribute",
    ast.Subscript: "indexing",
    ast.Lambda: "lambda",
    ast.IfExp: "if ... else",
    ast.JoinedStr: "an f-string",
} | dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), "a comprehension")


def _value(node: ast.expr, values: Mapping[str, Value]) -> Value | bool:
    match node:
        case ast.Name(id=name):
            if name not in values:
                raise Unsaid(
                    f'{name} has no value there; say first which points have one, as in architecture != "..." and ...'
                )
            return values[name]
        case ast.Constant(value=value):
            assert isinstance(value, int | float | str)
            return value
        case ast.BoolOp(op=op, values=parts):
            # as Python does, what comes after the one that decides is not looked at
            if isinstance(op, ast.And):
                return all(_value(part, values) for part in parts)
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.UnaryOp(operand=operand):
            return -_number("-", _value(operand, values))
        case ast.BinOp(left=left, op=op, right=right):
            symbol, function = _ARITHMETIC[type(op)]
            a, b = (_number(symbol, _value(side, values)) for side in (left, right))
            try:
                return function(a, b)
            except ZeroDivisionError:
                raise Unsaid(f"{shown(a)} {symbol} {shown(b)} divides by zero") from None
            except OverflowError:
                raise Unsaid(f"{shown(a)} {symbol} {shown(b)} is too large a number") from None
        case ast.Compare(left=left, ops=ops, comparators=right):
            one = _value(left, values)
            for comparison, operand in zip(ops, right, strict=True):
                if isinstance(operand, ast.Tuple | ast.List):
                    # no comparison of kinds here: a list may hold texts and numbers
                    found = any(_value(element, values) == one for element in operand.elts)
                    if found == isinstance(comparison, ast.NotIn):
                        return False
                    continue
                other = _value(operand, values)
                symbol, compare = _COMPARED[type(comparison)]
                if isinstance(one, str) != isinstance(other, str):
                    raise Unsaid(f"{shown(one)} {symbol} {shown(other)} compares a text with a number")
                if not compare(one, other):
                    return False
                one = other
            return True
        case _:
            raise AssertionError(f"{type(node).__name__} was let through")


def _number(symbol: str, value: Value | bool) -> int | float:
    if isinstance(value, str):
        raise Unsaid(f'"{symbol}" needs numbers, not {shown(value)}')
    return value
