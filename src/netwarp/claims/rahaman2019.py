"""The spectrum of ReLU networks decays as a power: Rahaman et al. (2019), "On the Spectral Bias of Neural Networks".

Rahaman, Baratin, Arpit, Draxler, Lin, Hamprecht, Bengio and Courville, arXiv:1806.08734.
"""

# M points along a line, K frequencies

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.claims.checks import exactly, judge, less, within
from netwarp.claims.estimates import jackknife_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import said
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.progress import Progress
from netwarp.study.seeds import by_point

Array = NDArray[np.float64]

NETWORKS = ("conv(30)", "conv(30) * 2", "conv(30) * 4", "conv(10) * 10")
SMOOTH = "conv(30) * 2"
POINTS = 1 << 14
# above it each network's kinks are told apart, below it the points' own spacing is not felt
FIRST, LAST = 128, 2048
CALIBRATION = Raster(64, 64)


@claim(
    number=19,
    name="spectrum-decays",
    statement=(
        "The Fourier transform of a ReLU network decays as a power of the frequency, not faster: along a line, where "
        "the function is continuous and linear between kinks, as k^-2, whatever width and depth."
    ),
    source="Rahaman et al. 2019, arXiv:1806.08734",
    basis="follows",
    setup=(
        "Normalised ReLU networks of 1 to 10 layers, 16,384 points of a chord through the plane's centre in a random "
        "direction, under a window that is smooth at both ends; amplitude averaged over seeds (root mean square), the "
        "exponent fitted to 128 .. 2,048 periods a chord. Beside them a tanh network."
    ),
    expected="exponent -2; a tanh network, smooth, below a millionth of the ReLU networks' power at 256 periods",
    tolerance="5%",
)
def spectrum_decays(quick: bool, progress: Progress) -> Finding:
    seeds = 24 if quick else 96
    texts = [(text, "relu") for text in NETWORKS] + [(SMOOTH, "tanh")]
    powers = np.array(list(by_point(_power, dict.fromkeys(texts, range(seeds)), progress).values()))
    # the exponent of the mean over seeds
    statements = [
        within(
            f"exponent of the amplitude, {text}",
            -2,
            0.05,
            jackknife_of(lambda some: _exponent(some.mean(axis=0)), power),
        )
        for (text, _), power in zip(texts[:-1], powers, strict=False)
    ]
    at = 256
    share = float(powers[-1].mean(axis=0)[at] / powers[1].mean(axis=0)[at])
    # ten orders of magnitude from the bound: no seeds could change it
    statements.append(less(f"power of tanh over that of relu at {at} periods, {SMOOTH}", 1e-6, exactly(share)))
    checks = judge(statements)
    exponents = ", ".join(f"{text} {said(one, 3)}" for text, one in zip(NETWORKS, checks, strict=False))
    # a quarter octave each: single frequencies are noise
    edges = np.unique(np.round(2 ** np.arange(2, np.log2(LAST) + 0.01, 0.25)).astype(int))
    bins = list(pairwise(edges.tolist()))
    centres = tuple(float(np.sqrt(low * high)) for low, high in bins)
    averages = powers.mean(axis=1)
    binned = [tuple(float(np.sqrt(power[low:high].mean())) for low, high in bins) for power in averages]
    law = tuple(binned[1][-1] * (k / centres[-1]) ** -2 for k in centres)
    plot = Plot(
        (
            *(Series(f"{text}, {act}", centres, one) for (text, act), one in zip(texts, binned, strict=True)),
            Series("k^-2", centres, law, reference=True),
        ),
        "k, periods a chord",
        "amplitude",
        x_log=True,
        y_log=True,
    )
    return Finding(f"exponents {exponents}; tanh over relu {share:.1e}", checks, plot)


def _power(text: str, act: str, seed: int) -> Array:
    """(K,) the mean over channels of the power at 0, 1, .. periods a chord, along a chord."""
    field = calibrate(Network.draw(parse(text, act=act), seed), CALIBRATION)
    angle = stream(seed).uniform(0, 2 * np.pi)
    along = (np.arange(POINTS) + 0.5) / POINTS - 0.5
    values = field.at(np.stack((along * np.cos(angle), along * np.sin(angle)), axis=1))
    return power_of(values.T)


def power_of(values: NDArray[np.floating]) -> Array:
    """(K,) the mean over channels of the power of (channels, M) values, standardised, under a window."""
    place = (np.arange(values.shape[1]) + 0.5) / values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    centred = centred / centred.std(axis=1, keepdims=True)
    # sin^4: three derivatives are 0 at the ends, so that what they cut off decays faster than any kink
    power = np.abs(np.fft.rfft(centred * np.sin(np.pi * place) ** 4, axis=1)) ** 2
    return np.asarray(power.mean(axis=0))[: LAST + 1]


def _exponent(power: Array) -> float:
    """The slope of log amplitude over log frequency, by least squares, every frequency alike."""
    k = np.arange(FIRST, LAST + 1)
    return float(np.polyfit(np.log(k), np.log(power[FIRST:]), 1)[0] / 2)
