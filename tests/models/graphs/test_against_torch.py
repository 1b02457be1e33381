"""Every operation on tensors, held to torch's own in float64."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest

from netwarp.models.graphs import affine, bends, pools
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.clamps import clamped
from netwarp.network.network import Network
from netwarp.network.source import Graph

torch = pytest.importorskip("torch")
F = torch.nn.functional

RNG = np.random.default_rng(0)
POINTS = RNG.uniform(-1, 1, size=(40, 2))


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(list(shape)).normal(size=shape)


def tensor(*shape: int) -> Any:
    return torch.from_numpy(numbers(*shape))


def _partly(builder: Builder | None, x: Any) -> Any:
    if builder is None:
        return torch.where(x >= 0.3, 2 - x, 0.5 * x)
    return bends.where(builder, bends.compared(builder, x, 0.3, strict=False), x.affine(-1.0, 2.0), x.affine(0.5))


def _partly_else(builder: Builder | None, x: Any) -> Any:
    if builder is None:
        return torch.where(x >= 0.3, x.flip(1), 0.5)
    mask = bends.compared(builder, x, 0.3, strict=False)
    return bends.where(builder, mask, x.moved(lambda a: a[:, ::-1]), 0.5)


WEIGHT, NARROW = numbers(4, 3, 3, 2), numbers(6, 1, 3, 3)
# shape of the input, what netwarp's operation makes of it, what torch's does
CASES: dict[str, tuple[tuple[int, ...], Callable[..., Any], Callable[..., Any]]] = {
    "linear": (
        (1, 6),
        lambda b, x: affine.linear(b, x, numbers(4, 6), numbers(4)),
        lambda x: F.linear(x, tensor(4, 6), tensor(4)),
    ),
    "linear of rows": (
        (1, 5, 6),
        lambda b, x: affine.linear(b, x, numbers(4, 6), numbers(4)),
        lambda x: F.linear(x, tensor(4, 6), tensor(4)),
    ),
    "conv": (
        (1, 3, 7, 8),
        lambda b, x: affine.convolved(b, x, WEIGHT, numbers(4), stride=(2, 1), padding=(1, 1, 2, 2), dilation=(1, 3)),
        lambda x: F.conv2d(x, torch.from_numpy(WEIGHT), tensor(4), (2, 1), (1, 2), (1, 3)),
    ),
    "conv in groups": (
        (1, 3, 5, 5),
        lambda b, x: affine.convolved(b, x, NARROW, padding=(1, 1, 1, 1), groups=3),
        lambda x: F.conv2d(x, torch.from_numpy(NARROW), padding=1, groups=3),
    ),
    "conv of one pixel": (
        (1, 6, 1, 1),
        lambda b, x: affine.convolved(b, x, numbers(4, 3, 1, 1), groups=2),
        lambda x: F.conv2d(x, tensor(4, 3, 1, 1), groups=2),
    ),
    "mean": ((1, 3, 4, 5), lambda b, x: affine.mean(b, x, (2, -1), keep=True), lambda x: x.mean((2, 3), keepdim=True)),
    "mean of all": ((1, 3, 4), lambda b, x: affine.mean(b, x, (0, 1, 2)), lambda x: x.mean()),
    "sum": ((1, 3, 4, 5), lambda b, x: affine.mean(b, x, (1, 2), total=True), lambda x: x.sum((1, 2))),
    "product from the right": ((1, 4, 3), lambda b, x: affine.product(b, x, numbers(3, 2)), lambda x: x @ tensor(3, 2)),
    "product from the left": ((1, 4, 3), lambda b, x: affine.product(b, numbers(5, 4), x), lambda x: tensor(5, 4) @ x),
    "product with a vector": ((1, 4, 3), lambda b, x: affine.product(b, x, numbers(3)), lambda x: x @ tensor(3)),
    "product of a vector": ((1, 4, 3), lambda b, x: affine.product(b, numbers(4), x), lambda x: tensor(4) @ x),
    "max pool": (
        (1, 2, 7, 9),
        lambda b, x: pools.largest(b, x, (3, 2), (2, 3), ((1, 1), (1, 1)), (1, 2)),
        lambda x: F.max_pool2d(x, (3, 2), (2, 3), 1, (1, 2)),
    ),
    "max pool of what is scaled": (
        (1, 2, 4, 4),
        lambda b, x: pools.largest(b, x.affine(-2.0, 1.0), (2, 2), (2, 2)),
        lambda x: F.max_pool2d(1 - 2 * x, 2),
    ),
    "max pool, ceil": (
        (1, 2, 6, 8),
        lambda b, x: pools.largest(b, x, (3, 3), (2, 3), ((1, 1), (0, 0)), ceil=True),
        lambda x: F.max_pool2d(x, 3, (2, 3), (1, 0), ceil_mode=True),
    ),
    "avg pool": (
        (1, 2, 7, 6),
        lambda b, x: pools.averaged(b, x, (3, 2), (2, 2), ((1, 1), (1, 1))),
        lambda x: F.avg_pool2d(x, (3, 2), 2, 1),
    ),
    "avg pool, padding not counted": (
        (1, 2, 7, 6),
        lambda b, x: pools.averaged(b, x, (3, 3), (2, 2), ((1, 1), (1, 1)), count_padding=False),
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    ),
    "avg pool, ceil": (
        (1, 2, 6, 8),
        lambda b, x: pools.averaged(b, x, (3, 3), (2, 3), ((1, 1), (1, 1)), ceil=True),
        lambda x: F.avg_pool2d(x, 3, (2, 3), 1, ceil_mode=True),
    ),
    "avg pool, divisor": (
        (1, 2, 6, 6),
        lambda b, x: pools.averaged(b, x, (2, 2), (2, 2), divisor=3),
        lambda x: F.avg_pool2d(x, 2, divisor_override=3),
    ),
    "adaptive avg": (
        (1, 2, 6, 8),
        lambda b, x: pools.adapted(b, x, (3, 2), pools.averaged, mean=True),
        lambda x: F.adaptive_avg_pool2d(x, (3, 2)),
    ),
    "adaptive avg, uneven": (
        (1, 2, 5, 7),
        lambda b, x: pools.adapted(b, x, (3, 4), pools.averaged, mean=True),
        lambda x: F.adaptive_avg_pool2d(x, (3, 4)),
    ),
    "adaptive max, uneven": (
        (1, 2, 5, 7),
        lambda b, x: pools.adapted(b, x, (3, 4), pools.largest, mean=False),
        lambda x: F.adaptive_max_pool2d(x, (3, 4)),
    ),
    "clamp": ((1, 9), lambda b, x: clamped(b, x, -0.3, 0.7), lambda x: x.clamp(-0.3, 0.7)),
    "clamp from below": ((1, 9), lambda b, x: clamped(b, x, -0.3, None), lambda x: x.clamp(min=-0.3)),
    "clamp from above": ((1, 9), lambda b, x: clamped(b, x, None, 0.2), lambda x: x.clamp(max=0.2)),
    "clamp whose bounds cross": (
        (1, 9),
        lambda b, x: clamped(b, x, numbers(9), numbers(9)[::-1]),
        lambda x: x.clamp(tensor(9), tensor(9).flip(0)),
    ),
    "relu6": ((1, 9), lambda b, x: clamped(b, x.affine(9.0), 0.0, 6.0), lambda x: F.relu6(9 * x)),
    "larger": ((1, 9), lambda b, x: bends.larger(b, x, numbers(9)), lambda x: torch.maximum(x, tensor(9))),
    "smaller": (
        (2, 9),
        lambda b, x: bends.smaller(b, x.moved(lambda a: a[:1]), x.moved(lambda a: a[1:])),
        lambda x: torch.minimum(x[:1], x[1:]),
    ),
    "greatest": ((1, 3, 4), lambda b, x: bends.extreme(b, x, (1,)), lambda x: x.amax(1)),
    "least": (
        (1, 3, 4),
        lambda b, x: bends.extreme(b, x, (-1,), keep=True, least=True),
        lambda x: x.amin(-1, keepdim=True),
    ),
    "where": (
        (1, 9),
        lambda b, x: bends.where(b, bends.compared(b, x, 0.1), x.affine(-1.0, 2.0), x.affine(0.3)),
        lambda x: torch.where(x > 0.1, 2 - x, 0.3 * x),
    ),
    "where of something else": (
        (2, 9),
        lambda b, x: bends.where(
            b, bends.compared(b, x.moved(lambda a: a[:1]), 0.0, strict=False), x.moved(lambda a: a[1:]), 0.5
        ),
        lambda x: torch.where(x[:1] >= 0, x[1:], 0.5),
    ),
    "where, of constants in part": (
        (1, 9),
        lambda b, x: _partly(b, x.padded([(0, 0), (2, 3)], 0.3)),
        lambda x: _partly(None, F.pad(x, (2, 3), value=0.3)),
    ),
    "where of something else, of constants in part": (
        (1, 9),
        lambda b, x: _partly_else(b, x.padded([(0, 0), (2, 3)], 0.3)),
        lambda x: _partly_else(None, F.pad(x, (2, 3), value=0.3)),
    ),
    "where of constants": (
        (1, 9),
        lambda b, x: bends.where(b, numbers(9) > 0, x, x.affine(2.0)),
        lambda x: torch.where(tensor(9) > 0, x, 2 * x),
    ),
    "softplus": ((1, 9), lambda b, x: bends.softplus(b, x, 2.0), lambda x: F.softplus(x, 2.0)),
    "elu": ((1, 9), lambda b, x: bends.elu(b, x, 0.5), lambda x: F.elu(x, 0.5)),
    "celu": ((1, 9), lambda b, x: bends.elu(b, x, 2.0, 1.0, 0.5), lambda x: F.celu(x, 2.0)),
    "gelu by tanh": ((1, 9), bends.softly, lambda x: F.gelu(x, approximate="tanh")),
    "softshrink": ((1, 9), lambda b, x: bends.shrunk(b, x, 0.3), lambda x: F.softshrink(x, 0.3)),
    "layer norm": (
        (1, 3, 4),
        lambda b, x: bends.layer_normalised(b, x, (1, 3, 4), numbers(1, 3, 4), None, 1e-5),
        lambda x: F.layer_norm(x, (1, 3, 4), tensor(1, 3, 4)),
    ),
    "padding": (
        (1, 3, 4),
        lambda b, x: x.affine(2.0).padded([(0, 0), (1, 2), (-1, 3)], 7.0),
        lambda x: F.pad(2 * x, (-1, 3, 1, 2), value=7.0),
    ),
    "cat": (
        (1, 6, 2),
        lambda b, x: b.concatenated(
            [x.affine(2.0), b.activated(x, "relu").moved(lambda a: a[:, ::2]), numbers(1, 1, 2)], 1
        ),
        lambda x: torch.cat([2 * x, x.relu()[:, ::2], tensor(1, 1, 2)], 1),
    ),
    "sum of the same": ((1, 6), lambda b, x: b.summed(x.affine(2.0, 1.0), x), lambda x: 3 * x + 1),
    "broadcast sum": (
        (1, 3, 4),
        lambda b, x: b.summed(x, affine.mean(b, x, (2,), keep=True)),
        lambda x: x + x.mean(2, keepdim=True),
    ),
    "product of two": ((1, 6), lambda b, x: b.multiplied(x, b.activated(x, "sigmoid")), lambda x: x * x.sigmoid()),
    "output of constants": (
        (1, 2),
        lambda b, x: b.concatenated([numbers(1, 3), x], 1),
        lambda x: torch.cat([tensor(1, 3), x], 1),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operation_gives_what_torch_gives(name: str) -> None:
    shape, mine, theirs = CASES[name]
    coefficients = np.random.default_rng(1).normal(size=(prod(shape), 3))
    builder = Builder(coefficients)
    made = mine(builder, builder.inputs(shape))
    field = Network(Graph(builder.program(made))).calibrate()
    found = field.at(POINTS)
    inputs = POINTS @ coefficients[:, :2].T + coefficients[:, 2]
    wanted = [theirs(torch.from_numpy(one.reshape(shape))) for one in inputs]
    assert made.shape == tuple(wanted[0].shape)
    wanted = np.stack([one.numpy().ravel() for one in wanted])
    np.testing.assert_allclose(found, wanted, atol=1e-12 * np.abs(wanted).max(), rtol=0)
