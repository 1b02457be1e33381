"""kill -9 of a process that writes a store, at random moments: nothing committed may be lost, and nothing be double.

`python -m benchmarks.store_kills [KILLS]` does it 1,000 times; tests/study/store/test_kills.py does it in short.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.made_study import MadeStudy, outcome
from netwarp.study.runs import Run
from netwarp.study.store.checking import check
from netwarp.study.store.exporting import export_csv
from netwarp.study.store.store import Store

BATCH = 7  # runs a transaction
# acknowledged batches that one process writes before it is killed, at most
_MOST = 4


@dataclass(frozen=True)
class Kills:
    """What was seen: kills, and runs that were acknowledged and not there (`lost`), or there twice (`double`).

    `early` kills came before the process had committed anything, `late` ones when nothing was left to do: neither says
    anything. `silent` kills came after a batch was committed and before the process could say so.
    """

    kills: int
    lost: int
    double: int
    early: int
    late: int
    silent: int
    same: bool  # the table in the end is that of a store that nobody killed, to the byte


def study(kills: int) -> MadeStudy:
    """Large enough that every kill comes while runs are left."""
    return MadeStudy(widths=range(1, 6), seeds=range(15 * kills))


def kill_often(folder: Path, kills: int, seed: int = 0) -> Kills:
    """Starts a writer, waits for a few of its batches, and kills it in the middle of the next; `kills` times."""
    rng = random.Random(seed)
    made = study(kills)
    Store.create(folder / "killed", made).close()
    places = {(run.source.text, run.seed): place for place, run in enumerate(made.runs())}
    lost = double = early = late = silent = 0
    said: set[int] = set()
    for _ in range(kills):
        with _writer(folder / "killed", kills) as (writer, pipe):
            heard = list(islice(heard_of(pipe), rng.randint(1, _MOST)))
            time.sleep(rng.random() ** 3 * 0.02)
            # what ended by itself was not killed
            late += not writer.is_alive()
            writer.kill()
            heard += list(heard_of(pipe))
        early += not heard
        acknowledged = {place for places in heard for place in places}
        double += len(said & acknowledged)
        said |= acknowledged
        there, rows = there_in(folder / "killed", made, places)
        lost += len(said - there)
        double += rows
        late += len(there) == made.total
        silent += there != said
        # what was committed and not acknowledged is there too, and is not done again
        said |= there
    with _writer(folder / "killed", kills) as (_, pipe):
        for places in heard_of(pipe):
            double += len(said.intersection(places))
            said.update(places)
    lost += made.total - len(said)
    with Store.create(folder / "whole", made) as whole:
        whole.commit(outcome(run) for run in made.runs())
    assert check(folder / "killed").status == 0
    same = table_of(folder / "killed") == table_of(folder / "whole")
    return Kills(kills, lost, double, early, late, silent, same)


@contextmanager
def _writer(folder: Path, kills: int) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that writes, forked from one that has imported everything, and what it says."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.made_study", "netwarp.study.store.exporting"])
    ours, theirs = context.Pipe(duplex=False)
    writer = context.Process(target=write, args=(folder, kills, theirs))
    writer.start()
    theirs.close()
    with ours:
        yield writer, ours
        writer.join()


def heard_of(pipe: Connection) -> Iterator[list[int]]:
    """What a writer says, until it ends, however it does."""
    with suppress(EOFError, OSError):
        while True:
            yield pipe.recv()


def write(folder: Path, kills: int, pipe: Connection) -> None:
    """Commits what is missing, batch by batch, and says the place of every run in the study after each."""
    made = study(kills)
    with Store.open(folder, write=True) as store, store.lock():
        for batch in _batches(enumerate(made.runs())):
            left = store.missing([run for _, run in batch], made.measures_wanted)
            if left:
                places = {run: place for place, run in batch}
                store.commit([outcome(run) for run, _ in left])
                pipe.send([places[run] for run, _ in left])


def there_in(folder: Path, made: MadeStudy, places: Mapping[tuple[str, int | None], int]) -> tuple[set[int], int]:
    """The runs that are there with all their values, by place, and how many are there again; asked of SQLite itself."""
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        rows = connection.execute(
            """SELECT sources.text, runs.seed, count(*) FROM runs JOIN sources ON sources.id = runs.source
              JOIN taken ON taken.run = runs.id GROUP BY runs.id"""
        ).fetchall()
        (done,) = connection.execute("SELECT done FROM plan").fetchone()
    # a batch is there whole: no run has some of its values, and the counter tells the same
    assert all(values == len(made.measures_wanted) for _, _, values in rows)
    assert done == len(rows)
    there = {places[text, seed] for text, seed, _ in rows}
    return there, len(rows) - len(there)


def table_of(folder: Path) -> bytes:
    with Store.open(folder) as store:
        export_csv(store, folder / "table.csv", meaning_only=True)
    return (folder / "table.csv").read_bytes()


def _batches(runs: Iterator[tuple[int, Run]]) -> Iterator[list[tuple[int, Run]]]:
    while some := list(islice(runs, BATCH)):
        yield some


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(kill_often(Path(folder), int(sys.argv[1]) if sys.argv[1:] else 1000))


if __name__ == "__main__":
    main()
