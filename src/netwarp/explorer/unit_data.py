"""The shapes of the messages about one unit of a network."""

from __future__ import annotations

from typing import Literal, TypedDict


class UnitAsk(TypedDict):
    # from 1
    layer: int
    # from 0
    channel: int


class NumberData(TypedDict):
    """A number of a network's parameters: where it stands, and what it is."""

    array: str
    place: list[int]
    value: float


class IncomingData(NumberData):
    """A weight, and what it multiplies: a channel, from 0, of a layer, from 1, or of the inputs, whose layer is 0."""

    layer: int
    channel: int
    name: str
    # how many taps along x and y a kernel reads it from the point
    tap: list[int]


class HandleData(TypedDict):
    """What turns and moves a unit's line: see web/src/page/unit/line.ts."""

    # which weights multiply x and y, and times what
    weights: list[int]
    times: list[float]
    # mean and variance of x and y over the calibration raster, where the unit is normalised
    mean: list[float]
    variance: list[float]
    eps: float
    # what the other weights add, of a unit that is not normalised
    rest: float


class UnitReply(TypedDict):
    kind: Literal["unit"]
    layer: int
    channel: int
    activation: str
    # "spatial", "layer" or ""
    norm: str
    weights: list[IncomingData]
    bias: NumberData | None
    scale: NumberData | None
    shift: NumberData | None
    # a, b, c of the line a x + b y + c = 0 that it bends along; null where that is no line
    line: list[float] | None
    # null where no hand can move the line
    handle: HandleData | None
