"""`netwarp study failures`: the command of a run that failed measures that run, on its very rasters."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.cli.values import read_calibration, read_plane, read_size
from netwarp.plane import Plane, Raster
from netwarp.study.runs import Run, RunOutcome
from netwarp.study.store.store import Store

ROWS = np.random.default_rng(0)
WEIGHTS = {"W0": ROWS.normal(size=(8, 2)), "b0": ROWS.normal(size=8), "W1": np.ones((1, 8))}


def failed(run: Run) -> RunOutcome:
    return RunOutcome(run, (), "too much", seconds=1.0, started=0.0, worker=1, host="here")


def listed(study: nw.Study, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    with Store.create(folder, study) as store:
        store.commit(map(failed, study.runs()))
    assert status_of(["study", "failures", str(folder), "--json"]) == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)["failures"]
    return found


def test_a_model_is_measured_again_at_its_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a b.npz", **WEIGHTS, activation="relu")
    study = nw.Study("m", measures=["regions"], raster="30x20", factors={"model": ["a b.npz"]}, folder=tmp_path)
    (run,) = study.runs()
    (found,) = listed(study, tmp_path / "m", capsys)
    words = shlex.split(found["command"])
    assert words[:5] == ["netwarp", "measure", str(tmp_path / "a b.npz"), "--measures", "regions"]
    assert [words[5], words[8], *words[7].split("=")[:1]] == ["--size", "--calibrate", "--plane"]
    plane = read_plane(words[7].removeprefix("--plane="))
    assert Raster(*read_size(words[6]), plane) == run.frame.raster
    assert read_calibration(words[9]) == run.frame.calibration
    # the plane is no round one: six digits would be another
    plane = run.frame.raster.plane
    assert Plane(*(float(f"{part:g}") for part in (plane.x, plane.y, plane.width, plane.height))) != plane


def test_a_run_of_a_seed_is_measured_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = nw.Study(
        "a", seeds=[7], measures=["regions"], raster="8x8", plane=[-1 / 3, 1, 0, 1], factors={"architecture": "conv(3)"}
    )
    (run,) = study.runs()
    (found,) = listed(study, tmp_path / "a", capsys)
    plane = "-0.3333333333333333,1,0,1"
    assert shlex.split(found["command"]) == [
        *["netwarp", "measure", run.source.text, "--seeds", "7..7", "--measures", "regions", "--size", "8x8"],
        *[f"--plane={plane}", "--calibrate", f"8x8@{plane}"],
    ]
    assert (found["seed"], found["reason"]) == (7, "too much")
    assert status_of(["study", "failures", str(tmp_path / "a")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{run.source.text}, seed 7: too much",
        f"  {found['command']}",
        "1 failed",
    ]
    assert status_of(shlex.split(found["command"])[1:]) == 0
