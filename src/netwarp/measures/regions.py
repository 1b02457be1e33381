"""What is counted exactly on a piecewise-linear Field: regions, their boundaries, switches along chords."""

# S chords

from __future__ import annotations

from contextlib import suppress
from math import log10

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import LimitError
from netwarp.fields.field import Field
from netwarp.measures.affordable import DEEP, SLACK, most_regions
from netwarp.measures.registry import Absent, Detail, Reading, constant, define
from netwarp.measures.specimen import Specimen
from netwarp.network.chain import chain
from netwarp.network.program import Program
from netwarp.plane import Plane
from netwarp.regions.cells.drawing import effort
from netwarp.regions.cells.line import along
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellation import Tessellation
from netwarp.theory.bounds import arrangement, maxout_upper, montufar_lower, serra_upper

Array = NDArray[np.float64]

CHORDS = 32
SEED = 2019
# regions that could be found while a chord is set up
PER_CHORD = 200


@define(
    unit="regions",
    formula="number of activation patterns of open sets of the plane, by connected set",
    source="Hanin and Rolnick 2019, Deep ReLU Networks Have Surprisingly Few Activation Patterns, arXiv:1906.00904",
    needs="tessellation",
    references=constant(1.0),
    larger=True,
    fewer="fewer regions",
    page="words",
)
def regions(specimen: Specimen) -> Reading:
    """How many activation regions, not linear regions, the plane is cut into: exact.

    The details carry the bounds of the literature where they apply, a plain chain of layers: `arrangement` (the most of
    one layer), `serra_2018_upper` (the most of any ReLU network of these widths) or `maxout_upper` (of maxout, leaky
    and abs), and `montufar_2014_lower` (which some ReLU network of these widths has on all of the plane). A ramp has
    1, and there is no most. Errors: Absent where the regions are expected to be too many.
    """
    return Reading(float(len(specimen.tessellation)), bounds(specimen.field.program))


@define(
    unit="regions",
    formula="number of maximal connected sets of the plane with one affine map",
    source="Montufar, Pascanu, Cho and Bengio 2014, arXiv:1402.1869",
    needs="tessellation",
    references=constant(1.0),
    larger=True,
    fewer="fewer linear regions",
    page="list",
)
def linear_regions(specimen: Specimen) -> Reading:
    """How many linear regions the plane is cut into: neighbouring activation regions with one affine map count as one.

    Exact: whether two maps are equal is decided in whole numbers where floats leave it open. Details and errors as of
    `regions`, whose upper bounds hold here too.
    """
    return Reading(float(specimen.tessellation.merge().count), bounds(specimen.field.program))


@define(
    unit="per plane unit",
    formula="length of all edges between activation regions / area",
    source="Hanin and Rolnick 2019, Complexity of Linear Regions in Deep Networks, arXiv:1901.09021",
    needs="tessellation",
    references=constant(0.0),
    larger=True,
    page="short",
)
def boundary_length(specimen: Specimen) -> float:
    """The length of all boundaries between activation regions, in plane units, a square plane unit: exact.

    The border of the plane does not count. A chord of unit length, thrown at random, crosses 2 / pi of it on average
    (Crofton). Errors as of `regions`.
    """
    plane = specimen.raster.plane
    return specimen.tessellation.boundary_length / plane.width / plane.height


@define(
    unit="switches a chord",
    formula="mean over 32 random chords of the changes of the activation pattern along them",
    source="Hanin and Rolnick 2019, Complexity of Linear Regions in Deep Networks, arXiv:1901.09021",
    needs="tessellation",
    references=constant(0.0),
    larger=True,
    fewer="fewer changes of the pattern",
)
def switches(specimen: Specimen) -> Reading:
    """How often the activation pattern changes along a random chord of the plane: exact along each of 32, and the mean.

    The function bends at most as often (`along(...).kinks`): where nothing hears a unit it does not.

    The chords are those that random lines, of every direction and place alike, leave inside the rectangle; always the
    same ones. The mean over all lines is 2 L / P, where L is the length of all boundaries and P the perimeter
    (Crofton; Santalo 2004, doi:10.1017/CBO9780511617331). The details carry the `spread` over chords (standard
    deviation), their mean `length`, and `units`: the breakpoints of all units together, one a ReLU. Errors: Absent
    where there are too many.
    """
    ends = random_chords(specimen.raster.plane, CHORDS)
    counts = _crossings(specimen, ends)
    details: dict[str, Detail] = {
        "spread": float(counts.std()),
        "length": float(np.hypot(*(ends[:, 1] - ends[:, 0]).T).mean()),
        "units": float(stages_of(specimen.field.program).lines),
    }
    return Reading(float(counts.mean()), details)


def random_chords(plane: Plane, count: int, seed: int = SEED) -> Array:
    """(count, 2, 2) the ends x, y of chords of a rectangle, cut out by lines isotropic and uniform over the plane.

    Lines by direction and distance from the centre, those that miss the rectangle thrown again.
    """
    random = np.random.RandomState(np.random.PCG64(seed))
    half = np.array([plane.width / 2, plane.height / 2])
    found: list[Array] = []
    while len(found) < count:
        angle = random.uniform(0, np.pi)
        distance = random.uniform(-1, 1) * np.hypot(*half)
        along = np.array([np.cos(angle), np.sin(angle)])
        foot = distance * np.array([-along[1], along[0]])
        # where the line enters and leaves the strip of either coordinate
        with np.errstate(divide="ignore"):
            sides = np.sort((np.array([-half, half]) - foot) / along, axis=0)
        enter, leave = sides[0].max(), sides[1].min()
        if enter < leave:
            found.append(foot + np.array([[enter], [leave]]) * along + np.array([plane.x, plane.y]))
    return np.array(found)


def _crossings(specimen: Specimen, ends: Array) -> Array:
    """(S,) breakpoints along every chord: of the tessellation where that is the quicker way, else chord by chord."""
    field, plane = specimen.field, specimen.raster.plane
    stages = stages_of(field.program)
    expected, _ = effort(field, plane)
    if (ends[:, 0] == ends[:, 1]).all(axis=1).any():
        raise Absent("the plane is too small for the float64 coordinates of a chord's ends")
    # a deep network's cells are dear, and there are oftener fewer of them on the plane than along all the chords
    if expected < (stages.lines + PER_CHORD) * len(ends) or len(stages.stages) > DEEP:
        with suppress(Absent):
            return _crossed(specimen.tessellation, ends)
    return _along(field, ends, most_regions(field) // 4)


def _crossed(cells: Tessellation, ends: Array) -> Array:
    """(S,) how many edges have their ends on different sides of each line."""
    inner = cells.edges[(cells.edge_cells >= 0).all(axis=1)]
    counts = np.empty(len(ends))
    for number, (begin, end) in enumerate(ends):
        across = np.array([begin[1] - end[1], end[0] - begin[0]])
        side = (cells.vertices - begin) @ across > 0
        counts[number] = np.count_nonzero(side[inner[:, 0]] != side[inner[:, 1]])
    return counts


def _along(field: Field, ends: Array, most: int) -> Array:
    """(S,) breakpoints of the Field along each chord. Errors: Absent where there are more than `most` in all."""
    chords = len(ends)
    refused = f"a measure looks for at most {most:,} breakpoints of this network on {chords} chords; there are more"
    if stages_of(field.program).lines * chords > SLACK * most:
        raise Absent(refused)
    counts: list[float] = []
    for chord in ends:
        try:
            counts.append(float(len(along(field, *chord.tolist(), limit=max(most, 1)))))
        except LimitError:
            raise Absent(refused) from None
        most -= int(counts[-1])
    return np.array(counts)


def bounds(program: Program) -> dict[str, Detail]:
    """The bounds of the literature on the regions of a Field; those beyond a float's range as a text, 10^n."""
    widths, kinds, _ = chain(program)
    pieces = {count for _, count in kinds}
    if widths is None or len(pieces) > 1:
        return {}
    found: dict[str, int | None] = {}
    if len(widths) == 1 and pieces == {2}:
        found["arrangement"] = arrangement(widths[0])
    if kinds == {("relu", 2)}:
        found["montufar_2014_lower"] = montufar_lower(widths)
        found["serra_2018_upper"] = serra_upper(widths)
    else:
        found["maxout_upper"] = maxout_upper(widths, *pieces)
    return {name: _written(number) for name, number in found.items() if number is not None}


def _written(number: int) -> Detail:
    return float(number) if number < 10**300 else f"10^{log10(number):.1f}"
