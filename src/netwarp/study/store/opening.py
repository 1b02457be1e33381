"""Opening a store's file: what it must be, how it is journalled, and transactions that no reader can fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Final

from netwarp.errors import InputError
from netwarp.study.store import schema
from netwarp.study.store.faults import EmptyError, StoreError, ThereError, code, in_words
from netwarp.study.store.journal import Journal, probe

FILE: Final = "study.sqlite"
# seconds that one attempt waits for another process; Ctrl-C is heard between attempts
_ATTEMPT: Final = 1.0
# seconds of attempts before a driver gives up
PATIENCE: Final = 600.0
_HEADER: Final = 100  # bytes of a SQLite file before its first table


def file_of(folder: Path) -> Path:
    """The store's file. Errors: InputError where there is no folder or no study in it."""
    path = folder / FILE
    # of a name that is too long, or that nobody may look at, the system raises
    with in_words(folder):
        if not folder.is_dir():
            what = "is a file, not a folder" if folder.exists() else "there is no such folder"
            raise InputError(f"{folder}: {what}; a study's folder holds its {FILE}")
        if not path.is_file():
            raise InputError(f"{folder}: no study is here ({FILE} is missing); begin one with `netwarp study run`")
    return path


def make(folder: Path, fill: Callable[[sqlite3.Connection], None]) -> tuple[sqlite3.Connection, Journal]:
    """A new store in `folder`, which is made, for writing; `fill` writes into it within the transaction that makes it.

    A file that a killed process left without tables is taken; one that another process is making is waited for.
    Errors: ThereError where there is a store then; StoreError.
    """
    path = folder / FILE
    with in_words(path):
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder}: is a file, not a folder; name a folder, which is made where there is none")
        folder.mkdir(parents=True, exist_ok=True)
        journal = probe(folder)
        connection = _connect(path, "rwc")
        try:
            _journalled(connection, journal)
            with transaction(connection):
                version = schema.version_of(connection)
                if version > 0:
                    raise ThereError(f"{path}: a study is here already; open it, or choose another folder")
                if version:
                    raise StoreError(f"{path}: is another program's file; choose another folder")
                schema.make(connection)
                fill(connection)
        except BaseException:
            connection.close()
            raise
    return connection, journal


def open_to_write(
    folder: Path, before_change: Callable[[sqlite3.Connection, Path], None]
) -> tuple[sqlite3.Connection, Journal]:
    """The store in `folder`, brought to this version unless `before_change` refuses. Errors: InputError, StoreError."""
    path = file_of(folder)
    with in_words(path):
        _refuse_cut(path)
        journal = probe(folder)
        connection = _connect(path, "rw")
        try:
            refuse_strangers(connection, path)
            _journalled(connection, journal)
            if schema.version_of(connection) < schema.VERSION:
                with transaction(connection):
                    before_change(connection, path)
                    schema.climb(connection)
        except BaseException:
            connection.close()
            raise
    return connection, journal


def open_again(path: Path, journal: Journal) -> sqlite3.Connection:
    """One more connection to a store that this process writes, for another thread. Errors: sqlite3.Error."""
    connection = _connect(path, "rw")
    _synced(connection, journal)
    return connection


def open_to_read(folder: Path) -> sqlite3.Connection:
    """The store in `folder`; one of an older version as a copy, brought to this one. Errors: InputError, StoreError."""
    path = file_of(folder)
    with in_words(path):
        _refuse_cut(path)
        connection = _connect(path, "ro")
        try:
            try:
                refuse_strangers(connection, path)
            except sqlite3.OperationalError as error:
                # in a folder that nobody may write to a log's index cannot be made; without a log none is needed
                log = path.with_name(f"{FILE}-wal")
                if code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or log.exists():
                    raise
                connection.close()
                connection = _connect(path, "ro&immutable=1")
                refuse_strangers(connection, path)
            if schema.version_of(connection) < schema.VERSION:
                older, connection = connection, sqlite3.connect("", isolation_level=None)
                older.backup(connection)
                older.close()
                schema.climb(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    """Refuses what is no store, or is of a newer netwarp. Errors: StoreError; sqlite3.Error."""
    version = schema.version_of(connection)
    if version == 0:
        raise EmptyError(
            f"{path}: holds no study yet: it is being made, or its making was interrupted; `netwarp study run` makes it"
        )
    if version < 0:
        raise StoreError(f"{path}: is another program's file, not a study; choose the folder of a study")
    if version > schema.VERSION:
        raise StoreError(
            f"{path}: is of a newer netwarp (store version {version}, this one reads up to {schema.VERSION}); "
            "upgrade netwarp to read it"
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything that the block writes, or nothing. Waits for other processes. Errors: sqlite3.Error."""
    _patiently(connection, "BEGIN IMMEDIATE")
    try:
        yield
        _patiently(connection, "COMMIT")
    except BaseException:
        # a full disk may have rolled back already
        if connection.in_transaction:
            connection.rollback()
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One state of the store for all that the block reads, where readers do not hold the driver up: with a log."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal" or connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.rollback()


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    start = monotonic()
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if code(error) != sqlite3.SQLITE_BUSY or monotonic() - start > PATIENCE:
                raise
        else:
            return


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_ATTEMPT
    )
    # a random place in a million runs is looked up without reading the file again
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def _journalled(connection: sqlite3.Connection, journal: Journal) -> None:
    (before,) = connection.execute("PRAGMA journal_mode").fetchone()
    if before != journal.mode:
        # another process at work keeps the mode as it is, which it has found to work
        with suppress(sqlite3.OperationalError):
            _patiently(connection, f"PRAGMA journal_mode = {journal.mode}")
    _synced(connection, journal)
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _synced(connection: sqlite3.Connection, journal: Journal) -> None:
    # with a log a crash of the machine may lose the last batches, never the file; without, it needs every sync
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if journal.mode == 'wal' else 'FULL'}")


def _refuse_cut(path: Path) -> None:
    """Refuses a file shorter than its header says. One with a log or a journal may be: that has the rest."""
    # what is looked at while another process writes may be whole a moment later, when its journal is gone
    if _cut(path) and not any(map(_there, (f"{path}-wal", f"{path}-journal"))) and (said := _cut(path)):
        raise StoreError(f"{path}: {said}")


def _there(path: str) -> bool:
    with suppress(FileNotFoundError):
        return bool(Path(path).stat().st_size)
    return False


def _cut(path: Path) -> str:
    """What is wrong with the file's length or first bytes; empty where nothing is."""
    with path.open("rb") as stream:
        header = stream.read(_HEADER)
    size = path.stat().st_size
    if not size:
        return ""
    if header[:16] != b"SQLite format 3\0"[: len(header)]:
        return "is no SQLite file; choose the folder of a study"
    page = int.from_bytes(header[16:18], "big")
    told = (1 << 16 if page == 1 else page) * int.from_bytes(header[28:32], "big")
    # the size in the header counts only where the last writer knew it
    if len(header) < _HEADER or (header[24:28] == header[92:96] and size < told):
        of = f" of {told:,}" if told else ""
        return f"is cut off ({size:,}{of} bytes are there); use a copy of it that is whole, or a new folder"
    return ""
