"""What a poster that is being written has so far: FILE.part, and beside it a journal of the bands that are whole in it.

The journal is text. Its first line names the poster by a fingerprint of all that its bytes depend on, and every other
line is a band: how many rows there are then, how many bytes, their CRC-32, and what the format remembers of it. A line
is written after the band's bytes, so that whatever a killed run leaves, the bands of the journal are whole. The files
have plain names, which the clearing of left-over files does not touch. Not synced to the disk: it guards against a
kill, not against loss of power, after which the CRC-32 finds what is missing.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TextIO

from netwarp.errors import InputError

ENDING, JOURNAL = ".part", ".journal"
FORMAT = 1
# bytes that are read at a time to check them
PIECE = 1 << 22
# what the format remembers of a band: whole numbers
Note = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A band that lies in the part: rows start..stop - 1 of the picture, its bytes from `offset` on."""

    start: int
    stop: int
    offset: int
    length: int
    note: Note


@dataclass
class Begun:
    """The part of a file that is being written; `bands` are those that it has, in order."""

    target: Path
    path: Path
    stream: BinaryIO
    journal: TextIO
    head: int
    bands: list[Band] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of the picture that are in it."""
        return self.bands[-1].stop if self.bands else 0

    @property
    def length(self) -> int:
        """Bytes of the head and of the bands that are in it."""
        return self.bands[-1].offset + self.bands[-1].length if self.bands else self.head

    def add(self, stop: int, data: list[bytes], note: Note) -> None:
        """Appends a band that ends before row `stop`. Errors: OSError."""
        check, offset = 0, self.length
        for piece in data:
            self.stream.write(piece)
            check = zlib.crc32(piece, check)
        self.stream.flush()
        band = Band(self.rows, stop, offset, sum(map(len, data)), note)
        self.journal.write(json.dumps([stop, band.length, check, *note]) + "\n")
        self.journal.flush()
        self.bands.append(band)

    def read(self, band: Band) -> bytes:
        """The bytes of a band that is in it. Errors: OSError."""
        self.stream.seek(band.offset)
        data = self.stream.read(band.length)
        self.stream.seek(0, os.SEEK_END)
        return data


@contextmanager
def opened(target: Path, fingerprint: str, head: bytes, *, resume: bool, restart: bool) -> Iterator[Begun]:
    """The part of the file `target`, which begins with `head`; it stays whatever the block raises.

    `resume` goes on from what there is, and begins anew where there is nothing; `restart` always does. The journal is
    locked while the block runs. Errors: InputError where there is a part and neither is said, the part is of another
    poster, or another process is writing it; OSError.
    """
    # a link is followed, as by every writer of files
    target = Path(os.path.realpath(target))
    path, journal = (target.with_name(target.name + ending) for ending in (ENDING, JOURNAL))
    there = path.exists() or journal.exists()
    if there and not resume and not restart:
        raise InputError(
            f"file {str(path)!r}: is what an earlier run has left; "
            "go on from it with --resume, or begin anew with --restart"
        )
    with _locked(journal) as log:
        bands = _bands(log, path, fingerprint, head) if there and resume and not restart else None
        length = len(head)
        if bands:
            length = bands[-1].offset + bands[-1].length
        with path.open("r+b" if bands is not None else "w+b") as stream:
            if bands is None:
                bands = []
                log.seek(0)
                log.truncate()
                stream.write(head)
                stream.flush()
                log.write(json.dumps({"netwarp": FORMAT, "poster": fingerprint}) + "\n")
                log.flush()
            stream.truncate(length)
            stream.seek(length)
            yield Begun(target, path=path, stream=stream, journal=log, head=len(head), bands=bands)


def remove(target: Path) -> None:
    """Removes part and journal of a file that is finished, or is not wanted any more."""
    target = Path(os.path.realpath(target))
    for ending in (ENDING, JOURNAL):
        with suppress(OSError):
            target.with_name(target.name + ending).unlink(missing_ok=True)


@contextmanager
def _locked(journal: Path) -> Iterator[TextIO]:
    with journal.open("a+", encoding="ascii") as log:
        try:
            import fcntl
        except ImportError:  # not on every system: there, two runs at once are the user's care
            pass
        else:
            try:
                fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InputError(
                    f"file {str(journal)!r}: another run is writing this poster; wait for it, or choose another --out"
                ) from None
        yield log


def _bands(log: TextIO, path: Path, fingerprint: str, head: bytes) -> list[Band] | None:
    """The bands that are whole; the journal is cut behind them. None where nothing is worth keeping.

    Errors: InputError where the journal is of another poster.
    """
    log.seek(0)
    lines = log.read().splitlines(keepends=True)
    first = _parsed(lines[0]) if lines else None
    if not isinstance(first, dict) or not path.exists():
        return None
    if first != {"netwarp": FORMAT, "poster": fingerprint}:
        raise InputError(
            f"file {str(path)!r}: is of another poster, or of another version of netwarp; give the command it is of, "
            "or begin anew with --restart"
        )
    bands: list[Band] = []
    rows, offset, kept = 0, len(head), len(lines[0])
    with path.open("rb") as stream:
        if stream.read(len(head)) != head:
            return None
        for line in lines[1:]:
            found = _parsed(line) if line.endswith("\n") else None
            if not isinstance(found, list) or len(found) < 3 or not all(type(n) is int and n >= 0 for n in found):
                break
            stop, length, check, *note = found
            if stop <= rows or _check(stream.read, length) != check:
                break
            bands.append(Band(rows, stop, offset, length, tuple(note)))
            rows, offset, kept = stop, offset + length, kept + len(line)
    log.seek(0)
    log.truncate(kept)
    log.seek(0, os.SEEK_END)
    return bands


def _check(read: Callable[[int], bytes], length: int) -> int | None:
    """The CRC-32 of the next bytes; None where there are fewer."""
    check = 0
    while length:
        piece = read(min(length, PIECE))
        if not piece:
            return None
        check, length = zlib.crc32(piece, check), length - len(piece)
    return check


def _parsed(line: str) -> object:
    try:
        found: object = json.loads(line) if len(line) < 1 << 20 else None
    except ValueError:
        return None
    return found
