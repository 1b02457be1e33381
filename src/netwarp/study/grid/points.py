"""Points: the combinations of a study's factors that it keeps, each with the architecture that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from time import monotonic
from typing import Any, Final

from netwarp.architecture.architecture import DEFAULT_NORM, Architecture
from netwarp.architecture.bounds import surely_fits
from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.architecture.nodes import Act, Conv, Depthwise, Inception, Layer, Maxout, Norm, Residual, children
from netwarp.architecture.specs import UNSET, Activation, Initialiser, LayerNorm, Spatial
from netwarp.architecture.tree import expand
from netwarp.architecture.walk import steps
from netwarp.errors import InputError, LimitError, nearest, shown
from netwarp.log import LOG
from netwarp.study.grid.factors import ARCHITECTURE, MAGNITUDE, MEANINGS, MODEL, SCALE, SHIFT, Factor, meanings_of
from netwarp.study.grid.templates import Template
from netwarp.study.grid.where import Unsaid, Value, Where
from netwarp.study.runs import Source

POINTS: Final = 100_000
COMBINATIONS: Final = 1_000_000  # those that `where` is asked of
LONG: Final = 1.0  # seconds of reading, and then it is said
_HE: Final = Initialiser("he")
_RELU: Final = Activation("relu")
_NORMED: Final = (SCALE, SHIFT)  # what only a norm has
_WEIGHTED: Final = (Conv, Depthwise, Maxout)
_ACTIVE: Final = (Act, Conv, Depthwise)


@dataclass(frozen=True, slots=True)
class GridPoint:
    """One combination of factors: the value of each factor that it has, and the source that they come to."""

    values: Mapping[str, Value]
    source: Source

    def __str__(self) -> str:
        return described(self.values)


@dataclass(frozen=True, slots=True)
class GridPoints:
    """The points of a grid in order, and what a reader must be told of how they came about."""

    kept: tuple[GridPoint, ...]
    notes: tuple[str, ...]


def described(values: Mapping[str, Value]) -> str:
    """A point in words: width=5, act='relu'."""
    return ", ".join(f"{name}={shown(value)}" for name, value in values.items())


def points_of(factors: tuple[Factor, ...], where: str | None) -> GridPoints:
    """Every combination that makes sense, the first factor varying slowest.

    A factor that has no meaning for an architecture (a placeholder that it lacks, the scale of no norm) is left out of
    its points, of which there is one, not one a value; the notes say so.
    Errors: InputError naming the factor or the point; LimitError past 100,000 points; LanguageError for `where`.
    """
    grid = _Grid.of(factors)
    condition = None if where is None else Where.read(where, tuple(one.name for one in factors))
    combinations = prod(len(one.values) for one in factors)
    if combinations > COMBINATIONS:
        raise LimitError(
            f"study: {combinations:,} combinations of factors, at most {COMBINATIONS:,} are looked at; give fewer"
        )
    if condition is None and (surely := grid.surely()) > POINTS:
        raise LimitError(f"study: {surely:,} points, at most {POINTS:,} are allowed; give fewer values, or say where")
    asked: dict[tuple[tuple[str, Value], ...], dict[str, Value]] = {}
    lacking: dict[str, int] = {}
    began: float | None = monotonic()
    for values in grid.combinations(lacking):
        if began is not None and monotonic() - began > LONG:
            LOG.warning("study: %s combinations of factors are being read", f"{combinations:,}")
            began = None
        if (key := tuple(values.items())) in asked or (condition is not None and not keeps(condition, values)):
            continue
        if len(asked) == POINTS:
            raise LimitError(f"study: more than {POINTS:,} points; give fewer values, or say where")
        asked[key] = values
    # no architecture is read before it is known how many there are
    kept = []
    for values in asked.values():
        if began is not None and monotonic() - began > LONG:
            LOG.warning("study: %s points are being read", f"{len(asked):,}")
            began = None
        kept.append(GridPoint(values, Source(grid.text(values))))
    if not kept:
        raise InputError(f"study: 0 runs: where {shown(where)} keeps none of the {combinations:,} points")
    _refuse_idle(factors, kept)
    return GridPoints(tuple(kept), tuple(_notes(kept, lacking)))


def keeps(condition: Where, values: Mapping[str, Value]) -> bool:
    """Whether the condition holds at a point. Errors: InputError naming the point where it says nothing there."""
    try:
        return condition.keeps(values)
    except Unsaid as error:
        raise InputError(f"where {shown(condition.text)}: at the point {described(values)}: {error}") from None


def _refuse_idle(factors: tuple[Factor, ...], kept: Iterable[GridPoint]) -> None:
    """Refuses a factor that changes nothing: points that differ in it alone have one architecture, all of them."""
    for one in factors:
        if len(one.values) < 2:
            continue
        found: dict[tuple[tuple[str, Value], ...], set[str]] = {}
        members = 0
        for point in kept:
            if one.name in point.values:
                others = tuple((name, value) for name, value in point.values.items() if name != one.name)
                found.setdefault(others, set()).add(point.source.text)
                members += 1
        if members > len(found) and all(len(texts) == 1 for texts in found.values()):
            raise InputError(
                f"factor {one.name}: nothing uses it: the architectures are the same for all its values; leave it out"
            )


def _notes(kept: Iterable[GridPoint], lacking: Mapping[str, int]) -> Iterator[str]:
    for said, fewer in lacking.items():
        yield f"{said}: {fewer:,} combination{'' if fewer == 1 else 's'} fewer"
    first: dict[str, GridPoint] = {}
    again = [(first[one.source.text], one) for one in kept if first.setdefault(one.source.text, one) is not one]
    if again:
        old, new = again[0]
        more = "" if len(again) == 1 else f", and {len(again) - 1:,} more"
        yield f"the point {new} has the architecture of {old}, so its runs are the same, done once{more}"


@dataclass(frozen=True, slots=True)
class _Grid:
    """The factors, sorted out: templates, placeholders, keywords with what their values mean."""

    factors: tuple[Factor, ...]
    templates: Mapping[Value, Template]
    keywords: Mapping[str, Mapping[Value, object]]
    divided: dict[tuple[tuple[str, Value], ...], bool]  # what `_divides` found
    counted: set[tuple[object, ...]]
    shared: dict[Layer, tuple[bool, bool]]  # what `_shared` found
    trees: dict[str, Layer | None]  # of texts that say no default themselves, each read once

    @classmethod
    def of(cls, factors: tuple[Factor, ...]) -> _Grid:
        by_name = {one.name: one for one in factors}
        if ARCHITECTURE not in by_name:
            raise InputError(
                f'study: names neither {ARCHITECTURE} nor {MODEL}; give one, as in architecture = ["conv(10) * 10"]'
            )
        templates: dict[Value, Template] = {}
        for value in by_name[ARCHITECTURE].values:
            if not isinstance(value, str):
                raise InputError(f'factor architecture={shown(value)}: must be a text, as in "conv(10) * 10"')
            templates[value] = Template.read(value)
        placeholders = tuple(dict.fromkeys(name for one in templates.values() for name in one.placeholders))
        for name in placeholders:
            if name not in by_name:
                near = nearest(name, tuple(by_name)) or f"; add {name} = [...] to the factors"
                raise InputError(f"placeholder {{{name}}} of the architecture: there is no factor of that name{near}")
        keywords = {}
        for one in factors:
            if one.name == ARCHITECTURE or one.name in placeholders:
                continue
            if one.name not in MEANINGS:
                known = (*placeholders, *MEANINGS)
                near = nearest(
                    one.name, known
                ) or f"; write {{{one.name}}} in the architecture, or one of " + ", ".join(MEANINGS)
                raise InputError(f"factor {one.name}: nothing uses it{near}")
            keywords[one.name] = meanings_of(one)
        return cls(factors, templates, keywords, {}, set(), {}, {})

    def surely(self) -> int:
        """How many points there are at least, told from the numbers of values alone."""
        sizes = {one.name: len(one.values) for one in self.factors}
        if "norm" in sizes and any(meaning is None for meaning in self.keywords.get("norm", {}).values()):
            sizes |= dict.fromkeys(_NORMED, 1)
        sizes |= {ARCHITECTURE: 1, MAGNITUDE: 1}
        return sum(
            prod(size for name, size in sizes.items() if name in one.placeholders or name in self.keywords)
            for one in self.templates.values()
        )

    def combinations(self, lacking: dict[str, int]) -> Iterator[dict[str, Value]]:
        """The values of every combination, without the factors that mean nothing there; these are told in `lacking`."""
        names = [one.name for one in self.factors]
        seen: set[tuple[tuple[str, Value], ...]] = set()
        used: set[str] = set()
        for chosen in product(*(one.values for one in self.factors)):
            values = dict(zip(names, chosen, strict=True))
            without = self._without(values)
            used.update(name for name in values if name not in without)
            for name in without:
                del values[name]
            if without:
                key = tuple(values.items())
                if key in seen:
                    for said in without.values():
                        lacking[said] = lacking.get(said, 0) + 1
                        break
                    continue
                seen.add(key)
            yield values
        for name in names:
            if name not in used:
                raise InputError(f"factor {name}: nothing uses it: {_unused(name)}")

    def _without(self, values: Mapping[str, Value]) -> dict[str, str]:
        """The factors that mean nothing at a combination, and why."""
        template = self.templates[values[ARCHITECTURE]]
        found = {}
        for name in values:
            if name == ARCHITECTURE or name in self.keywords or name in template.placeholders:
                continue
            found[name] = f"{shown(template.text)} has no {{{name}}}"
        if "norm" in self.keywords and self.keywords["norm"][values["norm"]] is None:
            for name in _NORMED:
                if name in self.keywords:
                    found[name] = f'norm="{values["norm"]}" has no {name}'
        if MAGNITUDE in self.keywords and self._divides({n: v for n, v in values.items() if n not in found}):
            found[MAGNITUDE] = "a norm follows every layer and divides the weights' magnitude away"
        return found

    def _divides(self, values: Mapping[str, Value]) -> bool:
        """Whether a norm follows every layer, so that the size of its weights cannot be seen."""
        alike = {name: value for name, value in values.items() if name != MAGNITUDE}
        key = tuple(alike.items())
        if key not in self.divided:
            try:
                architecture = self._architecture(alike)
                layers = [one.layer for one in steps(architecture) if isinstance(one.layer, _WEIGHTED)][:-1]
                self.divided[key] = all(architecture.norm_of(layer) is not None for layer in layers)
            except InputError:
                self.divided[key] = False  # `text` says what is wrong with it, where the point is kept
        return self.divided[key]

    def _architecture(self, values: Mapping[str, Value]) -> Architecture:
        text = self.templates[values[ARCHITECTURE]].filled(values)
        if text not in self.trees:
            # what says defaults of its own is read with the others each time
            self.trees[text] = None if "Architecture" in text else parse(text).tree
        tree = self.trees[text]
        return parse(text, **self._defaults(values)) if tree is None else Architecture(tree, **self._defaults(values))

    def _defaults(self, values: Mapping[str, Value]) -> dict[str, Any]:
        meant: dict[str, Any] = {
            name: meaning[values[name]] for name, meaning in self.keywords.items() if name in values
        }
        changed = {name: meant.pop(name) for name in _NORMED if name in meant}
        norm = meant.setdefault("norm", DEFAULT_NORM)
        if changed and isinstance(norm, Spatial | LayerNorm):
            meant["norm"] = replace(norm, **changed)
        if MAGNITUDE in meant:
            init = meant.get("init", _HE)
            meant["init"] = replace(init, gain=init.gain * meant.pop(MAGNITUDE))
        return meant

    def text(self, values: Mapping[str, Value]) -> str:
        """The canonical text of a point's architecture. Errors: InputError naming the point."""
        try:
            architecture = self._own(self._architecture(values))
            # activations and initialisers change no count
            key = architecture.tree, architecture.inputs, architecture.out, type(architecture.norm)
            if key not in self.counted:
                if not surely_fits(architecture):
                    count(architecture)  # refuses what is too large to draw
                self.counted.add(key)
            return str(architecture)
        except InputError as error:
            kind = LimitError if isinstance(error, LimitError) else InputError
            filled = self.templates[values[ARCHITECTURE]].filled(values)
            raise kind(f"point {described(values)}: {shown(filled)}: {error}") from None

    def _own(self, architecture: Architecture) -> Architecture:
        """The architecture without the activation and the norm that no layer of it takes."""
        if architecture.tree not in self.shared:
            self.shared[architecture.tree] = _shared(architecture)
        act, norm = self.shared[architecture.tree]
        if not act:
            architecture = replace(architecture, act=_RELU)
        return architecture if norm else replace(architecture, norm=DEFAULT_NORM)


def _shared(architecture: Architecture) -> tuple[bool, bool]:
    """Whether a layer takes the shared activation, and one the shared norm."""
    layers = list(_written(architecture.tree))
    act, norm = _unset(layers)
    if not norm and any(isinstance(one, Residual) for one in layers):
        # what passes beside a body takes the shared norm, where its channels differ
        act, norm = _unset([one.layer for one in steps(architecture)][:-1])  # the read-out has its own
    return act, norm


def _written(layer: Layer) -> Iterator[Layer]:
    """Every layer of the tree, what is repeated once."""
    yield layer
    for one in (expand(layer),) if isinstance(layer, Inception) else children(layer):
        yield from _written(one)


def _unset(layers: Iterable[Layer]) -> tuple[bool, bool]:
    layers = tuple(layers)
    own = [one.activation if isinstance(one, Act) else one.act for one in layers if isinstance(one, _ACTIVE)]
    norms = [one.norm for one in layers if isinstance(one, Conv | Depthwise | Maxout | Norm)]
    return UNSET in own, UNSET in norms


def _unused(name: str) -> str:
    if name == MAGNITUDE:
        return 'a norm follows every layer and divides the weights\' magnitude away; add norm = "none"'
    return 'norm is "none"; give a norm that has it, as in norm = "spatial"'
