"""The decorators of compiled functions, which `netwarp.compiled` makes machine code of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from netwarp.compiled.kernel import Kernel

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Makes arrays, and runs without the interpreter's lock.

    No fast-math: the proofs of the error bounds count roundings, and a reassociated sum would not be the one counted.
    """
    return cast(Function, Kernel(function, counted=True))


def bare(function: Function) -> Function:
    """A kernel that makes no array, compiled without numba's counting of references.

    A count is an atomic operation, and there is one for every array that a view is taken of or that is handed over:
    they were a third to a half of what dividing a cell cost.
    """
    return cast(Function, Kernel(function, counted=False))


def inlined(function: Function) -> Function:
    """A bare kernel for other kernels: compiled into them, since handing over dozens of arrays costs more than most."""
    return cast(Function, Kernel(function, counted=False, inline=True))
