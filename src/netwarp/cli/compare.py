"""`netwarp compare`: which architecture is the more complex, on what, and how surely."""

from __future__ import annotations

from typing import Annotated

import typer

from netwarp.cli import completion
from netwarp.cli.options import ChangeOptions, Folder, Json, Measures, Seeds, ViewOptions
from netwarp.cli.screen import Column, progress, show, show_json, show_table
from netwarp.cli.values import read_measures, read_seed_set

NAME = "compare"
EXAMPLES = (
    "Examples:\n"
    "netwarp compare 'conv(100)' 'conv(10) * 10'\n"
    "netwarp compare shallow deep --match parameters --out comparison\n"
    "netwarp compare vgg resnet --measures total_variation,holes --seeds 16\n"
    "In Python: nw.compare('conv(100)', 'conv(10) * 10', seeds=64)\n"
)


def run(
    changes: ChangeOptions,
    arch: Annotated[
        list[str],
        typer.Argument(
            metavar="ARCH ARCH [ARCH]...",
            help="Architectures such as 'conv(10) * 10', or names of netwarp zoo; each is held against the first.",
            autocompletion=completion.architectures,
            show_default=False,
        ),
    ],
    match: Annotated[
        str,
        typer.Option(
            "--match",
            metavar="BUDGET",
            help="units, parameters or flops: make the later ones as wide as meets the first's.",
            autocompletion=completion.budgets,
        ),
    ] = "none",
    seeds: Seeds = "64",
    measures: Measures = None,
    view: ViewOptions = ViewOptions(size="128x128"),
    family: Annotated[
        int | None,
        typer.Option(
            "--family",
            metavar="N",
            help="Comparisons to correct for, where these are some of more; by default all that are made here.",
            show_default=False,
        ),
    ] = None,
    out: Folder = None,
    json: Json = False,
) -> None:
    """Compare architectures: pictures and measures side by side over the same seeds, and a verdict a line.

    A change is the median of the ratios, one a seed, with an interval; all intervals of one command hold together with
    95%, so that a verdict, which is what its interval excludes, is corrected for how many there are. Cliff's delta says
    how large the difference is against the spread.
    """
    from netwarp.orders.subject import read_subject
    from netwarp.pages.compare_page import again, save
    from netwarp.pages.folder import check
    from netwarp.study.compare import compare

    if out is not None:
        check(out)
    subjects = [changes.of(read_subject(one)) for one in arch]
    with progress("exact") as report:
        found = compare(
            *subjects,
            measures=read_measures(measures),
            matched=None if match == "none" else match,
            seeds=read_seed_set(seeds),
            **view.read(),
            family=family,
            progress=report,
        )
        page = (
            None if out is None else save(found, out, command=again(found, measures, seeds, out.name), progress=report)
        )
    if json:
        show_json(found.data() | ({} if page is None else {"page": str(page)}))
        return
    for sentence in found.sentences():
        show(sentence)
    for later, contender in enumerate(found.contenders[1:]):
        show("")
        show(f"{contender.architecture} against {found.contenders[0].architecture}")
        show_table(
            [
                Column("measure"),
                Column("unit", below=True),
                Column("first", number=True),
                Column("second", number=True),
                Column("median change", number=True),
                Column("interval", number=True),
                Column("delta", number=True),
                Column("verdict"),
                Column("to note"),
            ],
            found.rows(later),
        )
    for note in found.notes():
        show(note)
    show("")
    for later in range(len(found.contrasts)):
        show(found.verdict(later))
    if page is not None:
        show(str(page))
