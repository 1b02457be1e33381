"""Mean field theory of wide random networks without normalisation: what becomes of lengths and of angles with depth.

Convention: z_l = W_l phi(z_{l-1}) + b_l with W of independent normal entries of variance sigma_w^2 / width and b of
variance sigma_b^2. `weight` is sigma_w and `bias` sigma_b, standard deviations. In the language, init
"lecun(gain=sigma_w, bias=normal(sigma_b))"; "he" is sigma_w = sqrt 2. q is the variance of z over units, c the
correlation of the z of two inputs of equal q. Infinite width.

Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli 2016, "Exponential expressivity in deep neural networks through
transient chaos", arXiv:1606.05340; Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017, "Deep Information Propagation",
arXiv:1611.01232.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf, isfinite, log, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.specs import Activation
from netwarp.checks import number
from netwarp.errors import InputError, UnsupportedError
from netwarp.theory.activations import Pointwise, mixture, to_activation
from netwarp.theory.expectation import mean_slope, moments, normal_nodes, squared_slope

Array = NDArray[np.float64]

# variances that are looked through for a fixed point, and how many of them
SMALLEST, LARGEST, GRID = 1e-10, 1e10, 401
# a map is the identity to rounding; a factor is 1, a correlation 0 to what is known of it
ROUNDING, SAME = 1e-12, 1e-9


def variance_map(activation: Activation | str, weight: float, bias: float, q: float) -> float:
    """The next layer's variance: sigma_w^2 E[phi(sqrt(q) z)^2] + sigma_b^2, for a variance q >= 0 (Poole eq. 3).

    Errors: InputError.

    >>> round(nw.theory.meanfield.variance_map("relu", weight=2**0.5, bias=0, q=1), 6)
    1.0
    >>> nw.theory.meanfield.variance_map("relu", weight=2**0.5, bias=0, q=-1)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: meanfield q=-1: must be at least 0
    """
    act, w, b = _checked(activation, weight, bias)
    return float(w * w * _square(act, np.array([_variance(q)]))[0] + b * b)


def variance(activation: Activation | str, weight: float, bias: float) -> float:
    """q*, the variance that layer after layer approaches, from inputs of variance 1; 0 where it dies out.

    Errors: UnsupportedError where there is none: it grows without bound, every variance stays as it is (ReLU with
    sigma_w^2 = 2 and no bias), or it alternates.

    >>> round(nw.theory.meanfield.variance("tanh", weight=2.5, bias=0.3), 3)
    4.079
    >>> nw.theory.meanfield.variance("tanh", weight=0.5, bias=0)  # it dies out
    0.0
    >>> nw.theory.meanfield.variance("relu", weight=1.5, bias=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: no q* for relu with sigma_w 1.5, sigma_b 0: the variance grows without bound ...
    """
    return _fixed(*_checked(activation, weight, bias))


def chi(activation: Activation | str, weight: float, bias: float, q: float | None = None) -> float:
    """chi_1 = sigma_w^2 E[phi'(sqrt(q) z)^2] at q*, or at `q`: what a layer does to a small squared distance.

    Under 1 nearby inputs converge (order), above 1 they part (chaos). A curve's late layers lengthen by sqrt(chi_1)
    each. Of relu, leaky, abs and linear it is the same at every q, and is given where there is no q* too.
    Errors: as `variance`; UnsupportedError for step, which has no derivative.

    >>> round(nw.theory.meanfield.chi("tanh", weight=2.5, bias=0.3), 3)
    1.585
    >>> nw.theory.meanfield.chi("tanh", weight=0, bias=0)
    0.0
    >>> nw.theory.meanfield.chi("step", weight=1, bias=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: activation step: has no derivative that an expectation could hold, ...
    """
    act, w, b = _checked(activation, weight, bias)
    if q is not None:
        return float(w * w * _slopes(act, _variance(q)))
    if all(phi.homogeneous for _, phi in mixture(act)):
        return float(w * w * _slopes(act, 1.0))
    return float(w * w * _slopes(act, _fixed(act, w, b)))


def correlation_map(activation: Activation | str, weight: float, bias: float, c: float) -> float:
    """The next layer's correlation of two inputs of variance q* whose correlation is c, -1 to 1 (Poole eq. 5).

    Errors: as `variance`; InputError for another c, UnsupportedError where q* is 0.

    >>> round(nw.theory.meanfield.correlation_map("tanh", weight=2.5, bias=0.3, c=0.5), 3)
    0.444
    >>> nw.theory.meanfield.correlation_map("tanh", weight=2.5, bias=0.3, c=2)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: meanfield c=2: must be a correlation, from -1 to 1
    """
    act, w, b = _checked(activation, weight, bias)
    return _correlated(act, w, b, _living(act, w, b), _correlation(c))


def correlation(activation: Activation | str, weight: float, bias: float) -> float:
    """c*, the correlation that two inputs' units approach: 1 in order (chi_1 <= 1), less in chaos.

    Errors: as `correlation_map`.

    >>> round(nw.theory.meanfield.correlation("tanh", weight=2.5, bias=0.3), 3)
    0.122
    >>> nw.theory.meanfield.correlation("tanh", weight=0.5, bias=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: tanh with sigma_w 0.5, no bias: the variance dies out, there is no correlation
    """
    act, w, b = _checked(activation, weight, bias)
    q = _living(act, w, b)
    return _settled(act, w, b, q)


def depth(activation: Activation | str, weight: float, bias: float) -> float:
    """xi_c, in layers: how deep a correlation stays felt, its distance from c* falling as exp(-l / xi_c).

    1 / xi_c = -log(sigma_w^2 E[phi'(u) phi'(v)]), u and v of variance q* and correlation c*; at c* = 1 it is -log
    chi_1 (Schoenholz eq. 9). Infinite on the critical line. Errors: as `correlation_map`.

    >>> round(nw.theory.meanfield.depth("tanh", weight=1.3, bias=0.3), 1)
    16.1
    >>> nw.theory.meanfield.depth("tanh", weight=0.5, bias=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: tanh with sigma_w 0.5, no bias: the variance dies out, there is no correlation
    """
    act, w, b = _checked(activation, weight, bias)
    q = _living(act, w, b)
    c = _settled(act, w, b, q)
    if c == 1:
        return _fall(_steepness(act, w, b, q))
    return _fall(w * w * sum(p * _product(phi, q, c, True) for p, phi in mixture(act)))


def critical(activation: Activation | str, bias: float = 0.0) -> float:
    """sigma_w of the critical line at sigma_b = `bias`: where chi_1 is 1 (Poole fig. 1, Schoenholz fig. 1).

    Without bias: relu sqrt 2, tanh 1, erf(z) sqrt(pi) / 2. On the line q runs as a parameter: sigma_w^2 = 1 / E[phi'^2]
    and sigma_b^2 = q - sigma_w^2 E[phi^2]. Errors: InputError; UnsupportedError where there is no such line or its
    fixed point is not the one that layers approach.

    >>> round(nw.theory.meanfield.critical("relu") ** 2, 6)
    2.0
    >>> nw.theory.meanfield.critical("step")
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: activation step: has no derivative that an expectation could hold, ...
    """
    act, _, b = _checked(activation, 1.0, bias)
    functions = mixture(act)
    if all(phi.homogeneous for _, phi in functions):
        # chi_1 is the same at every q; a bias then adds to q layer after layer, and chi_1 stays 1
        return 1 / sqrt(_slopes(act, 1.0))
    at_rest = float(_square(act, np.zeros(1))[0])
    if b == 0 and at_rest == 0 and (slope := _slopes(act, 0.0)) > 0:
        found, q = 1 / sqrt(slope), 0.0
    else:
        crossed = _crossing(
            lambda q: np.array([v - b * b - _square(act, np.array([v]))[0] / _slopes(act, v) for v in q])
        )
        if crossed is None:
            raise UnsupportedError(f"activation {act}: chi_1 reaches 1 at no sigma_w with bias {b:.4g}")
        q, found = crossed, 1 / sqrt(_slopes(act, crossed))
    reached = _fixed(act, found, b)
    if abs(reached - q) > 1e-3 * max(q, 1e-3):
        raise UnsupportedError(
            f"activation {act} with bias {b:.4g}: where chi_1 is 1, at sigma_w {found:.4g}, layers do not approach the "
            f"variance {q:.4g} but {reached:.4g}"
        )
    return found


@lru_cache(maxsize=4096)
def _fixed(act: Activation, w: float, b: float) -> float:
    def off(q: Array) -> Array:
        return w * w * _square(act, q) + b * b - q

    def none(why: str) -> UnsupportedError:
        return UnsupportedError(f"no q* for {act} with sigma_w {w:.4g}, sigma_b {b:.4g}: {why}")

    grid = np.logspace(log(SMALLEST) / log(10), log(LARGEST) / log(10), GRID)
    start = GRID // 2  # a variance of 1
    values = off(grid)
    values[np.abs(values) <= ROUNDING * grid] = 0.0
    if not values.any():
        raise none("every variance stays as it is")
    if values[start] == 0:
        return 1.0
    if values[start] > 0:
        past = np.flatnonzero(values[start:] < 0)
        if not len(past):
            raise none("the variance grows without bound from layer to layer; take a smaller sigma_w or normalise")
        before = start + past[0] - 1
    else:
        past = np.flatnonzero(values[: start + 1] > 0)
        if not len(past):
            return 0.0
        before = past[-1]
    low, high = grid[before], grid[before + 1]
    if values[before] == 0 or values[before + 1] == 0:
        return float(low if values[before] == 0 else high)
    from scipy.optimize import brentq

    q = float(brentq(lambda v: float(off(np.array([v]))[0]), low, high, xtol=1e-15 * high, rtol=1e-14))
    step = q * 1e-4
    if off(np.array([q + step]))[0] - off(np.array([q - step]))[0] < -4 * step:
        raise none("the variance alternates about a fixed point from which it moves away")
    return q


def _living(act: Activation, w: float, b: float) -> float:
    """A variance at which correlations can be computed: q*, or 1 where any will do."""
    if b == 0 and all(phi.homogeneous for _, phi in mixture(act)):
        return 1.0
    q = _fixed(act, w, b)
    if q == 0:
        raise UnsupportedError(f"{act} with sigma_w {w:.4g}, no bias: the variance dies out, there is no correlation")
    return q


def _settled(act: Activation, w: float, b: float, q: float) -> float:
    if _steepness(act, w, b, q) <= 1 + SAME:
        return 1.0
    # from just under 1, where correlations fall, down to where they rise
    below = _crossing(lambda gaps: np.array([_correlated(act, w, b, q, 1 - float(g)) - 1 + g for g in gaps]), 2.0)
    if below is None:
        raise UnsupportedError(f"no c* for {act} with sigma_w {w:.4g}, sigma_b {b:.4g}: correlations alternate")
    return 0.0 if abs(1 - below) < SAME else 1 - below


def _steepness(act: Activation, w: float, b: float, q: float) -> float:
    """The correlation map's derivative at c = 1: chi_1 at q*, and what it is at any q where q runs off."""
    return w * w * _slopes(act, q) * q / (w * w * float(_square(act, np.array([q]))[0]) + b * b)


def _crossing(function: Callable[[Array], Array], largest: float = 1e8) -> float | None:
    """The smallest positive argument at which an array function goes from one sign to the other."""
    from scipy.optimize import brentq

    grid = np.append(np.logspace(-8, log(largest) / log(10), 80, endpoint=False), largest)
    signs = np.sign(function(grid))
    changes = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    if not len(changes):
        return None
    low, high = grid[changes[0]], grid[changes[0] + 1]
    return float(brentq(lambda v: float(function(np.array([v]))[0]), low, high, xtol=1e-14 * high, rtol=1e-13))


def _correlated(act: Activation, w: float, b: float, q: float, c: float) -> float:
    norm = w * w * float(_square(act, np.array([q]))[0]) + b * b
    if c == 1:
        return 1.0
    return (w * w * sum(p * _product(phi, q, c, False) for p, phi in mixture(act)) + b * b) / norm


def _product(phi: Pointwise, q: float, c: float, slopes: bool) -> float:
    """E[phi(u) phi(v)], or of phi', u and v of variance q and correlation c.

    What the part that they share, of variance |c| q and opposite signs where c is negative, they are independent.
    """
    own, shared = sqrt(q * (1 - abs(c))), sqrt(q * abs(c))

    def mean(at: Array) -> Array:
        return mean_slope(phi, own, at) if slopes else moments(phi, own, at)[0]

    if shared == 0:
        return float(mean(np.zeros(1))[0] ** 2)
    breaks = phi.kinks or (0.0,)
    finest = max(min(own if phi.kinks else inf, phi.width, sqrt(q)), 1e-9 * sqrt(q))
    both = (*breaks, *(-k for k in breaks))
    nodes, weights = normal_nodes(0.0, shared, both, finest, inf if phi.period is None else phi.period / 3)
    return float((mean(nodes) * mean(nodes if c > 0 else -nodes) * weights).sum())


def _square(act: Activation, q: Array) -> Array:
    """(M,) E[phi(sqrt(q) z)^2] at variances q."""
    total = np.zeros(len(q))
    for probability, phi in mixture(act):
        mean, spread = moments(phi, np.sqrt(q), 0.0)
        total += probability * (mean**2 + spread)
    return total


def _slopes(act: Activation, q: float) -> float:
    """E[phi'(sqrt(q) z)^2]."""
    return sum(p * float(squared_slope(phi, sqrt(q), 0.0)[0]) for p, phi in mixture(act))


def _fall(factor: float) -> float:
    if abs(factor - 1) <= SAME:
        return inf
    return -1 / log(factor) if factor > 0 else 0.0


def _checked(activation: Activation | str, weight: float, bias: float) -> tuple[Activation, float, float]:
    return (
        to_activation(activation),
        number(weight, "meanfield weight", least=0),
        number(bias, "meanfield bias", least=0),
    )


def _variance(q: float) -> float:
    return number(q, "meanfield q", least=0)


def _correlation(c: float) -> float:
    if not isfinite(c) or abs(c) > 1:
        raise InputError(f"meanfield c={c!r}: must be a correlation, from -1 to 1")
    return float(c)
