"""Recipe: all that is needed to draw a picture again, as JSON in the picture's own text."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netwarp import checks
from netwarp.errors import InputError, LimitError, nearest, shown
from netwarp.network.lineage import lineage_data, read_lineage
from netwarp.network.network import Network
from netwarp.network.source import SEEDS, Made
from netwarp.picture import embedded, pngtext
from netwarp.picture.carried import read_carried
from netwarp.picture.tone import Tone
from netwarp.plane import Raster
from netwarp.version import VERSION

KEYWORD = embedded.KEYWORD
NO_RECIPE = "carries no recipe; it was not drawn by netwarp, or a program that saved it dropped the text"
MAX_ARCHITECTURE = 10_000
MAX_MARKS = 10_000
MAX_AXIS = 500  # characters of what an axis is
MAX_INLINE = 1 << 20
# what inline weights may inflate to: a million bytes of zlib can hold a thousand times as much
MAX_WEIGHTS = 64 << 20
DTYPES = ("auto", "float32", "float64")
CONTRASTS = ("whole", "view")
WAYS = ("down", "up")  # of y
DEPTHS = (8, 16)  # bits a colour


def check_y(y: object, what: str) -> str:
    """Which way y grows in a picture. Errors: InputError."""
    if y not in WAYS:
        raise InputError(f"{what}={shown(y)}: must be {' or '.join(WAYS)}, the way that y grows{nearest(str(y), WAYS)}")
    return str(y)


def check_depth(depth: object, what: str) -> int:
    """How many bits a colour has. Errors: InputError."""
    if isinstance(depth, bool) or depth not in DEPTHS:
        raise InputError(f"{what}={shown(depth)}: must be 8 or 16, the bits of a colour")
    return int(depth)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that no seed gives: the base name of their file, and an npz file by SHA-256 and its zlib-compressed bytes
    up to 1 MiB. That npz is the file itself, or, of a file of another kind, what its network is saved as."""

    file: str
    sha256: str
    packed: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        checks.string(self.file, "weights file", 255)
        if not self.file or self.file in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", self.file):
            raise InputError(f"weights file={shown(self.file)}: must be a file name without a folder")
        if not re.fullmatch("[0-9a-f]{64}", checks.string(self.sha256, "weights sha256", 64)):
            raise InputError(f"weights sha256={self.sha256!r}: must be 64 hexadecimal digits")

    @classmethod
    def of(cls, file: str, npz: bytes) -> Weights:
        """The weights in the bytes of an npz file; they travel along where they compress to 1 MiB or less."""
        packed = zlib.compress(npz, 9) if len(npz) <= MAX_WEIGHTS else None
        if packed is not None and len(packed) > MAX_INLINE:
            packed = None
        return cls(Path(file).name, hashlib.sha256(npz).hexdigest(), packed)

    @classmethod
    def of_network(cls, file: str, network: Network) -> Weights:
        """The weights of a network, as the npz file that `network.save` writes."""
        npz = io.BytesIO()
        network.save(npz)
        return cls.of(file, npz.getvalue())

    def matches(self, npz: bytes) -> bool:
        """Whether these bytes are the file the picture was drawn from."""
        return hashlib.sha256(npz).hexdigest() == self.sha256

    def npz(self) -> bytes | None:
        """The npz file's bytes, checked against the SHA-256; None where only its name travels. Errors: InputError."""
        if self.packed is None:
            return None
        try:
            inflater = zlib.decompressobj()
            data = inflater.decompress(self.packed, MAX_WEIGHTS + 1)
        except zlib.error as error:
            raise InputError(f"weights of {self.file!r}: damaged ({error})") from error
        if len(data) > MAX_WEIGHTS:
            raise LimitError(f"weights of {self.file!r}: inflate to more than {MAX_WEIGHTS:,} bytes, which is not read")
        if not self.matches(data):
            raise InputError(f"weights of {self.file!r}: damaged, they do not have the SHA-256 the recipe gives")
        return data

    def to_data(self) -> dict[str, object]:
        inline = {} if self.packed is None else {"npz": base64.b64encode(self.packed).decode("ascii")}
        return {"file": self.file, "sha256": self.sha256, **inline}

    @classmethod
    def from_data(cls, data: object) -> Weights:
        fields = checks.mapping(data, "recipe weights")
        file = checks.string(checks.get(fields, "file", "recipe weights"), "weights file", 255)
        sha256 = checks.string(checks.get(fields, "sha256", "recipe weights"), "weights sha256", 64)
        packed = None
        if fields.get("npz") is not None:
            text = checks.string(fields["npz"], "weights npz", 4 * (MAX_INLINE + 2) // 3 + 4)
            try:
                packed = base64.b64decode(text, validate=True)
            except ValueError as error:
                raise InputError(f"weights of {file!r}: npz is not base64 ({error})") from None
        return cls(file, sha256, packed)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a picture was drawn from, and how.

    `architecture` is the canonical text with its defaults, None for weights loaded without one; `seed` None for weights
    that no seed gives, which `weights` then names or carries. `raster` is what is drawn, `calibration` the Raster whose
    pixels gave the statistics. `contrast` "whole" says that the Tone is all views' own, "view" that it was fitted on
    what is drawn: where pixels are too close for float64 coordinates, on their differences from the value at the
    plane's centre. `layer` says whose channels the Tone picks from: from 1 on, None the network's outputs. `y` is the
    way that y grows in the picture, "down" or "up". `marks` are points (x, y) that rings are drawn about, and `names`
    what is written beside each. `axes` are what x and y are of a model's inputs, and how far 1 goes in them; empty
    where they are the inputs. `framed` says that axes stand around the picture. `made` says how the network was made of
    others, back to seeds; it has no seed of its own then. `depth` is how many bits a colour has, 8 or 16.
    `version` is that of the netwarp that drew it. Errors: InputError.

    >>> picture = nw.draw("conv(10) * 2", seed=7, size=(60, 40), calibration=nw.Raster(60, 40)).picture
    >>> picture.recipe.architecture, picture.recipe.seed
    ('conv(10) * 2', 7)
    >>> picture.save("warp.png")
    >>> nw.Recipe.read("warp.png") == picture.recipe
    True
    >>> nw.Recipe.read("missing.png")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: file 'missing.png': cannot be read (...)
    """

    architecture: str | None
    seed: int | None
    raster: Raster
    calibration: Raster
    tone: Tone
    dtype: str = "auto"
    engine: str = "native"
    weights: Weights | None = None
    version: str = VERSION
    contrast: str = "whole"
    layer: int | None = None
    y: str = "down"
    marks: tuple[tuple[float, float], ...] = ()
    axes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    framed: bool = False
    made: Made | None = None
    depth: int = 8

    def __post_init__(self) -> None:
        if self.architecture is not None:
            checks.string(self.architecture, "recipe architecture", MAX_ARCHITECTURE)
        if self.seed is not None:
            checks.whole(self.seed, "recipe seed", -SEEDS, SEEDS)
        if self.layer is not None:
            checks.whole(self.layer, "recipe layer", 1, MAX_ARCHITECTURE)
        if self.made is not None:
            checks.instance(self.made, Made, "recipe made", "a Made, as of network.source")
        elif self.weights is None and (self.architecture is None or self.seed is None):
            raise InputError("recipe: needs an architecture and a seed, or weights")
        if checks.string(self.dtype, "recipe dtype", 20) not in DTYPES:
            raise InputError(f"recipe dtype={self.dtype!r}: must be one of {', '.join(DTYPES)}")
        if checks.string(self.contrast, "recipe contrast", 20) not in CONTRASTS:
            raise InputError(f"recipe contrast={self.contrast!r}: must be one of {', '.join(CONTRASTS)}")
        check_y(self.y, "recipe y")
        check_depth(self.depth, "recipe depth")
        marks, names = checked_marks(self.marks, self.names, "recipe")
        object.__setattr__(self, "marks", marks)
        object.__setattr__(self, "names", names)
        axes = checks.items(self.axes, "recipe axes", 0, 2)
        object.__setattr__(self, "axes", tuple(checks.string(axis, "recipe axes", MAX_AXIS) for axis in axes))
        if not isinstance(self.framed, bool):
            raise InputError(f"recipe framed={shown(self.framed)}: must be true or false")
        if not re.fullmatch(r"[a-z][a-z0-9_:.-]*", checks.string(self.engine, "recipe engine", 40)):
            raise InputError(f"recipe engine={self.engine!r}: must be the name of an engine, as native or torch")
        if not checks.string(self.version, "recipe version", 60).isprintable():
            raise InputError(f"recipe version={self.version!r}: must be printable")

    def to_data(self) -> dict[str, object]:
        return {
            "version": self.version,
            "architecture": self.architecture,
            "seed": self.seed,
            "plane": self.raster.plane.to_data(),
            "size": [self.raster.columns, self.raster.rows],
            "calibration": self.calibration.to_data(),
            "tone": self.tone.to_data(),
            "dtype": self.dtype,
            "engine": self.engine,
            "weights": None if self.weights is None else self.weights.to_data(),
            # unsaid where it is as ever: then files are what they always were
            **({} if self.contrast == "whole" else {"contrast": self.contrast}),
            **({} if self.layer is None else {"layer": self.layer}),
            **({} if self.y == "down" else {"y": self.y}),
            **({"marks": [list(mark) for mark in self.marks]} if self.marks else {}),
            **({"axes": list(self.axes)} if self.axes else {}),
            **({"names": list(self.names)} if self.names else {}),
            **({"framed": True} if self.framed else {}),
            **({} if self.depth == 8 else {"depth": self.depth}),
            **({} if self.made is None else {"made": lineage_data(self.made)}),
        }

    @classmethod
    def from_data(cls, data: object) -> Recipe:
        """The Recipe of a JSON object. Fields of later versions are ignored. Errors: InputError."""
        fields = checks.mapping(data, "recipe")
        if "sheet" in fields:
            raise InputError(
                "recipe of a contact sheet, which is many pictures; "
                "give one of their architectures and seeds, which its JSON lists"
            )
        if "film" in fields:
            fields = _first_frame(fields)
        if "decision" in fields:
            raise InputError("recipe of a decision, which `netwarp decision` draws again")
        needed = ("architecture", "seed", "calibration", "tone")
        architecture, seed, calibration, tone = (checks.get(fields, name, "recipe") for name in needed)
        weights = fields.get("weights")
        return cls(
            architecture=architecture,  # type: ignore[arg-type]  # the constructor checks it, and the next
            seed=seed,  # type: ignore[arg-type]
            raster=Raster.from_data(fields, "recipe"),
            calibration=Raster.from_data(calibration, "recipe calibration"),
            tone=Tone.from_data(tone),
            dtype=checks.string(fields.get("dtype", "auto"), "recipe dtype", 20),
            engine=checks.string(fields.get("engine", "native"), "recipe engine", 40),
            weights=None if weights is None else Weights.from_data(weights),
            version=checks.string(fields.get("version", "unknown"), "recipe version", 60),
            contrast=checks.string(fields.get("contrast", "whole"), "recipe contrast", 20),
            layer=fields.get("layer"),  # type: ignore[arg-type]  # the constructor checks it, and the next
            y=fields.get("y", "down"),  # type: ignore[arg-type]
            marks=fields.get("marks", ()),  # type: ignore[arg-type]
            axes=fields.get("axes", ()),  # type: ignore[arg-type]
            names=fields.get("names", ()),  # type: ignore[arg-type]  # checked by Recipe itself
            framed=fields.get("framed", False),  # type: ignore[arg-type]  # checked by Recipe itself
            depth=fields.get("depth", 8),  # type: ignore[arg-type]  # checked by Recipe itself
            made=None if fields.get("made") is None else read_lineage(fields["made"]),
        )

    def to_json(self) -> str:
        """One line of ASCII, which every kind of PNG text chunk can hold."""
        return json.dumps(self.to_data(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The Recipe of a JSON text of at most 2 MiB. Errors: InputError."""
        return cls.from_data(checks.parse_object(text, "recipe", pngtext.MAX_TEXT))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Recipe:
        """The Recipe that a picture of netwarp carries, of any kind that it writes: of a film that of its first frame.

        No pixel is decoded, nothing is executed, 2 MiB are inflated at most.

        Errors: InputError naming the file.
        """
        text = read_carried(path)
        shown = f"file {os.fspath(path)!r}"
        if text is None:
            raise InputError(f"{shown}: {NO_RECIPE}")
        try:
            return cls.from_json(text)
        except InputError as error:
            raise InputError(f"{shown}: {error}") from error


def film_length(text: str) -> int | None:
    """How many frames the film of a recipe's JSON has; None where it is of none, or cannot be read."""
    try:
        film = checks.mapping(checks.parse_object(text, "recipe", pngtext.MAX_TEXT).get("film"), "recipe film")
        return checks.whole(film.get("frames"), "film frames", 1, 1 << 31)
    except InputError:
        return None


def _first_frame(fields: Mapping[str, object]) -> Mapping[str, object]:
    """The recipe of a film's first frame: what the film says of its picture, but where the frame says it otherwise."""
    if "frame" in fields or "first" not in fields:
        raise InputError("recipe of a frame between two networks, which `netwarp film --frame` draws again")
    picture, first = (
        checks.mapping(checks.get(fields, name, "recipe"), f"recipe {name}") for name in ("picture", "first")
    )
    if "film" in picture or "film" in first:
        raise InputError("recipe of a film: its first frame is a film; give the one that netwarp wrote")
    return {**picture, **first}


def checked_marks(marks: object, names: object, what: str) -> tuple[tuple[tuple[float, float], ...], tuple[str, ...]]:
    """The points (x, y) that are marked in a picture, and what each is called, if anything is. Errors: InputError."""
    places = tuple(_point(mark, f"{what} mark") for mark in checks.items(marks, f"{what} marks", 0, MAX_MARKS))
    listed = checks.items(names, f"{what} names", 0, MAX_MARKS)
    called = tuple(checks.string(name, f"{what} names", MAX_AXIS) for name in listed)
    if len(called) not in (0, len(places)):
        raise InputError(f"{what} names: {len(called)} of them for {len(places)} marks; give one for each")
    return places, called


def _point(mark: object, what: str) -> tuple[float, float]:
    x, y = checks.items(mark, what, 2, 2)
    return checks.number(x, what), checks.number(y, what)


def sheet_json(recipes: tuple[Recipe, ...]) -> str:
    """The recipes of a contact sheet's pictures, in order, as one JSON object; weights by name and SHA-256 only."""
    cells = []
    for recipe in recipes:
        data = recipe.to_data()
        if recipe.weights is not None:
            data["weights"] = {"file": recipe.weights.file, "sha256": recipe.weights.sha256}
        cells.append(data)
    return json.dumps({"version": VERSION, "sheet": cells}, allow_nan=False)
