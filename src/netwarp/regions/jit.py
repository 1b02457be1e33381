"""The one decorator of this room's compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])
_ALL: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy"}
_BARE: Final[dict[str, Any]] = {**_ALL, "_nrt": False}


def kernel(function: Function) -> Function:
    """Compiles on first use, once a machine (the cache is on disk), and runs without the interpreter's lock.

    No fast-math: the proofs of the error bounds count roundings, and a reassociated sum would not be the one counted.
    """
    return cast(Function, njit(**_ALL)(function))


def bare(function: Function) -> Function:
    """A kernel that makes no array, compiled without numba's counting of references.

    A count is an atomic operation, and there is one for every array that a view is taken of or that is handed over:
    they were a third to a half of what dividing a cell cost. numba's own flag for it begins with an underscore.
    """
    return cast(Function, njit(**_BARE)(function))


def inlined(function: Function) -> Function:
    """A bare kernel for other kernels: compiled into them, since handing over dozens of arrays costs more than most."""
    return cast(Function, njit(**_BARE, forceinline=True)(function))
