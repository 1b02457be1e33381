"""What a view looks like: pixels of any place at any depth, the values at a point, and a strip of every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, log2
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, NotFiniteError
from netwarp.explorer import limits
from netwarp.explorer.folded import OrbitReply, Sized
from netwarp.explorer.opening import OpenField, Samples, layers_of, shown_field, tone_of
from netwarp.explorer.protocol import PixelsReply, ShownLayer, StripReply, ValuesReply
from netwarp.explorer.reading import CALIBRATION
from netwarp.explorer.state import Contrast
from netwarp.explorer.taps import Crop, on_taps
from netwarp.explorer.work import Cancellation
from netwarp.fields.deep.orbit import SPARE, orbit
from netwarp.fields.field import Field
from netwarp.fields.limits import positions
from netwarp.picture.colour import AROUND, SMOOTH
from netwarp.picture.oklab import bent
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Plane, Raster

# coarse pictures are to be there at once
COARSE_SECONDS, COARSEST = 0.015, 8
# fewer pixels a side show nothing
FEWEST = 40
# nobody waits longer for more pixels
SHARP_SECONDS = 6.0
# one that was there so many times sooner than was expected is drawn again, of more pixels
TOO_SLOW = 2.0
# a view whose values span less than this share of the Tone's range looks like one colour
FLAT = 1 / 32
THUMBS = (64, 128)  # pixels of a thumbnail each way: on any screen, and at most on a dense one
HUE = 2  # the channel of oklch that is not drawn together
BAR = 17  # colours of a colour bar
STRIP = 512  # thumbnails of one strip
SOON = 2.0  # seconds that sharper ones may take
# the time of a point whose difference from the centre is computed, in times of an ordinary one
DEEP = 4.0
# sides of the two small views whose times tell a large one's
PROBES = 4, 48
# a view of k x k kernels that takes longer and is at most so many taps wide may go by differences
SLOW, NARROW = 0.5, 0.5


def raster_of(body: Mapping[str, object]) -> Raster:
    """The Raster a message asks for. Errors: InputError, LimitError."""
    return Raster(*limits.size_of(body), plane_in(body))


def plane_in(body: Mapping[str, object]) -> Plane:
    """The Plane of a message: x, y, w, h. Errors: InputError."""
    from netwarp import checks
    from netwarp.explorer.state import check_decimal

    x, y = (check_decimal(checks.get(body, name, "message"), name) for name in ("x", "y"))
    w, h = (check_decimal(checks.get(body, name, "message"), name, positive=True) for name in ("w", "h"))
    return limits.plane_of(x, y, w, h)


def pixels(
    opened: OpenField, raster: Raster, *, contrast: Contrast, show: str, colour: str, coarse: bool, cancel: Cancellation
) -> tuple[PixelsReply, bytes]:
    """The picture of a raster, RGBA; where `coarse`, of fewer pixels, so that it comes at once.

    With the contrast "view" the Tone is fitted to what is in view. Errors: NetwarpError. Raises MoveToBackground.
    """
    clock = perf_counter()
    shown = shown_field(opened, show)
    asked = raster
    raster, crop, reduced = affordable(opened, raster, coarse=coarse, cancel=cancel)
    seconds, by_differences = _way(opened, raster, cancel)
    limits.check_seconds(seconds, "this view", limits.SECONDS)
    cancel.require_short(seconds, limits.LIGHT_SECONDS)
    tone = tone_of(opened, show, colour, cancel)
    cancel.progress()
    samples = _home(opened, raster, show)
    timed = show == "output" and samples is None and not by_differences
    middle: list[float] | None = None
    begun = perf_counter()
    if samples is None and by_differences:
        # the differences from the centre: what they add to it may be below its last digit
        added, samples = shown.around(raster, progress=cancel.progress)
        flat = _flat(samples + added[:, None, None], tone)
        middle = added.tolist()
        if contrast == "whole":
            samples += added[:, None, None]
    else:
        samples = shown.sample(raster, progress=cancel.progress) if samples is None else samples
        flat = _flat(samples, tone)
    if timed and _faster(opened, raster, perf_counter() - begun) and reduced > 1 and not coarse:
        return pixels(opened, asked, contrast=contrast, show=show, colour=colour, coarse=False, cancel=cancel)
    if contrast == "view":
        channel = None if len(tone.channels) == 3 else tone.channels[0]
        tone = Tone.fit(samples, tone.colour, channel=channel)
    header: PixelsReply = {
        "kind": "pixels",
        "columns": raster.columns,
        "rows": raster.rows,
        "seconds": 0.0,
        "precision": samples.dtype.name,
        "flat": flat,
        "coarse": coarse,
        # whether pixels lie between the points that were evaluated; how many times fewer there are than were asked for
        "resampled": crop is not None,
        "reduced": reduced,
        # `centre`: the range is that of the differences from these values
        "tone": {
            "low": list(tone.low),
            "high": list(tone.high),
            "compressed": tone.compressed,
            "colours": colours_of(tone),
        },
        "centre": middle if contrast == "view" else None,
    }
    picture = rgba(samples, tone)
    if crop is not None:
        # fewer pixels than were asked for are stretched by the page
        header["columns"], header["rows"] = crop.columns, crop.rows
        picture = crop.of(picture)
    header["seconds"] = perf_counter() - clock
    return header, picture.tobytes()


def colours_of(tone: Tone) -> list[str]:
    """BAR colours of a Tone that shows one channel, from low to high: its colour bar. None of one that shows three."""
    if len(tone.channels) == 3:
        return []
    values = np.zeros((tone.channels[0] + 1, 1, BAR))
    values[-1, 0] = np.linspace(0.0, 1.0, BAR)
    painted = paint(values, replace(tone, low=(0.0,), high=(1.0,))).pixels
    return ["#" + bytes(colour).hex() for colour in painted[0]]


def rgba(samples: Samples, tone: Tone) -> NDArray[np.uint8]:
    """(rows, columns, 4) uint8, opaque. Errors: NotFiniteError."""
    painted = paint(samples, tone).pixels
    whole = np.empty((*painted.shape[:2], 4), np.uint8)
    whole[..., :3] = painted
    whole[..., 3] = 255
    return whole


def values(opened: OpenField, x: str, y: str, show: str, cancel: Cancellation) -> ValuesReply:
    """The numbers at a point: the outputs, or the one channel that is shown. Errors: InputError, NotFiniteError."""
    shown = shown_field(opened, show)
    plane = Plane(x, y)
    if plane.exact == (None, None) or shown.program.called:
        found = shown.at([[plane.x, plane.y]], progress=cancel.progress)[0]
    else:
        # as fine as the digits say: then the point is the centre of a pixel that small
        finest = max(1e-240, 10.0 ** -min(240, max(len(x), len(y))))
        raster = Raster(1, 1, replace(plane, width=finest, height=finest))
        found = shown.sample(raster, dtype="float64", progress=cancel.progress)[:, 0, 0]
    layer = show.split(":")
    numbers = found[int(layer[3]) :][:1] if len(layer) == 4 else found
    return {"kind": "values", "values": [float(value) for value in numbers]}


def centre(opened: OpenField, x: str, y: str, cancel: Cancellation) -> tuple[OrbitReply, bytes]:
    """Every operation's value at a point, float64, computed in as many digits as the point has.

    Errors: InputError for networks that are not pointwise; NotFiniteError.
    """
    program = opened.field.program
    if not program.pointwise:
        raise InputError("orbit: this network reads neighbouring pixels, and has no values at a single point")
    point = Plane(x, y)
    bits = SPARE + ceil(log2(10) * max(len(x), len(y)))
    found = orbit(program, point.rational(), opened.field.raster.pitch, bits, cancel.progress)
    sizes: list[Sized] = [{"name": operation.layer, "size": operation.channels} for operation in program.operations]
    return {"kind": "orbit", "operations": sizes}, np.concatenate([v.ravel() for v in found.values]).tobytes()


def strip(opened: OpenField, plane: Plane, size: int, cancel: Cancellation) -> tuple[StripReply, bytes]:
    """Thumbnails of every layer's channels, one after another; fewer a layer where they would be too many.

    They are size x size, or less where that would take long.
    A channel that is not finite is left black. Errors: NetwarpError.
    """
    layers = layers_of(opened)
    most = max(1, STRIP // max(1, len(layers)))
    seconds = _seconds(opened, Raster(THUMBS[0], THUMBS[0], plane), cancel) * max(1, len(layers)) / 2
    limits.check_seconds(seconds, "thumbnails of all channels", limits.SECONDS)
    side = size if seconds * (size / THUMBS[0]) ** 2 < SOON else THUMBS[0]
    raster = Raster(side, side, plane)
    seen: list[ShownLayer] = []
    parts: list[bytes] = []
    for number, layer in enumerate(layers, 1):
        cancel.progress()
        inside = opened.field.after(number)
        # a thumbnail has colours of its own anyway: of a deep view it shows the differences from its centre
        samples: Samples
        if inside.deep(raster):
            _, samples = inside.around(raster, progress=cancel.progress)
        else:
            samples = inside.sample(raster, progress=cancel.progress)
        count = min(most, len(samples))
        seen.append({**layer, "shown": count})
        parts += [_thumb(samples, channel, side) for channel in range(count)]
    return {"kind": "strip", "size": side, "layers": seen}, b"".join(parts)


def _thumb(samples: Samples, channel: int, side: int) -> bytes:
    try:
        return rgba(samples, Tone.fit(samples, "viridis", channel=channel)).tobytes()
    except NotFiniteError:
        return bytes(4 * side * side)


def affordable(
    opened: OpenField, raster: Raster, *, coarse: bool, cancel: Cancellation
) -> tuple[Raster, Crop | None, int]:
    """The raster to evaluate, and how the one asked for is cut from it where it is another.

    Of fewer pixels where more would take too long, down to an eighth each way: whichever does not, or the quickest.
    Where `coarse`, that is what would not be there at once.
    """
    most = COARSE_SECONDS if coarse else SHARP_SECONDS
    best: tuple[float, Raster, Crop | None, int] | None = None
    factor = 1
    while factor <= COARSEST and (factor == 1 or min(raster.columns, raster.rows) >= FEWEST * factor):
        small = replace(raster, columns=-(-raster.columns // factor), rows=-(-raster.rows // factor))
        evaluated, crop = on_taps(opened.field.program, small, opened.field.raster.pitch)
        seconds = _seconds(opened, evaluated, cancel)
        if best is None or seconds < best[0]:
            best = seconds, evaluated, crop, factor
        if best[0] <= most:
            break
        factor *= 2
    assert best is not None
    return best[1:]


def _faster(opened: OpenField, raster: Raster, seconds: float) -> bool:
    """Keeps how long a view took. Says whether that is so much less than was expected that it may have more pixels.

    A network's calibration may have shared the processor with another program, and then its time says nothing of views.
    """
    expected, pace = opened.pace_of_views, seconds / positions(opened.field.program, raster, opened.field.raster.pitch)
    opened.pace_of_views = min(expected, pace)
    return pace < expected / TOO_SLOW


def _seconds(opened: OpenField, raster: Raster, cancel: Cancellation) -> float:
    """About how long sampling takes, by the least that a point of the network has taken so far."""
    return _way(opened, raster, cancel)[0]


def _way(opened: OpenField, raster: Raster, cancel: Cancellation) -> tuple[float, bool]:
    """About how long sampling takes, and whether it goes by the differences from the centre.

    That is what very small views need; and in ones not quite so small the taps of k x k kernels, which no two pixels
    share there, are often far cheaper so.
    """
    program, field = opened.field.program, opened.field
    if raster.pixels > limits.VIEW_PIXELS:
        limits.view_seconds(program, raster, field.raster.pitch)
    seconds, deep = opened.pace_of_views * positions(program, raster, field.raster.pitch), field.deep(raster)
    if program.pointwise:
        return seconds * (DEEP if deep else 1.0), deep
    if not deep and (seconds < SLOW or max(raster.plane.width, raster.plane.height) > NARROW * max(field.raster.pitch)):
        return seconds, False
    once, each = _deep_pace(opened, raster.plane, cancel)
    other = once + each * raster.pixels
    return (other, True) if deep or other < seconds / 2 else (seconds, False)


def _deep_pace(opened: OpenField, plane: Plane, cancel: Cancellation) -> tuple[float, float]:
    """Seconds that a deep view of a k x k network takes once, and a pixel: what is affine there costs next to nothing.

    How much of it is depends on the place, so a few pixels of the very view are timed.
    """
    if opened.deep is None or opened.deep[0] != plane:
        few, more = (Raster(n, n, plane) for n in PROBES)
        start = perf_counter()
        opened.field.around(few, progress=cancel.progress)
        middle = perf_counter()
        opened.field.around(more, progress=cancel.progress)
        end = perf_counter()
        opened.deep = plane, (middle - start, max(0.0, end - 2 * middle + start) / (more.pixels - few.pixels))
    return opened.deep[1]


def _home(opened: OpenField, raster: Raster, show: str) -> Samples | None:
    """The samples of the calibration raster, where it is the one asked for."""
    same = raster.columns == CALIBRATION.columns and raster.rows == CALIBRATION.rows
    return opened.home if show == "output" and same and raster == opened.field.raster else None


def _flat(samples: Samples, tone: Tone) -> bool:
    """Whether the Tone shows all of this in one colour, nearly."""
    for channel, unit in enumerate(tone.unit(samples)):
        low, high = float(unit.min()), float(unit.max())
        if tone.colour in SMOOTH and not (tone.colour in AROUND and channel == HUE):
            # what lies beyond the ends still has colours, ever more alike
            low, high = (bent(2 * end - 1) / 2 for end in (low, high))
        if high - low > FLAT:
            return False
    return True


def thumbnail(field: Field, tone: Tone, plane: Plane, columns: int, rows: int) -> NDArray[np.uint8]:
    """(rows, columns, 3) uint8: a small picture of a Field. Errors: NotFiniteError."""
    return paint(field.sample(Raster(columns, rows, plane)), tone).pixels
