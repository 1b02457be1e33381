"""The command as the system starts it: signals at any time, streams closed or full, odd encodings and file names."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

RUN = [sys.executable, "-c", "from netwarp.cli.entry import main; main()"]
LARGE = ["draw", "conv(10) * 10", "--size", "20000x10000", "-o", "large.png"]


def ended(words: list[str], number: int, after: float, cwd: Path) -> tuple[int, list[str], float]:
    """(status, lines on standard error but the one on compiling, seconds it took) of a command that gets a signal."""
    run = subprocess.Popen([*RUN, *words], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    clock = time.monotonic()
    run.send_signal(number)
    lines = run.communicate(timeout=60)[1].splitlines()
    return run.returncode, [line for line in lines if "compiling" not in line], time.monotonic() - clock


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (signal.SIGINT, 130, "netwarp: interrupted"),
        (signal.SIGTERM, 143, "netwarp: terminated"),
        (signal.SIGHUP, 129, "netwarp: terminated"),
    ],
)
@pytest.mark.parametrize("after", [0.3, 2.5])
def test_a_signal_is_one_line_and_leaves_nothing(
    tmp_path: Path, number: int, status: int, said: str, after: float
) -> None:
    found, lines, _ = ended(LARGE, number, after, tmp_path)
    assert (found, lines) == (status, [said])
    assert list(tmp_path.iterdir()) == []


def test_nohup_is_respected(tmp_path: Path) -> None:
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from netwarp.cli.entry import main; main()"
    run = subprocess.Popen([sys.executable, "-c", code, "zoo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    run.send_signal(signal.SIGHUP)
    out, _ = run.communicate(timeout=60)
    assert run.returncode in (0, -signal.SIGHUP)  # the signal may come before Python has begun
    if run.returncode == 0:
        assert b"vgg" in out


def test_an_interruption_that_a_callback_swallows_comes_again(tmp_path: Path) -> None:
    """Python drops what is raised while an object is deleted; Ctrl-C is not dropped with it."""
    code = (
        "import sys, time, netwarp.cli.main as m\n"
        "from netwarp.cli.entry import main\n"
        "class Deaf:\n"
        "    def __del__(self): raise KeyboardInterrupt\n"
        "def work(_):\n"
        "    Deaf()\n"
        "    time.sleep(30)\n"
        "m.status_of = work\n"
        "main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=20
    )
    assert (run.returncode, run.stderr.splitlines()) == (130, ["netwarp: interrupted"])


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [(signal.SIGINT, 130, "netwarp: interrupted"), (signal.SIGTERM, 143, "netwarp: terminated")],
)
def test_a_signal_that_a_package_swallows_while_it_is_imported_comes_again(
    tmp_path: Path, number: int, status: int, said: str
) -> None:
    """Python 3.11 makes what is raised in __set_name__ a RuntimeError, and packages catch errors of their imports."""
    (tmp_path / "deaf.py").write_text(
        "import os\n"
        "class Part:\n"
        f"    def __set_name__(self, owner, name): os.kill(os.getpid(), {int(number)})\n"
        "try:\n"
        "    class Whole:\n"
        "        part = Part()\n"
        "except Exception:\n"
        "    pass"
    )
    code = (
        "import sys, time, netwarp.cli.main as m\n"
        "from netwarp.cli.entry import main\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "def work(_):\n"
        "    import deaf\n"
        "    time.sleep(30)\n"
        "m.status_of = work\n"
        "main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=20
    )
    assert (run.returncode, run.stderr.splitlines()) == (status, [said])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGALRM])
@pytest.mark.parametrize("status", [0, 2])
def test_a_signal_after_all_is_done_changes_nothing(number: int, status: int) -> None:
    """The interpreter takes a moment to end, and meanwhile gives signals their usual action: to kill."""
    code = (
        "import atexit, os, sys, netwarp.cli.main as m\n"
        "from netwarp.cli.entry import main\n"
        "class Late:\n"
        f"    def __del__(self, kill=os.kill, own=os.getpid()): kill(own, {int(number)})\n"
        "def work(_):\n"
        f"    atexit.register(os.kill, os.getpid(), {int(number)})\n"
        "    sys.late = Late()\n"
        f"    return {status}\n"
        "m.status_of = work\n"
        "main()"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=20)
    assert (run.returncode, run.stderr) == (status, "")


@pytest.mark.slow
def test_ctrl_c_at_any_moment_leaves_a_whole_file_or_none(tmp_path: Path) -> None:
    """Of the last tenths of a second, in which a decision is written and the interpreter ends."""
    rng = np.random.RandomState(5)
    np.savez(tmp_path / "a.npz", W0=rng.normal(size=(16, 2)), W1=rng.normal(size=(3, 16)), activation="relu")
    words, made = [*RUN, "decision", "a.npz", "-o", "a.svg"], tmp_path / "a.svg"
    times = []
    for _ in range(2):  # once more: the first may compile
        made.unlink(missing_ok=True)
        clock = time.monotonic()
        subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
        times.append(time.monotonic() - clock)
    right = made.read_bytes()
    for n in range(8):
        made.unlink(missing_ok=True)
        status, lines, _ = ended(words[len(RUN) :], signal.SIGINT, times[-1] * (1 - 0.04 * n), tmp_path)
        assert (status, lines) in ((130, ["netwarp: interrupted"]), (0, []))
        assert {one.name for one in tmp_path.iterdir()} <= {"a.npz", "a.svg"}
        if made.exists():
            assert made.read_bytes() == right
        else:
            assert status == 130


def shell(words: str, cwd: Path, **environment: str) -> tuple[int, str, list[str]]:
    done = subprocess.run(
        ["bash", "-c", words.replace("netwarp", '"$PYTHON" -c "from netwarp.cli.entry import main; main()"')],
        check=False,
        cwd=cwd,
        env=os.environ | {"PYTHON": sys.executable} | environment,
        capture_output=True,
        timeout=120,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode().splitlines()


def test_a_closed_standard_output_is_refused_before_any_work(tmp_path: Path) -> None:
    status, _, lines = shell("netwarp draw 'conv(3)' --size 9x6 >&-", tmp_path)
    assert (status, lines) == (2, ["netwarp: standard output is closed; write to a file, or to /dev/null"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_closed_standard_error_is_no_harm(tmp_path: Path) -> None:
    status, out, _ = shell("netwarp zoo 2>&-", tmp_path)
    assert status == 0
    assert "vgg" in out
    assert shell("netwarp draw nosuch 2>&-", tmp_path)[0] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_standard_output_is_one_line(tmp_path: Path) -> None:
    status, _, lines = shell("netwarp zoo > /dev/full", tmp_path)
    assert (status, lines) == (2, ["netwarp: standard output: No space left on device"])


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_streams(tmp_path: Path, encoding: str) -> None:
    for words in ("netwarp measures", "netwarp draw --help"):
        status, out, lines = shell(words, tmp_path, PYTHONIOENCODING=encoding)
        assert (status, lines) == (0, [])
        assert len(out) > 100
    status, out, _ = shell("netwarp measures --json", tmp_path, PYTHONIOENCODING=encoding)
    assert status == 0
    assert len(json.loads(out)["measures"]) > 10


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_file_names_that_are_not_utf8(tmp_path: Path, encoding: str) -> None:
    made = "name=$(printf 'a\\377.png'); netwarp draw 'conv(3)' --size 9x6 -o \"$name\" --json"
    status, out, lines = shell(made, tmp_path, PYTHONIOENCODING=encoding)
    assert (status, lines) == (0, [])
    assert json.loads(out)["file"] == "a\udcff.png"
    again = "name=$(printf 'a\\377.png'); netwarp draw \"$name\" --size 6x9 -o b.png"
    status, out, lines = shell(again, tmp_path, PYTHONIOENCODING=encoding)
    assert (status, lines) == (0, [])
    assert {os.fsencode(one.name) for one in tmp_path.iterdir()} == {b"a\xff.png", b"b.png"}


@pytest.mark.slow
def test_two_outputs_of_which_the_second_fails(tmp_path: Path) -> None:
    (tmp_path / "b.png").mkdir()
    status, _, lines = shell("netwarp regions 'conv(3)' --svg a.svg --png b.png", tmp_path)
    assert status == 2
    assert len([line for line in lines if "compiling" not in line]) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["b.png"]
    (tmp_path / "c.npy").mkdir()
    status, _, _ = shell("netwarp draw 'conv(3)' --size 9x6 -o d.png --samples c.npy", tmp_path)
    assert status == 2
    assert {one.name for one in tmp_path.iterdir()} == {"b.png", "c.npy"}


@pytest.mark.slow
def test_the_module_is_the_command() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "netwarp", "draw", "conv("], check=False, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 2
    assert run.stderr.startswith("netwarp: ")
