"""The text of a family, which says how a network was bred over generations, whatever its architecture is.

Steps with a space between, the last of which is the network. A whole number is a network drawn from that seed; the
others are children: `0_7` is the mutant of step 0 (steps count from 0) by the seed 7, `0*1_5` the cross of the steps 0
and 1 by the seed 5; a third part is the strength, as in `0_7_0.5`, where it is not the usual one.
"""

from __future__ import annotations

import re
from decimal import Decimal

from netwarp.architecture.architecture import Architecture
from netwarp.checks import plain
from netwarp.errors import InputError, LimitError, shown
from netwarp.network.lineage import ANCESTORS, written
from netwarp.network.source import Bred, Drawn, Made, Source, digest_of

LONGEST = 10_000  # characters that are read
STRENGTH = 0.2  # of a mutant; a cross has none unless it is said
_STEP = re.compile(r"(-?\d{1,78})|(\d{1,4})(?:\*(\d{1,4}))?_(\d{1,78})(?:_(\d(?:\.\d{1,20})?))?", re.ASCII)


def usual_strength(parents: int) -> float:
    """The strength of a child of so many parents, where nobody says another."""
    return STRENGTH if parents == 1 else 0.0


def read_family(text: str, architecture: Architecture, what: str = "bred") -> Drawn | Made:
    """The network that a text says, of this architecture. Errors: InputError naming the step; LimitError."""
    words = text.split()
    if len(text) > LONGEST or len(words) > ANCESTORS:
        raise LimitError(
            f"{what}: {len(text):,} characters of {len(words):,} steps, at most {LONGEST:,} and {ANCESTORS:,}"
        )
    if not words:
        raise InputError(f'{what}: is empty; it needs a seed and its children, as in "9 0_7"')
    steps: list[Drawn | Made] = []
    for word in words:
        found = _STEP.fullmatch(word)
        if not found:
            raise InputError(
                f"{what} step {len(steps)}, {shown(word)}: must be a seed as 9, a mutant as 0_7 or a cross as 0*1_5"
            )
        if found[1]:
            steps.append(Drawn(architecture, int(found[1])))
            continue
        numbers = [int(one) for one in (found[2], found[3]) if one is not None]
        for number in numbers:
            if number >= len(steps):
                raise InputError(
                    f"{what} step {len(steps)}, {shown(word)}: there is no step {number} before it; steps count from 0"
                )
        strength = usual_strength(len(numbers)) if found[5] is None else float(found[5])
        steps.append(Made(Bred(int(found[4]), strength), tuple(steps[number] for number in numbers)))
    return steps[-1]


def family_text(source: Source) -> str | None:
    """The text that `read_family` reads back as `source`; None where it has no such text: of weights that no seed
    gives, of what was walked or changed by hand, and of too many ancestors."""
    if isinstance(source, Drawn):
        return str(source.seed)
    if not isinstance(source, Made) or written(source) is None:
        return None
    places: dict[str, int] = {}
    words: list[str] = []
    waiting: list[Drawn | Made] = [source]
    while waiting:
        one = waiting[-1]
        missing = [parent for parent in _parents(one) if digest_of(parent) not in places]
        if missing:
            waiting += missing[::-1]
            continue
        waiting.pop()
        if digest_of(one) in places:
            continue
        if isinstance(one, Made):
            if not isinstance(one.how, Bred) or one.how.seed < 0:
                return None
            # never with an exponent
            strength = f"{Decimal(plain(one.how.strength)):f}"
            if not re.fullmatch(r"\d(\.\d{1,20})?", strength, re.ASCII):
                return None
            named = "*".join(str(places[digest_of(parent)]) for parent in one.parents)
            usual = one.how.strength == usual_strength(len(one.parents))
            words.append(f"{named}_{one.how.seed}{'' if usual else f'_{strength}'}")
        else:
            words.append(str(one.seed))
        places[digest_of(one)] = len(places)
    text = " ".join(words)
    return text if len(text) <= LONGEST else None


def _parents(source: Drawn | Made) -> tuple[Drawn | Made, ...]:
    return source.parents if isinstance(source, Made) else ()
