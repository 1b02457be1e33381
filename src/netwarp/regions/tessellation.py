"""Tessellation: the exact activation regions of a piecewise-linear Field over a Plane."""

# V vertices, E edges, C cells, W words of pattern bits

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.errors import InputError
from netwarp.fields.field import Field
from netwarp.plane import Plane
from netwarp.regions.arrays import Bits, Floats, Integers
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.integrals import Integrals, areas, boundary_length, integrate
from netwarp.regions.cells.merge import LinearRegions, merge
from netwarp.regions.cells.proven import Proven
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.exact import Exact, signs
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stages, stages_of
from netwarp.renamed import renamed

if TYPE_CHECKING:
    from netwarp.regions.cells.line import Section


@dataclass(frozen=True, eq=False)
class Tessellation(Cells):
    """The activation regions of a Field: convex cells of constant activation pattern, their edges and affine maps.

    Cells are not linear regions: neighbours may carry one affine map (`merge` joins them). Counter-clockwise is meant
    with y upwards. `len` is the number of cells. Made by `tessellate`.

    >>> cells = nw.Network.folding(4, 4).calibrate(nw.Raster(plane=nw.Plane.between(0, 1, 0, 1))).tessellate()
    >>> cells
    <Tessellation: 256 activation regions, 544 edges>
    >>> cells.locate([(9, 9)]).tolist()  # outside the plane: no cell
    [-1]
    >>> nw.Tessellation.load("missing.npz")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: missing.npz: no such file
    """

    field: Field
    plane: Plane
    bits: Bits  # (C, W) signs of every stage's lines
    errors: Floats  # (C, 3): no coefficient a, b, c of the cell's maps is wrong by more
    reach: Floats  # (V,): how far a vertex may be from the true one, in x and in y
    doubtful: int  # signs that floats left in doubt and integers settled
    seconds: float  # that finding it took; 0 of one that was loaded
    frame: Frame | None = None  # what the coordinates stand for, where they are not the plane's own

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __repr__(self) -> str:
        return f"<Tessellation: {len(self):,} activation regions, {len(self.edges):,} edges>"

    @cached_property
    def stages(self) -> Stages:
        """The nonlinear operations whose lines the bits are the signs of."""
        return stages_of(self.field.program)

    @cached_property
    def areas(self) -> Floats:
        """(C,) in square plane units."""
        return areas(self)

    @cached_property
    def boundary_length(self) -> float:
        """Length of all edges inside the rectangle, in plane units."""
        return boundary_length(self)

    def pattern(self, cell: int) -> NDArray[np.uint8]:
        """(units,): the piece every unit is on, of all nonlinear operations in order.

        0 inactive (z <= 0), 1 active for relu, leaky, abs, step; 0, 1, 2 from below for hardtanh and all of two kinks;
        which of its pieces is the largest for maxout (the first of equal ones). Errors: InputError for a cell there is
        not.
        """
        given: object = cell  # whatever the annotation says
        if isinstance(given, bool) or not isinstance(given, SupportsIndex) or not 0 <= index(given) < len(self):
            raise InputError(f"pattern cell={cell!r}: must be a whole number from 0 to {len(self) - 1}")
        cell = index(cell)
        found: list[NDArray[np.uint8]] = []
        for stage in self.stages.stages:
            if stage.pieces:
                pieces = largest_pieces(stage, self.bits[cell : cell + 1])[0] % stage.pieces
            else:
                pieces = signs(stage, self.bits[cell]).reshape(stage.width, -1).sum(axis=1)
            found.append(pieces.astype(np.uint8))
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint8)

    def locate(self, points: ArrayLike) -> Integers:
        """(n,) the cell of each of (n, 2) points x, y: -1 outside; any of its cells for a point on an edge.

        Errors: InputError for what is no such array.
        """
        from netwarp.regions.cells.locate import locate

        try:
            array = np.asarray(points, dtype=np.float64)
        except (TypeError, ValueError):
            raise InputError("locate points: must be numbers, (n, 2), a row x, y for each point") from None
        return locate(self, array)

    def along(self, p: Sequence[float], q: Sequence[float]) -> Section:
        """The Field along the segment from p to q: where its pattern changes, where it bends, and its linear pieces.

        Errors: InputError for what is no segment, or coordinates that are not the plane's own.
        """
        from netwarp.regions.cells.line import along

        self._of_the_plane("along")
        return along(self.field, p, q)

    def line(self, p: Sequence[float], q: Sequence[float]) -> Section:
        """The former name of `along`, which warns."""
        renamed("Tessellation.line", "Tessellation.along")
        return self.along(p, q)

    def contour(self, channel: int = 0, level: float = 0.0) -> list[Floats]:
        """The exact level set of a channel as polylines (n, 2), every part of it once: where the channel less the level
        changes its sign or touches 0 along a line, and the borders of plateaus. Larger values on the left, where the
        sides differ; closed ones end where they begin. See `netwarp.regions.cells.contour`."""
        from netwarp.regions.cells.contour import contour

        given: object = channel  # whatever the annotations say
        if isinstance(given, bool) or not isinstance(given, SupportsIndex):
            raise InputError(f"contour channel={channel!r}: must be a whole number")
        if isinstance(level, bool) or not isinstance(level, Real):
            raise InputError(f"contour level={level!r}: must be a number")
        return contour(self, index(channel), float(level), known=self._proven)

    def integrate(self) -> Integrals:
        """Exact mean, variance, total variation and Dirichlet energy of every channel, up to float64 rounding."""
        return integrate(self, known=self._proven)

    def merge(self) -> LinearRegions:
        """The linear regions: neighbouring cells with one affine map, equality decided exactly."""
        return self._linear

    @property
    def _proven(self) -> Proven:
        # not kept: it holds the cells, and a circle of the two would keep their arrays until the collector comes round
        return Proven(self, self.bits, self.errors, self.reach, self._exact)

    @cached_property
    def _exact(self) -> Exact:
        return Exact(self.stages, self.frame or Frame(self.bounds))

    @cached_property
    def _linear(self) -> LinearRegions:
        return merge(self, self.bits, self.errors, self._exact)

    def after(self, layer: int) -> Tessellation:
        """The activation regions of the layers up to `layer` (0: one cell). Errors: InputError for a layer there is
        not, or coordinates that are not the plane's own."""
        self._of_the_plane("after")
        return self.field.after(layer).tessellate(self.plane)

    def check(self) -> None:
        """Nothing, where every invariant holds. Errors: AssertionError that says which does not."""
        from netwarp.regions.cells.invariants import check

        check(self, self.bits, self.errors, self.stages.stages)

    def save(self, target: str | Path | BinaryIO) -> None:
        """Writes an .npz file that `load` reads back, the network included; never half written.

        Errors: InputError where it cannot be written, or the coordinates are not the plane's own.
        """
        from netwarp.regions.cells.files import save

        self._of_the_plane("save")
        # not the seconds: two files of one tessellation are the same bytes
        said: dict[str, float] = {"doubtful": self.doubtful}
        save(
            target, self, self.field, self.plane, {"bits": self.bits, "errors": self.errors, "reach": self.reach}, said
        )

    def _of_the_plane(self, what: str) -> None:
        """Errors: InputError where the coordinates are a frame's and not the plane's own."""
        if self.frame is not None:
            raise InputError(
                f"{what}: these regions are in coordinates of their own, {self.bounds}, and {what} takes the plane's; "
                "tessellate the field over the plane"
            )

    @staticmethod
    def load(source: str | Path | BinaryIO) -> Tessellation:
        """The Tessellation of a file that `save` wrote. Errors: InputError naming the file and what is wrong."""
        from netwarp.regions.cells.files import load

        return Tessellation(**load(source))
