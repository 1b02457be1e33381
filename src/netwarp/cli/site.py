"""`netwarp site`: the interactive page as one file that needs no server."""

from __future__ import annotations

from typing import Annotated

from netwarp.cli.groups import argument, option
from netwarp.cli.screen import show

NAME = "site"
EXAMPLES = (
    "Examples:\n"
    "netwarp site pages               write pages/netwarp.html, to open or to send\n"
    "netwarp site pages --lesson lesson.json   begin with a lesson that the page has saved\n"
    "netwarp site ~/public_html/nets  publish it: any host of plain files will do\n"
)


def run(
    out: Annotated[str, argument("OUT", "The folder for netwarp.html and index.html.")],
    lesson: Annotated[
        str | None, option("--lesson", "FILE", "Begin with the lesson of this JSON file, which the page has saved.")
    ] = None,
) -> None:
    """Write the interactive page as one file that needs no server and no network.

    netwarp.html opens in any browser, from a disk or a USB stick; index.html is the same page for a folder.
    It draws networks by itself, those whose kernels read several pixels on 200x133 pixels of the unit square, and
    finds cells, whose count it calls exact where rounding left no sign in doubt. Models and the measures that take
    either need `netwarp explore`.
    """
    from netwarp.pages.site import site

    for page in site(out, lesson=lesson):
        show(str(page))
