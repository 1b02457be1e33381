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
# what frames between keys may be calibrated on, how far that may put them off, and where it is looked at
COARSE, JUMP = (4, 3, 2), 1 / 500
BETWEEN = (Fraction(3, 19), Fraction(10, 19), Fraction(16, 19))


def fitted(recipe: FilmRecipe, walk: Walk, colour: str, progress: Report | None = None) -> tuple[Tone, ...]:
    """One Tone for all frames; where the recipe's contrast is "view", one for each place that `places_of` gives.

    The same for a film and for its exact one. Errors: NetwarpError, as where values are not finite.
    """
    studio = Studio(replace(_few(recipe), exact=False), walk)
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


def coarse_of(recipe: FilmRecipe, walk: Walk) -> int:
    """How much coarser than the calibration Raster frames between keys may be calibrated, on each side: 4, 3, 2 or 1.

    The most by which three such frames, spread over the way, are off by no more than 1/500 of their standard deviation:
    a deep network makes another picture of statistics that differ in the fifth digit, and keys would jump.
    """
    few = _few(recipe)
    exactly = Studio(replace(few, exact=True), walk)
    for by in COARSE:
        roughly = Studio(replace(few, exact=False, coarse=by), walk)
        if all(_apart(exactly, roughly, place * walk.length) <= JUMP for place in BETWEEN):
            return by
    return 1


def _apart(exactly: Studio, roughly: Studio, place: Fraction) -> float:
    """How far apart the two draw a place, on the mean, in standard deviations of the exact one."""
    found = exactly.walk.at(place)
    if not isinstance(found, Still) or roughly.calibration(found) == exactly.calibration(found):
        return 0.0
    raster = exactly.raster(found)
    one, other = (studio.field(found).sample(raster, dtype="float64") for studio in (exactly, roughly))
    spread = float(one.std())
    return float(np.abs(one - other).mean()) / spread if spread else 0.0


def _few(recipe: FilmRecipe) -> FilmRecipe:
    """The film on about PIXELS pixels."""
    raster = recipe.picture.raster
    part = max(1.0, (raster.pixels / PIXELS) ** 0.5)
    few = Raster(max(1, round(raster.columns / part)), max(1, round(raster.rows / part)), raster.plane)
    return replace(recipe, picture=replace(recipe.picture, raster=few))


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
