"""`netwarp measure`: how complex, in numbers, with an interval over seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netwarp.cli import completion
from netwarp.cli.options import Act, Arch, Init, Inputs, Json, Norm, Out, Scale, Shift, subject
from netwarp.cli.screen import Column, progress, show, show_json, show_table
from netwarp.cli.values import read_plane, read_seed_set, read_size, read_words

NAME = "measure"
EXAMPLES = (
    "Examples:\n"
    "netwarp measure 'conv(10) * 10'\n"
    "netwarp measure vgg --measures total_variation,holes --seeds 64\n"
    "netwarp measure weights.npz --json      one Field: values, no interval\n"
    "netwarp measure resnet --seeds 100..131 --csv resnet.csv\n"
    "In Python: nw.measure(field, names); nw.ensemble('conv(10) * 10', names)\n"
)

Measures = Annotated[
    str | None,
    typer.Option(
        "--measures",
        metavar="A,B|all",
        help="Names of netwarp measures; all that apply unless given.",
        autocompletion=completion.measures,
        show_default=False,
    ),
]
Seeds = Annotated[
    str | None,
    typer.Option("--seeds", metavar="N", help="How many: 32 is 0..31. Or which: 8..15 or 3,5,9.", show_default=False),
]
Plane = Annotated[
    str | None,
    typer.Option("--plane", metavar="X0,X1,Y0,Y1", help="The rectangle: -0.5,0.5,-0.5,0.5 unless given."),
]
Calibrate = Annotated[
    str | None,
    typer.Option("--calibrate", metavar="COLUMNSxROWS", help="Where statistics are taken: 600x400 unless given."),
]


def run(
    arch: Arch,
    seeds: Seeds = None,
    measures: Measures = None,
    size: Annotated[
        str, typer.Option("--size", metavar="COLUMNSxROWS", help="Points of the plane that are looked at.")
    ] = "256x256",
    plane: Plane = None,
    calibrate: Calibrate = None,
    act: Act = None,
    norm: Norm = None,
    scale: Scale = None,
    shift: Shift = None,
    init: Init = None,
    inputs: Inputs = None,
    out_channels: Out = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the table with all digits.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Measure how complex a function is: the median over 32 seeds with a 95% interval, a row a measure.

    Each interval is for its measure alone, not corrected for how many measures there are; compare corrects.

    Ramp and noise are the same measure of a plain ramp and of white noise on the same raster: references, not limits; a
    value may lie beyond either. A measure is resolved where half the resolution gives the same within 10% and its own
    error, where that is known, is as small. What does not apply is absent, and says why.
    """
    from netwarp.orders.csv_files import check_csv, save_csv
    from netwarp.study.measuring import measured

    check_csv(csv)
    what = subject(arch, act, norm, scale, shift, init, inputs, out_channels)
    with progress("exact") as report:
        found = measured(
            what,
            wanted(measures),
            seeds=None if seeds is None else read_seed_set(seeds),
            size=read_size(size),
            plane=None if plane is None else read_plane(plane),
            calibration=None if calibrate is None else read_size(calibrate, "--calibrate"),
            progress=report,
        )
    save_csv(csv, found.csv())
    if json:
        show_json(found.data() | ({} if csv is None else {"csv": str(csv)}))
        return
    for sentence in found.sentences():
        show(sentence)
    show_table(
        [
            Column("measure"),
            Column("unit", below=True),
            Column("median" if found.seeds else "value", number=True),
            Column("95% interval", number=True),
            Column("ramp", number=True),
            Column("noise", number=True),
            Column("resolved"),
        ],
        found.rows(),
    )
    for line in found.notes():
        show(line)
    if csv is not None:
        show(str(csv))


def wanted(measures: str | None) -> str | tuple[str, ...] | None:
    """What `--measures` asks for, as the library takes it. Errors: InputError."""
    if measures is None or measures.strip() == "all":
        return "all"
    return read_words(measures, "--measures", "total_variation,mean_frequency")
