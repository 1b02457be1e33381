"""`netwarp poster`: a picture of any size, drawn in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from netwarp.cli import completion
from netwarp.cli.groups import flag, option
from netwarp.cli.options import EngineOptions, Json, Seed, SubjectOptions, ViewOptions, WayOfY, tell
from netwarp.cli.screen import note, progress, show, show_json
from netwarp.cli.values import read_count, read_positive, read_seed

NAME = "poster"
EXAMPLES = (
    "Examples:\n"
    "netwarp poster 'conv(10) * 10' --size 40000x30000 -o warp.png\n"
    "netwarp poster warp.png --size 40000x30000 -o large.png      draw an earlier picture larger\n"
    "netwarp poster warp.png --size 40000x30000 -o large.png --resume    go on after a kill\n"
)
Text = str | None


@dataclass(frozen=True, slots=True)
class FinishOptions:
    """How the file is to be."""

    dpi: Annotated[Text, option("--dpi", "N", "Pixels an inch, which the file says.")] = None
    level: Annotated[
        str, option("--level", "N", "How hard to compress, 1 to 9: 4 unless given; 6 takes a third of the time more.")
    ] = "4"
    PANEL: ClassVar[str] = "The file"


@dataclass(frozen=True, slots=True)
class AgainOptions:
    """What becomes of a poster that an earlier run has begun."""

    resume: Annotated[bool, flag("--resume", "Go on from the FILE.part that a killed run has left.")] = False
    restart: Annotated[bool, flag("--restart", "Begin anew, whatever FILE.part there is.")] = False


def run(
    subject: SubjectOptions,
    out: Annotated[Path, option("-o, --out", "FILE.png", "The file to write.")],
    seed: Seed = None,
    view: ViewOptions = ViewOptions(),
    colour: Annotated[
        Text, option("--colour", "NAME", "As for netwarp draw: lab, gray, viridis, ...", completion.colours)
    ] = None,
    y: WayOfY = None,
    evaluator: EngineOptions = EngineOptions(),
    finish: FinishOptions = FinishOptions(),
    again: AgainOptions = AgainOptions(),
    json: Json = False,
) -> None:
    """Draw a picture of any size, by bands of rows straight into the file, in at most 512 MiB of memory.

    It carries its recipe, as every picture does. A poster that is killed stays in FILE.part: --resume goes on from its
    last whole row, to the same bytes.
    """
    from netwarp.orders.order import order
    from netwarp.posters.poster import Finish, draw_poster

    what = order(
        subject.read(),
        seeds=None if seed is None else (read_seed(seed),),
        **view.read(),
        colour=colour,
        engine=evaluator.read(),
        dtype=evaluator.dtype,
        y=y,
    )
    made = Finish(
        level=read_count(finish.level, "--level", 9),
        dpi=None if finish.dpi is None else read_positive(finish.dpi, "--dpi", "300"),
    )
    with progress(evaluator.engine) as report:
        drawn = draw_poster(what, out, made, resume=again.resume, restart=again.restart, progress=report)
    tell(what.subject, view)
    if json:
        show_json(drawn.data())
        return
    if again.resume:
        note(f"resumed at row {drawn.reused:,}" if drawn.reused else "begun anew: no part was there to go on from")
    show(drawn.sentence())
