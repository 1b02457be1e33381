"""A Made source as JSON, and back: every ancestor under its digest, so that one that several share stands once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from netwarp import checks
from netwarp.architecture.language import parse
from netwarp.errors import InputError, LimitError, shown
from netwarp.network.source import Between, Bred, Changed, Drawn, How, Made, Source, Walked, digest_of, said_of_made

ANCESTORS = 1_000  # of one network, itself included; past this a recipe carries the weights themselves


def written(source: Source) -> Made | None:
    """How a recipe says that a network was made of others; None where it was not, or of too many to write."""
    if not isinstance(source, Made):
        return None
    return source if sum(1 for _ in islice(source.lineage(), ANCESTORS + 1)) <= ANCESTORS else None


def lineage_data(source: Made) -> dict[str, object]:
    """{"of": its digest, "ancestors": {digest: what is said of it}}, itself among them."""
    return {"of": source.digest, "ancestors": {digest_of(one): said_of_made(one) for one in source.lineage()}}


def read_lineage(data: object) -> Made:
    """The Made source of `lineage_data`, each digest computed anew. Errors: InputError, LimitError."""
    fields = checks.mapping(data, "recipe made")
    of = checks.string(checks.get(fields, "of", "recipe made"), "recipe made of", 64)
    listed = checks.mapping(checks.get(fields, "ancestors", "recipe made"), "recipe ancestors")
    if len(listed) > ANCESTORS:
        raise LimitError(f"recipe ancestors: {len(listed):,} of them, at most {ANCESTORS:,} are read")
    known: dict[str, Drawn | Made] = {}
    waiting, under_way = [of], set[str]()
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        entry = checks.mapping(checks.get(listed, name, "recipe ancestors"), f"recipe ancestor {shown(name, 12)}")
        parents = _parents(entry)
        missing = [parent for parent in parents if parent not in known]
        if missing:
            if name in under_way:
                raise InputError(f"recipe ancestor {shown(name, 12)}: is its own ancestor; the recipe was changed")
            under_way.add(name)
            waiting += [name, *missing]
            continue
        found = _one(entry, tuple(known[parent] for parent in parents))
        if digest_of(found) != name:
            raise InputError(f"recipe ancestor {shown(name, 12)}: is not what its name says; the recipe was changed")
        known[name] = found
    source = known[of]
    if not isinstance(source, Made):
        raise InputError("recipe made: is drawn from a seed; a recipe says architecture and seed of it")
    return source


def _parents(entry: Mapping[str, object]) -> tuple[str, ...]:
    names = checks.items(entry.get("parents", ()), "recipe ancestor's parents", 0, 2)
    return tuple(checks.string(name, "recipe ancestor's parent", 64) for name in names)


def _one(entry: Mapping[str, object], parents: tuple[Drawn | Made, ...]) -> Drawn | Made:
    what = "recipe ancestor"
    if "seed" in entry:
        text = checks.string(checks.get(entry, "architecture", what), f"{what} architecture", 10_000)
        return Drawn(parse(text), entry["seed"])  # type: ignore[arg-type]  # the constructor checks it
    how: How
    if "between" in entry:
        how = Between(entry["between"])  # type: ignore[arg-type]  # as above, and the next
    elif "walked" in entry:
        how = Walked(entry["walked"])  # type: ignore[arg-type]
    elif "changed" in entry:
        how = Changed(entry["changed"], checks.get(entry, "place", what), checks.get(entry, "value", what))  # type: ignore[arg-type]
    elif "bred" in entry:
        how = Bred(entry["bred"], checks.get(entry, "strength", what))  # type: ignore[arg-type]
    else:
        raise InputError(f"{what}: says neither a seed nor how it was made, as between, walked, changed or bred say")
    return Made(how, parents)
