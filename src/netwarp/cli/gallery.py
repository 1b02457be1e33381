"""`netwarp gallery`: architectures by seeds, or a bred picture's family, as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli.groups import argument, flag, option
from netwarp.cli.options import Json, Seeds, Size, Text
from netwarp.cli.screen import progress, show, show_json
from netwarp.cli.values import read_list, read_seed_set, read_size
from netwarp.errors import InputError

NAME = "gallery"
EXAMPLES = (
    "Examples:\n"
    "netwarp gallery -o zoo.html                               every name of netwarp zoo, eight seeds of each\n"
    "netwarp gallery --rows 'conv(10) * 10,vgg' --seeds 32 -o two.html\n"
    "netwarp gallery child.png -o family.html                  the ancestors of a picture that was bred\n"
)


def run(
    out: Annotated[Path, option("-o, --out", "FILE", "The page to write, an .html file that needs no other.")],
    picture: Annotated[
        str | None, argument("[PICTURE]", "A picture that was bred: the page is then that of its family.")
    ] = None,
    rows: Annotated[
        Text,
        option("--rows", "A,B,...", "Architectures, or names of netwarp zoo, a row each; all its names unless given."),
    ] = None,
    seeds: Seeds = "8",
    size: Size = "600x400",
    show_page: Annotated[bool, flag("--open", "Open the page in the browser.")] = False,
    json: Json = False,
) -> None:
    """Write contact sheets as a page: a row an architecture, a picture a seed, each with its recipe.

    Every picture opens to the command that draws it and to a larger one. Of a picture that was bred, the page shows the
    family: all its ancestors and how each was made.
    """
    from netwarp.files import check_place
    from netwarp.orders.commands import command
    from netwarp.orders.subject import read_subject
    from netwarp.pages.family import family_page
    from netwarp.pages.gallery import gallery

    check_place("--out", out, ".html")
    with progress() as report:
        if picture is not None:
            if rows is not None:
                raise InputError("--rows: says a gallery of architectures, PICTURE a family; give one of them")
            words = ("gallery", picture)
            page = family_page(out, read_subject(picture), again=command(*words, "-o", out.name), progress=report)
        else:
            options = () if rows is None else ("--rows", rows)
            sized = () if size == "600x400" else ("--size", size)
            page = gallery(
                out,
                () if rows is None else read_list(rows, "--rows", "'conv(10) * 10,vgg'"),
                seeds=read_seed_set(seeds),
                size=read_size(size),
                again=command("gallery", *options, "--seeds", seeds, *sized, "-o", out.name),
                progress=report,
            )
    if json:
        show_json({"page": str(page)})
    else:
        show(str(page))
    if show_page:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
