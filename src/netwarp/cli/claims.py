"""`netwarp claims`: the executable literature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from netwarp.cli.groups import flag, option
from netwarp.cli.options import Folder, Json
from netwarp.cli.screen import note, progress, show, show_json, show_table

if TYPE_CHECKING:
    from netwarp.claims.running import Outcome

NAME = "claims"
EXAMPLES = (
    "Examples:\n"
    "netwarp claims --list              list the claims and their sources\n"
    "netwarp claims --quick --out claims   measure all and write a page\n"
    "netwarp claims --only 7,9 --quick\n"
    "netwarp claims --only kinks-equal-units --json\n"
)


def run(
    quick: Annotated[
        bool, flag("--quick", "Use fewer seeds: three minutes, not twenty; more claims are not clear.")
    ] = False,
    only: Annotated[
        str | None, option("--only", "CLAIMS", "Only these claims: names or numbers, separated by commas.")
    ] = None,
    listed: Annotated[bool, flag("--list", "List the claims and measure none.")] = False,
    out: Folder = None,
    json: Json = False,
) -> int:
    """Measure again what papers claim about random networks, one claim after another.

    A claim holds, is refuted, or is not clear if more seeds might decide it either way. The exit status is 1 if a
    verdict differs from the one on record, and 0 otherwise; with --quick, "not clear" does not count as a difference.
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
            titles = ("number", "name", "statement", "source", "whose", "on record")
            show_table(titles, listing(chosen), numbers=("number",))
        return 0
    if out is not None:
        check(out)
    with progress("exact") as report:
        found = measure(chosen, quick=quick, progress=report, each=_said)
        page = None if out is None else save(found, out, command=again(only, quick, out.name))
    if json:
        show_json(found.data() | ({} if page is None else {"page": str(page)}))
    else:
        titles = ("number", "claim", "measured", "verdict", "on record", "seconds")
        show_table(titles, rows(found), numbers=("number", "seconds"))
        show(found.sentence())
        if page is not None:
            show(str(page))
    return 1 if found.differing else 0


def _said(one: Outcome) -> None:
    differs = "" if one.agrees else f", not as on record ({one.claim.recorded})"
    note(f"{one.claim.number} {one.claim.name}: {one.finding.verdict}{differs}, {one.seconds:.1f} s")
