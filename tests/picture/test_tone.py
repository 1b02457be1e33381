"""Tone: what is fitted, what is refused, and that it survives JSON exactly."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.errors import InputError, NotFiniteError
from netwarp.picture.tone import Tone

SAMPLES = np.array([[[-1.0, 3.0]], [[2.0, 2.0]], [[0.0, 10.0]]], np.float32)


def test_lab_is_fitted_about_the_mean() -> None:
    tone = Tone.fit(SAMPLES)
    # means 1, 2, 5 and deviations 2, 0, 5; the extremes lie evenly about them, so that no tail is longer
    assert tone == Tone("lab", (0, 1, 2), (1 - 3.5, 2.0, 5 - 10.0), (1 + 3.5, 2.0, 5 + 10.0), tone.compressed)


def test_grey_lies_towards_the_longer_tail() -> None:
    samples = np.zeros((3, 1, 10))
    samples[:, 0, 0] = 10
    # mean 1, deviation 3, and the middle of the extremes, 5, lies 4/3 deviations above
    middle = 1 + 1.2 * 3 * (4 / 3) / (1 + 4 / 3)
    tone = Tone.fit(samples)
    assert tone.low == pytest.approx((1 - 5.25, middle - 6, middle - 6))
    assert tone.high == pytest.approx((1 + 5.25, middle + 6, middle + 6))
    turned = Tone.fit(-samples)
    assert turned.low == pytest.approx(tuple(-v for v in tone.high))


def test_lab_clipped_keeps_the_extremes_of_every_channel() -> None:
    tone = Tone.fit(SAMPLES, "lab-clipped")
    assert (tone.low, tone.high) == ((-1.0, 2.0, 0.0), (3.0, 2.0, 10.0))


@pytest.mark.parametrize("colour", ["lab", "rgb"])
@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e-30, 1e30, 1e160, 1e300])
def test_fits_follow_the_values_through_all_of_float64(scale: float, colour: str) -> None:
    samples = np.random.default_rng(4).normal(0.3, 1, (3, 20, 30)) ** 3
    plain, scaled = Tone.fit(samples, colour), Tone.fit(samples * scale, colour)
    assert np.array(scaled.low) == pytest.approx(np.array(plain.low) * scale, rel=1e-9)
    assert np.array(scaled.high) == pytest.approx(np.array(plain.high) * scale, rel=1e-9)


@pytest.mark.parametrize("colour", ["lab", "rgb"])
def test_a_small_range_on_a_large_value_is_fitted(colour: str) -> None:
    samples = 1e8 + 1e-6 * np.random.default_rng(4).normal(0, 1, (3, 20, 30))
    tone = Tone.fit(samples, colour)
    wanted = samples.std(axis=(1, 2)) * np.array([3.5, 4, 4] if colour == "lab" else [2.55] * 3)
    # of values that are given to 1.5e-8
    assert np.array(tone.high) - np.array(tone.low) == pytest.approx(wanted, abs=1e-7)


def test_the_share_without_a_place_in_srgb() -> None:
    corners = np.array([[0.0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0]])[:, None]
    # none; all; those at one end of a
    assert Tone("lab", (0, 1, 2), (-3.0,) * 3, (4.0,) * 3).share_outside(corners) == 0
    assert Tone("lab", (0, 1, 2), (0.0, 0.49, -1.0), (1.0, 0.51, 1.0)).share_outside(corners) == 1
    assert Tone("lab", (0, 1, 2), (0.0, -0.5, -1.0), (1.0, 0.5, 1.0)).share_outside(corners) == 0.5
    # black and white, and two whose channels are beyond
    assert Tone("lab-clipped", (0, 1, 2), (0.0, -1.0, -1.0), (1.0, 1.0, 1.0)).share_outside(corners) == 0.5
    assert Tone("lab-clipped", (0, 1, 2), (0.5, -1.0, -1.0), (1.0, 1.0, 1.0)).share_outside(corners) == 0.75
    assert Tone("rgb", (0, 1, 2), (0.0, 0.0, 0.0), (1.0, 0.5, 1.0)).share_outside(corners) == 0.5
    assert Tone("gray", (0,), (0.0,), (0.5,)).share_outside(corners) is None
    large = np.zeros((3, 700, 900))
    large[1, :, 300:] = 1
    assert Tone("lab", (0, 1, 2), (0.0, -0.5, -1.0), (1.0, 0.5, 1.0)).share_outside(large) == pytest.approx(
        2 / 3, abs=0.01
    )


def test_the_share_travels() -> None:
    tone = Tone.fit(np.random.default_rng(1).normal(0, 1, (3, 30, 30)))
    assert tone.compressed is not None
    assert 0 < tone.compressed < 1
    assert Tone.from_json(tone.to_json()) == tone
    assert Tone.fit(SAMPLES, "gray").compressed is None
    assert "compressed" not in Tone.fit(SAMPLES, "gray").to_data()
    for share in (-0.1, 1.5, "much", [], True):
        with pytest.raises(InputError, match=r"^tone compressed[^\n]*$"):
            Tone.from_data(tone.to_data() | {"compressed": share})


def test_lab_of_a_tone_without_a_version_is_what_lab_was() -> None:
    data = Tone.fit(SAMPLES).to_data()
    assert data["tone"] == 2
    assert Tone.from_data(data).colour == "lab"
    del data["tone"]
    assert Tone.from_data(data).colour == "lab-clipped"
    assert Tone.from_data({**data, "tone": 1}).colour == "lab-clipped"
    assert Tone.from_data({**data, "colour": "rgb"}).colour == "rgb"
    for version in (0, 3, "2", 2.0, None):
        with pytest.raises(InputError, match=r"^tone (of )?version[^\n]*$"):
            Tone.from_data({**data, "tone": version})


def test_rgb_is_100_v_plus_128_of_the_standardised_value() -> None:
    tone = Tone.fit(SAMPLES, "rgb")
    # channel 0: mean 1, standard deviation 2; v = -1.28 is byte 0 and v = 1.27 is byte 255
    assert (tone.low[0], tone.high[0]) == pytest.approx((1 - 2.56, 1 + 2.54))
    assert (tone.low[1], tone.high[1]) == (2.0, 2.0)


def test_rgb_statistics_over_many_bands_are_numpy_s() -> None:
    samples = np.random.default_rng(3).normal(5, 2, (3, 700, 301)).astype(np.float32)
    tone = Tone.fit(samples, "rgb")
    wide = samples.astype(np.float64)
    mean, std = wide.mean(axis=(1, 2)), wide.std(axis=(1, 2))
    np.testing.assert_allclose(tone.low, mean - 1.28 * std, rtol=1e-12)
    np.testing.assert_allclose(tone.high, mean + 1.27 * std, rtol=1e-12)


def test_gray_and_maps_show_one_channel() -> None:
    assert Tone.fit(SAMPLES, "gray") == Tone("gray", (0,), (-1.0,), (3.0,))
    assert Tone.fit(SAMPLES, "viridis", channel=2) == Tone("viridis", (2,), (0.0,), (10.0,))


def test_auto_is_lab_for_three_channels_and_a_map_otherwise() -> None:
    assert Tone.fit(SAMPLES, "auto").colour == "lab"
    assert Tone.fit(SAMPLES[:2], "auto") == Tone("viridis", (0,), (-1.0,), (3.0,))
    assert Tone.fit(SAMPLES, "auto", channel=2).channels == (2,)


@pytest.mark.parametrize("colour", ["lab", "lab-clipped", "rgb"])
def test_colours_of_three_channels_refuse_other_counts_and_say_what_fits(colour: str) -> None:
    with pytest.raises(
        InputError, match=rf"colour='{colour}' needs 3 channels and the samples have 2; use colour='gray'"
    ):
        Tone.fit(SAMPLES[:2], colour)
    with pytest.raises(InputError, match="channel=1"):
        Tone.fit(SAMPLES, colour, channel=1)


@pytest.mark.parametrize("channel", [3, -1, 1.0, True])
def test_a_channel_the_samples_lack_is_refused(channel: int) -> None:
    with pytest.raises(InputError, match=r"channel="):
        Tone.fit(SAMPLES, "gray", channel=channel)


@pytest.mark.parametrize("colour", ["lba", "greyish", "", 7])
def test_an_unknown_colour_is_refused(colour: str) -> None:
    with pytest.raises(InputError, match="colour"):
        Tone.fit(SAMPLES, colour)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("colour", ["lab", "lab-clipped", "rgb", "gray", "viridis"])
def test_values_that_are_no_numbers_are_counted(bad: float, colour: str) -> None:
    samples = np.zeros((3, 10, 20), np.float32)
    samples[0, 2:4, :5] = bad
    total, share = (600, "1.7%") if colour in ("lab", "lab-clipped", "rgb") else (200, "5%")
    with pytest.raises(NotFiniteError, match=rf"10 of {total} values \({share}\).*norm='spatial'"):
        Tone.fit(samples, colour)


def test_a_channel_that_is_not_shown_may_hold_anything() -> None:
    samples = np.stack([np.full((2, 2), np.nan), np.arange(4.0).reshape(2, 2)])
    assert Tone.fit(samples, "gray", channel=1).high == (3.0,)


def test_a_range_beyond_float64_is_refused() -> None:
    with pytest.raises(NotFiniteError, match="channel 0 spans"):
        Tone.fit(np.array([[[-1.5e308, 1.5e308]]]), "gray")


@pytest.mark.parametrize(
    "samples",
    [np.zeros((2, 2)), np.zeros((3, 0, 2)), np.zeros((3, 1, 1), complex), np.zeros((1, 1, 1), object), [[[1.0]]]],
)
def test_samples_of_another_kind_are_refused(samples: np.ndarray) -> None:
    with pytest.raises(InputError, match="samples"):
        Tone.fit(samples)


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.tuples(finite, finite), st.sampled_from(["gray", "viridis", "batlow_r"]), st.integers(0, 1000))
def test_json_keeps_every_float(limits: tuple[float, float], colour: str, channel: int) -> None:
    tone = Tone(colour, (channel,), (min(limits),), (max(limits),))
    assert Tone.from_json(tone.to_json()) == tone


def test_json_fields_it_does_not_know_are_ignored() -> None:
    data = json.loads(Tone.fit(SAMPLES).to_json()) | {"gamma": 2}
    assert Tone.from_json(json.dumps(data)) == Tone.fit(SAMPLES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", 3),
        ("colour", "nosuch"),
        ("channels", [0]),
        ("channels", [0, 1, -2]),
        ("channels", [0, 1, 1e9]),
        ("low", "abc"),
        ("low", [0, 0, None]),
        ("high", [1, 1, 10**400]),
        ("high", [-5, 1, 1]),
        ("high", [[], [], []]),
    ],
)
def test_a_tone_that_is_none_is_one_line(field: str, value: object) -> None:
    data = Tone("lab", (0, 1, 2), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)).to_data() | {field: value}
    with pytest.raises(InputError, match=r"^(tone|colour) ?[^\n]*$"):
        Tone.from_json(json.dumps(data))


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InputError, match="tone: high is missing"):
        Tone.from_json('{"colour": "gray", "channels": [0], "low": [0]}')
