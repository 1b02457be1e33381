"""A decision as pixels: areas in their classes' colours, boundaries, points and marks over them, axes and a legend."""

# pictures have row 0 at the top, where y is largest unless y grows downwards

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netwarp.models.decisions import colours
from netwarp.models.decisions.layout import DecisionLayout, layout
from netwarp.models.decisions.naming import names_inside
from netwarp.picture.axes import INK, draw_axes, font
from netwarp.picture.marks import draw_marks
from netwarp.picture.overlay_lines import Lines
from netwarp.picture.overlay_png import Stroke, draw_strokes
from netwarp.picture.picture import Picture
from netwarp.picture.sheet import plain_text
from netwarp.plane import Raster
from netwarp.regions.arrays import Floats

if TYPE_CHECKING:
    from netwarp.models.decisions.decision import Decision

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


def paint(decision: Decision, *, margin: bool, axes: bool, y: str) -> Picture:
    """The Picture of a Decision; see `Decision.paint`."""
    placed = layout(decision, axes=axes, y=y)
    canvas = np.full((placed.height, placed.width, 3), 255, np.uint8)
    left, top = int(placed.left), int(placed.top)
    canvas[top : top + placed.rows, left : left + placed.columns] = fill(decision, margin=margin, up=placed.up)
    inside = canvas[top : top + placed.rows, left : left + placed.columns]
    inside[:] = draw_strokes(inside, _strokes(decision, placed))
    inside[:] = draw_marks(inside, decision.plane, decision.marks.places, names=decision.marks.names, y=y)
    if axes:
        canvas = _lettered(canvas, decision, placed)
    recipe = decision.recipe
    return Picture(canvas, None if recipe is None else recipe.shown(margin=margin, axes=axes, y=y))


def fill(decision: Decision, *, margin: bool, up: bool = True) -> Pixels:
    """(rows, columns, 3): the areas alone, the largest y in row 0 where they are `up`."""
    raster = Raster(*decision.size, decision.plane)
    ground = decision.ground
    sets = ground.winners.sets
    if not margin:
        upright = colours.tinted(colours.set_colours(sets, decision.palette), colours.FLAT)[ground.labels(raster)[::-1]]
    else:
        # whichever way y grows, the largest margins are looked for in the same rows
        labels, margins = ground.shades(raster)
        upright = colours.shaded(sets, decision.palette, labels[::-1], margins[::-1])
    return upright if up else upright[::-1]


def thickness(placed: DecisionLayout) -> tuple[float, float]:
    """Pixels: the width of boundaries, the diameter of points."""
    size = min(placed.columns, placed.rows)
    return max(1.2, size / 300), max(5.0, size / 70)


def _strokes(decision: Decision, placed: DecisionLayout) -> list[Stroke]:
    """Boundaries, then points with a white rim, in pixels of the rectangle."""
    corner = np.array([placed.left, placed.top])
    width, dot = thickness(placed)

    def lines(points: Floats, lengths: Sequence[int]) -> Lines:
        offsets = np.cumsum([0, *lengths], dtype=np.int64)
        return Lines(placed.place(points) - corner, offsets, np.zeros(len(lengths), np.int32))

    every = [line for pair in decision.boundary.values() for line in pair]
    joined = np.concatenate([np.empty((0, 2)), *every])
    strokes = [Stroke(lines(joined, [len(line) for line in every]), slice(0, len(every)), INK, width)]
    if decision.points is None:
        return strokes
    places, labels = decision.points.places, decision.points.labels
    kinds = np.full(len(places), -1) if labels is None else labels
    palette = decision.palette
    for kind in np.unique(kinds).tolist():
        # a point is a line without length, whose ends are round
        ours = places[kinds == kind]
        dots = lines(np.repeat(ours, 2, axis=0), [2] * len(ours))
        red, green, blue = (int(part) for part in (palette[kind] if kind >= 0 else INK))
        strokes.append(Stroke(dots, slice(0, len(ours)), WHITE, dot + 2.4))
        strokes.append(Stroke(dots, slice(0, len(ours)), (red, green, blue), dot))
    return strokes


def _lettered(canvas: Pixels, decision: Decision, placed: DecisionLayout) -> Pixels:
    """The canvas with a frame, the axes' numbers, the legend, and the names of classes that share colours."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(canvas)
    draw_axes(image, placed)
    draw, letters = ImageDraw.Draw(image), font(placed.letter)
    for name in names_inside(decision):
        ((x, y),) = placed.place(np.array([[name.x, name.y]])).tolist()
        draw.text((x, y), plain_text(name.text), font=letters, fill=INK, anchor="mm", stroke_width=2, stroke_fill=WHITE)
    half, x = 0.5 * placed.letter, placed.legend
    for n, entry in enumerate(placed.entries):
        y = placed.line(n)
        draw.rectangle((x, y - half, x + 2 * half, y + half), fill=entry.area, outline=INK)
        if entry.point is not None:
            middle, r = x + half, 0.5 * half
            draw.ellipse((middle - r, y - r, middle + r, y + r), fill=entry.point, outline=WHITE)
        draw.text((x + 3.2 * half, y), plain_text(entry.text), font=letters, fill=INK, anchor="lm")
    return np.asarray(image)
