"""`netwarp poster`: a picture of any size, drawn in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from netwarp.cli.groups import flag, option
from netwarp.cli.options import ColourOptions, EngineOptions, Json, Seed, SubjectOptions, ViewOptions, WayOfY, tell
from netwarp.cli.screen import note, progress, show, show_json
from netwarp.cli.values import read_count, read_positive, read_seed, read_whole, shown
from netwarp.errors import InputError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from netwarp.plane import Plane
    from netwarp.posters.paper import Sheet

NAME = "poster"
EXAMPLES = (
    "Examples:\n"
    "netwarp poster 'conv(10) * 10' --size 40000x30000 -o warp.png\n"
    "netwarp poster warp.png --size 40000x30000 -o large.png      draw an earlier picture larger\n"
    "netwarp poster warp.png --size 40000x30000 -o large.png --resume    go on after a kill\n"
    "netwarp poster vgg --print A2 --profile adobe-rgb --depth 16 -o vgg.tif\n"
    "netwarp poster vgg --size 40000x30000 --dzi -o vgg.png    with tiles for a Deep Zoom viewer beside it\n"
    "netwarp poster siren --size 8000x6000 -o siren.exr    the raw values\n"
)
Text = str | None


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """The size on paper."""

    paper: Annotated[
        Text, option("--print", "PAPER", "In place of --size: A0 to A6, B0 to B5, letter, ..., or as in 420x594mm.")
    ] = None
    dpi: Annotated[
        Text, option("--dpi", "N", "Pixels an inch, which the file says: 300 with --print, unless given.")
    ] = None
    bleed: Annotated[
        Text, option("--bleed", "LENGTH", "With --print: as much more at every side, to be cut off, as in 3mm.")
    ] = None
    PANEL: ClassVar[str] = "On paper"

    def sheet(self, size: Text, plane: Plane | None) -> Sheet | None:
        """The sheet of paper; None where none is said. Errors: InputError."""
        from netwarp.posters.paper import read_sheet

        if self.paper is None:
            if self.bleed is not None:
                raise InputError(f"--bleed {shown(self.bleed)}: is of a sheet of paper; add --print A2")
            return None
        if size is not None:
            raise InputError("--print and --size: give one; --print and --dpi say how many pixels")
        return read_sheet(self.paper, self.density() or 300.0, self.bleed, plane)

    def density(self) -> float | None:
        """Pixels an inch; None where nothing is said. Errors: InputError."""
        return None if self.dpi is None else read_positive(self.dpi, "--dpi", "300")


@dataclass(frozen=True, slots=True)
class FinishOptions:
    """How the file is to be."""

    profile: Annotated[
        str, option("--profile", "NAME", "The colours of a .png or .tif: srgb, display-p3 or adobe-rgb.")
    ] = "srgb"
    depth: Annotated[str, option("--depth", "BITS", "Bits a colour of a .png or .tif: 8 or 16.")] = "8"
    dzi: Annotated[bool, flag("--dzi", "Also write a folder of tiles, for a Deep Zoom viewer.")] = False
    level: Annotated[
        str,
        option(
            "--level",
            "N",
            "How hard to compress, 1 to 9: 4 unless given; 6 makes files a tenth smaller.",
        ),
    ] = "4"
    PANEL: ClassVar[str] = "The file"


@dataclass(frozen=True, slots=True)
class AgainOptions:
    """What becomes of a poster that an earlier run has begun."""

    resume: Annotated[bool, flag("--resume", "Go on from the FILE.part that a killed run has left.")] = False
    restart: Annotated[bool, flag("--restart", "Begin anew, whatever FILE.part there is.")] = False


def run(
    subject: SubjectOptions,
    out: Annotated[Path, option("-o, --out", "FILE", "The file to write, by its ending: .png, .tif or .exr.")],
    seed: Seed = None,
    view: ViewOptions = ViewOptions(),
    colours: ColourOptions = ColourOptions(),
    y: WayOfY = None,
    evaluator: EngineOptions = EngineOptions(),
    paper: PaperOptions = PaperOptions(),
    finish: FinishOptions = FinishOptions(),
    again: AgainOptions = AgainOptions(),
    preview: Annotated[bool, flag("--preview", "Write only FILE-preview.png, of at most 1,000 pixels a side.")] = False,
    dask: Annotated[Text, option("--dask", "ADDRESS", "The Dask scheduler whose workers draw the bands.")] = None,
    json: Json = False,
) -> None:
    """Draw a picture of any size, by bands of rows straight into the file, in at most 512 MiB of memory.

    It carries its recipe, as every picture does. A poster that is killed stays in FILE.part: --resume goes on from its
    last whole row, to the same bytes.
    """
    from netwarp.orders.order import order
    from netwarp.posters.preview import preview_of
    from netwarp.posters.writing import Finish, draw_poster

    read = subject.read()
    seen = view.read(read)
    sheet = paper.sheet(view.size, seen["plane"] or read.plane)
    if sheet is not None:
        seen["size"] = sheet.trimmed
    what = order(
        read,
        seeds=None if seed is None else (read_seed(seed),),
        **seen,
        colour=colours.read(),
        engine=evaluator.read(),
        dtype=evaluator.dtype,
        y=y,
    )
    if sheet is not None:
        what = replace(what, raster=sheet.with_bleed(what.raster))
    made = Finish(
        level=read_count(finish.level, "--level", 9),
        dpi=paper.density() if sheet is None else sheet.dpi,
        profile=finish.profile,
        depth=read_whole(finish.depth, "--depth"),
        dzi=finish.dzi,
    )
    if preview:
        what, out, made = preview_of(what, out, made)
    with progress(evaluator.engine) as report, _workers(dask) as executor:
        drawn = draw_poster(
            what, out, made, resume=again.resume, restart=again.restart, executor=executor, progress=report
        )
    tell(what.subject, view)
    for line in drawn.notes:
        note(line)
    if json:
        show_json(drawn.data())
        return
    if again.resume:
        note(f"resumed at row {drawn.reused:,}" if drawn.reused else "begun anew: no part was there to go on from")
    show(drawn.sentence())


@contextmanager
def _workers(address: str | None) -> Iterator[Executor | None]:
    """The executor of a Dask scheduler; None where this process draws. Errors: InputError."""
    if address is None:
        yield None
        return
    from netwarp.study.running.cluster import lent_by

    with lent_by(address) as executor:
        yield executor
