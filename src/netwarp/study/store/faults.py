"""The errors of a study's store, each one line, and what SQLite says put into one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netwarp.errors import InputError

# the low byte of SQLite's extended codes: what went wrong, for a person
_SAID = {
    sqlite3.SQLITE_FULL: "the disk is full; what was committed stands: free some space, and run it again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged ({why}); use a copy of it that is whole, or a new folder",
    sqlite3.SQLITE_NOTADB: "is not a SQLite file; choose the folder of a study",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; end that process, and run it again",
    sqlite3.SQLITE_READONLY: "cannot be written ({why}); choose a folder that you may write to",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({why}); look at the folder's permissions",
    sqlite3.SQLITE_PERM: "cannot be opened ({why}); look at the folder's permissions",
}
_OTHER = "the file system refuses to read or write it ({why}); what was committed stands: run it again"


class StoreError(InputError):
    """A store cannot be read, written or made; what was committed before stands."""


class HeldError(StoreError):
    """Another driver is at work on the store; the message names its process and host."""


class LostError(StoreError):
    """This driver's lock was taken over by another one; nothing of the present batch was written."""


def code(error: sqlite3.Error) -> int:
    """SQLite's primary code of an error, 0 for one of Python's module alone."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system raise in the block into a StoreError that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        said = _SAID.get(code(error), _OTHER).format(why=error)
        raise StoreError(f"{path}: {said}") from error
    except OSError as error:
        raise StoreError(f"{path}: {_OTHER.format(why=error.strerror or error)}") from error
