"""Commands on the edge of what is taken: one short line and status 2 beyond it, an answer in time within it."""

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from netwarp.cli.main import status_of

LOW = "0." + "1" * 9_000
HIGH = LOW[:200] + "2" + LOW[201:]


@pytest.mark.parametrize(
    ("words", "needle"),
    [
        (["draw", 'pool("max", 65536)'], "1 to 1024"),
        (["draw", 'pool("max", 1025)', "--dry-run"], "1 to 1024"),
        (["info", 'pool("avg", 65536)'], "1 to 1024"),
        (["draw", "x" * 17_000], ""),
        (["draw", "conv(3)", "--init", "x" * 17_000], ""),
        (["atlas", "conv(3)", "--scale", "normal(1e308)", "--seeds", "16"], "too large for float32"),
        (["draw", "conv(3)", "--plane", "1" * 10_001 + ",2,0,1"], ""),
        (["draw", "conv(0x" + "f" * 5_000 + ")"], "architecture: "),
        (["draw", "conv(" + "1" * 4_301 + ")"], "number too large"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_beyond_is_one_short_line(capsys: pytest.CaptureFixture[str], words: list[str], needle: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert status_of(words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("netwarp: ")
    assert needle in lines[0]
    assert all(len(line) < 300 for line in lines)
    # of a text the line with the fault, and a caret under it
    assert len(lines) == 1 or (len(lines) == 3 and set(lines[2]) == {" ", "^"})


@pytest.mark.parametrize(
    "words",
    [
        ["draw", 'pool("max", 500)', "--dry-run"],
        ["draw", 'pool("avg", 1024)', "--dry-run"],
        ["info", 'conv(3) >> pool("max", 1024)'],
        # a side of 1e-200 between coordinates of 9,000 digits
        ["draw", "conv(3)", "--size", "6x4", "--plane", f"{LOW},{HIGH},0,1e-200", "--dry-run"],
    ],
    ids=lambda words: words[1],
)
def test_what_is_within_is_answered(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    start = time.process_time()
    assert status_of(words) == 0, capsys.readouterr().err
    assert time.process_time() - start < 20
    assert capsys.readouterr().out


@pytest.mark.slow
def test_ctrl_c_while_a_picture_is_written(tmp_path: Path) -> None:
    """Its temporary file is there, and a second's work on it is left."""
    code = "from netwarp.cli.entry import main; main()"
    words = [sys.executable, "-c", code, "draw", "conv(1)", "--size", "5000x3000", "-o", "large.png"]
    run = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 120
    while not list(tmp_path.glob(".netwarp-*.tmp")) and run.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    assert run.poll() is None, "it was written before it was seen"
    clock = time.monotonic()
    run.send_signal(signal.SIGINT)
    said = [line for line in run.communicate(timeout=60)[1].splitlines() if "compiling" not in line]
    spent = time.monotonic() - clock
    assert (run.returncode, said) == (130, ["netwarp: interrupted"])
    # 1 s, of a machine that has nothing else to do
    assert spent < max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert list(tmp_path.iterdir()) == []
