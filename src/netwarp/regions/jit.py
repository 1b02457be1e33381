"""The one decorator of this room's compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compiles on first use, once a machine (the cache is on disk), and runs without the interpreter's lock.

    No fast-math: the proofs of the error bounds count roundings, and a reassociated sum would not be the one counted.
    """
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """A kernel for other kernels: compiled into them, since handing over a few dozen arrays costs more than most do."""
    return cast(Function, njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))
