"""A syntax tree to a value, by a whitelist: numbers, strings, tuples, known names and functions, `>>` and `*`.

Everything else that Python's syntax can say is refused by name, at its place. Nothing is looked up but in the Grammar.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from inspect import Parameter, signature
from math import isfinite

from netwarp import words
from netwarp.architecture.reader import Text, span, within
from netwarp.errors import InputError, LanguageError, nearest, shown

_REFUSED: dict[type[ast.AST], str] = {
    ast.Attribute: words.ATTRIBUTE,
    ast.Await: words.AWAIT,
    ast.BoolOp: words.AND_OR,
    ast.Compare: words.COMPARISON,
    ast.Dict: words.DICTIONARY,
    ast.DictComp: words.COMPREHENSION,
    ast.GeneratorExp: words.COMPREHENSION,
    ast.IfExp: words.IF_ELSE,
    ast.JoinedStr: words.F_STRING,
    ast.Lambda: words.LAMBDA,
    ast.List: words.LIST,
    ast.ListComp: words.COMPREHENSION,
    ast.NamedExpr: words.ASSIGNMENT,
    ast.Set: words.SET,
    ast.SetComp: words.COMPREHENSION,
    ast.Starred: words.STARRED,
    ast.Subscript: words.INDEXING,
    ast.UnaryOp: words.OPERATOR,
    ast.Yield: words.YIELD,
    ast.YieldFrom: words.YIELD,
}
_SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operators:
    """`>>` joins a tuple of operands, `*` repeats one a whole number of times; an operand is of `kind`."""

    kind: type
    join: Callable[[tuple[object, ...]], object]
    repeat: Callable[[object, object], object]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may be said: functions to call, bare names and their values, the operators, and the grammar inside a call.

    `hints` says for a bare name that is not allowed what to write instead. `inner` None is this same grammar.
    """

    calls: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    names: Mapping[str, object] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    operators: Operators | None = None
    inner: Grammar | None = None


def evaluate(text: Text, node: ast.expr, grammar: Grammar) -> object:
    """The value of the tree. Errors: LanguageError at the offending node of `text`."""
    if isinstance(node, ast.Call):
        return _call(text, node, grammar)
    if isinstance(node, ast.Constant):
        return _constant(text, node, node.value)
    if isinstance(node, ast.Name):
        return _name(text, node, grammar)
    if isinstance(node, ast.Tuple):
        return tuple([evaluate(text, element, grammar) for element in node.elts])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = _constant(text, node.operand, node.operand.value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value
        raise text.at(node, words.MINUS)
    if isinstance(node, ast.BinOp):
        if grammar.operators is not None and isinstance(node.op, ast.RShift | ast.Mult):
            return _chain(text, node, grammar, grammar.operators)
        allowed = words.BINARY_NONE if grammar.operators is None else words.BINARY_ALLOWED
        raise _at_operator(text, node, words.BINARY.format(symbol=_SYMBOLS[type(node.op)], allowed=allowed))
    raise text.at(node, words.NOT_PART.format(what=_REFUSED.get(type(node), words.THIS)))


def _constant(text: Text, node: ast.expr, value: object) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if not isfinite(value):
            raise text.at(node, words.TOO_LARGE)
        return value
    what = words.IMAGINARY if isinstance(value, complex) else words.THIS
    raise text.at(node, words.NOT_PART.format(what=what))


def _name(text: Text, node: ast.Name, grammar: Grammar) -> object:
    if node.id in grammar.names:
        return grammar.names[node.id]
    if node.id in grammar.hints:
        raise text.at(node, words.NAME_HINT.format(name=node.id, hint=grammar.hints[node.id]))
    if node.id in grammar.calls:
        raise text.at(node, words.NEEDS_BRACKETS.format(name=node.id))
    raise text.at(node, _unknown(node.id, grammar))


def _unknown(name: str, grammar: Grammar) -> str:
    allowed = tuple(dict.fromkeys((*grammar.calls, *grammar.names)))
    if not allowed:
        return words.UNKNOWN_NUMBER.format(name=shown(name))
    near = nearest(name, (*allowed, *grammar.hints))
    if not near:
        numbers = "" if grammar.calls else words.AND_NUMBERS
        return words.UNKNOWN_ALLOWED.format(name=shown(name), allowed=", ".join(allowed), numbers=numbers)
    hints = [f" {hint}" for known, hint in grammar.hints.items() if f'"{known}"' in near]
    return words.UNKNOWN.format(name=shown(name), near=near + "".join(hints))


def _chain(text: Text, node: ast.BinOp, grammar: Grammar, operators: Operators) -> object:
    """A chain of operators from the left. A loop, because a chain of a thousand is a tree a thousand deep."""
    links: list[ast.BinOp] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.RShift | ast.Mult):
        links.append(first)
        first = first.left
    value = evaluate(text, first, grammar)
    run: list[object] = []  # the operands of ">>" before `value`, not joined yet
    for link in reversed(links):
        right = evaluate(text, link.right, grammar)
        if isinstance(link.op, ast.RShift):
            for operand, place in ((value, link.left), (right, link.right)):
                if not isinstance(operand, operators.kind):
                    raise text.at(place, words.BESIDE.format(value=shown(operand)))
            run.append(value)
            value = right
            continue
        if run:  # ">>" and then "*" at one level only comes from brackets around the left side
            value, run = operators.join((*run, value)), []
        times, place = right, link.right
        if isinstance(right, operators.kind):
            value, times, place = right, value, link.left
        if not isinstance(value, operators.kind) or isinstance(times, operators.kind):
            raise _at_operator(text, link, words.REPEATS)
        try:
            value = operators.repeat(value, times)
        except InputError as error:
            raise text.at(place, str(error)) from None
    return operators.join((*run, value)) if run else value


def _at_operator(text: Text, node: ast.BinOp, message: str) -> LanguageError:
    start, symbol = span(node.left)[1], _SYMBOLS[type(node.op)]
    position = text.text.find(symbol, start)  # only brackets and space lie between
    return text.error(message, max(position, start), len(symbol))


def _call(text: Text, node: ast.Call, grammar: Grammar) -> object:
    if not isinstance(node.func, ast.Name):
        raise text.at(node.func, words.CALL_A_NAME)
    name = node.func.id
    if name not in grammar.calls:
        known = words.NO_ARGUMENTS.format(name=name) if name in grammar.names else _unknown(name, grammar)
        raise text.at(node.func, known)
    function = grammar.calls[name]
    places = _bind(text, node, name, function)
    inner = grammar.inner or grammar
    positional = [evaluate(text, argument, inner) for argument in node.args]
    keywords = {k.arg: evaluate(text, k.value, inner) for k in node.keywords if k.arg is not None}
    try:
        return function(*positional, **keywords)
    except LanguageError as error:
        raise _inside_string(text, node, error) from None
    except InputError as error:
        # constructors begin their message with their name and the argument's
        told = re.match(rf"{name} (\w+)", str(error))
        only: ast.expr = node.args[0] if len(node.args) == 1 and not node.keywords else node
        raise text.at(places.get(told[1], only) if told else node, str(error)) from None


def _inside_string(text: Text, node: ast.Call, error: LanguageError) -> LanguageError:
    """The error of a small text given as a string argument, at its own place inside the string."""
    for argument in (*node.args, *(k.value for k in node.keywords)):
        if isinstance(argument, ast.Constant) and argument.value == error.text:
            start, end = span(argument)
            if text.text[start + 1 : end - 1] == error.text:
                return within(error, text, start + 1)
            return text.at(argument, error.message)
    return text.at(node, error.message)


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., object]) -> tuple[Parameter, ...]:
    return tuple(signature(function).parameters.values())


def _bind(text: Text, node: ast.Call, name: str, function: Callable[..., object]) -> dict[str, ast.expr]:
    """The argument node of each parameter given. Errors: LanguageError for too many, too few, unknown or twice."""
    parameters = _parameters(function)
    if any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        if node.keywords:
            raise text.at(node.keywords[0], words.NO_KEYWORDS.format(name=name))
        return {}
    in_order = [p.name for p in parameters if p.kind is Parameter.POSITIONAL_OR_KEYWORD]
    every = [p.name for p in parameters]
    if len(node.args) > len(in_order):
        if not every:
            raise text.at(node.args[0], words.TAKES_NONE.format(name=name))
        most = words.AT_MOST.format(count=len(in_order)) if in_order else words.NO
        options = words.IN_ORDER.format(names=", ".join(in_order)) if in_order else ""
        if len(every) > len(in_order):
            options = words.NAME_THE_REST.format(names=", ".join(every[len(in_order) :]))
        plural = "" if len(in_order) == 1 else "s"
        told = words.TOO_MANY.format(name=name, most=most, plural=plural, options=options)
        raise text.at(node.args[len(in_order)], told)
    places = dict(zip(in_order, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None:
            raise text.at(keyword, words.NOT_PART.format(what=words.STARRED_TWICE))
        if keyword.arg not in every:
            takes = words.IT_TAKES.format(names=", ".join(every)) if every else words.IT_TAKES_NONE
            near = nearest(keyword.arg, every) or takes
            raise text.at(keyword, words.NO_ARGUMENT.format(name=name, argument=shown(keyword.arg), near=near))
        if keyword.arg in places:
            raise text.at(keyword, words.TWICE.format(name=name, argument=keyword.arg))
        places[keyword.arg] = keyword.value
    for parameter in parameters:
        if parameter.default is Parameter.empty and parameter.name not in places:
            told = words.MISSES.format(name=name, argument=parameter.name, names=", ".join(every))
            raise text.at(node, told)
    return places
