"""`netwarp regions`: the exact regions of a piecewise-linear network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli import completion
from netwarp.cli.groups import option
from netwarp.cli.options import Axes, Json, Seed, SubjectOptions, ViewOptions, WayOfY, tell
from netwarp.cli.screen import progress, show, show_json, show_table
from netwarp.cli.values import read_seed, read_segment, read_value, read_whole

NAME = "regions"
EXAMPLES = (
    "Examples:\n"
    "netwarp regions 'conv(10) * 10'\n"
    "netwarp regions 'conv(10) * 10' --svg cells.svg    boundaries as vectors\n"
    "netwarp regions 'conv(10) * 10' --seed 7 --png cells.png\n"
    "netwarp regions cells.png --plane -0.1,0.1,-0.1,0.1 --json\n"
    "netwarp regions weights.npz --activation relu --plane -1,1,-1,1\n"
)


def run(
    subject: SubjectOptions,
    seed: Seed = None,
    view: ViewOptions = ViewOptions(),
    layer: Annotated[
        str | None, option("--layer", "L", "Take the output of this layer instead of the network's; 1 is the first.")
    ] = None,
    contour: Annotated[
        str | None, option("--contour", "V", "Draw the level set of the first channel at this value.")
    ] = None,
    line: Annotated[
        str | None, option("--line", "X0,Y0,X1,Y1", "Count kinks and switches along this line instead of the diagonal.")
    ] = None,
    limit: Annotated[str, option("--limit", "N", "Stop, with exit status 3, if there are more regions.")] = "20000000",
    svg: Annotated[Path | None, option("--svg", "FILE", "Draw the cells as vectors.")] = None,
    png: Annotated[Path | None, option("--png", "FILE", "Draw the boundaries of the cells over the picture.")] = None,
    colour_by: Annotated[
        str | None,
        option(
            "--colour-by",
            "NAME",
            "Colour the cells by pattern, value, gradient or area; layer draws boundaries on white.",
            completion.colourings,
        ),
    ] = None,
    y: WayOfY = None,
    axes: Axes = False,
    json: Json = False,
) -> None:
    """Count, measure and draw the exact regions of a piecewise-linear network.

    An activation region is a connected set on which every unit stays on one of its pieces; a linear region is a maximal
    piece with one affine map. Along a line, a kink is a point where the function bends, a switch one where the
    activation pattern changes. Signs that floats leave in doubt are computed in exact arithmetic. --size gives the
    pixels of the PNG and the proportions of the SVG; by default they follow the plane. Without --plane the plane grows
    to the proportions of --size, and what is counted is what is drawn.
    """
    from netwarp.orders.survey import survey
    from netwarp.orders.tessellations import check_files, save

    check_files(svg, png, colour_by)
    what = subject.read()
    with progress("exact") as report:
        found = survey(
            what,
            seed=None if seed is None else read_seed(seed),
            **view.read(what),
            y=y,
            axes=axes,
            layer=None if layer is None else read_whole(layer, "--layer"),
            level=None if contour is None else read_value(contour, "--contour"),
            segment=None if line is None else read_segment(line),
            limit=read_whole(limit, "--limit"),
            progress=report,
        )
        save(found, svg=svg, png=png, colour_by=colour_by, progress=report)
    tell(what, view)
    if json:
        files = {name: str(path) for name, path in (("svg", svg), ("png", png)) if path is not None}
        show_json(found.data() | files)
        return
    show(found.sentence())
    show_table(("what", "value", "known bounds"), found.rows(), numbers=("value",))
    for path in (svg, png):
        if path is not None:
            show(str(path))
