"""`check` finds what is wrong in a store, each kind by its own line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.made_study import MadeStudy, outcome
from netwarp.study.report.gathering import gather
from netwarp.study.store.checking import check
from netwarp.study.store.exporting import export_csv, export_parquet
from netwarp.study.store.faults import StoreError
from netwarp.study.store.merging import merge
from netwarp.study.store.store import Store

STUDY = MadeStudy()
_FIRST = f"{next(STUDY.runs()).source.text} with seed 0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.create(tmp_path, STUDY) as store:
        store.commit([outcome(run) for run in STUDY.runs()])
    return tmp_path


def test_a_whole_store_is_ok(folder: Path) -> None:
    found = check(folder)
    assert found.lines == ("file: ok", "references: ok", "values: ok", "counters: ok", "keys: ok", "measures: ok")
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


# what flipped bytes come to: a page, the schema, a text that is no UTF-8, JSON that is none, and numbers that are none
DAMAGES = {
    "page": None,
    "schema": "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE', 'UNIPUE')",
    "text": "UPDATE plan SET name = CAST(x'ac61' AS TEXT)",
    "json": "UPDATE plan SET study = substr(study, 2)",
    "no row": "DELETE FROM plan",
    "number": "UPDATE plan SET done = 'x'",
    "no number": "UPDATE plan SET total = 1.5",
    "object": "UPDATE plan SET study = '[]'",
    "frame": """UPDATE frames SET data = '[1,{"columns":-1},{}]'""",
    "driver": "UPDATE driver SET process = 7, machine = 'm', heartbeat = 'x'",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_called_that_and_leads_to_check(folder: Path, damage: str) -> None:
    """Nothing blames the file system, which has given what is there."""
    path = folder / "study.sqlite"
    if DAMAGES[damage] is None:
        data = bytearray(path.read_bytes())
        page = int.from_bytes(data[16:18], "big")
        for place in range(page, len(data), page):
            data[place] = 0x77
        path.write_bytes(data)
    else:
        connection = sqlite3.connect(path)
        connection.executescript(DAMAGES[damage])
        connection.commit()
        connection.close()
    said = []
    for ask in (Store.counts, Store.planned, Store.driver, Store.failures, lambda store: list(store.rows())):
        try:
            with Store.open(folder) as store:
                ask(store)
        except StoreError as error:
            said.append(str(error))
    assert said
    for line in said:
        assert line.startswith(f"{path}: the store is damaged ("), line
        assert f"; see `netwarp study check {folder}`, and use a copy of it that is whole" in line
    if damage != "driver":
        found = check(folder)
        assert found.status == 1
        assert found.faults == sum(not one.endswith(": ok") for one in found.lines)


_VALUE = f"mean_frequency of {_FIRST}"
_AT = "WHERE run = 1 AND measure = 1"
# what a row may not hold: the damage, and how the line of `check` begins
WRONG = {
    "value": (f"UPDATE taken SET value = 'abc' {_AT}", f"{_VALUE}: value is 'abc'"),
    "half": (f"UPDATE taken SET half = x'00' {_AT}", f"{_VALUE}: half is b'\\x00'"),
    "whole": (f"UPDATE taken SET value = 3 {_AT}", f"{_VALUE}: value is 3;"),
    "infinite": (f"UPDATE taken SET value = 9e999 {_AT}", f"{_VALUE}: value is inf"),
    "gone": (f"UPDATE taken SET value = NULL {_AT}", f"{_VALUE}: reason is nothing"),
    "resolved": (f"UPDATE taken SET resolved = 2 {_AT}", f"{_VALUE}: resolved is 2"),
    "seconds": ("UPDATE runs SET seconds = 'x' WHERE id = 1", f"{_FIRST}: seconds is 'x'"),
    "negative": ("UPDATE runs SET seconds = -1 WHERE id = 1", f"{_FIRST}: seconds is -1.0"),
    "started": ("UPDATE runs SET started = 9e999 WHERE id = 1", f"{_FIRST}: started is inf"),
    "worker": ("UPDATE runs SET worker = 'me' WHERE id = 1", f"{_FIRST}: worker is 'me'"),
    "host": ("UPDATE hosts SET text = x'ff'", "hosts 1: text is b'\\xff'"),
    "reason": ("UPDATE reasons SET text = x'ff'", "reasons 1: text is b'\\xff'"),
    "unit": ("UPDATE measures SET unit = x'ff' WHERE id = 1", "measures 1: unit is b'\\xff'"),
    "version": ("UPDATE measures SET version = 'v' WHERE id = 1", "measures 1: version is 'v'"),
    "kind": ("UPDATE sources SET kind = 'thing' WHERE id = 1", "sources 1: kind is 'thing'"),
    "source": ("UPDATE sources SET text = x'ff' WHERE id = 1", "sources 1: text is b'\\xff'"),
    "point": ("""UPDATE points SET "values" = '{"a": 1}' WHERE place = 0""", "points 0: values is '{\"a\": 1}'"),
    "points": ("""UPDATE points SET "values" = '[1, [2]]' WHERE place = 0""", "points 0: values is '[1, [2]]'"),
    "machine": ("INSERT INTO machines VALUES (1, '[3]')", "machines 1: text is '[3]'"),
    "factor": ("UPDATE factors SET name = x'ff' WHERE place = 0", "factors 0: name is b'\\xff'"),
    "count": ("UPDATE plan SET done = -1", "plan: done is -1"),
    "whole study": ("UPDATE plan SET whole = 3", "plan: total is 24"),
    "seeds": ("UPDATE planned SET last = 'x' WHERE source = 1", "Architecture(conv(5) * 10, act=\"relu\""),
}  # fmt: skip


@pytest.mark.parametrize("damage", WRONG)
def test_what_a_column_may_not_hold_is_found_and_refused(folder: Path, damage: str) -> None:
    """`check` names the row, `merge` refuses the store, and what reads rows gives the right types or one line."""
    statement, line = WRONG[damage]
    said: list[str] = []
    path = folder / "study.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    found = check(folder)
    assert found.status == 1
    assert any(one.startswith(f"values: {line}") for one in found.lines), found.lines
    with pytest.raises(StoreError, match="nothing was merged"):
        merge([folder], folder.with_name("merged"))
    assert not folder.with_name("merged").exists()
    with Store.open(folder) as store:
        for ask in (
            lambda: export_csv(store, folder / "a.csv"),
            lambda: export_parquet(store, folder / "a.parquet"),
            lambda: gather(store),
            store.counts,
            store.planned,
            store.failures,
            store.machines,
        ):
            try:
                ask()
            except StoreError as error:
                said.append(str(error))
    assert all(one.startswith(f"{path}: the store is damaged (") and "\n" not in one for one in said), said


@pytest.mark.parametrize("damage", ["value", "half", "whole", "seconds", "worker", "host", "reason", "point", "points"])
def test_a_table_is_not_made_of_what_is_no_value(folder: Path, damage: str) -> None:
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        connection.executescript(WRONG[damage][0])
    with Store.open(folder) as store:
        for ask in (export_csv, export_parquet):
            with pytest.raises(StoreError, match="the store is damaged"):
                ask(store, folder / "a.table")
    assert not (folder / "a.table").exists()


def test_a_merge_looks_at_what_it_merges_into(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("out")
    merge([folder], out)
    with closing(sqlite3.connect(out / "study.sqlite")) as connection:
        connection.executescript("UPDATE taken SET value = 'abc' WHERE run = 1 AND measure = 1")
    with pytest.raises(StoreError, match="value is 'abc'"):
        merge([folder], out)


def test_of_many_wrong_rows_a_few_are_listed_and_all_counted(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "study.sqlite")) as connection:
        connection.executescript("UPDATE runs SET seconds = 'x'")
    lines = [line for line in check(folder).lines if line.startswith("values: ")]
    assert len(lines) == 6
    assert lines[-1] == "values: 24 rows of runs in all are wrong"
