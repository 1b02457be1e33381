"""Where a class's name stands inside its area, for pictures whose classes are more than there are colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import distance_transform_edt

from netwarp.models.decisions.colours import repeated
from netwarp.plane import Raster

if TYPE_CHECKING:
    from netwarp.models.decisions.decision import Decision

SIDE = 240  # pixels, at most, along each side of what is searched


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and the point of the plane, deep inside the class's area, that it stands around."""

    text: str
    x: float
    y: float


def names_inside(decision: Decision) -> list[Name]:
    """A Name for every class that wins somewhere, where classes share colours; else none.

    It stands where the largest circle inside the area has its centre, on a raster of at most 240 x 240.
    """
    if not repeated(len(decision.classes), decision.neutral):
        return []
    columns, rows = (min(side, SIDE) for side in decision.size)
    raster = Raster(columns, rows, decision.plane)
    labels, found = decision.ground.labels(raster), []
    for n, winners in enumerate(decision.ground.winners.sets):
        inside = np.pad(labels == n, 1)
        if len(winners) > 1 or not inside.any():
            continue
        depth = distance_transform_edt(inside, sampling=raster.pitch[::-1])[1:-1, 1:-1]
        row, column = np.unravel_index(int(depth.argmax()), depth.shape)
        found.append(Name(decision.classes[winners[0]], float(raster.xs()[column]), float(raster.ys()[row])))
    return found
