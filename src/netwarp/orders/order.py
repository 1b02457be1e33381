"""An order of pictures: what to draw, through which raster, into which files.

Whatever an order leaves unsaid comes from the recipe of the picture it starts from, else from the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from netwarp.errors import InputError, LimitError, nearest
from netwarp.fields.field import Precision
from netwarp.files import check_place
from netwarp.network.source import SEED
from netwarp.orders.subject import OwnWeights, Subject
from netwarp.picture.colouring import Colouring
from netwarp.picture.recipe import CONTRASTS, check_depth, check_y
from netwarp.picture.tone import Tone, channels_of
from netwarp.plane import Calibration, Plane, Raster, calibrated_on, squared, view

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
MAX_SHEET_BYTES = 1 << 32


class Outputs(NamedTuple):
    """What is written: pictures to `out`, a file or a folder, on one contact sheet or each by itself; the `samples`."""

    out: Path | None = None
    sheet: bool = False
    samples: Path | None = None


HERE = Outputs()


@dataclass(frozen=True, slots=True)
class Order:
    """Pictures of one Subject, one a seed. `tone` None: fitted, with `colour`. `out` None: this folder.

    `contrast` None: of all views, but of the view itself where it is too deep for float64 coordinates.
    """

    subject: Subject
    seeds: tuple[int | None, ...]
    raster: Raster
    calibration: Raster
    tone: Tone | None
    colour: str
    dtype: Precision
    engine: str
    out: Path | None
    sheet: bool
    samples: Path | None
    contrast: str | None = None
    layer: int | None = None
    channel: int | None = None
    y: str = "down"
    marks: tuple[tuple[float, float], ...] = ()
    axes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    framed: bool = False
    dither: bool = False
    depth: int = 8


def order(
    subject: Subject,
    *,
    seeds: tuple[int, ...] | None = None,
    raster: Raster | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Calibration | None = None,
    colour: str | Colouring | None = None,
    engine: str = "native",
    dtype: str | None = None,
    files: Outputs = HERE,
    contrast: str | None = None,
    y: str | None = None,
    axes: bool = False,
) -> Order:
    """The Order of what is said and what the subject's recipe says; checked as far as possible before any work.

    A recipe's Tone is kept as long as network and calibration are the recipe's and no other colour or contrast is asked
    for; one that was fitted on a view as long as that view is. `y` is the way that y grows: "down" for what netwarp
    draws by itself, "up" for a model. `axes` stand around the picture, as around that of a recipe that has
    them. Pixels are square where no plane is said: the plane is then the smallest of the raster's proportions that
    contains the subject's own.
    Errors: InputError, LimitError.
    """
    fine = Colouring.of(colour)
    colour = fine.name
    recipe = subject.recipe
    own = Raster(plane=subject.plane or Plane())
    if recipe is None and raster is None and plane is None:
        raster = squared("draw", own.plane, (own.columns, own.rows) if size is None else size)
    else:
        raster = view("draw", own if recipe is None else recipe.raster, raster, size=size, plane=plane)
        if subject.homeless:
            # colours are fitted where it is seen first
            own = Raster(plane=raster.plane)
    settled = calibrated_on(own if recipe is None else recipe.calibration, calibration)
    chosen = _seeds(subject, seeds)
    tone = layer = channel = None
    if recipe is not None:
        architecture = subject.text
        if architecture == recipe.architecture and recipe.layer is not None:
            # what a picture shows of a network, it shows of other seeds and views too
            layer, channel = recipe.layer, recipe.tone.channels[0]
        same = (architecture, chosen, settled) == (recipe.architecture, (recipe.seed,), recipe.calibration)
        if colour is None:
            # one channel through a map cannot become three, nor three one: then the colour is chosen anew
            kept = same or layer is not None or _fits(recipe.tone.colour, subject)
            colour = recipe.tone.colour if kept else "auto"
        if contrast is None and raster == recipe.raster:
            contrast = recipe.contrast
        # a tone that was fitted on one view is of no other
        kept = recipe.contrast == (contrast or "whole") and (contrast != "view" or raster == recipe.raster)
        tone = recipe.tone if same and kept and colour == recipe.tone.colour else None
        if dtype is None:
            exact = raster == recipe.raster or recipe.dtype == "float64"
            dtype = recipe.dtype if same and exact else "auto"
    colour = colour or "auto"
    precision = next((known for known in PRECISIONS if known == (dtype or "auto")), None)
    if precision is None:
        raise InputError(
            f"--dtype {str(dtype)[:40]!r}: must be auto, float32 or float64{nearest(str(dtype), PRECISIONS)}"
        )
    if contrast not in (None, *CONTRASTS):
        raise InputError(
            f"--contrast {contrast[:40]!r}: must be {' or '.join(CONTRASTS)}{nearest(contrast, CONTRASTS)}"
        )
    deep = check_depth(fine.depth or (8 if recipe is None else recipe.depth), "--depth")
    grows = y or (way_of_y(subject) if recipe is None else recipe.y)
    check_y(grows, "--y")
    marks, framed = subject.marks if recipe is None else recipe.marks, axes or (recipe is not None and recipe.framed)
    if deep == 16 and (files.sheet or marks or framed):
        raise InputError("--depth 16: is of a picture by itself, without a sheet, marks or axes; leave them out")
    check_place("--out", files.out, ".png", folder=True)
    check_place("--samples", files.samples, ".npy")
    needed = raster.pixels * 3 * len(chosen)
    if files.sheet and needed > MAX_SHEET_BYTES:
        raise LimitError(
            f"--sheet of {len(chosen)} pictures of {raster.columns}x{raster.rows}: {needed / 2**30:.3g} GiB, at most "
            "4 GiB are allowed; choose a smaller --size or fewer seeds"
        )
    return Order(
        subject,
        seeds=chosen,
        raster=raster,
        calibration=settled,
        tone=tone,
        colour=colour,
        dtype=precision,
        engine=engine,
        out=files.out,
        sheet=files.sheet,
        samples=files.samples,
        contrast=contrast,
        layer=layer,
        channel=channel,
        y=grows,
        marks=marks,
        axes=subject.axes if recipe is None else recipe.axes,
        names=subject.names if recipe is None else recipe.names,
        framed=framed,
        dither=fine.dither or (recipe is not None and recipe.tone.dither),
        depth=deep,
    )


def _seeds(subject: Subject, seeds: tuple[int, ...] | None) -> tuple[int | None, ...]:
    own = subject.seed()
    if not isinstance(subject.source, OwnWeights):
        return seeds or (SEED if own is None else own,)
    if seeds not in (None, (own,)):
        raise InputError(f"{subject.name}: its weights are given, so no seed draws them; leave out --seed")
    return (own,)


def way_of_y(subject: Subject) -> str:
    """The way that y grows in the pictures of a subject unless another is asked for: "up" of a model, else "down"."""
    return "up" if _own_home(subject) else "down"


def _own_home(subject: Subject) -> bool:
    """Whether it is a model: weights without an architecture that are not netwarp's own, as folding(4, 4) is."""
    return subject.network is not None and subject.architecture is None and subject.formula is None


def _fits(colour: str, subject: Subject) -> bool:
    return channels_of(colour) == 1 or subject.channels == 3
