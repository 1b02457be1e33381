"""Smooth everywhere: the sigmoid's relatives and the error function's."""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

from netwarp.activations.face import Face, Refinement, Slope, needs

_DENSITY = 1 / sqrt(2 * pi)


def _gelu(ops: Any, z: Any) -> tuple[Any, Slope]:
    return z * ops.normal(z), lambda: ops.normal(z) + z * ops.exp(-z * z / 2) * _DENSITY


def _gelu_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    # past this the tail has underflowed; infinity would meet 0 there
    u = ops.at_most(abs(z), ops.pick(28.0, 56.0))
    square = u * u
    # z^2 / 2, not the square of a rounded z sqrt(1 / 2): halving is exact
    e, factor = ops.scaled_erfc(u * sqrt(0.5), square * 0.5, ops.fma(u, u, -square) * 0.5)
    tail = e.times(factor * u * 0.5)
    value = ops.where(z < 0.0, -tail, z - tail)

    def slope() -> Any:
        upper = e.times(factor * 0.5)
        density = e.exp() * _DENSITY
        return ops.fma(z, density, ops.where(z < 0.0, upper, 1.0 - upper))

    return value, slope


def _gelu_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    density = _DENSITY * ops.exp(-z * z / 2)
    return ops.normal(z) + z * density, density * (1 - z * z / 2)


def _silu(ops: Any, z: Any) -> tuple[Any, Slope]:
    return z * ops.logistic(z), lambda: ops.logistic(z) * (1 + z * ops.logistic(-z))


def _silu_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    e = ops.exponential(-abs(z))
    exp = e.exp()
    rest = 1.0 + exp
    value = ops.where(z < 0.0, e.times(z / rest), z / rest)
    return value, lambda: ops.logistic_of(exp, z) + z * exp / (rest * rest)


def _silu_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    on, off = ops.logistic(z), ops.logistic(-z)
    return on * (1 + z * off), on * off * (1 + z * (off - on) / 2)


def _softplus(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.at_least(z, 0.0) + ops.log1p(ops.exp(-abs(z))), lambda: ops.logistic(z)


def _softplus_at_once(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.softplus(z), lambda: ops.logistic(z)


def _softplus_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    u = ops.exponential(-abs(z)).exp()
    return ops.at_least(z, 0.0) + ops.log1p(u), lambda: ops.logistic_of(u, z)


def _softplus_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    on, off = ops.logistic(z), ops.logistic(-z)
    return on, on * off / 2


def _tanh(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.tanh(z), lambda: 4 * ops.logistic(2 * z) * ops.logistic(-2 * z)


def _tanh_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    m = ops.exponential(abs(z) * -2.0).expm1()
    return ops.signed_as(-m / (m + 2.0), z), lambda: (m + 1.0) * 4.0 / ((m + 2.0) * (m + 2.0))


def _tanh_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    on, off = ops.logistic(2 * z), ops.logistic(-2 * z)
    return 4 * on * off, 4 * on * off * (off - on)


def _erf(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.erf(z), lambda: 2 / sqrt(pi) * ops.exp(-z * z)


def _erf_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    value, e = ops.erf_parts(z)
    return value, lambda: e.exp() * (2 / sqrt(pi))


def _erf_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    bell = 2 / sqrt(pi) * ops.exp(-z * z)
    return bell, -z * bell


def _sigmoid(ops: Any, z: Any) -> tuple[Any, Slope]:
    return ops.logistic(z), lambda: ops.logistic(z) * ops.logistic(-z)


def _sigmoid_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    exp = ops.exp(-z)
    value = 1.0 / (1.0 + exp)
    return value, lambda: value * value * exp


def _sigmoid_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    on, off = ops.logistic(z), ops.logistic(-z)
    return on * off, on * off * (off - on) / 2


FACES = (
    Face(
        name="gelu",
        formula=_gelu,
        refined=(Refinement(needs("scaled_erfc", "fma", "pick"), _gelu_on_lanes),),
        change=lambda ops, d, z: d * ops.normal(z + d) + z * (ops.erf_change(z * sqrt(0.5), d * sqrt(0.5)) / 2),
        terms=_gelu_terms,
        width=1.0,
        layer="GELU",
        texts=("gelu",),
        offered=(5, "gelu"),
    ),
    Face(
        name="silu",
        formula=_silu,
        refined=(Refinement(needs("exponential", "logistic_of"), _silu_on_lanes),),
        change=lambda ops, d, z: d * ops.logistic(z + d) + z * ops.logistic_change(z, d),
        terms=_silu_terms,
        width=1.0,
        layer="SiLU",
        texts=("silu",),
    ),
    Face(
        name="softplus",
        formula=_softplus,
        refined=(
            Refinement(needs("softplus"), _softplus_at_once),
            Refinement(needs("exponential", "logistic_of"), _softplus_on_lanes),
        ),
        change=lambda ops, d, z: ops.softplus_change(z, d),
        terms=_softplus_terms,
        width=1.0,
        # torch's own threshold of 20 is a visible step in float64
        layer="Softplus",
        layer_options={"threshold": 40},
        texts=("softplus",),
    ),
    Face(
        name="tanh",
        formula=_tanh,
        refined=(Refinement(needs("exponential", "signed_as"), _tanh_on_lanes),),
        change=lambda ops, d, z: 2 * ops.logistic_change(2 * z, 2 * d),
        terms=_tanh_terms,
        width=0.5,
        layer="Tanh",
        texts=("tanh",),
        offered=(1, "tanh"),
    ),
    Face(
        name="erf",
        formula=_erf,
        refined=(Refinement(needs("erf_parts"), _erf_on_lanes),),
        change=lambda ops, d, z: ops.erf_change(z, d),
        terms=_erf_terms,
        width=0.5,
        texts=("erf",),
    ),
    Face(
        name="sigmoid",
        formula=_sigmoid,
        refined=(Refinement(needs("exponential"), _sigmoid_on_lanes),),
        change=lambda ops, d, z: ops.logistic_change(z, d),
        terms=_sigmoid_terms,
        width=1.0,
        layer="Sigmoid",
        texts=("sigmoid",),
        offered=(8, "sigmoid"),
    ),
)
