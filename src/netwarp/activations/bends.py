"""Bends at whole numbers: ramps between two of them, and the absolute value."""

from __future__ import annotations

from typing import Any

from netwarp.activations.face import Face, Refinement, Slope, needs, pieces


def _hardtanh(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.clip(z, -1.0, 1.0), lambda: ops.where(abs(z) < 1.0, 1.0, 0.0)


def _hardsigmoid(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.clip(z / 6 + 0.5, 0.0, 1.0), lambda: _sixth(ops, z)


def _hardsigmoid_ramp(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.ramp(z, 3.0), lambda: _sixth(ops, z)


def _sixth(ops: Any, z: Any) -> Any:
    return ops.where(abs(z) < 3.0, 1 / 6, 0.0)


def _inside(slope: float) -> Any:
    """The slope of a ramp, from the heights above its kinks."""
    return lambda ops, d, low, high: ops.where((low + d > 0) & (high + d < 0), slope, 0.0)


def _absolute(ops: Any, z: Any) -> tuple[Any, Slope]:
    return abs(z), lambda: ops.where(z < 0.0, -1.0, ops.where(z > 0.0, 1.0, 0.0))


FACES = (
    Face(
        name="hardtanh",
        formula=_hardtanh,
        change=lambda ops, d, low, high: ops.between(d, low, high, 2.0),
        steep=_inside(1.0),
        kinks=(-1, 1),
        pieces=lambda p: pieces(0, -1, (-1, 1, 1), (1, -1, 1)),
        layer="Hardtanh",
        texts=("hardtanh",),
    ),
    Face(
        name="hardsigmoid",
        formula=_hardsigmoid,
        refined=(Refinement(needs("ramp"), _hardsigmoid_ramp),),
        change=lambda ops, d, low, high: ops.between(d, low, high, 6.0) / 6.0,
        steep=_inside(1 / 6),
        kinks=(-3, 3),
        pieces=lambda p: pieces(0, 0, (-3, 1, 3), (3, -1, 3), over=6),
        layer="Hardsigmoid",
        texts=("hardsigmoid",),
    ),
    Face(
        name="abs",
        formula=_absolute,
        change=lambda ops, d, z: ops.absolute_change(z, d),
        kinks=(0,),
        pieces=lambda p: pieces(-1, 0, (0, 2, 0)),
        homogeneous=True,
        texts=("abs",),
        offered=(3, "abs"),
    ),
)
