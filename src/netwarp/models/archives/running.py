"""An archive's module on rows of inputs, and how large its tensors are. Importing this module needs torch."""

from __future__ import annotations

from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx import GraphModule
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from netwarp.errors import InputError, LimitError, NetwarpError, in_a_line

MOST = 100_000_000  # numbers of one tensor of one input


class SafeRows(torch.nn.Module):  # type: ignore[misc, unused-ignore]
    """The module on any number of inputs, each as if it were alone: its graph may know a batch of one length only."""

    def __init__(self, module: GraphModule) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = torch.vmap(lambda row: self.module(row).flatten())(x)
        return found


def check_sizes(module: GraphModule, example: torch.Tensor, what: str) -> None:
    """Nothing, where no tensor that the module makes of one input has more than 10^8 numbers; none is made here.

    Errors: LimitError naming the operation; InputError where the module does not take its own input.
    """
    try:
        with torch.no_grad(), FakeTensorMode(allow_non_fake_inputs=True), _Bounded(what):
            module(example)
    except NetwarpError:
        raise
    except Exception as error:  # torch has many kinds
        raise InputError(
            f"{what}: does not run on its own input ({type(error).__name__}: {in_a_line(error)})"
        ) from error


class _Bounded(TorchDispatchMode):  # type: ignore[misc, no-untyped-call, unused-ignore]
    def __init__(self, what: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call, unused-ignore]
        self.what = what

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        for one in tree_leaves(found):
            if isinstance(one, torch.Tensor) and one.numel() > MOST:
                name = str(func).removeprefix("aten.")
                raise LimitError(f"{self.what}: {name} makes {one.numel():,} numbers, at most {MOST:,} are run")
        return found
