"""Colours of cells and of the layers that cut them: what a tessellation is shown by, in vectors and in pixels."""

# C cells, K channels, W words of a pattern

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.colour import lab_to_srgb
from netwarp.picture.maps import map_colours
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.regions.cells.cells import Cells

Floats = NDArray[np.float64]
Colours = NDArray[np.uint8]  # (n, 3) sRGB

COLOUR_BY = ("pattern", "value", "gradient", "area", "layer")
# on white paper the light end of the map could not be seen
LAYER_MAP, LIGHTEST = "plasma", 0.75
GRADIENT_MAP, AREA_MAP = "magma", "viridis"
# the colours of a scale span what is between these shares of the rectangle's area; a few slivers beyond are clipped
SPAN = (0.002, 0.998)
WHITE: tuple[int, int, int] = (255, 255, 255)
BLACK: tuple[int, int, int] = (0, 0, 0)
INK_ALPHA = 0.55  # of dark lines over a fill, which would else be darkened where cells are small


@dataclass(frozen=True, eq=False, slots=True)
class Fill:
    """A colour for every cell; and the logarithmic scale that says which numbers colours stand for, where they do.

    `pale`: lines may be drawn over it in their layers' colours, else all of them are dark.
    """

    colours: Colours  # (C, 3)
    scale: Scale | None = None
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """The colours of the map `name`, its lowest at `low`, its highest at `high`, by the logarithm; and of what."""

    title: str
    name: str
    low: float
    high: float


def layer_colours(layers: int) -> Colours:
    """(layers, 3): colours for the layers 1, 2, ..., dark to light, every one dark enough for white paper."""
    table = map_colours(LAYER_MAP)
    places = np.linspace(0, LIGHTEST * (len(table) - 1), max(2, layers))[:layers]
    return table[np.rint(places).astype(np.int64)]


def by_pattern(bits: NDArray[np.uint64]) -> Fill:
    """Pale colours, one an activation pattern, (C, W): the same pattern has the same colour in every picture.

    A unit that switches turns the hue by an angle of its own between a fifth and four fifths of the circle, so that two
    cells that one unit tells apart never look alike.
    """
    octets = np.ascontiguousarray(bits.astype("<u8")).view(np.uint8)
    hue = np.zeros(len(octets))
    light = np.zeros(len(octets))
    for place in range(octets.shape[1]):
        column = octets[:, place]
        if not column.any():
            continue
        hue += _turns(8 * place, 0)[column]
        light += _turns(8 * place, 1)[column]
    angle = 2 * np.pi * hue
    # lightness swings once round as well, as a triangle: no pattern is lighter or darker than 76 to 92
    swing = np.abs(2 * (light % 1.0) - 1)
    lab = np.stack([76 + 16 * swing, 27 * np.cos(angle), 27 * np.sin(angle)]).astype(np.float32)
    return Fill(lab_to_srgb(lab), pale=True)


def by_value(cells: Cells, tone: Tone) -> Fill:
    """Each cell in the colour that `tone` gives to its mean value, which is the value at its centre of mass.

    Errors: InputError, NotFiniteError.
    """
    centres = centroids(cells)
    values = cells.affine[:, :, 2] + np.einsum("ckd,cd->ck", cells.affine[:, :, :2], centres)
    return Fill(paint(np.ascontiguousarray(values.T)[:, None, :], tone).pixels[0])


def by_gradient(cells: Cells, areas: Floats) -> Fill:
    """The steepness of each cell: the Euclidean norm of the derivatives of all channels, per plane unit."""
    steepness = np.sqrt((cells.affine[:, :, :2] ** 2).sum(axis=(1, 2)))
    many = cells.affine.shape[1] > 1
    return _by_number(steepness, areas, "steepness, all channels" if many else "steepness", GRADIENT_MAP)


def by_area(areas: Floats) -> Fill:
    """The area of each cell, in plane units squared."""
    return _by_number(areas, areas, "area of a cell", AREA_MAP)


def centroids(cells: Cells) -> Floats:
    """(C, 2) centres of mass; of a cell without area, the mean of its corners."""
    starts = cells.offsets[:-1]
    # relative to a corner of the cell: far from the origin the products would cancel
    corners = cells.vertices[cells.indices]
    sizes = np.diff(cells.offsets)
    local = corners - np.repeat(corners[starts], sizes, axis=0)
    after = np.arange(1, len(corners) + 1)
    after[cells.offsets[1:] - 1] = starts
    cross = local[:, 0] * local[after, 1] - local[after, 0] * local[:, 1]
    twice = np.add.reduceat(cross, starts)
    moments = np.stack([np.add.reduceat(cross * (local[:, i] + local[after, i]), starts) for i in (0, 1)], axis=1)
    means = np.stack([np.add.reduceat(local[:, i], starts) for i in (0, 1)], axis=1) / sizes[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        centres = moments / (3 * twice[:, None])
    # slivers of area near 0: their quotient may be anything
    within = np.isfinite(centres).all(axis=1) & (np.abs(centres) <= _extent(local, starts)).all(axis=1)
    return corners[starts] + np.where(within[:, None], centres, means)


def _extent(local: Floats, starts: NDArray[np.int64]) -> Floats:
    return np.stack([np.maximum.reduceat(np.abs(local[:, i]), starts) for i in (0, 1)], axis=1)


def _by_number(values: Floats, areas: Floats, title: str, name: str) -> Fill:
    """Colours by the logarithm of values that are 0 or more; 0 has the lowest colour."""
    positive = values > 0
    table = map_colours(name)
    if not positive.any():
        return Fill(np.broadcast_to(table[0], (len(values), 3)).copy())
    logarithms = np.full(len(values), -np.inf)
    np.log(values, out=logarithms, where=positive)
    low, high = _span(logarithms[positive], areas[positive])
    with np.errstate(invalid="ignore"):
        share = np.clip((logarithms - low) / (high - low), 0, 1) if high > low else np.full(len(values), 0.5)
    chosen = np.rint(share * (len(table) - 1)).astype(np.int64)
    return Fill(table[chosen], Scale(title, name, float(np.exp(low)), float(np.exp(high))))


def _span(logarithms: Floats, areas: Floats) -> tuple[float, float]:
    """The logarithms below which lie the shares SPAN of the area."""
    order = np.argsort(logarithms)
    shares = np.cumsum(areas[order])
    if not shares[-1] > 0:
        return float(logarithms.min()), float(logarithms.max())
    low, high = np.searchsorted(shares, np.array(SPAN) * shares[-1])
    last = len(order) - 1
    return float(logarithms[order[min(low, last)]]), float(logarithms[order[min(high, last)]])


def _turns(first: int, kind: int) -> Floats:
    """(256,) for every value of the eight units from `first` on: the sum of the turns of those that are active."""
    units = first + np.arange(8)
    # the fractional parts of multiples of an irrational number are spread evenly, and are the same everywhere
    spread = (units + 1) * (0.6180339887498949, 0.7548776662466927)[kind] % 1.0
    turns = 0.2 + 0.6 * spread
    set_bits = np.arange(256)[:, None] >> np.arange(8) & 1
    summed: Floats = set_bits @ turns
    return summed
