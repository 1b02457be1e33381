"""Levels of 2 x 2 means, made while rows pass by in bands of any height."""

import numpy as np
import pytest

from netwarp.posters.pyramid import Levels, halved, sizes


def plainly(pixels: np.ndarray, levels: int) -> list[np.ndarray]:
    found = [pixels]
    for _ in range(levels - 1):
        last = found[-1]
        last = np.pad(last, ((0, last.shape[0] % 2), (0, last.shape[1] % 2), (0, 0)), mode="edge")
        means = last.reshape(last.shape[0] // 2, 2, last.shape[1] // 2, 2, 3).astype(float).mean(axis=(1, 3))
        found.append(np.floor(means + 0.5).astype(pixels.dtype))
    return found


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("rows", "columns"), [(64, 64), (37, 53), (1, 9), (70, 1), (129, 2)])
@pytest.mark.parametrize("height", [1, 7, 16, 64, 200])
def test_levels_are_the_means_whatever_the_bands(rows: int, columns: int, height: int, dtype: type) -> None:
    pixels = np.random.default_rng(2).integers(0, np.iinfo(dtype).max + 1, (rows, columns, 3), dtype=dtype)
    count = 1 + (max(rows, columns) - 1).bit_length()
    found: list[list[np.ndarray]] = [[] for _ in range(count)]

    def emit(level: int, row: int, part: np.ndarray) -> None:
        assert row == len(found[level])
        found[level].append(part.copy())

    levels = Levels(columns, rows, count, 16, emit)
    for start in range(0, rows, height):
        levels.feed(pixels[start : start + height])
    for made, expected in zip(found, plainly(pixels, count), strict=True):
        assert all(len(part) == 16 for part in made[:-1])
        assert np.array_equal(np.concatenate(made), expected)


def test_sizes_are_halved_and_rounded_up() -> None:
    assert sizes(5, 3, 4) == [(5, 3), (3, 2), (2, 1), (1, 1)]


def test_a_half_goes_up() -> None:
    assert halved(np.array([[[0], [1]], [[0], [1]]], np.uint8)).tolist() == [[[1]]]
    assert halved(np.full((2, 2, 3), 65535, np.uint16)).tolist() == [[[65535] * 3]]
