"""How many kinks and regions random ReLU networks have on average.

Hanin and Rolnick (2019), "Complexity of Linear Regions in Deep Networks", arXiv:1901.09021, give the mean number
of kinks exactly (Theorem 3.4): a unit z bends a line, at t, with density E[|z'(t)| rho(z(t))], rho the density of its
bias, as long as its output is heard. Hanin and Rolnick (2019), "Deep ReLU Networks Have Surprisingly Few Activation
Patterns", arXiv:1906.00904, bound activation regions. What is counted is activation regions, and every unit's kinks,
heard or not.

Evaluated here for wide layers with He's weights (variance 2 / inputs), where units are Gaussian along the line: the
density is then Kac's and Rice's, the speed of the layer's direction over pi, and a ReLU layer of He's weights keeps
that speed (its chi_1 is 1). So a unit of any layer bends the line once for every half turn its inputs make.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, comb, factorial, hypot, isfinite, pi, sqrt

from netwarp.checks import whole
from netwarp.errors import InputError

Point = Sequence[float]


def on_segment(widths: Sequence[int], p: Point, q: Point, *, bias: float = 0.0) -> float:
    """The mean number of kinks between p and q, two points of the input space, as the network reads them.

    `widths` are the units of each ReLU layer, `bias` the standard deviation of all their biases. For layer l of n_l
    units, n_l / pi times the angle under which p and q are seen from a point sqrt(l d / 2) * bias off the input space
    of d dimensions, over the origin. A constant input is a coordinate of both. Wide layers; He's weights, independent
    ones a layer. Errors: InputError.
    """
    first, second = _point(p, "p"), _point(q, "q")
    if len(first) != len(second):
        raise InputError(f"kinks p={p!r}, q={q!r}: must be points of one space")
    layers = _widths(widths)
    if not isfinite(bias) or bias < 0:
        raise InputError(f"kinks bias={bias!r}: must be a standard deviation, at least 0")
    return sum(
        n / pi * _angle((*first, height), (*second, height))
        for n, height in ((n, sqrt(layer * len(first) / 2) * bias) for layer, n in enumerate(layers, 1))
    )


def on_line(widths: Sequence[int]) -> int:
    """The mean number of kinks on a whole line that misses the origin: the number of units, at any depth.

    As `on_segment`, of ends infinitely far off: every layer's direction makes half a turn. (Through the origin, without
    bias, it is one kink a unit of the first layer and none after it, all at the origin.) Errors: InputError.
    """
    return sum(_widths(widths))


def regions(units: int, dimension: int = 2) -> float:
    """units^dimension / dimension!: the order of activation regions that random networks of any depth have.

    Hanin and Rolnick 2019, arXiv:1906.00904: their bound with the constant T that their experiments find, near 1. Their
    count is over all of the input space; with kinks that cross as lines do it is `bounds.arrangement`, of which this is
    the leading term. Errors: InputError.
    """
    n, d = whole(units, "units"), whole(dimension, "dimension")
    return float(n**d / factorial(d))


def regions_bound(units: int, dimension: int, volume: float, constant: float) -> float:
    """The most activation regions on average in a large enough cube of that volume: volume (T units)^d / d!.

    2^units for no more units than dimensions. `constant` is T, of the largest density of a bias and the largest mean
    gradient of a unit; it does not depend on depth. Hanin and Rolnick 2019, arXiv:1906.00904, Theorem 5; independent
    weights and biases, every bias with a density. Errors: InputError.
    """
    n, d = whole(units, "units"), whole(dimension, "dimension")
    for name, value in (("volume", volume), ("constant", constant)):
        if not isfinite(value) or value <= 0:
            raise InputError(f"regions_bound {name}={value!r}: must be a positive number")
    return float(volume * (2.0**n if n <= d else (constant * n) ** d / factorial(d)))


def boundary_bound(units: int, codimension: int, gradient: float, density: float) -> float:
    """The most of the boundary on average, a unit of volume: C(units, k) (2 gradient density)^k.

    The (d - k)-dimensional volume of where k units' boundaries meet; in the plane k = 1 is length an area and k = 2
    corners an area. `gradient` bounds a unit's mean gradient (its k-th moment's root), `density` the conditional
    density of biases. Hanin and Rolnick 2019, arXiv:1901.09021. Errors: InputError.
    """
    n, k = whole(units, "units"), whole(codimension, "codimension")
    for name, value in (("gradient", gradient), ("density", density)):
        if not isfinite(value) or value < 0:
            raise InputError(f"boundary_bound {name}={value!r}: must be a number, at least 0")
    return float(comb(n, k) * (2 * gradient * density) ** k)


def _angle(a: Sequence[float], b: Sequence[float]) -> float:
    """Between two directions; exact near 0 and near pi (Kahan's formula). 0 where one of them is the origin."""
    long, other = hypot(*a), hypot(*b)
    if long == 0 or other == 0:
        return 0.0
    apart = hypot(*(x / long - y / other for x, y in zip(a, b, strict=True)))
    together = hypot(*(x / long + y / other for x, y in zip(a, b, strict=True)))
    return 2 * atan2(apart, together)


def _point(value: Point, name: str) -> tuple[float, ...]:
    try:
        found = tuple(float(one) for one in value)
    except (TypeError, ValueError):
        found = ()
    if not found or not all(isfinite(one) for one in found):
        raise InputError(f"kinks {name}={value!r}: must be a point, finite numbers such as (0.5, -0.25)")
    return found


def _widths(widths: Sequence[int]) -> tuple[int, ...]:
    found = tuple(whole(n, f"width of layer {number}") for number, n in enumerate(widths, 1))
    if not found:
        raise InputError("widths=(): a network has at least one layer; give the units of each, as in (10, 10)")
    return found
