"""probed: an affine operation of torch as one matrix, from its values at zero and at unit vectors."""

# n numbers of what it reads, m of what it gives

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from netwarp.errors import UnsupportedError
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Mask, Tensor
from netwarp.network.program import Conv

# affine in each argument that may depend on the input, as long as no other one does
AFFINE = frozenset(
    {
        *("einsum", "conv_transpose1d", "conv_transpose2d", "conv3d", "avg_pool3d", "cumsum", "im2col"),
        *("upsample_linear1d", "upsample_bilinear2d", "upsample_bicubic2d"),
    }
)
MOST = 1 << 22  # numbers of the matrix


def probed(function: Callable[..., torch.Tensor], args: Any, options: Any, builder: Builder) -> Tensor:
    """What the function gives of its arguments. Errors: UnsupportedError where several of them depend on the input."""
    given = list(_tensors((args, options)))
    if len(given) > 1 or isinstance(given[0], Mask):
        raise UnsupportedError("combines several tensors that depend on the input")

    def at(x: torch.Tensor) -> torch.Tensor:
        return function(*_replaced(args, x), **_replaced(options, x))

    x = torch.zeros(given[0].shape, dtype=torch.float64)
    offset = at(x)
    if x.numel() * offset.numel() > MOST:
        raise UnsupportedError(f"its matrix would hold {x.numel() * offset.numel():,} numbers, at most {MOST:,} may")
    columns = []
    for i in range(x.numel()):
        x.view(-1)[i] = 1.0
        columns.append((at(x) - offset).ravel().numpy())
        x.view(-1)[i] = 0.0
    matrix = np.stack(columns, axis=1)[:, :, None, None]
    conv = Conv((builder.value(given[0]),), matrix, offset.ravel().numpy().copy())
    return builder.add(conv, tuple(offset.shape))


def _tensors(given: Any) -> Any:
    if isinstance(given, Tensor | Mask):
        yield given
    elif isinstance(given, tuple | list | dict):
        for one in given.values() if isinstance(given, dict) else given:
            yield from _tensors(one)


def _replaced(given: Any, x: torch.Tensor) -> Any:
    if isinstance(given, Tensor):
        return x
    if isinstance(given, tuple | list):
        return type(given)([_replaced(one, x) for one in given])
    return {name: _replaced(one, x) for name, one in given.items()} if isinstance(given, dict) else given
