"""How complicated what is in view is, as one number: the sentence under a picture is made of it.

The activation regions of a network that has exact ones, each of them flat; of any other its mean slope, in times of a
plain ramp's.
"""

from __future__ import annotations

from dataclasses import replace

from netwarp.errors import RegionLimitError
from netwarp.explorer import cells, limits, measuring
from netwarp.explorer.opening import OpenField, piecewise_linear
from netwarp.explorer.protocol import ComplexityReply
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.plane import Plane
from netwarp.regions.tessellation import Tessellation

SLOPE = "total_variation"


def beside(pane: Pane, arch: str) -> Pane:
    """The Pane of another architecture with the rest and the seed of this one: what it is compared with."""
    return replace(Pane.from_data(pane.to_data()), arch=arch, bred="", slice="")


def complexity(opened: OpenField, plane: Plane, cancel: Cancellation) -> ComplexityReply:
    """The answer to "complexity", of the output in `plane`. Errors: NetwarpError."""
    if piecewise_linear(opened.field.program):
        try:
            found = cells.cut(opened.field, plane, "output", limits.CELLS, cancel)
        except RegionLimitError:
            return _reply(pieces=limits.CELLS, more=True)
        return _reply(pieces=len(found.cells), constant=_constant(found.cells))
    (one,) = measuring.measures(opened, plane, [SLOPE], cancel)["measures"]
    if one["value"] is None or one["ramp"] is None:
        return _reply()
    return _reply(slope=one["value"] / one["ramp"], resolved=one["resolved"] is True)


def _constant(cells: Tessellation) -> bool:
    """Whether the output is the same on all of them: its slopes are 0, and it is one affine map."""
    return not cells.affine[:, :, :2].any() and cells.merge().count == 1


def _reply(
    *,
    pieces: int | None = None,
    more: bool = False,
    constant: bool = False,
    slope: float | None = None,
    resolved: bool = False,
) -> ComplexityReply:
    # a sign in doubt is computed in whole numbers here
    return {
        "kind": "complexity",
        "pieces": pieces,
        "more": more,
        "doubtful": 0,
        "constant": constant,
        "slope": slope,
        "resolved": resolved,
    }
