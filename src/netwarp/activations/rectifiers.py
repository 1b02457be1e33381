"""Bends at 0, linear on both sides."""

from __future__ import annotations

from typing import Any

from netwarp.activations.face import Argument, Face, P, Pieces, Slope, pieces


def _relu(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.at_least(z, 0.0), lambda: ops.where(z > 0.0, 1.0, 0.0)


def _leaky(ops: Any, z: Any, p: Any) -> tuple[Any, Slope]:
    return ops.where(z > 0.0, z, z * p), lambda: ops.where(z > 0.0, 1.0, p)


def _leaky_change(ops: Any, d: Any, z: Any, p: Any) -> Any:
    above, below = ops.halves(z, d)
    below *= p
    above += below
    return above


def _leaky_pieces(p: P) -> Pieces[P]:
    nothing = type(p)(0)
    return (p, nothing), ((0, 1 - p, nothing),)


FACES = (
    Face(
        name="relu",
        formula=_relu,
        change=lambda ops, d, z: ops.rectified(z, d),
        kinks=(0,),
        pieces=lambda p: pieces(p, 0, 0, (0, 1, 0)),
        homogeneous=True,
        layer="ReLU",
        offered=(0, "relu"),
    ),
    Face(
        name="leaky",
        formula=_leaky,
        change=_leaky_change,
        kinks=(0,),
        pieces=_leaky_pieces,
        parameter=Argument("slope", 0.01, random=(1 / 8, 1 / 3)),
        homogeneous=True,
        layer="LeakyReLU",
        texts=("leaky(0.2)", "leaky(random)"),
        offered=(4, "leaky(random)"),
    ),
    Face(
        name="prelu",
        formula=_leaky,
        change=_leaky_change,
        kinks=(0,),
        pieces=_leaky_pieces,
        parameter=Argument("slope", 0.25, learned=True),
        homogeneous=True,
        layer="PReLU",
    ),
)
