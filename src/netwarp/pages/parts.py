"""Parts of pages: pictures, and tables of texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One picture on a page; `source` is the picture itself, as a data URI."""

    source: str
    columns: int
    rows: int
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class ShownPicture(Thumbnail):
    """A picture that stands in a file beside the page too."""

    file: str


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of texts, the first cell of each row its name."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
