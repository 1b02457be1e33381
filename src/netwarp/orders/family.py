"""Who a network is of: itself and its ancestors, numbered, the nearest first, and how each was made in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from netwarp.checks import plain
from netwarp.network.family import family_text
from netwarp.network.make import place_text
from netwarp.network.source import Between, Bred, Changed, Drawn, Made, Source, Walked, digest_of

LISTED = 100  # ancestors of a table


@dataclass(frozen=True, slots=True)
class Kin:
    """One of a family: its number, those of its parents, and its `level`: 0 of those whose family it is, and more than
    that of each of its children."""

    number: int
    level: int
    source: Drawn | Made
    parents: tuple[int, ...]


def kin_of(sources: Sequence[Drawn | Made], most: int | None = None) -> tuple[list[Kin], int]:
    """The family of these, themselves first and then their ancestors, level by level; and how many are left out of
    it where there are more than `most`."""
    found: dict[str, Drawn | Made] = {digest_of(one): one for one in sources}
    row = list(found.values())
    while row:
        row = [parent for one in row for parent in _parents(one)]
        row = [one for name, one in {digest_of(one): one for one in row}.items() if name not in found]
        found |= {digest_of(one): one for one in row}
    levels = _levels(found)
    # sorted is stable: within a level they stay as they were met
    ordered = sorted(found, key=lambda name: levels[name])
    kept = ordered[: len(ordered) if most is None else max(most, len(sources))]
    numbers = {name: number for number, name in enumerate(kept)}
    kin = [
        Kin(
            numbers[name],
            levels[name],
            found[name],
            tuple(numbers[digest_of(one)] for one in _parents(found[name]) if digest_of(one) in numbers),
        )
        for name in kept
    ]
    return kin, len(ordered) - len(kept)


def how_text(source: Drawn | Made) -> str:
    """How it was made, in words."""
    if isinstance(source, Drawn):
        return f"drawn from seed {source.seed}"
    match source.how:
        case Bred(seed, strength):
            several = len(source.parents) > 1
            mutated = f"strength {plain(strength)}"
            if several:
                return f"cross by seed {seed}" + (f", then mutated with {mutated}" if strength else "")
            return f"mutant by seed {seed}, {mutated}"
        case Between(share):
            return f"between its parents, at {plain(share)}"
        case Walked():
            return "with other latents"
        case Changed(array, place, value):
            return f"with {place_text(array, place)[:60]} = {plain(value)}"
        case _:
            assert_never(source.how)


def family_rows(source: Source) -> list[tuple[str, str, str]]:
    """A row for each of a family, itself first: its number, how it was made, its parents' numbers. Empty of a network
    that was not made of others."""
    kin = kin_of([source])[0] if isinstance(source, Made) else []
    return [(str(one.number), how_text(one.source), ", ".join(map(str, one.parents))) for one in kin]


def family_data(source: Source) -> list[dict[str, object]]:
    """The same as JSON objects, each with its `digest` and, where it has one, its `family` text."""
    kin = kin_of([source])[0] if isinstance(source, Made) else []
    return [
        {
            "number": one.number,
            "how": how_text(one.source),
            "parents": list(one.parents),
            "digest": digest_of(one.source),
            "family": family_text(one.source),
        }
        for one in kin
    ]


def _levels(found: dict[str, Drawn | Made]) -> dict[str, int]:
    """The longest way from each to one that is nobody's parent here."""
    children = dict.fromkeys(found, 0)
    for one in found.values():
        for name in {digest_of(parent) for parent in _parents(one)}:
            children[name] += 1
    levels = dict.fromkeys(found, 0)
    ready = [name for name, count in children.items() if not count]
    while ready:
        name = ready.pop()
        for parent in {digest_of(one) for one in _parents(found[name])}:
            levels[parent] = max(levels[parent], levels[name] + 1)
            children[parent] -= 1
            if not children[parent]:
                ready.append(parent)
    return levels


def _parents(source: Drawn | Made) -> tuple[Drawn | Made, ...]:
    return source.parents if isinstance(source, Made) else ()
