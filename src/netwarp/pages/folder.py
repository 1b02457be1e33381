"""A page's folder: made beside its place and moved there, so that what is interrupted or fails leaves nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netwarp.errors import InputError
from netwarp.files import filled


@contextmanager
def built(out: Path, called: str = "--out") -> Iterator[Path]:
    """A new folder beside `out` whose files move into `out` when the block ends well, and which goes however it ends.

    The page, index.html, moves last, so that it never shows pictures that are not there yet. Errors: InputError, which
    names `out` as it is `called`.
    """
    target = check(out, called)
    try:
        with filled(target) as folder:
            yield folder
    except OSError as error:
        raise InputError(f"{called} {str(out)!r}: cannot be written ({error.strerror or error})") from error


def check(out: Path, called: str = "--out") -> Path:
    """Where `out` really is, links followed; so that what cannot be is refused before the work. Errors: InputError."""
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_dir():
        raise InputError(f"{called} {str(out)!r}: there is a file of that name; choose a folder")
    if not target.parent.is_dir():
        raise InputError(f"{called} {str(out)!r}: the folder {str(target.parent)!r} does not exist; make it first")
    return target
