"""Narrow layers are bottlenecks: Serra, Tjandraatmadja and Ramalingam (2018).

"Bounding and Counting Linear Regions of Deep Neural Networks", arXiv:1711.02114: where j units of a layer are on, what
follows sees a space of at most j dimensions. The bound that follows from it (`netwarp.theory.bounds.serra_upper`)
counts a narrow layer the more the earlier it stands; one layer attains it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.language import parse
from netwarp.claims.checks import equal, judge, more
from netwarp.claims.estimates import ratio_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.words import points, said
from netwarp.fields.calibration import calibrate
from netwarp.measures.intervals import median
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.regions.tessellate import tessellate
from netwarp.study.seeds import by_point, over
from netwarp.theory.bounds import serra_upper

# of a network without statistics nothing depends on the raster
ANY = Raster(4, 4)
WHOLE = Plane(width=1e4, height=1e4)
NARROW, WIDE = 3, 16
# by where the narrow layer stands, first to last
PLACES = ((NARROW, WIDE, WIDE), (WIDE, NARROW, WIDE), (WIDE, WIDE, NARROW))
SINGLE = (2, 4, 8, 16, 32)
SOURCE = "Serra, Tjandraatmadja and Ramalingam 2018, arXiv:1711.02114"
SETUP = (
    "ReLU networks of three layers, one of 3 units and two of 16, in the three orders, He's weights, biases standard "
    "normal; activation regions of a plane of 10,000 x 10,000, by exact tessellation"
)


@claim(
    number=42,
    name="no-network-exceeds-the-bound",
    statement=(
        "No ReLU network has more regions than the sum over j of the products of C(n_l, j_l), j_l at most the inputs "
        "and the units left on before; a single layer has exactly as many."
    ),
    source=SOURCE + ", Theorem 1",
    basis="stated",
    setup=SETUP + "; single layers of 2 to 32 units on a plane that holds all their crossings.",
    expected="no count above its bound; single layers at it",
    tolerance="none: whole numbers",
)
def no_network_exceeds_the_bound(quick: bool, progress: Progress) -> Finding:
    counts = _counts(quick, progress)
    single = over(_single, SINGLE, progress)
    over_it = [int((found > serra_upper(widths)).sum()) for widths, found in zip(PLACES, counts, strict=True)]
    checks = judge(
        *(
            equal(f"networks above the bound of {serra_upper(widths):,}, {_text(widths)}", 0, above)
            for widths, above in zip(PLACES, over_it, strict=True)
        ),
        *(
            equal(f"regions of one layer of {n}", serra_upper((n,)), found)
            for n, found in zip(SINGLE, single, strict=True)
        ),
    )
    n = tuple(float(one) for one in SINGLE)
    plot = Plot(
        (
            Series("one layer, measured", n, tuple(float(one) for one in single)),
            Series("the bound", n, tuple(float(serra_upper((one,))) for one in SINGLE), reference=True),
        ),
        "units",
        "activation regions",
        x_log=True,
        y_log=True,
    )
    nearest = max(found.max() / serra_upper(widths) for widths, found in zip(PLACES, counts, strict=True))
    return Finding(
        f"{sum(over_it)} of {counts.size} networks above the bound, the nearest at {nearest:.2f} of it; "
        f"{sum(one.holds for one in checks[3:])} of {len(SINGLE)} single layers at it",
        checks,
        plot,
    )


@claim(
    number=43,
    name="early-bottlenecks-cost-most",
    statement="A narrow layer costs a ReLU network the more regions the earlier it stands.",
    source=SOURCE + ", of the largest number of regions; of random networks it is measured here",
    basis="follows",
    setup=SETUP + ", over seeds.",
    expected="narrow layer last over second, and second over first: above 1",
    tolerance="none: ratios are geometric means over seeds, with their intervals",
)
def early_bottlenecks_cost_most(quick: bool, progress: Progress) -> Finding:
    first, second, last = _counts(quick, progress)
    checks = judge(
        more("regions, narrow layer second over first", 1.0, ratio_of(first, second)),
        more("regions, narrow layer last over second", 1.0, ratio_of(second, last)),
    )
    plot = Plot(
        (
            points("random networks", (1, 2, 3), [median(one) for one in (first, second, last)]),
            Series("the bound", (1.0, 2.0, 3.0), tuple(float(serra_upper(one)) for one in PLACES), reference=True),
        ),
        "place of the narrow layer",
        "activation regions",
        y_log=True,
    )
    return Finding("; ".join(f"{one.what} {said(one, 3)}" for one in checks), checks, plot)


def regions(widths: tuple[int, ...], seed: int, plane: Plane = WHOLE) -> int:
    """The activation regions of a random network of these widths."""
    drawn = Network.draw(parse(" >> ".join(f"conv({n})" for n in widths), norm=None, init="he(bias=normal(1))"), seed)
    return len(tessellate(calibrate(drawn, ANY), plane))


def _single(units: int) -> int:
    """Those of one layer, on a plane that holds all its crossings."""
    return regions((units,), 0, Plane(width=1e8, height=1e8))


def _counts(quick: bool, progress: Progress) -> NDArray[np.float64]:
    """(orders, S) regions by where the narrow layer stands."""
    seeds = 40 if quick else 200
    found = by_point(regions, {(widths,): range(seeds) for widths in PLACES}, progress)
    return np.array(list(found.values()), dtype=np.float64)


def _text(widths: tuple[int, ...]) -> str:
    return ", ".join(map(str, widths))
