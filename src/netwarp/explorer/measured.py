"""The shapes of what is answered of measures: each of them, and those that an answer has."""

from __future__ import annotations

from typing import Literal, TypedDict

from netwarp.fields.rounding import RoundingData
from netwarp.measures.registry import Room


class MeasureData(TypedDict):
    name: str
    value: float | None
    # a plain ramp's value and white noise's
    ramp: float | None
    noise: float | None
    # at half the resolution
    half: float | None
    resolved: bool | None
    unit: str
    meaning: str
    # how much room the page gives it: the list, the short list too, or the view in words too
    shown: Room
    reason: str
    # what one must know of how it was taken
    note: str


class MeasuresReply(TypedDict):
    kind: Literal["measures"]
    measures: list[MeasureData]
    # the names of those that there was no time for yet: to be asked for next
    rest: list[str]
    # columns and rows of the raster they were taken on
    size: list[int]
    # how far the values are from the network's own function: beyond float64's digits where `reported`
    rounding: RoundingData
    seconds: float
