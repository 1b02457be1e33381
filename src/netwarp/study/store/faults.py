"""The errors of a study's store, each one line, and what SQLite says put into one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENAMETOOLONG
from pathlib import Path

from netwarp.errors import InputError, NetwarpError, in_a_line

# the low byte of SQLite's extended codes: what went wrong, for a person
_SAID = {
    sqlite3.SQLITE_FULL: "the disk is full; what was committed stands: free some space, and run it again",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; end that process, and run it again",
    sqlite3.SQLITE_READONLY: "cannot be written ({why}); choose a folder that you may write to",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({why}); look at the folder's permissions",
    sqlite3.SQLITE_PERM: "cannot be opened ({why}); look at the folder's permissions",
}
# what a damaged file leads to: its header, its schema and its texts are no longer what was written
_DAMAGED = {0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG}
_DAMAGED |= {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_RANGE}
_OTHER = "the file system refuses to read or write it ({why}); what was committed stands: run it again"
_NAME = "no file can have this name ({why}); choose a shorter one"


class StoreError(InputError):
    """A store cannot be read, written or made; what was committed before stands."""


class DamagedError(StoreError):
    """What is in the store's file is not what was written; `why` says by what that is seen."""

    def __init__(self, path: Path, error: Exception) -> None:
        # SQLite's own text may be cut within a character
        self.why = "a text that is no UTF-8" if isinstance(error, UnicodeDecodeError) else in_a_line(error)
        super().__init__(
            f"{path}: the store is damaged ({self.why}); see `netwarp study check {path.parent}`, and use a copy of it "
            "that is whole, or a new folder"
        )


class ThereError(StoreError):
    """A store was to be made where there is one: another process made it first."""


class EmptyError(StoreError):
    """The store's file has no tables: it is being made, or what made it was killed."""


class HeldError(StoreError):
    """Another driver is at work on the store; the message names its process and host."""


class LostError(StoreError):
    """This driver's lock was taken over by another one; nothing of the present batch was written."""


def code(error: sqlite3.Error) -> int:
    """SQLite's primary code of an error, 0 for one of Python's module alone."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system raise in the block into a StoreError that names the store's file."""
    try:
        yield
    except sqlite3.Error as error:
        if code(error) in _DAMAGED:
            raise DamagedError(path, error) from error
        raise StoreError(f"{path}: {_SAID.get(code(error), _OTHER).format(why=error)}") from error
    except UnicodeDecodeError as error:
        raise DamagedError(path, error) from error
    except OSError as error:
        said = _NAME if error.errno == ENAMETOOLONG else _OTHER
        raise StoreError(f"{path}: {said.format(why=error.strerror or error)}") from error


@contextmanager
def read_in_words(path: Path) -> Iterator[None]:
    """`in_words` for a block that reads and does nothing else: what cannot be read as it was written is damaged."""
    try:
        with in_words(path):
            yield
    except StoreError:
        raise
    except (NetwarpError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise DamagedError(path, error) from error
