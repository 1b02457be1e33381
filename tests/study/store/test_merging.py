"""Merging shards: the whole table, whatever the order, and never a value chosen in silence."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from benchmarks.made_study import MEASURES, MadeStudy, outcome
from netwarp.errors import InputError
from netwarp.plane import Raster
from netwarp.study.runs import RunFrame, RunOutcome, Taken
from netwarp.study.store.checking import check
from netwarp.study.store.exporting import export_csv
from netwarp.study.store.faults import StoreError
from netwarp.study.store.merging import merge
from netwarp.study.store.store import Store

STUDY = MadeStudy()
RUNS = list(STUDY.runs())


def part(folder: Path, number: int, of: int = 3, study: MadeStudy = STUDY, most: int = 1000) -> Path:
    """A shard's store: every `of`-th run, in another order than the others'."""
    runs = list(study.runs())[number - 1 :: of]
    out = folder / f"part-{number}"
    with Store.create(out, study, shard=f"{number}/{of}", runs=lambda: runs) as store:
        batch = [outcome(run, shard=f"{number}/{of}", host=f"node-{number}") for run in runs[:most]]
        store.commit(batch[::-1] if number % 2 else batch, machines=[{"host": f"node-{number}"}])
    return out


def local(folder: Path, outcomes: Sequence[RunOutcome] | None = None) -> bytes:
    """The table of the whole study in one store, without what depends on the running."""
    with Store.create(folder / "local", STUDY) as store:
        store.commit([outcome(run) for run in RUNS] if outcomes is None else outcomes)
    return exported(folder / "local")


def exported(folder: Path) -> bytes:
    with Store.open(folder) as store:
        export_csv(store, folder / "table.csv", meaning_only=True)
    return (folder / "table.csv").read_bytes()


def test_shards_in_any_order_give_the_local_table_to_the_byte(tmp_path: Path) -> None:
    expected = local(tmp_path)
    parts = [part(tmp_path, number) for number in (1, 2, 3)]
    for place, order in enumerate(permutations(parts)):
        out = tmp_path / f"merged-{place}"
        merged = merge(order, out)
        assert (merged.counts.total, merged.counts.done, merged.missing, merged.status) == (24, 24, (), 0)
        assert exported(out) == expected
        assert check(out).status == 0
    assert expected.count(b"\n") == 1 + 24 * 3


def test_merging_again_changes_nothing(tmp_path: Path) -> None:
    parts = [part(tmp_path, number) for number in (1, 2, 3)]
    out = tmp_path / "merged"
    first = merge(parts, out)
    table = exported(out)
    assert merge(parts, out) == first
    assert merge(parts[:1], out).counts == first.counts
    assert exported(out) == table


def test_missing_shards_are_named_and_the_rest_is_usable(tmp_path: Path) -> None:
    out = tmp_path / "merged"
    merged = merge([part(tmp_path, 1), part(tmp_path, 3, most=5)], out)
    assert merged.missing == ("2/3",)
    assert (merged.counts.total, merged.counts.done, merged.counts.to_do) == (16, 13, 3)
    assert (merged.plan.whole, merged.plan.elsewhere) == (24, 8)
    with Store.open(out) as store:
        assert store.planned().elsewhere_sentence == "8 runs are of parts that are not merged in: 2/3"
    with Store.open(tmp_path / "part-1") as store:
        assert (store.planned().elsewhere, store.planned().elsewhere_sentence) == (0, "")
    (line,) = merged.unfinished
    assert line.endswith("part-3 (shard 3/3): 3 of its 8 runs are still to do")
    assert exported(out).count(b"\n") == 1 + 13 * 3
    merged = merge([part(tmp_path, 2)], out)
    assert merged.missing == ()
    assert merged.counts.total == 24
    with Store.open(out, write=True) as store:
        # the merged store is a store like any other: what is left is run here
        left = store.missing(RUNS, MEASURES)
        assert len(left) == 3
        store.plan(STUDY)
        store.commit([outcome(run) for run, _ in left])
        assert store.counts().done == 24
    assert exported(out) == local(tmp_path)


def test_contradicting_values_are_said_and_none_is_chosen(tmp_path: Path) -> None:
    first, second = part(tmp_path, 1, of=1), tmp_path / "other"
    with Store.create(second, STUDY) as store:
        ones = [outcome(run) for run in RUNS[:3]]
        wrong = replace(ones[1].taken[0], value=0.5, reason="")
        store.commit([ones[0], replace(ones[1], taken=(wrong, *ones[1].taken[1:])), ones[2]])
    out = tmp_path / "merged"
    merged = merge([first, second], out)
    (line,) = merged.refused
    assert merged.status == 1
    assert f"{second}: left out, 1 of its values contradict" in line
    assert f"mean_frequency of {RUNS[1].source.text}, seed 1, is 0.5" in line
    assert exported(out) == exported(first)
    # nothing of the second one is there, names included, and another merge works
    assert check(out).status == 0
    assert merge([first], out).status == 0


@pytest.mark.parametrize(
    "change",
    [{"value": 0.5}, {"half": 0.5}, {"resolved": False}, {"value": None, "reason": "none"}, {"reason": "other"}],
)
def test_every_part_of_a_value_may_contradict(tmp_path: Path, change: dict[str, Any]) -> None:
    one = Taken("regions", 1, "1", 3.0, 2.0, True)
    for name, taken in (("a", one), ("b", replace(one, **change)), ("c", one)):
        with Store.create(tmp_path / name, STUDY) as store:
            store.commit([replace(outcome(RUNS[0]), taken=(taken,))])
    assert len(merge([tmp_path / "a", tmp_path / "b"], tmp_path / "ab").refused) == 1
    assert merge([tmp_path / "a", tmp_path / "c"], tmp_path / "ac").refused == ()


def test_zero_and_minus_zero_contradict(tmp_path: Path) -> None:
    for name, value in (("a", 0.0), ("b", -0.0)):
        with Store.create(tmp_path / name, STUDY) as store:
            store.commit([replace(outcome(RUNS[0]), taken=(Taken("regions", 1, "1", value),))])
    merged = merge([tmp_path / "a", tmp_path / "b"], tmp_path / "merged")
    assert len(merged.refused) == 1
    assert "is -0.0 for 0.0" in merged.refused[0]


def test_success_replaces_failure_and_the_later_failure_stays_in_any_order(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a", STUDY) as store:
        store.commit([outcome(RUNS[0], failure="early", started=1.0), outcome(RUNS[1], failure="early", started=1.0)])
        store.commit([outcome(RUNS[2]), outcome(RUNS[3], MEASURES[:1])])
    with Store.create(tmp_path / "b", STUDY) as store:
        store.commit([outcome(RUNS[0], started=7.0), outcome(RUNS[1], failure="late", started=2.0)])
        store.commit([outcome(RUNS[2], failure="late"), outcome(RUNS[3], failure="late")])
    tables = set()
    for names in ("ab", "ba"):
        out = tmp_path / f"merged-{names}"
        merged = merge([tmp_path / name for name in names], out)
        assert (merged.counts.done, merged.counts.failed) == (2, 2)
        with Store.open(out) as store:
            assert [failure.reason for failure in store.failures()] == ["late", "late"]
            starts = {row.started for row in store.rows() if row.seed == 0}
            assert starts == {7.0}
        tables.add(exported(out))
        assert check(out).status == 0
    assert len(tables) == 1


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (replace(STUDY, name="another"), "part-2: is of the study 'another', .*part-1 of 'made up'"),
        (
            replace(STUDY, frame=RunFrame(Raster(32, 32), Raster(32, 32))),
            "part-2: has another raster of the study",
        ),
        (replace(STUDY, measures_wanted=MEASURES[:2]), "part-2: has other measures or versions"),
        (replace(STUDY, seeds=range(6)), "part-2: has other factors or seeds"),
    ],
)
def test_stores_of_another_study_are_refused_by_name(tmp_path: Path, other: MadeStudy, message: str) -> None:
    parts = [part(tmp_path, 1), part(tmp_path, 2, study=other)]
    with pytest.raises(StoreError, match=message):
        merge(parts, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
    merge(parts[:1], tmp_path / "merged")
    with pytest.raises(StoreError, match=message.split(" ", 1)[1].split(",", maxsplit=1)[0]):
        merge(parts[1:], tmp_path / "merged")


def test_a_damaged_store_stops_the_merge_before_it_begins(tmp_path: Path) -> None:
    parts = [part(tmp_path, 1), part(tmp_path, 2)]
    with sqlite3.connect(parts[1] / "study.sqlite") as connection:
        connection.execute("UPDATE runs SET key = x'00' WHERE id = 2")
    connection.close()
    with pytest.raises(StoreError, match=r"part-2: keys: .* nothing was merged"):
        merge(parts, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_a_folder_that_is_read_and_written_is_refused(tmp_path: Path) -> None:
    parts = [part(tmp_path, 1), part(tmp_path, 2)]
    with pytest.raises(InputError, match="both read and written"):
        merge(parts, parts[0])
    with pytest.raises(InputError, match="no folder is given"):
        merge([], tmp_path / "merged")


def test_how_a_run_came_about_is_kept(tmp_path: Path) -> None:
    merge([part(tmp_path, number) for number in (1, 2, 3)], tmp_path / "merged")
    with Store.open(tmp_path / "merged") as store:
        export_csv(store, tmp_path / "table.csv")
        assert store.machines() == [{"host": f"node-{number}"} for number in (1, 2, 3)]
    with (tmp_path / "table.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["host"], row["shard"]) for row in rows} == {(f"node-{n}", f"{n}/3") for n in (1, 2, 3)}
