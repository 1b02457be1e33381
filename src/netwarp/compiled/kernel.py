"""A compiled function as the rest of netwarp sees it: called like any other, made machine code when first called."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, ParamSpec, TypeVar

from netwarp.compiled.functions import FAILED, MISMATCH, Compilable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_lock = RLock()


class Kernel(Compilable, Generic[Arguments, Result]):
    """A compiled function. It runs without the interpreter's lock, and takes no keywords."""

    def __init__(self, function: Callable[Arguments, Result], *, counted: bool, inline: bool = False) -> None:
        super().__init__(function, counted=counted, inline=inline)
        self.doors: tuple[Callable[[tuple[Any, ...]], Any], ...] = ()

    def __repr__(self) -> str:
        return f"<kernel {self.name}>"

    def __call__(self, *arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        assert not keywords
        for door in self.doors:
            found = door(arguments)
            if found is not MISMATCH:
                return self._checked(found)
        return self._opened(arguments)

    def _opened(self, arguments: tuple[Any, ...]) -> Result:
        """Calls by a door that is made now, or by one whose types are the arguments' but for details of numpy's."""
        if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
            result: Result = self.function(*arguments)
            return result
        from netwarp.compiled.opening import door_for
        from netwarp.compiled.specs import plain

        simple = tuple(map(plain, arguments))
        for door in self.doors:
            found = door(simple)
            if found is not MISMATCH:
                return self._checked(found)
        with _lock:
            door = door_for(self, simple)
            self.doors = (*self.doors, door)
        return self._checked(door(simple))

    def _checked(self, found: Any) -> Result:
        if found is FAILED:
            raise MemoryError(f"{self.name}: no memory for its arrays")
        assert found is not MISMATCH, f"{self.name}: a door refuses what it was made for"
        result: Result = found
        return result
