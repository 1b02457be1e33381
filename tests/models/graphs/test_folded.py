"""What a Program of a plain network must look like, so that the compiled evaluator and the page take it."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.errors import UnsupportedError
from netwarp.models.graphs import affine, bends, pools
from netwarp.models.graphs.builder import Builder
from netwarp.network.program import Add, Conv, Embed, TensorConv

RNG = np.random.default_rng(0)
SCALE, SHIFT = RNG.normal(size=4), RNG.normal(size=4)


def kinds(builder: Builder, output: object) -> list[str]:
    return [type(one).__name__ for one in builder.program(output).operations]  # type: ignore[arg-type]


def test_a_normalisation_is_in_the_weights_before_it() -> None:
    builder = Builder(np.eye(2, 3))
    weight, bias = RNG.normal(size=(4, 2)), RNG.normal(size=4)
    made = affine.linear(builder, builder.inputs((1, 2)), weight, bias).affine(SCALE, SHIFT)
    made = affine.linear(builder, builder.activated(made, "relu"), RNG.normal(size=(1, 4)))
    program = builder.program(made)
    assert [type(one).__name__ for one in program.operations] == ["Embed", "Conv", "Activate", "Conv"]
    conv = program.operations[1]
    assert isinstance(conv, Conv)
    np.testing.assert_array_equal(conv.weight[:, :, 0, 0], weight * SCALE[:, None])
    np.testing.assert_array_equal(conv.bias, bias * SCALE + SHIFT)
    assert program.layers == (2,)


def test_what_another_operation_reads_too_is_not_changed() -> None:
    builder = Builder(np.eye(2, 3))
    first = affine.linear(builder, builder.inputs((1, 2)), RNG.normal(size=(4, 2)))
    program = builder.program(builder.summed(builder.activated(first.affine(SCALE, SHIFT), "relu"), first))
    assert [type(one).__name__ for one in program.operations] == ["Embed", "Conv", "Conv", "Activate", "Add"]
    last = program.operations[-1]
    assert isinstance(last, Add)
    assert last.sources == (3, 1)


def test_a_normalisation_of_channels_goes_into_a_convolution_and_one_of_places_does_not() -> None:
    for scale, wanted in ((SCALE[:, None, None], ["Embed", "TensorConv"]), (SCALE, ["Embed", "TensorConv", "Conv"])):
        builder = Builder(RNG.normal(size=(32, 3)))
        made = affine.convolved(builder, builder.inputs((1, 2, 4, 4)), RNG.normal(size=(4, 2, 1, 1)))
        assert kinds(builder, made.affine(scale)) == wanted


def test_what_is_done_to_inputs_is_in_the_first_layer_and_they_stay_the_models() -> None:
    coefficients = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 3]])
    weight = np.array([[1.0, 10, 100]])
    builder = Builder(coefficients)
    moved = builder.inputs((1, 3)).affine(2.0, 1.0).moved(lambda a: a[:, ::-1])
    embed, conv = builder.program(affine.linear(builder, moved, weight)).operations
    assert isinstance(embed, Embed)
    assert isinstance(conv, Conv)
    np.testing.assert_array_equal(embed.coefficients, coefficients)
    np.testing.assert_array_equal(conv.weight[:, :, 0, 0], [[200, 20, 2]])
    np.testing.assert_array_equal(conv.bias, [111])


def test_inputs_in_another_order_are_what_the_compiled_evaluator_takes() -> None:
    builder = Builder(np.eye(2, 3))
    moved = builder.inputs((1, 2)).moved(lambda a: a[:, [1, 0, 1]])
    program = builder.program(builder.activated(moved.affine(3.0, [1.0, 0, -1]), "relu"))
    assert [type(one).__name__ for one in program.operations] == ["Embed", "Conv", "Activate"]
    conv = program.operations[1]
    assert isinstance(conv, Conv)
    np.testing.assert_array_equal(conv.weight[:, :, 0, 0], [[0, 3], [3, 0], [0, 3]])
    np.testing.assert_array_equal(conv.bias, [1, 0, -1])


def test_views_and_scalings_wait() -> None:
    builder = Builder(RNG.normal(size=(12, 3)))
    x = builder.inputs((1, 3, 4)).moved(lambda a: a.transpose(0, 2, 1)).reshaped(2, 6).affine(3.0).affine(1 / 3)
    assert len(builder.operations) == 1
    builder.value(x)
    assert [type(one).__name__ for one in builder.operations] == ["Embed", "Gather", "Conv"]
    assert builder.value(x) == 2
    assert len(builder.operations) == 3


def test_one_large_window_is_a_mean_of_channels() -> None:
    builder = Builder(RNG.normal(size=(32, 3)))
    made = pools.adapted(builder, builder.inputs((1, 2, 4, 4)), (1, 1), pools.averaged, mean=True)
    (_, conv) = builder.program(made).operations
    assert isinstance(conv, TensorConv)
    np.testing.assert_array_equal(conv.weight, np.full((2, 1, 4, 4), 1 / 16))


def test_what_is_not_known_is_refused_in_words() -> None:
    builder = Builder(np.eye(4, 3))
    x = builder.inputs((2, 2))
    with pytest.raises(UnsupportedError, match="multiplies matrices of which neither is one constant matrix"):
        affine.product(builder, x, x)
    with pytest.raises(UnsupportedError, match=r"normalises \[2\] of a tensor \[2, 2\]; only the whole is known"):
        bends.layer_normalised(builder, x, (2,), None, None, 1e-5)
    with pytest.raises(UnsupportedError, match="its window of 3 is larger than its image of 2"):
        pools.largest(builder, x.reshaped(1, 1, 2, 2), (3, 3), (1, 1))
    with pytest.raises(UnsupportedError, match="convolves 2 images at once"):
        affine.convolved(builder, x.reshaped(2, 1, 1, 2), np.ones((1, 1, 1, 1)))
