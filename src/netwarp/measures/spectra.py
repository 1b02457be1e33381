"""Spectra: how fine the waves, and how high the polynomials, are that a picture is made of.

All take (rows, columns) float64 of mean 0 and variance 1. A wave's frequency is counted in cycles a picture, whatever
the picture's sides: index k of a discrete cosine transform is k half cycles along its side.
"""

# R rows, C columns, k indices of the transform along both

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.registry import Absent, Reading, define

Array = NDArray[np.float64]

# the slope's fit: from two cycles a picture, since below that there are hardly any waves; to half of Nyquist, since
# above that what is finer than the pixels is folded back; in bands of half an octave, so that no scale outweighs others
LOWEST, OF_NYQUIST, BANDS_AN_OCTAVE = 4, 0.5, 2
FEWEST_BANDS = 4
# power below this share of the whole is what rounding leaves of nothing
EMPTY = 1e-26
# weights of pixels in a spline below this change no digit
FORGOTTEN = 1e-16


@define(
    unit="cycles a picture",
    source="Teney et al. 2024, arXiv:2403.02241",
    formula="sum |k| |F(k)| / sum |F(k)| over k != 0; F the orthonormal DCT-II, |k| = sqrt(kx^2 + ky^2) / 2",
    page="words",
)
def mean_frequency(image: Array) -> float:
    """The mean frequency of a picture's waves, each weighted by its amplitude.

    Waves are those of the orthonormal type-II discrete cosine transform, up to Nyquist along both sides and the corner
    between them; the mean is left out. Not of the Fourier transform, which takes the picture for one tile of many and
    finds the jump from its last column to its first: of a linear ramp that is most of what it finds. White noise scores
    the mean of |k|, 24.17 at 64x64, since every wave of it has the same expected amplitude.

    A cosine of 1, 3 or 8 cycles scores these; a sine some 2.0, 4.5 and 9.8 at 256x256, since mirrored at the border it
    has a kink there. Waves of a kink fall off as |k|^-2.5 and those of a jump as |k|^-1.5, too slowly for the sum of
    |k| |F(k)| to converge: such pictures score more on a finer raster, without end, and are to be compared on one.
    """
    return _mean_index(image) / 2


@define(
    unit="orders",
    source="Teney et al. 2024, arXiv:2403.02241",
    formula="sum |k| |c(k)| / sum |c(k)| over k != 0; c(k) that of T_kx(x) T_ky(y), |k| = sqrt(kx^2 + ky^2)",
)
def chebyshev_order(image: Array) -> float:
    """The mean order of the products of Chebyshev polynomials in a picture, each weighted by its coefficient.

    The plane is taken as [-1, 1]^2 between the outermost pixels' centres; cubic splines through the pixels give the
    values at the Chebyshev nodes, as many along a side as there are pixels. The polynomials are scaled to be
    orthonormal there, and the constant is left out.
    """
    rows, columns = image.shape
    return _mean_index((_to_nodes(columns) @ (_to_nodes(rows) @ image).T).T)


@define(
    unit="",
    source="Field 1987, doi:10.1364/JOSAA.4.002379",
    formula="slope of log P(|k|) over log |k|; P the mean of F(k)^2 over a band of |k|, F the orthonormal DCT-II",
)
def spectral_slope(image: Array) -> Reading:
    """How fast the power of a picture's waves falls with frequency, as the exponent of the power law nearest to it.

    A straight line through the logarithms of power, averaged over directions in bands of half an octave, from two
    cycles a picture to half of Nyquist. White noise has 0, a picture of jumps about -3, one of kinks (a ReLU network's)
    about -5; none is much steeper, since a slope at the border is a kink to a cosine transform. Details: `low` and
    `high`, the fitted range in cycles a picture; `bands`; `residual`, the root mean square of what the line leaves, in
    decades of power.
    """
    rows, columns = image.shape
    highest = OF_NYQUIST * min(rows, columns)
    bands = int(np.log2(max(highest / LOWEST, 1)) * BANDS_AN_OCTAVE)
    if bands < FEWEST_BANDS:
        least = int(np.ceil(LOWEST * 2 ** (FEWEST_BANDS / BANDS_AN_OCTAVE) / OF_NYQUIST))
        raise Absent(f"the raster is too small for a slope: {least} pixels a side are needed")
    power = _transform(image) ** 2
    index = _radius(rows, columns)
    edges = LOWEST * 2.0 ** (np.arange(bands + 1) / BANDS_AN_OCTAVE)
    low, high = float(edges[0]) / 2, float(edges[-1]) / 2
    band = np.digitize(index, edges) - 1  # -1 below, `bands` above
    inside = (band >= 0) & (band < bands)
    counts = np.bincount(band[inside], minlength=bands)
    means = np.bincount(band[inside], weights=power[inside], minlength=bands) / counts
    places = np.bincount(band[inside], weights=np.log10(index[inside] / 2), minlength=bands) / counts
    if (means * counts <= EMPTY * power.sum()).any():
        raise Absent(f"hardly any wave lies between {low:g} and {high:g} cycles a picture: no slope")
    logs = np.log10(means)
    slope, offset = np.polyfit(places, logs, 1)
    residual = float(np.sqrt(np.mean((logs - slope * places - offset) ** 2)))
    return Reading(float(slope), {"low": low, "high": high, "bands": float(bands), "residual": residual})


def _mean_index(values: Array) -> float:
    amplitude = np.abs(_transform(values))
    amplitude[0, 0] = 0.0
    whole = float(amplitude.sum())
    if whole <= 0.0:
        raise Absent("the picture is constant")
    return float((_radius(*values.shape) * amplitude).sum()) / whole


def _transform(values: Array) -> Array:
    from scipy.fft import dctn

    found: Array = dctn(values, type=2, norm="ortho")
    return found


@lru_cache(maxsize=4)
def _radius(rows: int, columns: int) -> Array:
    """(R, C): the length of the index pair."""
    found: Array = np.hypot(np.arange(rows, dtype=np.float64)[:, None], np.arange(columns, dtype=np.float64))
    found.flags.writeable = False
    return found


@lru_cache(maxsize=4)
def _to_nodes(pixels: int) -> Any:
    """(n, n) sparse: takes n values evenly spaced over [-1, 1] to their spline's at the n Chebyshev nodes within.

    A node's value hangs on the few dozen pixels around it: the spline forgets farther ones below rounding.
    """
    from scipy.interpolate import make_interp_spline
    from scipy.sparse import csr_array

    nodes = np.cos(np.pi * (np.arange(pixels) + 0.5) / pixels)
    spline = make_interp_spline(np.linspace(-1.0, 1.0, pixels), np.eye(pixels), k=3 if pixels > 3 else 1)
    weights = spline(nodes)
    weights[np.abs(weights) < FORGOTTEN] = 0.0
    return csr_array(weights)
