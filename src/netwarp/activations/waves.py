"""Waves."""

from __future__ import annotations

from math import pi
from typing import Any

from netwarp.activations.face import Argument, Face, Refinement, Slope, needs


def _sin(ops: Any, z: Any, p: Any) -> tuple[Any, Slope]:
    x = z * p
    return ops.sin(x), lambda: ops.cos(x) * p


def _cos(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.cos(z), lambda: -ops.sin(z)


def _cos_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    # a tie in rounding to whole turns would otherwise go one way for z and the other for -z
    return ops.cos(abs(z)), lambda: -ops.sin(z)


FACES = (
    Face(
        name="sin",
        formula=_sin,
        change=lambda ops, d, sine, cosine, p: ops.turned(sine, cosine, p * d),
        steep=lambda ops, d, sine, cosine, p: p * (cosine + ops.turned(cosine, -sine, p * d)),
        terms=lambda ops, sine, cosine, p: (p * cosine, p * p * sine / -2),
        parameter=Argument("omega", 1.0),
        period=2 * pi,
        texts=("sin", "sin(30)"),
        offered=(2, "sin"),
    ),
    Face(
        name="cos",
        formula=_cos,
        refined=(Refinement(needs("wave"), _cos_on_lanes),),
        change=lambda ops, d, sine, cosine: ops.turned(cosine, -sine, d),
        steep=lambda ops, d, sine, cosine: -(sine + ops.turned(sine, cosine, d)),
        terms=lambda ops, sine, cosine: (-sine, cosine / -2),
        period=2 * pi,
    ),
)
