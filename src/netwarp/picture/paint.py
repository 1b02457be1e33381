"""paint: Samples through a Tone into a Picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import instance
from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.log import step
from netwarp.picture.colour import OWN, UNCLIPPED, lab_of_unit, lab_to_srgb
from netwarp.picture.fine import encoded_srgb, to_dithered, to_sixteen
from netwarp.picture.hsv_pixels import hsv_to_srgb
from netwarp.picture.maps import map_colours
from netwarp.picture.oklab_pixels import oklab_to_srgb
from netwarp.picture.picture import Picture
from netwarp.picture.ranges import rows_of_bands
from netwarp.picture.recipe import Recipe, check_depth, check_y
from netwarp.picture.tone import Tone, check_finite, check_samples
from netwarp.progress import Progress


def paint(
    samples: NDArray[np.generic],
    tone: Tone,
    *,
    y: str = "down",
    recipe: Recipe | None = None,
    depth: int = 8,
    first_row: int = 0,
    progress: Progress | None = None,
) -> Picture:
    """The Picture of `samples`, (k, rows, columns), through `tone`.

    Row 0, the smallest y, is drawn at the top, and with `y` "up" at the bottom.

    Values outside the Tone's range are clipped, but of "lab", "oklab" and "oklch", which take them all. The work goes
    by bands of rows, on all cores: memory beyond the samples and the picture stays under a few MiB a core.
    With `depth` 16 the Picture has 16 bits a colour beside its bytes. `first_row` is the number that the
    picture's first row has in a larger one: a Tone that dithers makes the same bytes of it.
    `progress(done, total)` counts rows and may raise to cancel.
    Errors: InputError where the samples lack a channel of the Tone, or for another `y`; NotFiniteError where a sample
    is NaN or infinite.

    >>> import numpy as np
    >>> ramp = np.linspace(0, 1, 24).reshape(1, 4, 6)
    >>> nw.paint(ramp, nw.Tone.fit(ramp, colour="gray"))
    Picture(6x4)
    >>> nw.paint(ramp, nw.Tone.fit(np.zeros((3, 4, 6)), colour="lab"))
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: samples of 1 channels: the tone shows channel 2 (counted from 0) as lab; ...
    """
    instance(tone, Tone, "paint tone", "a Tone, as nw.Tone.fit(samples) gives")
    count, rows, columns = check_samples(samples)
    up = check_y(y, "paint y") == "up"
    if max(tone.channels) >= count:
        raise InputError(
            f"samples of {count} channels: the tone shows channel {max(tone.channels)} (counted from 0) as "
            f"{tone.colour}; fit a tone on samples of this network"
        )
    check_finite(samples, tone.channels)
    deep = np.empty((rows, columns, 3), np.uint16) if check_depth(depth, "paint depth") == 16 else None
    colours = None if tone.colour in OWN else map_colours(tone.colour)
    if up:
        # what is drawn at the top comes first, as everywhere
        samples = samples[:, ::-1]
    pixels = np.empty((rows, columns, 3), np.uint8)

    def band(part: slice) -> None:
        out = pixels[part]
        unit = tone.unit(samples[:, part])
        if tone.dither or deep is not None:
            fine = encoded_srgb(unit.copy(), tone.colour)
            if deep is not None:
                to_sixteen(fine, deep[part])
            if tone.dither:
                to_dithered(fine, first_row + part.start, out)
                return
        if tone.colour in UNCLIPPED:
            oklab_to_srgb(unit, out, tone.colour)
        elif tone.colour == "hsv":
            hsv_to_srgb(unit, out)
        elif tone.colour == "lab-clipped":
            lab_to_srgb(lab_of_unit(unit), out)
        elif colours is not None:
            np.take(colours, _nearest(unit[0], len(colours) - 1), axis=0, out=out)
        else:
            for channel in range(3):
                out[..., channel] = _nearest(unit[channel % len(unit)], 255)

    report = None if progress is None else lambda done, total: progress(rows * done // total, rows)
    with step("paint") as say:
        say("%dx%d in %s", columns, rows, tone.colour)
        spread(list(rows_of_bands(rows, columns)), lambda _: band, report)
    return Picture(pixels, recipe, deep)


def _nearest(unit: NDArray[np.float32], top: int) -> NDArray[np.int16]:
    """0..1 as the nearest whole number of 0..top, halves upwards."""
    return (unit * np.float32(top) + np.float32(0.5)).astype(np.int16)
