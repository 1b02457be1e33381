"""The store's contract: what is committed stands once, counters tell it, and a second driver is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.made_study import MEASURES, MadeStudy, outcome
from netwarp.errors import InputError
from netwarp.study import runs
from netwarp.study.runs import Run, RunOutcome, Source
from netwarp.study.store import naming
from netwarp.study.store.checking import check
from netwarp.study.store.faults import StoreError
from netwarp.study.store.planning import HowFar
from netwarp.study.store.store import Store

STUDY = MadeStudy()
RUNS = list(STUDY.runs())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "out", STUDY) as made, made.lock():
        yield made


def counts(store: Store) -> tuple[int, int, int]:
    found = store.counts()
    assert found.total == found.done + found.failed + found.to_do
    return found.total, found.done, found.failed


def values(store: Store) -> list[tuple[object, ...]]:
    return [(row.architecture, row.seed, row.measure, row.value, row.state, row.reason) for row in store.rows()]


def test_a_new_store_has_everything_to_do(store: Store) -> None:
    assert store.counts() == HowFar(total=24, done=0, failed=0, running=0, to_do=24)
    assert store.missing(RUNS, MEASURES) == [(run, MEASURES) for run in RUNS]
    assert list(store.rows()) == []
    assert store.planned().wanted == MEASURES
    assert store.planned().factors == ("width", "act", "scale")


def test_how_far_a_study_is_says_itself_in_words_and_as_data() -> None:
    found = HowFar(total=12_345, done=12_000, to_do=340, failed=5, running=40)
    assert found.sentence() == "12,000 done, 340 to do, 5 failed"
    assert found.sentence(running=True) == "12,000 done, 340 to do, 40 of them with a worker, 5 failed"
    assert replace(found, running=0).sentence(running=True) == found.sentence()
    assert found.data() == {"total": 12_345, "done": 12_000, "to_do": 340, "failed": 5, "running": 40}


def test_runs_come_in_batches_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 10)
    found = list(runs.batches(iter(RUNS)))
    assert [len(batch) for batch in found] == [10, 10, 4]
    assert [run for batch in found for run in batch] == RUNS
    assert list(runs.batches([])) == []


def test_what_is_committed_is_done_and_has_its_very_values(store: Store) -> None:
    store.commit([outcome(run) for run in RUNS[:5]])
    assert counts(store) == (24, 5, 0)
    assert [run for run, _ in store.missing(RUNS, MEASURES)] == RUNS[5:]
    expected = {
        (run.source.text, run.seed, one.measure): (one.version, one.value, one.unit, one.resolved, one.half, one.reason)
        for run in RUNS[:5]
        for one in outcome(run).taken
    }
    found = {
        (row.architecture, row.seed, row.measure): (
            row.version,
            row.value,
            row.unit,
            row.resolved,
            row.half,
            row.reason,
        )
        for row in store.rows()
    }
    assert found == expected
    assert len(list(store.rows())) == len(expected) == 15


def test_an_outcome_that_comes_twice_changes_nothing(store: Store) -> None:
    batch = [outcome(run) for run in RUNS[:4]]
    store.commit([*batch, *batch])
    before = counts(store), list(store.rows())
    # another worker did it too: the first one stands
    store.commit([replace(one, worker=1, started=9.0) for one in batch])
    assert (counts(store), list(store.rows())) == before
    assert before[0] == (24, 4, 0)


def test_a_value_that_is_there_is_never_replaced(store: Store) -> None:
    first = outcome(RUNS[0])
    store.commit([first])
    before = values(store)
    store.commit([replace(first, taken=tuple(replace(one, value=1.0) for one in first.taken))])
    assert values(store) == before


def test_a_failure_is_counted_listed_and_replaced_by_success(store: Store) -> None:
    store.commit([outcome(RUNS[0], failure="ValueError: a stone"), outcome(RUNS[1])])
    store.commit([outcome(RUNS[0], failure="ValueError: a stone")])
    assert counts(store) == (24, 1, 1)
    (failure,) = store.failures()
    assert (failure.run, failure.reason) == (RUNS[0], "ValueError: a stone")
    assert RUNS[0] not in [run for run, _ in store.missing(RUNS, MEASURES)]
    assert store.missing(RUNS[:2], MEASURES, retry_failed=True) == [(RUNS[0], MEASURES)]
    failed = [row for row in store.rows() if row.state == "failed"]
    assert [row.measure for row in failed] == sorted(name for name, _ in MEASURES)
    assert {row.reason for row in failed} == {"ValueError: a stone"}
    store.commit([outcome(RUNS[0])])
    assert counts(store) == (24, 2, 0)
    assert store.failures() == []
    store.commit([outcome(RUNS[0], failure="too late")])
    assert counts(store) == (24, 2, 0)
    assert {row.state for row in store.rows()} <= {"measured", "absent"}


def test_a_batch_is_taken_whole_or_not_at_all(store: Store) -> None:
    def batch() -> Iterator[RunOutcome]:
        yield outcome(RUNS[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.commit(batch())
    bad = outcome(RUNS[1])
    bad = replace(bad, taken=(*bad.taken[:2], replace(bad.taken[2], value=float("nan"))))
    with pytest.raises(StoreError, match="lz_complexity: a value is NaN"):
        store.commit([outcome(RUNS[0]), bad])
    assert counts(store) == (24, 0, 0)
    assert list(store.rows()) == []
    # names that were rolled back are made again
    store.commit([outcome(RUNS[0])])
    assert counts(store) == (24, 1, 0)


@pytest.mark.parametrize("value", [-0.0, 5e-324, 1.7976931348623157e308, float("inf"), 0.1, 3.0, 2**53 + 2.0])
def test_floats_keep_every_bit(store: Store, value: float) -> None:
    one = outcome(RUNS[0])
    store.commit([replace(one, taken=(replace(one.taken[0], value=value, half=-value, reason=""),))])
    (row,) = store.rows()
    assert row.value is not None
    assert row.half is not None
    assert (row.value.hex(), row.half.hex()) == (value.hex(), (-value).hex())


# --- a plan that changes


def test_more_seeds_factors_and_measures_leave_what_is_done(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store:
        store.commit([outcome(run) for run in RUNS])
        store.plan(replace(STUDY, seeds=range(6), widths=(5, 10, 20, 40)))
        assert counts(store) == (48, 24, 0)
        more = (*MEASURES, ("gap", 1))
        store.plan(replace(STUDY, measures_wanted=more))
        assert counts(store) == (24, 0, 0)
        assert store.missing(RUNS[:1], more) == [(RUNS[0], (("gap", 1),))]
        store.commit([outcome(RUNS[0], (("gap", 1),)), outcome(RUNS[1], failure="no gap")])
        assert counts(store) == (24, 1, 1)
        assert sum(row.state == "failed" for row in store.rows()) == 1
        store.plan(replace(STUDY, seeds=(0, 3)))
        assert counts(store) == (12, 12, 0)
        assert {row.seed for row in store.rows()} == {0, 3}
        store.plan(STUDY)
        assert counts(store) == (24, 24, 0)


def test_another_version_of_a_measure_is_another_measure(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store:
        store.commit([outcome(run) for run in RUNS])
        newer = (("mean_frequency", 2), *MEASURES[1:])
        store.plan(replace(STUDY, measures_wanted=newer))
        assert counts(store) == (24, 0, 0)
        assert store.missing(RUNS[:1], newer) == [(RUNS[0], (("mean_frequency", 2),))]


def test_runs_of_an_earlier_meaning_are_other_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.create(tmp_path, STUDY) as store:
        store.commit([outcome(run) for run in RUNS])
        monkeypatch.setattr(runs, "MEANING", 2)
        monkeypatch.setattr(naming, "MEANING", 2)
        store.plan(STUDY)
        assert counts(store) == (24, 0, 0)
        assert len(store.missing(RUNS, MEASURES)) == 24
        store.commit([outcome(run) for run in RUNS[:3]])
        assert counts(store) == (24, 3, 0)
    # those of before keep their keys, by the rules of then
    assert check(tmp_path).status == 0


def test_another_studys_name_is_refused(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY) as store, pytest.raises(StoreError, match="holds the study 'made up'"):
        store.plan(replace(STUDY, name="another"))


def test_a_run_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="a run twice"):
        Store.create(tmp_path, STUDY, runs=lambda: [RUNS[0], RUNS[4], RUNS[0]])


def test_a_shards_store_counts_its_part(tmp_path: Path) -> None:
    with Store.create(tmp_path, STUDY, shard="2/3", runs=lambda: RUNS[1::3]) as store:
        store.commit([outcome(run, shard="2/3") for run in RUNS[:6]])
        assert counts(store) == (8, 2, 0)
        assert (store.planned().whole, store.planned().shard) == (24, "2/3")
        assert {row.shard for row in store.rows()} == {"2/3"}


def test_a_model_has_no_seed(tmp_path: Path) -> None:
    model = Run(Source("sha256:" + "0" * 64, "model"), None, STUDY.frame)
    with Store.create(tmp_path, STUDY, runs=lambda: [model]) as store:
        store.commit([outcome(model)])
        assert counts(store) == (1, 1, 0)
        assert store.missing([model], MEASURES) == []
        assert {(row.architecture, row.seed) for row in store.rows()} == {(model.source.text, None)}


def test_missing_keeps_the_order_of_runs_far_apart_and_mixed(tmp_path: Path) -> None:
    study = replace(STUDY, seeds=(0, 3, 10**6, 10**12, 5000))
    runs = list(study.runs())
    mixed = [*runs[::3], *runs[1::3], *runs[2::3]]
    with Store.create(tmp_path, study) as store:
        store.commit([outcome(run) for run in runs[::2]])
        assert store.missing(mixed, MEASURES) == [(run, MEASURES) for run in mixed if run not in runs[::2]]
        assert store.counts().done == len(runs[::2]) == 15


# --- the state at any moment equals what counting says


def test_counters_equal_a_recount_after_any_history(tmp_path: Path) -> None:
    import random

    rng = random.Random(7)
    measures: Sequence[Sequence[tuple[str, int]]] = (MEASURES, MEASURES[:1], MEASURES[1:])
    with Store.create(tmp_path, STUDY) as store:
        for turn in range(60):
            if turn % 15 == 14:
                wanted, seeds = rng.choice(measures), range(rng.randint(1, 4))
                store.plan(replace(STUDY, measures_wanted=wanted, seeds=seeds))
            batch = [
                outcome(run, rng.choice(measures), failure=rng.choice([None, None, "one", "other"]))
                for run in rng.choices(RUNS, k=5)
            ]
            store.commit(batch)
            told = counts(store)
            connection = sqlite3.connect(store.path)
            connection.execute("UPDATE plan SET basis = ''")
            connection.commit()
            connection.close()
            plan = store.planned()
            store.plan(replace(STUDY, measures_wanted=plan.wanted, seeds=range(plan.total // 6)))
            assert counts(store) == told


# --- doors


def test_a_store_is_made_once(tmp_path: Path) -> None:
    Store.create(tmp_path, STUDY).close()
    with pytest.raises(StoreError, match="a study is here already"):
        Store.create(tmp_path, STUDY)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    Store.create(tmp_path, STUDY).close()
    with Store.open(tmp_path) as store:
        with pytest.raises(StoreError, match="open for reading"):
            store.commit([])
        with pytest.raises(StoreError, match="open for reading"), store.lock():
            pass
        assert counts(store) == (24, 0, 0)


def test_no_study_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no study is here \(study.sqlite is missing\)"):
        Store.open(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        Store.open(tmp_path / "none")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file, not a folder"):
        Store.open(tmp_path / "file")


def test_machines_are_kept_once(store: Store) -> None:
    machine = {"host": "node-1", "processor": "a", "netwarp": "0.2"}
    store.commit([outcome(RUNS[0])], machines=[machine, {**machine, "processor": "b"}])
    store.commit([outcome(RUNS[1])], machines=[machine])
    assert store.machines() == [machine, {**machine, "processor": "b"}]
