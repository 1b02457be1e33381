"""Bounds: the literature's own values, the sums written out, and the exact counts that they must dominate."""

from __future__ import annotations

from itertools import product
from math import comb, prod
from time import perf_counter

import numpy as np
import pytest

from netwarp.errors import InputError
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Maxout, Operation, Program
from netwarp.theory.bounds import (
    arrangement,
    folding_regions,
    lower,
    maxout_lower,
    maxout_upper,
    montufar_lower,
    sawtooth_regions,
    serra_lower,
    serra_upper,
)
from regions.rational import regions


def network(
    widths: tuple[int, ...], seed: int, name: str = "relu", slope: float = 0.0, *, whole: bool = False, pieces: int = 2
) -> Program:
    """A chain of random layers; "maxout" has `pieces` rows a unit. `whole` weights have many ties."""
    rng = np.random.default_rng([seed, *widths])
    operations: list[Operation] = [Embed(np.full(2, LINEAR), np.eye(2, 3))]
    inputs = 2
    for n in widths:
        rows = n * pieces if name == "maxout" else n
        weight, bias = rng.normal(size=(rows, inputs)), rng.normal(size=rows)
        if whole:
            weight, bias = np.round(weight), np.round(bias)
        operations.append(Conv((len(operations) - 1,), weight[:, :, None, None], bias))
        last = (len(operations) - 1,)
        operations.append(Maxout(last, n, pieces) if name == "maxout" else Activate(last, name, np.full(n, slope)))
        inputs = n
    return Program(tuple(operations))


def serra_as_written(widths: tuple[int, ...], inputs: int) -> int:
    """The theorem's sum, over its set J element by element."""
    total = 0
    for j in product(*(range(n + 1) for n in widths)):
        left = [inputs, *(n - k for n, k in zip(widths, j, strict=True))]
        if all(j[i] <= min(*left[: i + 1], widths[i]) for i in range(len(widths))):
            total += prod(comb(n, k) for n, k in zip(widths, j, strict=True))
    return total


def test_arrangements_of_lines_planes_and_points() -> None:
    """The lazy caterer's pancake and the cake, as published (OEIS A000124, A000125)."""
    assert [arrangement(n) for n in range(9)] == [1, 2, 4, 7, 11, 16, 22, 29, 37]
    assert [arrangement(n, 3) for n in range(8)] == [1, 2, 4, 8, 15, 26, 42, 64]
    assert [arrangement(n, 1) for n in range(4)] == [1, 2, 3, 4]
    assert arrangement(20, 0) == 1
    assert arrangement(5, 9) == 32
    assert arrangement(100) == 5051


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("n", [3, 4, 10])
def test_one_input_as_published(n: int, depth: int) -> None:
    """Serra et al., 3.2: the upper bound becomes (n + 1)^L, which they attain; Montúfar et al. have n^(L-1) (n + 1)."""
    assert serra_upper([n] * depth, 1) == (n + 1) ** depth == serra_lower([n] * depth, 1)
    assert montufar_lower([n] * depth, 1) == n ** (depth - 1) * (n + 1)


@pytest.mark.parametrize("inputs", [1, 2, 3, 5])
def test_the_sum_over_j(inputs: int) -> None:
    for widths in [*product(range(1, 5), repeat=2), *product((1, 2, 4), repeat=3), (2, 3, 1, 4), (5, 1, 5, 5), (7,)]:
        assert serra_upper(widths, inputs) == serra_as_written(widths, inputs)


def test_one_layer_is_the_arrangement() -> None:
    for n, inputs in product((1, 2, 7, 30), (1, 2, 3, 40)):
        assert serra_upper([n], inputs) == maxout_upper([n], 2, inputs) == arrangement(n, inputs)
        assert montufar_lower([n], inputs) == (arrangement(n, inputs) if n >= inputs else None)


def test_montufar_by_hand() -> None:
    """Two layers of 4 on the plane: the first folds it into 4, the second cuts each part into 1 + 4 + 6."""
    assert montufar_lower([4, 4]) == 44
    assert montufar_lower([5, 7, 3]) == 2**2 * 3**2 * 7
    assert montufar_lower([4] * 4) == folding_regions(3, 4) * arrangement(4)
    assert serra_lower([6, 6]) == 16 * 22
    assert lower([6, 6]) == (352, "Serra et al. 2018")
    assert lower([10] * 10) == (6**18 * 56, "Serra et al. 2018")
    assert lower([5, 6]) == (4 * 22, "Montúfar et al. 2014")
    assert lower([6]) == (22, "Montúfar et al. 2014")
    assert lower([1, 6]) is None


def test_serra_by_hand() -> None:
    """Layers of 1 and 2 on the plane: off, the first unit leaves nothing to cut; on, one dimension."""
    assert serra_upper([1, 2]) == 1 * 3 + 1 * 1
    # 2 units, then 1: both on 1 * 2, one on 2 * 2, none 1 * 1
    assert serra_upper([2, 1]) == 7


def test_bounds_in_their_order() -> None:
    for widths, inputs in product(product((1, 2, 4, 7, 12), repeat=3), (1, 2, 3)):
        upper = serra_upper(widths, inputs)
        assert upper <= maxout_upper(widths, 2, inputs) <= 2 ** sum(widths)
        lower, better = montufar_lower(widths, inputs), serra_lower(widths, inputs)
        assert (lower is None) == (min(widths) < inputs)
        assert (better is None) == (min(widths) < 3 * inputs)
        assert lower is None or lower <= upper
        assert better is None or (lower is not None and lower <= better <= upper)


@pytest.mark.parametrize("whole", [False, True])
def test_no_network_has_more_than_the_upper_bound(whole: bool) -> None:
    largest = 0.0
    for widths in [*product(range(1, 5), repeat=2), *product(range(1, 4), repeat=3), (6,), (8, 2), (2, 8), (5, 5)]:
        for seed in range(3):
            count = regions(network(widths, seed, whole=whole), (-100.0, 100.0, -100.0, 100.0)).activation_regions
            assert count <= serra_upper(widths)
            largest = max(largest, count / serra_upper(widths))
    # one generic layer attains it: a bound that is merely huge would pass the rest
    assert whole or largest == 1


@pytest.mark.parametrize(("name", "slope"), [("leaky", 0.25), ("leaky", -0.5), ("abs", 0.0)])
def test_units_that_fold_need_the_wider_bound(name: str, slope: float) -> None:
    over = False
    for widths in [*product(range(1, 5), repeat=2), (1, 3, 3), (3, 3, 3)]:
        for seed in range(3):
            one = network(widths, seed, name, slope)
            count = regions(one, (-100.0, 100.0, -100.0, 100.0)).activation_regions
            assert count <= maxout_upper(widths, 2)
            over |= count > serra_upper(widths)
    assert over or slope > 0, "no unit that folds exceeded Serra's bound"


def test_maxout() -> None:
    for widths, pieces in product([(1,), (3,), (2, 2), (3, 2), (1, 3)], (1, 2, 3)):
        for seed in range(3):
            one = network(widths, seed, "maxout", pieces=pieces)
            assert regions(one, (-50.0, 50.0, -50.0, 50.0)).activation_regions <= maxout_upper(widths, pieces)
    assert maxout_upper([2, 3], 3) == arrangement(6) * arrangement(9)
    assert maxout_upper([5, 5], 1) == 1
    # past a single unit there is but one dimension to cut
    assert maxout_upper([1, 3], 2) == 2 * 4
    assert maxout_upper([5, 2, 3], 3, 4) == arrangement(15, 4) * arrangement(6, 2) * arrangement(9, 2)
    # k^(L-1) k^n of layers as wide as the inputs
    assert maxout_lower(3, 2, 4) == 4**2 * 4**2
    for depth, width, pieces in product((1, 2, 4), (1, 2, 3), (2, 3)):
        assert maxout_lower(depth, width, pieces) <= maxout_upper([width] * depth, pieces, width)


def test_constructions_stay_under_the_bound() -> None:
    for depth, width in product(range(1, 6), range(2, 9)):
        assert folding_regions(depth, width) <= serra_upper([width] * depth)
    assert sawtooth_regions(7) == 128 <= serra_upper([2] * 7)


def test_deep_and_wide_is_quick_and_exact() -> None:
    clock = perf_counter()
    found = serra_upper([256] * 50)
    assert perf_counter() - clock < 1
    # nothing is lost below full dimension but where 255 or 256 units are off, which needs j > 2
    assert found == arrangement(256) ** 50
    assert serra_upper([256] * 50, 1) == 257**50


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: serra_upper([]), "at least one layer"),
        (lambda: serra_upper([4, 0]), "width of layer 2=0: must be at least 1"),
        (lambda: serra_upper([4, 2.0]), "width of layer 2=2.0: must be a whole number"),  # type: ignore[list-item]
        (lambda: montufar_lower([4], 0), "inputs=0: must be at least 1"),
        (lambda: serra_lower([True]), "width of layer 1=True: must be a whole number"),
        (lambda: arrangement(-1), "n=-1: must be at least 0"),
        (lambda: maxout_upper([3], 0), "pieces=0"),
        (lambda: folding_regions(1, 1), "width=1: must be at least 2"),
        (lambda: sawtooth_regions(0), "depth=0"),
    ],
)
def test_bad_shapes(call: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()  # type: ignore[operator]
