"""Every operation of torch that from_module knows, by its name."""

from __future__ import annotations

from netwarp.models.aten import activations, arithmetic, joins, layers, shapes
from netwarp.models.aten.kinds import Function

TABLE: dict[str, Function] = {**arithmetic.TABLE, **layers.TABLE, **activations.TABLE, **shapes.TABLE, **joins.TABLE}


def known(name: str) -> Function | None:
    """The function of an operation as torch names it, "aten.relu_.default"; None where it is not known.

    An operation in place is read as the one that gives its value.
    """
    room, _, rest = name.partition(".")
    operation, _, overload = rest.partition(".")
    if room != "aten":
        return None
    operation = operation if operation in TABLE or operation.startswith("_") else operation.removesuffix("_")
    return TABLE.get(f"{operation}.{overload}", TABLE.get(operation))
