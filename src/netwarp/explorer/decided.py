"""The shapes of what a session answers of classes: who wins where, the data's points, how far panes decide alike."""

from __future__ import annotations

from typing import Literal, TypedDict


class ClassData(TypedDict):
    name: str
    # of its points, #rrggbb
    colour: str
    # of its area
    tint: str


class RegionData(TypedDict):
    """A class, or several that tie, and where it wins."""

    # numbers of classes
    classes: list[int]
    # of the view's area
    share: float
    # of its area, #rrggbb
    tint: str


class RegionsReply(TypedDict):
    kind: Literal["regions"]
    regions: list[RegionData]
    # by exact cells; else sampled, and `note` says why
    exact: bool
    note: str
    # pieces of boundaries between classes
    count: int


class PointsReply(TypedDict):
    kind: Literal["points"]
    count: int
    # of this many in the data, where not all are sent
    total: int
    # why they have no classes' colours
    note: str


class AgreeReply(TypedDict):
    kind: Literal["agree"]
    # of the view's area, where all decide alike
    share: float
    exact: bool
    note: str
