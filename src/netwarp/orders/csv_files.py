"""The small files a command leaves besides its page: checked before the work, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from netwarp.errors import InputError
from netwarp.files import write


def check_csv(path: Path | None) -> None:
    """Refuses a --csv that could not be written. Errors: InputError."""
    if path is None:
        return
    if path.suffix.lower() != ".csv":
        raise InputError(f"--csv {str(path)!r}: must end in .csv")
    if path.is_dir() or not path.parent.is_dir():
        why = "there is a folder of that name" if path.is_dir() else f"the folder {str(path.parent)!r} does not exist"
        raise InputError(f"--csv {str(path)!r}: {why}; choose another")


def save_csv(path: Path | None, text: str) -> None:
    """Writes the text of a CSV where a path is given. Errors: InputError."""
    if path is not None:
        write(path, text.encode("utf-8"))
