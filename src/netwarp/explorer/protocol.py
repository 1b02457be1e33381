"""The shapes of a session's messages: what a page may ask, by kind, and what answers it.

A request is JSON with `id`, `kind` and `pane` beside what its kind asks; an answer has the `id` and the `pane` of its
request beside what stands here, and is an ErrorReply or a StaleReply where there is no other. `tools/server.py`
writes the page's web/src/server.ts from this module; a comment above a key becomes its description there.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, NotRequired, TypedDict

from netwarp.engine.protocol import Dtype
from netwarp.explorer.decided import AgreeReply, ClassData, PointsReply, RegionsReply
from netwarp.explorer.evidenced import CaseData, EvidenceReply
from netwarp.explorer.folded import Folded, LayerData, OrbitReply
from netwarp.explorer.measured import MeasuresReply
from netwarp.explorer.offered import ChildrenAsk, NeighboursAsk, OffersReply, PaneData, SurpriseReply
from netwarp.explorer.state import Contrast, Page
from netwarp.explorer.unit_data import UnitAsk, UnitReply
from netwarp.picture.tone import ToneData

# all of a Page's fields
PageData = Annotated[dict[str, object], Page]


class Unmarked(TypedDict):
    """What the answer to a request has that cannot be read; `id` is -1 where it seems to have none."""

    id: int


class Mark(Unmarked):
    """What every answer has: the number and the pane of its request."""

    pane: int


class Point(TypedDict):
    """A point of the plane: decimal texts."""

    x: str
    y: str


class Rectangle(Point):
    """A rectangle of the plane: its centre and sides as decimal texts."""

    w: str
    h: str


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


class FactsData(TypedDict):
    """What is so of a network: what the page says of it comes from here, never from a state's defaults."""

    # the architecture's text, the formula, or the name of its file without the ending
    title: str
    # the name of the file that its weights were read from; null where a text says the network
    file: str | None
    # what follows its layers; null where only its values are known
    activation: str | None
    inputs: str
    outputs: int
    # what follows the last layer, "linear" where nothing does; null where that is not known
    output_activation: str | None
    # null where no seed draws its weights
    seed: int | str | None
    # the keys of a state that change the network
    changes: list[str]
    # the way that y grows: down or up
    y: str
    # where the network is looked at first
    home: Rectangle
    # what was assumed of it, a sentence each
    notes: list[str]


class SliceMark(TypedDict):
    name: str
    x: float
    y: float


class SliceData(TypedDict):
    """The plane through the space of a model's inputs that is looked at."""

    # as the command line's --slice; empty where it is the file's own
    text: str
    # what x and y are, and how far 1 goes in the inputs
    axes: list[str]
    # what the inputs are called; none where there are too many to choose from
    names: list[str]
    # the points it is laid through, each with what it is called, which may be nothing
    marks: list[SliceMark]
    # the inputs along x and y; null where it is along no two of them
    along: list[int] | None
    # what each input is held at, as far as it is not along x or y
    at: list[float]
    # the least and the largest of each in the data; null without such data
    ranges: list[list[float]] | None


class CountsData(TypedDict):
    layers: int
    units: int
    parameters: int
    depth: int


class RoomData(TypedDict):
    """The largest depth and width that are taken of an architecture; null where it has no such number."""

    depth: int
    width: int | None


class EvaluatedData(TypedDict):
    columns: int
    rows: int
    # whether its usual view was drawn before, at full size
    beforehand: bool


class FieldReply(TypedDict):
    kind: Literal["field"]
    facts: FactsData
    # the architecture's canonical text with its options
    text: str
    # null where only the network's values are known
    counts: CountsData | None
    layers: list[LayerData]
    tone: ToneData
    pointwise: bool
    piecewise_linear: bool
    precision: Dtype
    # what the browser's GPU evaluates; null where only the server can
    gpu: Folded | None
    # calibrated on fewer pixels than its own: near the network that was asked for, and not it
    preview: bool
    seconds: float
    # seconds a pixel of the calibration's own plane takes
    pace: float
    # the texts as the server reads them
    state: PaneData
    # null where weights are given
    room: RoomData | None
    # the pixels of the unit square of a network that a page without a server evaluates on fewer than its own
    evaluated: EvaluatedData | None
    # null of a network whose inputs are x and y themselves
    slice: SliceData | None
    # what x and y are called; none where that is plain
    axes: list[str]
    # y grows upwards unless it is said otherwise
    up: bool
    # of its decision regions; none where they cannot be told apart
    classes: list[ClassData]
    # how many points of the data lie on its plane
    points: int


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
    # cells, or as many as were found until there were too many; null of a network that has no exact ones
    pieces: int | None
    more: bool
    # signs that rounding left in doubt: the number is exact where there are none
    doubtful: int
    # how often a plain ramp's the mean slope is; null where there are pieces, and where there is none
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
