"""How many regions a random network has: Hanin and Rolnick (2019).

"Complexity of Linear Regions in Deep Networks", arXiv:1901.09021, along lines; "Deep ReLU Networks Have Surprisingly
Few Activation Patterns", arXiv:1906.00904, in the plane: both say that the number of units counts, not depth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.claims.checks import judge, less, within
from netwarp.claims.estimates import mean, mean_of, median_of
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.words import interval, points, said
from netwarp.fields.calibration import calibrate
from netwarp.measures.intervals import median
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.cells.line import along
from netwarp.regions.tessellate import tessellate
from netwarp.study.seeds import by_point
from netwarp.theory.bounds import arrangement

# of a network without statistics nothing depends on the raster
ANY = Raster(4, 4)
# a line at distance 1 from the origin, all but 1/1,600 of the angles it would have if it went on for ever
LINE = ((-1000.0, 1.0), (1000.0, 1.0))
# crossings further out are one in some 5,000
WHOLE = Plane(width=1e4, height=1e4)

KINKS = ((32, 1), (32, 2), (32, 4), (32, 8), (64, 2), (64, 4), (128, 2))
BREAKS = (10, 10)


@claim(
    number=7,
    name="kinks-equal-units",
    statement=(
        "Along a line the function of a random ReLU network has, on average, as many kinks as the network has "
        "units, whatever its depth."
    ),
    source="Hanin and Rolnick 2019, arXiv:1901.09021: of the order of the units; the constant 1 follows by symmetry",
    basis="follows",
    setup=(
        "ReLU networks of 1 to 8 layers of 32 to 128 units, He weights, no biases, no normalisation; a line that "
        "misses the origin; kinks counted exactly, mean over seeds."
    ),
    expected="kinks over units = 1",
    tolerance="5%",
)
def kinks_equal_units(quick: bool, progress: Progress) -> Finding:
    # deep ones differ most from seed to seed
    seeds = {(width, depth): range((50 if quick else 200) * min(depth, 8)) for width, depth in KINKS}
    shares = list(by_point(_kinks, seeds, progress).values())
    means = [mean(one) for one in shares]
    checks = judge(
        within(f"kinks over units, {_text(width, depth)}", 1, 0.05, mean_of(one))
        for (width, depth), one in zip(KINKS, shares, strict=True)
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
    furthest = max(checks, key=lambda one: abs(one.measured - 1))
    return Finding(
        f"between {min(one.value for one in means):.3f} and {max(one.value for one in means):.3f} kinks a unit; "
        f"furthest from 1: {said(furthest)}",
        checks,
        plot,
    )


@claim(
    number=8,
    name="regions-follow-units",
    statement=(
        "A random ReLU network of N units has about as many activation regions as one layer of N units, however the "
        "units are layered: 1 + N + N (N - 1) / 2 of the plane."
    ),
    source="Hanin and Rolnick 2019, arXiv:1906.00904",
    basis="stated",
    setup=(
        "ReLU networks of x, y and a constant, He weights, no biases, no normalisation: [40], [20] * 2, [100] and "
        "[50] * 2; activation regions of a plane of 10,000 x 10,000, by exact tessellation, mean over seeds."
    ),
    expected="regions over 1 + N + N (N - 1) / 2: 1",
    tolerance="10% of the mean; that is ours, the paper says at most of this order",
)
def regions_follow_units(quick: bool, progress: Progress) -> Finding:
    amounts = {(40, 1): (4, 10), (20, 2): (150, 400), (100, 1): (4, 10), (50, 2): (80, 300)}
    shares = _shares(amounts, quick, progress)
    checks = judge(
        within(f"regions over the count, {_text(*shape)}", 1, 0.1, mean_of(share)) for shape, share in shares.items()
    )
    plot = Plot(
        tuple(
            points(
                f"{units} units",
                [depth for width, depth in amounts if width * depth == units],
                [mean(one) for (width, depth), one in shares.items() if width * depth == units],
            )
            for units in (40, 100)
        ),
        "layers",
        "regions over the count, mean",
        x_log=True,
        lines=(1.0,),
    )
    measured = ", ".join(f"{_text(*shape)} {said(one, 3)}" for shape, one in zip(amounts, checks, strict=True))
    return Finding(f"means {measured}", checks, plot)


@claim(
    number=24,
    name="narrow-networks-have-fewer-regions",
    statement=(
        "Where layers are as narrow as they are many, ten of ten, the typical random ReLU network has fewer "
        "activation regions than one layer of as many units."
    ),
    source="Hanin and Rolnick 2019, arXiv:1906.00904, of which it is the limit that the paper does not look at",
    basis="extension",
    setup=(
        "[10] * 10 and, beside it, [25] * 4 and [50] * 2, of x, y and a constant, He weights, no biases, no "
        "normalisation; activation regions of a plane of 10,000 x 10,000, by exact tessellation, median over seeds."
    ),
    expected="median regions over 1 + N + N (N - 1) / 2, N = 100: below 0.9 for [10] * 10",
    tolerance="none: the median with its interval",
)
def narrow_networks_have_fewer_regions(quick: bool, progress: Progress) -> Finding:
    amounts = {(50, 2): (20, 40), (25, 4): (20, 40), BREAKS: (96, 240)}
    shares = _shares(amounts, quick, progress)
    narrow = shares[BREAKS]
    checks = judge(less(f"median regions over the count, {_text(*BREAKS)}", 0.9, median_of(narrow)))
    plot = Plot(
        (points("100 units", [depth for _, depth in amounts], [median(one) for one in shares.values()]),),
        "layers",
        "regions over the count, median",
        x_log=True,
        lines=(1.0,),
    )
    low, high = (float(end) for end in np.percentile(narrow, (10, 90)))
    note = (
        f"{_text(*BREAKS)} differs much from seed to seed, from {low:.2f} to {high:.2f} of the count for eight in ten "
        f"of them, with a mean of {interval(mean(narrow), 3)}: the typical network has fewer, a few have many more."
    )
    return Finding(f"median {said(checks[0], 3)} for {_text(*BREAKS)}", checks, plot, note)


def _shares(
    amounts: dict[tuple[int, int], tuple[int, int]], quick: bool, progress: Progress
) -> dict[tuple[int, int], NDArray[np.float64]]:
    """By (width, depth), each seed's regions over the count of one layer; `amounts` are seeds, quick and full."""
    found = by_point(_regions, {shape: range(counts[not quick]) for shape, counts in amounts.items()}, progress)
    return {shape: np.array(shares) for shape, shares in found.items()}


def _kinks(width: int, depth: int, seed: int) -> float:
    drawn = Network.draw(parse(f"conv({width}) * {depth}", norm=None, init="he"), seed)
    return len(along(calibrate(drawn, ANY), *LINE).kinks) / (width * depth)


def _regions(width: int, depth: int, seed: int) -> float:
    drawn = Network.draw(parse(f"conv({width}) * {depth}", norm=None, init="he", inputs="x y bias"), seed)
    return len(tessellate(calibrate(drawn, ANY), WHOLE)) / arrangement(width * depth)


def _text(width: int, depth: int) -> str:
    return f"[{width}]" if depth == 1 else f"[{width}] * {depth}"
