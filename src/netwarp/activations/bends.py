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


def _relu6(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.clip(z, 0.0, 6.0), lambda: ops.where(z > 0.0, ops.where(z < 6.0, 1.0, 0.0), 0.0)


def _hardswish(ops: Any, z: Any) -> tuple[Any, Slope]:
    return z * (ops.clip(z + 3.0, 0.0, 6.0) / 6), lambda: _bent(ops, z, z > -3.0, z > 3.0)


def _bent(ops: Any, z: Any, begun: Any, over: Any) -> Any:
    """The slope of hardswish: z / 3 + 1 / 2 between its kinks."""
    return ops.where(begun, ops.where(over, 1.0, z / 3 + 0.5), 0.0)


def _hardswish_change(ops: Any, d: Any, low: Any, high: Any) -> Any:
    # between the kinks it is low (low - 3) / 6
    way = ops.between(d, low, high, 6.0)
    return way * (2 * ops.clip(low, 0.0, 6.0) - 3 + way) / 6 + ops.rectified(high, d)


def _hardswish_steep(ops: Any, d: Any, low: Any, high: Any) -> Any:
    return _bent(ops, low + d - 3, low + d > 0, high + d > 0)


def _hardswish_terms(ops: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return _bent(ops, low - 3, low > 0, high > 0), ops.where((low > 0) & (high < 0), 1 / 6, 0.0)


def _absolute(ops: Any, z: Any) -> tuple[Any, Slope]:
    return abs(z), lambda: ops.where(z < 0.0, -1.0, ops.where(z > 0.0, 1.0, 0.0))


FACES = (
    Face(
        name="hardtanh",
        formula=_hardtanh,
        change=lambda ops, d, low, high: ops.between(d, low, high, 2.0),
        steep=_inside(1.0),
        kinks=(-1, 1),
        pieces=lambda p: pieces(p, 0, -1, (-1, 1, 1), (1, -1, 1)),
        layer="Hardtanh",
    ),
    Face(
        name="relu6",
        formula=_relu6,
        change=lambda ops, d, low, high: ops.between(d, low, high, 6.0),
        steep=_inside(1.0),
        kinks=(0, 6),
        pieces=lambda p: pieces(p, 0, 0, (0, 1, 0), (6, -1, 6)),
        layer="ReLU6",
    ),
    Face(
        name="hardsigmoid",
        formula=_hardsigmoid,
        refined=(Refinement(needs("ramp"), _hardsigmoid_ramp),),
        change=lambda ops, d, low, high: ops.between(d, low, high, 6.0) / 6.0,
        steep=_inside(1 / 6),
        kinks=(-3, 3),
        pieces=lambda p: pieces(p, 0, 0, (-3, 1, 3), (3, -1, 3), over=6),
        layer="Hardsigmoid",
    ),
    Face(
        name="hardswish",
        formula=_hardswish,
        change=_hardswish_change,
        steep=_hardswish_steep,
        terms=_hardswish_terms,
        kinks=(-3, 3),
        width=1.0,
        layer="Hardswish",
    ),
    Face(
        name="abs",
        formula=_absolute,
        change=lambda ops, d, z: ops.absolute_change(z, d),
        kinks=(0,),
        pieces=lambda p: pieces(p, -1, 0, (0, 2, 0)),
        homogeneous=True,
        offered=(3, "abs"),
    ),
)
