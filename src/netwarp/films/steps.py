"""The snapshots of a training run: the NPZ files of a folder in natural order, each known by its SHA-256."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from netwarp import checks
from netwarp.errors import InputError, LimitError, shown
from netwarp.films.walk import Still
from netwarp.models.files import read_network
from netwarp.network.source import Graph, Plain, Weighted
from netwarp.picture.recipe import Weights

MOST_FILES = 10_000
MAX_BYTES = 1 << 30  # of one file


@dataclass(frozen=True, slots=True)
class StepFolder:
    """A folder, and its files with the SHA-256 of each, in the order they are shown."""

    folder: Path
    files: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, folder: Path) -> StepFolder:
        """That of a folder: its files *.npz, step-9 before step-10. Errors: InputError, LimitError."""
        try:
            names = sorted((file.name for file in folder.glob("*.npz") if file.is_file()), key=natural)
        except OSError as error:
            raise InputError(f"folder {str(folder)!r}: cannot be read ({error.strerror or error})") from error
        if len(names) < 2:
            found = "one NPZ file" if names else "no NPZ file"
            raise InputError(f"folder {str(folder)!r}: has {found}; a film of steps needs two or more snapshots")
        if len(names) > MOST_FILES:
            raise LimitError(f"folder {str(folder)!r}: {len(names):,} NPZ files, at most {MOST_FILES:,} are shown")
        return cls(folder, tuple((name, hashlib.sha256(_bytes(folder / name)).hexdigest()) for name in names))

    def read(self, name: str) -> Still:
        """The snapshot of that name. Errors: InputError where it is another file now, or of another network's shape."""
        path = self.folder / name
        data = _bytes(path)
        if hashlib.sha256(data).hexdigest() != dict(self.files)[name]:
            raise InputError(f"file {str(path)!r}: is not the snapshot the film is of; its SHA-256 differs")
        network = read_network(path)
        if isinstance(network.source, Graph):
            raise InputError(f"file {str(path)!r}: holds a graph of operations; a film of steps needs W0, b0, W1, ...")
        if isinstance(network.source, Plain | Weighted):
            return Still(network, weights=Weights.of(name, data))
        return Still(network)

    def check(self) -> None:
        """Errors: InputError naming the first file whose arrays are not those of the first one."""
        first = self.read(self.files[0][0]).network
        shapes = {name: array.shape for name, array in first.parameters.items()}
        for name, _ in self.files[1:]:
            network = self.read(name).network
            if type(network.source) is not type(first.source) or network.text != first.text:
                raise InputError(f"file {str(self.folder / name)!r}: is of another network than {self.files[0][0]!r}")
            if {key: array.shape for key, array in network.parameters.items()} != shapes:
                raise InputError(
                    f"file {str(self.folder / name)!r}: has arrays of other shapes than {self.files[0][0]!r}"
                )

    def to_data(self) -> dict[str, object]:
        return {"folder": self.folder.resolve().name, "files": [list(one) for one in self.files]}

    @classmethod
    def from_data(cls, data: object, beside: Path) -> StepFolder:
        """That of a recipe of a film: the folder of this name beside it, or here. Errors: InputError."""
        fields = checks.mapping(data, "film steps")
        name = checks.string(checks.get(fields, "folder", "film steps"), "film steps folder", 255)
        if not name or name in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", name):
            raise InputError(f"film steps folder={shown(name)}: must be the name of a folder")
        files: list[tuple[str, str]] = []
        for entry in checks.items(checks.get(fields, "files", "film steps"), "film steps files", 2, MOST_FILES):
            file, sha256 = checks.items(entry, "film steps file", 2, 2)
            known = Weights(file, sha256)  # type: ignore[arg-type]  # the constructor checks both
            files.append((known.file, known.sha256))
        for folder in (beside / name, Path(name)):
            if folder.is_dir():
                return cls(folder, tuple(files))
        raise InputError(
            f"film of the folder {name!r}: it is not there; put it beside the film, or give the folder again"
        )


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """The order that a person counts in: whole numbers in a name by their size."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,30})", name) if part)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LimitError(f"file {str(path)!r}: more than {MAX_BYTES:,} bytes, which are not read")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"file {str(path)!r}: cannot be read ({error.strerror or error})") from error
