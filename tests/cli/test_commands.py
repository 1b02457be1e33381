"""The table of commands: its words are the commands' own, and a command line loads no command but its own."""

import inspect
import subprocess
import sys
from importlib import import_module

import pytest

from netwarp.cli.commands import COMMANDS, OF_STUDIES, bare_shard, called_by
from netwarp.cli.main import application, status_of

LOADED = """
import contextlib, io, sys
from netwarp.cli.main import status_of
with contextlib.redirect_stdout(io.StringIO()):
    status_of(sys.argv[1:])
print(*sorted(name for name in sys.modules if name.startswith("netwarp.cli.")))
"""


def loaded(*arguments: str) -> set[str]:
    """The names in netwarp.cli of the commands that a process has loaded after a command line."""
    run = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=True)
    names = {name.removeprefix("netwarp.cli.") for name in run.stdout.split()}
    return {name for name in names if name in COMMANDS or name.startswith("studies.")}


def test_the_words_of_the_table_are_those_of_each_commands_help() -> None:
    for name, says in COMMANDS.items():
        command = import_module(f"netwarp.cli.{name}")
        assert name == command.NAME
        first, _, _ = inspect.getdoc(command.run).partition("\n\n")
        assert " ".join(first.split()) == says
    for name in OF_STUDIES:
        assert name == import_module(f"netwarp.cli.studies.{name}").NAME


def test_the_help_is_the_same_whichever_command_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for called in (None, "", "draw", "study"):
        application(called)(args=["--help"], prog_name="netwarp", standalone_mode=False)
        said.append(capsys.readouterr().out)
    assert said[0]
    assert said == [said[0]] * 4


@pytest.mark.slow
def test_a_command_line_loads_its_own_command() -> None:
    assert loaded("--help") == set()
    assert loaded("zoo", "--json") == {"zoo"}
    assert "studies.run" in loaded("study", "--help")


@pytest.mark.parametrize(
    ("arguments", "called"), [([], ""), (["--version"], ""), (["draw", "vgg"], "draw"), (["drow"], "drow")]
)
def test_the_command_that_is_called(arguments: list[str], called: str) -> None:
    assert called_by(arguments) == called


def test_the_shells_completion_loads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_NETWARP_COMPLETE", "complete_bash")
    assert called_by([]) is None


def test_an_unknown_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["drow"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("netwarp: No such command 'drow'. Did you mean 'draw'")
    assert len(said.splitlines()) == 1


def test_a_shard_without_a_value_is_slurms() -> None:
    assert bare_shard(["study", "run", "a.toml", "--shard"]) == ["study", "run", "a.toml", "--shard", "slurm"]
    assert bare_shard(["study", "run", "--shard", "2/3"]) == ["study", "run", "--shard", "2/3"]
    assert bare_shard(["draw", "--shard"]) == ["draw", "--shard"]
