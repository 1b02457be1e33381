"""The note's own two questions: whether depth makes a picture more complex, and what scale and shift do to it.

"Visualize the Complexity of Neural Networks" (2016) shows pictures of 100 units in one layer and in ten, and of several
scales and shifts, and leaves the answer to the eye.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.claims.checks import Statement, judge, less, more
from netwarp.claims.estimates import ratio_of
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.words import interval, points, said
from netwarp.fields.calibration import calibrate
from netwarp.measures.intervals import LEVEL, median
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.tessellate import tessellate
from netwarp.study.ensemble import ensembles
from netwarp.study.seeds import over

Values = NDArray[np.float64]

NOTE = "Visualize the Complexity of Neural Networks (2016)"
# a hundred units each, by layers
SHAPES = ((1, 100), (2, 50), (5, 20), (10, 10))
ACTIVATIONS = ("relu", "sigmoid", "tanh")
MEASURES = {"level_set_length": "level-set length", "mean_frequency": "mean frequency"}
RISE = 3.0  # of ReLU, from one layer to ten

SHIFTED, UNSHIFTED, BARE = "spatial(scale=3, shift=normal(2))", "spatial(scale=3)", "none"
PLAIN, DRAWN = "spatial()", "spatial(scale=normal(1, 1), shift=normal(1))"

RASTER = Raster(128, 128)


def _shape(shape: tuple[int, int]) -> str:
    return f"{shape[0]}x{shape[1]}"


def _tree(layers: int, units: int) -> str:
    return f"conv({units}) * {layers}"


@claim(
    number=10,
    name="depth-makes-complex",
    statement=(
        "A hundred normalised units draw a more complex picture the more layers they stand in: level sets grow "
        "longer and frequencies rise at every step from one layer to ten, and ten layers cut the square into more "
        "regions than one."
    ),
    source=NOTE,
    basis="extension",
    setup=(
        "1x100, 2x50, 5x20 and 10x10 (layers x units), He weights, spatial normalisation with scale 3 and shift "
        "normal(2), inputs x and y, three outputs; ReLU, sigmoid and tanh, on 128x128 pixels of the unit square. "
        "Activation regions of the ReLU networks counted exactly inside that square, at shift normal(2) and at "
        "shift 0, and without normalisation. Paired over 20 seeds."
    ),
    expected="every step up raises both measures; ReLU by more than 3 times over all; more regions at either shift",
    tolerance="none: ratios are geometric means over seeds, with their intervals",
)
def depth_makes_complex(quick: bool, progress: Progress) -> Finding:
    seeds = range(8 if quick else 20)
    found = _by_shape(seeds, progress)
    statements: list[Statement] = []
    for (act, name), values in found.items():
        bound = RISE if act == "relu" else 1.0
        statements.append(more(f"{act}, {MEASURES[name]}, 10x10 over 1x100", bound, ratio_of(values[0], values[-1])))
        for (shape, below), (next_shape, above) in pairwise(zip(SHAPES, values, strict=True)):
            step = f"{_shape(next_shape)} over {_shape(shape)}"
            statements.append(more(f"{act}, {MEASURES[name]}, {step}", 1.0, ratio_of(below, above)))
    ends = SHAPES[0], SHAPES[-1]
    regions = {norm: [_regions(norm, shape, seeds) for shape in ends] for norm in (SHIFTED, UNSHIFTED)}
    bare = [_regions(BARE, shape, seeds) for shape in ends]
    statements += [
        more("regions, 10x10 over 1x100, shift normal(2)", 1.0, ratio_of(*regions[SHIFTED])),
        more("regions, 10x10 over 1x100, shift 0", 1.0, ratio_of(*regions[UNSHIFTED])),
        more("regions of 10x10, shift 0 over no normalisation", 1.0, ratio_of(bare[1], regions[UNSHIFTED][1])),
    ]
    checks = judge(statements)
    length, frequency = (said(checks[place * len(SHAPES)], 3) for place in range(len(MEASURES)))
    measured = (
        f"10x10 over 1x100, ReLU: level sets {length} times as long, frequencies {frequency} times as high, regions "
        f"{said(checks[-3], 3)} times as many at shift normal(2), {said(checks[-2], 3)} at 0"
    )
    note = (
        f"Medians of the regions, 1x100 to 10x10: {_pair(regions[SHIFTED])} at shift normal(2); "
        f"{_pair(regions[UNSHIFTED])} at shift 0, where all lines of the first layer meet at the origin; {_pair(bare)} "
        f"without normalisation, {interval(ratio_of(*bare)(LEVEL), 3)} times as many."
    )
    plot = Plot(
        tuple(
            points(act, [layers for layers, _ in SHAPES], [median(one) for one in found[act, "level_set_length"]])
            for act in ACTIVATIONS
        ),
        "layers",
        "level-set length per plane unit",
        x_log=True,
        y_log=True,
    )
    return Finding(measured, checks, plot, note)


@claim(
    number=12,
    name="scale-and-shift",
    statement=(
        "Drawing scale and shift at random, a channel each, makes the picture of a sigmoid or tanh network more "
        "complex, and that of a ReLU network less."
    ),
    source=NOTE,
    basis="extension",
    setup=(
        "10x10, He weights, spatial normalisation with scale normal(1, 1) and shift normal(0, 1) against scale 1 and "
        "shift 0; level-set length on 128x128 pixels of the unit square, over the same seeds."
    ),
    expected="sigmoid and tanh: ratio above 1; ReLU: below 1",
    tolerance="none: ratios are geometric means over seeds, with their intervals",
)
def scale_and_shift(quick: bool, progress: Progress) -> Finding:
    seeds = range(16 if quick else 48)
    lengths = iter(_lengths([(act, norm) for act in ACTIVATIONS for norm in (PLAIN, DRAWN)], seeds, progress))
    found = {act: (next(lengths), next(lengths)) for act in ACTIVATIONS}
    checks = judge(
        (less if act == "relu" else more)(f"{act}, random over fixed scale and shift", 1.0, ratio_of(plain, drawn))
        for act, (plain, drawn) in found.items()
    )
    plot = Plot(
        tuple(points(act, (0, 1), [median(one) for one in found[act]]) for act in ACTIVATIONS),
        "scale 1, shift 0 (at 0); random (at 1)",
        "level-set length per plane unit",
        y_log=True,
    )
    measured = "level-set length times " + ", ".join(
        f"{said(one, 3)} for {act}" for act, one in zip(ACTIVATIONS, checks, strict=True)
    )
    return Finding(measured, checks, plot)


def _by_shape(seeds: range, progress: Progress) -> dict[tuple[str, str], list[Values]]:
    """By activation and measure: the values over seeds, (S,), of every shape."""
    networks = [parse(_tree(*shape), act=act, norm=SHIFTED) for act in ACTIVATIONS for shape in SHAPES]
    found = ensembles(networks, tuple(MEASURES), seeds=seeds, raster=RASTER, calibration=RASTER, progress=progress)
    return {
        (act, name): [one.values(name) for one in found[place * len(SHAPES) :][: len(SHAPES)]]
        for place, act in enumerate(ACTIVATIONS)
        for name in MEASURES
    }


def _lengths(kinds: list[tuple[str, str]], seeds: range, progress: Progress) -> list[Values]:
    """(S,) the level-set length of ten layers of ten, of each activation with its norm."""
    networks = [parse(_tree(*SHAPES[-1]), act=act, norm=norm) for act, norm in kinds]
    found = ensembles(networks, ["level_set_length"], seeds=seeds, raster=RASTER, calibration=RASTER, progress=progress)
    return [one.values("level_set_length") for one in found]


def _regions(norm: str, shape: tuple[int, int], seeds: range) -> Values:
    """(S,) how many activation regions the unit square falls into."""
    return np.array(over(partial(_cells, parse(_tree(*shape), norm=norm)), seeds))


def _cells(architecture: Architecture, seed: int) -> float:
    field = calibrate(Network.draw(architecture, seed), RASTER)
    return float(tessellate(field, Plane()).areas.size)


def _pair(values: list[Values]) -> str:
    return " to ".join(f"{np.median(one):,.0f}" for one in values)
