"""Tone: the fitted mapping from values to colours, one for all views of a Field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, NotFiniteError
from netwarp.picture import checks
from netwarp.picture.colour import check_map

MAX_CHANNELS = 1_000_000
MAX_TEXT = 65_536
DEFAULT_MAP = "viridis"
# about 64 thousand pixels a band: the working arrays stay in cache, and a picture of any size needs no more of them
BAND_PIXELS = 65_536


@dataclass(frozen=True, slots=True)
class Tone:
    """How values become colours: channel `channels[i]` goes linearly from `low[i]`..`high[i]` to 0..1, clipped.

    `colour` says what the numbers 0..1 then are: "lab" (three: L 0..100, a and b -110..110, CIE Lab D65), "rgb" (three
    sRGB bytes 0..255), "gray" (one sRGB byte), or the name of a colour map (one: its position on the map). Where low
    equals high the channel was constant: it maps to the middle, 0.5, whatever the value. Errors: InputError.
    """

    colour: str
    channels: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def __post_init__(self) -> None:
        colour = checks.string(self.colour, "tone colour", 100)
        needed = channels_of(colour)
        if needed == 1 and colour != "gray":
            check_map(colour)
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

    @classmethod
    def fit(cls, samples: NDArray[np.generic], colour: str = "lab", *, channel: int | None = None) -> Tone:
        """The Tone that shows `samples`, (k, rows, columns), as the 2016 note did: fit it on the calibration raster.

        "lab", "gray" and maps stretch each channel's minimum..maximum over the scale; "rgb" is 100 v + 128 of the
        standardised v (biased standard deviation). "auto" takes "lab" where k is 3, else the map "viridis". "lab" and
        "rgb" need k = 3; "gray" and maps show one channel, `channel`, 0 by default.
        Errors: InputError; NotFiniteError where a channel shown holds NaN or infinity.
        """
        count = check_samples(samples)[0]
        if colour == "auto":
            colour = "lab" if count == 3 and channel is None else DEFAULT_MAP
        needed = channels_of(checks.string(colour, "tone colour", 100))
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
        ranges = [_standard(samples[c], c) if colour == "rgb" else _extremes(samples[c], c) for c in channels]
        return cls(colour, channels, tuple(low for low, _ in ranges), tuple(high for _, high in ranges))

    def to_data(self) -> dict[str, object]:
        """The Tone as a JSON object; floats survive exactly."""
        return {
            "colour": self.colour,
            "channels": list(self.channels),
            "low": list(self.low),
            "high": list(self.high),
        }

    @classmethod
    def from_data(cls, data: object) -> Tone:
        """The Tone of a JSON object; fields it does not know are ignored. Errors: InputError."""
        fields: Mapping[str, object] = checks.mapping(data, "tone")
        colour, channels, low, high = (checks.get(fields, n, "tone") for n in ("colour", "channels", "low", "high"))
        # the constructor checks every one of them
        return cls(colour, channels, low, high)  # type: ignore[arg-type]

    def to_json(self) -> str:
        return json.dumps(self.to_data(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Tone:
        """The Tone of a JSON text. Errors: InputError."""
        return cls.from_data(checks.parse_object(text, "tone", MAX_TEXT))


def channels_of(colour: str) -> int:
    """How many channels a colouring shows: 3 for "lab" and "rgb", otherwise 1."""
    return 3 if colour in ("lab", "rgb") else 1


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
    bad = sum(int(np.count_nonzero(~np.isfinite(band))) for c in channels for band in bands(samples[c]))
    if bad:
        total = len(channels) * samples.shape[1] * samples.shape[2]
        share = 100 * bad / total
        percent = f"{share:.2g}%" if share < 10 else f"{share:.0f}%"
        raise NotFiniteError(
            f"samples: {bad:,} of {total:,} values ({percent}) are NaN or infinite and have no colour; "
            "normalise the layers (norm='spatial'), lower the initialiser's gain, or use fewer layers"
        )


def rows_of_bands(rows: int, columns: int) -> Iterator[slice]:
    """Slices of rows, in order, of about BAND_PIXELS pixels each."""
    step = max(1, BAND_PIXELS // columns)
    return (slice(start, min(rows, start + step)) for start in range(0, rows, step))


def bands(plane: NDArray[np.generic]) -> Iterator[NDArray[np.generic]]:
    """A (rows, columns) array in bands of rows."""
    return (plane[part] for part in rows_of_bands(*plane.shape))


def _extremes(plane: NDArray[np.generic], channel: int) -> tuple[float, float]:
    low, high = float(plane.min()), float(plane.max())
    return _check_range(low, high, channel)


def _standard(plane: NDArray[np.generic], channel: int) -> tuple[float, float]:
    """The values that 100 v + 128 sends to 0 and to 255."""
    mean = sum(float(np.sum(band, dtype=np.float64)) for band in bands(plane)) / plane.size
    square = sum(float(np.sum((band.astype(np.float64) - mean) ** 2)) for band in bands(plane))
    std = (square / plane.size) ** 0.5
    if plane.min() == plane.max():
        return mean, mean
    return _check_range(mean - 1.28 * std, mean + 1.27 * std, channel)


def _check_range(low: float, high: float, channel: int) -> tuple[float, float]:
    if not isfinite(high - low):
        raise NotFiniteError(
            f"samples: channel {channel} spans more than a float64 can hold; normalise the layers (norm='spatial')"
        )
    return low, high
