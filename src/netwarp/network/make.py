"""made: the parameters of a network that was made of others: between two, with other latents, with another number,
bred of one or two."""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, cos, pi, sin
from typing import assert_never

import numpy as np

from netwarp.architecture.architecture import Architecture
from netwarp.errors import InputError, listed, nearest
from netwarp.network.breeding import Streams, bred, mean
from netwarp.network.build import Parameter
from netwarp.network.draw import draw
from netwarp.network.program import Array
from netwarp.network.skeletons import skeleton
from netwarp.network.source import Between, Bred, Changed, Drawn, Made, Walked, digest_of

# below this angle, in radians, or as close to half a turn, two arrays say no arc between them
FLAT = 1e-6

Parameters = Mapping[str, Array]


def made(source: Made) -> dict[str, Array]:
    """The parameters; every ancestor's are made once, the farthest first. Errors: InputError, LimitError."""
    lines = [*source.lineage()]
    known: dict[str, Parameters] = {}
    streams = Streams()
    while lines:
        one = lines.pop()
        name = digest_of(one)
        if name in known:
            continue
        if isinstance(one, Drawn):
            known[name] = draw(one.architecture, one.seed)
            continue
        missing = [parent for parent in one.parents if digest_of(parent) not in known]
        if missing:
            lines += [one, *missing]
            continue
        parents = (known[digest_of(parent)] for parent in one.parents)
        if isinstance(one.how, Bred):
            stream = streams.of(one)
            known[name] = bred(one.how.strength, stream, skeleton(one.architecture).parameters, *parents)
        else:
            known[name] = make(one.how, one.architecture, *parents)
    return dict(known[source.digest])


def make(how: Between | Walked | Changed, architecture: Architecture, *parents: Parameters) -> dict[str, Array]:
    """The parameters of one network made of its parents', all of one architecture; network.breeding has a Bred one's.
    Errors: InputError."""
    match how:
        case Between(share):
            first, second = parents
            return {one.key: between(one, first[one.key], second[one.key], share) for one in parameters(architecture)}
        case Walked(latents):
            return dict(parents[0]) | _walked(architecture, latents)
        case Changed():
            return change(parents[0], how)
        case _:
            assert_never(how)


def parameters(architecture: Architecture) -> tuple[Parameter, ...]:
    """All parameters of an architecture, in order. Errors: LimitError, InputError."""
    return skeleton(architecture).parameters


def between(parameter: Parameter, first: Array, second: Array, share: float) -> Array:
    """An array on the way from `first`, at share 0, to `second`, at share 1, to the bit at both.

    Along the arc of a circle about the mean that both are drawn about: its length, and so the spread of its numbers,
    stays between theirs, where a straight line would make them smaller. Source: Shoemake, Animating rotation with
    quaternion curves, SIGGRAPH 1985 (slerp). Arrays along one line have no arc between them: of a like sign they go
    straight, of opposite signs by a quarter turn each. To the rounding of the machine's sine.
    """
    if share == 0 or np.array_equal(first, second):
        return first
    if share == 1:
        return second
    about = mean(parameter)
    u, v = first - about, second - about
    long, other = float(np.sqrt((u * u).sum())), float(np.sqrt((v * v).sum()))
    if not long or not other:
        return first + share * (second - first)
    apart, along = (float(np.sqrt((w * w).sum())) for w in (u / long - v / other, u / long + v / other))
    angle = 2 * atan2(apart, along)
    if angle < FLAT:
        return first + share * (second - first)
    if angle > pi - FLAT:
        a, b = cos(share * pi / 2), sin(share * pi / 2)
    else:
        a, b = sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
    return about + (a * u + b * v)


def latents_of(architecture: Architecture, parameters: Parameters) -> tuple[float, ...]:
    """The numbers of the inputs z, in order; empty where there are none."""
    return tuple(float(one) for key, _ in _latent_keys(architecture) for one in parameters[key])


def latent_count(architecture: Architecture) -> int:
    """How many numbers its inputs z have."""
    return sum(size for _, size in _latent_keys(architecture))


def place_text(array: str, place: tuple[int, ...]) -> str:
    """A number's place as a user writes it: 0.weight[3,0,0,0]."""
    return f"{array}[{','.join(map(str, place))}]"


def _latent_keys(architecture: Architecture) -> list[tuple[str, int]]:
    return [(one.key, one.shape[0]) for one in parameters(architecture) if one.name == "z"]


def _walked(architecture: Architecture, latents: tuple[float, ...]) -> dict[str, Array]:
    keys = _latent_keys(architecture)
    count = sum(size for _, size in keys)
    if len(latents) != count:
        if not count:
            raise InputError('latents: this architecture has no inputs z; give it some, as in --inputs "x y r z(4)"')
        raise InputError(f"latents: {len(latents)} numbers, and its inputs z have {count}")
    found, start = {}, 0
    for key, size in keys:
        found[key] = np.array(latents[start : start + size])
        start += size
    return found


def change(parameters: Parameters, how: Changed) -> dict[str, Array]:
    """These parameters with another number in one place. Errors: InputError where there is no such number."""
    array, place = how.array, how.place
    if array not in parameters:
        raise InputError(
            f"array {array[:60]!r}: there is none of that name{nearest(array, list(parameters))}; "
            f"there are {listed(list(parameters), most=4)}"
        )
    shape = parameters[array].shape
    if len(place) != len(shape) or any(at >= size for at, size in zip(place, shape, strict=False)):
        last = place_text(array, tuple(size - 1 for size in shape))
        raise InputError(f"{place_text(array, place)[:80]}: there is no such number; the last one is {last}")
    changed: Array = parameters[array].copy()
    changed[place] = how.value
    return dict(parameters) | {array: changed}
