"""`netwarp draw`: the picture of one network, or of several seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from netwarp.cli.groups import flag, option
from netwarp.cli.options import Axes, ColourOptions, EngineOptions, Json, SubjectOptions, ViewOptions, WayOfY, tell
from netwarp.cli.screen import note, on_terminal, progress, show, show_json, show_picture
from netwarp.cli.values import read_seeds

if TYPE_CHECKING:
    from netwarp.orders.filling import DrawnFile

NAME = "draw"
EXAMPLES = (
    "Examples:\n"
    "netwarp draw 'conv(10) * 10'\n"
    "netwarp draw 'conv(10) * 10' --act sigmoid --seed 7 -o warp.png\n"
    "netwarp draw warp.png --size 4000x3000            draw the same network larger\n"
    "netwarp draw warp.png --plane -0.1,0.1,-0.1,0.1   draw a smaller part of it\n"
    "netwarp draw vgg --seed 0..15 --sheet             draw sixteen seeds on a sheet\n"
    "netwarp draw 'conv(10) * 6' --inputs 'wallpaper(p4m)' --plane tile    a tile that repeats without a seam\n"
    "netwarp draw siren --colour 'duotone(#221a54, #ffb27a)'    one output, between two colours\n"
    "netwarp draw siren --palette photo.jpg            one output, in the colours of an image\n"
    "netwarp draw siren --samples siren.npy --json     write the values too\n"
    "netwarp draw model.npz --data points.csv --slice 'pca()'    a model of more than two inputs\n"
    "netwarp draw model.npz --slice 'features(0, 1, at=(0, 0, 5))' --axes    with numbers along both sides\n"
)


@dataclass(frozen=True, slots=True)
class KeepOptions:
    """What is kept of the picture beside its bytes."""

    depth: Annotated[str | None, option("--depth", "BITS", "Bits a colour of the PNG: 8, or 16.")] = None
    samples: Annotated[
        Path | None, option("--samples", "FILE.npy", "Also write the values: float, channels x rows x columns.")
    ] = None


def run(
    subject: SubjectOptions,
    out: Annotated[
        Path | None,
        option("-o, --out", "FILE", "The PNG or the folder to write. Several seeds are written as NAME-SEED.png."),
    ] = None,
    seed: Annotated[
        str | None, option("--seed", "N", "One seed, a number or a word, or several: 0..15 or 0,3,7.")
    ] = None,
    sheet: Annotated[bool, flag("--sheet", "Put all seeds on one contact sheet.")] = False,
    view: ViewOptions = ViewOptions(),
    colours: ColourOptions = ColourOptions(),
    contrast: Annotated[
        str | None,
        option(
            "--contrast",
            "NAME",
            "Fit colours to the whole home, for all views, or to this view (the default of deep ones): whole or view.",
        ),
    ] = None,
    y: WayOfY = None,
    axes: Axes = False,
    evaluator: EngineOptions = EngineOptions(),
    keep: KeepOptions = KeepOptions(),
    dry_run: Annotated[bool, flag("--dry-run", "Only estimate time and memory.")] = False,
    json: Json = False,
) -> None:
    """Draw the picture of a network: its outputs at every point of the plane, as colours.

    A picture carries its recipe. If ARCH is such a picture, the options you leave out are as in its recipe; otherwise
    pictures have 600x400 pixels unless --size is given.
    """
    from netwarp.orders.filling import fill
    from netwarp.orders.guess import estimate
    from netwarp.orders.order import Outputs, order

    asked = subject.read()
    what = order(
        asked,
        seeds=None if seed is None else read_seeds(seed),
        **view.read(asked),
        colour=colours.read(keep.depth),
        engine=evaluator.read(),
        dtype=evaluator.dtype,
        files=Outputs(out, sheet, keep.samples),
        contrast=contrast,
        y=y,
        axes=axes,
    )
    if dry_run:
        with progress(evaluator.engine) as report:
            guess = estimate(what, progress=report)
        tell(what.subject, view)
        if json:
            show_json(guess.data())
        else:
            show(guess.sentence())
        return
    with progress(evaluator.engine) as report:
        finished = fill(what, progress=report)
    tell(what.subject, view)
    if json:
        show_json(finished[0].data() if len(finished) == 1 else {"pictures": [one.data() for one in finished]})
        return
    _show(finished, out is None)


def _show(finished: tuple[DrawnFile, ...], picture: bool) -> None:
    for one in finished:
        if picture and one.picture is not None:
            show_picture(one.picture)
        show(one.sentence() if on_terminal() else str(one.file))
        if one.warning():
            note(one.warning())
