"""Tone: the fitted mapping from values to colours, one for all views of a Field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, NotFiniteError
from netwarp.log import step
from netwarp.picture import ranges
from netwarp.picture.colour import THREE, UNCLIPPED, lab_outside
from netwarp.picture.maps import check_colour
from netwarp.picture.oklab import outside

MAX_CHANNELS = 1_000_000
MAX_TEXT = 65_536
MAX_COLOUR = 200  # characters of a colouring's name, which may say a palette's colours
DEFAULT_MAP = "viridis"
# what the colours' names mean: 1 at netwarp 0.1, whose "lab" is "lab-clipped" now
VERSION = 2
# pixels, evenly spread, that the share of those without a place in sRGB is taken of
SHARE_PIXELS = 16_384


class ToneData(TypedDict):
    """A Tone as a JSON object; `tone` is the version of the colours' names."""

    tone: int
    colour: str
    channels: list[int]
    low: list[float]
    high: list[float]
    # the share of pixels without a place of their own in sRGB
    compressed: NotRequired[float]
    dither: NotRequired[bool]  # true, where it is
    # where `colour` names a map, for a reader that has none: base64 of its 1,024 RGB colours
    map: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Tone:
    """How values become colours: channel `channels[i]` goes linearly from `low[i]`..`high[i]` to 0..1.

    `colour` says what the numbers 0..1 then are:
    "lab", three: Oklab's L 0.35..0.97 and its a and b -0.3..0.3. Nothing is clipped, here or beyond: lightness and
    chroma go through smooth, strictly increasing functions into what sRGB has (picture/oklab.py).
    "lab-clipped", three, as the 2016 note has it: L 0..100, a and b -110..110 of CIE Lab (D65). Clipped to 0..1, and
    then in linear light, channel by channel, where a colour is outside sRGB: that shows as creases that the values do
    not have.
    "oklab", three: Oklab's L 0.35..0.97 and its a and b -0.1..0.1, with nothing bent: equal steps of a value are equal
    steps of Oklab wherever sRGB has the colour. Elsewhere lightness is held at its ends, chroma below sRGB's limit.
    "oklch", three: lightness and chroma as of "lab", and hue, which goes around once from low to high and on: values a
    whole range apart have the same hue.
    "rgb", three sRGB bytes 0..255; "hsv", three, hue, saturation and value, the hue once around; "gray", one; the name
    of a colour map, one, its position on the map; or a map's own colours, as "duotone(#221a54,#ffb27a)" and
    "palette(#102030,#c04060,#ffe8c2)", the way between which is straight and even in Oklab: all clipped.

    Where low equals high the channel was constant: it maps to the middle, 0.5, whatever the value. `compressed` is the
    share, 0..1, of the pixels it was fitted on that have no place of their own in sRGB: of "lab" and "oklch" those with
    more chroma than there is, which was compressed; of others of three channels those held or cut. None where one
    channel is shown, and where it is not known. `dither` says that bytes are dithered (picture/fine.py).
    Errors: InputError.

    >>> import numpy as np
    >>> nw.Tone.fit(np.linspace(0, 1, 24).reshape(1, 4, 6), colour="gray").channels
    (0,)
    >>> nw.Tone.fit(np.zeros((1, 4, 6)), colour="gray")  # constant: nothing to fit
    Tone(colour='gray', channels=(0,), low=(0.0,), high=(0.0,), compressed=None, dither=False)
    >>> nw.Tone.fit(np.zeros((3, 4, 6)), colour="lba")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: colour 'lba': no such colouring; ... did you mean "lab"?
    """

    colour: str
    channels: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    compressed: float | None = None
    dither: bool = False

    def __post_init__(self) -> None:
        colour = check_colour(checks.string(self.colour, "tone colour", MAX_COLOUR))
        object.__setattr__(self, "colour", colour)
        needed = channels_of(colour)
        channels = checks.items(self.channels, "tone channels", needed, needed)
        object.__setattr__(
            self, "channels", tuple(checks.whole(c, "tone channel", 0, MAX_CHANNELS - 1) for c in channels)
        )
        for name in ("low", "high"):
            values = checks.items(getattr(self, name), f"tone {name}", needed, needed)
            object.__setattr__(self, name, tuple(checks.number(v, f"tone {name}") for v in values))
        for low, high in zip(self.low, self.high, strict=True):
            if low > high:
                raise InputError(f"tone low={low!r}, high={high!r}: low must not exceed high")
        checks.flag(self.dither, "tone dither")
        if self.compressed is not None:
            share = checks.number(self.compressed, "tone compressed")
            if not 0 <= share <= 1:
                raise InputError(f"tone compressed={share!r}: must be a share, from 0 to 1")
            object.__setattr__(self, "compressed", share)

    @classmethod
    def fit(cls, samples: NDArray[np.generic], colour: str = "lab", *, channel: int | None = None) -> Tone:
        """The Tone that shows `samples`, (k, rows, columns): fit it on the calibration raster.

        "lab" has the mean in the middle of the lightness, 1.75 standard deviations to its ends, and 2 from grey to the
        ends of a and b; grey lies up to 1.2 from the mean towards the longer tail (picture/ranges.py). "lab-clipped",
        "gray", "hsv" and maps stretch each channel's minimum..maximum over the scale, as do the lightness of "oklab"
        and chroma and hue of "oklch", whose other parts are as of "lab"; "rgb" is 100 v + 128 of the standardised
        v. Standard deviations are biased. "auto" takes "lab" where k is 3, else the map "viridis". Colourings of
        three channels need k = 3; "gray" and maps show one channel, `channel`, 0 by default.
        Errors: InputError; NotFiniteError where a channel shown holds NaN or infinity.
        """
        count = check_samples(samples)[0]
        if colour == "auto":
            colour = "lab" if count == 3 and channel is None else DEFAULT_MAP
        needed = channels_of(checks.string(colour, "tone colour", MAX_COLOUR))
        if needed == 3:
            if channel is not None:
                raise InputError(
                    f"channel={channel!r} with colour={colour!r}: {colour} shows three channels at once; "
                    "use colour='gray' or a map such as 'viridis' for one"
                )
            if count != 3:
                raise InputError(
                    f"colour={colour!r} needs 3 channels and the samples have {count}; "
                    "use colour='gray' or a map such as 'viridis', which show one channel, or draw 3 output channels"
                )
            channels: tuple[int, ...] = (0, 1, 2)
        else:
            channels = (checks.whole(0 if channel is None else channel, "channel", 0, count - 1),)
        check_finite(samples, channels)
        with step("fit tone") as say:
            say("%s", colour)
            found = [fit(samples[c], c) for fit, c in zip(_fits(colour), channels, strict=True)]
        tone = cls(colour, channels, tuple(low for low, _ in found), tuple(high for _, high in found))
        return replace(tone, compressed=tone.share_outside(samples))

    def unit(self, samples: NDArray[np.generic]) -> NDArray[np.float32]:
        """(k, ...) values of all channels -> (1 or 3, ...) positions on low..high, 0..1 where others are clipped."""
        shown = zip(self.channels, self.low, self.high, strict=True)
        clip = self.colour not in UNCLIPPED
        return np.stack([ranges.position(samples[c], low, high, clip=clip) for c, low, high in shown])

    def share_outside(self, samples: NDArray[np.generic]) -> float | None:
        """What `compressed` is for these samples: of some 16,000 pixels of them, evenly spread, all finite."""
        if self.colour not in THREE:
            return None
        step = max(1, ceil(sqrt(samples[0].size / SHARE_PIXELS)))
        some = samples[:, ::step, ::step]
        if self.colour in UNCLIPPED:
            return float(np.mean(outside(self.unit(some), self.colour)))
        cut = np.zeros(some[0].shape, bool)
        for c, low, high in zip(self.channels, self.low, self.high, strict=True):
            cut |= (low < high) & ((some[c] < low) | (some[c] > high))
        if self.colour == "lab-clipped":
            cut |= lab_outside(self.unit(some))
        return float(np.mean(cut))

    def to_data(self) -> ToneData:
        """The Tone as a JSON object; floats survive exactly."""
        data: ToneData = {
            "tone": VERSION,
            "colour": self.colour,
            "channels": list(self.channels),
            "low": list(self.low),
            "high": list(self.high),
        }
        if self.compressed is not None:
            data["compressed"] = self.compressed
        if self.dither:
            data["dither"] = True
        return data

    @classmethod
    def from_data(cls, data: object) -> Tone:
        """The Tone of a JSON object; fields it does not know are ignored. Errors: InputError.

        Version 0.1 of netwarp wrote no `tone`, and its colour "lab" is read as "lab-clipped", which is what it meant.
        """
        fields: Mapping[str, object] = checks.mapping(data, "tone")
        colour, channels, low, high = (checks.get(fields, n, "tone") for n in ("colour", "channels", "low", "high"))
        version = checks.whole(fields.get("tone", 1), "tone version", 1, 1_000_000)
        if version > VERSION:
            raise InputError(
                f"tone of version {version}: this netwarp reads versions 1 and {VERSION}; install a newer netwarp"
            )
        if version == 1 and colour == "lab":
            colour = "lab-clipped"
        # the constructor checks every one of them
        return cls(colour, channels, low, high, fields.get("compressed"), fields.get("dither", False))  # type: ignore[arg-type]

    def to_json(self) -> str:
        return json.dumps(self.to_data(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Tone:
        """The Tone of a JSON text. Errors: InputError."""
        return cls.from_data(checks.parse_object(text, "tone", MAX_TEXT))


def channels_of(colour: str) -> int:
    """How many channels a colouring shows: 3 for those of THREE, otherwise 1."""
    return 3 if colour in THREE else 1


def check_samples(samples: NDArray[np.generic]) -> tuple[int, int, int]:
    """The shape (k, rows, columns) of an array of real numbers. Errors: InputError where it is anything else."""
    if not isinstance(samples, np.ndarray):
        raise InputError(f"samples: must be a numpy array (k, rows, columns), not {type(samples).__name__}")
    if samples.ndim != 3 or 0 in samples.shape:
        raise InputError(f"samples of shape {samples.shape}: must be (k, rows, columns), none of them 0")
    if samples.dtype.kind not in "fiub":
        raise InputError(f"samples of dtype {samples.dtype}: must be real numbers, as float32")
    k, rows, columns = samples.shape
    return k, rows, columns


def check_finite(samples: NDArray[np.generic], channels: tuple[int, ...]) -> None:
    """Errors: NotFiniteError with how many of these channels' values are NaN or infinite, and what to do."""
    if samples.dtype.kind != "f":
        return
    bad = sum(int(np.count_nonzero(~np.isfinite(band))) for c in channels for band in ranges.bands(samples[c]))
    if bad:
        total = len(channels) * samples.shape[1] * samples.shape[2]
        share = 100 * bad / total
        percent = f"{share:.2g}%" if share < 10 else f"{share:.0f}%"
        raise NotFiniteError(
            f"samples: {bad:,} of {total:,} values ({percent}) are NaN or infinite and have no colour; "
            "normalise the layers (norm='spatial'), lower the initialiser's gain, or use fewer layers"
        )


def _fits(colour: str) -> tuple[Callable[[NDArray[np.generic], int], ranges.Range], ...]:
    """What fits the range of each channel."""
    found = {
        "lab": (ranges.lightness, ranges.chroma, ranges.chroma),
        "oklab": (ranges.extremes, ranges.chroma, ranges.chroma),
        "oklch": (ranges.lightness, ranges.extremes, ranges.extremes),
    }
    if colour in found:
        return found[colour]
    return (ranges.bytes_about_mean if colour == "rgb" else ranges.extremes,) * channels_of(colour)
