"""The identity above 0, an exponential below."""

from __future__ import annotations

from typing import Any

from netwarp.activations.face import Face, Formula, Refinement, Slope, needs

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def _face(name: str, scale: float, alpha: float, layer: str) -> Face:
    def formula(ops: Any, z: Any) -> tuple[Any, Slope]:
        return (
            scale * ops.where(z > 0.0, z, alpha * ops.expm1(ops.at_most(z, 0.0))),
            lambda: scale * ops.where(z > 0.0, 1.0, alpha * ops.exp(ops.at_most(z, 0.0))),
        )

    def change(ops: Any, d: Any, z: Any) -> Any:
        above, below = ops.halves(z, d)
        return scale * above + scale * alpha * ops.exp(ops.at_most(z, 0.0)) * ops.short_expm1(below)

    def terms(ops: Any, z: Any) -> tuple[Any, Any]:
        rise = formula(ops, z)[1]()
        return rise, ops.where(z > 0.0, 0.0, rise / 2)

    refined = Refinement(needs("exponential"), _on_lanes(scale, scale * alpha))
    return Face(
        name=name,
        formula=formula,
        change=change,
        refined=(refined,),
        terms=terms,
        kinks=(0,),
        width=1.0,
        layer=layer,
    )


def _on_lanes(scale: float, steep: float) -> Formula:
    """The exponential's range is reduced once, for value and slope."""

    def formula(ops: Any, z: Any) -> tuple[Any, Slope]:
        e = ops.exponential(-abs(z))
        if steep == 1.0:
            return ops.where(z > 0.0, z, e.expm1()), lambda: ops.where(z > 0.0, 1.0, e.exp())
        return (
            ops.where(z > 0.0, z * scale, e.expm1() * steep),
            lambda: ops.where(z > 0.0, scale, e.exp() * steep),
        )

    return formula


FACES = (_face("elu", 1.0, 1.0, "ELU"), _face("selu", SELU_SCALE, SELU_ALPHA, "SELU"))
