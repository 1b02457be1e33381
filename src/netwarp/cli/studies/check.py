"""`netwarp study check`: whether a study's folder is sound."""

from __future__ import annotations

import typer

from netwarp.cli.screen import show
from netwarp.cli.studies.options import Store

NAME = "check"
EXAMPLES = "Examples:\nnetwarp study check depth\n"


def run(folder: Store) -> None:
    """Read a study's whole store: file, references, kinds of values, counters, keys, measures; 1 where one is wrong.

    It finds values that are no finite numbers. It does not find a number that was changed into another one.
    """
    from netwarp.study.store.checking import check

    found = check(folder)
    for line in found.lines:
        show(line)
    if found.status:
        raise typer.Exit(found.status)
