"""What is said of a network that was opened: the answer of the message `open`; see protocol.py."""

from __future__ import annotations

from typing import Literal, TypedDict

from netwarp.engine.protocol import Dtype
from netwarp.explorer.decided import ClassData
from netwarp.explorer.folded import Folded, LayerData
from netwarp.explorer.offered import PaneData
from netwarp.explorer.places import Rectangle
from netwarp.picture.tone import ToneData


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
