"""The bell, the square, the step, and what changes nothing."""

from __future__ import annotations

from typing import Any

from netwarp.activations.face import Face, Refinement, Slope, needs, pieces


def _gaussian(ops: Any, z: Any) -> tuple[Any, Slope]:
    value = ops.exp(z * z * -0.5)
    return value, lambda: -z * value


def _gaussian_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    bell = ops.exp(-z * z / 2)
    return -z * bell, (z * z - 1) * bell / 2


def _step(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.where(z > 0.0, 1.0, 0.0), lambda: ops.constant(0.0, z)


def _step_of_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    # NaN and infinity stay visible
    return ops.where(z > 0.0, 1.0, ops.vanished(z)), lambda: ops.constant(0.0, z)


FACES = (
    Face(
        name="gaussian",
        formula=_gaussian,
        change=lambda ops, d, z: ops.bell_change(z, d),
        terms=_gaussian_terms,
        width=1.0,
        offered=(6, "gaussian"),
    ),
    Face(
        name="square",
        formula=lambda ops, z: (z * z, lambda: z + z),
        change=lambda ops, d, z: d * (2 * z + d),
        terms=lambda ops, z: (2 * z, ops.constant(1.0, z)),
    ),
    Face(
        name="step",
        formula=_step,
        refined=(Refinement(needs("vanished"), _step_of_lanes),),
        change=lambda ops, d, z: ops.where(z + d > 0, 1.0, 0.0) - ops.where(z > 0, 1.0, 0.0),
        kinks=(0,),
        pieces=lambda p: pieces(p, 0, 0, (0, 0, 1)),
        jumps=True,
        offered=(7, "step"),
    ),
    Face(
        name="linear",
        formula=lambda ops, z: (z, lambda: ops.constant(1.0, z)),
        change=lambda ops, d, z: d,
        pieces=lambda p: pieces(p, 1, 0),
        homogeneous=True,
        layer="Identity",
    ),
)
