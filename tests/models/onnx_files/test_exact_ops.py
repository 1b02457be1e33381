"""The operations that stand in for the reference evaluator's own, held to torch and to scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.onnx_files.made import DOUBLE, model, node, onnx
from netwarp.models.onnx_files.exact_ops import average_pool, exact_ops, max_pool

torch = pytest.importorskip("torch")
F = torch.nn.functional


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 2), st.booleans())
def test_a_max_pool_is_torchs(data: Any, axes: int, ceil: bool) -> None:
    size, stride, gap = ([data.draw(st.integers(1, 3)) for _ in range(axes)] for _ in range(3))
    pad = [data.draw(st.integers(0, n // 2)) for n in size]
    image = [(n - 1) * step + 1 + data.draw(st.integers(0, 4)) for n, step in zip(size, gap, strict=True)]
    x = np.random.default_rng(0).normal(size=(1, 2, *image))
    pooled = (F.max_pool1d if axes == 1 else F.max_pool2d)(torch.from_numpy(x), size, stride, pad, gap, ceil)
    found = max_pool(x, kernel_shape=size, strides=stride, pads=pad + pad, dilations=gap, ceil_mode=int(ceil))
    np.testing.assert_array_equal(found, pooled.numpy())


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 2), st.booleans(), st.booleans())
def test_an_average_pool_is_torchs(data: Any, axes: int, ceil: bool, counted: bool) -> None:
    size, stride = ([data.draw(st.integers(1, 3)) for _ in range(axes)] for _ in range(2))
    pad = [data.draw(st.integers(0, n // 2)) for n in size]
    image = [n + data.draw(st.integers(0, 4)) for n in size]
    x = np.random.default_rng(0).normal(size=(1, 2, *image))
    pooled = (F.avg_pool1d if axes == 1 else F.avg_pool2d)(torch.from_numpy(x), size, stride, pad, ceil, counted)
    found = average_pool(x, kernel_shape=size, strides=stride, pads=pad + pad, ceil_mode=int(ceil), counted=counted)
    np.testing.assert_allclose(found, pooled.numpy(), rtol=1e-14, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_the_padding_of_an_image_is_top_left_bottom_right(pads: list[int]) -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 5, 6))
    top, left, bottom, right = pads
    around = F.pad(torch.from_numpy(x), (left, right, top, bottom), value=-np.inf)
    found = max_pool(x, kernel_shape=[3, 3], pads=pads)
    np.testing.assert_array_equal(found, F.max_pool2d(around, 3, 1).numpy())


@pytest.mark.parametrize(("kind", "length", "before"), [("SAME_UPPER", 4, 0), ("SAME_LOWER", 4, 1)])
def test_one_more_of_the_padding_is_where_the_name_says(kind: str, length: int, before: int) -> None:
    """ONNX: "in case the padding is an odd number, the extra padding is added at the end for SAME_UPPER"."""
    x = np.arange(1.0, length + 1)[None, None]
    wanted = np.pad(x, ((0, 0), (0, 0), (before, 1 - before)), constant_values=-np.inf)
    found = max_pool(x, kernel_shape=[2], auto_pad=kind)
    np.testing.assert_array_equal(found, np.maximum(wanted[..., :-1], wanted[..., 1:]))


@pytest.mark.parametrize(
    ("kind", "options", "theirs"),
    [
        ("Erf", {}, torch.erf),
        ("Gelu", {}, F.gelu),
        ("Gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh")),
        ("HardSwish", {}, F.hardswish),
    ],
)
def test_activations_have_float64s_digits(kind: str, options: dict[str, str], theirs: Any) -> None:
    x = np.linspace(-6, 6, 101)[None]
    evaluator = onnx.reference.ReferenceEvaluator(
        model([node(kind, "x", **options)], (1, 101), kind=DOUBLE), new_ops=exact_ops()
    )
    np.testing.assert_allclose(evaluator.run(None, {"x": x})[0], theirs(torch.from_numpy(x)), rtol=1e-13, atol=1e-15)
