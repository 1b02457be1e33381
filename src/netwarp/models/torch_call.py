"""A torch.nn.Module as an outside function: batched within a bound of memory, and left as it was found."""

# n points, K numbers of an input, C outputs

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Array = NDArray[np.float64]
# bytes that the inputs of a batch may take: activations take some tens of times as much
BUDGET = 4 << 20
MOST = 1 << 14


def is_module(model: object) -> bool:
    """Whether it is a torch.nn.Module; loads no torch."""
    import sys

    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


class TorchFunction:
    """The module on rows (n, K), each an input of `shape`. It runs in eval mode, in the dtype and on the device of its
    parameters; its mode, parameters, buffers, gradients and the random state are left as they were found."""

    alone = False

    def __init__(self, module: Module, shape: tuple[int, ...], name: str | None = None) -> None:
        import torch

        self.module = module
        self.name = type(module).__name__ if name is None else name
        check_numbers(module, f"model {self.name}")
        self.shape = shape
        self.inputs: int | None = None
        like = next((one for one in _tensors(module) if one.is_floating_point()), None)
        self.dtype = torch.get_default_dtype() if like is None else like.dtype
        self.device = torch.device("cpu") if like is None else like.device
        self.batch = max(1, min(MOST, BUDGET // (8 * max(1, int(np.prod(shape))))))

    def __call__(self, points: Array) -> NDArray[np.generic]:
        import torch

        with left_as_found(self.module), torch.no_grad():
            return self._arrays(self._outputs(self._given(points)))

    def again(self, points: Array) -> NDArray[np.generic]:
        """As a call, but from another random state."""
        import torch

        with left_as_found(self.module), torch.no_grad():
            torch.rand(1)
            if self.device.type == "cuda":
                torch.rand(1, device=self.device)
            return self._arrays(self._outputs(self._given(points)))

    def takes(self) -> int | None:
        """How many numbers an input has, as the first linear layer says; None where a batch of such is refused."""
        import torch

        first = next((one for one in self.module.modules() if isinstance(one, torch.nn.Linear)), None)
        if first is None:
            return None
        wanted = int(first.in_features)
        try:
            with left_as_found(self.module), torch.no_grad():
                self.module(torch.zeros(2, wanted, dtype=self.dtype, device=self.device))
        except Exception:  # noqa: BLE001  # whatever a module of somebody's own raises
            return None
        return None if wanted == int(np.prod(self.shape)) else wanted

    @property
    def epsilon(self) -> float:
        """The rounding of its numbers."""
        import torch

        return float(torch.finfo(self.dtype).eps)

    def tangent(self, points: Array, across: Array, down: Array) -> Array:
        """(3, n, C): values, and their derivatives along the two directions (n, K) at every point.

        Forward mode; where an operation has none, by as many backward passes as there are outputs.
        """
        x, *along = (self._given(one) for one in (points, across, down))
        with left_as_found(self.module):
            try:
                (values, first), (_, second) = (self._forward(x, one) for one in along)
                parts = [values, first, second]
            except (NotImplementedError, RuntimeError):
                parts = self._backward(x, along)
        return np.stack([np.asarray(self._arrays(part), dtype=np.float64) for part in parts])

    def _forward(self, x: Tensor, along: Tensor) -> tuple[Tensor, Tensor]:
        import torch
        from torch.autograd import forward_ad as untyped

        forward_ad: Any = untyped
        with torch.no_grad(), forward_ad.dual_level(), warnings.catch_warnings():
            # torch itself loads its rules by a compiler that it calls deprecated
            warnings.filterwarnings("ignore", message="`torch.jit.script", category=DeprecationWarning)
            values, slopes = forward_ad.unpack_dual(self._outputs(forward_ad.make_dual(x, along)))
            # None where the outputs do not depend on the inputs
            return values.detach().clone(), torch.zeros_like(values) if slopes is None else slopes.clone()

    def _backward(self, x: Tensor, along: list[Tensor]) -> list[Tensor]:
        import torch

        x = x.detach().requires_grad_()
        with torch.enable_grad():
            values = self._outputs(x)
            columns: list[list[Tensor]] = [[], []]
            for c in range(values.shape[1]):
                # points do not depend on one another, so that the slope of their sum is the slope of each
                (slope,) = torch.autograd.grad(values[:, c].sum(), x, retain_graph=True)
                for column, one in zip(columns, along, strict=True):
                    column.append((slope * one).flatten(1).sum(dim=1))
        return [values, *(torch.stack(column, dim=1) for column in columns)]

    def _given(self, points: Array) -> Tensor:
        import torch

        return torch.from_numpy(points).to(self.dtype).to(self.device).reshape(-1, *self.shape)

    def _outputs(self, x: Tensor) -> Tensor:
        import torch

        found = self.module(x)
        if not isinstance(found, torch.Tensor):
            raise InputError(
                f"model {self.name}: gives a {type(found).__name__}, not a tensor; wrap it in a module that returns "
                "the tensor to look at"
            )
        return found.reshape(len(x), -1) if found.ndim != 2 and len(found) == len(x) else found

    def _arrays(self, found: Tensor) -> NDArray[np.generic]:
        import torch

        kept = found.detach().cpu()
        return (kept.float() if kept.dtype in (torch.bfloat16, torch.float16) else kept).numpy()


@contextmanager
def left_as_found(module: Module) -> Iterator[None]:
    """The module in eval mode; after it, its mode, buffers and the random state are as they were."""
    import torch

    # one walk: a small module's own forward takes no longer
    parts = list(module.modules())
    modes = [(one, one.training) for one in parts]
    buffers = [(own, own.clone()) for one in parts for own in one._buffers.values() if own is not None]
    tensors = [own for one in parts for own in (*one._parameters.values(), *one._buffers.values()) if own is not None]
    devices = sorted({one.device.index or 0 for one in tensors if one.device.type == "cuda"})
    with torch.random.fork_rng(devices):
        for one, training in modes:
            if training:
                one.training = False
        try:
            yield
        finally:
            for one, training in modes:
                one.training = training
            # a batch norm in training mode changes its buffers without a new version of them
            for buffer, before in buffers:
                if not torch.equal(buffer, before):
                    buffer.data.copy_(before)


def check_numbers(module: Module, what: str) -> None:
    """Nothing, where a module has all its numbers. A call would give a lazy layer numbers, and change the module.

    Errors: InputError where a layer's wait for a first input.
    """
    import torch

    if any(torch.nn.parameter.is_lazy(one) for one in _tensors(module)):
        raise InputError(f"{what}: has layers without numbers yet; call it once on an input")


def without_statistics(module: Module) -> str:
    """The kind and the path of the first batch norm that has no running statistics; "" where all have."""
    from torch.nn.modules.batchnorm import _BatchNorm

    for path, one in module.named_modules():
        if isinstance(one, _BatchNorm) and (one.running_mean is None or one.running_var is None):
            return f"{type(one).__name__} {path!r}" if path else type(one).__name__
    return ""


def _tensors(module: Module) -> Iterator[Any]:
    yield from module.parameters()
    yield from module.buffers()
