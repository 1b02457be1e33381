"""How many regions a network of given widths can have: the literature's bounds, exact in whole numbers of any size.

Every upper bound counts activation patterns that an open set of inputs shares. On a rectangle, and on a slice of a
larger input space, there are no more of them than on all of it: a pattern's set is convex. Linear regions join
activation regions, so an upper bound holds for them as well. Every lower bound says that some network of these widths
has so many linear regions on all of the input space, never that a given one has.
"""

# n_0 = inputs; n_1 .. n_L = widths, the layers from the inputs on, without the affine read-out

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb, prod

from netwarp.checks import whole
from netwarp.errors import InputError, shown


def arrangement(n: int, dimension: int = 2) -> int:
    """The regions that n hyperplanes in general position make of `dimension`-space: sum of C(n, j), j <= dimension.

    The most that any n make, and so the most activation regions of one ReLU layer of n units. Two dimensions: 1 + n +
    n (n - 1) / 2. Zaslavsky, "Facing up to Arrangements" (1975), doi:10.1090/memo/0154. Errors: InputError.

    >>> nw.theory.bounds.arrangement(3)
    7
    >>> nw.theory.bounds.arrangement(0)  # no line: the whole plane
    1
    >>> nw.theory.bounds.arrangement(-1)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: n=-1: must be at least 0
    """
    n, dimension = whole(n, "n", 0), whole(dimension, "dimension", 0)
    return _partial_sum(n, dimension)


def montufar_lower(widths: Sequence[int], inputs: int = 2) -> int | None:
    """Linear regions that some ReLU network of these widths has; None where a layer is narrower than the inputs.

    prod over l < L of floor(n_l / n_0)^n_0, times the arrangement of n_L hyperplanes: all layers but the last fold.
    Montúfar, Pascanu, Cho and Bengio (2014), Theorem 5, arXiv:1402.1869, for n_l >= n_0. Errors: InputError.

    >>> nw.theory.bounds.montufar_lower([4, 4])
    44
    >>> nw.theory.bounds.montufar_lower([1, 4]) is None  # a layer narrower than the two inputs
    True
    >>> nw.theory.bounds.montufar_lower([0.5])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: width of layer 1=0.5: must be a whole number
    """
    widths, inputs = _shape(widths, inputs)
    if min(widths) < inputs:
        return None
    return int(prod((n // inputs) ** inputs for n in widths[:-1])) * _partial_sum(widths[-1], inputs)


def serra_lower(widths: Sequence[int], inputs: int = 2) -> int | None:
    """Linear regions that some ReLU network has, more than `montufar_lower`; None where a layer has under 3 n_0 units.

    As there, with floor(n_l / n_0) + 1 for floor(n_l / n_0). Serra, Tjandraatmadja and Ramalingam (2018), the lower
    bound on the maximal number of linear regions, arXiv:1711.02114, for n_l >= 3 n_0. Errors: InputError.

    >>> nw.theory.bounds.serra_lower([8, 8])
    925
    >>> nw.theory.bounds.serra_lower([4, 4]) is None  # it takes 6 units a layer
    True
    >>> nw.theory.bounds.serra_lower(8)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: widths=8: must be a list, the units of each layer, as in (10, 10)
    """
    widths, inputs = _shape(widths, inputs)
    if min(widths) < 3 * inputs:
        return None
    return int(prod((n // inputs + 1) ** inputs for n in widths[:-1])) * _partial_sum(widths[-1], inputs)


def lower(widths: Sequence[int], inputs: int = 2) -> tuple[int, str] | None:
    """The larger of `montufar_lower` and `serra_lower`, and which paper's it is; None where neither applies.

    Of one layer, and wherever they are equal, it is Montúfar et al.'s, which is the older. Errors: InputError.

    >>> nw.theory.bounds.lower([10] * 10)
    (5687357573431296, 'Serra et al. 2018')
    >>> nw.theory.bounds.lower([1]) is None  # narrower than the two inputs
    True
    >>> nw.theory.bounds.lower([])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: widths=(): a network has at least one layer; give the units of each, as in (10, 10)
    """
    known = [
        (montufar_lower(widths, inputs), "Montúfar et al. 2014"),
        (serra_lower(widths, inputs), "Serra et al. 2018"),
    ]
    return max(((bound, source) for bound, source in known if bound is not None), key=lambda one: one[0], default=None)


def serra_upper(widths: Sequence[int], inputs: int = 2) -> int:
    """The most activation regions of a ReLU network, fully connected, layer after layer, without skips.

    The sum of prod C(n_l, j_l) over all j_1 .. j_L with 0 <= j_l <= min(n_0, n_1 - j_1, .., n_{l-1} - j_{l-1}, n_l):
    where j units of a layer are off, what follows sees a space of at most n_l - j dimensions. Serra, Tjandraatmadja and
    Ramalingam (2018), Theorem 1, arXiv:1711.02114. Attained by one layer; for one input by layers of three units and
    more. The proof needs ReLU's flat side: abs and leaky of a negative slope exceed it; for them, `maxout_upper`.
    Errors: InputError.

    >>> nw.theory.bounds.serra_upper([10, 10])
    3136
    >>> nw.theory.bounds.serra_upper([])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: widths=(): a network has at least one layer; give the units of each, as in (10, 10)
    """
    widths, inputs = _shape(widths, inputs)
    # regions by what the layers still to come may make of a space of d dimensions, from the last layer backwards
    most = [1] * (inputs + 1)
    for n in reversed(widths):
        chosen = _binomials(n, inputs)
        most = [sum(chosen[j] * most[min(n - j, d)] for j in range(min(n, d) + 1)) for d in range(inputs + 1)]
    return most[inputs]


def maxout_upper(widths: Sequence[int], pieces: int, inputs: int = 2) -> int:
    """The most activation regions of a network of maxout units of `pieces` affine pieces, without skips.

    prod over l of the sum of C(k (k - 1) / 2 n_l, j), j <= d_l = min(n_0, .., n_l): k pieces are compared in pairs.
    Serra, Tjandraatmadja and Ramalingam (2018), arXiv:1711.02114. With 2 pieces it is the bound of Montúfar, "Notes on
    the Number of Linear Regions of Deep Neural Networks" (2017), for any activation of two pieces that is continuous
    and linear on each: relu, leaky, abs. Errors: InputError.

    >>> nw.theory.bounds.maxout_upper([4, 4], pieces=3)
    6241
    >>> nw.theory.bounds.maxout_upper([4, 4], pieces=1)  # one piece is an affine map
    1
    >>> nw.theory.bounds.maxout_upper([], pieces=3)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: widths=(): a network has at least one layer; give the units of each, as in (10, 10)
    """
    widths, inputs = _shape(widths, inputs)
    pairs = comb(whole(pieces, "pieces"), 2)
    total, dimension = 1, inputs
    for n in widths:
        dimension = min(dimension, n)
        total *= _partial_sum(pairs * n, dimension)
    return total


def maxout_lower(depth: int, width: int, pieces: int) -> int:
    """Linear regions that some network of `depth` layers of `width` maxout units has, on `width` inputs: k^(L - 1 + n).

    Montúfar, Pascanu, Cho and Bengio (2014), Theorem 8, arXiv:1402.1869: layers as wide as the input space, of rank k.
    Errors: InputError.

    >>> nw.theory.bounds.maxout_lower(2, 3, pieces=3)
    81
    >>> nw.theory.bounds.maxout_lower(0, 3, pieces=3)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: depth=0: must be at least 1
    """
    depth, width = whole(depth, "depth"), whole(width, "width")
    return int(whole(pieces, "pieces") ** (depth - 1 + width))


def folding_regions(depth: int, width: int) -> int:
    """Activation regions, and linear regions, of Network.folding(depth, width) on the open unit square: exact.

    (p q)^depth with p = ceil(width / 2), q = floor(width / 2): a grid of p^depth columns and q^depth rows. For an even
    width it is what Montúfar et al. (2014), arXiv:1402.1869, count for all layers but the last. Errors: InputError.

    >>> nw.theory.bounds.folding_regions(4, 4)
    256
    >>> nw.theory.bounds.folding_regions(0, 4)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: depth=0: must be at least 1
    """
    depth, width = whole(depth, "depth"), whole(width, "width", 2)
    return int(((width + 1) // 2 * (width // 2)) ** depth)


def sawtooth_regions(depth: int) -> int:
    """Activation regions, and linear regions, of Network.sawtooth(depth) on the open unit square: 2^depth, exact.

    A line across it has one kink less. Telgarsky (2015), arXiv:1509.08101. Errors: InputError.

    >>> nw.theory.bounds.sawtooth_regions(3)
    8
    >>> nw.theory.bounds.sawtooth_regions(0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: depth=0: must be at least 1
    """
    return int(2 ** whole(depth, "depth"))


def _partial_sum(n: int, most: int) -> int:
    """The sum of C(n, j) over j <= most."""
    return sum(_binomials(n, most))


def _binomials(n: int, most: int) -> list[int]:
    """C(n, j) for j = 0 .. min(n, most)."""
    found = [1]
    for j in range(1, min(n, most) + 1):
        found.append(found[-1] * (n - j + 1) // j)
    return found


def _shape(widths: Sequence[int], inputs: int) -> tuple[tuple[int, ...], int]:
    """The widths and the inputs, checked. Errors: InputError."""
    if not isinstance(widths, Iterable):
        raise InputError(f"widths={shown(widths)}: must be a list, the units of each layer, as in (10, 10)")
    found = tuple(whole(n, f"width of layer {number}") for number, n in enumerate(widths, 1))
    if not found:
        raise InputError("widths=(): a network has at least one layer; give the units of each, as in (10, 10)")
    return found, whole(inputs, "inputs")
