"""Counts: Boolean functions, bottlenecks, maxout kinks and dead networks, each against what is known of it."""

from itertools import product

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from netwarp.claims import lu2019, serra2018, tseran2021, valleperez2019
from netwarp.claims.streams import stream
from netwarp.theory.bounds import serra_upper


def nothing(done: int, total: int) -> None:
    pass


def test_complexity_of_known_sequences() -> None:
    ones = np.ones(128, dtype=np.uint8)
    assert valleperez2019.complexity(ones) == 7
    # 0, 1, then one copy that runs to the end: three words either way
    assert valleperez2019.complexity(np.tile([0, 1], 64).astype(np.uint8)) == 21
    mixed = stream(0).randint(0, 2, 128).astype(np.uint8)
    assert valleperez2019.complexity(mixed) > 100


def test_functions_are_those_of_their_networks() -> None:
    random = stream(3)
    shapes = [(7, 40), (40, 40), (40, 1)]
    layers = []
    for inputs, outputs in shapes:
        weights = random.standard_normal((valleperez2019.TOGETHER, inputs, outputs)) / np.sqrt(inputs)
        layers.append((weights, random.standard_normal((valleperez2019.TOGETHER, 1, outputs)) / np.sqrt(inputs)))
    bits = np.unpackbits(valleperez2019._functions(3), axis=1)
    for place, point in enumerate(product((0.0, 1.0), repeat=7)):
        if place % 37 == 0:
            h = np.array(point)
            for depth, (weights, biases) in enumerate(layers):
                h = (np.maximum(h, 0) if depth else h) @ weights[5] + biases[5, 0]
            assert bits[5, place] == (h[0] > 0)


@pytest.mark.slow
def test_functions_drawn_uniformly_refute_the_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    # of so few functions of four bits that every one of them comes often
    monkeypatch.setattr(
        valleperez2019,
        "_functions",
        lambda seed: np.repeat(stream(seed).randint(0, 256, (valleperez2019.TOGETHER, 1)), 16, axis=1).astype(np.uint8),
    )
    found = valleperez2019.probable_functions_are_simple(True, nothing)
    assert found.checks[0].verdict == "refuted"


def test_the_bound_is_that_of_an_arrangement_and_of_orders() -> None:
    assert [serra_upper((n,)) for n in (2, 4, 8)] == [4, 11, 37]
    first, second, last = (serra_upper(widths) for widths in serra2018.PLACES)
    assert first < second < last


@pytest.mark.slow
def test_bottlenecks_have_the_verdicts_on_record_and_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = serra2018._counts(True, nothing)
    monkeypatch.setattr(serra2018, "_counts", lambda quick, progress: kept)
    assert serra2018.no_network_exceeds_the_bound(True, nothing).verdict == "holds"
    assert serra2018.early_bottlenecks_cost_most(True, nothing).verdict == "holds"
    monkeypatch.setattr(serra2018, "_counts", lambda quick, progress: kept[::-1])
    assert serra2018.early_bottlenecks_cost_most(True, nothing).verdict == "refuted"
    monkeypatch.setattr(serra2018, "_counts", lambda quick, progress: kept * 10_000)
    assert serra2018.no_network_exceeds_the_bound(True, nothing).verdict == "refuted"


def test_upper_edges_of_hulls() -> None:
    assert [tseran2021.upper_edges(k) for k in (2, 3)] == pytest.approx([1, 1.5])
    random = stream(1)
    hulls = [len(ConvexHull(random.standard_normal((6, 2))).vertices) for _ in range(3000)]
    assert np.mean(hulls) / 2 == pytest.approx(tseran2021.upper_edges(6), rel=0.02)


def test_kinks_of_maxout_are_those_of_dense_sampling() -> None:
    """Along the part of a line that its kinks lie on, the largest piece of some unit changes as often as is counted."""
    for seed, widths in ((0, (5,)), (2, (3, 3, 3))):
        random = stream(seed)
        start, direction = random.standard_normal((2, 2))
        t = np.tan(np.linspace(-1, 1, 100_001) * np.arctan(tseran2021.REACH))
        h = start[:, None] + direction[:, None] * t
        changes = 0
        for n in widths:
            weights = random.standard_normal((3, n, len(h))) / np.sqrt(len(h))
            biases = random.standard_normal((3, n))
            pieces = weights @ h + biases[:, :, None]
            changes += int((np.diff(pieces.argmax(axis=0), axis=1) != 0).sum())
            h = pieces.max(axis=0)
        assert tseran2021.kinks(widths, 3, seed) == changes


def test_another_rank_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tseran2021.maxout_kinks_by_rank(True, nothing).verdict == "holds"
    edges = tseran2021.upper_edges
    monkeypatch.setattr(tseran2021, "upper_edges", lambda k: edges(k + 1))
    assert tseran2021.maxout_kinks_by_rank(True, nothing).verdict == "refuted"


def test_networks_that_fold_at_every_layer_would_refute_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tseran2021.maxout_kinks_follow_units(True, nothing).verdict == "holds"
    kinks = tseran2021.kinks
    monkeypatch.setattr(tseran2021, "kinks", lambda widths, *rest: kinks(widths, *rest) * 2 ** (len(widths) - 1))
    assert tseran2021.maxout_kinks_follow_units(True, nothing).verdict == "refuted"


def test_networks_die_as_coins_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lu2019, "DEEP", 40)
    found = lu2019.dead(1, 3, 0) / lu2019.TOGETHER
    # one unit: on for half a turn of directions, so never off everywhere in the first layer
    assert found[0] == pytest.approx([1 / 2, 3 / 4, 7 / 8], abs=0.06)
    assert found[1, 0] == 0
    # from then on what arrives is positive: off everywhere or nowhere
    assert found[1, 1:] == pytest.approx([1 / 2, 3 / 4], abs=0.06)


@pytest.mark.slow
def test_weights_that_are_seldom_negative_let_networks_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lu2019, "DEEP", lu2019.DEPTH)
    monkeypatch.setattr(lu2019, "DIRECTIONS", 8)
    monkeypatch.setattr(lu2019, "weights", lambda random, shape: random.standard_normal(shape) + 0.3)
    assert lu2019.deep_narrow_networks_are_born_dead(True, nothing).verdict == "refuted"
