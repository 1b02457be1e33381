"""Pane and Page: what the explorer shows, as plain texts that fit an address, a JSON file and a recipe alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, get_args

from netwarp import checks
from netwarp.errors import InputError, nearest, shown
from netwarp.explorer.seeds import number_of, seed_of
from netwarp.network.source import SEED
from netwarp.picture.tone import MAX_COLOUR
from netwarp.plane import MAX_EXTENT

# the range a picture is painted in: of the whole plane, or fitted to the view
Contrast = Literal["whole", "view"]
# the way that y grows in a picture: "auto" is the way of the network's own pictures
Way = Literal["auto", "down", "up"]
MAX_PANES = 4
MAX_TEXT = 10_000  # characters of an architecture or one of its options
MAX_DIGITS = 2_000  # characters of a decimal: a view 10^-1900 wide
MAX_EXPONENT = 5_000
MAX_NAMES = 50  # controls hidden, or locked
MAX_NOTE = 48_000  # characters of a lesson in an address
MAX_STEPS = 20  # of a lesson
# the version of what is written: what a written state leaves unsaid is as it was in its version, for ever
VERSION = 2

DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,6}))?", re.ASCII)
SHOW = re.compile(r"output|classes|margin|layer:([1-9]\d{0,4}):channel:(0|[1-9]\d{0,5})", re.ASCII)
FLAGS = ("cells", "points", "marks")  # what is shown or not
NAME = re.compile(r"[a-z_]{1,20}", re.ASCII)
NOTE = re.compile(r"(?:\d[\w-]*)?", re.ASCII)


def known(given: Mapping[str, object], keys: tuple[str, ...], what: str) -> None:
    """Errors: InputError naming the first key that is not one of `keys`, and the nearest."""
    for key in given:
        if key not in keys:
            raise InputError(f"{what}: has no key {shown(key)}{nearest(key, keys)}")


def check_decimal(text: object, name: str, *, positive: bool = False) -> str:
    """A decimal number's text, as "-0.25" or "1e-30". Errors: InputError naming what is wrong."""
    found = DECIMAL.fullmatch(checks.string(text, name, MAX_DIGITS))
    if not found:
        raise InputError(f"{name}={shown(text)}: must be a decimal number, as in -0.25 or 1e-30")
    if found[1] and abs(int(found[1])) > MAX_EXPONENT:
        raise InputError(f"{name}={shown(text)}: its exponent must be from -{MAX_EXPONENT} to {MAX_EXPONENT}")
    if positive and (found[0].startswith("-") or not re.search(r"[1-9]", re.split("[eE]", found[0])[0])):
        raise InputError(f"{name}={shown(text)}: must be positive")
    if abs(Decimal(found[0])) > MAX_EXTENT:
        least = "at most" if positive else f"from -{MAX_EXTENT:g} to"
        raise InputError(f"{name}={shown(text)}: must be {least} {MAX_EXTENT:g}")
    return found[0]


def check_contrast(value: object, name: str) -> Contrast:
    """Errors: InputError naming what is allowed."""
    if value == "whole" or value == "view":
        return value
    raise InputError(f"{name}={shown(value)}: must be whole or view")


def check_way(value: object, name: str) -> Way:
    """Errors: InputError naming what is allowed."""
    for way in get_args(Way):
        if value == way:
            return way  # type: ignore[no-any-return]  # one of Way's
    raise InputError(f"{name}={shown(value)}: must be auto, down or up, the way that y grows")


def decides(show: str) -> bool:
    """Whether what is shown are decision regions, flat or shaded."""
    return show in ("classes", "margin")


@dataclass(frozen=True, slots=True)
class Pane:
    """One picture: an architecture's tree and its options, a seed, the view, and how it is shown.

    Every field but the numbers is a text: `x`, `y`, `w`, `h` are decimals of any length, centre and sides of the view
    in plane units; `show` is "output", "classes", which are the outputs' decision regions, "margin", which are the same
    shaded by how far the winner is ahead, or "layer:N:channel:M", layers from 1, channels from 0; `grows` is the way of
    y; `points` are a data set's, where the server has one; `marks` are the points that the slice is laid through.
    `arch` may also be a name of the zoo, folding(D, W), sawtooth(D), or npz:DIGEST, the weights of a file: then what
    the network depends on is in the file, the fields `act` to `out_act` say what it has, "none" where it has no such
    thing, and `seed` is None; `slice` says the plane through the space of its inputs, as the command line's --slice,
    empty where that is the file's own. `bred` is the text of a family, as network.family has it, of a network that is
    no seed's; empty of others. Whatever else they are given, reading.read puts that in its place. Errors:
    InputError.
    """

    arch: str = "conv(10) * 10"
    act: str = "relu"
    norm: str = "spatial(scale=3, shift=normal(2))"
    init: str = "he"
    inputs: str = "x y"
    out: int = 3
    out_act: str = "linear"
    seed: int | str | None = SEED
    x: str = "0"
    y: str = "0"
    w: str = "1.5"  # as high as the unit square, of a picture of three to two: x and y have one scale
    h: str = "1"
    tone: Contrast = "whole"
    colour: str = "lab"
    show: str = "output"
    cells: bool = False
    grows: Way = "auto"
    points: bool = True
    marks: bool = True
    slice: str = ""
    bred: str = ""

    def __post_init__(self) -> None:
        for name in ("arch", "act", "norm", "init", "inputs", "out_act", "slice", "bred"):
            checks.string(getattr(self, name), name, MAX_TEXT)
        checks.whole(self.out, "out", 1, 10_000)
        if self.seed is not None:
            object.__setattr__(self, "seed", seed_of(self.seed))
        for name in ("x", "y", "w", "h"):
            check_decimal(getattr(self, name), name, positive=name in ("w", "h"))
        check_contrast(self.tone, "tone")
        checks.string(self.colour, "colour", MAX_COLOUR)
        if not SHOW.fullmatch(checks.string(self.show, "show", 40)):
            raise InputError(
                f"show={self.show!r}: must be output, classes, margin or layer:N:channel:M, as in layer:2:channel:0"
            )
        for name in FLAGS:
            if not isinstance(getattr(self, name), bool):
                raise InputError(f"{name}={shown(getattr(self, name))}: must be true or false")
        check_way(self.grows, "grows")

    @property
    def number(self) -> int | None:
        """The number that draws the network; None where no seed does."""
        return None if self.seed is None else number_of(self.seed)

    @property
    def layer(self) -> tuple[int, int] | None:
        """(layer from 1, channel from 0) that is shown; None for the output."""
        found = SHOW.fullmatch(self.show)
        return (int(found[1]), int(found[2])) if found and found[1] else None

    @property
    def decides(self) -> bool:
        """Whether decision regions are shown, flat or shaded."""
        return decides(self.show)

    def network_data(self) -> dict[str, object]:
        """Plain data, for JSON: what the network depends on."""
        return {name: getattr(self, name) for name in NETWORK}

    def to_data(self, base: Mapping[str, object] | None = None, always: tuple[str, ...] = ()) -> dict[str, object]:
        """Plain data, for JSON: everything, or what is not as in `base`, and what is `always` said.

        Of a view both sides are said where one is not as in `base`: one alone says the other too. See `proportioned`.
        """
        found = {name: getattr(self, name) for name in KEYS}
        if base is None:
            return found
        said = {*always, *(name for name, value in found.items() if value != base[name])}
        if not said.isdisjoint(SIDES):
            said.update(SIDES)
        return {name: value for name, value in found.items() if name in said}

    @classmethod
    def from_data(cls, data: object, base: Mapping[str, object] | None = None) -> Pane:
        """The Pane of a JSON object; what it leaves out is as in `base`, the defaults unless given.

        Errors: InputError, also for unknown keys.
        """
        given = checks.mapping(data, "state")
        known(given, KEYS, "state")
        whole = {**(DEFAULTS if base is None else base), **given}
        return cls(**whole)  # type: ignore[arg-type]  # the constructor checks every one


KEYS: tuple[str, ...] = tuple(field.name for field in fields(Pane))
DEFAULTS: dict[str, object] = {field.name: field.default for field in fields(Pane)}
# version -> what a written state of it leaves unsaid; one that says no version is of the first
BEFORE: dict[int, dict[str, object]] = {1: DEFAULTS | {"seed": 0, "w": "1"}, VERSION: DEFAULTS}
# said even where they are as by default: who reads an address sees what it shows
ALWAYS = ("arch", "norm", "seed")
SIDES = ("w", "h")
# digits of a side that the other one says, and the frame's width over its height, times two
SIDE_DIGITS, FRAME = 17, 3
# what the network depends on, and nothing else
NETWORK: tuple[str, ...] = ("arch", "act", "norm", "init", "inputs", "out", "out_act", "seed", "slice", "bred")


def defaults(version: object) -> dict[str, object]:
    """What a written state of this version leaves unsaid. Errors: InputError for one that a later netwarp writes."""
    if isinstance(version, int) and not isinstance(version, bool) and version in BEFORE:
        return BEFORE[version]
    raise InputError(f"v={shown(version)}: must be 1 to {VERSION}, the versions of states that this netwarp reads")


def proportioned(given: Mapping[str, object], version: object) -> dict[str, object]:
    """What is said of a Pane, with the side of the view that it leaves unsaid: so that x and y have one scale in the
    frame of three to two, rounded to 17 digits. In the first version each side stands by itself. Errors: InputError.
    """
    said = dict(given)
    sides = [name for name in SIDES if name in said]
    if version != 1 and len(sides) == 1:
        side = Decimal(check_decimal(said[sides[0]], sides[0], positive=True))
        up, down = (FRAME, 2) if sides[0] == "h" else (2, FRAME)
        wide = Context(prec=MAX_DIGITS + 1)
        found = Context(prec=SIDE_DIGITS, rounding=ROUND_HALF_UP).divide(wide.multiply(side, up), Decimal(down))
        said["w" if sides[0] == "h" else "h"] = _plain(found.normalize())
    return said


def _plain(value: Decimal) -> str:
    """As the page writes it: plain digits for what is neither large nor small, else with an exponent."""
    first = value.adjusted()
    if -7 < first < 21:
        return f"{value:f}"
    digits = "".join(map(str, value.as_tuple().digits))
    return f"{digits[0]}{f'.{digits[1:]}' if digits[1:] else ''}e{first}"


@dataclass(frozen=True, slots=True)
class Page:
    """Everything an address says: one to four panes, the controls hidden and locked, and whether it is embedded.

    `note` is a lesson in the characters of an address, as `lessons` writes it, and `step` the one that is shown.
    """

    panes: tuple[Pane, ...] = (Pane(),)
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    embed: bool = False
    note: str = ""
    step: int = 1

    def __post_init__(self) -> None:
        if not 1 <= len(self.panes) <= MAX_PANES:
            raise InputError(f"panes: {len(self.panes)}, must be 1 to {MAX_PANES}")
        for key in ("hide", "lock"):
            names = checks.items(getattr(self, key), key, 0, MAX_NAMES)
            for name in names:
                if not NAME.fullmatch(checks.string(name, key, 40)):
                    raise InputError(f"{key}={name!r}: must be names of controls, as in {key}=seed,act")
            object.__setattr__(self, key, names)
        if not isinstance(self.embed, bool):
            raise InputError(f"embed={shown(self.embed)}: must be true or false")
        if not NOTE.fullmatch(checks.string(self.note, "note", MAX_NOTE)):
            raise InputError("note: is no lesson; copy the whole address")
        object.__setattr__(self, "step", checks.whole(self.step, "step", 1, MAX_STEPS))

    def to_data(self, *, short: bool = False) -> dict[str, object]:
        """Plain data, for JSON. `short`: the version, of the first pane what is not the default and what is always
        said, of the others what the first has not."""
        first = self.panes[0].to_data()
        rest: dict[str, object] = {"hide": list(self.hide), "lock": list(self.lock), "embed": self.embed}
        if self.note:
            rest |= {"note": self.note, "step": self.step}
        if not short:
            return {"panes": [pane.to_data() for pane in self.panes]} | rest
        head = self.panes[0].to_data(DEFAULTS, ALWAYS)
        tail = [pane.to_data(first) for pane in self.panes[1:]]
        return {"v": VERSION, "panes": [head, *tail]} | {key: value for key, value in rest.items() if value}

    @classmethod
    def from_data(cls, data: object) -> Page:
        """The Page of a JSON object, or of one pane's by itself; what later panes leave out is as in the first, what
        the first leaves out as in the version that the object says, the first version where it says none.

        Errors: InputError, also for unknown keys.
        """
        given = dict(checks.mapping(data, "page"))
        version = given.pop("v", 1)
        base = defaults(version)
        if "panes" not in given:
            return cls((Pane.from_data(proportioned(given, version), base),))
        known(given, ("panes", "hide", "lock", "embed", "note", "step"), "page")
        head, *tail = checks.items(given["panes"], "panes", 1, MAX_PANES)
        first = Pane.from_data(proportioned(checks.mapping(head, "state"), version), base)
        others = (proportioned(checks.mapping(pane, "state"), version) for pane in tail)
        return cls(
            (first, *(Pane.from_data(pane, first.to_data()) for pane in others)),
            given.get("hide", ()),  # type: ignore[arg-type]  # the constructor checks them
            given.get("lock", ()),  # type: ignore[arg-type]
            given.get("embed", False),  # type: ignore[arg-type]
            given.get("note", ""),  # type: ignore[arg-type]
            given.get("step", 1),  # type: ignore[arg-type]
        )
