"""`netwarp explore` in a process of its own: says where it is, serves, ends; and refuses in one line."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.explorer.reading import Files, pane_of_subject
from netwarp.explorer.state import Pane
from netwarp.orders.subject import Subject


def start(*arguments: str, lines: int = 1) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", "from netwarp.cli.main import main; main()", "explore", "--no-browser", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    return process, process.stdout.readline()


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode in (0, 130), said
    assert "Traceback" not in said
    return said


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_downloads_ends_the_server_in_one_line(number: int) -> None:
    """A picture that takes ten seconds, and cells that nothing interrupts, are under way."""
    code = "from netwarp.cli.entry import main; main()"
    words = [sys.executable, "-c", code, "explore", "--no-browser", "--port", "0"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None
    home = run.stdout.readline().split()[0]

    def get(what: str) -> None:
        with suppress(OSError):
            urllib.request.urlopen(home + what, timeout=60).read()

    asked = ("download/png?arch=conv(50)*30&columns=8000&rows=6000", "download/svg?arch=conv(30)*10")
    waiting = [threading.Thread(target=get, args=(what,)) for what in asked]
    for one in waiting:
        one.start()
    time.sleep(1.0)
    clock = time.monotonic()
    run.send_signal(number)
    lines = run.communicate(timeout=60)[1].splitlines()
    for one in waiting:
        one.join()
    said = "interrupted" if number == signal.SIGINT else "terminated"
    assert (run.returncode, lines) == (128 + number, [f"netwarp: {said}"])
    # 0.2 s on an idle machine
    assert time.monotonic() - clock < 10


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_dropped_file_is_read_ends_the_server_and_its_reader(number: int, tmp_path: Path) -> None:
    spins = f"import os, sys\nopen({str(tmp_path / 'reader')!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    code = (
        f"from netwarp.explorer import reader; reader.COMMAND = {spins!r}; from netwarp.cli.entry import main; main()"
    )
    (tmp_path / "temporary").mkdir()
    words = [sys.executable, "-c", code, "explore", "--no-browser", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path / "temporary")}
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert run.stdout is not None
    home = run.stdout.readline().split()[0]

    def drop() -> None:
        with suppress(OSError, http.client.HTTPException):
            urllib.request.urlopen(urllib.request.Request(home + "drop", b"<svg ", method="POST"), timeout=60).read()

    waiting = threading.Thread(target=drop)
    waiting.start()
    file = tmp_path / "reader"
    end = time.monotonic() + 60
    while not (file.exists() and file.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    clock = time.monotonic()
    run.send_signal(number)
    lines = run.communicate(timeout=60)[1].splitlines()
    spent = time.monotonic() - clock
    waiting.join()
    said = "interrupted" if number == signal.SIGINT else "terminated"
    assert (run.returncode, lines) == (128 + number, [f"netwarp: {said}"])
    # 2 s, of a machine that has nothing else to do
    assert spent < 2 * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)
    assert list((tmp_path / "temporary").iterdir()) == []


TAKEN = b"""{
 "v": 2,
 "panes": [
  {
   "arch": "conv(10) * 10",
   "norm": "spatial(scale=3, shift=normal(2))",
   "seed": 3
  }
 ]
}
"""


@pytest.mark.slow
def test_it_says_where_it_is_serves_a_file_and_ends(tmp_path: Path) -> None:
    nw.Network.folding(1, 4).save(tmp_path / "folds.npz")
    process, said = start(str(tmp_path / "folds.npz"), "--port", "0")
    try:
        own = r"v=2&arch=npz%3A[0-9a-f]{16}&norm=none&init=none&seed=none&w=1.65\d*&h=1.1 "
        found = re.match(r"http://127\.0\.0\.1:(\d+)/\?" + own, said)
        assert found, said
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        connection.request("GET", "/download/json?v=2&seed=3")
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, TAKEN)
        connection.close()
    finally:
        said = stop(process)
    assert said in ("", "netwarp: interrupted\n")


@pytest.mark.slow
def test_a_host_means_a_token_and_is_said_to(tmp_path: Path) -> None:
    process, said = start("conv(3)", "--host", "0.0.0.0", "--port", "0", "--seed", "7")
    try:
        assert re.match(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{20,}&v=2&arch=conv%283%29&norm=[^& ]+&seed=7 ", said), (
            said
        )
    finally:
        assert "nothing is encrypted" in stop(process)


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (["--port", "70000"], "port 70000"),
        (["--port", "x"], "--port"),
        (["--host", "nowhere.invalid"], "no address of this machine"),
        (["--host", "192.0.2.1"], "cannot listen"),
        (["conv(10"], "never closed"),
        (["old.png"], "no such file"),
        (["--seed", "0..3"], "one whole number"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], needle: str
) -> None:
    assert status_of(["explore", *arguments]) == 2
    said = capsys.readouterr()
    assert needle in said.err
    assert said.out == ""
    assert said.err.startswith("netwarp: ")


def test_a_taken_port_names_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert status_of(["explore", "--port", str(taken.getsockname()[1])]) == 2
    assert "--port 0" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import util

    known = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "uvicorn" else known(name))
    assert status_of(["explore"]) == 2
    assert capsys.readouterr().err == "netwarp: the explorer needs uvicorn: pip install 'netwarp[explorer]'\n"


def test_it_takes_what_other_commands_take_of_a_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown: list[Pane] = []
    files = Files()

    def serve(subjects: Sequence[Subject], **options: object) -> None:
        shown.extend(pane_of_subject(subject, files, None) for subject in subjects)

    monkeypatch.setattr(import_module("netwarp.explorer.serve"), "serve", serve)
    np.savez("w.npz", W0=np.eye(2), b0=np.zeros(2), W1=np.ones((1, 2)), b1=np.zeros(1))
    assert status_of(["draw", "conv(3)", "--size", "30x20", "--plane", "0,1,0,1", "-o", "a.png"]) == 0
    for words in (
        [],
        ["vgg", "--act", "tanh"],
        ["a.png"],
        ["a.png", "--act", "tanh"],
        ["w.npz", "--activation", "abs"],
    ):
        assert status_of(["explore", "--no-browser", *words]) == 0
    default, changed, picture, other, weights = shown
    assert default == Pane()
    assert (changed.act, "pool" in changed.arch) == ("tanh", True)
    assert (picture.act, picture.x, other.act) == ("relu", "0.5", "tanh")
    assert other == replace(picture, act="tanh")
    assert str(files.find(weights.arch.removeprefix("npz:")).network.activation) == "abs"
