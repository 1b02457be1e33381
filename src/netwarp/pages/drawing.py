"""From a Network to its Picture in one call: calibrate, sample, fit the Tone, paint; and how long each took."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import LimitError
from netwarp.field.calibration import calibrate
from netwarp.field.field import Field
from netwarp.network.network import Network
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe, Weights
from netwarp.picture.tone import Tone
from netwarp.plane import Raster

Stages = Callable[[str, int, int], None]  # (what is being done, done, total)


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Wall time of each step. `sample` is that of the raster drawn; `tone` of what the Tone needed beyond it."""

    calibrate: float
    tone: float
    sample: float
    paint: float


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """A Picture, and what it was made of: the Field, its Samples (k, rows, columns), the Recipe, the times."""

    field: Field
    samples: NDArray[np.float32] | NDArray[np.float64]
    picture: Picture
    recipe: Recipe
    milliseconds: Milliseconds


def draw(
    network: Network,
    raster: Raster | None = None,
    *,
    calibration: Raster | None = None,
    colour: str = "auto",
    tone: Tone | None = None,
    dtype: str = "auto",
    engine: str = "native",
    weights: Weights | None = None,
    progress: Stages | None = None,
) -> Drawing:
    """The Picture of a network on `raster`, its statistics taken on `calibration`; both are 600x400 unless given.

    Without `tone`, one is fitted on the samples of the calibration raster, so that every view of a Field shares it.
    `weights` says in the recipe where weights come from that no seed gives. `progress(stage, done, total)` may raise
    to cancel. Errors: NetwarpError; LimitError before any work where samples and picture exceed the machine's memory.
    """
    raster = raster or Raster()
    calibration = calibration or Raster()
    check_memory(raster, network, dtype)
    started = perf_counter()
    field = calibrate(network, calibration, engine=engine, progress=_stage(progress, "calibrating"))
    calibrated = perf_counter()
    view = partial(field.sample, dtype=dtype, engine=engine)
    if tone is None and raster != calibration:
        # before the raster that is drawn, which may be far larger: what has no picture is refused early
        tone = Tone.fit(view(calibration, progress=_stage(progress, "fitting the tone")), colour=colour)
    toned = perf_counter()
    samples = view(raster, progress=_stage(progress, "sampling"))
    sampled = perf_counter()
    if tone is None:
        tone = Tone.fit(samples, colour=colour)
    fitted = perf_counter()
    recipe = Recipe(
        architecture=None if network.architecture is None else str(network.architecture),
        seed=network.seed,
        raster=raster,
        calibration=calibration,
        tone=tone,
        dtype=samples.dtype.name,
        engine=engine,
        weights=weights,
    )
    picture = paint(samples, tone, recipe=recipe, progress=_stage(progress, "painting"))
    times = (calibrated - started, toned - calibrated + fitted - sampled, sampled - toned, perf_counter() - fitted)
    return Drawing(field, samples, picture, recipe, Milliseconds(*(1e3 * seconds for seconds in times)))


def picture_bytes(raster: Raster, channels: int, dtype: str) -> int:
    """The memory that samples and picture of a raster need, in bytes; "auto" counts as float32."""
    return raster.pixels * (channels * (8 if dtype == "float64" else 4) + 3)


def check_memory(raster: Raster, network: Network, dtype: str) -> None:
    """Errors: LimitError, with the estimate, where samples and picture would not fit into this machine's memory."""
    channels = 3 if network.architecture is None else network.architecture.out
    needed = picture_bytes(raster, channels, dtype)
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else needed
    if needed > there:
        raise LimitError(
            f"raster {raster.columns}x{raster.rows}: samples of {channels} channels and the picture need "
            f"{needed / 2**30:.3g} GiB, and this machine has {there / 2**30:.3g} GiB; choose a smaller size"
        )


def _stage(progress: Stages | None, stage: str) -> Callable[[int, int], None] | None:
    return None if progress is None else partial(progress, stage)
