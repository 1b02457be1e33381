"""The types of a kernel's arguments, as plain data that can be written down: one form for every call alike.

"int", "float", "bool", "none"; ["array", dtype, dimensions, layout, access], layout "C" or "A", access "rw" or "r";
["tuple", item, ...]; ["named", "module:class", item, ...] for a NamedTuple.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

Spec: TypeAlias = str | tuple[Any, ...]


def describe(value: object) -> Spec:
    """The spec of one argument. Errors: TypeError, for what no kernel takes."""
    if isinstance(value, np.ndarray):
        if not (value.flags.aligned and value.dtype.isnative):
            raise TypeError("an array that is not aligned, or of another byte order")
        layout = "C" if value.flags.c_contiguous else "A"
        return ("array", value.dtype.name, value.ndim, layout, "rw" if value.flags.writeable else "r")
    if isinstance(value, tuple):
        items = tuple(map(describe, value))
        kind = type(value)
        return ("tuple", *items) if kind is tuple else ("named", f"{kind.__module__}:{kind.__qualname__}", *items)
    if isinstance(value, bool | np.bool_):
        return "bool"
    if isinstance(value, int | np.integer):
        return "int"
    if isinstance(value, float):
        return "float"
    if value is None:
        return "none"
    raise TypeError(f"a {type(value).__name__}")


def plain(value: object) -> object:
    """The same value with Python's own numbers, and arrays whose dtype is numpy's own object for it."""
    if isinstance(value, np.ndarray):
        return value.view(np.dtype(value.dtype.name))
    if isinstance(value, tuple):
        items: list[Any] = [plain(one) for one in value]
        return tuple(items) if type(value) is tuple else type(value)(*items)
    return value.item() if isinstance(value, np.generic) else value


def frozen(spec: Any) -> Spec:
    """A spec read from JSON, where tuples are lists."""
    return tuple(map(frozen, spec)) if isinstance(spec, list) else spec


def accepts(known: Spec, given: Spec) -> bool:
    """Whether what is compiled for `known` may be called with `given`: what it only reads may be written to."""
    if isinstance(known, str) or isinstance(given, str):
        return known == given
    if known[:1] == given[:1] == ("array",):
        return known[1:4] == given[1:4] and known[4] in ("r", given[4])
    return len(known) == len(given) and all(map(accepts, known, given))


def joined(one: Spec, other: Spec) -> Spec | None:
    """What accepts both; None where they differ in more than which arrays are read-only."""
    if isinstance(one, str) or isinstance(other, str):
        return one if one == other else None
    if one[:1] == other[:1] == ("array",):
        return (*one[:4], min(one[4], other[4])) if one[1:4] == other[1:4] else None
    items = [joined(a, b) for a, b in zip(one, other, strict=True)] if len(one) == len(other) else [None]
    return None if None in items else tuple(items)
