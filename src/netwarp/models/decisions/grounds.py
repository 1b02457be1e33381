"""What a decision stands on: exact cells, or samples on a raster. Both say who wins where, and by what margin."""

# K classes, L sets of winners; pictures have row 0 at the smallest y

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from contourpy import contour_generator
from scipy.ndimage import label
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netwarp.models.decisions import boundary
from netwarp.models.decisions.boundary import Pair
from netwarp.models.decisions.contest import Contest
from netwarp.models.decisions.winners import Bools, Winners, collected, members_of, one_against_rest
from netwarp.plane import Raster
from netwarp.regions.arrays import Floats, Long
from netwarp.regions.cells.raster import cell_ids, rasterise
from netwarp.regions.tessellation import Tessellation


@dataclass(frozen=True, eq=False)
class CellGround:
    """Exact: cells, and the `winners` of each. `values` makes the values that the classes are compared by, (K, ...), of
    the outputs of the cells' program."""

    cells: Tessellation
    winners: Winners
    values: Callable[[Floats], Floats]

    @property
    def resolution(self) -> tuple[int, int] | None:
        return None

    @property
    def split(self) -> str:
        """Of how many pixels the area is split, "" of none."""
        return ""

    def areas(self) -> dict[tuple[int, ...], float]:
        """Of every set of winners, in square plane units."""
        return dict(zip(self.winners.sets, self.winners.areas(self.cells.areas), strict=True))

    def pieces(self) -> list[int]:
        """(L,) connected parts of the plane; cells that share an edge are connected."""
        of, count = self.winners.of, len(self.cells)
        left, right = self.cells.edge_cells[(self.cells.edge_cells >= 0).all(axis=1)].T
        same = of[left] == of[right]
        links = coo_array((np.ones(same.sum(), dtype=np.int8), (left[same], right[same])), shape=(count, count))
        parts, part_of = connected_components(links, directed=False)
        winner = np.empty(parts, dtype=np.int64)
        winner[part_of] = of
        return [int((winner == n).sum()) for n in range(len(self.winners.sets))]

    def boundaries(self) -> dict[Pair, list[Floats]]:
        return boundary.boundaries(self.cells, self.winners)

    def outlines(self) -> list[list[Floats]]:
        return boundary.outlines(self.cells, self.winners)

    def labels(self, raster: Raster) -> Long:
        """(rows, columns): which set of winners wins at every pixel centre."""
        return self.winners.of[cell_ids(self.cells, raster)]

    def shades(self, raster: Raster) -> tuple[Long, Floats]:
        """(rows, columns) each: the labels, and by how much the largest value is above the next."""
        values = self.values(np.asarray(rasterise(self.cells, raster, "float64"), np.float64))
        of_class = np.full(len(values), -1)
        for n, winners in enumerate(self.winners.sets):
            if len(winners) == 1:
                of_class[winners[0]] = n
        # the largest value at a centre is its cell's winner, but for rounding on the very boundary; ties have none
        labels = of_class[_largest(values)] if len(self.winners.sets) == (of_class >= 0).sum() else None
        if labels is None or labels.min() < 0:
            labels = self.labels(raster)
        return labels, margins(values)


@dataclass(frozen=True, eq=False)
class GridGround:
    """Sampled: the `values` (K, rows, columns) that the classes are compared by at the pixel centres of `raster`."""

    values: Floats
    raster: Raster

    @cached_property
    def _tied(self) -> tuple[Bools, Bools]:
        """(rows, columns, K) which classes are the largest at a pixel; (rows, columns) where these are several, but not
        all over a square of four pixels: they share a line."""
        tied = np.moveaxis(self.values == self.values.max(axis=0), 0, -1)
        several = tied.sum(axis=-1) > 1
        return tied, several & ~_in_squares(tied, several) if several.any() else several

    @cached_property
    def winners(self) -> Winners:
        """Of the pixels. Several win where they are equal all over a square of four pixels; else equal ones share a
        line, and in a picture the first stands for them."""
        tied, line = self._tied
        if line.any():
            first = np.zeros_like(tied)
            np.put_along_axis(first, tied.argmax(axis=-1)[..., None], True, axis=-1)
            tied = np.where(line[..., None], first, tied)
        return collected(tied)

    @property
    def equal(self) -> Long:
        """(rows, columns): how many classes are the largest."""
        found: Long = self._tied[0].sum(axis=-1)
        return found

    @property
    def on_lines(self) -> Bools:
        """(rows, columns): the pixels whose area is split, as several classes are equal there, but not around it."""
        return self._tied[1]

    def parts(self, where: Bools) -> Floats:
        """(m, K): the part that each class has of these pixels, which are on lines: equal ones split them evenly."""
        tied = self._tied[0][where]
        found: Floats = tied / tied.sum(axis=-1, keepdims=True)
        return found

    @property
    def resolution(self) -> tuple[int, int] | None:
        return self.raster.columns, self.raster.rows

    @property
    def split(self) -> str:
        """Of how many pixels the area is split, "" of none."""
        return split_evenly(int(self.on_lines.sum()))

    def areas(self) -> dict[tuple[int, ...], float]:
        """Of every set of winners, pixels times the area of one; a pixel on a line counts for its classes evenly."""
        across, down = self.raster.pitch
        line, pixel = self.on_lines, across * down
        whole = self.winners.areas(np.where(line, 0.0, pixel))
        found = dict(zip(self.winners.sets, whole, strict=True))
        if line.any():
            for n, part in enumerate(self.parts(line).sum(axis=0).tolist()):
                if part:
                    found[n,] = found.get((n,), 0.0) + part * pixel
        return found

    def pieces(self) -> list[int]:
        """(L,) connected parts of the picture; pixels that share a side are connected."""
        return [int(label(self.winners.of == n)[1]) for n in range(len(self.winners.sets))]

    def boundaries(self) -> dict[Pair, list[Floats]]:
        """As `boundary.boundaries`, by marching squares: every class's lead over the best other one at 0, parted where
        the best other one changes."""
        values = self.values
        found: dict[Pair, list[Floats]] = {}
        for a in range(len(values) - 1):
            others = np.delete(values, a, axis=0)
            lead = values[a] - others.max(axis=0)
            if not (lead.min() <= 0 <= lead.max()):
                continue
            marched = contour_generator(x=self.raster.xs(), y=self.raster.ys(), z=lead).lines(0.0)
            for line in marched:
                for b, part in self._parted(values, a, np.asarray(line)):
                    if b > a:
                        found.setdefault((a, b), []).append(part)
        return dict(sorted(found.items()))

    def _parted(self, values: Floats, a: int, line: Floats) -> list[tuple[int, Floats]]:
        """A polyline of class a's border by the class on the other side."""
        middles = (line[1:] + line[:-1]) / 2
        rivals = _between(values, self.raster, middles)
        rivals[a] = -np.inf
        best = rivals.argmax(axis=0)
        cuts = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
        return [(int(best[start]), line[start : stop + 1]) for start, stop in pairwise(cuts) if stop > start]

    def labels(self, raster: Raster) -> Long:
        """(rows, columns): that of the nearest sample."""
        rows, columns = self._nearest(raster)
        return self.winners.of[np.ix_(rows, columns)]

    def shades(self, raster: Raster) -> tuple[Long, Floats]:
        """(rows, columns) each, of the nearest sample: the labels, and how much the largest value is above the next."""
        rows, columns = self._nearest(raster)
        return self.labels(raster), margins(self.values)[np.ix_(rows, columns)]

    def _nearest(self, raster: Raster) -> tuple[Long, Long]:
        own, x0, y0 = self.raster, self.raster.xs()[0], self.raster.ys()[0]
        across, down = own.pitch
        columns = np.rint((raster.xs() - x0) / across).clip(0, own.columns - 1).astype(np.int64)
        return np.rint((raster.ys() - y0) / down).clip(0, own.rows - 1).astype(np.int64), columns


Ground = CellGround | GridGround


def cell_ground(held: Contest, cells: Tessellation, one: int | None) -> CellGround:
    """The ground of a contest's cells; `one`: the class that is held against the rest, None where all compete."""
    members = members_of(cells, cells.stages.stages[-1], range(held.classes))
    winners = collected(members if one is None else one_against_rest(members, one))
    return CellGround(cells, winners, lambda outputs: against(outputs, one))


def against(values: Floats, one: int | None) -> Floats:
    """The values (K, ...), or (2, ...) that of the class `one` and the largest of the others."""
    return values if one is None else np.stack([values[one], np.delete(values, one, axis=0).max(axis=0)])


def margins(values: Floats) -> Floats:
    """(...): by how much the largest of (K, ...) values is above the next, 0 or more."""
    largest, second = np.maximum(values[0], values[1]), np.minimum(values[0], values[1])
    for more in values[2:]:
        np.maximum(second, np.minimum(largest, more), out=second)
        np.maximum(largest, more, out=largest)
    found: Floats = np.subtract(largest, second, out=largest)
    return found


def split_evenly(pixels: int) -> str:
    """That so many pixels are, for people; "" of none."""
    return f"{pixels:,} pixel{'s' * (pixels > 1)} of equal classes split evenly" if pixels else ""


def _largest(values: Floats) -> Long:
    """(...): which of (K, ...) values is the largest."""
    found: Long = (values[1] > values[0]).astype(np.int64) if len(values) == 2 else values.argmax(axis=0)
    return found


def _in_squares(members: Bools, several: Bools) -> Bools:
    """(rows, columns): the pixels of squares of four whose winners are the same, and several."""
    found = np.zeros_like(several)
    corner = several[:-1, :-1].copy()
    for rows, columns in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1)), (slice(1, None),) * 2):
        corner &= (members[rows, columns] == members[:-1, :-1]).all(axis=-1)
    for rows in (slice(None, -1), slice(1, None)):
        for columns in (slice(None, -1), slice(1, None)):
            found[rows, columns] |= corner
    return found


def _between(values: Floats, raster: Raster, points: Floats) -> Floats:
    """(K, n) values at (n, 2) points between the pixel centres, bilinear."""
    across, down = raster.pitch
    places = []
    for coordinate, first, pitch, count in (
        (points[:, 0], raster.xs()[0], across, raster.columns),
        (points[:, 1], raster.ys()[0], down, raster.rows),
    ):
        at = ((coordinate - first) / pitch).clip(0, count - 1)
        low = np.minimum(at.astype(np.int64), max(count - 2, 0))
        places.append((low, np.minimum(low + 1, count - 1), at - low))
    (left, right, s), (below, above, t) = places
    lower = values[:, below, left] * (1 - s) + values[:, below, right] * s
    upper = values[:, above, left] * (1 - s) + values[:, above, right] * s
    found: Floats = lower * (1 - t) + upper * t
    return found
