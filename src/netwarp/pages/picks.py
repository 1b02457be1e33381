"""Small pictures of a page that open: each to its recipe, its command, and a larger picture of the same network."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Final

from netwarp.orders.drawing import Drawing
from netwarp.picture.picture import Picture

SMALL: Final = 210  # pixels of a small picture's longer side
LARGE: Final = 720  # and at most of the one that it opens to


@dataclass(frozen=True, slots=True)
class Pick:
    """One picture: `facts` are (name, value) rows, `source` and `large` the picture itself as data URIs.

    `anchor` is its id on the page; `links` are (anchor, text) of others there, as a child's parents.
    """

    anchor: str
    caption: str
    alt: str
    source: str
    columns: int
    rows: int
    large: str
    large_columns: int
    large_rows: int
    facts: tuple[tuple[str, str], ...]
    command: str
    recipe: str
    links: tuple[tuple[str, str], ...] = ()


def pick(
    drawing: Drawing,
    *,
    anchor: str,
    caption: str,
    alt: str,
    facts: tuple[tuple[str, str], ...],
    command: str,
    links: tuple[tuple[str, str], ...] = (),
) -> Pick:
    """The Pick of a drawing."""
    small, columns, rows = shrunk(drawing.picture, SMALL, 70)
    large, wide, high = shrunk(drawing.picture, LARGE, 82)
    return Pick(
        anchor,
        caption=caption,
        alt=alt,
        source=small,
        columns=columns,
        rows=rows,
        large=large,
        large_columns=wide,
        large_rows=high,
        facts=facts,
        command=command,
        recipe=drawing.recipe.to_json(),
        links=links,
    )


def shrunk(picture: Picture, most: int, quality: int) -> tuple[str, int, int]:
    """The picture as a data URI, no side longer than `most` pixels, and its columns and rows."""
    from PIL import Image, features

    image = Image.fromarray(picture.pixels)
    scale = min(1.0, most / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.BOX)
    kind = "webp" if features.check("webp") else "png"
    stream = io.BytesIO()
    image.save(stream, format=kind, quality=quality, method=2)  # png ignores the options
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode('ascii')}", *image.size
