"""Counting regions: one layer is an arrangement of lines, and layers that fold multiply.

Zaslavsky, "Facing up to Arrangements" (1975), doi:10.1090/memo/0154; Montúfar, Pascanu, Cho and Bengio, "On the Number
of Linear Regions of Deep Neural Networks" (2014), arXiv:1402.1869.
"""

from __future__ import annotations

from netwarp.architecture.language import parse
from netwarp.claims.checks import equal, judge, more
from netwarp.claims.estimates import median_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.words import points, said
from netwarp.fields.calibration import calibrate
from netwarp.measures.intervals import median
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.tessellate import tessellate
from netwarp.study.seeds import by_point, over
from netwarp.theory.bounds import arrangement, folding_regions

# of a network without statistics nothing depends on the raster
ANY = Raster(4, 4)
# so wide that every crossing of a hundred random lines lies inside
WHOLE = Plane(width=1e8, height=1e8)
SQUARE = Plane.between(0, 1, 0, 1)


@claim(
    number=9,
    name="counts-are-exact",
    statement=(
        "n units of one ReLU layer cut the plane into exactly 1 + n + n (n - 1) / 2 regions, and L layers that fold "
        "the unit square p times across and q times up and down into exactly (p q)^L."
    ),
    source="Zaslavsky 1975, doi:10.1090/memo/0154; Montúfar, Pascanu, Cho and Bengio 2014, arXiv:1402.1869",
    basis="stated",
    setup=(
        "One layer of 1 to 100 units with Gaussian weights and biases, on a plane that holds all crossings; the "
        "folding network of widths 2 to 6 and depths 1 to 4; activation regions, by exact tessellation."
    ),
    expected="the counts of the two formulas",
    tolerance="none: whole numbers",
)
def counts_are_exact(quick: bool, progress: Progress) -> Finding:
    sizes = (1, 2, 3, 5, 10, 20, 50, 100)
    seeds = 2 if quick else 10
    drawn = by_point(_lines, {(n,): range(seeds) for n in sizes}, progress)
    # every seed must agree: the one furthest off stands for all
    lines = [max(counts, key=lambda k: abs(k - arrangement(n))) for (n,), counts in drawn.items()]
    folds = [(depth, width) for width in (2, 3, 4, 5, 6) for depth in (1, 2, 3, 4) if not quick or depth < 4]
    statements = [
        equal(f"regions of {n} units of one layer", arrangement(n), k) for n, k in zip(sizes, lines, strict=True)
    ]
    statements += [
        equal(f"regions of {depth} folding layers of {width}", folding_regions(depth, width), k)
        for (depth, width), k in zip(folds, over(_folds, folds, progress), strict=True)
    ]
    checks = judge(statements)
    exact = sum(one.holds for one in checks)
    plot = Plot(
        (
            Series("one layer, measured", tuple(map(float, sizes)), tuple(map(float, lines))),
            Series(
                "1 + n + n (n - 1) / 2",
                tuple(map(float, sizes)),
                tuple(float(arrangement(n)) for n in sizes),
                reference=True,
            ),
        ),
        "units",
        "activation regions",
        x_log=True,
        y_log=True,
    )
    return Finding(f"{exact} of {len(checks)} counts are equal", checks, plot)


@claim(
    number=11,
    name="shift-makes-the-regions",
    statement=(
        "Without a shift all lines of a normalised layer pass through one point, the mean of the inputs, and n units "
        "make 2 n regions; with a shift they cross each other, and make far more."
    ),
    source="Visualize the Complexity of Neural Networks (2016); lines through one point: Zaslavsky 1975",
    basis="follows",
    setup=(
        "One ReLU layer of 5 to 100 units under spatial normalisation with scale 3, shift 0 or normal(2), on the unit "
        "square about the origin; activation regions, by exact tessellation; medians over seeds."
    ),
    expected="2 n regions without a shift; with it, at 100 units, more than three times as many",
    tolerance="none without a shift; the factor of three was set before measuring",
)
def shift_makes_the_regions(quick: bool, progress: Progress) -> Finding:
    sizes = (5, 10, 20, 50, 100)
    seeds = 8 if quick else 32
    shifts = ("0", "normal(2)")
    found = by_point(_square, {(n, shift): range(seeds) for shift in shifts for n in sizes}, progress)
    without, shifted = ([found[n, shift] for n in sizes] for shift in shifts)
    statements = [
        equal(f"regions of {n} units without a shift", 2 * n, max(counts, key=lambda k: abs(k - 2 * n)))
        for n, counts in zip(sizes, without, strict=True)
    ]
    medians = [median([float(k) for k in counts]) for counts in shifted]
    times = median_of([k / (2 * sizes[-1]) for k in shifted[-1]])
    checks = judge(*statements, more("regions with a shift over those without, 100 units", 3, times))
    plot = Plot(
        (
            Series("shift 0", tuple(map(float, sizes)), tuple(float(counts[0]) for counts in without)),
            points("shift normal(2)", sizes, medians),
        ),
        "units",
        "activation regions",
        x_log=True,
        y_log=True,
    )
    always = "2 n at every width" if all(one.holds for one in checks[:-1]) else "not always 2 n"
    measured = f"{always} without a shift; at 100 units the shift makes {said(checks[-1])} times as many"
    return Finding(measured, checks, plot)


def _lines(n: int, seed: int) -> int:
    drawn = Network.draw(parse(f"conv({n})", norm=None, init="he(bias=normal(1))"), seed)
    return len(tessellate(calibrate(drawn, ANY), WHOLE))


def _folds(shape: tuple[int, int]) -> int:
    return len(tessellate(calibrate(Network.folding(*shape), ANY), SQUARE))


def _square(n: int, shift: str, seed: int) -> int:
    drawn = Network.draw(parse(f"conv({n})", norm=f"spatial(scale=3, shift={shift})"), seed)
    return len(tessellate(calibrate(drawn, Raster(60, 60))))
