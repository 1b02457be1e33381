"""A batch of an outside function stays within a bound of memory, and is no smaller than the bound asks for."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.footprint import BUDGET, bounded
from netwarp.models.functions import RowFunction
from netwarp.models.torch_call import TorchFunction
from netwarp.network.program import Call

RNG = np.random.default_rng(5)


def test_a_batch_of_a_wide_model_stays_within_the_bound_of_memory() -> None:
    first, second = RNG.normal(size=(2, 20_000)), RNG.normal(size=(20_000, 2))
    sizes: list[int] = []

    def wide(points: np.ndarray) -> np.ndarray:
        sizes.append(len(points))
        return np.asarray(np.maximum(points @ first, 0) @ second)

    field = nw.field(wide, size=(60, 40))
    tracemalloc.start()
    try:
        field.sample()
        assert tracemalloc.get_traced_memory()[1] < 1.1 * BUDGET
    finally:
        tracemalloc.stop()
    # and no smaller than the bound asks for: two arrays of 20,000 float64 a row
    assert max(sizes) == pytest.approx(BUDGET / 320_000, rel=0.1)
    (batch,) = {call.function.batch for call in field.program.operations if isinstance(call, Call)}
    assert batch == max(sizes)


@pytest.mark.parametrize("width", [20_000, 64])
def test_a_batch_of_a_module_is_as_large_as_its_widest_layer_allows(width: int) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(2, width), torch.nn.ReLU(), torch.nn.Linear(width, 2))
    field = nw.field(module, size=(60, 40))
    call = field.program.operations[1]
    assert isinstance(call, Call)
    right = min(1 << 14, BUDGET // (3 * 4 * width))
    assert call.function.batch == right
    points = RNG.normal(size=(2_000, 2))
    with torch.no_grad():
        bare = module(torch.from_numpy(points).float()).numpy()
    np.testing.assert_allclose(field.at(points), bare, rtol=1e-4, atol=1e-5)


def test_rows_that_are_only_expanded_take_no_memory() -> None:
    torch = pytest.importorskip("torch")

    class Expanded(torch.nn.Module):  # type: ignore[name-defined,misc]
        def forward(self, x: Any) -> Any:
            return x[:, :, None].expand(-1, 2, 1_000_000)[..., 7]

    assert bounded(TorchFunction(Expanded(), (2,)), np.zeros((3, 2))) == 1 << 14


def test_a_function_that_refuses_many_rows_keeps_its_batch() -> None:
    def few(points: np.ndarray) -> np.ndarray:
        assert len(points) < 5
        return points

    assert bounded(RowFunction(few), np.zeros((3, 2))) == RowFunction.batch
