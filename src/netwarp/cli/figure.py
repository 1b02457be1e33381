"""`netwarp figure`: the founding figure as one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from netwarp.cli.groups import flag, option
from netwarp.cli.options import Size
from netwarp.cli.screen import progress, show
from netwarp.cli.values import read_seed, read_size

NAME = "figure"
EXAMPLES = (
    "Examples:\n"
    "netwarp figure --open                draw it and open it in the browser\n"
    "netwarp figure --seed 3 --out third  the same figure with other networks\n"
    "netwarp figure --size 1200x800       finer pictures\n"
)


def run(
    seed: Annotated[str, option("--seed", "N", "The seed of every network on the page.")] = "9",
    size: Size = "600x400",
    out: Annotated[Path, option("--out", "FOLDER", "The folder for index.html and its PNGs.")] = Path("netwarp-figure"),
    show_page: Annotated[bool, flag("--open", "Open the page in the browser.")] = False,
) -> None:
    """Draw one page of pictures: depth against width, other structures, scale and shift, why networks are normalised.

    It is the figure of the 2016 note "Visualize the Complexity of Neural Networks". The page also has measures over 16
    seeds, and states how much more complex the deeper network is and what scale and shift change. This takes under 90
    seconds on two cores. The two pictures at the top have twice the --size.
    """
    from netwarp.pages.figure import figure

    columns, rows = read_size(size)
    number = read_seed(seed)
    with progress("exact") as report:
        page = figure(out, seed=number, columns=columns, rows=rows, progress=report)
    show(str(page))
    if show_page:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())
