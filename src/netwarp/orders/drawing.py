"""From a network to its Picture in one call: calibrate, sample, fit the Tone, paint; and how long each took."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

from netwarp.engine.protocol import Floats
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field, Precision
from netwarp.fields.limits import check_memory
from netwarp.fields.rounding import Rounding
from netwarp.log import step
from netwarp.models.slices import Slice
from netwarp.network.lineage import written
from netwarp.network.network import Network
from netwarp.orders.order import Order, order
from netwarp.orders.what import What, as_subject
from netwarp.picture.colouring import Colouring
from netwarp.picture.marks import framed, with_recipe
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster
from netwarp.progress import Report, stage


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Wall time of each step. `probe` chose the arithmetic and probed its rounding.

    `tone` is what fitting took beyond the raster drawn.
    """

    calibrate: float
    probe: float
    tone: float
    sample: float
    paint: float

    @property
    def total(self) -> float:
        return self.calibrate + self.probe + self.tone + self.sample + self.paint


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """A Picture, and what it was made of: the Field, its Samples (k, rows, columns), the Recipe, the times.

    `rounding` is how far the samples are from the network's own function; None where they are of exact pieces.
    """

    field: Field
    samples: Floats = dataclasses.field(repr=False)
    picture: Picture
    recipe: Recipe
    milliseconds: Milliseconds
    rounding: Rounding | None

    def with_axes(self) -> Drawing:
        """The same with numbers along both sides of its picture, in the units of the plane, or of a slice's inputs."""
        if self.recipe.framed:
            return self
        recipe = dataclasses.replace(self.recipe, framed=True, depth=8)
        picture = Picture(framed(self.picture.pixels, recipe), recipe)
        return dataclasses.replace(self, picture=picture, recipe=recipe)

    def _repr_png_(self) -> bytes:
        return self.picture.to_png()


def draw(
    what: What,
    raster: Raster | None = None,
    *,
    slice: Slice | None = None,  # noqa: A002  # what the field calls it
    seed: int | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Raster | None = None,
    colour: str | Colouring | None = None,
    dtype: str | None = None,
    engine: str = "native",
    contrast: str | None = None,
    y: str | None = None,
    progress: Report | None = None,
) -> Drawing:
    """The Picture of what is given: a text as `netwarp draw` takes it, an Architecture or a Network.

    A picture drawn earlier is drawn again, and what is not said is as its recipe says; else the seed is 9, view and
    statistics are of 600x400, and the Tone is fitted. The view is a `raster`, or `size` and `plane`. `slice` is the
    plane in the space of a model's inputs, as `nw.field` takes it; points that it names are marked.
    `colour`, `dtype`, `engine`, `contrast` and `y` are the command's; a Colouring says how fine colours are.
    `progress(stage, done, total)` may raise to cancel. Errors: NetwarpError.

    >>> small = nw.Raster(60, 40)
    >>> nw.draw("conv(10) * 10", small, seed=7, calibration=small).picture
    Picture(60x40)
    >>> nw.draw("conv(10) * 10", colour="lba")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: colour 'lba': no such colouring; ... did you mean "lab"?
    """
    placed = order(
        as_subject(what, "draw", slice),
        seeds=None if seed is None else (seed,),
        raster=raster,
        size=size,
        plane=plane,
        calibration=calibration,
        colour=colour,
        engine=engine,
        dtype=dtype,
        contrast=contrast,
        y=y,
    )
    return drawn(placed, placed.seeds[0], progress=progress)


def drawn(placed: Order, seed: int | None, *, progress: Report | None = None) -> Drawing:
    """The picture of one seed of an Order."""
    drawing = draw_network(
        placed.subject.draw(seed or 0),
        placed.raster,
        calibration=placed.calibration,
        colour=Colouring(placed.colour, placed.dither, placed.depth),
        tone=placed.tone,
        dtype=placed.dtype,
        engine=placed.engine,
        weights=placed.subject.weights,
        contrast=placed.contrast,
        layer=placed.layer,
        channel=placed.channel,
        y=placed.y,
        progress=progress,
    )
    return with_slice(drawing, placed.marks, placed.axes, placed.names, axes_around=placed.framed)


def with_slice(
    drawing: Drawing,
    marks: tuple[tuple[float, float], ...],
    axes: tuple[str, ...],
    names: tuple[str, ...] = (),
    *,
    axes_around: bool = False,
) -> Drawing:
    """The drawing with what its slice says: marks with their names, what the axes are, and the axes around it."""
    if not marks and not axes and not axes_around:
        return drawing
    recipe = dataclasses.replace(drawing.recipe, marks=marks, axes=axes, names=names, framed=axes_around)
    pixels = with_recipe(drawing.picture.pixels, recipe)
    # lines are drawn over bytes
    deep = None if marks or axes_around else drawing.picture.deep
    return dataclasses.replace(drawing, picture=Picture(pixels, recipe, deep), recipe=recipe)


def draw_network(
    network: Network,
    raster: Raster | None = None,
    *,
    calibration: Raster | None = None,
    colour: str | Colouring = "auto",
    tone: Tone | None = None,
    dtype: Precision = "auto",
    engine: str = "native",
    weights: Weights | None = None,
    contrast: str | None = None,
    layer: int | None = None,
    channel: int | None = None,
    y: str = "down",
    progress: Report | None = None,
) -> Drawing:
    """The Picture of a network on `raster`, its statistics taken on `calibration`; both are 600x400 unless given.

    Without `tone`, one is fitted on the samples of the calibration raster, so that every view of a Field shares it.
    `contrast` "view" fits it on the raster drawn, and so does None, whatever `tone`, where the plane is too small for
    float64 coordinates: of a view that deep any other shows one colour. What is painted there are the differences from
    the value at its centre. `weights` says in the recipe where weights come from that no seed gives.
    `layer`, from 1 on, draws one channel of that layer's output, not the network's. `y` "up" draws the smallest y at
    the bottom.
    `progress(stage, done, total)` may raise to cancel. Errors: NetwarpError; LimitError before any work where samples
    and picture exceed the machine's memory.
    """
    raster = raster or Raster()
    calibration = calibration or Raster()
    check_size(raster, network, dtype, layer)
    fine = Colouring.of(colour)
    colour, depth = fine.name or "auto", fine.depth or 8
    started = perf_counter()
    evaluator = calibrator(engine)
    field = calibrate(network, calibration, engine=evaluator, progress=stage(progress, "calibrating"))
    if layer is not None:
        field = field.after(layer)
    calibrated = perf_counter()
    if dtype == "auto" and engine == evaluator:
        # the others choose for themselves
        dtype = field.precision(raster)
    exact = engine == "exact"
    with step("probe") as say:
        say("how far rounding puts the samples off")
        rounding = None if exact else field.rounding(raster, dtype=dtype, progress=stage(progress, "probing"))
    probed = perf_counter()
    deep = field.deep(raster)
    if contrast is None:
        tiny = field.tiny(raster)
        contrast, tone = ("view", None) if tiny else ("whole", tone)
    if tone is None and contrast == "whole" and raster != calibration:
        # before the raster that is drawn, which may be far larger: what has no picture is refused early
        fitting = stage(progress, "fitting the tone")
        home = field.sample(calibration, dtype=dtype, engine=evaluator, progress=fitting)
        tone = Tone.fit(home, colour=colour, channel=channel)
    toned = perf_counter()
    report = stage(progress, "sampling")
    painted: Floats
    if deep and contrast == "view":
        centre, painted = field.around(raster, progress=report)
        samples: Floats = painted + centre[:, None, None]
    else:
        painted = samples = field.sample(raster, dtype=dtype, engine=engine, progress=report)
    sampled = perf_counter()
    if tone is None:
        tone = Tone.fit(painted, colour=colour, channel=channel)
    tone = dataclasses.replace(tone, dither=fine.dither or tone.dither)
    fitted = perf_counter()
    recipe = Recipe(
        architecture=network.text,
        seed=network.seed,
        raster=raster,
        calibration=calibration,
        tone=tone,
        dtype=samples.dtype.name,
        engine=engine,
        weights=weights,
        contrast=contrast,
        layer=field.layer,
        y=y,
        made=written(network.source),
        depth=depth,
    )
    picture = paint(painted, tone, y=y, recipe=recipe, depth=depth, progress=stage(progress, "painting"))
    moments = (started, calibrated, probed, toned, sampled, fitted, perf_counter())
    calibrating, probing, before, sampling, after, painting = (1e3 * (b - a) for a, b in pairwise(moments))
    times = Milliseconds(calibrating, probe=probing, tone=before + after, sample=sampling, paint=painting)
    return Drawing(field, samples=samples, picture=picture, recipe=recipe, milliseconds=times, rounding=rounding)


def calibrator(engine: str) -> str:
    """The evaluator that calibrates, and fits a Tone, where `engine` samples: "exact" and "auto" only sample."""
    return "native" if engine in ("exact", "auto") else engine


def check_size(raster: Raster, network: Network, dtype: str, layer: int | None = None) -> None:
    """Errors: LimitError, with the estimate, where samples and picture together would not fit into this machine."""
    channels = 3 if layer is not None else network.channels
    needed = raster.pixels * (channels * (8 if dtype == "float64" else 4) + 3)
    check_memory(needed, f"samples of {channels} channels and the picture of {raster.columns}x{raster.rows}")
