"""Frozen statistics folded into weights: known answers, what it folds into, constants, rounding."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.errors import InputError
from netwarp.network.fold import CONSTANT, fold, folding, rounded
from netwarp.network.program import Add, Conv, Embed, Normalise, Program

INPUTS = Embed(np.zeros(2, dtype=np.int64), np.array([[1.0, 0, 0], [0, 1.0, 0]]))


def normalise(source: int, channels: int, eps: float = 0.0) -> Normalise:
    return Normalise((source,), np.full(channels, 3.0), np.arange(channels) - 0.5, eps, "there")


def weighted(source: int = 0, kernel: int = 1, dilation: int = 1, groups: int = 1) -> Conv:
    weight = np.arange(4 * 2 // groups * kernel**2, dtype=float).reshape(4, 2 // groups, kernel, kernel)
    return Conv((source,), weight, np.array([1.0, 2, 3, 4]), dilation, groups)


def test_known_answer() -> None:
    one = Program((INPUTS, weighted(), normalise(1, 4, 0.75)))
    found = fold(one, 2, np.array([1.0, 0, -1, 2]), np.array([0.25, 1.5, 3.25, 8.25]))
    # 3 / sqrt(1), 3 / 1.5, 3 / 2, 3 / 3
    factor = np.array([3, 2, 1.5, 1])
    np.testing.assert_array_equal(found.weight[:, :, 0, 0], np.arange(8).reshape(4, 2) * factor[:, None])
    np.testing.assert_array_equal(found.bias, [-0.5, 4.5, 7.5, 4.5])
    assert found.sources == (0,)
    assert found.layer == "there"


def test_it_keeps_the_convolution_it_folds_into() -> None:
    one = Program((INPUTS, weighted(0, 3, 2, 2), normalise(1, 4)))
    found = fold(one, 2, np.zeros(4), np.full(4, 9.0))
    assert (found.dilation, found.groups, found.kernel) == (2, 2, 3)
    np.testing.assert_array_equal(found.weight, weighted(0, 3, 2, 2).weight)


def test_where_the_source_is_no_convolution_or_not_its_own() -> None:
    for operations, norm in (
        ((INPUTS, normalise(0, 2)), 1),
        ((INPUTS, weighted(), normalise(1, 4), Add((1, 2), 4)), 2),
        ((INPUTS, weighted(), Add((1, 1), 4), normalise(2, 4)), 3),
        ((INPUTS, weighted(), normalise(1, 4), normalise(1, 4)), 2),
    ):
        one = Program(operations)
        assert folding(one, norm) is None
        channels = operations[norm].channels
        found = fold(one, norm, np.full(channels, 2.0), np.full(channels, 36.0))
        assert found.sources == operations[norm].sources
        assert found.groups == channels
        np.testing.assert_array_equal(found.weight, np.full((channels, 1, 1, 1), 0.5))
        np.testing.assert_array_equal(found.bias, np.arange(channels) - 1.5)
    alone = Program((INPUTS, weighted(), normalise(1, 4)))
    assert folding(alone, 2) == 1


@pytest.mark.parametrize("eps", [0.0, 1e-5])
def test_a_constant_channel_yields_its_shift(eps: float) -> None:
    one = Program((INPUTS, weighted(), normalise(1, 4, eps)))
    mean = np.array([0.0, 0.1, -1e9, 5.0])
    # nothing, and what rounding leaves of a constant
    variance = np.array([0.0, 0.0, (1e9 * 1e-16) ** 2, (5 * CONSTANT / 2) ** 2])
    found = fold(one, 2, mean, variance)
    assert not found.weight.any()
    np.testing.assert_array_equal(found.bias, np.arange(4) - 0.5)
    # what varies by little, but varies, is scaled
    varies = fold(one, 2, mean, np.full(4, 1e-8))
    assert varies.weight[0].any()
    assert not varies.weight[2].any()
    # a ten-thousand-millionth of its size is more than rounding leaves
    least = fold(one, 2, np.ones(4), np.full(4, 1e-20))
    assert least.weight.any(axis=(1, 2, 3)).all()


def test_numbers_are_rounded_once_after_the_fold() -> None:
    one = Program((INPUTS, Conv((0,), np.full((1, 2, 1, 1), 0.1), np.array([0.2])), normalise(1, 1)))
    found = fold(one, 2, np.array([0.3]), np.array([7.0]))
    gain = 3 / np.sqrt(7.0)
    assert found.weight[0, 0, 0, 0] == np.float32(0.1 * gain)
    assert found.bias[0] == np.float32((0.2 - 0.3) * gain - 0.5)
    np.testing.assert_array_equal(rounded(found.weight), found.weight)
    assert rounded(found.weight).dtype == np.float64


def test_a_scale_beyond_float32_is_refused_by_name() -> None:
    norm = Normalise((1,), np.array([1e300]), np.zeros(1), 1e-5, "0")
    one = Program((INPUTS, Conv((0,), np.ones((1, 2, 1, 1)), np.zeros(1)), norm))
    with pytest.raises(InputError, match="layer 0: scale up to 1e\\+300"):
        fold(one, 2, np.zeros(1), np.ones(1))
