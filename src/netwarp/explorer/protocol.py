"""The shapes of a session's messages: what a page may ask, by kind, and what answers it.

A request is JSON with `id`, `kind` and `pane` beside what its kind asks; an answer has the `id` and the `pane` of its
request beside what stands here, and is an ErrorReply or a StaleReply where there is no other. `tools/server.py`
writes the page's web/src/server.ts from this module; a comment above a key becomes its description there.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, NotRequired, TypedDict

from netwarp.explorer.decided import AgreeReply, PointsReply, RegionsReply
from netwarp.explorer.evidenced import CaseData, EvidenceReply
from netwarp.explorer.folded import LayerData, OrbitReply
from netwarp.explorer.measured import MeasuresReply
from netwarp.explorer.offered import ChildrenAsk, NeighboursAsk, OffersReply, PaneData, SurpriseReply
from netwarp.explorer.opened import FieldReply
from netwarp.explorer.places import Point, Rectangle
from netwarp.explorer.state import Contrast, Page
from netwarp.explorer.unit_data import UnitAsk, UnitReply

# all of a Page's fields
PageData = Annotated[dict[str, object], Page]


class Unmarked(TypedDict):
    """What the answer to a request has that cannot be read; `id` is -1 where it seems to have none."""

    id: int


class Mark(Unmarked):
    """What every answer has: the number and the pane of its request."""

    pane: int


class Nothing(TypedDict):
    """A request that says no more than its kind."""


class OpenAsk(TypedDict):
    state: NotRequired[PaneData]
    # soon is better than exact: it may be calibrated on fewer pixels, and is asked for again without
    preview: NotRequired[bool]


class ViewAsk(Rectangle):
    columns: int
    rows: int
    contrast: NotRequired[Contrast]
    show: NotRequired[str]
    colour: NotRequired[str]
    coarse: NotRequired[bool]


class AtAsk(Point):
    show: NotRequired[str]


class MeasureAsk(Rectangle):
    # the measures to take; all of them where none is named
    names: NotRequired[list[str]]
    # of a layer's channel, those are its own
    show: NotRequired[str]


class EvidenceAsk(Rectangle):
    # networks whatever the panes show; none where nothing is wanted any more
    cases: list[CaseData]
    # the measures to take; all of them where none is named
    names: NotRequired[list[str]]
    # pixels of the raster, each way
    side: NotRequired[int]


class CellsAsk(Rectangle):
    limit: NotRequired[int]


class ShareAsk(TypedDict):
    state: PageData


class ParseAsk(TypedDict):
    text: str


class StripAsk(Rectangle):
    # of a thumbnail, in pixels each way
    size: NotRequired[int]


class EstimateAsk(TypedDict):
    columns: int
    rows: int
    format: NotRequired[str]
    # where the page looks now
    x: NotRequired[str]
    y: NotRequired[str]
    w: NotRequired[str]
    h: NotRequired[str]
    show: NotRequired[str]
    tone: NotRequired[Contrast]
    colour: NotRequired[str]


class ShownLayer(LayerData):
    # how many of its channels have a thumbnail
    shown: int


class FittedRange(TypedDict):
    low: list[float]
    high: list[float]
    # the share of pixels without a place of their own in sRGB
    compressed: float | None
    # the colours from low to high, evenly, #rrggbb; none where three channels are shown
    colours: list[str]


class PixelsReply(TypedDict):
    kind: Literal["pixels"]
    columns: int
    rows: int
    seconds: float
    precision: str
    # the whole tone gives this view one flat colour
    flat: bool
    coarse: bool
    # pixels lie between the points that were evaluated, which k x k kernels' taps share
    resampled: bool
    # how many times fewer pixels there are than were asked for, each way
    reduced: int
    # the range the picture is painted in: of the differences from `centre` where that is not null
    tone: FittedRange
    centre: list[float] | None


class ValuesReply(TypedDict):
    kind: Literal["values"]
    values: list[float]


class CellsReply(TypedDict):
    kind: Literal["cells"]
    unit: Literal["view"]
    # cells, or as many as were found until there were too many
    count: int
    edges: int
    more: bool
    # signs that rounding left in doubt: the count is exact where there are none
    doubtful: int
    # what is said of the count
    sentence: str
    seconds: NotRequired[float]


class CellReply(TypedDict):
    kind: Literal["cell"]
    # units that are on, of all that could be
    pattern: int
    units: int
    # one row an output: the slopes along x and y, then the value at the point asked about
    affine: list[list[float]]
    area: float
    # it goes on beyond the view, and its area is that of the part in view
    clipped: bool
    edges: int
    layers: list[int]


class ComplexityAsk(Rectangle):
    # of this architecture in place of the pane's, with its seed and all else
    arch: NotRequired[str]


class ComplexityReply(TypedDict):
    kind: Literal["complexity"]
    # activation regions, or as many as were found until there were too many; null of a network that has no exact ones
    pieces: int | None
    more: bool
    # signs that rounding left in doubt: the number is exact where there are none
    doubtful: int
    # the output is the same everywhere in view, however many regions there are
    constant: bool
    # how often a plain ramp's the mean slope is; null where there are regions, and where there is none
    slope: float | None
    # whether it is much the same at half the resolution
    resolved: bool


class AgreeAsk(Rectangle):
    # how many panes, from the first
    panes: int


class Target(Rectangle):
    what: str


class NearestReply(TypedDict):
    kind: Literal["nearest"]
    # the view lies inside one region
    inside: bool
    found: Target | None
    corner: Target | None


class StripReply(TypedDict):
    kind: Literal["strip"]
    size: int
    layers: list[ShownLayer]


class ShareReply(TypedDict):
    kind: Literal["share"]
    address: str
    json: str
    python: str
    cli: str


class ParsedReply(TypedDict):
    kind: Literal["parsed"]
    text: str
    state: PaneData


class EstimateReply(TypedDict):
    kind: Literal["estimate"]
    seconds: float
    # None of a file whose size nobody knows before it is made
    bytes: int | None


class ErrorReply(TypedDict):
    kind: Literal["error"]
    message: str
    # an architecture like the one that is too large, which is not
    fits: NotRequired[str]
    # the option it is about
    key: NotRequired[str]
    position: NotRequired[int]
    length: NotRequired[int]


class StaleReply(TypedDict):
    """A newer request made this one needless."""

    kind: Literal["stale"]


TextReply = (
    FieldReply | ValuesReply | MeasuresReply | EvidenceReply | CellReply | NearestReply | OffersReply | SurpriseReply
    | ShareReply | ParsedReply | EstimateReply | AgreeReply | ComplexityReply | UnitReply
)  # fmt: skip
BinaryReply = PixelsReply | OrbitReply | CellsReply | StripReply | RegionsReply | PointsReply
Answer = TextReply | tuple[BinaryReply, bytes]


class Exchange(NamedTuple):
    """What is asked and what answers it; where `payload` says what, bytes follow the answer."""

    ask: type
    reply: type
    payload: str = ""


EDGES = "float32 (edges, 4): ends as shares of the view's sides from its centre; then int32 (edges): the layer of each"
SEGMENTS = "float32 (count, 4): ends of the boundaries' pieces, as shares of the view's sides from its centre"
POINTS = "float64 (count, 2): x and y; then int32 (count): the class of each, -1 for none"
EXCHANGES = {
    "open": Exchange(OpenAsk, FieldReply),
    "view": Exchange(ViewAsk, PixelsReply, "RGBA, rows from the smallest y"),
    "orbit": Exchange(Point, OrbitReply, "float64: the values of one operation after another"),
    "at": Exchange(AtAsk, ValuesReply),
    "measure": Exchange(MeasureAsk, MeasuresReply),
    "evidence": Exchange(EvidenceAsk, EvidenceReply),
    "cells": Exchange(CellsAsk, CellsReply, EDGES),
    "cell": Exchange(Point, CellReply),
    "complexity": Exchange(ComplexityAsk, ComplexityReply),
    "nearest": Exchange(Rectangle, NearestReply),
    "regions": Exchange(Rectangle, RegionsReply, SEGMENTS),
    "points": Exchange(Nothing, PointsReply, POINTS),
    "agree": Exchange(AgreeAsk, AgreeReply),
    "strip": Exchange(StripAsk, StripReply, "RGBA of `size` x `size` pixels, one channel after another"),
    "unit": Exchange(UnitAsk, UnitReply),
    "neighbours": Exchange(NeighboursAsk, OffersReply),
    "children": Exchange(ChildrenAsk, OffersReply),
    "gallery": Exchange(Nothing, OffersReply),
    "surprise": Exchange(Nothing, SurpriseReply),
    "share": Exchange(ShareAsk, ShareReply),
    "parse": Exchange(ParseAsk, ParsedReply),
    "estimate": Exchange(EstimateAsk, EstimateReply),
}
