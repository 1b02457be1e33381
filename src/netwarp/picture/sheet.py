"""Contact sheets: pictures in rows and columns, each with its caption."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from netwarp.checks import instance
from netwarp.errors import InputError
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

Colour = tuple[int, int, int]
# paper, the first line of a caption, and its other lines
LIGHT: tuple[Colour, Colour, Colour] = ((255, 255, 255), (24, 24, 27), (105, 105, 115))
DARK: tuple[Colour, Colour, Colour] = ((17, 17, 20), (236, 236, 240), (155, 155, 165))
MAX_LINES = 8
# a caption under a thumbnail still needs room for a few words
MIN_WIDTH = 120
# the built-in font has little beyond ASCII: what has a plain equivalent gets it, anything else a question mark
PLAIN = str.maketrans(
    {"\u00d7": "x", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2192": "->", "\u00b5": "u", "\u00b2": "2"}
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes of a sheet in pixels: a cell's picture, the gap between cells, a line of text; and the cells of a row."""

    width: int
    height: int
    gap: int
    line: int
    columns: int

    @property
    def across(self) -> int:
        return self.gap + self.columns * (self.width + self.gap)


def contact_sheet(
    pictures: Sequence[Picture],
    captions: Sequence[str] | None = None,
    *,
    columns: int | None = None,
    title: str | None = None,
    dark: bool = False,
) -> Picture:
    """One Picture of many, in reading order, with a caption under each, wrapped to the picture's width.

    `columns` is chosen for a sheet about as wide as high where it is not given. No picture is scaled; a smaller one
    stands in the middle of its cell. Line breaks in a caption are kept, what follows the first is fainter, and from the
    ninth line on it is left out. The sheet's recipe is the tuple of all pictures' recipes, or None where one has none.
    Errors: InputError.

    >>> small = nw.Raster(60, 40)
    >>> pictures = [nw.draw("conv(10) * 2", small, seed=seed, calibration=small).picture for seed in range(4)]
    >>> sheet = nw.contact_sheet(pictures, ["seed 0", "seed 1", "seed 2", "seed 3"])
    >>> len(sheet.recipe)
    4
    >>> nw.contact_sheet([])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: contact sheet: no pictures; give at least one
    """
    from PIL import Image, ImageDraw, ImageFont

    for picture in instance(pictures, (list, tuple), "contact sheet pictures", "a list of Pictures"):
        instance(picture, Picture, "contact sheet picture", "a Picture, as nw.paint gives")
    texts = [""] * len(pictures) if captions is None else list(captions)
    if not pictures:
        raise InputError("contact sheet: no pictures; give at least one")
    if len(texts) != len(pictures):
        raise InputError(f"contact sheet: {len(texts)} captions for {len(pictures)} pictures; give one each")
    if columns is not None and columns < 1:
        raise InputError(f"contact sheet columns={columns}: must be positive")
    layout = _layout(pictures, columns)
    font = ImageFont.load_default(layout.line * 0.78)
    paper, ink, faint = DARK if dark else LIGHT
    head = _wrap(title or "", font, layout.across - 2 * layout.gap)
    wrapped = [_wrap(text, font, layout.width) for text in texts]
    places, height = _places(layout, [len(lines) for lines in wrapped], len(head))
    canvas = np.full((height, layout.across, 3), paper, np.uint8)
    for picture, (x, y) in zip(pictures, places, strict=True):
        left, top = x + (layout.width - picture.columns) // 2, y + (layout.height - picture.rows) // 2
        canvas[top : top + picture.rows, left : left + picture.columns] = picture.pixels
    image = Image.fromarray(canvas)
    draw = ImageDraw.Draw(image)
    for lines, (x, y) in [(head, (layout.gap, layout.gap)), *zip(wrapped, places, strict=True)]:
        below = y if lines is head else y + layout.height + layout.line // 3
        for n, (text, first) in enumerate(lines):
            draw.text((x, below + n * layout.line), text, font=font, fill=ink if first else faint)
    recipes = tuple(picture.recipe for picture in pictures if isinstance(picture.recipe, Recipe))
    return Picture(np.asarray(image), recipes if len(recipes) == len(pictures) else None)


def _layout(pictures: Sequence[Picture], columns: int | None) -> Layout:
    width, height = max(MIN_WIDTH, *(p.columns for p in pictures)), max(p.rows for p in pictures)
    line = min(48, max(16, width // 20))
    if columns is None:
        columns = ceil(sqrt(len(pictures) * (height + 2 * line) / width))
    return Layout(width, height, max(8, width // 24), line, min(columns, len(pictures)))


def _places(layout: Layout, lines: Sequence[int], head: int) -> tuple[list[tuple[int, int]], int]:
    """The left upper corner (x, y) of every cell, and the sheet's height; a row makes room for its longest caption."""
    y = layout.gap + (head * layout.line + layout.line // 2 if head else 0)
    places = []
    for start in range(0, len(lines), layout.columns):
        row = lines[start : start + layout.columns]
        places += [(layout.gap + i * (layout.width + layout.gap), y) for i in range(len(row))]
        caption = max(row) * layout.line + layout.line // 3 if max(row) else 0
        y += layout.height + caption + layout.gap
    return places, y


def _wrap(text: str, font: Font, width: int) -> list[tuple[str, bool]]:
    """The lines of a text no wider than `width` pixels, and whether each belongs to the text's own first line."""
    lines: list[tuple[str, bool]] = []
    # no character is less than a pixel wide: what is cut here would not be shown anyway
    text = text[: MAX_LINES * width + 1]
    for number, paragraph in enumerate(text.splitlines()):
        line = ""
        for word in plain_text(paragraph).split(" "):
            joined = f"{line} {word}" if line else word
            if font.getlength(joined) <= width:
                line = joined
                continue
            if line:
                lines.append((line, number == 0))
            # a word wider than the line is broken where it must be
            while font.getlength(word) > width and len(word) > 1 and len(lines) <= MAX_LINES:
                fits = max(1, bisect_right(range(len(word)), width, key=lambda n: ceil(font.getlength(word[:n]))) - 1)
                lines.append((word[:fits], number == 0))
                word = word[fits:]
            line = word
        lines.append((line, number == 0))
        if len(lines) > MAX_LINES:
            last, first = lines[MAX_LINES - 1]
            return [*lines[: MAX_LINES - 1], (last[: max(0, len(last) - 3)] + "...", first)]
    return lines


def plain_text(text: str) -> str:
    """What the built-in font can write: accents dropped, control characters blank, the rest as question marks."""
    flat = unicodedata.normalize("NFKD", text.translate(PLAIN))
    kept = (c for c in flat if not unicodedata.combining(c))
    return "".join(c if " " <= c <= "~" or c == "\u00b7" else " " if c.isspace() else "?" for c in kept)
