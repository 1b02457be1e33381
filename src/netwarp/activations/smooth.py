"""Smooth everywhere: the sigmoid's relatives and the error function's."""

from __future__ import annotations

from math import log2, pi, sqrt
from typing import Any

from netwarp.activations.face import Face, Refinement, Slope, needs

_DENSITY = 1 / sqrt(2 * pi)


def _gelu(ops: Any, z: Any) -> tuple[Any, Slope]:
    return z * ops.normal(z), lambda: ops.normal(z) + z * ops.exp(-z * z / 2) * _DENSITY


def _gelu_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    u, e, factor = ops.normal_tail(z)
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


def _mish(ops: Any, z: Any) -> tuple[Any, Slope]:
    gate, _, slope = _mish_gate(ops, z, ops.exp(-abs(z)))
    return z * gate, slope


def _mish_gate(ops: Any, z: Any, u: Any) -> tuple[Any, Any, Slope]:
    """tanh(softplus(z)) from u = exp(-|z|): a quotient, its denominator, and the slope of mish."""
    low = u * (u + 2)
    rest = ops.where(z < 0.0, low + 2, (u * u + u) * 2 + 1)
    gate = ops.where(z < 0.0, low, u * 2 + 1) / rest
    rise = (u + 1) * ops.where(z < 0.0, u, u * u)
    return gate, rest, lambda: gate + z * (rise * 4 / (rest * rest))


def _mish_on_lanes(ops: Any, z: Any) -> tuple[Any, Slope]:
    e = ops.exponential(-abs(z))
    u = e.exp()
    gate, rest, slope = _mish_gate(ops, z, u)
    return ops.where(z < 0.0, e.times(z * ((u + 2) / rest)), z * gate), slope


def _mish_change(ops: Any, d: Any, z: Any) -> Any:
    soft = 2 * ops.softplus(z)
    gate = _mish_gate(ops, z + d, ops.exp(-abs(z + d)))[0]
    return d * gate + z * (2 * ops.logistic_change(soft, 2 * ops.softplus_change(z, d)))


def _mish_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    soft, on, off = 2 * ops.softplus(z), ops.logistic(z), ops.logistic(-z)
    gate, _, slope = _mish_gate(ops, z, ops.exp(-abs(z)))
    steep = 4 * ops.logistic(soft) * ops.logistic(-soft) * on
    return slope(), steep + z * steep * (off - 2 * gate * on) / 2


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


def _tanhshrink(ops: Any, z: Any) -> tuple[Any, Slope]:
    """Near 0 without a difference: by Lambert, tanh(z) = z / (1 + q), q the fraction z^2 / (3 + z^2 / (5 + ...))."""
    # of |z| up to 2, as many levels as the last bit needs
    square, level, lost = ops.at_most(z * z, 4.0), 3, 0.0
    while lost < ops.bits:
        lost, level = lost + log2(level * level / 4), level + 2
    q = square / float(level)
    for odd in range(level - 2, 1, -2):
        q = square / (q + float(odd))
    t = ops.tanh(z)
    return ops.where(abs(z) < 2.0, z * (q / (q + 1.0)), z - t), lambda: t * t


def _tanhshrink_change(ops: Any, d: Any, z: Any) -> Any:
    # tanh(z + d) is tanh(z) + tanh(d) (1 - tanh(z) tanh(z + d))
    return _tanhshrink(ops, d)[0] + ops.tanh(d) * ops.tanh(z) * ops.tanh(z + d)


def _tanhshrink_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    t = ops.tanh(z)
    return t * t, t * (4 * ops.logistic(2 * z) * ops.logistic(-2 * z))


def _softsign(z: Any) -> tuple[Any, Slope]:
    rest = abs(z) + 1.0
    return z / rest, lambda: 1.0 / (rest * rest)


def _softsign_change(ops: Any, d: Any, z: Any) -> Any:
    above, below = ops.halves(z, d)
    up, down = ops.at_least(z, 0.0) + 1, 1 - ops.at_most(z, 0.0)
    return above / (up * (up + above)) + below / (down * (down - below))


def _softsign_terms(ops: Any, z: Any) -> tuple[Any, Any]:
    rest = abs(z) + 1
    return 1 / (rest * rest), ops.where(z > 0, -1.0, 1.0) / (rest * rest * rest)


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
        refined=(Refinement(needs("normal_tail", "fma"), _gelu_on_lanes),),
        change=lambda ops, d, z: d * ops.normal(z + d) + z * (ops.erf_change(z * sqrt(0.5), d * sqrt(0.5)) / 2),
        terms=_gelu_terms,
        width=1.0,
        layer="GELU",
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
    ),
    Face(
        name="mish",
        formula=_mish,
        refined=(Refinement(needs("exponential"), _mish_on_lanes),),
        change=_mish_change,
        terms=_mish_terms,
        width=1.0,
        layer="Mish",
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
    ),
    Face(
        name="tanh",
        formula=_tanh,
        refined=(Refinement(needs("exponential", "signed_as"), _tanh_on_lanes),),
        change=lambda ops, d, z: 2 * ops.logistic_change(2 * z, 2 * d),
        terms=_tanh_terms,
        width=0.5,
        layer="Tanh",
        offered=(1, "tanh"),
    ),
    Face(
        name="tanhshrink",
        formula=_tanhshrink,
        change=_tanhshrink_change,
        terms=_tanhshrink_terms,
        flat=True,
        width=0.5,
        layer="Tanhshrink",
    ),
    Face(
        name="softsign",
        formula=lambda ops, z: _softsign(z),
        change=_softsign_change,
        terms=_softsign_terms,
        kinks=(0,),
        width=1.0,
        layer="Softsign",
    ),
    Face(
        name="erf",
        formula=_erf,
        refined=(Refinement(needs("erf_parts"), _erf_on_lanes),),
        change=lambda ops, d, z: ops.erf_change(z, d),
        terms=_erf_terms,
        width=0.5,
    ),
    Face(
        name="sigmoid",
        formula=_sigmoid,
        refined=(Refinement(needs("exponential"), _sigmoid_on_lanes),),
        change=lambda ops, d, z: ops.logistic_change(z, d),
        terms=_sigmoid_terms,
        width=1.0,
        layer="Sigmoid",
        offered=(8, "sigmoid"),
    ),
)
