"""The ways of a film: at every place of one, the network and the plane that are shown, or two that are cross-faded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import cos, exp, log, pi
from typing import Protocol

from netwarp.architecture.architecture import Architecture
from netwarp.network.make import make
from netwarp.network.network import Network
from netwarp.network.source import Between, Changed, Drawn, Made, Walked
from netwarp.picture.recipe import Weights
from netwarp.plane import Plane

# networks that a way keeps: the two ends of the part that is walked
KEPT = 4


@dataclass(frozen=True, eq=False, slots=True)
class Still:
    """A network on a plane, None for the film's own. `key`: it is one the user named, not one between two.

    `weights` says in a recipe where weights are from that no seed and no ancestors give.
    """

    network: Network
    plane: Plane | None = None
    key: bool = True
    weights: Weights | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Fade:
    """Two stills, one over the other: `share`, 0 to 1, is that of the second."""

    first: Still
    second: Still
    share: float


class Walk(Protocol):
    """A way of `length` parts. `around`: a loop closes from its end to its beginning. `keyed`: whole places are keys.

    `start` and `end` are the texts of Way that say it in full.
    """

    @property
    def length(self) -> int: ...
    @property
    def around(self) -> bool: ...
    @property
    def keyed(self) -> bool: ...
    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...

    def at(self, place: Fraction) -> Still | Fade:
        """What is shown at a place from 0 to `length`."""
        ...


def parted(place: Fraction) -> tuple[int, float]:
    """A place as its part and the share of it that is walked; a key has the share 0."""
    part = place // 1
    return int(part), float(place - part)


class SeedWalk:
    """From the network of one seed to that of the next, along arcs between their weights (network.make.between)."""

    keyed = True

    def __init__(self, architecture: Architecture, seeds: Sequence[int], loop: bool) -> None:
        self.architecture, self.seeds, self.around = architecture, tuple(seeds), loop
        self.length = len(seeds) if loop else len(seeds) - 1
        self.start, self.end = str(seeds[0]), str(seeds[-1])
        self._drawn = lru_cache(KEPT)(lambda seed: Network.draw(architecture, seed))

    def at(self, place: Fraction) -> Still:
        part, share = parted(place)
        first = self._drawn(self.seeds[part % len(self.seeds)])
        if not share:
            return Still(first)
        return Still(_between(first, self._drawn(self.seeds[(part + 1) % len(self.seeds)]), share), key=False)


class DepthWalk:
    """Layers that appear one by one: the first `first` of the tree, then one more; two depths are cross-faded."""

    keyed, around = True, False

    def __init__(self, trees: Callable[[int], Architecture], seed: int, first: int, last: int) -> None:
        self.depths = range(first, last + 1) if last >= first else range(first, last - 1, -1)
        self.length, self.start, self.end = len(self.depths) - 1, str(first), str(last)
        self._drawn = lru_cache(KEPT)(lambda depth: Still(Network.draw(trees(depth), seed)))

    def at(self, place: Fraction) -> Still | Fade:
        part, share = parted(place)
        first: Still = self._drawn(self.depths[part])
        return Fade(first, self._drawn(self.depths[part + 1]), share) if share else first


class LatentWalk:
    """One network whose inputs z walk from one key to the next: straight, on a spline through them, or on a sine.

    The spline is Catmull-Rom's, closed in a loop. The sine goes from key to key by half a cosine: between two keys, in
    a loop, every number swings about its mean. Source of both: simple-cppn's and Ha's animations.
    """

    keyed = True

    def __init__(self, network: Network, keys: Sequence[tuple[float, ...]], path: str, loop: bool) -> None:
        assert isinstance(network.source, Drawn | Made)
        self.network, self.source, self.keys, self.path, self.around = network, network.source, tuple(keys), path, loop
        self.length = len(keys) if loop else len(keys) - 1
        self.start, self.end = (",".join(map(repr, key)) for key in (keys[0], keys[-1]))

    def at(self, place: Fraction) -> Still:
        part, share = parted(place)
        latents = self._key(part) if not share else self._latents(part, share)
        how = Walked(latents)
        arrays = make(how, self.source.architecture, self.network.parameters)
        return Still(Network(Made(how, (self.source,)), arrays), key=not share)

    def _key(self, n: int) -> tuple[float, ...]:
        return self.keys[n % len(self.keys)] if self.around else self.keys[min(max(n, 0), len(self.keys) - 1)]

    def _latents(self, part: int, t: float) -> tuple[float, ...]:
        before, a, b, after = (self._key(part + n) for n in (-1, 0, 1, 2))
        if self.path == "spline":
            return tuple(
                q + t / 2 * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
                for p, q, r, s in zip(before, a, b, after, strict=True)
            )
        if self.path == "sine":
            t = (1 - cos(pi * t)) / 2
        return tuple(q + t * (r - q) for q, r in zip(a, b, strict=True))


class SweptWalk:
    """One architecture whose norm's scale or shift changes, drawn from one seed: its weights' base numbers stay."""

    keyed, around, length = False, False, 1

    def __init__(self, ends: tuple[str, str], changed: Callable[[float], Architecture], seed: int) -> None:
        self.start, self.end = ends
        self.changed, self.seed = changed, seed

    def at(self, place: Fraction) -> Still:
        return Still(Network.draw(self.changed(float(place)), self.seed), key=place in (0, 1))


class WeightWalk:
    """One network of which one number changes."""

    keyed, around, length = False, False, 1

    def __init__(self, network: Network, array: str, place: tuple[int, ...], ends: tuple[float, float]) -> None:
        self.network, self.array, self.place, self.ends = network, array, place, ends
        self.start = f"{array}[{','.join(map(str, place))}]={ends[0]!r}"
        self.end = repr(ends[1])

    def at(self, place: Fraction) -> Still:
        low, high = self.ends
        value = high if place == 1 else low + float(place) * (high - low)
        source, key = self.network.source, place in (0, 1)
        changed = self.network.parameters[self.array].copy()
        changed[self.place] = value
        arrays = dict(self.network.parameters) | {self.array: changed}
        if isinstance(source, Drawn | Made):
            return Still(Network(Made(Changed(self.array, self.place, value), (source,)), arrays), key=key)
        return Still(Network(source, arrays), key=key)


class ZoomWalk:
    """One network on ever smaller planes about one point: equal times, equal factors."""

    keyed, around, length = False, False, 1

    def __init__(self, still: Still, widths: tuple[float, float], centre: tuple[float | str, float | str]) -> None:
        self.still, self.widths, self.centre = still, widths, centre
        self.start, self.end = map(repr, widths)

    def at(self, place: Fraction) -> Still:
        first, last = self.widths
        width = last if place == 1 else first * exp(float(place) * (log(last) - log(first)))
        # the film gives the height, by its proportions
        return replace(self.still, plane=Plane(*self.centre, width=width, height=width))


class StepWalk:
    """The snapshots of a training run, one after another, straight lines between their weights."""

    keyed, around = True, False

    def __init__(self, files: Sequence[str], read: Callable[[str], Still], first: int, last: int) -> None:
        self.steps = range(first, last + 1) if last >= first else range(first, last - 1, -1)
        self.length, self.start, self.end = len(self.steps) - 1, str(first), str(last)
        self.files, self._read = tuple(files), lru_cache(KEPT)(lambda step: read(files[step - 1]))

    def at(self, place: Fraction) -> Still:
        part, share = parted(place)
        first: Still = self._read(self.steps[part])
        if not share:
            return first
        second: Still = self._read(self.steps[part + 1])
        arrays = {
            name: (1 - share) * array + share * second.network.parameters[name]
            for name, array in first.network.parameters.items()
        }
        return Still(Network(first.network.source, arrays), key=False)


def _between(first: Network, second: Network, share: float) -> Network:
    assert isinstance(first.source, Drawn)
    assert isinstance(second.source, Drawn)
    how = Between(share)
    arrays = make(how, first.source.architecture, first.parameters, second.parameters)
    return Network(Made(how, (first.source, second.source)), arrays)
