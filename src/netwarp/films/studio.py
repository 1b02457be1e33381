"""Studio: draws the frames of a film. A network that stays is calibrated once; what moves is as the film's recipe says.

A frame that is not cross-faded is the picture that `netwarp draw` makes of the same recipe, to the bit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.protocol import Floats
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.films.recipe import FilmRecipe, FrameRecipe
from netwarp.films.tones import Tones
from netwarp.films.walk import Fade, Still, Walk
from netwarp.network.lineage import written
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Normalise
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import Tone
from netwarp.plane import Raster

# fields that are kept: those of the two networks that are cross-faded, and of the next
KEPT = 3


@dataclass(frozen=True, eq=False, slots=True)
class FilmFrame:
    """A frame's pixels, (rows, columns, 3) uint8 sRGB; `still` is what it shows, None of one that is cross-faded."""

    number: int
    pixels: NDArray[np.uint8]
    shown: Depicted | None


@dataclass(frozen=True, eq=False, slots=True)
class Depicted:
    """All that a still's recipe says, before it is written."""

    still: Still
    raster: Raster
    calibration: Raster
    tone: Tone
    dtype: str


class Studio:
    """The frames of a film, any of them, in any order."""

    def __init__(self, recipe: FilmRecipe, walk: Walk) -> None:
        self.recipe, self.walk, self.tones = recipe, walk, Tones(recipe.tones)
        self._fields: OrderedDict[tuple[int, Raster], Field] = OrderedDict()

    def frames(self, first: int = 0) -> Iterator[FilmFrame]:
        """All frames in order."""
        for number in range(first, self.recipe.timing.frames):
            yield self.frame(number)

    def frame(self, number: int) -> FilmFrame:
        """One frame. Errors: NetwarpError, as of `draw`."""
        walk = self.walk
        place = self.recipe.timing.place(number, walk.length, around=walk.around, keyed=walk.keyed)
        share = float(place / walk.length)
        found = walk.at(place)
        if isinstance(found, Still):
            pixels, shown = self._still(found, share)
            return FilmFrame(number, pixels, shown)
        return FilmFrame(number, self._faded(found, share), None)

    def first(self) -> Recipe:
        """The recipe of the first frame, which is never cross-faded; nothing is drawn. Errors: NetwarpError."""
        still = self.walk.at(Fraction(0))
        assert isinstance(still, Still), "only between two whole places are two networks seen"
        field, raster = self.field(still), self.raster(still)
        tone, centre = self.tones.at(0.0), self._centre(field, raster)
        tone = tone if centre is None else moved(tone, centre)
        shown = Depicted(still, raster, field.raster, tone=tone, dtype=field.precision(raster))
        return self._recipe_of(shown)

    def picture(self, frame: FilmFrame) -> Picture:
        """The frame with its recipe: its own, or the film's and its number where it is cross-faded."""
        if frame.shown is None:
            return Picture(frame.pixels, FrameRecipe(self.recipe, frame.number))
        return Picture(frame.pixels, self._recipe_of(frame.shown))

    def raster(self, still: Still) -> Raster:
        """The raster of the film's size on a still's plane, whose height the film's proportions give."""
        raster = self.recipe.picture.raster
        if still.plane is None:
            return raster
        home = raster.plane
        return replace(raster, plane=replace(still.plane, height=still.plane.width * home.height / home.width))

    def field(self, still: Still) -> Field:
        """The still's network, calibrated: a key, and a network whose taps are calibration pixels, on all pixels."""
        key = (id(still.network), self.calibration(still))
        field = self._fields.get(key)
        if field is None:
            field = calibrate(still.network, key[1])
            self._fields[key] = field
            if len(self._fields) > KEPT:
                self._fields.popitem(last=False)
        return field

    def calibration(self, still: Still) -> Raster:
        """The raster that a still's statistics are taken on."""
        recipe = self.recipe
        full = recipe.picture.calibration
        return full if still.key or recipe.exact else coarser(full, still.network, recipe.coarse)

    def painted(self, field: Field, raster: Raster) -> tuple[Floats, NDArray[np.float64] | None, str]:
        """What is painted of a field, the value at the plane's centre where colours are about it, and the dtype."""
        dtype = field.precision(raster)
        if self.recipe.picture.contrast == "view" and field.deep(raster):
            return field.around(raster)[1].astype(np.float64, copy=False), None, dtype
        return field.sample(raster, dtype=dtype), self._centre(field, raster), dtype

    def _centre(self, field: Field, raster: Raster) -> NDArray[np.float64] | None:
        """What colours of a view are about; None of a view whose differences are painted, and of colours of all."""
        if self.recipe.picture.contrast != "view" or field.deep(raster):
            return None
        centre: NDArray[np.float64] = field.at([(raster.plane.x, raster.plane.y)])[0].astype(np.float64)
        return centre

    def _still(self, still: Still, share: float) -> tuple[NDArray[np.uint8], Depicted]:
        field, raster = self.field(still), self.raster(still)
        samples, centre, dtype = self.painted(field, raster)
        tone = self.tones.at(share)
        if centre is not None:
            tone = moved(tone, centre)
        y = self.recipe.picture.y
        return paint(samples, tone, y=y).pixels, Depicted(still, raster, field.raster, tone=tone, dtype=dtype)

    def _faded(self, fade: Fade, share: float) -> NDArray[np.uint8]:
        first, second = (self._still(still, share)[0] for still in (fade.first, fade.second))
        # in whole numbers: the same bytes on every machine
        part = round(fade.share * 65_536)
        mixed = first.astype(np.uint32) * (65_536 - part) + second.astype(np.uint32) * part + 32_768
        return (mixed >> 16).astype(np.uint8)

    def _recipe_of(self, shown: Depicted) -> Recipe:
        network = shown.still.network
        made = written(network.source)
        weights = shown.still.weights
        if weights is None and made is None and network.seed is None:
            weights = Weights.of_network("frame.npz", network)
        return replace(
            self.recipe.picture,
            architecture=network.text,
            seed=network.seed,
            raster=shown.raster,
            calibration=shown.calibration,
            tone=shown.tone,
            dtype=shown.dtype,
            weights=weights,
            made=made,
        )


def coarser(full: Raster, network: Network, by: int) -> Raster:
    """A raster of fewer pixels on the same plane, for statistics; the same where fewer would mean another network.

    The taps of a k x k network are calibration pixels apart, and one without spatial norms takes no statistics.
    """
    program = lower(network)
    if not program.pointwise or not any(isinstance(one, Normalise) for one in program.operations):
        return full
    return replace(full, columns=max(1, full.columns // by), rows=max(1, full.rows // by))


def moved(tone: Tone, centre: NDArray[np.float64]) -> Tone:
    """The tone of values that are these numbers larger."""
    by = [float(centre[channel]) for channel in tone.channels]
    low, high = (tuple(map(sum, zip(ends, by, strict=True))) for ends in (tone.low, tone.high))
    return replace(tone, low=low, high=high)
