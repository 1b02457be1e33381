"""`netwarp regions`: the exact regions of a piecewise-linear network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netwarp.cli import completion
from netwarp.cli.options import Act, Arch, Init, Inputs, Json, Norm, Out, Scale, Shift, subject
from netwarp.cli.screen import Column, progress, show, show_json, show_table
from netwarp.cli.values import read_numbers, read_plane, read_seed, read_segment, read_size, read_value, read_whole

NAME = "regions"
EXAMPLES = (
    "Examples:\n"
    "netwarp regions 'conv(10) * 10'\n"
    "netwarp regions 'conv(10) * 10' --svg cells.svg    boundaries as vectors\n"
    "netwarp regions 'conv(10) * 10' --seed 7 --png cells.png\n"
    "netwarp regions cells.png --plane -0.1,0.1,-0.1,0.1 --json\n"
    "netwarp regions weights.npz --activation relu --plane -1,1,-1,1\n"
)

_FILE = "An NPZ of plain weights W0, b0, W1, b1, ..."


def run(
    arch: Arch,
    seed: Annotated[str | None, typer.Option("--seed", metavar="N", help="0 unless given.", show_default=False)] = None,
    plane: Annotated[
        str | None,
        typer.Option("--plane", metavar="X0,X1,Y0,Y1", help="The rectangle: -0.5,0.5,-0.5,0.5 unless given."),
    ] = None,
    layer: Annotated[
        str | None, typer.Option("--layer", metavar="L", help="The regions of this layer's output, 1 the first.")
    ] = None,
    contour: Annotated[
        str | None, typer.Option("--contour", metavar="V", help="The level set of the first channel at this value.")
    ] = None,
    line: Annotated[
        str | None,
        typer.Option(
            "--line", metavar="X0,Y0,X1,Y1", help="Count kinks and switches along this line, not the diagonal."
        ),
    ] = None,
    limit: Annotated[
        str, typer.Option("--limit", metavar="N", help="Stop, with exit status 3, where regions are more.")
    ] = "20000000",
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw the cells as vectors.", show_default=False)
    ] = None,
    png: Annotated[
        Path | None,
        typer.Option("--png", metavar="FILE", help="Draw their boundaries over the picture.", show_default=False),
    ] = None,
    colour_by: Annotated[
        str | None,
        typer.Option(
            "--colour-by",
            metavar="NAME",
            help="Fill cells by pattern, value, gradient or area; layer: boundaries on white.",
            autocompletion=completion.colourings,
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option("--size", metavar="COLUMNSxROWS", help="Pixels of the PNG, proportions of the SVG: the plane's."),
    ] = None,
    calibrate: Annotated[
        str | None,
        typer.Option("--calibrate", metavar="COLUMNSxROWS", help="Where statistics are taken: 600x400 unless given."),
    ] = None,
    act: Act = None,
    norm: Norm = None,
    scale: Scale = None,
    shift: Shift = None,
    init: Init = None,
    inputs: Inputs = None,
    out_channels: Out = None,
    activation: Annotated[
        str | None,
        typer.Option(
            "--activation",
            metavar="NAME",
            help="After every layer but the last: relu unless given.",
            autocompletion=completion.activations,
            rich_help_panel=_FILE,
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin", metavar="A,B,...", help="More than two inputs are origin + x u + y v.", rich_help_panel=_FILE
        ),
    ] = None,
    u: Annotated[str | None, typer.Option("--u", metavar="A,B,...", rich_help_panel=_FILE)] = None,
    v: Annotated[str | None, typer.Option("--v", metavar="A,B,...", rich_help_panel=_FILE)] = None,
    json: Json = False,
) -> None:
    """Count, measure and draw the exact regions of a piecewise-linear network.

    Activation regions are open connected sets of one activation pattern, linear regions maximal pieces with one affine
    map. Along a line, kinks are where the function bends, switches where the activation pattern changes. Signs that
    floats leave in doubt are settled in exact arithmetic.
    """
    from netwarp.orders.slice import Completion
    from netwarp.orders.survey import survey
    from netwarp.orders.tessellations import check_files, save

    check_files(svg, png, colour_by)
    plain = Completion(
        activation,
        None if origin is None else read_numbers(origin, "--origin"),
        None if u is None else read_numbers(u, "--u"),
        None if v is None else read_numbers(v, "--v"),
    )
    what = subject(arch, act, norm, scale, shift, init, inputs, out_channels, plain=plain)
    with progress("exact") as report:
        found = survey(
            what,
            seed=None if seed is None else read_seed(seed),
            plane=None if plane is None else read_plane(plane),
            size=None if size is None else read_size(size),
            calibration=None if calibrate is None else read_size(calibrate, "--calibrate"),
            layer=None if layer is None else read_whole(layer, "--layer"),
            level=None if contour is None else read_value(contour, "--contour"),
            segment=None if line is None else read_segment(line),
            limit=read_whole(limit, "--limit"),
            progress=report,
        )
        save(found, svg=svg, png=png, colour_by=colour_by, progress=report)
    if json:
        files = {name: str(path) for name, path in (("svg", svg), ("png", png)) if path is not None}
        show_json(found.data() | files)
        return
    show(found.sentence())
    show_table([Column("what"), Column("value", number=True), Column("known bounds")], found.rows())
    for path in (svg, png):
        if path is not None:
            show(str(path))
