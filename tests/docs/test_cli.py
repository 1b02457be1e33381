"""docs/cli.md is what the commands say of themselves."""

import pytest

from docs.cli_reference import PAGE, reference
from netwarp.cli import draw
from netwarp.cli.main import application


def test_the_page_is_the_commands() -> None:
    assert reference() == PAGE.read_text(), "run make docs"


def test_every_command_has_a_section_with_its_options_and_examples() -> None:
    text = reference()
    for command in application().registered_commands:
        assert f"\n## {command.name}\n" in text
    assert "| `--plane` | `X0,X1,Y0,Y1` |" in text
    assert "netwarp draw warp.png --size 4000x3000" in text


def test_a_changed_command_makes_it_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "EXAMPLES", "Examples:\nnetwarp draw something else")
    assert reference() != PAGE.read_text()
