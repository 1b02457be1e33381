"""Cell boundaries over a picture, in pixels: anti-aliased lines, coloured by the layer that drew them."""

# rows, columns of the picture; lines in pixels, (0, 0) the corner of the first pixel

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.threads import spread
from netwarp.picture.overlay import BLACK, INK_ALPHA, WHITE, Fill, layer_colours
from netwarp.picture.overlay_lines import Lines, Placement, boundaries, mean_size, of_polylines
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.raster import cell_ids
from netwarp.regions.jit import kernel

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]

BAND_ROWS = 64
# how far a picture is mixed with white, so that lines of any colour show on it
PALENESS = 0.5
SUBPIXELS = 1 << 24  # of a fill, at once


@dataclass(frozen=True, eq=False, slots=True)
class Stroke:
    """Lines of one colour. `width` is in pixels; what is thinner than a pixel is paler. `alpha` is 0 to 1."""

    lines: Lines
    part: slice
    colour: tuple[int, int, int]
    width: float
    alpha: float = 1.0


def pale(pixels: Pixels) -> Pixels:
    """A copy of a picture, lighter, for lines to be drawn on."""
    table = np.rint(np.arange(256) * (1 - PALENESS) + 255 * PALENESS).astype(np.uint8)
    lighter: Pixels = table[pixels]
    return lighter


def fill_pixels(cells: Cells, fill: Fill, columns: int, rows: int) -> Pixels:
    """(rows, columns, 3): the rectangle of the cells, each cell in its colour; a pixel is the mean of four points."""
    x0, x1, y0, y1 = cells.bounds
    pixels = np.empty((rows, columns, 3), np.uint8)
    step = max(1, SUBPIXELS // (4 * columns))
    for top in range(0, rows, step):
        below = min(rows, top + step)
        low, high = y0 + (y1 - y0) * top / rows, y0 + (y1 - y0) * below / rows
        raster = Raster(2 * columns, 2 * (below - top), Plane.between(x0, x1, low, high))
        found = fill.colours[cell_ids(cells, raster)]
        total = found[::2].astype(np.uint16) + found[1::2]
        pixels[top:below] = (total[:, ::2] + total[:, 1::2] + 2) >> 2
    return pixels


def draw_boundaries(pixels: Pixels, cells: Cells, *, contours: Sequence[Floats] = (), by_layer: bool = True) -> Pixels:
    """A copy of `pixels`, (rows, columns, 3), with the boundaries of the cells, whose rectangle it shows, over it.

    Lines have the colours of their layers, or are all dark. `contours` are polylines of the plane, black, on top.
    """
    rows, columns, _ = pixels.shape
    frame = Placement(cells.bounds, columns, rows)
    # a hundredth of a pixel cannot be seen
    lines = boundaries(cells, frame, 0.01)
    width = line_width(cells, frame)
    depth = int(lines.layers[-1]) if len(lines.layers) else 0
    strokes = []
    if by_layer:
        # the last layer lowest: its lines are many and short
        for layer, colour in reversed(list(enumerate(layer_colours(depth).tolist(), 1))):
            strokes.append(Stroke(lines, lines.of_layer(layer), (colour[0], colour[1], colour[2]), width))
    else:
        strokes.append(Stroke(lines, slice(0, len(lines.layers)), BLACK, width, INK_ALPHA))
    if contours:
        level, every = of_polylines(contours, frame), slice(0, len(contours))
        bold = max(1.6, columns / 500)
        strokes += [Stroke(level, every, WHITE, bold + 2.5, 0.8), Stroke(level, every, BLACK, bold)]
    return draw_strokes(pixels, strokes)


def line_width(cells: Cells, frame: Placement) -> float:
    """Pixels: an eighth of a mean cell, so that lines never drown the picture, and at most a 700th of its width."""
    return min(0.12 * mean_size(cells, frame), max(1.0, frame.width / 700))


def draw_strokes(pixels: Pixels, strokes: Sequence[Stroke]) -> Pixels:
    """A copy of `pixels` with the strokes drawn over it, the first lowest."""
    drawn = np.array(pixels, np.uint8, order="C")
    rows, columns, _ = drawn.shape
    tops = list(range(0, rows, BAND_ROWS))

    def work(_: int) -> _Band:
        return _Band(drawn, strokes, np.zeros((min(rows, BAND_ROWS), columns), np.float32))

    spread(tops, work)
    return drawn


@dataclass(frozen=True, eq=False, slots=True)
class _Band:
    """Draws the strokes into a band of rows; `coverage` is this thread's own scratch, zero between strokes."""

    drawn: Pixels
    strokes: Sequence[Stroke]
    coverage: NDArray[np.float32]

    def __call__(self, top: int) -> None:
        band = self.drawn[top : top + BAND_ROWS]
        coverage = self.coverage[: len(band)]
        for stroke in self.strokes:
            offsets = stroke.lines.offsets[stroke.part.start : stroke.part.stop + 1]
            if _cover(stroke.lines.points, offsets, float(top), stroke.width, coverage):
                _blend(band, coverage, np.array(stroke.colour, np.float32), stroke.alpha)


@kernel
def _cover(points: Floats, offsets: NDArray[np.int64], top: float, width: float, coverage: NDArray[np.float32]) -> bool:
    """Each pixel's share that the lines cover, into `coverage`, a band whose first row is `top`; whether any is.

    The share is that of a line through a pixel at the distance of its centre; where lines meet, the largest one.
    """
    rows, columns = coverage.shape
    core = max(width, 1.0) / 2 + 0.5
    full = min(width, 1.0)
    touched = False
    for line in range(len(offsets) - 1):
        for i in range(offsets[line], offsets[line + 1] - 1):
            ax, ay = points[i, 0], points[i, 1] - top
            dx, dy = points[i + 1, 0] - ax, points[i + 1, 1] - top - ay
            low_y, high_y = min(ay, ay + dy) - core, max(ay, ay + dy) + core
            if high_y <= 0 or low_y >= rows:
                continue
            square = dx * dx + dy * dy
            length = np.sqrt(square)
            for row in range(max(0, int(np.floor(low_y))), min(rows, int(np.ceil(high_y)))):
                y = row + 0.5 - ay
                low_x, high_x = min(0.0, dx) - core, max(0.0, dx) + core
                if abs(dy) > 1e-9 * length:
                    # columns whose centres are near the endless line
                    middle, reach = y * dx / dy, core * length / abs(dy)
                    low_x, high_x = max(low_x, middle - reach), min(high_x, middle + reach)
                first = max(0, int(np.floor(low_x + ax)))
                for column in range(first, min(columns, int(np.ceil(high_x + ax)))):
                    x = column + 0.5 - ax
                    share = min(1.0, max(0.0, (x * dx + y * dy) / square)) if square > 0 else 0.0
                    away = np.sqrt((x - share * dx) ** 2 + (y - share * dy) ** 2)
                    covered = full * min(1.0, core - away)
                    if covered > coverage[row, column]:
                        coverage[row, column] = covered
                        touched = True
    return touched


@kernel
def _blend(band: Pixels, coverage: NDArray[np.float32], colour: NDArray[np.float32], alpha: float) -> None:
    """Mixes `colour` into the band by coverage, which becomes zero."""
    rows, columns = coverage.shape
    for row in range(rows):
        for column in range(columns):
            share = coverage[row, column] * alpha
            if share > 0:
                coverage[row, column] = 0
                for channel in range(3):
                    mixed = band[row, column, channel] * (1 - share) + colour[channel] * share
                    band[row, column, channel] = np.uint8(mixed + 0.5)
