"""`netwarp breed`: children of one picture or of two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import argument, option
from netwarp.cli.options import ColourOptions, Json, Text, ViewOptions
from netwarp.cli.screen import progress, show, show_json
from netwarp.cli.values import read_count, read_seed, read_value
from netwarp.errors import InputError

NAME = "breed"
EXAMPLES = (
    "Examples:\n"
    "netwarp breed warp.png -o children/                       eight mutants of a picture\n"
    "netwarp breed warp.png --strength 0.05 -o children.html   small changes, on a page\n"
    "netwarp breed one.png two.png --children 20 -o crosses/   crosses of two\n"
    "netwarp breed one.png two.png --strength 0.1 -o both/     crosses that are mutated too\n"
    "netwarp info children/warp-3.png                          the family of a child\n"
    "In Python: nw.breed('warp.png', children=8)\n"
)


def run(
    parents: Annotated[
        list[str],
        argument(
            "PNG [PNG]",
            "One picture, or two of one architecture; an architecture's text is the picture of its seed.",
            completion.architectures,
        ),
    ],
    out: Annotated[
        Path, option("-o, --out", "FOLDER|FILE", "A folder for a PNG a child, or an .html file for a page of them.")
    ],
    children: Annotated[str, option("--children", "N", "How many.")] = "8",
    strength: Annotated[
        Text,
        option(
            "--strength",
            "S",
            "How strongly they are mutated, from 0, not at all, to 1; 0.2 of one parent and 0 of two unless given.",
        ),
    ] = None,
    seed: Annotated[str, option("--seed", "N", "The seed of the first child; the next has the next one.")] = "0",
    view: ViewOptions = ViewOptions(),
    colours: ColourOptions = ColourOptions(),
    json: Json = False,
) -> None:
    """Breed pictures: mutants of one, or crosses of two, each a picture that can be bred again.

    A mutant's weights are mixed with others of the same distribution, so that they spread as its parent's. In a cross
    each unit is one parent's or the other's. A child's recipe has all its ancestors, back to the seeds.
    """
    from netwarp.files import check_place
    from netwarp.orders.children import Look, draw_children, save_children
    from netwarp.orders.commands import command
    from netwarp.orders.subject import read_subject
    from netwarp.pages.family import FamilyPicture, families_page
    from netwarp.pages.folder import check

    if len(parents) > 2:
        raise InputError(f"breed: {len(parents)} parents; give one for mutants, or two for crosses")
    page = out.suffix.lower() == ".html"
    if page:
        check_place("--out", out, ".html")
    else:
        check(out)
    subjects = [read_subject(one) for one in parents]
    with progress() as report:
        found = draw_children(
            subjects,
            children=read_count(children, "--children", 1000),
            seed=read_seed(seed),
            strength=None if strength is None else read_value(strength, "--strength"),
            look=Look(**view.read(), colour=colours.read()),
            progress=report,
        )
        if page:
            strong = () if strength is None else ("--strength", strength)
            again = command("breed", *parents, "--children", children, *strong, "--seed", seed, "-o", out.name)
            shown = [FamilyPicture(one.name, one.network, one.drawing) for one in found]
            files: tuple[Path, ...] = (families_page(out, shown, subjects[0], again=again, progress=report),)
        else:
            files = save_children(found, out)
    if json:
        show_json({"files": [str(one) for one in files], "children": [one.drawing.recipe.to_data() for one in found]})
        return
    for one in files:
        show(str(one))
