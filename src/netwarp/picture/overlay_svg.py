"""Cells as SVG: their boundaries as vectors, one path a layer, on white or over cells filled with colours."""

# a drawing is WIDTH units wide; inside its groups coordinates are whole millionths of its width

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.maps import map_colours
from netwarp.picture.overlay import INK_ALPHA, Fill, Scale, layer_colours
from netwarp.picture.overlay_lines import Lines, Placement, boundaries, mean_size, of_polylines
from netwarp.regions.cells.cells import Cells

Floats = NDArray[np.float64]

WIDTH = 1000
GRID = 1_000_000  # whole numbers below 2^24: relative steps add up exactly in a reader's float32
MAX_SWATCHES = 16
LEGEND = 52  # the height of one
FONT = "system-ui, 'Helvetica Neue', Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Around:
    """What is drawn over and around the rectangle, in its coordinates, and the room that it takes on each side."""

    parts: tuple[str, ...] = ()
    left: float = 0.0
    above: float = 0.0
    right: float = 0.0
    below: float = 0.0


NOTHING = Around()


def draw_svg(
    cells: Cells,
    *,
    title: str,
    description: str,
    recipe: str = "",
    fill: Fill | None = None,
    contours: Sequence[Floats] = (),
    proportion: float | None = None,
    legend: bool = True,
    y: str = "down",
    around: Around = NOTHING,
) -> str:
    """The SVG of the cells. y grows downwards, so that y0, the smallest, is at the top, as in pictures; or "up".

    Lines are coloured by the layer that drew them, or, over a `fill` that is not pale, all dark.
    `proportion` is height / width, that of the rectangle unless given. `contours` are polylines of the plane.
    `recipe` is put into the metadata. What stands `around` the rectangle makes the drawing larger, whose coordinates
    stay those of the rectangle. All text is escaped.
    """
    x0, x1, y0, y1 = cells.bounds
    height = WIDTH * ((y1 - y0) / (x1 - x0) if proportion is None else proportion)
    frame = Placement(cells.bounds, GRID, GRID * height / WIDTH, y == "up")
    lines = boundaries(cells, frame, 1.0)
    depth = int(lines.layers[-1]) if len(lines.layers) else 0
    by_layer = fill is None or fill.pale
    below = _legend(depth, fill, height + around.below) if legend else []
    whole = around.above + height + around.below + (LEGEND if below else 0)
    wide = around.left + WIDTH + around.right
    place = f"{-around.left:.6g} {-around.above:.6g}"
    size = (
        f'viewBox="{place if around.parts else "0 0"} {wide:.6g} {whole:.6g}" width="{wide:.6g}" height="{whole:.6g}"'
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(description)}</desc>",
    ]
    if recipe:
        parts.append(f"<metadata>{escape(recipe, quote=False)}</metadata>")
    corner = f'x="{-around.left:.6g}" y="{-around.above:.6g}" ' if around.parts else ""
    parts.append(f'<rect {corner}width="{wide:.6g}" height="{whole:.6g}" fill="#fff"/>')
    if fill is not None:
        # without anti-aliasing no paper shows between two cells
        parts.append('<g transform="scale(.001)" shape-rendering="crispEdges">')
        parts += _polygons(cells, frame, fill)
        parts.append("</g>")
    width = 1000 * line_width(cells, frame)
    ink = "" if by_layer else f' stroke="#000" stroke-opacity="{INK_ALPHA}"'
    parts.append(f'<g transform="scale(.001)" fill="none" stroke-width="{width:.6g}" stroke-linejoin="round"{ink}>')
    for layer, colour in reversed(list(enumerate(layer_colours(depth), 1))):
        part = lines.of_layer(layer)
        if part.stop > part.start:
            stroke = f' stroke="{_hex(colour)}"' if by_layer else ""
            parts.append(f'<path id="layer-{layer}"{stroke} d="{_path(lines, part)}"/>')
    if contours:
        level = _path(of_polylines(contours, frame), slice(0, len(contours)))
        parts.append(f'<path stroke="#fff" stroke-opacity=".8" stroke-width="5000" d="{level}"/>')
        parts.append(f'<path id="contour" stroke="#000" stroke-width="2400" d="{level}"/>')
    parts.append("</g>")
    parts.append(f'<rect width="{WIDTH}" height="{height:.6g}" fill="none" stroke="#000" stroke-width="1"/>')
    return "\n".join([*parts, *around.parts, *below, "</svg>", ""])


def size_of(proportion: float) -> tuple[int, int]:
    """Width and height, rounded, of an SVG of cells with a legend, whose rectangle is `proportion` as high as wide."""
    return WIDTH, round(WIDTH * proportion + LEGEND)


def line_width(cells: Cells, frame: Placement) -> float:
    """Units of the drawing: a tenth of a mean cell, from 0.15 to 1.8."""
    return float(np.clip(0.1 * mean_size(cells, frame) * WIDTH / GRID, 0.15, 1.8))


def _path(lines: Lines, part: slice) -> str:
    """Path data of some polylines; a closed one ends in z."""
    whole = np.rint(lines.points).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=0)
    texts = []
    for first, last in zip(lines.offsets[part].tolist(), lines.offsets[1:][part].tolist(), strict=True):
        x, y = whole[first].tolist()
        closed = last - first > 2 and (whole[first] == whole[last - 1]).all()
        moves = " ".join(map(str, steps[first + 1 : last - closed].ravel().tolist()))
        texts.append(f"M{x} {y}l{moves}{'z' if closed else ''}")
    return "".join(texts).replace(" -", "-")


def _polygons(cells: Cells, frame: Placement, fill: Fill) -> list[str]:
    """A path for every cell."""
    whole = np.rint(frame.place(cells.vertices)).astype(np.int64)[cells.indices]
    texts = [f"{x} {y}" for x, y in np.diff(whole, axis=0, prepend=0).tolist()]
    starts = whole[cells.offsets[:-1]].tolist()
    red, green, blue = fill.colours.T.astype(np.int64)
    colours = (red << 16 | green << 8 | blue).tolist()
    offsets = cells.offsets.tolist()
    parts = []
    for (x, y), colour, first, last in zip(starts, colours, offsets, offsets[1:], strict=False):
        parts.append(f'<path fill="#{colour:06x}" d="M{x} {y}l{" ".join(texts[first + 1 : last])}z"/>')
    return parts


def _legend(depth: int, fill: Fill | None, top: float) -> list[str]:
    """What the colours stand for, below the drawing."""
    if fill is not None and fill.scale is not None:
        return _scale(fill.scale, top)
    return _swatches(depth, top) if depth and (fill is None or fill.pale) else []


def _swatches(depth: int, top: float) -> list[str]:
    """A short stroke and a number for every layer; a strip of colours where there are many."""
    parts = [f'<g font-family="{FONT}" font-size="17" fill="#333">', _text(0, top + 34, "layer")]
    colours = layer_colours(depth)
    if depth <= MAX_SWATCHES:
        step = min(80, 940 / depth)
        for n, colour in enumerate(colours):
            x = 60 + n * step
            parts.append(f'<rect x="{x:.6g}" y="{top + 26:.6g}" width="24" height="4" fill="{_hex(colour)}"/>')
            parts.append(_text(x + 30, top + 34, str(n + 1)))
    else:
        step = 700 / depth
        for n, colour in enumerate(colours):
            x = 80 + n * step
            parts.append(f'<rect x="{x:.6g}" y="{top + 22:.6g}" width="{step:.6g}" height="12" fill="{_hex(colour)}"/>')
        parts += [_text(58, top + 34, "1"), _text(788, top + 34, str(depth))]
    return [*parts, "</g>"]


def _scale(scale: Scale, top: float) -> list[str]:
    """A bar of the map's colours, its ends and the powers of ten in it."""
    table = map_colours(scale.name)
    stops = [table[round(i * (len(table) - 1) / 16)] for i in range(17)]
    parts = ['<linearGradient id="scale">']
    parts += [f'<stop offset="{i / 16:.6g}" stop-color="{_hex(stop)}"/>' for i, stop in enumerate(stops)]
    parts += ["</linearGradient>", f'<g font-family="{FONT}" font-size="17" fill="#333">']
    left, right = 260.0, 940.0
    parts.append(_text(0, top + 27, scale.title))
    parts.append(f'<rect x="{left:.6g}" y="{top + 14:.6g}" width="{right - left:.6g}" height="14" fill="url(#scale)"/>')
    for value in ticks(scale.low, scale.high):
        share = (log10(value) - log10(scale.low)) / (log10(scale.high) - log10(scale.low)) if value != scale.low else 0
        parts.append(_text(left + share * (right - left), top + 47, f"{value:.3g}", "middle"))
    return [*parts, "</g>"]


def ticks(low: float, high: float) -> list[float]:
    """At most six powers of ten in a range of positive numbers; its two ends where there are fewer than two."""
    first, last = ceil(log10(low)), floor(log10(high))
    if last - first < 1:
        return [low, high] if high > low else [low]
    step = -(-(last - first + 1) // 6)
    return [10.0**n for n in range(first, last + 1, step)]


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.6g}" y="{y:.6g}"{placed}>{escape(text)}</text>'


def _hex(colour: Sequence[int]) -> str:
    red, green, blue = (int(value) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"
