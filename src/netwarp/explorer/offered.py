"""The shapes of the messages that offer pictures to go on from: the gallery, neighbours, children, a surprise."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from netwarp.explorer.state import Pane

# any of a Pane's fields
PaneData = Annotated[dict[str, object], Pane]


class NeighboursAsk(TypedDict):
    # of a picture as it is shown, in the screen's pixels
    columns: NotRequired[int]
    rows: NotRequired[int]


class ChildrenAsk(TypedDict):
    # states of the children, at most as many as the page offers
    states: list[PaneData]
    columns: int
    rows: int


class Offer(TypedDict):
    """A picture to go on from; `thumb` is a data: address."""

    title: str
    sentence: NotRequired[str]
    state: PaneData
    # the whole page's, where there is more than one pane to it
    address: NotRequired[str]
    thumb: str


class OffersReply(TypedDict):
    kind: Literal["gallery", "neighbours", "children"]
    offers: list[Offer]


class SurpriseReply(TypedDict):
    kind: Literal["surprise"]
    state: PaneData
