"""docs/cluster.md: its scripts run, with stand-ins for what a cluster has."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent.parent / "docs" / "cluster.md").read_text()
STUDY = """\
[study]
name = "depth"
seeds = {seeds}
raster = "32x32"
measures = ["mean_frequency"]
[factors]
architecture = ["conv(5) * 3"]
"""
STANDINS = {
    "netwarp": f"exec {sys.executable} -c 'from netwarp.cli.entry import main; main()' \"$@\"",
    "srun": 'exec "$@"',
    "scontrol": 'echo "$@" >> scontrol.txt',
}
# ends without warning what it starts, once some runs are done
KILLS = """
setsid "$@" & process=$!
folder="${@: -1}"
until netwarp study status "$folder" --json 2>/dev/null | grep -qE '"done": [1-9]'; do sleep 0.1; done
kill -KILL -- -$process
wait $process
status=$?
netwarp study status "$folder" --json > killed.json
test -s "$folder/study.sqlite-wal" || exit 1
exit $status
"""
# signals the whole group of processes, as Slurm does, once runs are being evaluated
SIGNALS = """
setsid "$@" & process=$!
until netwarp study status depth-1-of-2 --json 2>/dev/null | grep -qE '"done": [1-9]'; do sleep 0.1; done
kill -USR1 -- -$process
wait $process
"""


def scripts() -> list[str]:
    """Those of bash, also the ones that are indented under a list's item."""
    found = re.findall(r"^( *)```bash\n(.*?)^ *```", PAGE, re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def script(needle: str) -> str:
    (found,) = [text for text in scripts() if needle in text]
    return found


def bash(folder: Path, text: str, standins: dict[str, str] = STANDINS, **environment: str) -> tuple[int, str]:
    """Its exit status, and what it said."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name, body in standins.items():
        (programs / name).write_text(f"#!/bin/bash\n{body}\n")
        (programs / name).chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        env=os.environ | {"PATH": path, "TMPDIR": str(folder / "node"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return ran.returncode, ran.stdout + ran.stderr


def array(task: int, count: int) -> dict[str, str]:
    """What Slurm says to task `task` of an array from 1 to `count`."""
    numbers = {"TASK_ID": task, "TASK_MIN": 1, "TASK_MAX": count, "TASK_COUNT": count, "JOB_ID": 77}
    return {f"SLURM_ARRAY_{name}": str(number) for name, number in numbers.items()}


@pytest.mark.parametrize("text", scripts(), ids=lambda text: text.splitlines()[0][:40])
def test_every_script_is_bash(text: str) -> None:
    ran = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("needle", ["#SBATCH", 'copy "$TMPDIR'])
def test_the_array_runs_its_parts_and_they_merge(needle: str, tmp_path: Path) -> None:
    (tmp_path / "depth.toml").write_text(STUDY.format(seeds=9))
    for task in (1, 2):
        # the second time there is nothing to do
        for _ in range(2):
            assert bash(tmp_path, script(needle), **array(task, 2))[0] == 0
    assert not (tmp_path / "scontrol.txt").exists()
    merging = script("netwarp study merge").replace("-of-16", "-of-2")
    status, said = bash(tmp_path, merging)
    assert status == 0, said
    assert "9 done, 0 to do, 0 failed" in said


@pytest.mark.slow
def test_a_task_that_is_signalled_keeps_what_is_done_and_is_requeued(tmp_path: Path) -> None:
    (tmp_path / "depth.toml").write_text(STUDY.format(seeds=40_000))
    status, said = bash(tmp_path, script("#SBATCH"), STANDINS | {"srun": SIGNALS}, **array(1, 2))
    assert status == 75, said
    assert "stopped, by SIGUSR1" in said
    assert "Traceback" not in said
    assert "resource_tracker" not in said
    assert (tmp_path / "scontrol.txt").read_text() == "requeue 77_1\n"
    status, said = bash(tmp_path, "netwarp study status depth-1-of-2 --json")
    counts = json.loads(said)
    assert 0 < counts["done"] < counts["total"]
    assert counts["running"] == counts["failed"] == 0


@pytest.mark.slow
def test_what_a_killed_driver_committed_is_copied_from_the_node(tmp_path: Path) -> None:
    """It stands in the write-ahead log, and not in the file yet."""
    (tmp_path / "depth.toml").write_text(STUDY.format(seeds=40_000))
    copying = script('copy "$TMPDIR')
    status, said = bash(tmp_path, copying, STANDINS | {"srun": KILLS}, **array(1, 2))
    assert status == 137, said
    done = json.loads((tmp_path / "killed.json").read_text())["done"]
    assert done > 0
    # whoever reads it makes others beside it
    assert [one.name for one in (tmp_path / "depth-1-of-2").iterdir()] == ["study.sqlite"]
    status, said = bash(tmp_path, "netwarp study status depth-1-of-2 --json")
    assert json.loads(said)["done"] == done


@pytest.mark.parametrize("at", ["into the node", "out of the node"])
def test_a_copy_that_fails_leaves_the_study_as_it_is_and_is_said(at: str, tmp_path: Path) -> None:
    part, there = tmp_path / "depth-1-of-2", tmp_path / "node" / "depth-1-of-2"
    for folder in (part, there):
        folder.mkdir(parents=True)
    kept = b"no database, as a disk gave it back" if at == "into the node" else b""
    if at == "into the node":
        (part / "study.sqlite").write_bytes(kept)
    else:
        # nothing can be written under the new name
        (part / "study.sqlite.new").mkdir()
    ran = 'touch ran; python3 -c "import sqlite3, sys; sqlite3.connect(sys.argv[1])" "${@: -1}/study.sqlite"; exit 75'
    status, said = bash(tmp_path, script('copy "$TMPDIR'), STANDINS | {"srun": ran}, **array(1, 2))
    assert status == 1, said
    assert (tmp_path / "ran").exists() == (at == "out of the node")
    assert not (tmp_path / "scontrol.txt").exists()
    if at == "into the node":
        assert (part / "study.sqlite").read_bytes() == kept
    else:
        assert not (part / "study.sqlite").exists()


def test_the_settings_of_the_array_are_those_that_it_speaks_of() -> None:
    text = script("#SBATCH")
    settings = dict(re.findall(r"^#SBATCH --([a-z-]+)=?(.*)$", text, re.MULTILINE))
    hours = re.fullmatch(r"0(\d):00:00", settings["time"])
    stop = re.search(r"--stop-after (\d)h(\d+)m", text)
    assert hours
    assert stop
    seconds = int(settings["signal"].removeprefix("USR1@"))
    assert 60 * int(hours[1]) > 60 * int(stop[1]) + int(stop[2]) + seconds / 60
    assert settings["array"] == "1-16"
    assert "requeue" in settings


def test_the_job_of_kubernetes_says_each_index_its_part(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    (text,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    job = yaml.safe_load(text)
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["bash", "-c"]
    (line,) = container["args"]
    for index in range(job["spec"]["completions"]):
        _, said = bash(tmp_path, line, STANDINS | {"netwarp": 'echo "$@"'}, JOB_COMPLETION_INDEX=str(index))
        assert said == f"study run depth.toml --jobs 8 --shard {index + 1}/16\n"
