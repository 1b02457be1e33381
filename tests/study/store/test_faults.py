"""What may happen to a store: a full disk, readers, files that are none, older and newer ones; one line each."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from benchmarks.made_study import MEASURES, MadeStudy, outcome
from netwarp.errors import InputError
from netwarp.study.store import opening, schema
from netwarp.study.store.checking import check
from netwarp.study.store.exporting import export_csv
from netwarp.study.store.faults import HeldError, StoreError
from netwarp.study.store.journal import Journal
from netwarp.study.store.merging import merge
from netwarp.study.store.store import Store

STUDY = MadeStudy()
RUNS = list(STUDY.runs())
LARGE = MadeStudy(seeds=range(400))
OLD = Path(__file__).parent / "version-1"
JOURNALS = (Journal("wal"), Journal("delete", "the disk is a network's"))


@pytest.fixture(params=JOURNALS, ids=lambda journal: journal.mode)
def journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Journal:
    monkeypatch.setattr(opening, "probe", lambda _folder: request.param)
    found: Journal = request.param
    return found


def mode_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        found: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return found


# --- a full disk


def test_a_full_disk_is_one_line_and_what_was_committed_stands(tmp_path: Path, journal: Journal) -> None:
    runs = list(LARGE.runs())
    with Store.create(tmp_path, LARGE) as store, store.lock():
        store.commit([outcome(run) for run in runs[:50]])
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + 20}")
        full = ""
        for done in range(50, len(runs), 50):
            try:
                store.commit([outcome(run) for run in runs[done : done + 50]])
            except StoreError as error:
                full = str(error)
                break
        assert full.endswith("the disk is full; what was committed stands: free some space, and run it again")
        assert 50 < done < 2000
        assert store.counts().done == done
        store._connection.execute("PRAGMA max_page_count = 1000000")
        store.commit([outcome(run) for run in runs[done:]])
    with Store.open(tmp_path) as store:
        assert store.counts().done == len(runs)
    assert check(tmp_path).status == 0


LIMITED = """
import resource, sys
from benchmarks.made_study import MadeStudy, outcome
from netwarp.errors import NetwarpError
from netwarp.study.store.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
study = MadeStudy(seeds=range(2000))
with Store.open(sys.argv[1], write=True) as store:
    runs = list(study.runs())
    for first in range(0, len(runs), 50):
        try:
            store.commit([outcome(run) for run in runs[first:first + 50]])
        except NetwarpError as error:
            print(error)
            break
        print(first + 50, flush=True)
"""


def test_a_file_that_cannot_grow_loses_nothing_committed(tmp_path: Path, journal: Journal) -> None:
    """The system itself refuses to write, in the middle of a file."""
    with Store.create(tmp_path, MadeStudy(seeds=range(2000))):
        pass
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=False)
    *acknowledged, error = ran.stdout.splitlines()
    assert "what was committed stands" in error, ran
    with Store.open(tmp_path) as store:
        assert store.counts().done == int(acknowledged[-1])
    assert check(tmp_path).status == 0


# --- readers


def test_a_reader_never_fails_the_driver(tmp_path: Path, journal: Journal) -> None:
    with Store.create(tmp_path, STUDY) as store, store.lock():
        assert mode_of(tmp_path) == journal.mode
        store.commit([outcome(run) for run in RUNS[:12]])
        with Store.open(tmp_path) as reader:
            rows = reader.rows()
            seen = [next(rows) for _ in range(4)]
            # in the middle of its reading
            store.commit([outcome(run) for run in RUNS[12:]])
            seen += rows
            assert reader.counts().done == 24
        keys = [(row.architecture, row.seed, row.measure) for row in seen]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        # with a log a reader has the state it began with
        assert journal.mode == "delete" or len(keys) == 36


def test_the_driver_waits_for_a_reader_that_takes_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "probe", lambda _folder: JOURNALS[1])
    monkeypatch.setattr(opening, "_ATTEMPT", 0.1)
    with Store.create(tmp_path, STUDY) as store:
        reading, done = threading.Event(), threading.Event()

        def read() -> None:
            with closing(sqlite3.connect(tmp_path / "study.sqlite", isolation_level=None)) as connection:
                connection.execute("BEGIN")
                connection.execute("SELECT * FROM plan").fetchone()
                reading.set()
                done.wait(0.8)

        reader = threading.Thread(target=read)
        reader.start()
        reading.wait()
        start = monotonic()
        store.commit([outcome(RUNS[0])])
        assert monotonic() - start > 0.5, "the reader was not in the way, or the test shows nothing"
        done.set()
        reader.join()
        assert store.counts().done == 1


def test_a_lock_that_stays_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_ATTEMPT", 0.05)
    monkeypatch.setattr(opening, "PATIENCE", 0.2)
    with Store.create(tmp_path, STUDY) as store:
        with closing(sqlite3.connect(tmp_path / "study.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="another process keeps it locked; end that process"):
                store.commit([outcome(RUNS[0])])
        store.commit([outcome(RUNS[0])])


# --- files that are no store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "out", STUDY) as store:
        store.commit([outcome(run) for run in RUNS])
    return tmp_path / "out"


def refused(folder: Path, message: str) -> None:
    for write in (False, True):
        with pytest.raises(InputError, match=message) as error:
            Store.open(folder, write=write).counts()
        assert "\n" not in str(error.value)
        assert "study.sqlite" in str(error.value)
    with pytest.raises(InputError):
        check(folder)


@pytest.mark.parametrize("part", [0.02, 0.3, 0.9, 0.999])
def test_a_truncated_store_is_said_to_be_cut_off(folder: Path, part: float) -> None:
    path = folder / "study.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[: int(part * len(data))])
    refused(folder, f"is cut off .* of {len(data):,} bytes are there")


def test_a_store_cut_within_its_header_is_cut_off(folder: Path) -> None:
    path = folder / "study.sqlite"
    path.write_bytes(path.read_bytes()[:50])
    refused(folder, "is cut off")


def test_an_empty_file_is_a_study_that_was_never_made(folder: Path) -> None:
    (folder / "study.sqlite").write_bytes(b"")
    refused(folder, "holds no study yet: it is being made, or its making was interrupted")
    # beginning it again takes the place
    with Store.create(folder, STUDY) as store:
        assert store.counts().total == 24


def test_a_file_that_is_no_store(folder: Path) -> None:
    path = folder / "study.sqlite"
    path.write_text("a,b\n" * 1000)
    refused(folder, "is no SQLite file")
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")
    refused(folder, "is another program's file, not a study")
    with pytest.raises(StoreError, match="another program's"):
        Store.create(folder, STUDY)
    path.unlink()
    path.mkdir()
    with pytest.raises(InputError, match="no study is here"):
        Store.open(folder)


def test_a_newer_store_says_its_version(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    refused(folder, f"of a newer netwarp .store version {schema.VERSION + 1}, this one reads up to {schema.VERSION}")


def test_a_folder_that_nobody_may_write_to_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite cannot make a log's index there; root may write anywhere, so the refusal is made up."""
    real = opening._connect

    def connect(path: Path, mode: str) -> sqlite3.Connection:
        if mode == "ro":
            return real(path.with_name("none.sqlite"), "memory")
        return real(path, mode)

    def refuse(connection: sqlite3.Connection, path: Path) -> None:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error

    monkeypatch.setattr(opening, "_connect", connect)
    monkeypatch.setattr(opening, "refuse_strangers", refuse)
    with Store.open(folder) as store:
        assert store.counts().done == 24


# --- versions


def test_a_stored_store_of_version_1_is_read_for_ever(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "old")
    before = (tmp_path / "old" / "study.sqlite").read_bytes()
    expected = (OLD / "table.csv").read_bytes()
    with Store.open(tmp_path / "old") as store:
        assert store.counts().done == 4
        assert store.counts().failed == 1
        assert store.planned().name == "made up"
        assert store.machines() == [{"host": "node-1", "processor": "a processor"}]
        assert [failure.reason for failure in store.failures()] == ["ValueError: a stone"]
        export_csv(store, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == expected
    # reading writes nothing
    assert (tmp_path / "old" / "study.sqlite").read_bytes() == before
    assert check(tmp_path / "old").status == 0
    merge([tmp_path / "old"], tmp_path / "merged")
    with Store.open(tmp_path / "old", write=True) as store:
        store.commit([outcome(store.failures()[0].run)])
        assert store.counts().done == 5
    for name in ("old", "merged"):
        with closing(sqlite3.connect(tmp_path / name / "study.sqlite")) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A netwarp whose stores have one version more."""
    steps: list[str] = []

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE plan ADD COLUMN note TEXT")
        if steps:
            raise sqlite3.OperationalError(steps[0])

    monkeypatch.setattr(schema, "LADDER", (*schema.LADDER, step))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    return steps


def test_the_ladder_leads_to_the_version() -> None:
    assert len(schema.LADDER) + 1 == schema.VERSION


def test_an_older_store_is_read_as_a_copy_and_written_after_the_step(folder: Path, newer: list[str]) -> None:
    before = (folder / "study.sqlite").read_bytes()
    with Store.open(folder) as store:
        assert store.counts().done == 24
        assert len(list(store.rows())) == 72
    assert (folder / "study.sqlite").read_bytes() == before
    merge([folder], folder.parent / "merged")
    assert (folder / "study.sqlite").read_bytes() == before
    with Store.open(folder, write=True) as store:
        store.commit([])
        (version,) = store._connection.execute("PRAGMA user_version").fetchone()
    assert version == schema.VERSION


def test_a_step_that_fails_leaves_the_old_store(folder: Path, newer: list[str]) -> None:
    newer.append("a stone")
    with pytest.raises(StoreError, match="a stone"):
        Store.open(folder, write=True)
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
        assert "note" not in [row[1] for row in connection.execute("PRAGMA table_info(plan)")]


def test_a_store_is_not_changed_under_an_older_driver(folder: Path, newer: list[str]) -> None:
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        connection.execute("UPDATE driver SET process = 1, host = 'node-7', machine = 'm', heartbeat = 1e12")
        connection.commit()
    with pytest.raises(HeldError, match="process 1 on node-7"):
        Store.open(folder, write=True)


def test_a_plan_of_another_netwarp_is_taken_in_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may write the same architectures otherwise."""
    from netwarp.study.store import planning

    with Store.open(folder, write=True) as store:
        other = replace(STUDY, widths=(5, 10))
        monkeypatch.setattr(MadeStudy, "to_data", lambda _self: {})
        monkeypatch.setattr(planning, "VERSION", "9")
        store.plan(other)
        store.plan(STUDY)
        assert store.counts().total == 16, "equal data and version: the same plan"
        monkeypatch.setattr(planning, "VERSION", "10")
        store.plan(STUDY)
        assert store.counts().total == 24
        assert store.missing(RUNS, MEASURES) == []


def test_a_file_that_another_process_writes_is_not_called_cut_off(tmp_path: Path) -> None:
    """While a rollback journal is there, the header may say more pages than have been written."""
    Store.create(tmp_path, STUDY).close()
    path = tmp_path / "study.sqlite"
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(StoreError, match=r"is cut off \("):
        opening._refuse_cut(path)
    (tmp_path / "study.sqlite-journal").write_bytes(b"x")
    opening._refuse_cut(path)
