"""`netwarp study new`: a file to begin with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from netwarp.cli.groups import argument, flag, option
from netwarp.cli.screen import show
from netwarp.errors import InputError
from netwarp.files import write

NAME = "new"
EXAMPLES = (
    "Examples:\n"
    "netwarp study new depth                       writes depth.toml, a commented example\n"
    "netwarp study new mine --from scale-shift     begins from a study that is ready\n"
    "netwarp study new mine --list                 names the studies that are ready\n"
)


def run(
    name: Annotated[str, argument("NAME", "The study's name; the file is NAME.toml.")],
    ready: Annotated[str | None, option("--from", "READY", "A study that is ready to run, to begin from.")] = None,
    listed: Annotated[bool, flag("--list", "Name the studies that are ready to run, and write nothing.")] = False,
) -> None:
    """Write a commented study file, or a copy of one that is ready to run."""
    from netwarp.study.grid.ready import example, ready_names
    from netwarp.study.grid.ready import ready as text_of

    if listed:
        for one in ready_names():
            show(one)
        return
    stem = name.removesuffix(".toml")
    path = Path(f"{stem}.toml")
    called = Path(stem).name
    text = example(called) if ready is None else text_of(ready, called)
    # of a name that is too long Path.exists raises; `write` says so
    if os.path.exists(path):  # noqa: PTH110  # see above
        raise InputError(f"study {str(path)!r}: there is a file of that name; choose another name")
    write(path, text.encode())
    show(str(path))
