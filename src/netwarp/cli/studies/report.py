"""`netwarp study report`: what a study found, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli.groups import option
from netwarp.cli.screen import progress, show
from netwarp.cli.studies.options import Store
from netwarp.cli.values import read_whole
from netwarp.errors import InputError
from netwarp.files import check_place

NAME = "report"
EXAMPLES = "Examples:\nnetwarp study report depth\nnetwarp study report depth --out depth.html --thumbnails 12\n"


def run(
    folder: Store,
    out: Annotated[Path | None, option("--out", "FILE", "The page; report.html in the folder unless given.")] = None,
    thumbnails: Annotated[
        str | None, option("--thumbnails", "N", "Draw the networks of at most so many points; 100 unless given.")
    ] = None,
) -> None:
    """Write what a study found as one HTML page that needs no other file, and its figures as SVG and PNG.

    For every measure the main effect of every factor, with intervals, and maps over every two factors; how alike the
    measures rank the networks; what the networks at the ends draw; what failed. It works while the study runs, and on a
    shard.
    """
    from netwarp.orders.commands import command
    from netwarp.pages.study_page import POINTS, save
    from netwarp.study.store.store import Store as Runs

    check_place("--out", out, ".html")
    points = POINTS if thumbnails is None else read_whole(thumbnails, "--thumbnails")
    if not 0 <= points <= POINTS:
        raise InputError(f"--thumbnails {points}: must be from 0 to {POINTS}, as in --thumbnails 12")
    words = [] if out is None else ["--out", str(out)]
    words += [] if thumbnails is None else ["--thumbnails", str(points)]
    again = command("study", "report", str(folder), *words)
    with Runs.open(folder) as store, progress() as report:
        found = save(
            store, folder / "report.html" if out is None else out, command=again, points=points, progress=report
        )
    for path in found:
        show(str(path))
