"""Lab to sRGB against the standards' formulas in the other direction, and colour maps by name."""

from __future__ import annotations

import numpy as np
import pytest
from cmap import Catalog, Colormap

from netwarp.errors import InputError
from netwarp.picture.colour import encode_srgb, lab_to_srgb
from netwarp.picture.maps import check_map, map_colours

# IEC 61966-2-1, equation 7, as printed there
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def srgb_to_lab(codes: np.ndarray) -> np.ndarray:
    """(n, 3) bytes -> (3, n) Lab, float64: the opposite direction, by the printed matrix."""
    v = codes / 255
    light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    relative = (light @ TO_XYZ.T) / TO_XYZ.sum(axis=1)
    f = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative * 841 / 108 + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])])


def encode_in_float64(light: np.ndarray) -> np.ndarray:
    v = np.clip(light.astype(np.float64), 0, 1)
    return np.floor(255 * np.where(v <= 0.0031308, 12.92 * v, 1.055 * v ** (1 / 2.4) - 0.055) + 0.5).astype(np.uint8)


def test_known_colours() -> None:
    lab = np.array([[0, 0, 0], [100, 0, 0], [53.2408, 80.0925, 67.2032], [32.297, 79.1875, -107.8602]], np.float32)
    assert lab_to_srgb(lab.T).tolist() == [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 0, 255]]


def test_every_srgb_colour_of_a_grid_comes_back_as_itself() -> None:
    side = np.r_[0:8, 8:248:6, 248:256]
    codes = np.stack(np.meshgrid(side, side, side), axis=-1).reshape(-1, 3).astype(np.uint8)
    assert np.array_equal(lab_to_srgb(srgb_to_lab(codes).astype(np.float32)), codes)


def test_neutral_colours_have_three_equal_bytes() -> None:
    lightness = np.linspace(0, 100, 100_001, dtype=np.float32)
    out = lab_to_srgb(np.stack([lightness, np.zeros_like(lightness), np.zeros_like(lightness)]))
    assert np.array_equal(out[:, 0], out[:, 1])
    assert np.array_equal(out[:, 0], out[:, 2])
    assert np.all(np.diff(out[:, 0].astype(int)) >= 0)
    assert set(out[:, 0].tolist()) == set(range(256))


def test_colours_outside_srgb_are_clipped_channel_by_channel() -> None:
    lab = np.array([[60, -110, 110], [60, 110, -110], [0, 110, -110]], np.float32).T
    out = lab_to_srgb(lab)
    assert out[0, 0] == 0
    assert out[0, 2] == 0
    assert out[1, 1] == 0
    assert out[1, 2] == 255
    assert lab_to_srgb(lab.reshape(3, 3, 1)).shape == (3, 1, 3)


def test_bytes_are_the_rounded_transfer_function_for_every_float_near_a_threshold() -> None:
    middle = (np.arange(1, 256) - 0.5) / 255
    near = np.where(middle <= 0.04045, middle / 12.92, ((middle + 0.055) / 1.055) ** 2.4).astype(np.float32)
    below, above = np.nextafter(near, np.float32(0)), np.nextafter(near, np.float32(1))
    light = np.concatenate([np.nextafter(below, np.float32(0)), below, above, np.nextafter(above, np.float32(1))])
    assert np.array_equal(encode_srgb(light), encode_in_float64(light))
    spread = np.random.default_rng(1).uniform(-0.2, 1.2, 200_000).astype(np.float32)
    assert np.array_equal(encode_srgb(spread), encode_in_float64(spread))
    edges = np.arange(4097, dtype=np.float32) / 4096
    assert np.array_equal(encode_srgb(edges), encode_in_float64(edges))


def test_a_map_is_the_library_s_own_and_can_be_reversed() -> None:
    colours = map_colours("viridis")
    assert colours.shape == (1024, 3)
    assert colours[0].tolist() == [68, 1, 84]
    assert colours[-1].tolist() == [253, 231, 37]
    assert np.array_equal(map_colours("viridis_r"), colours[::-1])
    assert np.array_equal(map_colours("crameri:batlow"), map_colours("batlow"))
    assert np.array_equal(map_colours("magma")[512], np.rint(255 * np.array(Colormap("magma").lut(1024)[512, :3])))


def test_every_name_of_the_catalogue_is_known() -> None:
    names = sorted(Catalog().short_keys())
    assert len(names) > 100
    assert all(check_map(name) and check_map(name + "_r") for name in names)


@pytest.mark.parametrize("name", ["virids", "", "_r", "#ff0000", "/etc/passwd", "os:system", "a\nb", "v" * 1000])
def test_an_unknown_map_is_one_line(name: str) -> None:
    with pytest.raises(InputError) as caught:
        map_colours(name)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_an_unknown_map_suggests_the_nearest() -> None:
    with pytest.raises(InputError, match='did you mean "viridis"'):
        map_colours("virids")
