"""Model files as the points of a study: each known by the SHA-256 of its bytes, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from glob import glob, has_magic
from hashlib import file_digest
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Final

from netwarp.errors import InputError, LimitError, NetwarpError, shown
from netwarp.models.files import MAX_BYTES, NOTHING, read_network
from netwarp.models.homes import home_of
from netwarp.network.kinds import kind_of, refused
from netwarp.plane import Plane
from netwarp.study.grid.factors import MODEL, Factor
from netwarp.study.grid.where import Value
from netwarp.study.runs import Source

READ: Final = ("npz", "onnx", "safetensors", "nnet")
FILES: Final = 100_000


@dataclass(frozen=True, slots=True)
class GridModel:
    """A model's file: its path as the study says it, its SHA-256, and where it is looked at, if anything says."""

    path: str
    digest: str
    home: Plane | None

    @property
    def source(self) -> Source:
        return Source.model(self.digest)


def models_of(factor: Factor, folder: Path, *, homes: bool) -> tuple[GridModel, ...]:
    """The files that a factor's values name, in its order, those of a pattern sorted, each once.

    With `homes` each is read for where it is to be looked at. Errors: InputError naming the value or the file.
    """
    return tuple(_model(folder, path, homes) for path in dict.fromkeys(_paths(factor.values, folder)))


def digest_of(file: BufferedReader | BytesIO) -> str:
    """What a model is known by: the SHA-256 of its file, in hexadecimal digits; the file is read to its end."""
    return file_digest(file, "sha256").hexdigest()


def changed_files(before: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """The paths that name another model in one study than in an earlier one, both as the data of `Study.to_data`."""
    was, found = _digests(before), _digests(now)
    return tuple(path for path, digest in found.items() if was.get(path, digest) != digest)


def changed_sentence(path: str) -> str:
    """What becomes of a file that `changed_files` names."""
    return f"{path} changed: it is another model now; the values of the one before are kept, and no longer shown"


def _digests(data: Mapping[str, object]) -> dict[str, str]:
    listed = data.get("models")
    return {str(path): str(digest) for path, digest, _ in listed} if isinstance(listed, list) else {}


def _paths(values: tuple[Value, ...], folder: Path) -> Iterator[str]:
    count = 0
    for value in values:
        if not isinstance(value, str):
            raise InputError(f'factor {MODEL}={shown(value)}: must be a file\'s name or a pattern, as in "run/*.npz"')
        if not has_magic(value):
            yield value
            continue
        # not Path.glob, which takes no absolute patterns
        names = glob(value, root_dir=folder, recursive=True)  # noqa: PTH207
        found = sorted(path for path in names if (folder / path).is_file())
        if not found:
            raise InputError(f"factor {MODEL}={shown(value)}: {_lacking(value, folder)}")
        count += len(found)
        if count > FILES:
            raise LimitError(f"factor {MODEL}={shown(value)}: more than {FILES:,} files; name fewer")
        yield from found


def _lacking(pattern: str, folder: Path) -> str:
    """Why nothing fits: the folder before the pattern's first wildcard is not there, or has no such file."""
    parts = Path(pattern).parts
    fixed = next(place for place, part in enumerate(parts) if has_magic(part))
    within = folder.joinpath(*parts[:fixed])
    if not within.is_dir():
        what = "is a file" if within.exists() else "does not exist"
        return f"the folder {shown(str(within.absolute()), 200)} {what}"
    return f"no file in the folder {shown(str(within.absolute()), 200)} fits it"


def _model(folder: Path, path: str, homes: bool) -> GridModel:
    file = folder / path
    kind = kind_of(file)
    if kind not in READ:
        raise refused(file, kind)
    if (size := file.stat().st_size) > MAX_BYTES:
        raise LimitError(f"file {str(file)!r}: {size:,} bytes, at most {MAX_BYTES:,} are read")
    try:
        with file.open("rb") as stream:
            digest = digest_of(stream)
        return GridModel(path, digest, _home(file) if homes else None)
    except OSError as error:
        raise InputError(f"file {str(file)!r}: cannot be read ({error.strerror or error})") from None
    except NetwarpError as error:
        raise InputError(f"factor {MODEL}={shown(path)}: {error}") from error


def _home(file: Path) -> Plane | None:
    network = read_network(file)
    return NOTHING.home(network) or home_of(network)
