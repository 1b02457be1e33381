"""What is known of a tessellation's function at its corners: bounds on its rounding, and whole numbers beyond them."""

# V vertices, E edges, C cells, H sides; a side's corner is the vertex it begins at

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Bits, Floats, Integers
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import corner_bounds
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.exact import Exact, Line, crossing, signs
from netwarp.regions.stages import Stage

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, eq=False)
class Proven:
    """Cells with their patterns `bits`, and how wrong their maps (`errors`) and vertices (`reach`) may be."""

    cells: Cells
    bits: Bits  # (C, W)
    errors: Floats  # (C, 3)
    reach: Floats  # (V,)
    exact: Exact

    @cached_property
    def steps(self) -> bool:
        """Whether the function may jump."""
        return any(stage.jumps for stage in self.exact.stages.stages)

    def bounds(self, channel: int, sizes: Floats) -> Floats:
        """(H,) how far at most `corner_values` are from the true values; `sizes` are those it gives."""
        return corner_bounds(self.cells, channel, sizes, self.errors, self.reach)

    def broken(self, pairs: Integers, following: Integers, values: Floats, bounds: Floats) -> NDArray[np.bool_]:
        """(E,) whether the function jumps across an edge: only where a step is on two pieces."""
        found = np.zeros(len(pairs), dtype=bool)
        if not self.steps:
            return found
        inner = np.flatnonzero((pairs >= 0).all(axis=1))
        one, other = self.cells.edge_cells[inner].T
        for stage in self.exact.stages.stages:
            if stage.jumps:
                words = slice(stage.word, stage.word + stage.words)
                found[inner] |= (self.bits[one, words] != self.bits[other, words]).any(axis=1)
        edges = np.flatnonzero(found)
        left, right = pairs[edges].T
        apart = np.zeros(len(edges), dtype=bool)
        for h, g in ((left, following[right]), (following[left], right)):
            apart |= np.abs(values[h] - values[g]) > bounds[h] + bounds[g]
        found[edges] = apart
        return found

    def height(self, cell: int, side: int, channel: int, level: float) -> Fraction:
        """The channel less the level at the corner where a cell's side begins, exactly."""
        x, y = self.corner(cell, side)
        a, b, c = self.map(cell, channel)
        return a * x + b * y + c - Fraction(level)

    def map(self, cell: int, channel: int) -> tuple[Fraction, Fraction, Fraction]:
        """a, b, c of a channel on a cell."""
        value = self.exact.output(self.bits[cell])
        a, b, c = (Fraction(int(n), int(value.denominator)) for n in value.numerators[channel].tolist())
        return a, b, c

    def corner(self, cell: int, side: int) -> Point:
        """The corner where a cell's side begins."""
        begin, end = self.cells.offsets[cell : cell + 2].tolist()
        before = side - 1 if side > begin else end - 1
        try:
            x, y, w = crossing(self._line(cell, side), self._line(cell, before))
        except ZeroDivisionError:
            # two sides in one line, where a step's other side is cut: floats say where
            x, y = self.cells.vertices[self.cells.indices[side]].tolist()
            return Fraction(x), Fraction(y)
        return Fraction(x, w), Fraction(y, w)

    def _line(self, cell: int, side: int) -> Line:
        """The line of a cell's side, times some number."""
        cells = self.cells
        edge = int(cells.sides[side])
        if cells.edge_layers[edge] == 0:
            return self.exact.frame.border[self._border(edge)]
        left, right = cells.edge_cells[edge].tolist()
        for stage in self.exact.stages.stages:
            if stage.number == cells.edge_layers[edge]:
                label = self._label(stage, int(cells.edge_units[edge]), left, right)
                if label >= 0:
                    return self.exact.line(label, self.bits[cell])
        raise AssertionError(f"edge {edge}: no line of its unit lies between its cells")

    def _border(self, edge: int) -> int:
        """Which side of the rectangle an edge of its border is on, counter-clockwise from the smallest y."""
        x0, x1, y0, y1 = self.cells.bounds
        x, y = self.cells.vertices[self.cells.edges[edge]].T
        off = [np.abs(y - y0).max(), np.abs(x - x1).max(), np.abs(y - y1).max(), np.abs(x - x0).max()]
        return int(np.argmin(off))

    def _label(self, stage: Stage, unit: int, left: int, right: int) -> int:
        """The line of a unit that two cells are on different sides of; -1 where there is none."""
        own, bits = stage.unit == unit, self.bits[[left, right]]
        if not own.any():
            return -1  # of another stage of the layer, which has more units
        if stage.pieces:
            pair = set(largest_pieces(stage, bits)[:, unit].tolist())
            found = [j for j in np.flatnonzero(own).tolist() if {int(stage.first[j]), int(stage.second[j])} == pair]
        else:
            one, other = signs(stage, bits)
            found = np.flatnonzero(own & (one != other)).tolist()
        return stage.label + found[0] if found else -1
