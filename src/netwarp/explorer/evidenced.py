"""The shapes of evidence: measures of networks that no pane shows, asked for by cases and answered some at a time."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from netwarp.explorer.offered import PaneData
from netwarp.explorer.places import Rectangle


class CaseData(TypedDict):
    """A network, and what of it is measured: what its state shows, or all channels of a layer."""

    state: PaneData
    # counted from 1; 0, or left out, for what the state shows
    layer: NotRequired[int]


class CaseRow(Rectangle):
    """What was measured of a case, in the raster's plane; a network that is not drawn has no values, and says why in
    every reason."""

    # the architecture's canonical text with its options, or the name of its file
    text: str
    # null where no seed draws it
    seed: int | str | None
    # columns and rows of the raster it was measured on
    size: list[int]
    # columns and rows that the unit square is calibrated on
    calibration: list[int]
    # one a measure, in the order they were asked for; null where it is absent
    values: list[float | None]
    # why a value is absent; empty where it is there
    reasons: list[str]
    # null for a measure of no raster
    resolved: list[bool | None]
    # what rounding makes of the values, where they are not the network's own; null elsewhere
    rounding: str | None


class EvidenceReply(TypedDict):
    kind: Literal["evidence"]
    # of the measures, in the order of a row's values
    names: list[str]
    # of the first cases, as many as there was time for; the others are to be asked for next
    rows: list[CaseRow]
    seconds: float
