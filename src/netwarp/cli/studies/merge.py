"""`netwarp study merge`: the stores of shards into one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netwarp.cli.groups import argument, option
from netwarp.cli.screen import show

NAME = "merge"
EXAMPLES = "Examples:\nnetwarp study merge depth-1-of-4 depth-2-of-4 depth-3-of-4 depth-4-of-4 --out depth\n"


def run(
    folders: Annotated[list[Path], argument("DIR...", "The folders of shards of one study.")],
    out: Annotated[Path, option("--out", "DIR", "The folder of the whole; one that is there takes them in.")],
) -> None:
    """Merge shards into one folder; what is missing is said, and the rest is usable.

    Each is checked first. Merging again changes nothing.
    """
    from netwarp.study.store.merging import merge

    found = merge(folders, out)
    show(f"{found.counts.sentence()}, {found.counts.total:,} of {found.plan.whole:,} runs in all")
    if found.missing:
        show(f"missing shards: {', '.join(found.missing)}")
    for line in (*found.refused, *found.unfinished):
        show(line)
    show(str(out))
    if found.status:
        raise typer.Exit(found.status)
