"""Measure, and the one registry of them. What a measure is of is stated once, where its function is defined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from netwarp.checks import whole
from netwarp.errors import InputError, NetwarpError, nearest
from netwarp.renamed import Renamed, renamed

if TYPE_CHECKING:
    from netwarp.plane import Raster

Needs = Literal["samples", "raster", "tangents", "layers", "tessellation"]
# how much room the explorer's page gives it: none, a line of the list, of the short list too, of the view in words too
Room = Literal["", "list", "short", "words"]
Detail = float | tuple[float, ...] | str
References = Callable[["Raster"], tuple[float | None, float | None]]
Function = TypeVar("Function", bound=Callable[..., Any])

# the Fields a measure applies to, in words
APPLIES: dict[str, str] = {
    "samples": "every Field",
    "raster": "every Field",
    "tangents": "Fields whose every layer has a derivative, and piecewise-linear pointwise (1x1) ones with steps",
    "layers": "every Field with at least two layers",
    "tessellation": "piecewise-linear pointwise (1x1) Fields",
}
# those whose value depends on the raster, and is therefore taken at half the resolution too
ON_A_RASTER = ("samples", "raster", "tangents")
# names of version 0.1: it counted changes of the pattern, and called them kinks
FORMER = {"kinks": "switches"}

# the modules that define netwarp's own measures, in the order they are listed
FAMILIES = (
    "gradients", "spectra", "level_sets", "topology", "compression", "multiscale", "trajectories", "layers", "regions",
)  # fmt: skip


class Absent(NetwarpError):
    """A measure has no value here; the message is the reason, a clause such as "the output is constant"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure's value with what else it found: a series by layer, a fitted range, the value a theory expects.

    `error` is what the value may be off by on this raster, where that is known; `exact` says that no raster was used,
    so that half of it would give the same; `note` is a clause on how it was taken that a reader must know.
    """

    value: float
    details: Mapping[str, Detail] = field(default_factory=dict)
    error: float | None = None
    exact: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A named number.

    `needs` says what `function` takes: "samples" one channel's (rows, columns) values of mean 0 and variance 1, the
    mean over channels being the value; everything else a Specimen. `references` gives the value of a plain ramp and of
    white noise on a Raster (None where there is none); a measure of samples is simply taken of both.
    `version` grows whenever its values change for the same Field and Raster: values of two versions are not compared.
    `larger` says that more of it is more complex, for measures of which no ramp and noise say so; `fewer` is less of it
    in words.
    """

    name: str
    function: Callable[..., float | Reading]
    needs: Needs
    unit: str
    formula: str
    source: str
    references: References | None = None
    extra: str | None = None  # the extra of the package, or other condition, without which it has no value
    version: int = 1
    larger: bool = False
    fewer: str = ""
    page: Room = ""

    extremes = Renamed("references")

    @property
    def definition(self) -> str:
        """The first paragraph of its function's docstring."""
        return " ".join((self.function.__doc__ or "").strip().split("\n\n")[0].split())

    @property
    def applies(self) -> str:
        """The Fields it applies to, in words."""
        return APPLIES[self.needs]

    @property
    def on_raster(self) -> bool:
        """Whether its value depends on the raster."""
        return self.needs in ON_A_RASTER


_known: dict[str, Measure] = {}
_loaded = False


def constant(ramp: float) -> References:
    """The references of a measure that has this value on a ramp, whatever the raster, and none on white noise."""
    return lambda _raster: (ramp, None)


def define(
    *,
    unit: str,
    source: str,
    formula: str,
    needs: Needs = "samples",
    references: References | None = None,
    extra: str | None = None,
    name: str | None = None,
    version: int = 1,
    larger: bool = False,
    fewer: str = "",
    page: Room = "",
    extremes: References | None = None,
) -> Callable[[Function], Function]:
    """Registers the function below it as a measure of its name (or `name`), and gives it back unchanged.

    A measure of "samples" gets one channel at a time as a (rows, columns) float64 array of mean 0 and variance 1 and
    gives a float (or a Reading); every other kind gets a Specimen. Its docstring's first paragraph is its definition.
    It raises Absent(reason) where it has no value. `extremes` is the former name of `references`, and warns.
    Errors: InputError for a name already taken or a missing docstring.

    >>> @nw.measures.define(unit="1", source="this example", formula="max f - min f")
    ... def example_span(image):
    ...     "How many standard deviations lie between the smallest and the largest value."
    ...     return image.max() - image.min()
    >>> field = nw.Network.draw(nw.parse("conv(10)"), seed=7).calibrate(nw.Raster(60, 40))
    >>> nw.measure(field, "example_span", size=(32, 32))["example_span"].unit
    '1'
    >>> nw.measures.define(unit="1", source="this example", formula="1", name="mean_frequency")(example_span)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: measure 'mean_frequency': there is one of that name already; choose another name
    """
    for what, text in (("unit", unit), ("source", source), ("formula", formula), ("name", name or "")):
        if not isinstance(text, str):
            raise InputError(f"measure {what}={text!r}: must be text")
    if extremes is not None:
        renamed("extremes", "references")
        references = extremes
    if needs not in get_args(Needs):
        raise InputError(f"measure needs={needs!r}: must be one of {', '.join(get_args(Needs))}")
    if page not in get_args(Room):
        raise InputError(f"measure page={page!r}: must be one of {', '.join(map(repr, get_args(Room)))}")
    version = whole(version, "measure version")

    def register(function: Function) -> Function:
        called = name or function.__name__
        if not called.isidentifier():
            raise InputError(f"measure {called!r}: a measure's name is a Python identifier, as in total_variation")
        if not str(function.__module__).startswith("netwarp.measures."):
            _load()  # netwarp's own come first, so that a name of theirs is refused here
        taken = _known.get(called)
        if taken is not None and (taken.function.__module__, taken.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise InputError(f"measure {called!r}: there is one of that name already; choose another name")
        if not (function.__doc__ or "").strip():
            raise InputError(f"measure {called!r}: needs a docstring, whose first paragraph is its definition")
        _known[called] = Measure(
            name=called,
            function=function,
            needs=needs,
            unit=unit,
            formula=formula,
            source=source,
            references=references,
            extra=extra,
            version=version,
            larger=larger,
            fewer=fewer,
            page=page,
        )
        return function

    return register


def names() -> tuple[str, ...]:
    """The names of all measures, netwarp's own first, in the order they are listed."""
    _load()
    return tuple(_known)


def beside() -> list[Measure]:
    """Those that stand beside a picture on the explorer's page, in its order.

    The short list's come first; those of exact regions, which may not be had, last.
    """
    listed = [one for one in map(find, names()) if one.page]
    return sorted(listed, key=lambda one: 2 if one.needs == "tessellation" else one.page == "list")


def find(name: str) -> Measure:
    """The measure of a name; a former name warns (DeprecationWarning). Errors: InputError naming the nearest."""
    _load()
    if name in FORMER and name not in _known:
        renamed(f"measure {name}", FORMER[name])
        return _known[FORMER[name]]
    if name not in _known:
        raise InputError(
            f"measure {str(name)[:60]!r}: there is none of that name; see `netwarp measures`"
            + nearest(str(name), names())
        )
    return _known[name]


def _load() -> None:
    global _loaded  # noqa: PLW0603  # the families register themselves, once
    if _loaded:
        return
    for family in FAMILIES:
        import_module(f"netwarp.measures.{family}")
    # a family imported by itself beforehand did not register again just now: the order is FAMILIES', not the imports'
    homes = [f"netwarp.measures.{family}" for family in FAMILIES]
    rank = {home: place for place, home in enumerate(homes)}
    listed = sorted(_known.items(), key=lambda item: rank.get(item[1].function.__module__, len(homes)))
    _known.clear()
    _known.update(listed)
    _loaded = True
