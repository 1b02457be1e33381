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


def test_lab_keeps_the_extremes_of_every_channel() -> None:
    assert Tone.fit(SAMPLES) == Tone("lab", (0, 1, 2), (-1.0, 2.0, 0.0), (3.0, 2.0, 10.0))


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


@pytest.mark.parametrize("colour", ["lab", "rgb"])
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
@pytest.mark.parametrize("colour", ["lab", "rgb", "gray", "viridis"])
def test_values_that_are_no_numbers_are_counted(bad: float, colour: str) -> None:
    samples = np.zeros((3, 10, 20), np.float32)
    samples[0, 2:4, :5] = bad
    total, share = (600, "1.7%") if colour in ("lab", "rgb") else (200, "5%")
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
