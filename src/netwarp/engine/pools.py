"""A Program whose pools are put together from pairs: what the native evaluator runs in place of the one it is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from netwarp.architecture.windows import pairs
from netwarp.network.cut import renumbered
from netwarp.network.program import Merge, Operation, Pool, Program


@dataclass(frozen=True, eq=False, slots=True)
class Separated:
    """`program` has a Merge or several for every Pool; `numbers[i]` is where the given Program's value i stands in it.

    `originals` is the way back: of values inside a pool, the pool's own number.
    """

    program: Program
    numbers: tuple[int, ...]
    originals: tuple[int, ...]


@lru_cache(maxsize=16)
def separated(program: Program) -> Separated:
    """The same function of the plane; it reads as far as the given Program does, and no farther."""
    if not any(isinstance(operation, Pool) for operation in program.operations):
        own = tuple(range(len(program.operations)))
        return Separated(program, own, own)
    operations: list[Operation] = []
    numbers: dict[int, int] = {}
    originals: list[int] = []
    for i, operation in enumerate(program.operations):
        moved = renumbered(operation, numbers)
        operations += _merges(moved, len(operations)) if isinstance(moved, Pool) else [moved]
        originals += [i] * (len(operations) - len(originals))
        numbers[i] = len(operations) - 1
    layers = tuple(numbers[layer] for layer in program.layers)
    whole = Program(tuple(operations), layers, program.exact32)
    assert whole.reach[0] == program.reach[0]
    return Separated(whole, tuple(numbers.values()), tuple(originals))


def _merges(pool: Pool, number: int) -> list[Merge]:
    """The steps along rows, then those along columns; the first of them is value `number`.

    Of two equal values the first is kept, so of a whole window the first in row order.
    """
    found: list[Merge] = []
    source = pool.sources[0]
    for down in (False, True):
        values = [source]
        for pair in pairs(pool.kind, pool.size):
            one, other = (values[s] for s in pair.sources)
            near, far = (offset * pool.dilation for offset in pair.offsets)
            values.append(number + len(found))
            found.append(Merge((one, other), pool.channels, pool.kind, (near, far), down, layer=pool.layer))
        source = values[-1]
    if not found:
        return [Merge((source, source), pool.channels, "max", (0, 0), down=True, layer=pool.layer)]
    if pool.kind == "avg":
        found[-1] = replace(found[-1], over=pool.size**2)
    return found
