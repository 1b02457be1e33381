"""Merging stores of one study, most often of its shards, into one.

Whole tables are copied inside SQLite. What is there already is left as it is, so that a merge may be done again, and go
on when more shards are there. Where two stores have different values of one measure of one run, neither is chosen: the
store that comes second is left out, and said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from netwarp.errors import InputError
from netwarp.files import temporary_in
from netwarp.study.store import opening, schema
from netwarp.study.store.checking import check
from netwarp.study.store.faults import StoreError, in_words, read_in_words
from netwarp.study.store.locking import refuse_others
from netwarp.study.store.naming import canonical, name_text
from netwarp.study.store.planning import DONE, HowFar, StoredPlan, basis_of, counts_of, plan_of, recount


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to: how far the study is, what it is for and which shards lack, and the rest in words."""

    counts: HowFar
    plan: StoredPlan
    refused: tuple[str, ...]  # stores left out because their values contradict, a line each
    unfinished: tuple[str, ...]  # stores whose own part is not done, a line each

    @property
    def missing(self) -> tuple[str, ...]:
        """The shards that no merged store was of, as in "2/16"."""
        return self.plan.lacking

    @property
    def status(self) -> int:
        """1 where a store was left out."""
        return 1 if self.refused else 0


def merge(folders: Sequence[str | Path], out: str | Path) -> Merged:
    """Takes the stores of `folders` into the one in `out`, which is made where there is none.

    Each is checked first, and what is in `out` too; nothing is written where one is damaged or of another study. The
    order of the folders changes no value. Errors: InputError, StoreError.
    """
    out = Path(out)
    parts = [Path(folder) for folder in folders]
    if not parts:
        raise InputError("merge: no folder is given; name those of the shards")
    if any(part.resolve() == out.resolve() for part in parts):
        raise InputError(f"merge: {out} is both read and written; choose another folder for the result")
    plans = [_checked(part) for part in parts]
    for part, plan in zip(parts[1:], plans[1:], strict=True):
        _refuse_another(part, plan, parts[0], plans[0])
    with in_words(out / opening.FILE):
        connection = _result(out, parts[0], plans[0])
        with closing(connection):
            refused = [line for part in parts for line in _take(connection, part, out)]
            unfinished = [line for part in parts for line in _unfinished(part)]
            return Merged(counts_of(connection), plan_of(connection), tuple(refused), tuple(unfinished))


def _checked(folder: Path) -> StoredPlan:
    found = check(folder)
    if found.status:
        wrong = next(line for line in found.lines if not line.endswith(": ok"))
        raise StoreError(
            f"{folder}: {wrong}; nothing was merged: `netwarp study check {folder}` says all, or leave it out"
        )
    with closing(opening.open_to_read(folder)) as connection, read_in_words(folder / opening.FILE):
        return plan_of(connection)


def _refuse_another(folder: Path, plan: StoredPlan, first: Path, other: StoredPlan) -> None:
    if plan.name != other.name:
        raise StoreError(
            f"{folder}: is of the study {plan.name!r}, {first} of {other.name!r}; merge stores of one study"
        )
    differs = {
        # a shard without runs looks at nothing
        "another raster": bool(plan.frames and other.frames and plan.frames != other.frames),
        "other measures or versions": plan.wanted != other.wanted,
        "other factors or seeds": plan.study != other.study,
    }
    for what, does in differs.items():
        if does:
            said = f"has {what} of the study {plan.name!r} than {first}"
            raise StoreError(f"{folder}: {said}; run both with one study file, then merge")


def _result(out: Path, first: Path, plan: StoredPlan) -> sqlite3.Connection:
    """The store to merge into: an existing one of the same study, or a new one with its measures and points."""
    if (out / opening.FILE).exists():
        _refuse_another(first, plan, out, _checked(out))
        return opening.open_to_write(out, refuse_others)[0]
    with closing(opening.open_to_read(first)) as source:
        points = source.execute(
            'SELECT place, kind, text, "values" FROM points JOIN sources ON sources.id = points.source'
        ).fetchall()

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT OR IGNORE INTO sources (kind, text) VALUES (?, ?)", (one[1:3] for one in points))
        connection.executemany(
            "INSERT INTO points SELECT ?, id, ? FROM sources WHERE kind = ? AND text = ?",
            ((place, values, kind, text) for place, kind, text, values in points),
        )
        connection.executemany("INSERT INTO factors VALUES (?, ?)", enumerate(plan.factors))
        connection.executemany("INSERT INTO measures (name, version) VALUES (?, ?)", plan.wanted)
        connection.execute("INSERT INTO wanted SELECT row_number() OVER (ORDER BY id) - 1, id FROM measures")
        connection.execute(
            "INSERT INTO plan VALUES (1, ?, ?, '', NULL, ?, 0, 0, 0, 0)", (plan.name, canonical(plan.study), plan.whole)
        )

    return opening.make(out, fill)[0]


def _take(connection: sqlite3.Connection, folder: Path, out: Path) -> list[str]:
    """Copies one store in, in one transaction; a line where its values contradict, and then nothing of it is there."""
    with _attached(connection, folder, out):
        try:
            with opening.transaction(connection):
                refuse_others(connection, out / opening.FILE)
                _map_names(connection)
                _map_runs(connection)
                _refuse_conflicts(connection, folder)
                _copy(connection)
                _join_plans(connection)
                for table in (*_NAMES, "runs"):
                    connection.execute(f"DROP TABLE temp.map_{table}")
        except _Conflict as conflict:
            return [str(conflict)]
    return []


class _Conflict(StoreError):
    pass


_NAMES = {
    "sources": ("text", "kind"),
    "frames": ("data",),
    "measures": ("name", "version"),
    "reasons": ("text",),
    "hosts": ("text",),
    "shards": ("text",),
    "machines": ("text",),
}


def _map_names(connection: sqlite3.Connection) -> None:
    """temp.map_TABLE: the number that each name of the part has here."""
    for table, names in _NAMES.items():
        columns = ", ".join(names)
        same = " AND ".join(f"here.{name} = part.{name}" for name in names)
        connection.execute(f"INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM part.{table}")
        connection.execute(f"CREATE TEMP TABLE map_{table} (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
        both = f"part.{table} AS part JOIN main.{table} AS here ON {same}"
        connection.execute(f"INSERT INTO map_{table} SELECT part.id, here.id FROM {both}")
    connection.execute(
        """UPDATE main.measures SET unit = (
          SELECT unit FROM part.measures JOIN map_measures ON old = part.measures.id WHERE new = main.measures.id)
        WHERE unit IS NULL"""
    )


def _map_runs(connection: sqlite3.Connection) -> None:
    """temp.map_runs: the runs of the part that are here already."""
    connection.execute("CREATE TEMP TABLE map_runs (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    connection.execute(_SAME_RUNS)


_SAME_RUNS = """INSERT OR IGNORE INTO map_runs SELECT there.id, here.id FROM part.runs AS there
  JOIN map_sources AS s ON s.old = there.source JOIN map_frames AS f ON f.old = there.frame
  JOIN main.runs AS here ON here.source = s.new AND here.frame = f.new AND here.seed = there.seed"""


def _refuse_conflicts(connection: sqlite3.Connection, folder: Path) -> None:
    # 0.0 and -0.0 are equal and have other bits
    connection.create_function("hex_float", 1, float.hex, deterministic=True)
    rows = connection.execute(
        """SELECT sources.text, runs.seed, measures.name, there.value, here.value, count(*) OVER ()
        FROM map_runs JOIN part.taken AS there ON there.run = map_runs.old
          JOIN map_measures ON map_measures.old = there.measure
          JOIN main.taken AS here ON here.run = map_runs.new AND here.measure = map_measures.new
          LEFT JOIN map_reasons ON map_reasons.old = there.reason
          JOIN main.runs AS runs ON runs.id = map_runs.new JOIN main.sources AS sources ON sources.id = runs.source
          JOIN main.measures AS measures ON measures.id = here.measure
        WHERE there.value IS NOT here.value OR there.half IS NOT here.half OR there.resolved IS NOT here.resolved
          OR map_reasons.new IS NOT here.reason
          OR (there.value = 0 AND hex_float(there.value) <> hex_float(here.value))
          OR (there.half = 0 AND hex_float(there.half) <> hex_float(here.half))
        ORDER BY sources.text, runs.seed, measures.name"""
    ).fetchone()
    if rows is not None:
        text, seed, measure, there, here, count = rows
        raise _Conflict(
            f"{folder}: left out, {count:,} of its values contradict those merged before: {measure} of {text}, "
            f"seed {seed}, is {there!r} for {here!r}; merge it alone, or evaluate these runs again"
        )


# how the part evaluated the run that is main.runs.id here
_RUNNING = """SELECT e.new, there.seconds, there.started, there.worker, h.new, p.new FROM part.runs AS there
  JOIN map_runs AS r ON r.old = there.id JOIN map_hosts AS h ON h.old = there.host
  LEFT JOIN map_reasons AS e ON e.old = there.failure LEFT JOIN map_shards AS p ON p.old = there.shard
  WHERE r.new = main.runs.id"""


def _copy(connection: sqlite3.Connection) -> None:
    connection.execute(
        """INSERT INTO main.runs (key, source, frame, seed, failure, seconds, started, worker, host, shard)
        SELECT key, s.new, f.new, seed, e.new, seconds, started, worker, h.new, p.new FROM part.runs AS there
          JOIN map_sources AS s ON s.old = there.source JOIN map_frames AS f ON f.old = there.frame
          JOIN map_hosts AS h ON h.old = there.host LEFT JOIN map_reasons AS e ON e.old = there.failure
          LEFT JOIN map_shards AS p ON p.old = there.shard
        WHERE there.id NOT IN (SELECT old FROM map_runs) ORDER BY s.new, f.new, seed"""
    )
    # of two failures the later one stays, whichever store came first
    connection.execute(
        f"""UPDATE main.runs SET (failure, seconds, started, worker, host, shard) = ({_RUNNING})
        WHERE NOT {DONE} AND id IN (SELECT r.new FROM map_runs AS r JOIN part.runs AS there ON there.id = r.old
            JOIN main.runs AS here ON here.id = r.new JOIN map_reasons AS e ON e.old = there.failure
            JOIN main.reasons AS said ON said.id = e.new LEFT JOIN main.reasons AS before ON before.id = here.failure
          WHERE here.failure IS NULL OR (there.started, said.text) > (here.started, before.text))"""
    )
    connection.execute(_SAME_RUNS)
    connection.execute(
        """INSERT OR IGNORE INTO main.taken SELECT r.new, m.new, value, half, resolved, e.new FROM part.taken AS there
          JOIN map_runs AS r ON r.old = there.run JOIN map_measures AS m ON m.old = there.measure
          LEFT JOIN map_reasons AS e ON e.old = there.reason ORDER BY r.new, m.new"""
    )
    # what another store evaluated has not failed
    connection.execute(
        f"""UPDATE main.runs SET (failure, seconds, started, worker, host, shard) = ({_RUNNING})
        WHERE failure IS NOT NULL AND {DONE} AND id IN (SELECT r.new FROM map_runs AS r
          JOIN part.runs AS there ON there.id = r.old WHERE there.failure IS NULL)"""
    )
    connection.execute(f"UPDATE main.runs SET failure = NULL WHERE failure IS NOT NULL AND {DONE}")


def _join_plans(connection: sqlite3.Connection) -> None:
    """The plan here is for the runs of both; once it is for the whole study, running it needs no new plan."""
    ranges = connection.execute(
        """SELECT source, frame, first, last FROM main.planned UNION ALL
        SELECT s.new, f.new, first, last FROM part.planned AS there
          JOIN map_sources AS s ON s.old = there.source JOIN map_frames AS f ON f.old = there.frame
        ORDER BY 1, 2, 3"""
    ).fetchall()
    joined = [(*place, *span) for place, some in groupby(ranges, key=lambda one: one[:2]) for span in _joined(some)]
    connection.execute("DELETE FROM main.planned")
    connection.executemany("INSERT INTO main.planned VALUES (?, ?, ?, ?)", joined)
    total = sum(last - first + 1 for *_, first, last in joined)
    plan = plan_of(connection)
    basis = basis_of(plan.study, plan.wanted, None, plan.frames) if total == plan.whole else ""
    connection.execute("UPDATE main.plan SET total = ?, basis = ?", (total, basis))
    (shard,) = connection.execute("SELECT shard FROM part.plan").fetchone()
    if shard is not None:
        name_text(connection, "shards", shard)
    recount(connection)


def _joined(some: Iterator[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges in order, those that touch or overlap made one."""
    first: int | None = None
    last = 0
    for *_, low, high in some:
        if first is not None and low <= last + 1:
            last = max(last, high)
            continue
        if first is not None:
            yield first, last
        first, last = low, high
    if first is not None:
        yield first, last


def _unfinished(folder: Path) -> Iterator[str]:
    with closing(opening.open_to_read(folder)) as connection, read_in_words(folder / opening.FILE):
        counts, plan = counts_of(connection), plan_of(connection)
    if counts.to_do:
        shard = "" if plan.shard is None else f" (shard {plan.shard})"
        yield f"{folder}{shard}: {counts.to_do:,} of its {counts.total:,} runs are still to do"


@contextmanager
def _attached(connection: sqlite3.Connection, folder: Path, out: Path) -> Iterator[None]:
    """The store in `folder` as the database `part`; one of an older version, or that cannot be attached, as a copy."""
    path = opening.file_of(folder)
    copied: Path | None = None
    try:
        connection.execute("ATTACH ? AS part", (f"{path.absolute().as_uri()}?mode=ro",))
        (version,) = connection.execute("PRAGMA part.user_version").fetchone()
    except sqlite3.OperationalError:
        version = 0
    if version != schema.VERSION:
        with suppress(sqlite3.OperationalError):
            connection.execute("DETACH part")
        copied = temporary_in(out.absolute())
        with closing(sqlite3.connect(copied)) as copy, closing(opening.open_to_read(folder)) as source:
            source.backup(copy)
        connection.execute("ATTACH ? AS part", (str(copied),))
    try:
        yield
    finally:
        connection.execute("DETACH part")
        if copied is not None:
            copied.unlink(missing_ok=True)
