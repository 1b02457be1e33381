"""Axes about a picture of a plane: a frame, round numbers along two sides and what they are, in pixels or as SVG."""

# pictures have row 0 at the top; an AxesFrame's rectangle is the plane, everything else stands around it

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import ceil, floor, log10
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.beside import beside
from netwarp.picture.overlay_svg import FONT, WIDTH, Around
from netwarp.picture.recipe import check_y
from netwarp.picture.sheet import plain_text
from netwarp.plane import Plane

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

MOST_TICKS = 6
WIDEST = 28  # characters of a name that always have room
LINES = 3  # of the name beside the axis of y
SMALLEST = 11.0  # pixels of a letter
SMALLEST_RING = 4.0  # pixels of the radius of a ring about a mark
RING = 1 / 120  # of the picture's longer side
INK: tuple[int, int, int] = (24, 24, 27)
HEX = "#18181b"


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A number of an axis, and where it stands along it, in pixels from the rectangle's left or top."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class AxesFrame:
    """Sizes in pixels. The plane's rectangle has its corner at `left`, `top`; where `up`, y grows upwards in it."""

    plane: Plane
    columns: int
    rows: int
    left: float
    top: float
    width: int
    height: int
    letter: float  # the size of the font
    across: tuple[AxisMark, ...]
    down: tuple[AxisMark, ...]
    axes: tuple[str, str] = ("", "")  # what stands below the one, and beside the other
    up: bool = True

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1"""
        half, tall = self.plane.width / 2, self.plane.height / 2
        return self.plane.x - half, self.plane.x + half, self.plane.y - tall, self.plane.y + tall

    def place(self, points: Floats) -> Floats:
        """(n, 2) points of the plane -> pixels of the picture, y downwards."""
        x0, _, y0, y1 = self.bounds
        placed = np.empty((len(points), 2))
        placed[:, 0] = self.left + (points[:, 0] - x0) * (self.columns / self.plane.width)
        below = y1 - points[:, 1] if self.up else points[:, 1] - y0
        placed[:, 1] = self.top + below * (self.rows / self.plane.height)
        return placed


def letter_of(columns: int, rows: int) -> float:
    """The size of the letters on a picture."""
    return max(SMALLEST, min(columns, rows) / 40)


def frame(plane: Plane, columns: int, rows: int, *, axes: tuple[str, str] = ("", ""), y: str = "up") -> AxesFrame:
    """The AxesFrame about a picture of the plane; `axes` say what x and y are. Errors: InputError."""
    grows_up = check_y(y, "y") == "up"
    letter = letter_of(columns, rows)
    most = max(2, min(MOST_TICKS, int(columns / (6 * letter)))), max(2, min(MOST_TICKS, int(rows / (3 * letter))))
    across = _marks(plane.x - plane.width / 2, plane.width, columns, most[0])
    up = _marks(plane.y - plane.height / 2, plane.height, rows, most[1])
    down = tuple(AxisMark(rows - mark.at, mark.text) for mark in up) if grows_up else up
    # as long as the side that they stand at
    named = shortened(axes[0], int(columns / (0.6 * letter))), in_lines(axes[1], int(rows / (0.6 * letter)))
    tall = 1.5 * letter * bool(named[0])
    wide = (0.2 + 1.3 * len(named[1].splitlines())) * letter * bool(named[1])
    left = ceil(1.2 * letter + 0.62 * letter * max((len(mark.text) for mark in down), default=0) + wide)
    top = ceil(0.8 * letter)
    # the last number of the lower axis may stand at the corner
    right = ceil(0.8 * letter + 0.31 * letter * max((len(mark.text) for mark in across), default=0))
    width, height = left + columns + right, top + rows + ceil(2.4 * letter + tall)
    return AxesFrame(plane, columns, rows, left, top, width, height, letter, across, down, named, grows_up)


def with_axes(pixels: Pixels, placed: AxesFrame) -> Pixels:
    """The picture in its rectangle on white, with a frame and the axes around it."""
    from PIL import Image

    image = Image.fromarray(np.full((placed.height, placed.width, 3), 255, np.uint8))
    draw_axes(image, placed)
    canvas = np.array(image)
    left, top = int(placed.left), int(placed.top)
    # last: the numbers' strokes end on its edge
    canvas[top : top + placed.rows, left : left + placed.columns] = pixels
    return canvas


def draw_axes(image: Image, placed: AxesFrame) -> None:
    """Draws the rectangle's frame, the numbers, and what they are."""
    from PIL import Image as images
    from PIL import ImageDraw

    draw, letters = ImageDraw.Draw(image), font(placed.letter)
    left, top = placed.left, placed.top
    right, bottom = left + placed.columns, top + placed.rows
    draw.rectangle((left - 1, top - 1, right, bottom), outline=INK)
    tick = 0.35 * placed.letter
    for mark in placed.across:
        draw.line((left + mark.at, bottom, left + mark.at, bottom + tick), fill=INK)
        draw.text((left + mark.at, bottom + 1.6 * tick), mark.text, font=letters, fill=INK, anchor="mt")
    for mark in placed.down:
        draw.line((left - tick, top + mark.at, left, top + mark.at), fill=INK)
        draw.text((left - 1.6 * tick, top + mark.at), mark.text, font=letters, fill=INK, anchor="rm")
    across, up = plain_text(placed.axes[0]), placed.axes[1]
    if across:
        at = left + placed.columns / 2, placed.height - 0.4 * placed.letter
        draw.text(at, across, font=letters, fill=INK, anchor="ms")
    for n, line in enumerate(map(plain_text, up.splitlines())):
        box = letters.getbbox(line, anchor="lt")
        mask = images.new("L", (ceil(box[2]), ceil(box[3])))
        ImageDraw.Draw(mask).text((0, 0), line, font=letters, fill=255, anchor="lt")
        turned = mask.transpose(images.Transpose.ROTATE_90)
        corner = round((0.3 + 1.3 * n) * placed.letter), round(top + placed.rows / 2 - turned.height / 2)
        image.paste(INK, (*corner, corner[0] + turned.width, corner[1] + turned.height), turned)


def svg_axes(placed: AxesFrame) -> list[str]:
    """The numbers and what they are, as elements of SVG. All texts are escaped."""
    bottom, tick = placed.top + placed.rows, 0.35 * placed.letter
    parts = [f'<g stroke="{HEX}" fill="{HEX}" font-family="{FONT}" font-size="{placed.letter:.3g}">']
    for mark in placed.across:
        x = placed.left + mark.at
        parts.append(f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{bottom:.2f}" y2="{bottom + tick:.2f}"/>')
        parts.append(svg_text(x, bottom + 1.6 * tick + 0.8 * placed.letter, mark.text, "middle"))
    for mark in placed.down:
        y = placed.top + mark.at
        parts.append(f'<line x1="{placed.left - tick:.2f}" x2="{placed.left:g}" y1="{y:.2f}" y2="{y:.2f}"/>')
        parts.append(svg_text(placed.left - 1.6 * tick, y + 0.35 * placed.letter, mark.text, "end"))
    across, up = placed.axes
    if across:
        parts.append(svg_text(placed.left + placed.columns / 2, placed.height - 0.5 * placed.letter, across, "middle"))
    for n, line in enumerate(up.splitlines()):
        x, y = (1 + 1.3 * n) * placed.letter, placed.top + placed.rows / 2
        parts.append(f'<g transform="rotate(-90 {x:.2f} {y:.2f})">{svg_text(x, y, line, "middle")}</g>')
    return [*parts, "</g>"]


def svg_text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" stroke="none">{escape(text)}</text>'


def around_svg(
    plane: Plane,
    proportion: float,
    *,
    axes: tuple[str, str] | None,
    marks: Sequence[tuple[float, float]] = (),
    names: Sequence[str] = (),
    y: str = "down",
) -> Around:
    """What stands around an SVG of cells, and the marks on it: `axes` None for no axes, `proportion` height / width."""
    rows = WIDTH * proportion
    placed = frame(plane, WIDTH, round(rows), axes=axes or ("", ""), y=y)
    scale = np.array([1.0, rows / placed.rows])
    centres = (placed.place(np.asarray(marks, float).reshape(-1, 2)) - [placed.left, placed.top]) * scale
    parts = svg_marks(centres, names, (WIDTH, rows), placed.letter)
    if axes is None:
        return Around(tuple(parts))
    inner = f'<g id="axes" transform="translate({-placed.left:g} {-placed.top:g})">'
    sides = placed.left, placed.top, placed.width - placed.left - WIDTH, placed.height - placed.top - placed.rows
    return Around((*parts, inner, *svg_axes(placed), "</g>"), *map(float, sides))


def svg_marks(centres: Floats, names: Sequence[str], size: tuple[float, float], letter: float) -> list[str]:
    """A ring about every centre (n, 2) x, y inside a rectangle of this size, whose corner is (0, 0), and its name."""
    width, height = size
    # as `picture.marks` draws them
    radius = max(SMALLEST_RING, RING * max(size))
    line, apart = max(1.5, radius / 3), 1.68 * radius
    inside = np.asarray(((centres >= 0) & (centres <= [width, height])).all(axis=1))
    parts: list[str] = []
    for x, y in centres[inside].tolist():
        ring = f'cx="{x:.2f}" cy="{y:.2f}" r="{radius:.3g}" fill="none"'
        parts.append(
            f'<circle {ring} stroke="#fff" stroke-width="{line + 2.2:.3g}"/>'
            f'<circle {ring} stroke="{HEX}" stroke-width="{line:.3g}"/>'
        )
    called = [name for name, here in zip(names, inside, strict=False) if here]
    if called:
        wide = [0.6 * letter * len(name) for name in called]
        for at, name in zip(beside(centres[inside], wide, size, apart=apart, letter=letter), called, strict=True):
            text = svg_text(at.x, at.y + 0.35 * letter, name, at.anchor)
            parts.append(text.replace(' stroke="none"', ' stroke="#fff" stroke-width="4" paint-order="stroke"'))
    head = f'<g id="marks" fill="{HEX}" font-family="{FONT}" font-size="{letter:.3g}">'
    return [head, *parts, "</g>"] if parts else []


@lru_cache(maxsize=8)
def font(size: float) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def shortened(name: str, most: int = WIDEST) -> str:
    """The name, its end left out where it has more characters than `most`, and than WIDEST."""
    most = max(most, WIDEST)
    return name if len(name) <= most else name[: most - 3] + "..."


def in_lines(name: str, most: int) -> str:
    """The name in as many lines as it needs of `most` characters or WIDEST, up to three; what is longer is left out."""
    return "\n".join(wrap(name, max(most, WIDEST), max_lines=LINES, placeholder="..."))


def _marks(low: float, length: float, pixels: int, most: int) -> tuple[AxisMark, ...]:
    """At most `most` round numbers of an axis that begins at `low`."""
    values, digits = round_numbers(low, low + length, most)
    return tuple(AxisMark((value - low) / length * pixels, f"{value:.{digits}f}") for value in values)


def round_numbers(low: float, high: float, most: int) -> tuple[list[float], int]:
    """The multiples of the smallest 1, 2 or 5 times a power of ten of which at most `most` are from low to high, and
    how many digits they have after the point."""
    power = floor(log10((high - low) / most)) - 1
    while True:
        for lead in (1, 2, 5):
            # whole numbers of steps: products of a rounded step would drift
            first, last = (value / lead / 10.0**power for value in (low, high))
            first, last = ceil(first - 1e-9), floor(last + 1e-9)
            if last - first < most:
                scale = 10.0**-power if power < 0 else 1.0
                numbers = [n * lead / scale if power < 0 else n * lead * 10.0**power for n in range(first, last + 1)]
                return numbers, max(0, -power)
        power += 1
