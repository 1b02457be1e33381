"""Names of version 0.1 that still work, and say what they are called now; they go in version 0.3."""

from __future__ import annotations

from typing import Any
from warnings import warn


class Renamed:
    """A class attribute under its former name: reads the one called `now` and warns (DeprecationWarning)."""

    def __init__(self, now: str) -> None:
        self.now = now

    def __set_name__(self, owner: type, name: str) -> None:
        self.before = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        renamed(self.before, self.now)
        return getattr(instance, self.now)


def renamed(before: str, now: str) -> None:
    """Warns the caller's caller that it used a former name."""
    warn(f"{before} is now called {now}; the old name goes in version 0.3", DeprecationWarning, stacklevel=3)
