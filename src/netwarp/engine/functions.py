"""The activations and their derivatives as vector formulas.

Every formula is `f(lanes, z, parameter) -> (value, derivative)`; the derivative is emitted only where it is asked for.
Approximated functions: 5e-7 absolute for bounded ones and 1e-6 relative for the others in float32, near rounding in
float64. Even and odd functions are exactly so. Definitions are torch's, with erf's exact gelu and
hardsigmoid = clip(z / 6 + 1 / 2).
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

from netwarp.engine import coefficients
from netwarp.engine.lanes import Lanes, Vector

Derivative = Callable[[], Vector]
Formula = Callable[[Lanes, Vector, Vector], tuple[Vector, Derivative]]

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def _which(lanes: Lanes) -> int:
    return 0 if lanes.kind.bits == 32 else 1


class _Exponential:
    """exp(x) of x <= 0 as (1 + minus_one) 2^n, unscaled: a product is scaled last and does not underflow early."""

    def __init__(self, v: Lanes, x: Vector) -> None:
        self.v = v
        which = _which(v)
        x = x.at_least((-150.0, -1100.0)[which])
        high, low, _ = coefficients.LN2_PARTS[which]
        self.n = (x * (1.4426950408889634)).rounded()
        r = v.fma(self.n, -low, v.fma(self.n, -high, x))
        self.minus_one = r * v.polynomial(r, coefficients.EXPM1_OVER_X[which])

    def times(self, factor: Vector | float) -> Vector:
        """factor * exp(x), scaled in two steps: correct into the denormals."""
        product = (
            self.v.fma(self.minus_one, factor, factor)
            if isinstance(factor, Vector)
            else (self.minus_one + 1.0) * factor
        )
        half = (self.n * 0.5).floor()
        return product * self.v.power_of_two(half) * self.v.power_of_two(self.n - half)

    def exp(self) -> Vector:
        return self.times(1.0)

    def expm1(self) -> Vector:
        """exp(x) - 1, accurate relative to itself."""
        s = self.v.power_of_two(self.n.at_least((-126.0, -1022.0)[_which(self.v)]))
        return self.v.fma(s, self.minus_one, s - 1.0)


def _exp(v: Lanes, x: Vector) -> Vector:
    """exp(x), its argument clipped to where the result is a normal number: for functions that are bounded."""
    low, high = ((-87.0, 87.0), (-708.0, 708.0))[_which(v)]
    e = _Exponential(v, x.at_least(low).at_most(high))
    power = v.power_of_two(e.n)
    return v.fma(e.minus_one, power, power)


def relu(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return z.at_least(0.0), lambda: v.constant(0.0).where(z > 0.0, 1.0)


def leaky(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return (z * p).where(z > 0.0, z), lambda: p.where(z > 0.0, 1.0)


def elu(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    e = _Exponential(v, -abs(z))
    return e.expm1().where(z > 0.0, z), lambda: e.exp().where(z > 0.0, 1.0)


def selu(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    e = _Exponential(v, -abs(z))
    steep = SELU_ALPHA * SELU_SCALE
    return (
        (e.expm1() * steep).where(z > 0.0, z * SELU_SCALE),
        lambda: (e.exp() * steep).where(z > 0.0, SELU_SCALE),
    )


def _erfc_parts(v: Lanes, x: Vector, square: Vector, lost: Vector) -> tuple[_Exponential, Vector]:
    """erfc(x) for x >= 0 as exp(-x^2) times a factor. x^2 is square + lost: what rounding lost goes into the factor."""
    which = _which(v)
    centre = (2.0, 4.0)[which]
    scaled = v.polynomial((x - centre) / (x + centre), coefficients.SCALED_ERFC[which]) / v.fma(x, 2.0, 1.0)
    return _Exponential(v, -square), v.fma(-lost, scaled, scaled)


def gelu(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    # past this the tail has underflowed; infinity would meet 0 there
    u = abs(z).at_most((28.0, 56.0)[_which(v)])
    square = u * u
    # z^2 / 2, not the square of a rounded z sqrt(1 / 2): halving is exact
    e, factor = _erfc_parts(v, u * sqrt(0.5), square * 0.5, v.fma(u, u, -square) * 0.5)
    tail = e.times(factor * u * 0.5)
    value = (z - tail).where(z < 0.0, -tail)

    def derivative() -> Vector:
        upper = e.times(factor * 0.5)
        density = e.exp() * (1 / sqrt(2 * pi))
        return v.fma(z, density, (1.0 - upper).where(z < 0.0, upper))

    return value, derivative


def silu(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    e = _Exponential(v, -abs(z))
    exp = e.exp()
    rest = 1.0 + exp
    value = (z / rest).where(z < 0.0, e.times(z / rest))

    def derivative() -> Vector:
        return _logistic(exp, z) + z * exp / (rest * rest)

    return value, derivative


def softplus(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    u = _Exponential(v, -abs(z)).exp()
    s = u / (u + 2.0)
    # log(1 + u) = 2 atanh(u / (2 + u))
    log = 2.0 * s * v.polynomial(s * s, coefficients.ATANH_OVER_X[_which(v)])
    return z.at_least(0.0) + log, lambda: _logistic(u, z)


def _logistic(exp: Vector, z: Vector) -> Vector:
    """sigmoid(z) from exp(-|z|)."""
    return (1.0 / (1.0 + exp)).where(z < 0.0, exp / (1.0 + exp))


def sigmoid(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    exp = _exp(v, -z)
    value = 1.0 / (1.0 + exp)
    return value, lambda: value * value * exp


def tanh(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    e = _Exponential(v, abs(z) * -2.0)
    m = e.expm1()
    return (-m / (m + 2.0)).signed_as(z), lambda: (m + 1.0) * 4.0 / ((m + 2.0) * (m + 2.0))


def erf(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    x = abs(z).at_most((20.0, 40.0)[_which(v)])
    square = x * x
    e, factor = _erfc_parts(v, x, square, v.fma(x, x, -square))
    near = x * v.polynomial(x * x, coefficients.ERF_OVER_X[_which(v)])
    far = 1.0 - e.times(factor)
    return far.where(x < 1.0, near).signed_as(z), lambda: e.exp() * (2 / sqrt(pi))


def hardtanh(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return z.at_least(-1.0).at_most(1.0), lambda: v.constant(0.0).where(abs(z) < 1.0, 1.0)


def hardsigmoid(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    inside = (z + 3.0) / 6.0
    return inside.at_least(0.0).at_most(1.0), lambda: v.constant(0.0).where(abs(z) < 3.0, 1 / 6)


def absolute(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return abs(z), lambda: v.constant(0.0).where(z > 0.0, 1.0).where(z < 0.0, -1.0)


def wave(v: Lanes, x: Vector, quarter: float) -> Vector:
    """sin(x + pi quarter), accurate to rounding for |x| up to some 1e4 in float32 and 1e8 in float64."""
    which = _which(v)
    n = (v.fma(x, 1 / pi, quarter)).rounded()
    turns = n - quarter
    r = x
    for part in coefficients.PI_PARTS[which]:
        r = v.fma(turns, -part, r)
    r = r.at_least(-1.6).at_most(1.6)
    half = n * 0.5
    sign = v.fma(half - half.floor(), -4.0, 1.0)
    return r * sign * v.polynomial(r * r, coefficients.SIN_OVER_X[which])


def sin(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    x = z * p
    return wave(v, x, 0.0), lambda: wave(v, x, 0.5) * p


def cos(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    # a tie in rounding to whole turns would otherwise go one way for z and the other for -z
    return wave(v, abs(z), 0.5), lambda: -wave(v, z, 0.0)


def gaussian(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    value = _exp(v, z * z * -0.5)
    return value, lambda: -z * value


def square(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return z * z, lambda: z + z


def step(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    # z * 0 keeps NaN and infinity visible
    return (z * 0.0).where(z > 0.0, 1.0), lambda: v.constant(0.0)


def linear(v: Lanes, z: Vector, p: Vector) -> tuple[Vector, Derivative]:
    return z, lambda: v.constant(1.0)


# the order is the code of an activation in a plan
FORMULAS: dict[str, Formula] = {
    "relu": relu,
    "leaky": leaky,
    "elu": elu,
    "selu": selu,
    "gelu": gelu,
    "silu": silu,
    "softplus": softplus,
    "tanh": tanh,
    "erf": erf,
    "sigmoid": sigmoid,
    "hardtanh": hardtanh,
    "hardsigmoid": hardsigmoid,
    "abs": absolute,
    "sin": sin,
    "cos": cos,
    "gaussian": gaussian,
    "square": square,
    "step": step,
    "linear": linear,
}
CODES = {name: code for code, name in enumerate(FORMULAS)}
