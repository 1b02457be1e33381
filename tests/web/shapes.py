"""An architecture as the page's types have it: web/src/engine/language/tree.ts."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

# fields that hold whole numbers of any size, which the page keeps as such
WHOLE = {"channels", "groups", "pieces", "times", "n", "one", "three", "five", "pool", "out", "stride"}


def data(value: object) -> Any:
    """JSON; whole numbers of any size are written as {"whole": "10"}."""
    if isinstance(value, Enum):
        return "unset"
    if isinstance(value, tuple):
        return [data(one) for one in value]
    if not is_dataclass(value):
        return value
    kind = type(value).__name__
    made: dict[str, Any] = {"kind": kind}
    for field in fields(value):
        found = getattr(value, field.name)
        name = "pool" if (kind, field.name) == ("Pool", "kind") else field.name
        made[name] = _whole(found) if name in WHOLE and not isinstance(found, str) else data(found)
    return made


def _whole(value: Any) -> Any:
    return [_whole(one) for one in value] if isinstance(value, tuple) else {"whole": str(value)}
