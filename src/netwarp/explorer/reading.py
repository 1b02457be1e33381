"""A Pane's texts as what they stand for, and back: an Architecture and a seed, or weights that no seed gives."""

from __future__ import annotations

import hashlib
import io
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.notation import read_activation, read_initialiser, read_inputs, read_norm
from netwarp.errors import InputError, LanguageError
from netwarp.explorer.facts import texts_of, texts_of_network
from netwarp.explorer.limits import INFLATED_BYTES, view_of
from netwarp.explorer.seeds import seed_of
from netwarp.explorer.state import MAX_PANES, Page, Pane, check_way
from netwarp.models.data import Data
from netwarp.models.slice_text import read_slice
from netwarp.models.sliced import own_slice
from netwarp.models.slices import Slice
from netwarp.network.family import family_text, read_family
from netwarp.network.network import Network
from netwarp.network.source import SEED, Drawn, Made
from netwarp.orders.order import order, way_of_y
from netwarp.orders.sliced import on_plane
from netwarp.orders.subject import WRITTEN, OwnWeights, Subject, file_name, is_function, subject_of_text
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import DEFAULT_MAP
from netwarp.plane import Plane, Raster

CALIBRATION = Raster()
ARCHIVE = b"PK\x03\x04"
SLICES = 8  # of files that are kept, as their pictures are asked for again and again
FILE = re.compile(r"npz:([0-9a-f]{16})")


class StateError(InputError):
    """One of a state's texts cannot be read: `key` says which, `position` and `length` where, if known."""

    def __init__(self, key: str, error: InputError) -> None:
        read = error if isinstance(error, LanguageError) else None
        super().__init__(str(error) if read is None else read.message)
        self.key = key
        self.position = None if read is None else read.position
        self.length = None if read is None else read.length


@dataclass(frozen=True, eq=False, slots=True)
class File:
    """Weights that were dropped, or named on the command line: a Subject that has them, and the bytes of their npz.

    `npz` is None of a function of which only the values are known.
    """

    subject: Subject
    npz: bytes | None

    @classmethod
    def of(
        cls, name: str, npz: bytes, network: Network, plane: Plane | None, at: Slice | None = None, chosen: bool = False
    ) -> File:
        """That of a file of this name, to be looked at on `plane`: the npz of its network, which is on the slice `at`,
        its own unless that is given. `chosen`: by nothing but netwarp."""
        own = OwnWeights(network, Weights.of(name, npz))
        found = Subject(file_name(Path(name).stem), own, plane=plane, slice=at or own_slice(network), chosen=chosen)
        return cls(found, npz)

    @classmethod
    def of_subject(cls, subject: Subject) -> File:
        """That of a Subject with weights of its own, however it was read."""
        network = subject.network
        assert network is not None, "a Subject with weights of its own"
        npz = None if subject.weights is None else subject.weights.npz()
        if npz is not None and not npz.startswith(ARCHIVE):
            npz = None  # what a function was read from
        elif npz is None and not is_function(network):
            saved = io.BytesIO()
            network.save(saved)
            npz = saved.getvalue()
        return cls(replace(subject, recipe=None), npz)

    @property
    def name(self) -> str:
        """The name of the file."""
        weights = self.subject.weights
        return f"{self.subject.name}.npz" if weights is None else weights.file

    @property
    def network(self) -> Network:
        assert self.subject.network is not None, "weights of its own"
        return self.subject.network

    @property
    def digest(self) -> str:
        """The beginning of the hash of its weights."""
        weights = self.subject.weights
        found = hashlib.sha256(self.npz or b"").hexdigest() if weights is None else weights.sha256
        return found[:16]

    @property
    def bytes(self) -> int:
        """What it holds in memory, about."""
        weights = self.subject.weights
        packed = b"" if weights is None else weights.packed or b""
        return len(self.npz or packed) + sum(array.nbytes for array in self.network.parameters.values())


class Files:
    """The weights that no seed gives, by the beginning of their digest; the oldest go where they are too many."""

    def __init__(self, most: int = 2 * INFLATED_BYTES, data: Data | None = None) -> None:
        self.most = most
        self.data = data  # whose points every pane shows that has a place for them
        self.lock = Lock()
        self.kept: OrderedDict[str, File] = OrderedDict()
        self.sliced: OrderedDict[tuple[str, str], Subject] = OrderedDict()  # files on another slice than their own

    def keep(self, file: File) -> str:
        """The `arch` of a Pane that shows this network."""
        digest = file.digest
        with self.lock:
            self.kept[digest] = file
            self.kept.move_to_end(digest)
            while len(self.kept) > 1 and sum(one.bytes for one in self.kept.values()) > self.most:
                self.kept.popitem(last=False)
        return f"npz:{digest}"

    def find(self, digest: str) -> File:
        """Errors: InputError where it is not here, or no more."""
        with self.lock:
            if digest not in self.kept:
                raise InputError(f"npz:{digest}: these weights are not here; drop their file on the page again")
            self.kept.move_to_end(digest)
            return self.kept[digest]

    def on_slice(self, digest: str, text: str) -> Subject:
        """The Subject of the weights on the plane that a text says, their own where it is empty or says that.

        Errors: StateError with the place in the text; InputError where it does not fit them, or they are not here.
        """
        own, text = self.find(digest).subject, text.strip()
        if text in ("", "" if own.slice is None else own.slice.text):
            return own
        key = digest, text
        with self.lock:
            if (known := self.sliced.get(key)) is not None:
                return known
        try:
            found = on_plane(own, read_slice(text, self.data), self.data)
        except LanguageError as error:
            raise StateError("slice", error) from None
        except InputError as error:
            raise StateError("slice", LanguageError(str(error), text, 0, len(text))) from None
        with self.lock:
            self.sliced[key] = found
            while len(self.sliced) > SLICES:
                self.sliced.popitem(last=False)
        return found


def read(pane: Pane, files: Files) -> tuple[Subject, Pane]:
    """What the Pane shows, and the Pane in canonical texts. Errors: StateError with the place; InputError, LimitError.

    Nothing is drawn yet, no file is opened and nothing is evaluated.
    """
    if found := FILE.fullmatch(pane.arch.strip()):
        return _said(files.on_slice(found[1], pane.slice), pane)
    name = pane.arch.strip()
    word = re.match(r"\s*(\w+)", pane.arch)
    if word and word[1] in WRITTEN and name.endswith(")"):
        return _said(subject_of_text(name), pane)
    text = zoo.find(name).text if name in zoo.names() else pane.arch
    options: dict[str, object] = {}
    readers = {"act": read_activation, "norm": read_norm, "init": read_initialiser, "inputs": read_inputs}
    for key, reader in (readers | {"out_act": read_activation}).items():
        try:
            options[key] = reader(getattr(pane, key))
        except LanguageError as error:
            raise StateError(key, error) from None
    try:
        architecture = parse(text, out=pane.out, **options)  # type: ignore[arg-type]  # each reader gives its kind
    except LanguageError as error:
        raise StateError("arch", error) from None
    # a seed draws these weights, or a family's seeds, whatever the Pane showed before
    texts = texts_of(architecture) | {"seed": SEED if pane.seed is None else pane.seed, "slice": ""}
    subject = Subject(file_name(str(architecture.tree)), architecture, bred=_family(pane.bred, architecture))
    return subject, Pane.from_data(texts, pane.to_data())


def _family(text: str, architecture: Architecture) -> Made | None:
    """What the text of a family says; None where it says no child. Errors: StateError."""
    if not text.strip():
        return None
    try:
        source = read_family(text, architecture)
    except InputError as error:
        raise StateError("bred", error) from None
    if isinstance(source, Drawn):
        raise StateError(
            "bred", InputError(f"bred {text[:40]!r}: says a seed alone, which seed= says; add a child, as 0_7")
        )
    return source


def _said(subject: Subject, pane: Pane) -> tuple[Subject, Pane]:
    """A Subject with weights of its own, and the Pane with what these have."""
    network = subject.network
    assert network is not None, "weights of its own"
    return subject, Pane.from_data(texts_of_network(subject, network), pane.to_data())


def pane_of_recipe(recipe: Recipe, files: Files) -> Pane:
    """The Pane that shows a picture's network where the picture looked. Errors: InputError."""
    seen = view_of(recipe.raster.plane)
    shown: dict[str, object] = {"colour": recipe.tone.colour, "tone": recipe.contrast, **seen}
    if recipe.layer is not None:
        shown["show"] = f"layer:{recipe.layer}:channel:{recipe.tone.channels[0]}"
    family = None if recipe.made is None or recipe.calibration != CALIBRATION else family_text(recipe.made)
    if recipe.made is not None and family is not None:
        texts = texts_of(recipe.made.architecture)
        if recipe.y != "down":
            shown["grows"] = recipe.y
        return Pane(**texts, bred=family, **shown)  # type: ignore[arg-type]
    # the page has no other way to say how a network was made of others: it takes the weights
    made = None if recipe.made is None else Weights.of_network("made.npz", Network.made(recipe.made))
    weights = recipe.weights or made
    if weights is not None:
        npz = weights.npz()
        if npz is None:
            raise InputError(f"its weights are too large to travel in it; drop {weights.file!r} instead")
        if not npz.startswith(ARCHIVE):
            raise InputError(f"it was drawn from {weights.file!r}, a function that no recipe says; drop that")
        plane = recipe.calibration.plane if recipe.architecture is None else None
        file = File.of(weights.file, npz, Network.load(io.BytesIO(npz)), plane)
        return pane_of_file(file, files, grows=recipe.y, **shown)
    if recipe.calibration != CALIBRATION:
        raise InputError(
            f"its statistics were taken on {recipe.calibration.columns}x{recipe.calibration.rows} pixels of its own; "
            "the explorer takes those of 600x400, so draw it with netwarp draw"
        )
    assert recipe.architecture is not None
    assert recipe.seed is not None
    texts = texts_of(parse(recipe.architecture))
    if recipe.y != "down":
        shown["grows"] = recipe.y
    return Pane(**texts, seed=recipe.seed, **shown)  # type: ignore[arg-type]


def pane_of_subject(subject: Subject, files: Files, seed: int | str | None) -> Pane:
    """The Pane of what a command line names. Errors: as `pane_of_recipe`."""
    match subject:
        case Subject(recipe=Recipe() as recipe):
            pane = pane_of_recipe(recipe, files)
            if subject.architecture is not None and subject.text != recipe.architecture:
                pane = replace(pane, **texts_of(subject.architecture))  # type: ignore[arg-type]
        case Subject(source=OwnWeights(), formula=str(formula)):
            pane = read(Pane(formula, **_look(subject)), files)[1]  # type: ignore[arg-type]
        case Subject(source=OwnWeights(Network(Drawn(architecture, drawn)), None)):
            pane = Pane(**texts_of(architecture), seed=drawn)  # type: ignore[arg-type]
        case Subject(source=OwnWeights(Network(Made() as made), None)) if (family := family_text(made)) is not None:
            pane = Pane(**texts_of(made.architecture), bred=family)  # type: ignore[arg-type]
        case Subject(source=OwnWeights()):
            pane = pane_of_file(File.of_subject(subject), files)
        case Subject(_, architecture):
            pane = Pane(**texts_of(architecture), **view_of(order(subject).raster.plane))  # type: ignore[arg-type]
    if seed is None or seed_of(seed) == pane.seed:
        return pane
    subject.seeded("no seed draws it; leave out --seed")
    return replace(pane, seed=seed)


def page_of_subjects(
    subjects: Sequence[Subject], files: Files, *, seed: int | None = None, y: str | None = None
) -> Page:
    """The Page of what a command line names: all of them where the first is looked at, decided where they are several
    models of classes. Errors: as `pane_of_subject`; InputError for more than there are panes."""
    if len(subjects) > MAX_PANES:
        raise InputError(
            f"explore: {len(subjects)} networks, at most {MAX_PANES} are shown side by side; leave some out"
        )
    if not subjects:
        return Page()
    panes = [pane_of_subject(subject, files, seed) for subject in subjects]
    seen: dict[str, Any] = {name: getattr(panes[0], name) for name in ("x", "y", "w", "h")}
    if y is not None:
        seen["grows"] = check_way(y, "--y")
    counts = {subject.channels for subject in subjects}
    classes = min(counts) > 1 or (files.data is not None and bool(files.data.classes))
    models = all(way_of_y(subject) == "up" for subject in subjects)
    if len(subjects) > 1 and len(counts) == 1 and classes and models:
        seen["show"] = "classes"
    return Page(tuple(replace(pane, **seen) for pane in panes))


def pane_of_file(file: File, files: Files, **shown: object) -> Pane:
    """The Pane of a file as `draw` would draw it, but for what is `shown`."""
    if shown.get("grows") == way_of_y(file.subject):
        del shown["grows"]
    pane = Pane(arch=files.keep(file), **{**_look(file.subject), **shown})  # type: ignore[arg-type]
    return _said(file.subject, pane)[1]


def _look(subject: Subject) -> dict[str, object]:
    """Where and in which colours a Subject is looked at first."""
    return {**view_of(order(subject).raster.plane), "colour": "lab" if subject.channels == 3 else DEFAULT_MAP}
