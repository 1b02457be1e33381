"""bred: the parameters of a child, of one parent or of two, so that its numbers spread as theirs do.

Source: Secretan et al., Picbreeder: a case study in collaborative evolutionary exploration of design space,
Evolutionary Computation 19 (2011), where pictures are bred of one or two; there structure changes too, here weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import sqrt
from typing import assert_never

import numpy as np

from netwarp.architecture.specs import Constant, Initialiser, Normal, Uniform
from netwarp.errors import InputError
from netwarp.network.build import Parameter
from netwarp.network.draw import drawn
from netwarp.network.initialise import stream
from netwarp.network.program import Array
from netwarp.network.source import Bred, Drawn, Made

CROSSING = "crossing"  # the name of the stream that says which parent a unit is of


class Streams:
    """The numbers that key the streams of children, each found once."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of(self, source: Drawn | Made) -> int:
        """A seed-drawn network's is its seed, a child's the SHA-256 of "SEED/PARENT'S" or "SEED/FIRST'S/SECOND'S".

        So one seed says other numbers for every parent, and a seed that returns among the ancestors none of theirs.
        """
        waiting = [source]
        while waiting:
            one = waiting[-1]
            if isinstance(one, Drawn):
                waiting.pop()
                continue
            missing = [
                parent for parent in one.parents if isinstance(parent, Made) and parent.digest not in self._known
            ]
            if missing and isinstance(one.how, Bred):
                waiting += missing
                continue
            waiting.pop()
            self._known[one.digest] = self._one(one)
        return self._number(source)

    def _one(self, source: Made) -> int:
        if not isinstance(source.how, Bred):
            return int(source.digest, 16)
        return key(source.how.seed, (self._number(parent) for parent in source.parents))

    def _number(self, source: Drawn | Made) -> int:
        return source.seed if isinstance(source, Drawn) else self._known[source.digest]


def key(seed: int, parents: Iterable[int]) -> int:
    """The number that keys the streams of a child of this seed, of parents whose numbers these are."""
    text = "/".join(str(one) for one in (seed, *parents))
    return int.from_bytes(sha256(text.encode()).digest(), "big")


def bred(
    strength: float, number: int, parameters: Iterable[Parameter], *parents: Mapping[str, Array]
) -> dict[str, Array]:
    """The parameters of a child of one parent or of two, `number` keying its streams. Errors: InputError.

    Of two, each unit of a layer is wholly the first parent's or the second's, by the toss of a coin: its weights, its
    bias, its scale and its shift. What the parents give is then mixed with what the child's own stream draws, v, as
    mean + sqrt(1 - strength^2) (w - mean) + strength (v - mean): the mean and the variance of every number are those
    that it is drawn with, whatever the strength, and stay so over the generations. 0 leaves it alone, to the bit.
    A square root is all that this takes, so that it is the same on every machine.
    """
    child = {}
    kept = sqrt(1 - strength * strength)
    for parameter in parameters:
        given = parents[0][parameter.key]
        if len(parents) > 1:
            given = _crossed(parameter, number, given, parents[1][parameter.key])
        if strength and not isinstance(parameter.drawn, Constant):
            about = mean(parameter)
            own = drawn(parameter, number)
            with np.errstate(over="ignore", invalid="ignore"):
                given = about + (kept * (given - about) + strength * (own - about))
            if not np.isfinite(given).all():
                raise InputError(f"child: {parameter.key} has numbers that no float64 holds; take a smaller strength")
        child[parameter.key] = given
    return child


def mean(parameter: Parameter) -> float:
    """What the numbers of a parameter are drawn about; 0 of constants, which no child changes."""
    match parameter.drawn:
        case Normal(about, _):
            return about
        case Uniform(low, high):
            return (low + high) / 2
        case Constant() | Initialiser():
            return 0.0
        case _:
            assert_never(parameter.drawn)


def _crossed(parameter: Parameter, number: int, first: Array, second: Array) -> Array:
    tossed: Array = np.asarray(stream(number, parameter.path, CROSSING).random_sample(first.shape[0]))
    found: Array = np.where(tossed.reshape(-1, *(1,) * (first.ndim - 1)) < 0.5, first, second)
    return found
