"""Tables: one row a run and measure, ordered by meaning, every float to the bit."""

from __future__ import annotations

import csv
import io
import random
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.made_study import MadePoint, MadeStudy, outcome, quick
from netwarp.errors import UnsupportedError
from netwarp.plane import Plane, Raster
from netwarp.study.runs import Run, RunFrame, Source, Taken
from netwarp.study.store.exporting import columns, export_csv, export_parquet, table
from netwarp.study.store.rows import raster_text
from netwarp.study.store.store import Store

STUDY = MadeStudy(widths=(10, 5, 20))
RUNS = list(STUDY.runs())
MEANING = [
    "architecture",
    "seed",
    "raster",
    "measure",
    "version",
    "value",
    "unit",
    "resolved",
    "half",
    "state",
    "reason",
]
RUNNING = ["seconds", "started", "finished", "worker", "host", "shard"]


def filled(folder: Path, *, seed: int = 0, study: MadeStudy = STUDY) -> Store:
    """The same outcomes in an order, in batches, by workers and at times that are the seed's."""
    rng = random.Random(seed)
    runs = list(study.runs())
    rng.shuffle(runs)
    store = Store.create(folder, study)
    while runs:
        size = rng.randint(1, 9)
        batch = [outcome(one, worker=rng.randint(1, 99), started=rng.random(), host=f"h{size}") for one in runs[:size]]
        store.commit([replace(one, taken=tuple(rng.sample(one.taken, len(one.taken)))) for one in batch])
        del runs[:size]
    return store


def test_the_columns_are_the_factors_what_was_found_and_how_it_came_about(tmp_path: Path) -> None:
    with filled(tmp_path / "out") as store:
        assert export_csv(store, tmp_path / "a.csv") == 24 * 3
        assert columns(store, meaning_only=True) == ("width", "act", "scale", *MEANING)
    with (tmp_path / "a.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["width", "act", "scale", *MEANING, *RUNNING]
    expected = {(run.source.text, run.seed, one.measure): one for run in RUNS for one in outcome(run).taken}
    assert {row["state"] for row in rows} == {"measured", "absent"}
    for row in rows:
        one = expected.pop((row["architecture"], int(row["seed"]), row["measure"]))
        assert row["value"] == ("" if one.value is None else repr(one.value))
        assert row["half"] == ("" if one.half is None else repr(one.half))
        assert row["resolved"] == ("" if one.resolved is None else str(one.resolved))
        assert row["reason"] == one.reason
        assert f"conv({row['width']}) * 10" in row["architecture"]
        assert f'act="{row["act"]}"' in row["architecture"]
        assert float(row["scale"]) == int(row["width"]) / 7
        assert float(row["finished"]) == float(row["started"]) + float(row["seconds"])
    assert not expected


def test_equal_meaning_gives_equal_bytes_whatever_the_history(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    found, whole = set(), set()
    for seed in range(3):
        with filled(tmp_path / str(seed), seed=seed) as store:
            export_csv(store, tmp_path / "a.csv", meaning_only=True)
            export_parquet(store, tmp_path / "a.parquet", meaning_only=True)
            found.add(((tmp_path / "a.csv").read_bytes(), (tmp_path / "a.parquet").read_bytes()))
            export_csv(store, tmp_path / "a.csv")
            whole.add((tmp_path / "a.csv").read_bytes())
    assert len(found) == 1
    assert len(whole) == 3, "the histories differ, or the test shows nothing"


def test_rows_are_ordered_by_meaning(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        keys = [(row.architecture, row.raster, row.seed, row.measure) for row in store.rows()]
    assert keys == sorted(keys)
    assert len(set(keys)) == 72


def test_parquet_and_the_frame_have_the_rows_of_csv(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    values = (-0.0, 5e-324, 0.1, 1e300, float("inf"), 3.0)
    with Store.create(tmp_path / "out", STUDY) as store:
        for run, value in zip(RUNS, values, strict=False):
            store.commit([replace(outcome(run), taken=(Taken("regions", 1, "1", value, -value, True),))])
        store.commit([outcome(RUNS[8], failure='a stone, "quoted"\nand a line')])
        frame = table(store)
        assert export_parquet(store, tmp_path / "a.parquet") == frame.height == len(values) + 3
        export_csv(store, tmp_path / "a.csv")
    assert frame.equals(polars.read_parquet(tmp_path / "a.parquet"))
    with (tmp_path / "a.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert frame.columns == list(rows[0])
    for row, one in zip(rows, frame.iter_rows(named=True), strict=True):
        for name, text in row.items():
            there = one[name]
            assert (text == "" and there in (None, "")) or text == (
                repr(there) if isinstance(there, float) else str(there)
            ), name
    assert {one.hex() for one in frame["value"].drop_nulls()} == {value.hex() for value in values}
    assert frame.schema["width"] == polars.Int64
    assert frame.schema["scale"] == polars.Float64
    assert frame.schema["seed"] == polars.Int64


def test_the_csv_is_what_a_csv_writer_writes_of_the_rows(tmp_path: Path) -> None:
    """To the byte, whatever needs quotes, and whatever is not there."""
    awkward = ('per "plane" unit, squared', "", "1", "a\nb")
    values = (0.1, -0.0, 5e-324, float("inf"), 1e22, 3.0, None)
    with Store.create(tmp_path / "out", STUDY) as store:
        for place, run in enumerate(RUNS[:-1]):
            value = values[place % len(values)]
            reason = ("", "constant, all of it", "")[place % 3] if value is not None else "why, oh"
            taken = tuple(
                Taken(name, version, unit, value, None if place % 2 else value, (None, True, False)[place % 3], reason)
                for (name, version), unit in zip(STUDY.measures_wanted, awkward, strict=False)
            )
            one = outcome(run, host=f'h"{place % 4},', shard=None if place % 2 else f"{place % 4}/4, part")
            store.commit([replace(one, taken=taken)])
        store.commit([outcome(RUNS[-1], failure='a stone, "quoted"\nand a line')])
        for bare in (False, True):
            export_csv(store, tmp_path / "a.csv", meaning_only=bare)
            written = io.StringIO()
            writer = csv.writer(written, lineterminator="\n")
            writer.writerow(columns(store, meaning_only=bare))
            writer.writerows([*row.factors, *row[1 : 12 if bare else None]] for row in store.rows())
            assert (tmp_path / "a.csv").read_bytes() == written.getvalue().encode()


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    with Store.create(tmp_path / "out", STUDY) as store:
        assert export_csv(store, tmp_path / "a.csv") == 0
        assert (tmp_path / "a.csv").read_text() == ",".join(columns(store)) + "\n"
        frame = table(store)
        assert frame.height == export_parquet(store, tmp_path / "a.parquet") == 0
        assert tuple(frame.columns) == columns(store)


def test_without_polars_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with Store.create(tmp_path / "out", STUDY) as store:
        for export in (lambda: table(store), lambda: export_parquet(store, tmp_path / "a.parquet")):
            with pytest.raises(UnsupportedError, match=r"pip install 'netwarp\[study\]'"):
                export()
    assert not (tmp_path / "a.parquet").exists()


class Shared(MadeStudy):
    """Two points that come to one network, one factor called as a column, and one that some points lack."""

    def points(self) -> Iterator[MadePoint]:
        source = Source("Architecture(conv(3))")
        yield MadePoint({"architecture": "conv(3)", "depth": 1}, source)
        yield MadePoint({"architecture": "conv(3)", "depth": 2.5, "model": "a"}, source)

    def runs(self) -> Iterator[Run]:
        yield Run(Source("Architecture(conv(3))"), 7, self.frame)


def test_a_run_that_points_share_has_a_row_for_each(tmp_path: Path) -> None:
    study = Shared()
    with Store.create(tmp_path / "out", study) as store:
        store.commit([outcome(run) for run in study.runs()])
        assert store.counts().done == 1
        assert columns(store)[:4] == ("factor_architecture", "depth", "model", "architecture")
        assert [row.factors for row in store.rows()] == [("conv(3)", 1, None)] * 3 + [("conv(3)", 2.5, "a")] * 3


@pytest.mark.parametrize(
    ("raster", "text"),
    [
        (Raster(256, 128), "256x128"),
        (Raster(4, 2, Plane(0.5, -0.25, 2.0, 1.0)), "4x2 at 0.5 -0.25 2.0x1.0"),
        (Raster(4, 2, Plane("0.12345678901234567890123", 0.0)), "4x2 at 0.12345678901234567890123 0.0 1.0x1.0"),
    ],
)
def test_a_raster_is_a_text(raster: Raster, text: str) -> None:
    assert raster_text(raster) == text


def test_two_rasters_are_two_texts(tmp_path: Path) -> None:
    small = replace(STUDY, frame=RunFrame(Raster(32, 32), Raster(32, 32)))
    with filled(tmp_path) as store:
        store.plan(small)
        store.commit([outcome(run) for run in small.runs()])
        assert {row.raster for row in store.rows()} == {"32x32"}
        assert store.counts().done == 24


@pytest.mark.slow
def test_memory_does_not_grow_with_the_store(tmp_path: Path) -> None:
    peaks = []
    for seeds in (5_000, 15_000):
        study = MadeStudy(widths=(5,), seeds=range(seeds))
        with Store.create(tmp_path / str(seeds), study) as store:
            store.commit(quick(run, place) for place, run in enumerate(study.runs()))
            tracemalloc.start()
            for _ in store.rows():
                pass
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
