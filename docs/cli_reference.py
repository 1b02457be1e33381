"""`make docs`: docs/cli.md, the reference of the command line, written from the commands' own help.

A test holds the page to the commands.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from netwarp.cli.main import application

PAGE = Path(__file__).parent / "cli.md"
HEAD = """# The command line

Written by `make docs` from `netwarp COMMAND --help`. An error is one line on standard error, and exit status 2; nothing
half written stays. `netwarp --install-completion` completes names in the shell. `NETWARP_LOG=debug` logs every step
that takes time on standard error, `info` the files that are written; by default only warnings are shown.
"""


def reference() -> str:
    """The page: a table of the commands, then a section each with usage, arguments, options and examples."""
    group: Any = typer.main.get_command(application())
    commands = dict(_leaves(group.commands))
    lines = [HEAD, "| command | what it does |", "| --- | --- |"]
    lines += [
        f"| [`{name}`](#{name.replace(' ', '-')}) | {_cell(_text(one.help).splitlines()[0])} |"
        for name, one in commands.items()
    ]
    for name, one in commands.items():
        context = one.context_class(one, info_name=f"netwarp {name}")
        lines += ["", f"## {name}", "", _text(one.help), "", f"    {' '.join(one.get_usage(context).split()[1:])}", ""]
        lines += ["| option | takes | what it is |", "| --- | --- | --- |"]
        lines += [_row(parameter) for parameter in one.params if not getattr(parameter, "hidden", False)]
        _, _, examples = _text(one.epilog).partition("Examples:\n")
        if examples:
            lines += ["", "```text", examples.strip(), "```"]
    return "\n".join(lines) + "\n"


def _leaves(commands: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The commands, and in place of a group its own, under the words that call them."""
    for name, one in commands.items():
        inner = getattr(one, "commands", None)
        if inner is None:
            yield f"{before}{name}", one
        else:
            yield from _leaves(inner, f"{before}{name} ")


def _row(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    argument = parameter.param_type_name == "argument"
    if argument:
        names = f"`{(parameter.metavar or parameter.name).strip('[]{}').upper()}`"
    takes = (
        ""
        if argument or getattr(parameter, "is_flag", False)
        else f"`{parameter.metavar or parameter.type.name.upper()}`"
    )
    text = " ".join(_text(getattr(parameter, "help", None)).split())
    default = parameter.default
    if getattr(parameter, "show_default", False) and default not in (None, False, ""):
        text += f" By default {default}."
    return f"| {names} | {_cell(takes)} | {_cell(text)} |"


def _text(given: str | None) -> str:
    return inspect.cleandoc(given or "").replace("\b\n", "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def build() -> Path:
    """Writes the page anew."""
    PAGE.write_text(reference())
    return PAGE


if __name__ == "__main__":
    print(build())
