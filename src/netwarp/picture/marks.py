"""Points worth a mark, as rings over a picture: the inputs that a slice passes through."""

# rows, columns of the picture; lines in pixels, (0, 0) the corner of the first pixel

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.axes import RING, SMALLEST_RING, font, frame, letter_of, shortened, with_axes
from netwarp.picture.beside import beside
from netwarp.picture.overlay import BLACK, WHITE
from netwarp.picture.overlay_lines import Lines, Placement
from netwarp.picture.overlay_png import Pixels, Stroke, draw_strokes
from netwarp.picture.recipe import Recipe
from netwarp.picture.sheet import plain_text
from netwarp.plane import Plane

ANCHORS = {"start": "lm", "end": "rm", "middle": "mm"}
SIDES = 48  # of the polygon that stands for a ring
ROOM = 80  # pixels of the shorter side of a picture that has room for names


def draw_marks(
    pixels: Pixels,
    plane: Plane,
    marks: Sequence[tuple[float, float]],
    *,
    names: Sequence[str] = (),
    y: str = "down",
) -> Pixels:
    """A copy of `pixels`, (rows, columns, 3), which show `plane`, with a ring about every mark (x, y) in view.

    A ring is black with a white edge, and its radius is a 120th of the longer side, at least 4 pixels. Its name stands
    beside it, where there is room, in pictures of 80 pixels and more. `y` "up": the smallest y is at the bottom.
    """
    rows, columns, _ = pixels.shape
    radius = max(SMALLEST_RING, RING * max(rows, columns))
    half = plane.width / 2, plane.height / 2
    bounds = (plane.x - half[0], plane.x + half[0], plane.y - half[1], plane.y + half[1])
    frame = Placement(bounds, float(columns), float(rows), up=y == "up")
    centres = frame.place(np.asarray(marks, dtype=np.float64).reshape(-1, 2))
    seen = (np.abs(centres - [columns / 2, rows / 2]) <= [columns / 2 + 2 * radius, rows / 2 + 2 * radius]).all(axis=1)
    centres, shown = centres[seen], [name for name, here in zip(names, seen, strict=False) if here]
    if not len(centres):
        return pixels
    rings, part = _rings(centres, radius), slice(0, len(centres))
    width = max(1.5, radius / 3)
    ringed = draw_strokes(pixels, [Stroke(rings, part, WHITE, width + 2, 0.9), Stroke(rings, part, BLACK, width)])
    return _named(ringed, centres, shown, 1.6 * radius) if shown and min(rows, columns) >= ROOM else ringed


def _named(pixels: Pixels, centres: NDArray[np.float64], names: Sequence[str], apart: float) -> Pixels:
    from PIL import Image, ImageDraw

    image = Image.fromarray(pixels)
    rows, columns, _ = pixels.shape
    draw, letters = ImageDraw.Draw(image), font(letter_of(columns, rows))
    texts = [plain_text(shortened(name)) for name in names]
    widths = [draw.textlength(text, font=letters) for text in texts]
    places = beside(centres, widths, (columns, rows), apart=apart, letter=letter_of(columns, rows))
    for at, text in zip(places, texts, strict=True):
        anchor = ANCHORS[at.anchor]
        draw.text((at.x, at.y), text, font=letters, fill=BLACK, anchor=anchor, stroke_width=2, stroke_fill=WHITE)
    return np.asarray(image)


def with_recipe(pixels: Pixels, recipe: Recipe) -> Pixels:
    """The pixels of what a recipe says with its marks and their names, and with axes where it is framed."""
    plane = recipe.raster.plane
    marked = draw_marks(pixels, plane, recipe.marks, names=recipe.names, y=recipe.y) if recipe.marks else pixels
    return framed(marked, recipe) if recipe.framed else marked


def framed(pixels: Pixels, recipe: Recipe) -> Pixels:
    """The pixels of what a recipe says with axes around them."""
    x, y = recipe.axes or ("", "")
    raster = recipe.raster
    return with_axes(pixels, frame(raster.plane, raster.columns, raster.rows, axes=(x, y), y=recipe.y))


def _rings(centres: NDArray[np.float64], radius: float) -> Lines:
    angles = np.arange(SIDES + 1) * (2 * pi / SIDES)
    ring = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = (centres[:, None] + ring).reshape(-1, 2)
    offsets = np.arange(len(centres) + 1, dtype=np.int64) * (SIDES + 1)
    return Lines(points, offsets, np.zeros(len(centres), np.int32))
