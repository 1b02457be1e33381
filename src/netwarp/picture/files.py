"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from netwarp.errors import InputError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary stream that becomes the file `path` when the block ends well, and leaves no trace when it does not.

    It is written under a temporary name in the same folder and then renamed, so that a reader sees the old file or the
    new one. Whatever the block raises, KeyboardInterrupt included, removes it. A link is followed. Not synced to
    the disk: it guards against interruption, not against loss of power.
    Errors: InputError where the folder is missing, `path` is not a plain file, or the system refuses to write.
    """
    shown = repr(os.fspath(path))
    if "\0" in os.fspath(path):
        raise InputError(f"file {shown}: a name cannot hold a zero byte")
    try:
        # a link stays a link: what it points to is replaced
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise InputError(f"file {shown}: the folder {str(target.parent)!r} does not exist; make it first")
        if target.exists() and not target.is_file():
            raise InputError(f"file {shown}: there is already a folder or a device of that name; choose another name")
        temporary = target.parent / f".netwarp-{secrets.token_hex(8)}.tmp"
        try:
            # "x": never follow a link or open a file that someone else made under this name
            with temporary.open("xb") as stream:
                yield stream
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise InputError(f"file {shown}: cannot be written ({error.strerror or error})") from error


def write(path: str | os.PathLike[str], data: bytes) -> None:
    """`data` as the file `path`, whole or not at all. Errors: InputError."""
    with replacing(path) as stream:
        stream.write(data)
