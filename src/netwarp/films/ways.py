"""walk_of: the Walk that a Way's texts say of a subject, and everything that can be wrong with them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, islice
from math import isfinite

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.nodes import Layer, Repeat, Sequence
from netwarp.architecture.notation import read_distribution
from netwarp.architecture.specs import Constant, Distribution, LayerNorm, Normal, Spatial, Uniform
from netwarp.architecture.walk import flatten
from netwarp.errors import InputError, LimitError, shown
from netwarp.films.plan import Way
from netwarp.films.steps import StepFolder
from netwarp.films.walk import DepthWalk, LatentWalk, SeedWalk, StepWalk, Still, SweptWalk, Walk, WeightWalk, ZoomWalk
from netwarp.network.lower import lower
from netwarp.network.make import latent_count, latents_of, make
from netwarp.network.network import Network
from netwarp.network.program import Conv, Normalise, Program
from netwarp.network.source import Changed, Drawn, Graph, Made
from netwarp.orders.subject import Subject
from netwarp.plane import MAX_EXTENT, Plane

MOST_KEYS = 10_000
FURTHER = 3  # seeds that a film goes on from its first, where nobody says to which
_WEIGHT = re.compile(r"\s*([^\[\]=]{1,400})\[([0-9, ]{1,80})\]\s*(?:=(.{1,60}))?", re.ASCII)


def walk_of(subject: Subject, way: Way, *, seed: int, loop: bool, home: Plane, steps: StepFolder | None = None) -> Walk:
    """The Walk of a Way. `seed` draws what the subject does not give; `home` is the film's own plane.

    Errors: InputError naming the option; LimitError.
    """
    if (steps is None) != (way.over != "step"):
        if steps is None:
            raise InputError(
                "--over step: takes a folder of NPZ files, the snapshots of a training run, in place of ARCH"
            )
        raise InputError(f"--over {way.over}: takes no folder; of snapshots in one, give --over step")
    match way.over:
        case "seed":
            return _seeds(subject.seeded("no seed draws them; --over zoom or weight takes it"), way, seed, loop)
        case "depth":
            return _depths(subject.seeded("no layers can be left out; --over zoom or weight takes it"), way, seed)
        case "latent":
            return _latents(subject.draw(seed), way, seed, loop)
        case "scale" | "shift":
            own = subject.seeded(f"its {way.over} cannot be changed; --over zoom or weight takes it")
            return _swept(own, way, seed)
        case "weight":
            return _weight(subject.draw(seed), way)
        case "zoom":
            return _zoom(subject, way, seed, home)
    assert steps is not None
    first, last = _ends(way, 1, len(steps.files), len(steps.files), "a number of the folder's files")
    return StepWalk([name for name, _ in steps.files], steps.read, first, last)


def _seeds(architecture: Architecture, way: Way, seed: int, loop: bool) -> SeedWalk:
    first = seed if way.start is None else _whole(way.start, "--from", "a seed, as in --from 1")
    last = first + FURTHER if way.end is None else _whole(way.end, "--to", "a seed, as in --to 4")
    return SeedWalk(architecture, _range(first, last), loop)


def _range(first: int, last: int) -> range:
    if first == last:
        raise _still(first, last)
    if abs(last - first) >= MOST_KEYS:
        raise LimitError(f"--from {shown(first)} --to {shown(last)}: more than {MOST_KEYS:,} seeds")
    return range(first, last + 1) if last > first else range(first, last - 1, -1)


def _depths(architecture: Architecture, way: Way, seed: int) -> DepthWalk:
    parts = [*islice(flatten(architecture.tree), MOST_KEYS + 1)]
    if len(parts) > MOST_KEYS:
        raise LimitError(f"--over depth: more than {MOST_KEYS:,} layers")
    if len(parts) < 2:
        raise InputError(f"--over depth: {str(architecture)[:60]!r} has one layer; give more, as in 'conv(10) * 10'")
    first, last = _ends(way, 1, len(parts), len(parts), "a number of layers")
    return DepthWalk(lambda depth: replace(architecture, tree=_tree(parts[:depth])), seed, first, last)


def _tree(parts: list[Layer]) -> Layer:
    """The tree of these parts, written as short as they allow: their paths, and so their weights, stay."""
    runs: list[Layer] = []
    for part, alike in groupby(parts):
        count = sum(1 for _ in alike)
        runs.append(part if count == 1 else Repeat(part, count))
    return runs[0] if len(runs) == 1 else Sequence(tuple(runs))


def _latents(network: Network, way: Way, seed: int, loop: bool) -> LatentWalk:
    architecture = network.architecture
    if architecture is None or not isinstance(network.source, Drawn | Made):
        raise InputError("--over latent: is of an architecture that is drawn from a seed")
    count = latent_count(architecture)
    if not count:
        raise InputError('--over latent: this architecture has no inputs z; give it some, as in --inputs "x y r z(4)"')
    if _cancelled(lower(network)):
        raise InputError(
            "--over latent: nothing would move: z is constant over the plane, and the spatial norm of the first layer "
            "takes constants out; give --norm none, or another zoo name, as cppn"
        )
    start = str(seed) if way.start is None else way.start
    end = str(seed + FURTHER) if way.end is None and _is_whole(start) else way.end
    if end is None:
        raise InputError("--to: needs latents too, as --from has; or leave out both")
    if _is_whole(start) and _is_whole(end):
        first, last = _whole(start, "--from", "a seed"), _whole(end, "--to", "a seed")
        keys = [latents_of(architecture, Network.draw(architecture, one).parameters) for one in _range(first, last)]
    else:
        keys = [_key(architecture, text, option, count) for text, option in ((start, "--from"), (end, "--to"))]
        if keys[0] == keys[1]:
            raise _still(start, end)
    path = way.path or ("spline" if len(keys) > 2 else "sine" if loop else "line")
    walk = LatentWalk(network, keys, path, loop)
    walk.start, walk.end = start, end
    return walk


def _cancelled(program: Program) -> bool:
    """Whether all that reads the inputs is a convolution under a spatial norm."""
    readers = program.readers[0]
    return all(
        isinstance(program.operations[one], Conv)
        and all(isinstance(program.operations[after], Normalise) for after in program.readers[one])
        for one in readers
    )


def _key(architecture: Architecture, text: str, option: str, count: int) -> tuple[float, ...]:
    if _is_whole(text):
        seed = _whole(text, option, "a seed")
        return latents_of(architecture, Network.draw(architecture, seed).parameters)
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(map(isfinite, numbers)):
        example = ",".join(["0.5", "-1", "2", "0"][:count]) + ("" if count < 5 else ",...")
        raise InputError(
            f"{option} {shown(text)}: needs {count} finite latents, as in {option}={example}, or a seed that draws them"
        )
    return numbers


def _swept(architecture: Architecture, way: Way, seed: int) -> SweptWalk:
    norm = architecture.norm
    if not isinstance(norm, Spatial | LayerNorm):
        raise InputError(f"--over {way.over}: this architecture has no norm to {way.over}; add --norm spatial")
    if way.end is None:
        raise InputError(f"--over {way.over}: needs --to, a number as in --to 6, or a distribution as in 'normal(4)'")
    own = norm.scale if way.over == "scale" else norm.shift
    a = own if way.start is None else _distribution(way.start, own, "--from")
    b = _distribution(way.end, own, "--to")
    if type(a) is not type(b):
        raise InputError(f"--from {a} --to {b}: are of two kinds; give two numbers, or two of one kind")
    if a == b:
        raise _still(a, b)

    def changed(share: float) -> Architecture:
        between = a if share == 0 else b if share == 1 else _mixed(a, b, share)
        other = replace(norm, scale=between) if way.over == "scale" else replace(norm, shift=between)
        return replace(architecture, norm=other)

    return SweptWalk((str(a), str(b)), changed, seed)


def _distribution(text: str, own: Distribution, option: str) -> Distribution:
    """That of a text; a number is that of the architecture's own kind: of normal(2) the standard deviation."""
    found = read_distribution(text)
    if not isinstance(found, Constant) or isinstance(own, Constant):
        return found
    if isinstance(own, Normal):
        return Normal(own.mean, found.value)
    raise InputError(f"{option} {shown(text)}: its own is {own}; give both numbers, as in {option} 'uniform(1, 4)'")


def _mixed(a: Distribution, b: Distribution, share: float) -> Distribution:
    def at(first: float, last: float) -> float:
        return first + share * (last - first)

    match a, b:
        case Constant(first), Constant(last):
            return Constant(at(first, last))
        case Normal(mean, std), Normal(other, spread):
            return Normal(at(mean, other), at(std, spread))
        case Uniform(low, high), Uniform(lower, higher):
            return Uniform(at(low, lower), at(high, higher))
    raise AssertionError("two of one kind")


def _weight(network: Network, way: Way) -> WeightWalk:
    if isinstance(network.source, Graph):
        raise InputError(
            "--over weight: the file's numbers are in a graph of operations; save its weights as W0, b0, ..."
        )
    example = "--from '0.weight[3,1]=-2' --to 2"
    found = None if way.start is None else _WEIGHT.fullmatch(way.start)
    if found is None or way.end is None:
        given = "" if way.start is None else f" --from {shown(way.start)}"
        raise InputError(f"--over weight{given}: needs a place in an array and two numbers, as in {example}")
    try:
        array, place = found[1].strip(), tuple(int(part) for part in found[2].split(","))
        if array in network.parameters:
            # the places of a 1x1 kernel need not be said
            shape = network.parameters[array].shape
            place += tuple(0 for size in shape[len(place) :] if size == 1)
        low = None if found[3] is None else float(found[3])
        high = float(way.end.rpartition("=")[2])
    except ValueError:
        raise InputError(
            f"--over weight: {shown(way.start)} to {shown(way.end)}: are no numbers; as in {example}"
        ) from None
    if isinstance(network.source, Drawn | Made):
        # says what is wrong with the place
        make(Changed(array, place, high), network.source.architecture, network.parameters)
    elif array not in network.parameters or not _inside(place, network.parameters[array].shape):
        raise InputError(f"--from {shown(way.start)}: there is no such number; its arrays are {_arrays(network)}")
    first = float(network.parameters[array][place]) if low is None else low
    if not isfinite(first) or not isfinite(high):
        raise InputError(f"--over weight: {first} to {high}: must be finite numbers")
    if first == high:
        raise _still(first, high)
    return WeightWalk(network, array, place, (first, high))


def _inside(place: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(place) == len(shape) and all(at < size for at, size in zip(place, shape, strict=True))


def _arrays(network: Network) -> str:
    return ", ".join(f"{name} {array.shape}" for name, array in islice(network.parameters.items(), 4))


def _zoom(subject: Subject, way: Way, seed: int, home: Plane) -> ZoomWalk:
    if way.end is None:
        raise InputError("--over zoom: needs --to, the width of the last plane, as in --to 1e-9")
    first = home.width if way.start is None else _width(way.start, "--from")
    last = _width(way.end, "--to")
    if first == last:
        raise _still(first, last)
    centre = home.centre if way.at is None else way.at
    Plane(*centre, width=last, height=last)
    return ZoomWalk(Still(subject.draw(seed), weights=subject.weights), (first, last), centre)


def _width(text: str, option: str) -> float:
    try:
        width = float(text)
    except ValueError:
        width = -1.0
    if not 1e-250 <= width <= MAX_EXTENT:
        raise InputError(f"{option} {shown(text)}: must be a plane's width, from 1e-250 to 1e15, as in {option} 1e-9")
    return width


def _ends(way: Way, first: int, last: int, most: int, what: str) -> tuple[int, int]:
    a = first if way.start is None else _whole(way.start, "--from", f"{what}, from 1 to {most:,}")
    b = last if way.end is None else _whole(way.end, "--to", f"{what}, from 1 to {most:,}")
    for option, number in (("--from", a), ("--to", b)):
        if not 1 <= number <= most:
            raise InputError(f"{option} {shown(number)}: must be {what}, from 1 to {most:,}")
    if a == b:
        raise _still(a, b)
    return a, b


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"\s*-?\d{1,80}\s*", text, re.ASCII) is not None


def _whole(text: str, option: str, what: str) -> int:
    if not _is_whole(text):
        raise InputError(f"{option} {shown(text)}: must be {what}")
    return int(text)


def _still(a: object, b: object) -> InputError:
    return InputError(f"--from {shown(a)} --to {shown(b)}: nothing would move; give two ends that differ")
