"""How large a page may still grow, and what was left out of it for that."""

from __future__ import annotations

from collections import Counter


class PageBudget:
    """Takes parts of a page in the order they are offered, as long as they fit; what does not is counted by kind."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._dropped: Counter[str] = Counter()

    def take(self, part: str, kind: str) -> bool:
        """Whether a part of the page, its text, still fits. `kind` says what it is, in the plural."""
        size = len(part.encode())
        if size > self._left:
            self._dropped[kind] += 1
            return False
        self._left -= size
        return True

    def left_out(self) -> tuple[str, ...]:
        """What was left out: "12 heat maps"."""
        return tuple(f"{count:,} {kind}" for kind, count in self._dropped.items())
