"""How many rows an outside function takes at once within a bound of memory, from two small calls of it."""

# n rows, K numbers of an input

from __future__ import annotations

import sys
import tracemalloc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import NetwarpError
from netwarp.models.functions import Outside, outputs

Array = NDArray[np.float64]
BUDGET = 192 << 20  # bytes that a batch may take at its peak
FEW = 8  # rows of the first call: a function may take long for one
# of a torch module: a layer's input, its output, and what the layer itself works in
LIVE = 3


def bounded(function: Outside, rows: Array) -> int:
    """Its `batch`, or fewer rows where so many would take more than 192 MiB in it, judged by calls on `rows` (n, K).

    Arrays of numpy and results of torch's functions are counted, not what a function keeps to itself.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # what one call has of its own, as weights made anew, cancels
            fewer, more = (_allocated(function, np.resize(rows, (n, rows.shape[1]))) for n in (FEW, 2 * FEW))
    except NetwarpError:  # one that refuses so many rows, or so few, is named where it is used
        return function.batch
    arrays = more[0] - fewer[0]
    tensors = max((b - a for a, b in zip_longest(fewer[1], more[1], fillvalue=0)), default=0)
    each = max(1, arrays, LIVE * tensors) / FEW
    return max(1, min(function.batch, int(BUDGET / each)))


def _allocated(function: Outside, rows: Array) -> tuple[int, list[int]]:
    """Bytes of a call: the most that numpy has at once, and those of each result of torch's functions, in order."""
    tensors: list[int] = []
    with _traced() as before, _tensors(tensors):
        outputs(function, rows)
        return tracemalloc.get_traced_memory()[1] - before, tensors


@contextmanager
def _traced() -> Iterator[int]:
    """While numpy's allocations are counted: how many bytes there were. What a user counts goes on."""
    own = not tracemalloc.is_tracing()
    if own:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        yield tracemalloc.get_traced_memory()[0]
    finally:
        if own:
            tracemalloc.stop()


@contextmanager
def _tensors(made: list[int]) -> Iterator[None]:
    """While bytes of the results of torch's functions are added to `made`; loads no torch."""
    if "torch" not in sys.modules:
        yield
        return
    from torch import Tensor
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            found = func(*args, **(kwargs or {}))
            # of a view, as of expanded rows, the storage says what is really held
            several = found if isinstance(found, tuple | list) else (found,)
            made.append(sum(one.untyped_storage().nbytes() for one in several if isinstance(one, Tensor)))
            return found

    with Watch():
        yield
