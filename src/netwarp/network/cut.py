"""cut: the part of a Program that one of its values needs, renumbered."""

from __future__ import annotations

from dataclasses import replace

from netwarp.errors import InputError
from netwarp.network.program import Operation, Program


def cut(program: Program, value: int | None = None) -> Program:
    """The Program whose output is `value` (the last one, unless given) and which holds nothing that does not feed it.

    The embedding stays operation 0. `layers` keeps the layers from 1 on, up to the first whose output is gone: neither
    it nor, as a rule, the ones after it are part of the new Program. Errors: InputError for a value there is not.
    """
    count = len(program.operations)
    value = count - 1 if value is None else value
    if not 0 <= value < count:
        raise InputError(f"value {value}: the program has the values 0 to {count - 1}")
    needed = {0, value}
    for i in range(value, -1, -1):
        if i in needed:
            needed.update(program.operations[i].sources)
    kept = sorted(needed)
    number = {old: new for new, old in enumerate(kept)}
    layers: list[int] = []
    for layer in program.layers:
        if layer not in number:
            break
        layers.append(number[layer])
    return Program(
        tuple(renumbered(program.operations[i], number) for i in kept), tuple(layers), exact32=program.exact32
    )


def renumbered(operation: Operation, number: dict[int, int]) -> Operation:
    """The operation, its sources numbered anew."""
    sources = tuple(number[source] for source in operation.sources)
    if sources == operation.sources:
        return operation
    return replace(operation, sources=sources)  # type: ignore[arg-type]
