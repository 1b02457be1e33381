"""The rows of a store: one a run and measure, ordered by meaning, a few thousand in memory at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

from netwarp.plane import Plane, Raster
from netwarp.study.store.kinds import kinds, refuse_other_kinds, values_of
from netwarp.study.store.naming import NO_SEED, frame_of

Value = str | int | float | bool | None

_AT_ONCE: Final = 4_000  # runs of one source read at a time


class ExportRow(NamedTuple):
    """One measure of one run at one point: the values of the factors, in the plan's order, then what was found.

    `state` is "measured", "absent" (the measure does not apply, `reason` says why) or "failed" (the run has no values,
    `reason` says why). A run that several points share has a row for each. From `seconds` on a row says how the run was
    evaluated; `started` and `finished` are seconds since 1970.
    """

    factors: tuple[Value, ...]
    architecture: str  # or "sha256:..." of a model
    seed: int | None
    raster: str
    measure: str
    version: int
    value: float | None
    unit: str | None
    resolved: bool | None
    half: float | None
    state: str
    reason: str
    seconds: float
    started: float
    finished: float
    worker: int
    host: str
    shard: str | None


# the columns that follow the factors: what a run means and shows, and how it came about
MEANING: Final = ExportRow._fields[1:12]
RUNNING: Final = ExportRow._fields[12:]


# of a measure: name, version, value, unit, resolved, half, state, reason
One = tuple[str, int, float | None, str | None, bool | None, float | None, str, str]
# of how a run was evaluated: seconds, started, finished, worker, host, shard
Running = tuple[float, float, float, int, str, str | None]


class Group(NamedTuple):
    """The rows of one run at one point: what they share, and what each measure found."""

    factors: tuple[Value, ...]
    architecture: str
    seed: int | None
    raster: str
    measures: list[One]
    running: Running


def rows(connection: sqlite3.Connection) -> Iterator[ExportRow]:
    """Every planned run that was evaluated, by source, raster, seed, point and measure.

    The order is that of the texts and numbers themselves: it does not depend on what was evaluated when.
    """
    for factors, architecture, seed, raster, measures, running in groups(connection):
        for one in measures:
            yield ExportRow._make((factors, architecture, seed, raster, *one, *running))


def groups(connection: sqlite3.Connection) -> Iterator[Group]:
    """The rows, in their order, those of a run and point together."""
    wanted = connection.execute(
        "SELECT id, name, version, unit FROM measures WHERE id IN (SELECT measure FROM wanted) ORDER BY name, version"
    ).fetchall()
    refuse_other_kinds(wanted, _WANTED_KINDS, "measures")
    (width,) = connection.execute("SELECT count(*) FROM factors").fetchone()
    places = connection.execute(
        """SELECT DISTINCT sources.kind, sources.text, frames.data, sources.id, frames.id FROM planned
          JOIN sources ON sources.id = planned.source JOIN frames ON frames.id = planned.frame
          ORDER BY sources.kind, sources.text, frames.data"""
    ).fetchall()
    refuse_other_kinds(places, _PLACE_KINDS, "sources or frames")
    for _kind, text, frame, source, number in places:
        points = sorted(values for (values,) in connection.execute(_POINTS, (source,)))
        # a plan without points has runs still
        factors = [_padded(values_of(values, width), width) for values in points] or [()]
        raster = raster_text(frame_of(frame).raster)
        for first, last in connection.execute(_RANGES, (source, number)).fetchall():
            for run, found in _runs(connection, source, number, first, last):
                _, seed, failure, seconds, started, worker, host, shard = run
                running = seconds, started, started + seconds, worker, host, shard
                measures = _measures(wanted, found, failure)
                for combination in factors:
                    yield Group(combination, text, None if seed == NO_SEED else seed, raster, measures, running)


def _measures(wanted: list[tuple[int, str, int, str | None]], found: _Found, failure: str | None) -> list[One]:
    """Of a run: what each measure found, or why the run failed; a measure that is still to do is not there."""
    listed: list[One] = []
    for measure, name, version, unit in wanted:
        one = found.get(measure)
        if one is not None:
            value, half, resolved, reason = one
            state = "absent" if value is None else "measured"
            sharp = None if resolved is None else resolved != 0
            listed.append((name, version, value, unit, sharp, half, state, reason or ""))
        elif failure is not None:
            listed.append((name, version, None, unit, None, None, "failed", failure))
    return listed


def point_values(connection: sqlite3.Connection) -> Iterator[tuple[Value, ...]]:
    """The values of the factors at every point, in the plan's order of both."""
    (width,) = connection.execute("SELECT count(*) FROM factors").fetchone()
    for (values,) in connection.execute('SELECT "values" FROM points ORDER BY place').fetchall():
        yield _padded(values_of(values, width), width)


def _padded(values: list[Value], width: int) -> tuple[Value, ...]:
    """A point's values by factor; a factor that only later points have is None here."""
    return (*values, *(None,) * (width - len(values)))


def raster_text(raster: Raster) -> str:
    """ "256x256", and the plane where it is not the usual one: "256x256 at 0.5 0.5 1.0x1.0"."""
    size = f"{raster.columns}x{raster.rows}"
    if raster.plane == Plane():
        return size
    x, y = raster.plane.centre
    return f"{size} at {x} {y} {raster.plane.width!r}x{raster.plane.height!r}"


_POINTS = 'SELECT "values" FROM points WHERE source = ?'
_RANGES = "SELECT first, last FROM planned WHERE source = ? AND frame = ? ORDER BY first"
_RUNS = """SELECT runs.id, seed, reasons.text, seconds, started, worker, hosts.text, shards.text
  FROM runs JOIN hosts ON hosts.id = runs.host LEFT JOIN shards ON shards.id = runs.shard
  LEFT JOIN reasons ON reasons.id = runs.failure
  WHERE source = ? AND frame = ? AND seed BETWEEN ? AND ? ORDER BY seed LIMIT ?"""
_TAKEN = """SELECT run, measure, value, half, resolved, reasons.text
  FROM runs JOIN taken ON taken.run = runs.id LEFT JOIN reasons ON reasons.id = taken.reason
  WHERE source = ? AND frame = ? AND seed BETWEEN ? AND ?"""

_NOTHING: Final = type(None)
_WANTED_KINDS: Final = kinds(int, str, int, (str, _NOTHING))
_PLACE_KINDS: Final = kinds(str, str, str, int, int)
_RUN_KINDS: Final = kinds(int, int, (str, _NOTHING), float, float, int, str, (str, _NOTHING))
_TAKEN_KINDS: Final = kinds(int, int, *((float, _NOTHING),) * 2, (int, _NOTHING), (str, _NOTHING))

_Run = tuple[int, int, str | None, float, float, int, str, str | None]
_Found = dict[int, tuple[float | None, float | None, int | None, str | None]]


def _runs(
    connection: sqlite3.Connection, source: int, frame: int, first: int, last: int
) -> Iterator[tuple[_Run, _Found]]:
    """The runs of a range of seeds, each with its values by measure."""
    while first <= last:
        some: list[_Run] = connection.execute(_RUNS, (source, frame, first, last, _AT_ONCE)).fetchall()
        if not some:
            return
        refuse_other_kinds(some, _RUN_KINDS, "runs")
        end = some[-1][1]
        found: dict[int, _Found] = {run[0]: {} for run in some}
        taken = connection.execute(_TAKEN, (source, frame, first, end)).fetchall()
        refuse_other_kinds(taken, _TAKEN_KINDS, "taken")
        for run, measure, value, half, resolved, reason in taken:
            # without a log a driver may have added one in between
            if run in found:
                found[run][measure] = value, half, resolved, reason
        for each in some:
            yield each, found[each[0]]
        first = end + 1
