"""NETWARP_LOG and --profile: on standard error, in lines, and nothing of either unless asked for."""

import inspect
import json
import logging
from pathlib import Path

import pytest

from netwarp.cli.main import application, status_of
from netwarp.log import LOG

DRAW = [
    "draw",
    "conv(4)",
    "--size",
    "12x8",
    "--calibrate",
    "12x8",
    "--json",
    "-o",
    "a.png",
    "--plane",
    "-0.5,0.5,-0.5,0.5",
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Standard error of a command whose standard output is one JSON object."""
    assert status_of(list(words)) == 0
    found = capsys.readouterr()
    assert json.loads(found.out)
    return found.err


def test_a_command_logs_from_the_level_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(capsys, *DRAW) == ""
    for level in ("debug", "DEBUG"):
        monkeypatch.setenv("NETWARP_LOG", level)
        lines = said(capsys, *DRAW).splitlines()
        assert any("DEBUG   calibrate conv(4), seed 9, on 12x8: " in line for line in lines)
        assert any("INFO    wrote " in line and line.endswith("a.png") for line in lines)
    monkeypatch.setenv("NETWARP_LOG", "info")
    assert [line.split()[2] for line in said(capsys, *DRAW).splitlines()] == ["INFO"]
    for level in ("warning", ""):
        monkeypatch.setenv("NETWARP_LOG", level)
        assert said(capsys, *DRAW) == ""
    assert [type(one) for one in LOG.handlers if type(one) is not logging.NullHandler] == []
    assert LOG.level == logging.NOTSET


@pytest.mark.parametrize("words", [["zoo"], ["draw", "--help"], ["draw", "conv("]])
def test_a_level_that_is_none_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("NETWARP_LOG", "debg\n\x1b[31m")
    assert status_of(words) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.startswith(r"netwarp: NETWARP_LOG 'debg\n\x1b[31m': must be debug, info or warning")
    assert len(found.err.splitlines()) == 1
    monkeypatch.setenv("NETWARP_LOG", "debg")
    assert status_of(words) == 2
    assert 'did you mean "debug"' in capsys.readouterr().err


def test_a_files_name_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETWARP_LOG", "info")
    assert status_of(["draw", "conv(4)", "--size", "12x8", "-o", "a\x1b[31m.png"]) == 0
    assert "a\\x1b[31m.png" in capsys.readouterr().err


def test_a_profile_sums_what_each_step_took(capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows, whole = said(capsys, *DRAW, "--profile").splitlines()
    assert head.split() == ["step", "times", "ms"]
    steps = {row[:32].strip(): (int(row[32:40]), float(row[40:].replace(",", ""))) for row in rows}
    once = ("calibrate", "sample", "fit tone", "paint", "encode PNG")
    assert [steps[name][0] for name in once] == [1] * 5
    assert sum(took for _, took in steps.values()) <= float(whole.split()[-1].replace(",", ""))
    assert [took for _, took in steps.values()] == sorted((took for _, took in steps.values()), reverse=True)


def test_a_profile_is_said_of_what_is_refused_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["regions", "conv(4)", "--act", "sin", "--profile"]) == 2
    first = [line.split()[0] for line in capsys.readouterr().err.splitlines()]
    assert "calibrate" in first
    assert first[-2:] == ["all", "netwarp:"]


def test_a_profile_counts_every_seed(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["measure", "conv(4)", "--measures", "total_variation", "--seeds", "3", "--size", "12x8", "--json"]
    rows = {line[:32].strip(): line[32:40].strip() for line in said(capsys, *words, "--profile").splitlines()}
    assert rows["measure total_variation"] == rows["calibrate"] == "3"


def test_every_command_has_a_profile() -> None:
    for command in application().registered_commands:
        assert command.callback is not None
        assert "profile" in inspect.signature(command.callback).parameters
