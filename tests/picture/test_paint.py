"""Samples through a Tone: known bytes, clipping, the middle, bands, and every kind of number."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.errors import InputError, NotFiniteError
from netwarp.picture.colour import lab_to_srgb
from netwarp.picture.maps import map_colours
from netwarp.picture.oklab_pixels import oklab_to_srgb
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.plane import Raster


def smooth(k: int, rows: int, columns: int) -> np.ndarray:
    x, y = Raster(columns, rows).slope()
    return np.stack([np.sin(9 * x * (c + 1) + 5 * y) for c in range(k)]).astype(np.float32)


def test_row_0_is_the_smallest_y_and_is_drawn_at_the_top() -> None:
    slope = Raster(columns=30, rows=20).slope()
    pixels = paint(slope, Tone.fit(slope, "gray", channel=1)).pixels
    assert pixels.shape == (20, 30, 3)
    assert pixels[0].tolist() == [[0, 0, 0]] * 30
    assert pixels[-1].tolist() == [[255, 255, 255]] * 30
    assert np.all(np.diff(pixels[:, 0, 0].astype(int)) > 0)


def test_rgb_bytes() -> None:
    samples = np.array([[[-1.0, 3.0]], [[2.0, 2.0]], [[0.0, 1.0]]])
    # standardised values are -1 and 1: 28 and 228; a constant channel is 128
    assert paint(samples, Tone.fit(samples, "rgb")).pixels.tolist() == [[[28, 128, 28], [228, 128, 228]]]


def test_lab_clipped_stretches_each_channel_over_its_scale() -> None:
    samples = smooth(3, 40, 60)
    low, high = samples.min(axis=(1, 2), keepdims=True), samples.max(axis=(1, 2), keepdims=True)
    unit = (samples.astype(np.float64) - low) / (high - low)
    scale, start = np.array([100, 220, 220])[:, None, None], np.array([0, 110, 110])[:, None, None]
    wanted = lab_to_srgb((unit * scale - start).astype(np.float32))
    got = paint(samples, Tone.fit(samples, "lab-clipped")).pixels
    # the stretch itself is rounded in float32 here: a byte may fall on the other side of its threshold
    assert np.abs(got.astype(int) - wanted).max() <= 1
    assert np.mean(got != wanted) < 1e-3


def test_a_map_takes_its_colours_from_end_to_end() -> None:
    samples = np.linspace(-4, 4, 1024)[None, None]
    assert np.array_equal(paint(samples, Tone.fit(samples, "magma")).pixels[0], map_colours("magma"))


def test_lab_is_oklab_of_the_positions_within_and_beyond_the_range() -> None:
    samples = 3 * smooth(3, 40, 60)
    tone = Tone("lab", (2, 0, 1), (-1.0, -0.5, -2.0), (1.5, 0.5, 1.0))
    low, high = np.array(tone.low)[:, None, None], np.array(tone.high)[:, None, None]
    unit = (samples[[2, 0, 1]].astype(np.float64) - low) / (high - low)
    assert unit.min() < -2
    assert unit.max() > 3
    wanted = oklab_to_srgb(unit.astype(np.float32))
    got = paint(samples, tone).pixels
    assert np.abs(got.astype(int) - wanted).max() <= 1
    assert np.mean(got != wanted) < 1e-3
    # what lies beyond the ends is still told apart
    beyond = np.array([[[1.0, 2.0]], [[0.0, 0.0]], [[0.0, 0.0]]])
    assert len(np.unique(paint(beyond, Tone("lab", (0, 1, 2), (-1.0,) * 3, (1.0,) * 3)).pixels)) == 2


@pytest.mark.parametrize("value", [1e30, -1e30, 3e38, 1e300, -1e308])
def test_lab_has_a_colour_for_the_largest_values(value: float) -> None:
    tone = Tone("lab", (0, 1, 2), (-1.0,) * 3, (1.0,) * 3)
    for dtype in (np.float32, np.float64):
        if abs(value) < float(np.finfo(dtype).max):
            far = paint(np.full((3, 1, 1), value, dtype), tone).pixels
            near = paint(np.full((3, 1, 1), np.sign(value) * 1e6, dtype), tone).pixels
            assert np.array_equal(far, near)
    narrow = Tone("lab", (0, 1, 2), (0.0,) * 3, (1e-25,) * 3)
    assert np.array_equal(paint(np.full((3, 1, 1), np.sign(value) * 3e38, np.float32), narrow).pixels, near)


@pytest.mark.parametrize("colour", ["lab", "lab-clipped", "rgb", "gray", "viridis"])
def test_a_constant_picture_is_the_middle(colour: str) -> None:
    samples = np.full((3, 2, 2), 7.5, np.float32)
    tone = Tone.fit(samples, colour)
    own = {"lab": [146] * 3, "lab-clipped": [119] * 3, "viridis": map_colours("viridis")[512].tolist()}
    middle = own.get(colour, [128, 128, 128])
    for values in (samples, samples + 100):
        assert paint(values, tone).pixels.tolist() == [[middle] * 2] * 2


@pytest.mark.parametrize("colour", ["lab-clipped", "rgb", "gray", "viridis"])
def test_other_samples_are_clipped_to_the_tone(colour: str) -> None:
    samples = smooth(3, 30, 30)
    tone = Tone.fit(samples, colour)
    limits = np.array(tone.low)[:, None, None], np.array(tone.high)[:, None, None]
    count = len(tone.channels)
    wide = samples * 1e6
    wide[:count] = np.where(np.abs(wide[:count]) < 1e-3, 0, wide[:count])
    clipped = wide.copy()
    clipped[:count] = np.clip(wide[:count], *limits)
    assert np.array_equal(paint(wide, tone).pixels, paint(clipped, tone).pixels)


@pytest.mark.parametrize("colour", ["lab", "lab-clipped", "rgb", "gray", "viridis"])
def test_bands_leave_no_seam(colour: str) -> None:
    samples = smooth(3, 301, 700)
    tone = Tone.fit(samples, colour)
    whole = paint(samples, tone).pixels
    for rows in (slice(0, 1), slice(92, 95), slice(185, 301)):
        assert np.array_equal(paint(samples[:, rows], tone).pixels, whole[rows])
    # a row wider than a band, and samples that do not lie in one piece
    assert paint(np.zeros((3, 2, 70_000)), tone).pixels.shape == (2, 70_000, 3)
    assert np.array_equal(paint(samples[:, ::-1, ::2], tone).pixels, whole[::-1, ::2])


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int32, np.uint8, np.bool_])
def test_every_kind_of_real_number(dtype: type) -> None:
    samples = np.array([[[0, 1, 1, 0]]], dtype)
    assert paint(samples, Tone.fit(samples, "gray")).pixels[0, :, 0].tolist() == [0, 255, 255, 0]


@pytest.mark.parametrize("scale", [1e-40, 1e-35, 1e35, 3e38])
def test_the_ends_of_float32(scale: float) -> None:
    samples = np.array([[[-1.0, 0.0, 1.0]]]) * scale
    assert paint(samples.astype(np.float32), Tone.fit(samples, "gray")).pixels[0, :, 0].tolist() == [0, 128, 255]


def test_a_deep_zoom_keeps_float64() -> None:
    samples = 1000 + 1e-9 * np.linspace(0, 1, 256)[None, None]
    codes = paint(samples, Tone.fit(samples, "gray")).pixels[0, :, 0].astype(int)
    assert np.abs(codes - np.arange(256)).max() <= 1


def test_values_that_are_no_numbers_are_never_painted() -> None:
    samples = np.zeros((3, 100, 1000))
    tone = Tone.fit(samples + np.arange(1000))
    samples[1, 99, 3] = np.nan
    samples[2, 5, 3] = -np.inf
    with pytest.raises(NotFiniteError, match=r"2 of 300,000 values"):
        paint(samples, tone)


def test_samples_without_the_tone_s_channels_are_refused() -> None:
    tone = Tone.fit(smooth(3, 4, 4))
    with pytest.raises(InputError, match="samples of 2 channels: the tone shows channel 2"):
        paint(smooth(2, 4, 4), tone)


def test_progress_counts_rows_and_may_cancel() -> None:
    samples = smooth(1, 300, 700)
    seen: list[tuple[int, int]] = []
    paint(samples, Tone.fit(samples, "gray"), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (300, 300)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert len(seen) > 2

    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint(samples, Tone.fit(samples, "gray"), progress=cancel)


def test_what_is_no_tone_is_refused() -> None:
    with pytest.raises(InputError, match=r"paint tone=3: must be a Tone, as nw\.Tone\.fit"):
        paint(np.zeros((3, 2, 2)), 3)  # type: ignore[arg-type]
