"""A Pane's texts as what they stand for, and back: an Architecture and a seed, or weights that no seed gives."""

from __future__ import annotations

import hashlib
import io
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

from netwarp.architecture import zoo
from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.architecture.notation import read_activation, read_initialiser, read_inputs, read_norm
from netwarp.errors import InputError, LanguageError
from netwarp.explorer.limits import INFLATED_BYTES, plain
from netwarp.explorer.state import MAX_SEED, Pane
from netwarp.network.network import Network
from netwarp.orders.subject import WRITTEN, OwnWeights, Subject, file_name, read_subject
from netwarp.picture.recipe import Recipe, Weights
from netwarp.plane import Plane, Raster

CALIBRATION = Raster()
FILE = re.compile(r"npz:([0-9a-f]{16})")


class StateError(InputError):
    """One of a state's texts cannot be read: `key` says which, `position` and `length` where in it."""

    def __init__(self, key: str, error: LanguageError) -> None:
        super().__init__(error.message)
        self.key, self.position, self.length = key, error.position, error.length


@dataclass(frozen=True, eq=False, slots=True)
class File:
    """Weights that were dropped, or named on the command line."""

    name: str
    npz: bytes
    network: Network
    plane: Plane | None = None


class Files:
    """The weights that no seed gives, by the beginning of their digest; the oldest go where they are too many."""

    def __init__(self, most: int = 2 * INFLATED_BYTES) -> None:
        self.most = most
        self.lock = Lock()
        self.kept: OrderedDict[str, File] = OrderedDict()

    def keep(self, file: File) -> str:
        """The `arch` of a Pane that shows this network."""
        digest = hashlib.sha256(file.npz).hexdigest()[:16]
        with self.lock:
            self.kept[digest] = file
            self.kept.move_to_end(digest)
            while len(self.kept) > 1 and sum(_bytes(one) for one in self.kept.values()) > self.most:
                self.kept.popitem(last=False)
        return f"npz:{digest}"

    def find(self, digest: str) -> File:
        """Errors: InputError where it is not here, or no more."""
        with self.lock:
            if digest not in self.kept:
                raise InputError(f"npz:{digest}: these weights are not here; drop their file on the page again")
            self.kept.move_to_end(digest)
            return self.kept[digest]


def read(pane: Pane, files: Files) -> tuple[Subject, Pane]:
    """What the Pane shows, and the Pane in canonical texts. Errors: StateError with the place; InputError, LimitError.

    Nothing is drawn yet, no file is opened and nothing is evaluated.
    """
    if found := FILE.fullmatch(pane.arch.strip()):
        file = files.find(found[1])
        given = OwnWeights(file.network, Weights.of(file.name, file.npz))
        return Subject(file_name(file.name.removesuffix(".npz")), given, plane=file.plane), pane
    name = pane.arch.strip()
    word = re.match(r"\s*(\w+)", pane.arch)
    if word and word[1] in WRITTEN and name.endswith(")"):
        return read_subject(name), pane
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
    return Subject(file_name(str(architecture.tree)), architecture), Pane.from_data(
        texts_of(architecture), pane.to_data()
    )


def texts_of(architecture: Architecture) -> dict[str, object]:
    """The keys of a Pane that say this architecture."""
    return {
        "arch": str(architecture.tree),
        "act": str(architecture.act),
        "norm": "none" if architecture.norm is None else str(architecture.norm),
        "init": str(architecture.init),
        "inputs": str(architecture.inputs),
        "out": architecture.out,
        "out_act": str(architecture.out_act),
    }


def pane_of_recipe(recipe: Recipe, files: Files) -> Pane:
    """The Pane that shows a picture's network where the picture looked. Errors: InputError."""
    seen = view_of(recipe.raster.plane)
    shown: dict[str, object] = {"colour": recipe.tone.colour, "tone": recipe.contrast, **seen}
    if recipe.layer is not None:
        shown["show"] = f"layer:{recipe.layer}:channel:{recipe.tone.channels[0]}"
    if recipe.weights is not None:
        npz = recipe.weights.npz()
        if npz is None:
            raise InputError(f"its weights are too large to travel in it; drop {recipe.weights.file!r} instead")
        plane = recipe.calibration.plane if recipe.architecture is None else None
        file = File(recipe.weights.file, npz, Network.load(io.BytesIO(npz)), plane)
        return Pane(arch=files.keep(file), **shown)  # type: ignore[arg-type]
    if recipe.calibration != CALIBRATION:
        raise InputError(
            f"its statistics were taken on {recipe.calibration.columns}x{recipe.calibration.rows} pixels of its own; "
            "the explorer takes those of 600x400, so draw it with netwarp draw"
        )
    assert recipe.architecture is not None
    assert recipe.seed is not None
    if abs(recipe.seed) > MAX_SEED:
        raise InputError(f"its seed is {recipe.seed}, the explorer takes -{MAX_SEED} to {MAX_SEED}")
    texts = texts_of(parse(recipe.architecture))
    return Pane(**texts, seed=recipe.seed, **shown)  # type: ignore[arg-type]


def view_of(plane: Plane) -> dict[str, str]:
    """x, y, w, h of a Plane, as decimals that lose nothing."""
    x, y = plane.centre
    parts = {"x": x, "y": y, "w": plane.width, "h": plane.height}
    return {key: value if isinstance(value, str) else plain(value) for key, value in parts.items()}


def pane_of_subject(subject: Subject, files: Files, seed: int | None) -> Pane:
    """The Pane of what a command line names. Errors: as `pane_of_recipe`."""
    match subject:
        case Subject(recipe=Recipe() as recipe):
            pane = pane_of_recipe(recipe, files)
            if subject.architecture is not None and subject.text != recipe.architecture:
                pane = replace(pane, **texts_of(subject.architecture))  # type: ignore[arg-type]
        case Subject(name, OwnWeights(network, _)):
            pane = pane_of_network(network, name, files, subject.plane)
        case Subject(_, architecture):
            pane = Pane(**texts_of(architecture))  # type: ignore[arg-type]
    return pane if seed is None else replace(pane, seed=seed)


def pane_of_network(network: Network, name: str, files: Files, plane: Plane | None = None) -> Pane:
    """The Pane of a network whose weights are given, on the plane that it is meant to be looked at."""
    npz = io.BytesIO()
    network.save(npz)
    file = File(f"{name}.npz", npz.getvalue(), network, plane)
    return Pane(arch=files.keep(file), **view_of(plane or Plane()))  # type: ignore[arg-type]


def _bytes(file: File) -> int:
    return len(file.npz) + sum(array.nbytes for array in file.network.parameters.values())
