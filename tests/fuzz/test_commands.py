"""Command lines of hostile words: exit status 0 or 2, one line and no traceback; a signal ends them at any moment."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hostile
from netwarp.cli.main import status_of
from netwarp.errors import LONGEST

OPTIONS = st.sampled_from(
    [
        "--act",
        "--norm",
        "--scale",
        "--shift",
        "--init",
        "--inputs",
        "--out-channels",
        "--seed",
        "--size",
        "--plane",
        "--calibrate",
        "--colour",
        "--x",
    ]
)
WORDS = hostile.NUMBERS | st.sampled_from(["relu", "none", "normal(1)", "8x6", "0..3", "-1,1,-1,1", "x" * 17_000, ""])


@hostile.examples(40)
@given(
    st.sampled_from(["info", "draw", "zoo", "measures", "drw"]),
    hostile.TREES | st.sampled_from(["conv(3)", "vgg", "x" * 17_000, "no.npz", "no.png", "-"]),
    st.lists(st.tuples(OPTIONS, WORDS), max_size=2),
)
def test_a_command_ends_in_a_line(command: str, arch: str, options: list[tuple[str, str]]) -> None:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    said, complained = StringIO(), StringIO()
    size = ["--size", "8x6", "--calibrate", "8x6", "--dry-run"] if command == "draw" else []
    start = time.process_time()
    with redirect_stdout(said), redirect_stderr(complained):
        if command == "draw" and not _small(arch):
            return
        status = status_of([command, arch, *size, *(word for pair in options for word in pair)])
    lines = [line for line in complained.getvalue().splitlines() if not line.startswith("compiling")]
    assert status in (0, 2)
    assert len(lines) <= (3 if status else 1)
    assert all(len(line) <= LONGEST + 20 for line in lines)
    assert "Traceback" not in complained.getvalue()
    assert time.process_time() - start < 20


def _small(arch: str) -> bool:
    """Whether drawing it takes no time: a fuzzer is for what goes wrong, not for what takes long."""
    from netwarp.architecture.counts import operations
    from netwarp.architecture.language import parse
    from netwarp.errors import NetwarpError

    try:
        architecture = parse(arch)
        return operations(architecture) < 3_000
    except NetwarpError:
        return True


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("after", [0.05, 0.9] if hostile.EXAMPLES == 0 else [0.02 * n for n in range(60)])
def test_a_signal_ends_it_in_a_line(number: signal.Signals, after: float, tmp_path: Path) -> None:
    command = "from netwarp.cli.entry import main; main()"
    words = ["draw", "conv(30) * 40", "--size", "3000x2000", "-o", str(tmp_path / "picture.png")]
    process = subprocess.Popen(
        [sys.executable, "-c", command, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "NETWARP_THREADS": "1"},
    )
    time.sleep(after)
    process.send_signal(number)
    _, complained = process.communicate(timeout=60)
    text = complained.decode()
    # until netwarp's main begins, the signal's own meaning ends it, or a traceback of Python's, which imports netwarp
    early = process.returncode in (-number, 1) and re.search(r'entry\.py", line \d+, in main\b', text) is None
    assert early or process.returncode == 128 + number
    assert early or "Traceback" not in text
    assert list(tmp_path.iterdir()) == []
