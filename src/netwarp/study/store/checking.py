"""Checking a store: whether its file is whole, and says of itself what is in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from netwarp.study.runs import MEANING, Source, keys_of
from netwarp.study.store.faults import DamagedError, in_words, read_in_words
from netwarp.study.store.kinds import wrong_kinds
from netwarp.study.store.locking import driver_of
from netwarp.study.store.naming import NO_SEED, frame_of, frame_text
from netwarp.study.store.opening import FILE, open_to_read, snapshot
from netwarp.study.store.planning import counted, counts_of, plan_of

_MOST: Final = 5  # faults of one kind that are listed


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at and how it is, a line each. `faults` of them say what is wrong; `status` is then 1."""

    lines: tuple[str, ...]
    faults: int

    @property
    def status(self) -> int:
        return 1 if self.faults else 0


def check(folder: str | Path, *, known: Mapping[str, int] | None = None) -> Checked:
    """Reads the whole store: its pages, references, what each column holds, counters, keys, and measures' versions.

    `known` says which version of each measure is the newest; those that this netwarp defines where it is None.
    Errors: InputError, StoreError where there is no store to look at.
    """
    folder = Path(folder)
    path = folder / FILE
    lines: list[str] = []
    faults = 0
    try:
        with in_words(path), closing(open_to_read(folder)) as connection, snapshot(connection):
            looks = (
                ("file", _file),
                ("references", _references),
                ("values", partial(wrong_kinds, most=_MOST)),
                ("counters", _counters),
                ("keys", _keys),
                ("measures", partial(_measures, known=known)),
            )
            for name, look in looks:
                found = _lines(path, look(connection))
                lines += [f"{name}: {line}" for line in found] or [f"{name}: ok"]
                faults += len(found)
                if found and name == "file":
                    break  # what a damaged file says means nothing
    except DamagedError as error:
        # not even its tables can be read
        return Checked((f"file: damaged ({error.why})",), 1)
    return Checked(tuple(lines), faults)


def _lines(path: Path, look: Iterator[str]) -> list[str]:
    """What one look finds wrong; where it meets what it cannot read, that too."""
    found: list[str] = []
    try:
        with read_in_words(path):
            found.extend(look)
    except DamagedError as error:
        found.append(f"damaged ({error.why})")
    return found


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall():
        if line != "ok":
            yield " ".join(str(line).split())


def _references(connection: sqlite3.Connection) -> Iterator[str]:
    wrong = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST)
    for table, row, parent, _ in wrong:
        yield f"a row of {table}{'' if row is None else f' ({row})'} names one of {parent} that is not there"


def _counters(connection: sqlite3.Connection) -> Iterator[str]:
    plan_of(connection)  # raises where what the store is for cannot be read
    driver_of(connection)
    told = counts_of(connection)
    done, failed = counted(connection)
    if (told.done, told.failed) != (done, failed):
        yield f"say {told.done:,} done and {told.failed:,} failed; there are {done:,} and {failed:,}"
    (total,) = connection.execute("SELECT coalesce(sum(last - first + 1), 0) FROM planned").fetchone()
    if total != told.total:
        yield f"say {told.total:,} runs in all; the plan has {total:,}"


def _keys(connection: sqlite3.Connection) -> Iterator[str]:
    """Every run's key against the hash of what it means."""
    frames = dict(connection.execute("SELECT id, data FROM frames"))
    # a run of an earlier meaning had its key by the rules of then
    now = {number: frame_of(text) for number, text in frames.items() if frame_text(frame_of(text)) == text}
    wrong = count = 0
    place: tuple[int, int] | None = None
    for source, frame, seed, key, kind, text in connection.execute(
        """SELECT source, frame, seed, key, kind, text FROM runs JOIN sources ON sources.id = runs.source
          ORDER BY source, frame"""
    ):
        if frame not in now:
            continue
        if (source, frame) != place:
            place, made = (source, frame), keys_of(Source(text, kind), now[frame])
        count += 1
        if key != made(None if seed == NO_SEED else seed):
            wrong += 1
            if wrong <= _MOST:
                yield f"the key of {text} with seed {seed} is not the hash of what it means (meaning {MEANING})"
    if wrong > _MOST:
        yield f"{wrong:,} of {count:,} in all are wrong"


def _measures(connection: sqlite3.Connection, known: Mapping[str, int] | None) -> Iterator[str]:
    known = _versions() if known is None else known
    rows = connection.execute(
        """SELECT name, version FROM measures
          WHERE id IN (SELECT measure FROM taken UNION SELECT measure FROM wanted) ORDER BY name, version"""
    ).fetchall()
    for name, version in rows:
        # a measure that somebody defines is not known everywhere
        if name in known and not 1 <= version <= known[name]:
            yield f"{name} has values of version {version}; this netwarp has version {known[name]}, upgrade it"


def _versions() -> dict[str, int]:
    from netwarp.measures.registry import find, names

    return {name: find(name).version for name in names()}
