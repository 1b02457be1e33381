"""What a network makes of a circle and of a line, layer by layer: how long they become, and how crooked."""

# S stages, n points, D dimensions of a stage

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.registry import Absent, Reading, constant, define
from netwarp.measures.scale import brought, exponent
from netwarp.measures.specimen import Specimen
from netwarp.measures.stages import CONSTANT, Curve, refined, stages
from netwarp.plane import Plane

Array = NDArray[np.float64]

# of the shorter side of the plane
RADIUS = 0.4
# lengths and turns are to be known within these shares; what changes by more than the last one is not resolved
LENGTH, TURN, UNRESOLVED = 0.01, 0.05, 0.1
SMALLER = "take a smaller plane"


@define(
    unit="factor a layer",
    needs="layers",
    formula="(L_last / L_first)^(1 / (layers - 1)), L_l = length of h_l(circle) / sqrt(channels)",
    source="Raghu, Poole, Kleinberg, Ganguli, Sohl-Dickstein 2017, arXiv:1606.05336",
    references=constant(1.0),
    larger=True,
    page="list",
)
def trajectory_length(specimen: Specimen) -> Reading:
    """How much longer each layer makes the image of a circle: the geometric mean factor a layer.

    Lengths are those of the activations as they are, in plane units at the plane itself, divided by the root of the
    layer's channels, so that layers of different widths compare. The circle has 0.4 of the plane's shorter side as its
    radius; the line crosses the plane a quarter of its height below the centre: one through the centre, where without a
    shift all kinks of the first layer lie, would see nothing of them. A block of branches counts as one layer. Points
    are doubled until no length changes by 1%; layers whose length still changes by more than 10% at the most points are
    too long to tell, and the factor is that up to the last layer before them.

    Details: `circle` and `line`, the lengths at `layers`; `line_factor`; `standardised`, the circle's lengths over the
    root mean variance of the channels along it, with `standardised_factor`; `fit_factor` and `fit_residual` (in log10)
    of an exponential through the circle's; `last_resolved`, the layer up to which the factors go;
    `points`, and the largest `change` by their last doubling.
    """
    found = stages(specimen.field)
    plane = specimen.raster.plane
    amounts, points, changes = refined(found, circle(plane), _lengths, within=LENGTH)
    round_, spread = found.positive(amounts[0], "along the circle"), amounts[1]
    straight, _, line_changes = refined(found, line(plane), _lengths, within=LENGTH)
    last = _resolved(changes)
    if last < 1:
        more = f"{changes[:2].max():.0%} longer at {points:,} points"
        raise Absent(f"the circle's image is too long to tell: {more}; {SMALLER}")
    fit_factor, fit_residual = found.fit(round_, last)
    details: dict[str, float | tuple[float, ...]] = {
        "layers": tuple(float(layer) for layer in found.layers),
        "circle": tuple(round_.tolist()),
        "line": tuple(straight[0].tolist()),
        "standardised": tuple(spread.tolist()),
        "standardised_factor": found.factor(spread, last),
        "fit_factor": fit_factor,
        "fit_residual": fit_residual,
        "last_resolved": float(found.layers[last]),
        "points": float(points),
        "change": float(changes.max()),
    }
    reached = _resolved(line_changes)
    if reached > 0 and (straight[0] > 0).all():
        details["line_factor"] = found.factor(straight[0], reached)
    return Reading(found.factor(round_, last), details)


@define(
    unit="turns",
    needs="layers",
    formula="sum of the angles between successive chords of h_last(circle) / (2 pi)",
    source="Poole, Lahiri, Raghu, Sohl-Dickstein, Ganguli 2016, arXiv:1606.05340 (length of the Gauss map)",
    references=constant(1.0),
    larger=True,
)
def curvature(specimen: Specimen) -> Reading:
    """How often the image of a circle at the last hidden layer turns round in all: its total curvature in turns.

    1 for the circle itself and for every convex curve; no scaling of the layer changes it. The total is over the whole
    curve, the length of the path of its unit tangent; it is not curvature at a point. Points are doubled until the sum
    changes by less than 5%; it approaches from below. A reversal counts as half a turn.

    Details: `turns` at `layers`, `factor` from the first to the last of them a layer; `points`, and `change` by the
    last doubling.
    """
    found = stages(specimen.field, least=1)
    plane = specimen.raster.plane
    (turns,), points, changes = refined(found, circle(plane), _turns, within=TURN)
    found.positive(turns, "along the circle")
    if changes[-1] > UNRESOLVED:
        raise Absent(
            f"the circle's image is too crooked to tell: {changes[-1]:.0%} more turns at {points:,} points; {SMALLER}"
        )
    details: dict[str, float | tuple[float, ...]] = {
        "layers": tuple(float(layer) for layer in found.layers),
        "turns": tuple(turns.tolist()),
        "points": float(points),
        "change": float(changes.max()),
    }
    if len(turns) > 1:
        details["factor"] = found.factor(turns)
    return Reading(float(turns[-1]), details)


def circle(plane: Plane) -> Curve:
    """The circle about the plane's centre; it ends at exactly the point where it begins."""
    radius = RADIUS * min(plane.width, plane.height)

    def at(fractions: Array) -> Array:
        angle = 2 * np.pi * (fractions % 1)
        return np.stack((plane.x + radius * np.cos(angle), plane.y + radius * np.sin(angle)), axis=1)

    return at


def line(plane: Plane) -> Curve:
    """The segment from the left edge to the right, a quarter of the plane's height below its centre."""

    def at(fractions: Array) -> Array:
        x = plane.x + plane.width * (fractions - 0.5)
        return np.stack((x, np.full(len(x), plane.y + plane.height / 4)), axis=1)

    return at


def _lengths(values: Array) -> tuple[float, float]:
    """The length of a curve of (n + 1, D) points over root D, and over the root of its coordinates' variances' sum."""
    power = exponent(values)
    values = brought(values, -power)
    chords = np.diff(values, axis=0)
    length = float(np.sqrt(np.einsum("ij,ij->i", chords, chords)).sum())
    deviation = float(np.sqrt(values[:-1].var(axis=0).sum()))
    # a curve this short is one point and rounding
    if deviation <= CONSTANT * float(np.abs(values).max(initial=0)):
        return 0.0, 0.0
    return float(np.ldexp(length / np.sqrt(values.shape[1]), power)), length / deviation


def _turns(values: Array) -> tuple[float]:
    return (turning(values),)


def turning(values: Array) -> float:
    """The angles between successive chords of a closed curve, (n + 1, D) points, the last of which is the first again.

    In turns; 0 for a point. Chords of no length, where the curve stands still, are passed over.
    """
    values = brought(values, -exponent(values))
    chords = np.diff(values, axis=0)
    squares = np.einsum("ij,ij->i", chords, chords)
    moving = squares > (CONSTANT * float(np.abs(values).max(initial=0))) ** 2
    if np.count_nonzero(moving) < 2:
        return 0.0
    if not moving.all():
        chords, squares = chords[moving], squares[moving]
    along = np.append(np.einsum("ij,ij->i", chords[:-1], chords[1:]), chords[-1] @ chords[0])
    # of chords of length 1: squares of squares of long ones would overflow
    length = np.sqrt(squares)
    along /= length * np.roll(length, -1)
    across = np.sqrt(np.maximum(1 - along**2, 0))
    return float(np.arctan2(across, along).sum() / (2 * np.pi))


def _resolved(changes: Array) -> int:
    """The place of the last stage before the first that is not resolved; -1 where that is the first one."""
    broken = np.flatnonzero(changes > UNRESOLVED)
    return int(broken[0]) - 1 if len(broken) else len(changes) - 1
