"""Where a network's numbers come from, and with it what is known of the network besides them: one of five."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import assert_never, get_args

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.reader import CHARACTERS
from netwarp.architecture.specs import Activation
from netwarp.checks import instance, integer, items, number, string, whole
from netwarp.errors import InputError, shown
from netwarp.network.features import Feature, read_features
from netwarp.network.graph import checked
from netwarp.network.program import Program

NONE = Activation("linear")  # nothing follows
SEEDS = 1 << 256  # largest seed: recipes and files hold every one
MOST_LATENTS = 10_000
SEED = 9  # that of a network for which nobody says one: README's, the page's, the command line's


@dataclass(frozen=True, slots=True)
class Drawn:
    """An Architecture and the seed that its parameters are drawn from."""

    architecture: Architecture
    seed: int

    def __post_init__(self) -> None:
        _checked(self.architecture)
        object.__setattr__(self, "seed", _seed(self.seed))


@dataclass(frozen=True, slots=True)
class Weighted:
    """An Architecture whose parameters no seed gives: they were trained, or changed."""

    architecture: Architecture

    def __post_init__(self) -> None:
        _checked(self.architecture)


@dataclass(frozen=True, slots=True)
class Plain:
    """Layers W0, b0, W1, b1, ... in a row, as a training script saves them.

    `activation` follows each layer but the last: one for all, or a tuple, one a layer. `output` follows the last.
    `assumed` says that nobody named the activation. `inputs` are what the first layer reads of the plane, as in
    "x, y, x*x, sin(y)"; empty for x and y themselves, or a slice.
    """

    activation: Activation | tuple[Activation, ...]
    output: Activation = NONE
    assumed: bool = False
    inputs: str = ""

    def __post_init__(self) -> None:
        if string(self.inputs, "Plain inputs", CHARACTERS):
            read_features(self.inputs)
        for one in (*self.several, self.output):
            instance(one, Activation, "Plain activation", 'an Activation, as Activation("relu")')

    @property
    def features(self) -> tuple[Feature, ...]:
        """The inputs of its own, empty where there are none."""
        return read_features(self.inputs) if self.inputs else ()

    @property
    def several(self) -> tuple[Activation, ...]:
        """The activations that are named: one for all layers, or one a layer."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,)

    def after(self, depth: int) -> tuple[Activation, ...]:
        """(depth,) what follows each layer, the last one's output included. Errors: InputError for another number."""
        if not isinstance(self.activation, tuple):
            return (*(self.activation,) * (depth - 1), self.output)
        if len(self.activation) != depth - 1:
            many = f"{len(self.activation)} activations of {depth} layers"
            also = f", or {depth} with the last one's" if self.output == NONE else ""
            raise InputError(f"activation: {many}; give one, or {depth - 1}, one for each layer but the last{also}")
        return (*self.activation, self.output)


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How a Program was compared with the model it was read from: on how many points, and the largest difference of an
    output there, as a share of the largest output."""

    points: int
    difference: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Any Program, which holds its numbers itself; it is checked, and no number of it is rounded.

    `agreement` is that with the model it was read from, where there was one; no file has it. Errors: as
    network.graph.checked.
    """

    program: Program = field(repr=False)
    agreement: Fidelity | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "program", checked(self.program))


@dataclass(frozen=True, slots=True)
class Between:
    """Between two networks of one architecture: at `share` 0 the first, at 1 the second, and outside of 0..1 beyond."""

    share: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", number(self.share, "between share"))


@dataclass(frozen=True, slots=True)
class Walked:
    """One network with other latents: the numbers of its inputs z, in order."""

    latents: tuple[float, ...]

    def __post_init__(self) -> None:
        numbers = items(self.latents, "walked latents", 1, MOST_LATENTS)
        object.__setattr__(self, "latents", tuple(number(one, "walked latents") for one in numbers))


@dataclass(frozen=True, slots=True)
class Changed:
    """One network with another number in one place of one of its arrays."""

    array: str
    place: tuple[int, ...]
    value: float

    def __post_init__(self) -> None:
        string(self.array, "changed array", 400)
        places = items(self.place, "changed place", 0, 4)
        object.__setattr__(self, "place", tuple(whole(one, "changed place", 0) for one in places))
        object.__setattr__(self, "value", number(self.value, "changed value"))


@dataclass(frozen=True, slots=True)
class Bred:
    """A child: of one parent a mutant, of two a cross. network.breeding says what `seed` and `strength` do."""

    seed: int
    strength: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", _seed(self.seed))
        strength = number(self.strength, "strength")
        if not 0 <= strength <= 1:
            raise InputError(
                f"strength={shown(self.strength)}: must be from 0, as the parents, to 1, which has nothing of them"
            )
        object.__setattr__(self, "strength", strength)


How = Between | Walked | Changed | Bred


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """`how` a network was made, and of which `parents`: sources that say all of themselves, as far back as seeds.

    `digest` names it by all that it says, its ancestors' digests in place of them: SHA-256, 64 hexadecimal digits.
    Two are equal where their digests are. Errors: InputError, as for parents of two architectures.
    """

    how: How
    parents: tuple[Drawn | Made, ...] = field(repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        instance(self.how, get_args(How), "made how", "how it was made, as Between(0.5)")
        given = items(self.parents, "made parents", 1, 2)
        needed = 2 if isinstance(self.how, Between) else 1
        if len(given) != needed and not isinstance(self.how, Bred):
            raise InputError(f"made parents: {len(given)} of them, and {type(self.how).__name__} needs {needed}")
        for one in given:
            instance(one, (Drawn, Made), "made parent", "Drawn from a seed, or Made itself")
        object.__setattr__(self, "parents", given)
        parents = self.parents
        if parents[0].architecture != parents[-1].architecture:
            texts = " and ".join(str(parent.architecture)[:60] for parent in parents)
            raise InputError(f"made parents: are of two architectures, {texts}; give two of one")
        object.__setattr__(self, "digest", digest_of(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Made) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def architecture(self) -> Architecture:
        """That of its parents."""
        first: Drawn | Made = self
        while isinstance(first, Made):
            first = first.parents[0]
        return first.architecture

    def lineage(self) -> Iterator[Drawn | Made]:
        """Itself and its ancestors, each once, by their digests."""
        seen, found = {self.digest}, list[Drawn | Made]([self])
        while found:
            one = found.pop()
            yield one
            for parent in one.parents if isinstance(one, Made) else ():
                name = digest_of(parent)
                if name not in seen:
                    seen.add(name)
                    found.append(parent)


def said_of_made(source: Drawn | Made) -> dict[str, object]:
    """What a recipe writes of one ancestor: a JSON object; parents are their digests."""
    if isinstance(source, Drawn):
        return {"architecture": str(source.architecture), "seed": source.seed}
    match source.how:
        case Between(share):
            how: dict[str, object] = {"between": share}
        case Walked(latents):
            how = {"walked": list(latents)}
        case Changed(array, place, value):
            how = {"changed": array, "place": list(place), "value": value}
        case Bred(seed, strength):
            how = {"bred": seed, "strength": strength}
        case _:
            assert_never(source.how)
    return how | {"parents": [digest_of(parent) for parent in source.parents]}


def digest_of(source: Drawn | Made) -> str:
    """The SHA-256 of what is said of it. Of a Made it is known."""
    known = getattr(source, "digest", None)
    return known or sha256(json.dumps(said_of_made(source), sort_keys=True).encode()).hexdigest()


def seed_of_text(text: str) -> int:
    """The seed that a text names: the number from 0 to 2^256 - 1 that its SHA-256 is, of its UTF-8, without spaces
    around it."""
    return int.from_bytes(sha256(text.strip().encode("utf-8", "surrogatepass")).digest(), "big")


Source = Drawn | Weighted | Plain | Graph | Made


def _checked(architecture: object) -> None:
    instance(architecture, Architecture, "architecture", "an Architecture; a text goes through parse first")


def _seed(seed: object) -> int:
    number = integer(seed, "seed")
    if abs(number) > SEEDS:
        raise InputError(f"seed={shown(number)}: must be from -2^256 to 2^256")
    return number
