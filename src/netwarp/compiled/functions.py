"""What can be compiled: functions of Python that numba reads, and functions that emit instructions."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

# what a door answers to arguments of other types, and where a kernel could not do its work
MISMATCH: Final = type("Mismatch", (), {})()
FAILED: Final = type("Failed", (), {})()


class Compilable:
    """A function of numbers, arrays, and tuples of these, and how it is compiled.

    `counted`: it makes arrays, so that their owners are counted. `inline`: it is for other kernels only, and compiled
    into them.
    """

    def __init__(self, function: Callable[..., object], *, counted: bool, inline: bool = False) -> None:
        assert isinstance(function, FunctionType)
        self.function: FunctionType = function
        self.counted = counted
        self.inline = inline
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__


class Emitted:
    """A function of numba's typing context and of types, that emits instructions: numba's intrinsic, for kernels."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__name__ = function.__name__

    def __call__(self, *_arguments: Any) -> Any:
        raise TypeError(f"{self.__name__} is for compiled code only")
