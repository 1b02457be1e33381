"""`check` finds what is wrong in a store, each kind by its own line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from benchmarks.made_study import MadeStudy, outcome
from netwarp.study.store.checking import check
from netwarp.study.store.store import Store

STUDY = MadeStudy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.create(tmp_path, STUDY) as store:
        store.commit([outcome(run) for run in STUDY.runs()])
    return tmp_path


def test_a_whole_store_is_ok(folder: Path) -> None:
    found = check(folder)
    assert found.lines == ("file: ok", "references: ok", "counters: ok", "keys: ok", "measures: ok")
    assert found.status == 0


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        ("UPDATE plan SET done = done + 1", "counters: say 25 done and 0 failed; there are 24 and 0"),
        ("UPDATE plan SET total = 30", "counters: say 30 runs in all; the plan has 24"),
        ("DELETE FROM taken WHERE run = 3 AND measure = 1", "counters: say 24 done and 0 failed; there are 23 and 0"),
        ("UPDATE runs SET key = zeroblob(16) WHERE id = 2", "keys: the key of Architecture(conv(5) * 10, act="),
        ("UPDATE runs SET seed = 99 WHERE id = 2", "keys: the key of Architecture(conv(5) * 10, act="),
        ("DELETE FROM hosts", "references: a row of runs (1) names one of hosts that is not there"),
        ("DELETE FROM runs WHERE id = 24", "references: a row of taken names one of runs that is not there"),
        (
            "UPDATE measures SET version = 9 WHERE name = 'regions'",
            "measures: regions has values of version 9; this netwarp has version 1, upgrade it",
        ),
        (
            "PRAGMA writable_schema = 1; UPDATE sqlite_master SET rootpage = 3 WHERE name = 'hosts'",
            "file: ",
        ),
    ],
)
def test_what_is_wrong_is_said(folder: Path, damage: str, line: str) -> None:
    connection = sqlite3.connect(folder / "study.sqlite")
    connection.executescript(damage)
    connection.commit()
    connection.close()
    found = check(folder)
    assert found.status == 1
    assert any(one.startswith(line) for one in found.lines), found.lines
    assert found.faults == sum(not one.endswith(": ok") for one in found.lines)


def test_bytes_that_changed_are_found(folder: Path) -> None:
    path = folder / "study.sqlite"
    data = bytearray(path.read_bytes())
    # a page in the middle: its type is none there is
    page = int.from_bytes(data[16:18], "big")
    data[7 * page] = 0x77
    path.write_bytes(data)
    found = check(folder)
    assert found.status == 1
    assert found.lines[0].startswith("file: ")
    assert len(found.lines) == found.faults, "what a damaged file says is not listed"


def test_a_user_defined_measure_is_no_fault(folder: Path) -> None:
    assert check(folder, known={}).status == 0
    assert check(folder, known={"regions": 1}).status == 0
