"""Places of the plane as messages say them."""

from __future__ import annotations

from typing import TypedDict


class Point(TypedDict):
    """A point of the plane: decimal texts."""

    x: str
    y: str


class Rectangle(Point):
    """A rectangle of the plane: its centre and sides as decimal texts."""

    w: str
    h: str
