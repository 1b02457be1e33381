"""The tables of a store, their version, and the ladder from older versions to it.

A run is an integer; so is whatever many runs share: sources, frames, measures, reasons, hosts and shards stand once,
in tables of their own. `runs.seed` is -1 for a model, which has none. Values have no declared type: one declared REAL
would lose the sign of -0.0.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

VERSION: Final = 1
APPLICATION: Final = 0x6E77_7374  # "nwst", so that `file` and others can tell what it is

TABLES: Final = """
CREATE TABLE sources (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (text, kind));
CREATE TABLE frames (id INTEGER PRIMARY KEY, data TEXT NOT NULL UNIQUE);
CREATE TABLE measures (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, unit TEXT, UNIQUE (name, version)
);
CREATE TABLE reasons (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE hosts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE shards (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
-- the machines that workers ran on, JSON each: host, processor, versions
CREATE TABLE machines (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- what is to be done, and how far it is: one row
CREATE TABLE plan (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL,
  study TEXT NOT NULL,       -- JSON of the whole study
  basis TEXT NOT NULL,       -- what the counters rest on: they are counted anew where it differs
  shard TEXT,                -- "2/16"; NULL for the whole study
  whole INTEGER NOT NULL,    -- runs of the whole study
  total INTEGER NOT NULL,    -- runs of this store's part
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  running INTEGER NOT NULL
);
CREATE TABLE wanted (place INTEGER PRIMARY KEY, measure INTEGER NOT NULL UNIQUE REFERENCES measures);
CREATE TABLE factors (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE points (
  place INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources,
  "values" TEXT NOT NULL     -- a JSON list, in the order of factors
);
CREATE INDEX points_of_source ON points (source);
-- the runs of the plan: the seeds from first to last, both included
CREATE TABLE planned (
  source INTEGER NOT NULL REFERENCES sources, frame INTEGER NOT NULL REFERENCES frames,
  first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (source, frame, first)
) WITHOUT ROWID;

-- what was done. failure, seconds and what follows are of the last time that the run wrote anything
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL,         -- Run.key, of source, seed and frame
  source INTEGER NOT NULL REFERENCES sources,
  frame INTEGER NOT NULL REFERENCES frames,
  seed INTEGER NOT NULL,
  failure INTEGER REFERENCES reasons,
  seconds REAL NOT NULL, started REAL NOT NULL,
  worker INTEGER NOT NULL, host INTEGER NOT NULL REFERENCES hosts, shard INTEGER REFERENCES shards,
  UNIQUE (source, frame, seed)
);
CREATE INDEX failed_runs ON runs (id) WHERE failure IS NOT NULL;
CREATE TABLE taken (
  run INTEGER NOT NULL REFERENCES runs, measure INTEGER NOT NULL REFERENCES measures,
  value, half, resolved, reason INTEGER REFERENCES reasons,
  PRIMARY KEY (run, measure)
) WITHOUT ROWID;

-- the driver at work: one row; process is NULL where there is none. fence grows with every driver
CREATE TABLE driver (
  one INTEGER PRIMARY KEY CHECK (one = 1), fence INTEGER NOT NULL,
  process INTEGER, host TEXT, machine TEXT, started TEXT, heartbeat REAL
);
INSERT INTO driver (one, fence) VALUES (1, 0);
"""

Step = Callable[[sqlite3.Connection], None]
# the step at place n makes a store of version n + 1 one of version n + 2
LADDER: tuple[Step, ...] = ()


def make(connection: sqlite3.Connection) -> None:
    """The tables in an empty file, within the caller's transaction."""
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the store, 0 for a file without tables, -1 for another program's file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION:
        return int(version)
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return -1 if tables or application else 0


def climb(connection: sqlite3.Connection) -> None:
    """Brings an older store to the newest version, within the caller's transaction."""
    for version in range(version_of(connection), VERSION):
        LADDER[version - 1](connection)
        connection.execute(f"PRAGMA user_version = {version + 1}")
