"""Children of pictures: mutants of one, crosses of two, as in Picbreeder; network.breeding has the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from netwarp import checks
from netwarp.errors import InputError
from netwarp.network.breeding import Streams, bred, key
from netwarp.network.family import usual_strength
from netwarp.network.network import Network
from netwarp.network.skeletons import skeleton
from netwarp.network.source import SEED, Bred, Drawn, Made, Weighted
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.orders.what import What, as_subject
from netwarp.picture.recipe import Weights

MOST = 1_000  # children of one call
CHILDREN = 8


def mutate(parent: What, *, seed: int = 0, strength: float | None = None) -> Network:
    """A child of one parent: a Network, an Architecture, a text as `netwarp draw` takes it, or an older picture.

    Every number of the parent, w, is mixed with what the child's own seed draws, v, as
    m + sqrt(1 - strength^2) (w - m) + strength (v - m), m being the mean that both are drawn about: the spread stays
    what it was. `strength` is from 0, the parent itself, to 1, where nothing of it is left; 0.2 unless given. Of a
    parent whose weights no seed gives, the child's are given too: its family begins with it. Errors: NetwarpError.

    >>> one = nw.mutate("conv(10) * 10", seed=1)
    >>> one.source
    Made(how=Bred(seed=1, strength=0.2), digest='...')
    >>> again = nw.mutate(one, seed=1, strength=0)
    >>> bool((again.parameters["3.weight"] == one.parameters["3.weight"]).all())
    True
    >>> nw.mutate("conv(10)", strength=2)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: strength=2: must be from 0, as the parents, to 1, which has nothing of them
    """
    return child(parents_of((parent,), "mutate"), seed, strength)


def cross(first: What, second: What, *, seed: int = 0, strength: float | None = None) -> Network:
    """A child of two parents of one architecture, each as `mutate` takes it.

    Each unit of a layer is wholly the first's or the second's, its weights, bias, scale and shift, by the toss of a
    coin that `seed` gives. The child is then mutated with `strength`: 0, not at all, unless given.
    Errors: NetwarpError, as for two architectures.

    >>> one = nw.cross(nw.Network.draw(nw.parse("conv(10)"), 1), nw.Network.draw(nw.parse("conv(10)"), 2))
    >>> one.text
    'conv(10)'
    >>> nw.cross("conv(10)", "conv(20)")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: cross: the parents are of two architectures, conv(10) and conv(20); give two of one
    """
    return child(parents_of((first, second), "cross"), seed, strength)


def breed(
    first: What,
    second: What | None = None,
    *,
    children: int = CHILDREN,
    seed: int = 0,
    strength: float | None = None,
) -> tuple[Network, ...]:
    """`children` mutants of one parent, or crosses of two, by the seeds `seed`, `seed` + 1, ... Errors: NetwarpError.

    >>> [child.source.how.seed for child in nw.breed("conv(10) * 3", children=3, seed=5)]
    [5, 6, 7]
    >>> len(nw.breed("conv(10) * 3", "conv(10) * 3", children=2, strength=0.1))
    2
    >>> nw.breed("conv(10) * 3", children=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: children=0: must be 1 to 1000
    """
    checks.whole(children, "children", 1, MOST)
    parents = parents_of((first,) if second is None else (first, second), "breed")
    return tuple(child(parents, seed + number, strength) for number in range(children))


def of_family(subject: Subject, family: str) -> Subject:
    """The Subject of the network that a family's text says, of this architecture. Errors: InputError, LimitError."""
    architecture = subject.seeded("nothing is bred of it this way; leave out --bred")
    found = Network.bred(architecture, family)
    name = f"{subject.name}-{found.source.digest[:6]}" if isinstance(found.source, Made) else subject.name
    return Subject(name, OwnWeights(found, None), recipe=None, plane=subject.plane)


def parents_of(given: Sequence[What], owner: str) -> tuple[Network, ...]:
    """The networks that children are bred of, drawn from what is given. Errors: InputError where they cannot be."""
    found = []
    for one in given:
        subject = as_subject(one, owner)
        seed = subject.seed()
        network = subject.draw(SEED if seed is None else seed)
        if network.architecture is None:
            raise InputError(
                f"{owner} {subject.title[:60]!r}: is a model without an architecture; give a picture, or an "
                "architecture as 'conv(10) * 10'"
            )
        found.append(network)
    if len({one.text for one in found}) > 1:
        texts = " and ".join(str(one.text)[:80] for one in found)
        raise InputError(f"{owner}: the parents are of two architectures, {texts}; give two of one")
    return tuple(found)


def child(parents: Sequence[Network], seed: int, strength: float | None = None) -> Network:
    """The child of one network or of two of one architecture. Errors: InputError."""
    how = Bred(seed, usual_strength(len(parents)) if strength is None else strength)
    architecture = parents[0].architecture
    assert architecture is not None, "parents_of refuses what has none"
    said = tuple(one.source for one in parents if isinstance(one.source, Drawn | Made))
    source = Made(how, said) if len(said) == len(parents) else Weighted(architecture)
    streams = Streams()
    if isinstance(source, Made):
        number = streams.of(source)
    else:
        # weights that no seed gives are named by what they are
        number = key(how.seed, (_number(one, streams) for one in parents))
    given = (one.parameters for one in parents)
    return Network(source, bred(how.strength, number, skeleton(architecture).parameters, *given))


def _number(network: Network, streams: Streams) -> int:
    if isinstance(network.source, Drawn | Made):
        return streams.of(network.source)
    return int(Weights.of_network("parent.npz", network).sha256, 16)
