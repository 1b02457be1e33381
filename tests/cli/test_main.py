"""The face: every error is one line and exit status 2, Ctrl-C is 130, pipes and NO_COLOR are respected."""

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from netwarp.cli import commands, info, zoo
from netwarp.cli.main import application, status_of
from netwarp.cli.screen import coloured, plain, show_json, show_table

COMMANDS = tuple(import_module(f"netwarp.cli.{name}") for name in commands.COMMANDS)


def line_of(capsys: pytest.CaptureFixture[str], arguments: list[str], lines: int = 1) -> str:
    """The complaint of a command line that must fail: nothing on standard output, `lines` lines on standard error."""
    assert status_of(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("netwarp: ")
    assert len(said.err.splitlines()) == lines, said.err
    return said.err


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (["drw"], "draw"),
        (["draw"], "ARCH"),
        (["zoo", "--jsn"], "--json"),
        (["info", "vggg"], 'did you mean "vgg"'),
        (["info", "old.png"], "no such file"),
        (["info", "weights.npz"], "no such file"),
        (["draw", "vgg", "--size", "600"], "600x400"),
        (["draw", "vgg", "--size", "1000000x1000000"], "1e+12 pixels"),
        (["draw", "vgg", "--calibrate", "0x3"], "positive"),
        (["draw", "vgg", "--plane", "-1,-2,0,1"], "X0 < X1"),
        (["draw", "vgg", "--seed", "1..x"], "--seed"),
        (["draw", "vgg", "--engine", "tork"], 'did you mean "torch"'),
        (["draw", "vgg", "--colour", "viridiss"], 'did you mean "viridis"'),
        (["draw", "vgg", "--dtype", "float16"], "float32"),
        (["draw", "vgg", "-o", "picture.jpg"], ".png"),
        (["draw", "vgg", "-o", "no/such/folder.png"], "does not exist"),
        (["draw", "vgg", "--samples", "values.txt"], ".npy"),
        (["draw", "cppn", "--shift", "2"], "no norm"),
        (["draw", "vgg", "--out-channels", "0"], "out"),
        (["draw", "vgg", "--out-channels", "three"], "three"),
        (["draw", "conv(1000000000)"], "at most 1,000,000"),
        (["info", "conv(10) * 1000000000"], "at most 10,000"),
        (["figure", "--seed", "0..3"], "one whole number"),
        (["figure", "--out", "no/such/folder/figure"], "does not exist"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], needle: str) -> None:
    assert needle in line_of(capsys, arguments)


def test_a_wrong_text_is_pointed_at(capsys: pytest.CaptureFixture[str]) -> None:
    lines = line_of(capsys, ["info", "conv(10) >> cnv(3)"], lines=3).splitlines()
    assert "'cnv'" in lines[0]
    assert '"conv"' in lines[0]
    assert lines[1].strip() == "conv(10) >> cnv(3)"
    assert lines[1].index("cnv(") == lines[2].index("^")
    assert lines[2].strip() == "^^^"


@pytest.mark.parametrize("option", ["--act", "--norm", "--init", "--inputs", "--scale"])
def test_a_wrong_small_text_is_pointed_at(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert line_of(capsys, ["info", "vgg", option, "sptial(1)"], lines=3).splitlines()[2].strip().startswith("^")


def test_a_users_text_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("conv(\x1b[31m10)", "conv(10)\r\nnetwarp: done", "\u202econv", "x\x07.png", "\x9b31m"):
        assert status_of(["info", text]) == 2
        said = capsys.readouterr().err
        assert all(c.isprintable() for c in said.replace("\n", "")), text
        assert len(said.splitlines()) <= 3
    assert plain("a\x1bb\u202e\n") == r"a\x1bb\u202e\n"


def test_ctrl_c_is_130_and_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(text: str, completion: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("netwarp.orders.subject"), "read_subject", interrupted)
    assert status_of(["info", "vgg"]) == 130
    assert capsys.readouterr().err.splitlines() == ["netwarp: interrupted"]


def test_a_failing_disk_and_a_full_memory_are_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = import_module("netwarp.orders.subject")
    for error, needle in ((OSError(28, "No space left", "x.png"), "x.png: No space left"), (MemoryError(), "memory")):

        def failing(text: str, completion: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(subject, "read_subject", failing)
        assert needle in line_of(capsys, ["info", "vgg"])


def test_the_help_of_every_command_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        assert status_of([command.NAME, "--help"]) == 0
        said = capsys.readouterr().out
        assert "Examples:" in said
        for line in examples(command.EXAMPLES):
            assert line.split("  ")[0] in said
    assert status_of([]) == 0
    said = capsys.readouterr().out
    assert all(command.NAME in said for command in COMMANDS)
    assert {command.name for command in application().registered_commands} == {command.NAME for command in COMMANDS}


def test_the_examples_of_zoo_and_info_run(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (*examples(zoo.EXAMPLES), *examples(info.EXAMPLES)):
        words = shlex.split(re.split(r"\s{3,}", line)[0])[1:]
        if words[0] in ("zoo", "info") and words[1:2] not in (["old.png"], ["child.png"], ["model.onnx"]):
            assert status_of(words) == 0, line
            assert capsys.readouterr().out


def examples(text: str) -> list[str]:
    """The command lines of a command's examples."""
    return [line for line in text.splitlines() if line.startswith("netwarp ")]


def test_zoo_and_info_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["zoo", "--json"]) == 0
    entries = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)["zoo"]}
    assert entries["deep"]["units"] == 100
    assert entries["deep"]["parameters"] == 1153  # 20 + 9 x 100 weights, 200 of norms, 33 of the read-out
    assert all(entry["source"] for entry in entries.values())
    assert status_of(["info", "conv(10) * 3", "--act", "tanh", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["architecture"] == 'Architecture(conv(10) * 3, act="tanh")'
    assert [row["layer"] for row in told["table"]] == [1, 2, 3, None]
    assert sum(row["parameters"] for row in told["table"]) == told["parameters"] == 313
    assert sum(row["flops_per_pixel"] for row in told["table"]) == told["flops_per_pixel"]


def test_info_of_a_model_lists_its_operations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "five.npz"  # five inputs, of which nobody says a plane
    np.savez(path, W0=np.ones((4, 5)), b0=np.zeros(4), W1=np.ones((3, 4)), b1=np.zeros(3))
    assert status_of(["info", str(path), "--activation", "tanh", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["architecture"] is None
    assert [row["what"] for row in told["operations"]] == ["embed", "conv 1x1", "tanh", "conv 1x1"]
    assert [row["channels_in"] for row in told["operations"]] == [0, 5, 4, 4]
    assert sum(row["parameters"] for row in told["operations"]) == told["parameters"] == 4 * 5 + 4 + 3 * 4 + 3
    assert (told["layers"], told["units"], told["depth"]) == (2, 4, 1)
    assert status_of(["info", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "2 weighted layers, 4 units, depth 1, 39 parameters"


def test_a_table_in_a_pipe_is_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(("name", "n"), [("x" * 300, "1"), ("a\tb", "2")], numbers=("n",))
    assert capsys.readouterr().out == f"name\tn\n{'x' * 300}\t1\na\\tb\t2\n"
    with pytest.raises(ValueError, match="JSON"):
        show_json({"value": float("nan")})


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert coloured(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not coloured(Terminal())  # type: ignore[arg-type]


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from netwarp.cli.main import main; main(['zoo'])"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("netwarp draw v", "vgg"),
        ("netwarp draw vgg --act sig", "sigmoid"),
        ("netwarp draw vgg --colour vir", "viridis"),
        ("netwarp draw vgg --init orth", "orthogonal"),
        ("netwarp draw vgg --engine to", "torch"),
        ("netwarp fig", "figure"),
        ("netwarp regions vgg --colour-by gr", "gradient"),
    ],
)
def test_the_shell_completes_names(
    words: str, found: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_NETWARP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    with pytest.raises(SystemExit):
        status_of([])
    assert capsys.readouterr().out.split() == [found]


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["--version"]) == 0
    assert re.fullmatch(r"netwarp \d+\.\d+\.\d+\S*\n", capsys.readouterr().out)
