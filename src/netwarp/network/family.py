"""The text of a family, which says how a network was bred over generations, or changed by hand.

Steps with a space between, the last of which is the network. A whole number is a network drawn from that seed; the
others are children: `0_7` is the mutant of step 0 (steps count from 0) by the seed 7, `0*1_5` the cross of the steps 0
and 1 by the seed 5; a third part is the strength, as in `0_7_0.5`, where it is not the usual one. Two kinds of
steps are moments of a film: `0-1_0.25` lies between step 0 and step 1 at the share 0.25, and `0z1-2_0.25` is step 0
with its inputs z on the straight line from those of step 1 to those of step 2, at that share. And
`0:0.weight[3,1,0,0]=0.5` is step 0 with another number in that place of the array 0.weight: only of an architecture
that has this place is that step read.
"""

from __future__ import annotations

import re
from decimal import Decimal

from netwarp.architecture.architecture import Architecture
from netwarp.checks import plain
from netwarp.errors import InputError, LimitError, shown
from netwarp.network.draw import drawn
from netwarp.network.lineage import ANCESTORS, written
from netwarp.network.make import place_text
from netwarp.network.skeletons import skeleton
from netwarp.network.source import Between, Bred, Changed, Drawn, Made, Source, Walked, digest_of

LONGEST = 10_000  # characters that are read
STRENGTH = 0.2  # of a mutant; a cross has none unless it is said
_STEP = re.compile(r"(-?\d{1,78})|(\d{1,4})(?:\*(\d{1,4}))?_(\d{1,78})(?:_(\d(?:\.\d{1,20})?))?", re.ASCII)
_MOMENT = re.compile(r"(?:(\d{1,4})z)?(\d{1,4})-(\d{1,4})_(0(?:\.\d{1,20})?|1)", re.ASCII)
_CHANGE = re.compile(
    r"(\d{1,4}):([\w.]{1,400})\[(\d{1,6}(?:,\d{1,6}){0,3})\]=(-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?)",
    re.ASCII,
)


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
        about = f"{what} step {len(steps)}, {shown(word)}"
        if found := _STEP.fullmatch(word):
            steps.append(_child(found, architecture, steps, about))
        elif found := _MOMENT.fullmatch(word):
            steps.append(_moment(found, steps, about))
        elif found := _CHANGE.fullmatch(word):
            place = tuple(int(one) for one in found[3].split(","))
            steps.append(Made(Changed(found[2], place, float(found[4])), _steps(steps, (found[1],), about)))
        else:
            raise InputError(
                f"{about}: must be a seed as 9, a mutant as 0_7, a cross as 0*1_5, between two as 0-1_0.25 or a number "
                "as 0:0.weight[0,0,0,0]=0.5"
            )
    return steps[-1]


def _child(found: re.Match[str], architecture: Architecture, steps: list[Drawn | Made], about: str) -> Drawn | Made:
    if found[1]:
        return Drawn(architecture, int(found[1]))
    parents = _steps(steps, (found[2], found[3]), about)
    strength = usual_strength(len(parents)) if found[5] is None else float(found[5])
    return Made(Bred(int(found[4]), strength), parents)


def _moment(found: re.Match[str], steps: list[Drawn | Made], about: str) -> Made:
    share, ends = float(found[4]), _steps(steps, (found[2], found[3]), about)
    if found[1] is None:
        return Made(Between(share), ends)
    (walker,) = _steps(steps, (found[1],), about)
    latents = []
    for end in ends:
        if not isinstance(end, Drawn):
            raise InputError(f"{about}: inputs z are those of seeds, and a step that it names is a child; name a seed")
        latents.append(drawn_latents(end))
    if not latents[0]:
        raise InputError(f'{about}: this architecture has no inputs z; give it some, as in --inputs "x y r z(4)"')
    return Made(Walked(tuple(a + share * (b - a) for a, b in zip(*latents, strict=True))), (walker,))


def _steps(steps: list[Drawn | Made], numbers: tuple[str | None, ...], about: str) -> tuple[Drawn | Made, ...]:
    given = [int(one) for one in numbers if one is not None]
    for number in given:
        if number >= len(steps):
            raise InputError(f"{about}: there is no step {number} before it; steps count from 0")
    return tuple(steps[number] for number in given)


def drawn_latents(source: Drawn) -> tuple[float, ...]:
    """The numbers of the inputs z that a seed draws, in order; empty where there are none."""
    latents = (one for one in skeleton(source.architecture).parameters if one.name == "z")
    return tuple(float(number) for one in latents for number in drawn(one, source.seed).ravel())


def family_text(source: Source) -> str | None:
    """The text that `read_family` reads back as `source`; None where it has no such text: of weights that no seed
    gives, of what was walked or lies beyond two ends, and of too many ancestors."""
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
            word = _word(one, [places[digest_of(parent)] for parent in one.parents])
            if word is None:
                return None
            words.append(word)
        else:
            words.append(str(one.seed))
        places[digest_of(one)] = len(places)
    text = " ".join(words)
    return text if len(text) <= LONGEST else None


def _word(source: Made, parents: list[int]) -> str | None:
    """One step's, its parents being those steps; None where there is no such word."""
    match source.how:
        case Bred(seed, strength):
            usual = strength == usual_strength(len(parents))
            word = f"{'*'.join(map(str, parents))}_{seed}{'' if usual else f'_{_decimal(strength)}'}"
            return word if _STEP.fullmatch(word) else None
        case Between(share):
            word = f"{'-'.join(map(str, parents))}_{_decimal(share)}"
            return word if _MOMENT.fullmatch(word) else None
        case Changed(array, place, value):
            word = f"{parents[0]}:{place_text(array, place)}={plain(value)}"
            return word if _CHANGE.fullmatch(word) else None
        case _:
            return None


def _decimal(value: float) -> str:
    """Never with an exponent."""
    return f"{Decimal(plain(value)):f}"


def _parents(source: Drawn | Made) -> tuple[Drawn | Made, ...]:
    return source.parents if isinstance(source, Made) else ()
