"""A study's own methods: run does what the session does, with the words of Python, and table reads it back."""

from __future__ import annotations

import inspect
import os
import platform
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import InputError, NetwarpError, UnsupportedError
from netwarp.plane import Raster
from netwarp.study.ensemble import ensemble
from netwarp.study.grid.difference import diff
from netwarp.study.grid.file import read_study
from netwarp.study.grid.points import GridPoint
from netwarp.study.grid.study import Study
from netwarp.study.running.session import Ended
from netwarp.study.store import exporting
from netwarp.study.store.faults import HeldError
from netwarp.study.store.store import Store


def study(seeds: int = 4, **changes: object) -> Study:
    given: dict[str, object] = {
        "seeds": seeds,
        "raster": "16x16",
        "measures": ["mean_frequency", "total_variation"],
        "factors": {"architecture": "conv({width})", "width": [3, 5]},
    }
    return Study("two widths/ψ", **(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def threads() -> Executor:
    return ThreadPoolExecutor(1)


@pytest.mark.slow
def test_the_table_has_the_values_that_the_store_has(
    tmp_path: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = study()
    ended = one.run(executor=threads)
    assert (ended.counts.done, ended.counts.to_do, ended.status, ended.why) == (8, 0, 0, None)
    assert ended.folder == Path("two-widths-ψ")
    assert str(ended) == "8 done, 0 to do, 0 failed"
    table = one.table()
    with Store.open(ended.folder) as store:
        rows = [(*row.factors, *row[1:]) for row in store.rows()]
    assert table.rows() == rows
    assert one.table(tmp_path / "two-widths-ψ", meaning_only=True).columns == table.columns[:-6]


def test_all_runs_are_measured_in_one_way(tmp_path: Path, threads: Executor) -> None:
    """From pixels, also of networks that have exact cells: beside them may stand some that have none."""
    mixed = study(6, raster="32x32", factors={"architecture": "conv(10) * 4", "act": ["relu", "tanh"]})
    mixed.run(tmp_path, executor=threads)
    table = mixed.table(tmp_path)
    for act in ("relu", "tanh"):
        rows = table.filter(act=act, measure="total_variation").sort("seed")
        shown = Raster(32, 32)
        found = ensemble(
            parse("conv(10) * 4", act=act),
            "total_variation",
            seeds=6,
            raster=shown,
            calibration=shown,
            exact=False,
            details=False,
        )
        assert rows["value"].to_list() == found.values("total_variation").tolist()
        # a value of cells is the same at half the resolution
        assert (rows["half"] != rows["value"]).all()


def test_a_study_of_a_file_goes_beside_it_as_the_command_has_it(tmp_path: Path, threads: Executor) -> None:
    (tmp_path / "depth.v2.toml").write_text(
        '[study]\nname = "another name"\nseeds = 2\nraster = "8x8"\nmeasures = ["mean_frequency"]\n'
        '[factors]\narchitecture = "conv(3)"\n',
        encoding="utf-8",
    )
    found = read_study(tmp_path / "depth.v2.toml")
    assert found.run(executor=threads).folder == tmp_path / "depth.v2"
    assert found.run(executor=threads, shard="1/2").folder == tmp_path / "depth.v2-1-of-2"
    # the same study, wherever its file is
    assert found == Study.from_data(found.to_data())


def test_a_table_is_of_this_study_alone(tmp_path: Path, threads: Executor) -> None:
    folder = tmp_path / "out"
    study(4).run(folder, executor=threads)
    with pytest.raises(InputError, match="holds 'two widths/ψ' as it was declared otherwise; run this study into it"):
        study(3).table(folder)
    assert study(4).table(folder).height == 16
    study(3).run(folder, executor=threads)
    assert study(3).table(folder).height == 12


def test_how_much_is_run_and_how_far_it_is_said(tmp_path: Path, threads: Executor) -> None:
    told: list[tuple[int, int]] = []
    ended = study().run(tmp_path, executor=threads, limit=3, progress=lambda done, total: told.append((done, total)))
    assert (ended.counts.done, ended.counts.to_do, ended.status, ended.why) == (3, 5, 75, "the limit is reached")
    assert told[0] == (0, 8)
    assert told[-1] == (3, 8)
    ended = study(400).run(tmp_path, executor=threads, stop_after=1e-9)
    assert ended.why == "stop_after=1e-09 seconds are over"
    assert ended.counts.done < 800

    def refuse(done: int, total: int) -> None:
        raise KeyError(done, total)

    with pytest.raises(KeyError):
        study().run(tmp_path, executor=threads, progress=refuse)
    assert study().run(tmp_path, executor=threads).counts.done == 8


def test_a_run_that_fails_is_counted_and_run_again_when_asked(tmp_path: Path, threads: Executor) -> None:
    wrong = study(40, factors={"architecture": "conv(3)", "init": ["normal(1e300)", "he"]})
    first = wrong.run(tmp_path, executor=threads, fail_fast=True)
    assert first.status == 75
    assert first.counts.failed == 1
    assert first.why == "a run failed"
    ended = wrong.run(tmp_path, executor=threads, retry_failed=True)
    assert (ended.status, ended.counts.failed) == (1, 40)
    assert wrong.table(tmp_path)["state"].value_counts().sort("state").rows() == [("failed", 80), ("measured", 80)]


@pytest.mark.parametrize("seeds", [8, 40])
def test_the_first_failure_is_the_last_run_of_all(seeds: int, tmp_path: Path, threads: Executor) -> None:
    """Also of its chunk, and of those that would wait for a worker."""
    wrong = study(seeds, factors={"architecture": "conv(3)", "init": "normal(1e300)"})
    ended = wrong.run(tmp_path, executor=threads, fail_fast=True)
    assert str(ended) == f"0 done, {seeds - 1} to do, 1 failed: stopped, a run failed"
    assert ended.status == 75


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"jobs": 0}, "study run jobs=0: must be 1 to 10000"),
        ({"jobs": 2, "dask": "tcp://nowhere:1"}, "say who evaluates; give one of them"),
        ({"executor": 3}, "study run executor=3: must be an executor of concurrent.futures"),
        ({"shard": "3/2"}, "shard '3/2': I must be from 1 to N"),
        ({"shard": 3}, "study run shard=3: must be a text"),
        ({"limit": 0}, "study run limit=0: must be at least 1"),
        ({"timeout": 0}, "study run timeout=0: must be more than 0"),
        ({"memory": -1}, "study run memory=-1: must be at least 0"),
        ({"stop_after": "1h"}, "study run stop_after='1h': must be a finite number"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_folder_is_made(
    tmp_path: Path, given: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        study().run(tmp_path / "out", **given)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_without_polars_a_table_says_what_to_install(
    tmp_path: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    study().run(tmp_path, executor=threads)
    monkeypatch.setattr(exporting, "find_spec", lambda name: None)
    with pytest.raises(UnsupportedError, match=r"need polars: pip install 'netwarp\[study\]'"):
        study().table(tmp_path)


def checkpoint(path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes: dict[str, Any] = {"W0": (8, 2), "b0": 8, "W1": (1, 8), "b1": 1}
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    if path.suffix == ".npz":
        np.savez(path, **arrays)  # type: ignore[arg-type]
        return
    onnx = pytest.importorskip("onnx")
    nodes = [
        onnx.helper.make_node("Gemm", ["x", "W0", "b0"], ["z"], transB=1),
        onnx.helper.make_node("Relu", ["z"], ["h"]),
        onnx.helper.make_node("Gemm", ["h", "W1", "b1"], ["y"], transB=1),
    ]
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None, n]) for name, n in (("x", 2), ("y", 1))
    ]
    stored = [onnx.numpy_helper.from_array(value, name) for name, value in arrays.items()]
    graph = onnx.helper.make_graph(nodes, "g", ends[:1], ends[1:], stored)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9), path)


def test_a_folder_of_checkpoints_is_a_study_and_a_changed_file_another_model(tmp_path: Path, threads: Executor) -> None:
    (tmp_path / "run").mkdir()
    for place, name in enumerate(("run/a.npz", "run/b.npz", "last.onnx")):
        checkpoint(tmp_path / name, min(place, 1))

    def now() -> Study:
        factors = {"model": ["run/*.npz", "last.onnx"]}
        return study(None, factors=factors, plane=(-2, 2, -2, 2), folder=tmp_path)  # type: ignore[arg-type]

    first = now()
    assert (first.run(tmp_path / "out", executor=threads).counts.done, first.total) == (3, 3)
    seen = first.table(tmp_path / "out").filter(measure="total_variation")
    values = dict(seen.select("model", "value").iter_rows())
    # the same weights in two kinds of file
    assert values["run/b.npz"] == pytest.approx(values["last.onnx"], rel=1e-6)
    assert values["run/a.npz"] != values["run/b.npz"]
    assert all(text.startswith("sha256:") for text in seen["architecture"])
    checkpoint(tmp_path / "run/b.npz", 2)
    said = "run/b.npz changed: it is another model now; the values of the one before are kept, and no longer shown"
    with Store.open(tmp_path / "out") as store:
        found = diff(store, now())
    assert (found.changed, found.to_do) == (("run/b.npz",), 1)
    assert said in found.sentences()
    ended = now().run(tmp_path / "out", executor=threads)
    assert (ended.notes, ended.counts.done) == ((said,), 3)
    after = dict(now().table(tmp_path / "out").filter(measure="total_variation").select("model", "value").iter_rows())
    assert after["run/b.npz"] not in values.values()
    assert after["run/a.npz"] == values["run/a.npz"]
    assert now().run(tmp_path / "out", executor=threads).notes == ()


SCRIPT = """
import netwarp as nw
study = nw.Study("s", seeds=2, raster="8x8", measures=["mean_frequency"], factors={"architecture": "conv(3)"})
%s
    print(study.run("out", jobs=1))
"""


@pytest.mark.slow
def test_a_script_that_starts_itself_in_its_workers_is_told_so_and_no_run_is_to_blame(tmp_path: Path) -> None:
    for guard, status, said in (
        ("if True:", 1, 'a script runs a study under if __name__ == "__main__":'),
        ('if __name__ == "__main__":', 0, "2 done, 0 to do, 0 failed"),
    ):
        (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT % guard), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == status
        assert said in (done.stderr if status else done.stdout).splitlines()[-1]
        with Store.open(tmp_path / "out") as store:
            assert store.counts().failed == 0


def test_a_model_that_cannot_be_read_has_failed_with_the_same_words_each_time(
    tmp_path: Path, threads: Executor
) -> None:
    """They name the file, and not the folder that a worker writes it into."""
    (tmp_path / "run").mkdir()
    arrays = {"W0": np.full((16, 2), np.nan), "b0": np.zeros(16), "W1": np.zeros((3, 16)), "b1": np.zeros(3)}
    np.savez(tmp_path / "run/step-300.npz", **arrays)
    factors = {"model": "run/step-300.npz"}
    one = Study("nan", raster="16x16", plane=(0, 1, 0, 1), measures=["regions"], factors=factors, folder=tmp_path)
    said = []
    for folder in ("first", "second"):
        one.run(tmp_path / folder, executor=threads)
        with Store.open(tmp_path / folder) as store:
            said.append([failure.reason for failure in store.failures()])
    assert said == [["step-300.npz: array 'W0': 32 of 32 numbers are NaN or infinite; all must be finite"]] * 2


NO_PATHS = [5, 1.5, True, (1, 2), b"x", [], {}, object(), len, "", "a\0b", "\ud800"]
NO_FLAGS = [0, 1, None, "yes", (1,), object()]
WRONG = {
    "out": [*NO_PATHS, "y" * 600],
    "jobs": [0, -1, 1.5, True, "2", (1, 2), float("nan"), 10**30],
    "executor": [5, "pool", ThreadPoolExecutor, object()],
    "dask": [5, b"x", (1, 2), "", " ", "\ud800", True],
    "shard": [5, 1.5, (1, 2), [1, 2], b"1/2", {}, object(), len, True, "1-2", "a\0b", "\ud800", "0/2", "3/2"],
    "limit": [0, -1, 1.5, "3", (1,), True],
    "timeout": [0, -1, "3", (1,), True, float("nan"), float("inf"), 1j],
    "memory": [0, -1, "3", (1,), True, float("nan"), float("inf"), 1j],
    "stop_after": [0, -1, "3h", (1,), True, float("nan"), float("inf"), 1j],
    "fail_fast": NO_FLAGS,
    "retry_failed": NO_FLAGS,
    "accept_versions": NO_FLAGS,
    "take_over": NO_FLAGS,
    "progress": [5, "print", True, (1, 2)],
}


def test_every_argument_of_run_is_told_of() -> None:
    given = set(inspect.signature(Study.run).parameters) - {"self"}
    assert set(WRONG) == given


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_argument_of_run_is_one_line(
    tmp_path: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.chdir(tmp_path)
    who = {} if name in ("jobs", "executor", "dask") else {"executor": threads}
    with pytest.raises(InputError) as refused:
        study().run(**{name: value}, **who)  # type: ignore[arg-type]
    line = str(refused.value)
    assert "\n" not in line
    assert name in line or value == "y" * 600
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", WRONG["out"])
def test_a_wrong_path_is_one_line(value: Any) -> None:
    for ask in (lambda: study().table(value), lambda: read_study(value), lambda: study(folder=value).files):
        if value == "y" * 600 and ask is not read_study:
            continue
        with pytest.raises(InputError) as refused:
            ask()
        assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match=r"^yyy.*File name too long"):
        study().table("y" * 600)


@pytest.mark.parametrize("value", NO_FLAGS)
def test_a_flag_of_table_is_true_or_false(value: Any) -> None:
    with pytest.raises(InputError, match=r"^study table meaning_only=.*: must be True or False$"):
        study().table(meaning_only=value)


def test_a_folder_can_be_called_by_every_name_that_a_study_may_have(
    tmp_path: Path, threads: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are bounded in bytes, as those of folders are, and not in characters."""
    monkeypatch.chdir(tmp_path)
    given = {"seeds": 1, "raster": "8x8", "measures": ["mean_frequency"], "factors": {"architecture": "conv(2)"}}
    for longest in ("x" * 200, "線" * 66 + "xy"):
        assert len(longest.encode()) == 200
        assert Study(longest, **given).run(executor=threads, shard="1000000/1000000").folder.is_dir()  # type: ignore[arg-type]
        assert Study(longest, **given).run(executor=threads).folder == Path(longest)  # type: ignore[arg-type]
        with pytest.raises(InputError, match=r"^study name='.*20[0-9]"):
            Study(longest + "線", **given)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^study name='線+\.*: 600 bytes of UTF-8, at most 200 are allowed"):
        Study("線" * 200, **given)  # type: ignore[arg-type]


def test_of_two_drivers_on_a_folder_that_is_being_made_one_is_refused_with_process_and_host(tmp_path: Path) -> None:
    making, release = threading.Event(), threading.Event()

    class Slow(Study):
        def points(self) -> Iterator[GridPoint]:
            # asked for within the transaction that makes the store
            making.set()
            sleep(0.5)
            return super().points()

    def drive(kind: type[Study]) -> Ended | HeldError:
        one = kind("slow", seeds=2, raster="8x8", measures=["mean_frequency"], factors={"architecture": "conv(2)"})
        try:
            return one.run(tmp_path / "new", executor=ThreadPoolExecutor(1), progress=lambda *_: release.wait(20))
        except HeldError as error:
            return error
        finally:
            release.set()

    with ThreadPoolExecutor(2) as drivers:
        first = drivers.submit(drive, Slow)
        making.wait()
        second = drivers.submit(drive, Study)
        found = [first.result(), second.result()]
    (refused,) = (one for one in found if isinstance(one, HeldError))
    (ended,) = (one for one in found if not isinstance(one, HeldError))
    assert f"process {os.getpid()} on {platform.node()} runs this study" in str(refused)
    assert ended.counts.done == 2


def test_a_store_whose_making_was_killed_is_made(tmp_path: Path, threads: Executor) -> None:
    (tmp_path / "study.sqlite").touch()
    assert study().run(tmp_path, executor=threads).counts.done == 8


def test_less_memory_than_a_worker_needs_anyway_is_said_at_once(tmp_path: Path, threads: Executor) -> None:
    """No run is blamed for it."""
    with pytest.raises(NetwarpError, match=r"^--memory 0.01: a worker holds \d+\.\d+ GiB once .* as in --memory \d$"):
        study().run(tmp_path, executor=threads, memory=0.01)
    with Store.open(tmp_path) as store:
        assert (store.counts().done, store.counts().failed) == (0, 0)
    assert study().run(tmp_path, executor=threads, memory=100).status == 0
