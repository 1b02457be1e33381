"""The kernels that come with netwarp: LLVM bitcode, one compressed file for each kind of processor."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from io import BytesIO
from lzma import LZMAError
from platform import machine
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

from netwarp.compiled.sources import digest
from netwarp.compiled.specs import Spec, accepts, frozen

INDEX = "index.json"


@dataclass(frozen=True)
class Packed:
    """One kernel for one kind of arguments, as `make kernels` made it: `file` holds the bitcode, `size` bytes long."""

    kernel: str
    specs: tuple[Spec, ...]
    symbol: str
    returns: Spec
    file: str
    size: int
    sources: dict[str, str]  # module -> digest of its source

    @property
    def room(self) -> str:
        return room_of(self.kernel)

    @property
    def current(self) -> bool:
        """Whether the sources are those it was made of; where a package has none, they are."""
        return all(digest(module) in ("", known) for module, known in self.sources.items())

    def bitcode(self) -> bytes:
        """Errors: RuntimeError, where the file is damaged."""
        try:
            with _archive() as archive:
                return archive.read(self.file)
        except (OSError, BadZipFile, KeyError, LZMAError, EOFError) as error:
            raise RuntimeError(f"{name()}: {error}") from error


def room_of(kernel: str) -> str:
    """The room of netwarp that a kernel stands in, by its name."""
    return kernel.split(".")[1]


def name() -> str:
    """The file for this processor, whether it is there or not. Only what the tests run on is made and shipped."""
    kind = {"AMD64": "x86_64"}.get(machine(), machine())
    return f"kernels-{sys.platform}-{kind}.zip"


@cache
def entries() -> tuple[Packed, ...]:
    """All of this processor's; none where there is no file for it, or none that is whole."""
    try:
        with _archive() as archive:
            found = json.loads(archive.read(INDEX))
    except (OSError, BadZipFile, KeyError, ValueError, NotImplementedError):
        return ()
    return tuple(Packed(**{**one, "specs": frozen(one["specs"]), "returns": frozen(one["returns"])}) for one in found)


def find(kernel: str, specs: tuple[Spec, ...]) -> Packed | None:
    """A current entry whose door takes such arguments."""
    for entry in entries():
        if entry.kernel == kernel and accepts(entry.specs, specs) and entry.current:
            return entry
    return None


def pack(made: list[tuple[Packed, bytes]]) -> bytes:
    """The file of these entries: the same bytes for the same entries."""
    from dataclasses import asdict

    index: list[dict[str, Any]] = [asdict(entry) for entry, _ in made]
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        # read by every run, the others once
        archive.writestr(ZipInfo(INDEX), json.dumps(index, indent=1).encode(), ZIP_DEFLATED)
        for entry, data in made:
            archive.writestr(ZipInfo(entry.file), data, ZIP_LZMA)
    return buffer.getvalue()


def file_name(symbol: str, data: bytes) -> str:
    """Names bitcode by what it is: machine code is kept under this name."""
    return f"{symbol}-{blake2b(data, digest_size=16).hexdigest()}.bc"


def _archive() -> ZipFile:
    return ZipFile(BytesIO(files("netwarp.compiled").joinpath(name()).read_bytes()))
