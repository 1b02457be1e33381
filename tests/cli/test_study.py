"""`netwarp study run` and its fellows: exit statuses, what is said before and after, and signals."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netwarp.cli.main import status_of
from netwarp.study.running.watchdog import memory_held
from netwarp.study.store.checking import check

NETWARP = [sys.executable, "-c", "from netwarp.cli.entry import main; main()", "study"]
FILE = """\
[study]
name = "small"
seeds = 3
raster = "16x16"
measures = ["mean_frequency"]
[factors]
architecture = ["conv({width})"]
width = [3, 5]
"""
LONG = FILE.replace("seeds = 3", "seeds = 20000")
# weights of 1e300 overflow in every seed
WRONG = FILE.replace("width = [3, 5]", 'width = [3]\ninit = ["normal(1e300)", "he"]')


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.toml").write_text(FILE)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[str]:
    """The lines of a command that ends with this status."""
    capsys.readouterr()
    found = status_of(["study", *arguments])
    out = capsys.readouterr()
    assert found == status, out.err
    assert "Traceback" not in out.err
    return (out.err if status == 2 else out.out).splitlines()


def counts(capsys: pytest.CaptureFixture[str], folder: str = "small") -> dict[str, object]:
    found: dict[str, object] = json.loads("\n".join(said(capsys, "status", folder, "--json")))
    return found


@pytest.mark.slow
def test_running_again_is_harmless_and_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "run", "small.toml", "--jobs", "1")
    assert first[:2] == ["small: 2 points of 3 seeds, 6 runs", "0 done, 6 to do, 0 failed"]
    # how long they take is said where the study does not end first
    assert [line for line in first[2:] if not line.startswith("estimate: 6 runs, about ")] == [
        "6 done, 0 to do, 0 failed",
        "small",
    ]
    before = Path("small/study.sqlite").read_bytes()
    again = said(capsys, "run", "small.toml", "--jobs", "1")
    assert again == [first[0], "6 done, 0 to do, 0 failed", "6 done, 0 to do, 0 failed", "small"]
    said(capsys, "export", "small", "--csv", "one.csv")
    assert len(Path("one.csv").read_text().splitlines()) == 7
    assert len(before) == Path("small/study.sqlite").stat().st_size
    found = counts(capsys)
    assert {name: found[name] for name in ("total", "done", "to_do", "failed", "running")} == {
        "total": 6,
        "done": 6,
        "to_do": 0,
        "failed": 0,
        "running": 0,
    }
    assert (found["study"], found["shard"], found["driver"]) == ("small", None, None)


@pytest.mark.slow
def test_a_limit_leaves_work_and_what_is_added_to_the_file_is_all_that_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stopped = said(capsys, "run", "small.toml", "--jobs", "1", "--limit", "2", status=75)
    assert stopped[-2:] == ["2 done, 4 to do, 0 failed: stopped, the limit is reached", "small"]
    assert said(capsys, "run", "small.toml", "--jobs", "1")[1] == "2 done, 4 to do, 0 failed"
    for old, new, line in (
        ("seeds = 3", "seeds = 4", "6 done, 2 to do, 0 failed"),
        ("[3, 5]", "[3, 5, 7]", "8 done, 4 to do, 0 failed"),
        ('["mean_frequency"]', '["mean_frequency", "total_variation"]', "0 done, 12 to do, 0 failed"),
    ):
        Path("small.toml").write_text(Path("small.toml").read_text().replace(old, new))
        told = said(capsys, "diff", "small", "small.toml")
        number = line.split(" ")[2]
        # the last change adds a measure to runs that are there
        partly = ", 12 of them only for measures that they lack" if number == "12" else ""
        assert told[0].endswith(f" {number} would run{partly}")
        assert len(told) == 2
        assert said(capsys, "run", "small.toml", "--jobs", "1")[1] == line
    assert said(capsys, "diff", "small", "small.toml") == ["12 runs: 12 are there, 0 would run"]
    found = json.loads("\n".join(said(capsys, "diff", "small", "small.toml", "--json")))
    assert (found["total"], found["there"], found["to_do"], found["reasons"]) == (12, 12, 0, [])
    # values of the first measure are those of the first time: only the new measure ran
    assert check("small").status == 0


@pytest.mark.slow
def test_runs_that_fail_are_status_1_and_run_again_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.toml").write_text(WRONG)
    lines = said(capsys, "run", "small.toml", "--jobs", "1", status=1)
    assert lines[-3:] == ["3 done, 0 to do, 3 failed", "see: netwarp study failures small", "small"]
    again = said(capsys, "run", "small.toml", "--jobs", "1", status=1)
    assert again[1] == "3 done, 0 to do, 3 failed"
    assert not any(line.startswith("estimate") for line in again)
    told = said(capsys, "failures", "small")
    assert told[-1] == "3 failed"
    assert told[0].startswith('Architecture(conv(3), init="normal(1e+300)"), seed 0: layer 0: ')
    retried = said(capsys, "run", "small.toml", "--jobs", "1", "--retry-failed", status=1)
    assert retried[-3] == "3 done, 0 to do, 3 failed"
    Path("small.toml").write_text(WRONG.replace("seeds = 3", "seeds = 2000"))
    first = said(capsys, "run", "small.toml", "--jobs", "1", "--out", "other", "--fail-fast", status=75)
    assert ": stopped, a run failed" in first[-3]


@pytest.mark.slow
def test_a_changed_measure_runs_only_when_accepted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from netwarp.measures import registry

    said(capsys, "run", "small.toml", "--jobs", "1")
    known = registry.find("mean_frequency")
    monkeypatch.setitem(registry._known, "mean_frequency", replace(known, version=known.version + 1))
    (line,) = said(capsys, "run", "small.toml", "--jobs", "1", status=2)
    assert "its meaning changed from version 1 to 2; see netwarp study diff, and give --accept-versions" in line
    told = said(capsys, "diff", "small", "small.toml")
    assert told[0] == "6 runs: 0 are there, 6 would run"
    assert told[-1].endswith("it runs only with --accept-versions")
    assert said(capsys, "run", "small.toml", "--accept-versions", "--limit", "1", status=75)[1] == (
        "0 done, 6 to do, 0 failed"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds = 3", "seeds 3", "small.toml: line 3, column 7: not TOML: Expected '=' after a key"),
        ("seeds = 3", "seed = 3", '[study] seed: there is no such key; did you mean "seeds"?'),
        ("width = [3, 5]", "width = [3, 5]\ndepht = [1]", "factor depht: nothing uses it"),
        ("width = [3, 5]", "width = [3, 5]\n[keep]\nwhere = 'width > 9'", "0 runs"),
        ("width = [3, 5]", "width = []", "factor width"),
        ("seeds = 3", "seeds = 0", "seeds"),
    ],
)
def test_a_wrong_file_is_one_line_before_anything_is_made(
    old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in FILE
    Path("small.toml").write_text(FILE.replace(old, new))
    (line,) = said(capsys, "run", "small.toml", status=2)
    assert line.startswith("netwarp: ")
    assert message in line
    assert not Path("small").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "none.toml"], "no such file"),
        (["run", "small.toml", "--jobs", "0"], "--jobs"),
        (["run", "small.toml", "--jobs", "2", "--dask", "tcp://127.0.0.1:9"], "--jobs and --dask: give one"),
        (["run", "small.toml", "--limit", "some"], "--limit"),
        (["run", "small.toml", "--limit", "0"], "--limit"),
        (["run", "small.toml", "--timeout", "-1"], "--timeout"),
        (["run", "small.toml", "--memory", "much"], "--memory"),
        (["run", "small.toml", "--stop-after", "3 hours"], "must be a time, as in 3h50m"),
        (["run", "small.toml", "--shard", "0/4"], "I must be from 1 to N"),
        (["run", "small.toml", "--shard", "two"], "must be I/N, as in 2/16"),
        (["run", "small.toml", "--shard"], "this is no Slurm job array"),
        (["status", "none"], "there is no such folder"),
        (["failures", "none"], "there is no such folder"),
        (["export", "none", "--csv", "a.csv"], "there is no such folder"),
        (["check", "none"], "there is no such folder"),
        (["diff", "none", "small.toml"], "there is no such folder"),
        (["merge", "none", "--out", "all"], "there is no such folder"),
    ],
)
def test_bad_input_is_one_line_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("SLURM_")]:
        monkeypatch.delenv(name)
    (line,) = said(capsys, *arguments, status=2)
    assert line.startswith("netwarp: ")
    assert message in line
    assert not Path("small").exists()


# --- processes


def started(*options: str) -> subprocess.Popen[str]:
    """A long study in a process of its own, of which some runs are done."""
    Path("small.toml").write_text(LONG)
    driver = subprocess.Popen(
        [*NETWARP, "run", "small.toml", "--jobs", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not done():
        assert driver.poll() is None, driver.communicate()
        time.sleep(0.05)
    return driver


def done() -> int:
    from netwarp.errors import InputError
    from netwarp.study.store.store import Store

    try:
        with Store.open("small") as store:
            return store.counts().done
    except InputError:
        return 0


def wait_while_there(group: int) -> None:
    for _ in range(100):
        os.killpg(group, 0)
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "status", "why"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 75, "stopped, by SIGTERM"),
        (signal.SIGUSR1, 75, "stopped, by SIGUSR1"),
    ],
)
def test_a_signal_to_all_of_its_processes_stops_it_and_keeps_what_is_done(
    number: signal.Signals, status: int, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = started()
    os.killpg(driver.pid, number)
    out, error = driver.communicate(timeout=60)
    assert driver.returncode == status, error
    assert why in out + error
    assert "Traceback" not in error
    assert "resource_tracker" not in error
    found = counts(capsys)
    assert 0 < int(str(found["done"])) < 40_000
    assert (found["running"], found["failed"], found["driver"]) == (0, 0, None)
    assert check("small").status == 0
    # its processes end with it, a little later
    with pytest.raises(ProcessLookupError):
        wait_while_there(driver.pid)


@pytest.mark.slow
def test_a_time_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.toml").write_text(LONG)
    lines = said(capsys, "run", "small.toml", "--jobs", "1", "--stop-after", "4s", status=75)
    assert lines[-2].endswith(": stopped, --stop-after 4s is over")
    assert 0 < done() < 40_000


@pytest.mark.slow
def test_a_second_driver_is_refused_with_process_and_host_unless_it_takes_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    driver = started()
    found = counts(capsys)
    assert found["driver"] == {"process": driver.pid, "host": platform.node()}
    # on a busy machine all that workers had may be back before the driver looks
    until = time.monotonic() + 60
    while not int(str(counts(capsys)["running"])):
        assert time.monotonic() < until
    assert said(capsys, "status", "small")[-1] == f"process {driver.pid} on {platform.node()} runs it now"
    (line,) = said(capsys, "run", "small.toml", "--jobs", "1", status=2)
    assert f"process {driver.pid} on {platform.node()} runs this study" in line
    assert "take the folder over (--take-over, take_over=True) if you know that it is gone" in line
    assert driver.poll() is None
    said(capsys, "run", "small.toml", "--jobs", "1", "--take-over", "--limit", "3", status=75)
    _, error = driver.communicate(timeout=60)
    assert driver.returncode == 2
    assert "took this study over; this process writes nothing more, end it" in error
    assert "Traceback" not in error
    assert check("small").status == 0


@pytest.mark.slow
def test_a_file_that_cannot_grow_is_one_line_and_what_is_done_stays(capsys: pytest.CaptureFixture[str]) -> None:
    """The system itself refuses to write; with room again it goes on."""
    Path("small.toml").write_text(LONG)
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY)); "
        "from netwarp.cli.entry import main; main()"
    )
    command = [sys.executable, "-c", code, "study", "run", "small.toml", "--jobs", "1"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 2, ran.stderr
    assert "what was committed stands" in ran.stderr
    assert "Traceback" not in ran.stderr
    before = done()
    assert before > 0
    said(capsys, "run", "small.toml", "--jobs", "1", "--limit", "50", status=75)
    assert done() == before + 50
    assert check("small").status == 0


@pytest.mark.slow
def test_a_large_network_holds_nothing_up(capsys: pytest.CaptureFixture[str]) -> None:
    """The driver evaluates none: what its own process would take minutes for is ended by the limit."""
    Path("large.toml").write_text(
        '[study]\nname = "large"\nseeds = 2\nraster = "64x64"\nmeasures = ["mean_frequency"]\n'
        '[factors]\narchitecture = ["conv({width}) * 5"]\nwidth = [5, 3000]\n'
    )
    held = memory_held()
    said(capsys, "run", "large.toml", "--jobs", "1", "--timeout", "0.3", "--limit", "3", status=75)
    assert counts(capsys, "large")["done"] == 2
    assert counts(capsys, "large")["failed"] == 1
    (line, *_) = said(capsys, "failures", "large")
    assert line == "conv(3000) * 5, seed 0: took longer than --timeout 0.3 seconds"
    assert memory_held() - held < 0.3


@pytest.mark.slow
def test_a_merge_of_some_parts_does_not_read_as_whole(capsys: pytest.CaptureFixture[str]) -> None:
    for part in ("1/3", "3/3"):
        said(capsys, "run", "small.toml", "--jobs", "1", "--shard", part)
    merged = said(capsys, "merge", "small-1-of-3", "small-3-of-3", "--out", "parts")
    assert merged[:2] == ["4 done, 0 to do, 0 failed, 4 of 6 runs in all", "missing shards: 2/3"]
    assert said(capsys, "status", "parts") == [
        "small",
        "4 done, 0 to do, 0 failed, 4 of 6 in all",
        "2 runs are of parts that are not merged in: 2/3",
        "nobody runs it now",
    ]
    found = counts(capsys, "parts")
    assert (found["total"], found["whole"], found["missing_shards"]) == (4, 6, ["2/3"])


@pytest.mark.slow
def test_a_file_in_place_of_a_folder_is_called_that(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "run", "small.toml", "--jobs", "1", "--shard", "1/3")
    for arguments in (("merge", "small-1-of-3", "--out", "small.toml"), ("run", "small.toml", "--out", "small.toml")):
        (line,) = said(capsys, *arguments, status=2)
        assert line == "netwarp: small.toml: is a file, not a folder; name a folder, which is made where there is none"
