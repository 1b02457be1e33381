"""`netwarp claims`: the executable literature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from netwarp.cli.options import Folder, Json
from netwarp.cli.screen import Column, note, progress, show, show_json, show_table

if TYPE_CHECKING:
    from netwarp.claims.running import Outcome

NAME = "claims"
EXAMPLES = (
    "Examples:\n"
    "netwarp claims --list              what is claimed, by whom\n"
    "netwarp claims --quick --out claims   all of it measured, and a page\n"
    "netwarp claims --only 7,9 --quick\n"
    "netwarp claims --only kinks-equal-units --json\n"
)


def run(
    quick: Annotated[
        bool, typer.Option("--quick", help="On fewer seeds: three minutes, not twenty; more is not clear.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="CLAIMS", help="Names or numbers, with commas between.", show_default=False),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the claims; measure none.")] = False,
    out: Folder = None,
    json: Json = False,
) -> int:
    """Measure what the literature says of random networks, claim by claim.

    A claim holds, is refuted or, where more seeds might decide either way, is not clear. The exit status is 1 where a
    verdict is not the one on record, and 0 else; with --quick "not clear" speaks against none.
    """
    from netwarp.claims.registry import choose
    from netwarp.claims.running import run as measure
    from netwarp.pages.claims import again, listing, rows, save
    from netwarp.pages.folder import check

    chosen = choose(None if only is None else only.split(","))
    if listed:
        columns = ("number", "name", "statement", "source", "basis", "recorded")
        if json:
            show_json({"claims": [dict(zip(columns, cells, strict=True)) for cells in listing(chosen)]})
        else:
            show_table(
                [
                    Column("number", number=True),
                    Column("name"),
                    Column("statement"),
                    Column("source"),
                    Column("whose"),
                    Column("on record"),
                ],
                listing(chosen),
            )
        return 0
    if out is not None:
        check(out)
    with progress("exact") as report:
        found = measure(chosen, quick=quick, progress=report, each=_said)
        page = None if out is None else save(found, out, command=again(only, quick, out.name))
    if json:
        show_json(found.data() | ({} if page is None else {"page": str(page)}))
    else:
        show_table(
            [
                Column("number", number=True),
                Column("claim"),
                Column("measured"),
                Column("verdict"),
                Column("on record"),
                Column("seconds", number=True),
            ],
            rows(found),
        )
        show(found.sentence())
        if page is not None:
            show(str(page))
    return 1 if found.differing else 0


def _said(one: Outcome) -> None:
    differs = "" if one.agrees else f", not as on record ({one.claim.recorded})"
    note(f"{one.claim.number} {one.claim.name}: {one.finding.verdict}{differs}, {one.seconds:.1f} s")
