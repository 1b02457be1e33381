"""How rough the pictures of networks of steps are: Di Lillo, Marinucci, Salvi and Vigogna (2025).

"Fractal and Regular Geometry of Deep Neural Networks", arXiv:2504.06250: a wide network of Heaviside steps is a
Gaussian field on the sphere whose correlation falls from 1 as the angle to the power 2^(1 - L) after L layers; the
boundary of {f > u} then has dimension 2 - 2^-L.
"""

# S seeds, K outputs, N points of a line, D distances

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.claims.checks import judge, more, within
from netwarp.claims.estimates import mean, mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.words import interval, points
from netwarp.fields.calibration import calibrate
from netwarp.measures.intervals import Interval
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.study.ensemble import ensembles
from netwarp.study.seeds import by_point

Array = NDArray[np.float64]

DEPTHS = (1, 2, 3, 4)
OUTPUTS = 32
SHARE = 0.03
# an eighth of a revolution to either side: [-1, 1] at distance 1 from the origin
REACH = 2.0
# fewer steps of the first layer between two points show single steps, not a law; from an eighth of the line on the
# field has forgotten itself
STEPS, OF_LINE = 4, 8
# of a network without statistics nothing depends on the raster
ANY = Raster(4, 4)
PICTURE, PICTURE_WIDTH = Raster(128, 128, Plane(width=REACH, height=REACH)), 256


@claim(
    number=21,
    name="step-contours-are-fractal",
    statement=(
        "The contours of a wide network of Heaviside steps are fractal, the more so the deeper it is: of dimension "
        "2 - 2^-L after L layers."
    ),
    source="Di Lillo, Marinucci, Salvi and Vigogna 2025, arXiv:2504.06250",
    basis="stated",
    setup=(
        "1 to 4 layers of 512 or 1,024 steps, Gaussian weights, inputs x, y and 1, no biases, no normalisation, 32 "
        "outputs. Along the line y = 0, |x| < 1, how often two points are on other sides of the median: it grows as "
        "the distance to the power 2 - dimension; fitted from four first-layer steps to an eighth of the line. "
        "Beside it the box dimension of pictures of 128x128 pixels. Means over seeds."
    ),
    expected="dimension 2 - 2^-L, rising with every layer, by both",
    tolerance="3%; box dimension: rising only, as boxes of a few pixels see single steps",
)
def step_contours_are_fractal(quick: bool, progress: Progress) -> Finding:
    width, seeds = (512, range(8)) if quick else (1024, range(48))
    line = Raster(width, 1, Plane(width=REACH, height=REACH / width))
    contours = by_point(_dimension, {(_network(layers, width, OUTPUTS), line): seeds for layers in DEPTHS}, progress)
    rough = [np.array(one) for one in contours.values()]
    networks = [_network(layers, PICTURE_WIDTH, 4) for layers in DEPTHS]
    pictures = ensembles(networks, ["box_dimension"], seeds=seeds, raster=PICTURE, calibration=ANY, progress=progress)
    boxes = [one.values("box_dimension") for one in pictures]
    found, counted = [mean(one) for one in rough], [mean(one) for one in boxes]
    statements = [
        within(f"{layers} layers, dimension", limit(layers), SHARE, mean_of(one))
        for layers, one in zip(DEPTHS, rough, strict=True)
    ]
    for what, values in (("dimension", rough), ("box dimension", boxes)):
        for layers, (below, above) in zip(DEPTHS[1:], pairwise(values), strict=True):
            statements.append(
                more(f"{layers} layers over {layers - 1}, rise of the {what}", 0.0, mean_of(above - below))
            )
    checks = judge(statements)
    measured = (
        "dimension "
        + ", ".join(f"{interval(one, 3)} after {layers}" for layers, one in zip(DEPTHS, found, strict=True))
        + " layers"
    )
    wide = ", ".join(f"{infinite(layers, line, window(width)):.3f}" for layers in DEPTHS)
    note = (
        f"Of an infinitely wide network the fit gives {wide}: what {width:,} steps a layer miss of 2 - 2^-L is the "
        f"width's, more than the distances'. Box dimensions, of {PICTURE_WIDTH} steps a layer, fall far short: "
        f"{_all(counted)}."
    )
    plot = Plot(
        (
            Series("2 - 2^-L", tuple(map(float, DEPTHS)), tuple(limit(layers) for layers in DEPTHS), reference=True),
            points("by pairs of points", DEPTHS, found),
            points("by counting boxes", DEPTHS, counted),
        ),
        "layers",
        "dimension of the contours",
    )
    return Finding(measured, checks, plot, note)


def limit(layers: int) -> float:
    """The contours' dimension of an infinitely wide network of so many layers."""
    return 2 - 2.0**-layers


def window(width: int) -> NDArray[np.intp]:
    """(D,) distances in pixels, doubling, on a line of as many pixels as the first layer has units.

    It takes up a right angle, half of those at which a unit can have its step: STEPS are on 2 STEPS pixels.
    """
    least = 2 * STEPS
    return np.array([least << power for power in range((width // OF_LINE // least).bit_length())])


def opposite(values: Array, distances: NDArray[np.intp]) -> Array:
    """(D,) the share of pairs of points at each distance along (K, N) of which one is above its channel's median."""
    above = values > np.median(values, axis=1, keepdims=True)
    return np.array([float(np.mean(above[:, apart:] != above[:, :-apart])) for apart in distances])


def slope(shares: Array, distances: NDArray[np.intp]) -> float:
    """The exponent of the power law through (D,) shares over distances, by least squares of the logarithms."""
    return float(np.polyfit(np.log(distances), np.log(shares), 1)[0])


def infinite(layers: int, line: Raster, distances: NDArray[np.intp]) -> float:
    """The dimension that the fit gives for an infinitely wide network, from its exact probabilities.

    The inputs (x, 0, 1) are at angles t; a layer of steps takes their correlation to 1 - arccos(correlation) / pi
    (Cho and Saul 2009, degree 0), and two Gaussian values are on different sides of 0 with probability
    arccos(correlation) / pi.
    """
    angles = np.arctan(line.xs())
    shares = np.empty(len(distances))
    for place, apart in enumerate(distances):
        turned = angles[apart:] - angles[:-apart]
        for _ in range(layers):
            turned = np.arccos(1 - turned / np.pi)
        shares[place] = np.mean(turned / np.pi)
    return 2 - slope(shares, distances)


def _network(layers: int, width: int, outputs: int) -> Architecture:
    return parse(f"conv({width}) * {layers}", act="step", norm="none", init="lecun", inputs="x y bias", out=outputs)


def _dimension(architecture: Architecture, line: Raster, seed: int) -> float:
    """The contours' dimension, of all outputs together."""
    distances = window(line.columns)
    field = calibrate(Network.draw(architecture, seed), ANY)
    values = field.sample(line, dtype="float64")[:, 0].astype(np.float64)
    return 2 - slope(opposite(values, distances), distances)


def _all(found: list[Interval]) -> str:
    return ", ".join(interval(one, 3) for one in found)
