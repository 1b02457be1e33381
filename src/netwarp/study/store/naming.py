"""Whole numbers for what runs share: a source, a frame, a measure, a text. Each stands once in a table of its own."""

from __future__ import annotations

import json
import sqlite3
from typing import Final, Literal

from netwarp.plane import Raster
from netwarp.study.runs import MEANING, RunFrame, Source

NO_SEED: Final = -1  # of a model, whose weights no seed draws

Texts = Literal["reasons", "hosts", "shards", "machines"]


def source_number(connection: sqlite3.Connection, source: Source) -> int | None:
    """None where the store has not met it."""
    query = "SELECT id FROM sources WHERE text = ? AND kind = ?"
    return _found(connection, query, (source.text, source.kind))


def name_source(connection: sqlite3.Connection, source: Source) -> int:
    found = source_number(connection, source)
    query = "INSERT INTO sources (text, kind) VALUES (?, ?)"
    return found if found is not None else _made(connection, query, (source.text, source.kind))


def frame_number(connection: sqlite3.Connection, frame: RunFrame) -> int | None:
    return _found(connection, "SELECT id FROM frames WHERE data = ?", (frame_text(frame),))


def name_frame(connection: sqlite3.Connection, frame: RunFrame) -> int:
    found = frame_number(connection, frame)
    return (
        found if found is not None else _made(connection, "INSERT INTO frames (data) VALUES (?)", (frame_text(frame),))
    )


def frame_text(frame: RunFrame) -> str:
    """A frame and what runs mean by now, so that runs of an earlier meaning are others."""
    return canonical({"meaning": MEANING, "raster": frame.raster.to_data(), "calibration": frame.calibration.to_data()})


def frame_of(text: str) -> RunFrame:
    """The frame of `frame_text`. Errors: InputError."""
    data = json.loads(text)
    return RunFrame(Raster.from_data(data["raster"]), Raster.from_data(data["calibration"], "calibration"))


def measure_number(connection: sqlite3.Connection, name: str, version: int) -> int | None:
    return _found(connection, "SELECT id FROM measures WHERE name = ? AND version = ?", (name, version))


def name_measure(connection: sqlite3.Connection, name: str, version: int, unit: str | None = None) -> int:
    """A plan names measures before anybody knows their units; the first value that comes says it."""
    found = measure_number(connection, name, version)
    if found is None:
        query = "INSERT INTO measures (name, version, unit) VALUES (?, ?, ?)"
        return _made(connection, query, (name, version, unit))
    if unit is not None:
        connection.execute("UPDATE measures SET unit = ? WHERE id = ? AND unit IS NULL", (unit, found))
    return found


def name_text(connection: sqlite3.Connection, table: Texts, text: str) -> int:
    found = _found(connection, f"SELECT id FROM {table} WHERE text = ?", (text,))
    return found if found is not None else _made(connection, f"INSERT INTO {table} (text) VALUES (?)", (text,))


def canonical(data: object) -> str:
    """JSON that is the same for equal data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _found(connection: sqlite3.Connection, query: str, parts: tuple[object, ...]) -> int | None:
    row = connection.execute(query, parts).fetchone()
    return None if row is None else int(row[0])


def _made(connection: sqlite3.Connection, query: str, parts: tuple[object, ...]) -> int:
    number = connection.execute(query, parts).lastrowid
    assert number is not None
    return number
