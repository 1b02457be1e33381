"""Inputs that somebody writes: sums and products of x, y, r, numbers and functions, as x*x, 3*x*y or sin(2*x+y).

Frozen, hashable; they print as the text that reads back equal, without spaces. Errors: LanguageError at the place.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import isfinite
from typing import Final

from netwarp import words
from netwarp.activations.registry import FACES
from netwarp.architecture.reader import Text
from netwarp.checks import plain
from netwarp.errors import shown

READ: Final = ("x", "y", "r")
# activations that need no number; the longer name is the one that is printed
FUNCTIONS: Final = {
    name: name
    for name, face in FACES.items()
    if name != "linear" and (face.parameter is None or name == "sin")
} | {"gauss": "gaussian"}  # fmt: skip
FACTORS: Final = 64  # of one product
TERMS: Final = 1_000  # of one expression, those inside brackets too


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of a sum; the name "" is none: a sum in brackets."""

    name: str
    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return f"{self.name}({_sum(self.terms)})"


Factor = str | Applied  # a name of READ


@dataclass(frozen=True, slots=True)
class Term:
    """A number times factors."""

    times: float
    factors: tuple[Factor, ...]

    def __str__(self) -> str:
        told = [str(factor) for factor in self.factors]
        if not told or abs(self.times) != 1:
            return "*".join([plain(self.times), *told])
        return ("-" if self.times < 0 else "") + "*".join(told)


@dataclass(frozen=True, slots=True)
class Expression:
    """One channel: the sum of terms, of which one at least reads x, y or r."""

    terms: tuple[Term, ...]

    @property
    def channels(self) -> int:
        return 1

    def __str__(self) -> str:
        return _sum(self.terms)


def is_expression(node: ast.expr) -> bool:
    """Whether a tree says an expression, and not one of the inputs that have names of their own."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Sub | ast.Mult)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS


def read_expression(text: Text, node: ast.expr) -> str | Expression:
    """The Expression of a tree, or the name of READ that is all of it. Errors: LanguageError."""
    terms = _Terms(text).terms(node)
    if not any(map(_reads, terms)):
        raise text.at(node, words.READS_NOTHING)
    if len(terms) == 1 and terms[0].times == 1 and len(terms[0].factors) == 1:
        (only,) = terms[0].factors
        if isinstance(only, str):
            return only
    return Expression(terms)


class _Terms:
    """Counts what it reads of one text."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.count = 0

    def terms(self, node: ast.expr) -> tuple[Term, ...]:
        """A loop, because a sum of many is a tree as deep."""
        found: list[Term] = []
        left = [(node, 1.0)]
        while left:
            here, sign = left.pop()
            if isinstance(here, ast.BinOp) and isinstance(here.op, ast.Add | ast.Sub):
                other = sign if isinstance(here.op, ast.Add) else -sign
                left += [(here.right, other), (here.left, sign)]
            else:
                found.append(self.term(here, sign))
                self.count += 1
                if self.count > TERMS:
                    raise self.text.at(here, words.TERMS.format(most=f"{TERMS:,}"))
        return tuple(found)

    def term(self, node: ast.expr, sign: float) -> Term:
        times, factors = sign, []
        left = [node]
        while left:
            here = left.pop()
            if isinstance(here, ast.BinOp) and isinstance(here.op, ast.Mult):
                left += [here.right, here.left]
            elif isinstance(here, ast.UnaryOp) and isinstance(here.op, ast.USub):
                times = -times
                left.append(here.operand)
            elif isinstance(here, ast.Constant):
                times *= self.number(here)
            else:
                factors.append(self.factor(here))
            if len(factors) > FACTORS:
                raise self.text.at(here, words.FACTORS.format(most=FACTORS))
        if not isfinite(times):
            raise self.text.at(node, words.TOO_LARGE)
        return Term(times + 0.0, tuple(factors))

    def number(self, node: ast.Constant) -> float:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.text.at(node, words.NO_TERM)
        try:
            found = float(value)
        except OverflowError:
            found = float("inf")
        if not isfinite(found):
            raise self.text.at(node, words.TOO_LARGE)
        return found

    def factor(self, node: ast.expr) -> Factor:
        if isinstance(node, ast.Name):
            if node.id in READ:
                return node.id
            allowed = words.UNKNOWN_ALLOWED.format(
                name=shown(node.id), allowed=", ".join(READ), numbers=words.AND_NUMBERS
            )
            raise self.text.at(node, allowed)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return Applied("", self.terms(node))
        if not isinstance(node, ast.Call):
            raise self.text.at(node, words.NO_TERM)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            raise self.text.at(node.func, words.NO_FUNCTION.format(allowed=", ".join(FUNCTIONS)))
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise self.text.at(node, words.ONE_ARGUMENT.format(name=name))
        return Applied(FUNCTIONS[name], self.terms(node.args[0]))


def _reads(term: Term) -> bool:
    return any(isinstance(factor, str) or any(map(_reads, factor.terms)) for factor in term.factors)


def _sum(terms: tuple[Term, ...]) -> str:
    told = [str(term) for term in terms]
    return told[0] + "".join(one if one.startswith("-") else f"+{one}" for one in told[1:])
