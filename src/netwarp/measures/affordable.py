"""Exact regions where finding them takes some seconds at most, else why not: decided by counts, never by time."""

from __future__ import annotations

from netwarp.errors import InputError, LimitError, RegionLimitError
from netwarp.fields.field import Field
from netwarp.plane import Plane
from netwarp.regions.cells.drawing import effort
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellate import tessellate
from netwarp.regions.tessellation import Tessellation

LIMIT = 2_000_000
# operations, as `effort` counts them
BUDGET = 4e10
# of what is expected, that a value which pixels could give as well is worth: half a second or so
WORTH = 6e9
# the layers after which float64 begins to leave signs in doubt. In a plain sequence doubled precision settles most of
# them, from the first layer on; in branching networks ever longer whole numbers do. A region then takes the square, or
# some fourth power, of the depth (measured to 30 layers), of which `effort` counts one
DEEP, PLAIN, BRANCHING = 10, 1, 3
# expectations are guesses: only what is expected to be this many times too much is not even begun
SLACK = 2


def most_regions(field: Field, budget: float | None = None) -> int:
    """How many activation regions of a Field may be found, on a plane or on all chords together.

    `budget` is in operations, as `effort` counts them; BUDGET unless given.

    Errors: UnsupportedError naming the layer that is not pointwise or not piecewise linear.
    """
    _, each = effort(field, field.raster.plane)
    stages = stages_of(field.program).stages
    growth = PLAIN if all(stage.chained for stage in stages) else BRANCHING
    return int(min(LIMIT, (budget or BUDGET) / (each * max(1.0, len(stages) / DEEP) ** growth)))


def affordable(field: Field, plane: Plane, budget: float | None = None) -> Tessellation | str:
    """The activation regions of a Field on `plane`, or why they are too many to find for a measure.

    The same Field has the same answer on every machine, but for its memory. Errors: as `most_regions`.
    """
    most, (expected, _) = most_regions(field, budget), effort(field, plane)
    if expected > SLACK * most:
        return (
            f"some {expected:,.0f} activation regions are expected, of this network a measure finds at most {most:,}; "
            "try netwarp regions"
        )
    try:
        return tessellate(field, plane, limit=most)
    except RegionLimitError as error:
        if error.expected is not None:
            return (
                f"some {error.expected:,.0f} activation regions are expected by layer {error.layer}, a measure "
                f"finds at most {most:,}; try netwarp regions"
            )
        return (
            f"there are {error.found:,} activation regions by layer {error.layer}, a measure finds at most {most:,}; "
            "try netwarp regions"
        )
    except (LimitError, InputError) as error:
        # too much memory, or a plane too small for the regions' coordinates
        return str(error)
