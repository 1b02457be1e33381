"""The Tone of a film: fitted on frames over all of it, or, of a zoom, at every halving of the view."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

from netwarp.films.recipe import MOST_TONES, FilmRecipe
from netwarp.films.studio import Studio
from netwarp.films.walk import Still, Walk, ZoomWalk
from netwarp.picture.tone import Tone
from netwarp.plane import Raster
from netwarp.progress import Report, stage

# places of the way that are looked at, and about how many pixels each has there
PLACES, PIXELS = 24, 15_000


def fitted(recipe: FilmRecipe, walk: Walk, colour: str, progress: Report | None = None) -> tuple[Tone, ...]:
    """One Tone for all frames; where the recipe's contrast is "view", one for each place that `places_of` gives.

    The same for a film and for its exact one. Errors: NetwarpError, as where values are not finite.
    """
    raster = recipe.picture.raster
    part = max(1.0, (raster.pixels / PIXELS) ** 0.5)
    few = Raster(max(1, round(raster.columns / part)), max(1, round(raster.rows / part)), raster.plane)
    studio = Studio(replace(recipe, exact=False, picture=replace(recipe.picture, raster=few)), walk)
    report = stage(progress, "fitting the tone")
    alone = recipe.picture.contrast == "view"
    places = places_of(walk) if alone else PLACES
    found: list[Tone] = []
    values: list[NDArray[np.float64]] = []
    for n in range(places):
        seen = _values(studio, walk, Fraction(n, max(1, places - 1)) * walk.length)
        if alone:
            found.append(replace(Tone.fit(seen, colour), compressed=None))
        else:
            values.append(seen)
        if report is not None:
            report(n + 1, places)
    return tuple(found) if alone else (Tone.fit(np.concatenate(values, axis=1), colour),)


def places_of(walk: Walk) -> int:
    """How many places of a way have a Tone of their own: those of a zoom where the width is half the one before."""
    if not isinstance(walk, ZoomWalk):
        return PLACES
    return min(MOST_TONES, 1 + ceil(abs(log2(walk.widths[0] / walk.widths[1]))))


def spread_over(count: int, most: int) -> list[int]:
    """At most so many of `count` numbers from 0 on, evenly spread, the first and the last among them."""
    few = min(count, most)
    return sorted({round(n * (count - 1) / max(1, few - 1)) for n in range(few)})


def _values(studio: Studio, walk: Walk, place: Fraction) -> NDArray[np.float64]:
    """(k, rows, columns) what is painted at a place; of two that are cross-faded one above the other."""
    found = walk.at(place)
    parts = []
    for still in (found,) if isinstance(found, Still) else (found.first, found.second):
        samples, centre, _ = studio.painted(studio.field(still), studio.raster(still))
        parts.append(samples.astype(np.float64) if centre is None else samples - centre[:, None, None])
    return np.concatenate(parts, axis=1)
