"""Inputs that a plain network makes of x and y itself: "x, y, x*x, x*y, sin(x)", as a text and as operations."""

# K features

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np

from netwarp.architecture.reader import Text
from netwarp.errors import LimitError, shown
from netwarp.network.program import LINEAR, SINE, Conv, Embed, Multiply, Operation

MOST = 10_000  # features
DEGREE = 64  # factors of one
LARGEST = 1e6  # of a number
LAYER = "inputs"  # the beginning of their operations' paths
# what a factor may be: its kind and coefficients as Embed has them
_ATOMS: Final = {
    "x": (LINEAR, (1.0, 0.0, 0.0)),
    "y": (LINEAR, (0.0, 1.0, 0.0)),
    "sin(x)": (SINE, (1.0, 0.0, 0.0)),
    "sin(y)": (SINE, (0.0, 1.0, 0.0)),
    "cos(x)": (SINE, (1.0, 0.0, pi / 2)),
    "cos(y)": (SINE, (0.0, 1.0, pi / 2)),
}
_ALLOWED = "products of x, y, sin(x), cos(x), sin(y), cos(y) and numbers, as in x, y, x*x, 0.5*x*y, sin(x)"


@dataclass(frozen=True, slots=True)
class Feature:
    """A number times the product of factors, each one of _ATOMS."""

    times: float
    factors: tuple[str, ...]


def read_features(text: str) -> tuple[Feature, ...]:
    """The features of a text, with commas between. Errors: LanguageError at what is none; LimitError."""
    source = Text(text, "inputs")
    tree = source.expression()
    found = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    if len(found) > MOST:
        raise LimitError(f"inputs: {len(found):,}, at most {MOST:,} are allowed")
    return tuple(_feature(source, one) for one in found)


def operations_of(features: tuple[Feature, ...]) -> list[Operation]:
    """Operations 0, 1, ..., the last of which is the K features."""
    atoms = list(dict.fromkeys(factor for one in features for factor in one.factors)) or ["x"]
    kinds = np.array([_ATOMS[atom][0] for atom in atoms], dtype=np.int64)
    embed = Embed(kinds, np.array([_ATOMS[atom][1] for atom in atoms]))
    picked: list[Operation] = []
    for place in range(max(1, *(len(one.factors) for one in features))):
        # a feature of fewer factors is multiplied by 1
        weight, bias = np.zeros((len(features), len(atoms), 1, 1)), np.zeros(len(features))
        for k, one in enumerate(features):
            times = one.times if place == 0 else 1.0
            if place < len(one.factors):
                weight[k, atoms.index(one.factors[place])] = times
            else:
                bias[k] = times
        picked.append(Conv((0,), weight, bias, layer=f"{LAYER}.{place}"))
    if len(picked) == 1:
        return [embed, *picked]
    return [embed, *picked, Multiply(tuple(range(1, len(picked) + 1)), len(features), layer=f"{LAYER}.product")]


def _feature(source: Text, node: ast.expr) -> Feature:
    times, factors = 1.0, []
    # a loop, because a product of many is a tree as deep
    rest: ast.expr | None = node
    while rest is not None:
        if isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.Mult):
            here, rest = rest.right, rest.left
        else:
            here, rest = rest, None
        name = ast.unparse(here) if isinstance(here, ast.Name | ast.Call) else ""
        if name in _ATOMS:
            factors.append(name)
        elif (number := _number(here)) is not None:
            times *= number
        else:
            raise source.at(here, f"{shown(ast.unparse(here))} is no input; these are {_ALLOWED}")
        if len(factors) > DEGREE:
            raise source.at(node, f"{shown(ast.unparse(node))} has more than {DEGREE} factors; multiply fewer")
    return Feature(times, tuple(reversed(factors)))


def _number(node: ast.expr) -> float | None:
    """The number a node is, with its sign; None where it is none, or beyond what products of it could hold."""
    sign = 1.0
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1.0, node.operand
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        return None
    return sign * value
