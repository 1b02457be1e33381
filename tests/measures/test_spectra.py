"""Spectra: single waves and polynomials, a ramp and noise in closed form; transforms written out; power laws."""

import numpy as np
import pytest
from numpy.polynomial.chebyshev import chebval2d
from scipy.fft import idctn

from netwarp.measures.measure import noise, ramp
from netwarp.measures.registry import Absent
from netwarp.measures.spectra import chebyshev_order, mean_frequency, spectral_slope
from netwarp.plane import Raster


def wave(rows, columns, down, across):
    """down and across half cycles."""
    y, x = ((np.arange(n) + 0.5) / n for n in (rows, columns))
    return np.cos(np.pi * down * y)[:, None] * np.cos(np.pi * across * x)


def draw(*shape, seed=0):
    return np.random.RandomState(np.random.PCG64(seed)).standard_normal(shape)


def power_law(n, exponent, seed=0):
    """An image whose every wave has the power |k|^exponent, of random sign."""
    radius = np.hypot(*np.mgrid[:n, :n])
    radius[0, 0] = np.inf
    return idctn(np.sign(draw(n, n, seed=seed)) * radius ** (exponent / 2), norm="ortho")


@pytest.mark.parametrize(("down", "across"), [(0, 1), (6, 0), (6, 8), (47, 63)])
def test_mean_frequency_of_one_wave_is_its_own(down, across):
    assert mean_frequency(wave(48, 64, down, across)) == pytest.approx(np.hypot(down, across) / 2, rel=1e-9)


@pytest.mark.parametrize(("cycles", "read"), [(1, 2.0), (3, 4.5), (8, 9.8)])
def test_a_sine_reads_more_than_its_cycles_and_a_cosine_its_own(cycles, read):
    """The documented numbers, against the transform written out: a sine has a kink where it is mirrored."""
    x, _ = Raster(256, 256).slope()
    k, place = np.arange(256), (np.arange(256) + 0.5) / 256
    amplitude = np.abs(np.cos(np.pi * k[:, None] * place) @ np.sin(2 * np.pi * cycles * x[0] + 0.3))
    amplitude[0] = 0
    expected = (k / 2 * amplitude).sum() / amplitude.sum()
    assert mean_frequency(np.sin(2 * np.pi * cycles * x + 0.3)) == pytest.approx(expected, rel=1e-9)
    assert expected == pytest.approx(read, abs=0.05)
    assert mean_frequency(np.cos(2 * np.pi * cycles * x)) == pytest.approx(cycles, rel=1e-9)


@pytest.mark.parametrize("size", [(64, 64), (128, 64), (64, 128)])
def test_waves_along_either_side_of_an_oblong_raster_read_the_same(size):
    x, y = Raster(*size).slope()
    across, down = (np.cos(2 * np.pi * 4 * one) for one in (x, y))
    assert mean_frequency(across) == pytest.approx(mean_frequency(down), rel=1e-9) == pytest.approx(4)
    assert chebyshev_order(across) == pytest.approx(chebyshev_order(down), rel=0.003)


def test_mean_frequency_of_a_ramp():
    """Its odd waves have amplitudes cos(a) / sin(a)^2, a = pi k / 2 n, and its even ones none."""
    k = np.arange(1, 64, 2)
    amplitude = np.cos(np.pi * k / 128) / np.sin(np.pi * k / 128) ** 2
    expected = (k * amplitude).sum() / amplitude.sum() / 2
    assert mean_frequency(ramp(Raster(64, 64))) == pytest.approx(expected, rel=1e-9)
    assert round(expected, 2) == 1.04


def test_mean_frequency_of_white_noise():
    """Waves of equal expected amplitude: the mean length of k, 24.17 at 64x64. Deviation of one image: 0.13."""
    expected = np.hypot(*np.mgrid[:64, :64]).sum() / 2 / (64**2 - 1)
    assert expected == pytest.approx(24.168, abs=1e-3)
    found = [mean_frequency(draw(64, 64, seed=seed)) for seed in range(50)]
    assert np.mean(found) == pytest.approx(expected, abs=4 * 0.13 / np.sqrt(50))
    assert mean_frequency(noise(Raster(64, 64))) == pytest.approx(expected, abs=4 * 0.13)


def test_mean_frequency_as_the_sums_say():
    image = draw(5, 7) + 3.0
    above = below = 0.0
    for down in range(5):
        for across in range(7):
            if down or across:
                one = wave(5, 7, down, across)
                amplitude = abs((image * one).sum()) / np.sqrt((one * one).sum())
                above, below = above + np.hypot(down, across) / 2 * amplitude, below + amplitude
    assert mean_frequency(image) == pytest.approx(above / below, rel=1e-12)


@pytest.mark.parametrize("of", [mean_frequency, chebyshev_order, lambda image: spectral_slope(image).value])
def test_no_matter_which_way_up_how_bright_or_how_strong(of):
    image = power_law(64, -3.0)
    value = of(image)
    for alike in (image.T, image[::-1], image[:, ::-1], -3.0 * image, image + 2.0):
        assert of(alike) == pytest.approx(value, rel=1e-9)


def sheet(rows, columns, coefficients):
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    return chebval2d(y, x, coefficients)


def test_chebyshev_order_of_one_product_is_its_own():
    coefficients = np.zeros((5, 4))
    coefficients[4, 3] = 1.0
    assert chebyshev_order(sheet(128, 96, coefficients)) == pytest.approx(5.0, abs=1e-3)
    assert chebyshev_order(ramp(Raster(64, 64))) == pytest.approx(1.0, abs=1e-9)


def test_chebyshev_order_of_a_polynomial_from_its_coefficients():
    """Those of cubics are found exactly, since a cubic's spline is the cubic. An order 0 weighs sqrt 2 as much."""
    coefficients = draw(4, 4)
    size = np.abs(coefficients) * np.where(np.arange(4), 1.0, np.sqrt(2.0))[:, None] * np.where(np.arange(4), 1, 2**0.5)
    size[0, 0] = 0.0
    expected = (np.hypot(*np.mgrid[:4, :4]) * size).sum() / size.sum()
    assert chebyshev_order(sheet(40, 30, coefficients)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("exponent", [0.0, -1.0, -2.5, -4.0])
def test_slope_of_a_power_law_is_its_exponent(exponent):
    found = spectral_slope(power_law(256, exponent))
    assert found.value == pytest.approx(exponent, abs=0.05)
    assert found.details["residual"] < 0.05
    assert (found.details["low"], found.details["high"], found.details["bands"]) == (2.0, 64.0, 10.0)


def test_slope_of_noise_jumps_and_kinks():
    y, x = np.mgrid[:256, :256] / 128 - 1
    beyond = np.hypot(x - 0.1, y + 0.05) - 0.6
    assert spectral_slope(noise(Raster(256, 256))).value == pytest.approx(0.0, abs=0.15)
    assert spectral_slope((beyond > 0).astype(float)).value == pytest.approx(-3.0, abs=0.3)
    assert spectral_slope(np.abs(beyond)).value == pytest.approx(-5.0, abs=0.3)
    assert spectral_slope(ramp(Raster(256, 256))).value == pytest.approx(-5.0, abs=0.3)


def test_slope_of_what_has_too_few_pixels_or_waves():
    with pytest.raises(Absent, match="32 pixels a side"):
        spectral_slope(draw(31, 200))
    assert spectral_slope(draw(32, 200)).details["bands"] == 4.0
    with pytest.raises(Absent, match="hardly any wave"):
        spectral_slope(wave(64, 64, 0, 5))


@pytest.mark.parametrize("shape", [(1, 9), (2, 2), (3, 5)])
def test_small_rasters_have_values(shape):
    image = draw(*shape)
    assert 0 < mean_frequency(image) <= np.hypot(*shape) / 2
    if min(shape) > 1:
        assert 0 < chebyshev_order(image) <= np.hypot(*shape)


def test_a_constant_has_none():
    with pytest.raises(Absent, match="constant"):
        mean_frequency(np.zeros((8, 8)))
