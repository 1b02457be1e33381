"""What a poster's bands share: the Field, the arithmetic, the plane, the Tone, and the recipe that says them."""

from __future__ import annotations

from dataclasses import replace

from netwarp.fields.calibration import calibrate
from netwarp.orders.order import Order
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.plane import Raster
from netwarp.posters.bands import Banded
from netwarp.posters.widening import widened
from netwarp.progress import Report, stage

# pixels a side, at most, of what a tone is fitted on where it is the view's own
FITTED = 600


def settled(what: Order, progress: Report | None = None) -> tuple[Banded, Recipe, tuple[str, ...]]:
    """The Field on the poster's rows, the recipe with the fitted Tone, and what the reader must be told.

    Errors: NetwarpError.
    """
    (seed,) = what.seeds
    network = what.subject.draw(seed or 0)
    field = calibrate(network, what.calibration, progress=stage(progress, "calibrating"))
    if what.layer is not None:
        field = field.after(what.layer)
    again = what.subject.recipe is not None and what.subject.recipe.raster == what.raster
    # a poster that is drawn again has its own plane, widened or not
    wide = None if again else widened(field.program, what.raster, field.raster.pitch)
    raster = what.raster if wide is None else wide.raster
    dtype = field.precision(raster) if what.dtype == "auto" else what.dtype
    banded = Banded(field, raster, dtype, up=what.y == "up")
    tone, contrast = what.tone, what.contrast or "whole"
    if tone is None:
        fitted = what.calibration if contrast == "whole" else _smaller(raster)
        home = field.sample(fitted, dtype=dtype, progress=stage(progress, "fitting the tone"))
        tone = Tone.fit(home, colour=what.colour, channel=what.channel)
    tone = replace(tone, dither=what.dither or tone.dither)
    recipe = Recipe(
        architecture=network.text,
        seed=network.seed,
        raster=raster,
        calibration=what.calibration,
        tone=tone,
        dtype=dtype,
        engine="native",
        weights=what.subject.weights,
        contrast=contrast,
        layer=field.layer,
        y=what.y,
    )
    return banded, recipe, () if wide is None or not wide.share else (wide.sentence(),)


def _smaller(raster: Raster) -> Raster:
    """The raster's plane through at most 600 pixels a side."""
    most = max(raster.columns, raster.rows)
    columns, rows = (max(1, side * min(most, FITTED) // most) for side in (raster.columns, raster.rows))
    return Raster(columns, rows, raster.plane)
