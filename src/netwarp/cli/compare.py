"""`netwarp compare`: which architecture is the more complex, on what, and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netwarp.cli import completion
from netwarp.cli.measure import Calibrate, Measures, Plane, wanted
from netwarp.cli.options import Act, Init, Inputs, Json, Norm, Out, Scale, Shift, subject
from netwarp.cli.screen import Column, progress, show, show_json, show_table
from netwarp.cli.values import read_plane, read_seed_set, read_size

NAME = "compare"
EXAMPLES = (
    "Examples:\n"
    "netwarp compare 'conv(100)' 'conv(10) * 10'\n"
    "netwarp compare shallow deep --match parameters --out comparison\n"
    "netwarp compare vgg resnet --measures total_variation,holes --seeds 16\n"
    "In Python: nw.compare('conv(100)', 'conv(10) * 10', seeds=64)\n"
)


def run(
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
    seeds: Annotated[
        str, typer.Option("--seeds", metavar="N", help="How many: 64 is 0..63. Or which: 8..15 or 3,5,9.")
    ] = "64",
    measures: Measures = None,
    size: Annotated[
        str, typer.Option("--size", metavar="COLUMNSxROWS", help="Points of the plane that are looked at.")
    ] = "128x128",
    plane: Plane = None,
    calibrate: Calibrate = None,
    family: Annotated[
        int | None,
        typer.Option(
            "--family",
            metavar="N",
            help="Comparisons to correct for, where these are some of more; by default all that are made here.",
            show_default=False,
        ),
    ] = None,
    act: Act = None,
    norm: Norm = None,
    scale: Scale = None,
    shift: Shift = None,
    init: Init = None,
    inputs: Inputs = None,
    out_channels: Out = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write a page with pictures and plots.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Compare architectures: pictures and measures side by side over the same seeds, and a verdict a line.

    A change is the median of the ratios, one a seed, with an interval; all intervals of one command hold together with
    95%, so that a verdict, which is what its interval excludes, is corrected for how many there are. Cliff's delta says
    how large the difference is against the spread.
    """
    from netwarp.pages.compare_page import again, save
    from netwarp.pages.folder import check
    from netwarp.plane import Raster
    from netwarp.study.compare import compare

    if out is not None:
        check(out)
    subjects = [subject(one, act, norm, scale, shift, init, inputs, out_channels) for one in arch]
    with progress("exact") as report:
        found = compare(
            *subjects,
            measures=wanted(measures),
            matched=None if match == "none" else match,
            seeds=read_seed_set(seeds),
            size=read_size(size),
            plane=None if plane is None else read_plane(plane),
            calibration=None if calibrate is None else Raster(*read_size(calibrate, "--calibrate")),
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
