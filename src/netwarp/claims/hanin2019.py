"""How many regions a random network has: Hanin and Rolnick (2019).

"Complexity of Linear Regions in Deep Networks", arXiv:1901.09021, along lines; "Deep ReLU Networks Have Surprisingly
Few Activation Patterns", arXiv:1906.00904, in the plane: both say that the number of units counts, not depth.
"""

from __future__ import annotations

import numpy as np

from netwarp.architecture.language import parse
from netwarp.claims.checks import less, verdict, within
from netwarp.claims.registry import Check, Finding, Plot, Progress, claim
from netwarp.claims.seeds import mean, over
from netwarp.claims.words import interval, points
from netwarp.field.calibration import calibrate
from netwarp.measures.intervals import median
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.line import line
from netwarp.regions.tessellate import tessellate
from netwarp.theory.bounds import arrangement

# of a network without statistics nothing depends on the raster
ANY = Raster(4, 4)
# a line at distance 1 from the origin, all but 1/1,600 of the angles it would have if it went on for ever
LINE = ((-1000.0, 1.0), (1000.0, 1.0))
# crossings further out are one in some 5,000
WHOLE = Plane(width=1e4, height=1e4)

KINKS = ((32, 1), (32, 2), (32, 4), (32, 8), (64, 2), (64, 4), (128, 2))
REGIONS = ((40, 1), (20, 2), (100, 1), (50, 2))
BREAKS = (10, 10)


@claim(
    number=7,
    name="kinks-equal-units",
    statement=(
        "Along a line the function of a random ReLU network has, on average, as many kinks as the network has "
        "units, whatever its depth."
    ),
    source="Hanin and Rolnick 2019, arXiv:1901.09021",
    setup=(
        "ReLU networks of 1 to 8 layers of 32 to 128 units, He weights, no biases, no normalisation; a line that "
        "misses the origin; kinks counted exactly, mean over seeds."
    ),
    expected="kinks over units = 1",
    tolerance="5%",
)
def kinks_equal_units(quick: bool, progress: Progress) -> Finding:
    # deep ones differ most from seed to seed
    jobs = [(width, depth, seed) for width, depth in KINKS for seed in range((20 if quick else 60) * min(depth, 8))]
    found = np.array(over(lambda job: _kinks(*jobs[job]), range(len(jobs)), progress))
    of = np.array([(width, depth) for width, depth, _ in jobs])
    means = [mean(found[(of == shape).all(axis=1)]) for shape in KINKS]
    checks = tuple(
        within(f"kinks over units, {_text(width, depth)}", 1, one.value, 0.05, one.low, one.high)
        for (width, depth), one in zip(KINKS, means, strict=True)
    )
    plot = Plot(
        tuple(
            points(
                f"width {width}",
                [depth for w, depth in KINKS if w == width],
                [one for (w, _), one in zip(KINKS, means, strict=True) if w == width],
            )
            for width in (32, 64, 128)
        ),
        "layers",
        "kinks over units",
        x_log=True,
        lines=(1.0,),
    )
    furthest = max(means, key=lambda one: abs(one.value - 1))
    return Finding(
        f"between {min(one.value for one in means):.3f} and {max(one.value for one in means):.3f} kinks a unit; "
        f"furthest from 1: {interval(furthest)}",
        verdict(checks),
        checks,
        plot,
    )


@claim(
    number=8,
    name="regions-follow-units",
    statement=(
        "A random ReLU network of N units has about as many activation regions as one layer of N units, however the "
        "units are layered: 1 + N + N (N - 1) / 2 of the plane. It does not hold for layers as narrow as ten, ten deep."
    ),
    source="Hanin and Rolnick 2019, arXiv:1906.00904",
    setup=(
        "ReLU networks of x, y and a constant, He weights, no biases, no normalisation; activation regions of a plane "
        "of 10,000 x 10,000, by exact tessellation, over seeds."
    ),
    expected="regions over 1 + N + N (N - 1) / 2: 1 for [40], [20] * 2, [100] and [50] * 2; less for [10] * 10",
    tolerance="10% of the mean; for [10] * 10, the median below 0.9",
)
def regions_follow_units(quick: bool, progress: Progress) -> Finding:
    amounts = {(40, 1): (4, 10), (20, 2): (60, 300), (100, 1): (4, 10), (50, 2): (20, 100), BREAKS: (32, 100)}
    jobs = [(*shape, seed) for shape, counts in amounts.items() for seed in range(counts[not quick])]
    found = np.array(over(lambda job: _regions(*jobs[job]), range(len(jobs)), progress))
    of = np.array([(width, depth) for width, depth, _ in jobs])
    shares = {shape: found[(of == shape).all(axis=1)] for shape in amounts}
    checks: list[Check] = []
    for shape in REGIONS:
        one = mean(shares[shape])
        checks.append(within(f"regions over the count, {_text(*shape)}", 1, one.value, 0.1, one.low, one.high))
    broken = median(shares[BREAKS])
    checks.append(less(f"median regions over the count, {_text(*BREAKS)}", 0.9, broken.value, broken.low, broken.high))
    plot = Plot(
        tuple(
            points(
                f"{units} units",
                [depth for width, depth in amounts if width * depth == units],
                [median(one) for (width, depth), one in shares.items() if width * depth == units],
            )
            for units in (40, 100)
        ),
        "layers",
        "regions over the count, median",
        x_log=True,
        lines=(1.0,),
    )
    average = mean(shares[BREAKS])
    low, high = (float(end) for end in np.percentile(shares[BREAKS], (10, 90)))
    said = ", ".join(f"{_text(*shape)} {interval(mean(shares[shape]), 3)}" for shape in REGIONS)
    return Finding(
        f"means {said}; {_text(*BREAKS)}: median {interval(broken, 3)}",
        verdict(checks),
        tuple(checks),
        plot,
        note=(
            f"{_text(*BREAKS)} differs much from seed to seed, from {low:.2f} to {high:.2f} of the count for eight in "
            f"ten of them, with a mean of {interval(average, 3)}: the typical network has fewer, a few have many more."
        ),
    )


def _kinks(width: int, depth: int, seed: int) -> float:
    drawn = Network.draw(parse(f"conv({width}) * {depth}", norm=None, init="he"), seed)
    return len(line(calibrate(drawn, ANY), *LINE)) / (width * depth)


def _regions(width: int, depth: int, seed: int) -> float:
    drawn = Network.draw(parse(f"conv({width}) * {depth}", norm=None, init="he", inputs="x y bias"), seed)
    return len(tessellate(calibrate(drawn, ANY), WHOLE)) / arrangement(width * depth)


def _text(width: int, depth: int) -> str:
    return f"[{width}]" if depth == 1 else f"[{width}] * {depth}"
