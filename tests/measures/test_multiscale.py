"""Structural complexity: ramps, noise and chequers in closed form; overlaps taken as the paper writes them."""

import numpy as np
import pytest

from netwarp.measures.measure import noise, ramp
from netwarp.measures.multiscale import structural_complexity
from netwarp.measures.registry import Absent
from netwarp.plane import Raster


def draw(*shape):
    return np.random.RandomState(np.random.PCG64(5)).standard_normal(shape)


def chequers(pixels, side):
    """Squares of so many pixels, of -1 and 1."""
    index = np.arange(side) // pixels
    return 1.0 - 2.0 * ((index[:, None] + index) % 2)


def overlaps(image):
    """The sum over scales from pictures of one size, each coarser one made of the one before."""
    side = image.shape[0]
    coarse, block, total = image, 1, 0.0
    while block < side // 4:
        finer = coarse
        block *= 2
        blocks = finer.reshape(side // block, block, side // block, block).mean(axis=(1, 3))
        coarse = np.kron(blocks, np.ones((block, block)))
        if block > 2:  # the step from single pixels is left out
            total += abs((coarse * finer).mean() - ((finer * finer).mean() + (coarse * coarse).mean()) / 2)
    return total


@pytest.mark.parametrize("side", [16, 64, 256])
def test_of_a_ramp(side):
    """n pixels in a row have the variance (n^2 - 1) / 12, and b of them, of that, (b^2 - 1) / 12."""
    expected = ((side / 4) ** 2 - 2**2) / (side**2 - 1) / 2
    assert structural_complexity(ramp(Raster(side, side))).value == pytest.approx(expected, rel=1e-9)


def test_of_noise():
    """A mean over b pixels keeps 1 / b of the variance: from a quarter to 16 of all pixels."""
    expected = (1 / 4 - 16 / 256**2) / 2
    assert structural_complexity(noise(Raster(256, 256))).value == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("pixels", "expected"), [(1, (0, 0, 0)), (2, (0.5, 0, 0)), (4, (0, 0.5, 0)), (8, (0, 0, 0.5))])
def test_of_chequers_is_all_at_their_scale(pixels, expected):
    found = structural_complexity(chequers(pixels, 64))
    assert found.details == {"scales": (32.0, 16.0, 8.0), "dissimilarity": pytest.approx(expected, abs=1e-12)}
    assert found.value == pytest.approx(sum(expected), abs=1e-12)


def test_as_the_paper_writes_it():
    image = np.cumsum(np.cumsum(draw(64, 64), axis=0), axis=1)
    image = (image - image.mean()) / image.std()
    assert structural_complexity(image).value == pytest.approx(overlaps(image), rel=1e-10)


def test_no_matter_which_way_up_or_how_bright():
    image = draw(64, 64)
    value = structural_complexity(image).value
    for alike in (image.T, image[::-1], image[:, ::-1], -image, image + 3.0):
        assert structural_complexity(alike).value == pytest.approx(value, rel=1e-9)


def test_of_any_shape_as_blocks_given_one_by_one():
    """45x38: blocks of uneven numbers of pixels, the finer inside the coarser, each weighing as much as it is large."""
    image = draw(45, 38)
    squares = []
    for count in (16, 8, 4):
        rows, columns = (
            np.searchsorted(np.arange(count) * n // count, np.arange(n), side="right") for n in image.shape
        )
        coarse = np.empty_like(image)
        for label in range(count**2 + 1):
            inside = (rows[:, None] - 1) * count + columns - 1 == label
            coarse[inside] = image[inside].mean() if inside.any() else 0.0
        squares.append((coarse * coarse).mean())
    found = structural_complexity(image)
    assert found.details["scales"] == (16.0, 8.0)
    assert found.value == pytest.approx((squares[0] - squares[2]) / 2, rel=1e-10)


def test_of_too_few_pixels():
    with pytest.raises(Absent, match="16 pixels a side"):
        structural_complexity(draw(15, 40))
    assert structural_complexity(draw(16, 40)).details["scales"] == (8.0,)
