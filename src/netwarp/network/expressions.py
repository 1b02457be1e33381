"""Inputs that somebody wrote, as operations: products, functions, and the sums of both."""

# E rows of the Embed, K channels of all inputs

from __future__ import annotations

from typing import Final

import numpy as np

from netwarp.architecture.expressions import Applied, Expression, Factor, Term
from netwarp.network.program import LINEAR, RADIUS, SINE, Activate, Concat, Conv, Multiply, Operation
from netwarp.network.symmetry import QUARTER, Row

PLACE: Final = "inputs.written"  # the path of their operations
Part = tuple[int, int]  # a value and a channel of it
Sum = tuple[dict[Part, float], float]  # of parts, each times a number, and of a number


class Expressions:
    """Makes operations 1, 2, ... that read the rows of operation 0, which it adds to. `times` scales x, y and r."""

    def __init__(self, rows: list[Row], times: float, written: list[Expression]) -> None:
        self.rows = rows
        self.times = times
        self.operations: list[Operation] = []
        self.known: dict[Factor, Part] = {}
        self.values: dict[Factor, int] = {}
        self.places: dict[Row, int] = {}
        for place, row in enumerate(rows):
            self.places.setdefault(row, place)
        for expression in written:
            self._collect(expression.terms)

    def _collect(self, terms: tuple[Term, ...]) -> None:
        """Adds the rows that these terms read, before any operation says how many there are."""
        for term in terms:
            for factor in term.factors:
                row = self._row(factor)
                if row is not None:
                    self.known[factor] = 0, self._placed(row)
                elif isinstance(factor, Applied):
                    self._collect(factor.terms)

    def _placed(self, row: Row) -> int:
        if row not in self.places:
            self.places[row] = len(self.rows)
            self.rows.append(row)
        return self.places[row]

    def _row(self, factor: Factor) -> Row | None:
        """The row that a factor is; None where it is none. A wave of x and y is one: it is computed in float64."""
        if isinstance(factor, str):
            if factor == "r":
                return RADIUS, 0.0, 0.0, 0.0
            return LINEAR, self.times * (factor == "x"), self.times * (factor == "y"), 0.0
        if factor.name not in ("sin", "cos") or any(
            len(term.factors) > 1 or term.factors not in ((), ("x",), ("y",)) for term in factor.terms
        ):
            return None
        a = b = 0.0
        c = QUARTER if factor.name == "cos" else 0.0
        for term in factor.terms:
            a += term.times * self.times if term.factors == ("x",) else 0.0
            b += term.times * self.times if term.factors == ("y",) else 0.0
            c += term.times if not term.factors else 0.0
        return SINE, a, b, c

    def sum_of(self, terms: tuple[Term, ...]) -> Sum:
        parts: dict[Part, float] = {}
        constant = 0.0
        for term in terms:
            if not term.factors:
                constant += term.times
                continue
            part, times = self._product(term.factors)
            parts[part] = parts.get(part, 0.0) + term.times * times
        return parts, constant

    def _product(self, factors: tuple[Factor, ...]) -> tuple[Part, float]:
        """The part that a product is, and what it is to be multiplied by: r has the scale of x and y."""
        if len(factors) == 1:
            return self._part(factors[0]), self.times if factors[0] == "r" else 1.0
        for factor in factors:
            if factor not in self.values:
                self.values[factor] = self._value(({self._part(factor): self.times if factor == "r" else 1.0}, 0.0))
        values = [self.values[factor] for factor in factors]
        return (self._add(Multiply(tuple(values), 1, PLACE)), 0), 1.0

    def _part(self, factor: Factor) -> Part:
        if factor not in self.known:
            assert isinstance(factor, Applied), "x, y and r are rows"
            value = self._value(self.sum_of(factor.terms))
            if factor.name:
                value = self._add(Activate((value,), factor.name, np.full(1, float(factor.name == "sin")), PLACE))
            self.known[factor] = value, 0
        return self.known[factor]

    def _value(self, one: Sum) -> int:
        """A value of one channel."""
        ((part, times), *others), constant = one[0].items() or [((0, 0), 0.0)], one[1]
        if not others and part[0] > 0 and times == 1 and constant == 0:
            return part[0]
        return self.combined([one])

    def combined(self, sums: list[Sum]) -> int:
        """A value of a channel a sum."""
        values = sorted({value for parts, _ in sums for value, _ in parts} | {0})
        first, firsts = 0, {}
        for value in values:
            firsts[value] = first
            first += self._channels(value)
        weight = np.zeros((len(sums), first, 1, 1))
        for k, (parts, _) in enumerate(sums):
            for (value, channel), times in parts.items():
                weight[k, firsts[value] + channel] += times
        source = values[0] if len(values) == 1 else self._add(Concat(tuple(values), first, PLACE))
        return self._add(Conv((source,), weight, np.array([constant for _, constant in sums]), layer=PLACE))

    def _channels(self, value: int) -> int:
        return len(self.rows) if value == 0 else self.operations[value - 1].channels

    def _add(self, operation: Operation) -> int:
        self.operations.append(operation)
        return len(self.operations)
