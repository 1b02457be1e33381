"""Deep zoom: not the values over a view, but how they differ from the value at its centre, is computed.

Pixels 1e-30 apart have the same float64 coordinates, and nearly the same activations; their differences are ordinary
numbers. The centre's own activations are computed once, to as many digits as it takes (`orbit`), and every operation
turns the differences of what it reads into those of what it gives, without ever forming the sum. Where they are affine
over the view, as most are of a deep one, two slopes say it all (`affine`); the others are computed pixel by pixel
(`walk`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2

import numpy as np

from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.errors import LimitError
from netwarp.fields.deep.affine import flat
from netwarp.fields.deep.orbit import SPARE, orbit, places
from netwarp.fields.deep.walk import walker
from netwarp.network.flatten import flattened
from netwarp.network.program import Array, Pool, Program, check_tangents
from netwarp.plane import Raster
from netwarp.progress import Progress

# pixels closer than this are not told apart: what layers make of their difference would leave float64's range
FINEST = 1e-250
MOST = 4 << 30  # bytes that the centres of kernels' taps may take
NUMBER = 160  # bytes of one of their values: a long whole number, and two of float64
TILE = 1 << 17  # numbers of the widest value that are worked on at once, to stay in a core's cache


def differences(
    program: Program,
    raster: Raster,
    tap: tuple[float, float],
    *,
    tangents: bool = False,
    progress: Progress | None = None,
) -> tuple[Array, Array]:
    """The value at the plane's exact centre, (k,), and what every pixel adds to it, (k, rows, columns) float64.

    With `tangents` the second is (k, 3, rows, columns): difference, d/dx, d/dy. Errors: LimitError for pixels smaller
    than 1e-250 or kernels whose taps at one pixel do not fit in memory; UnsupportedError for the tangent of a step.
    """
    finest = min(raster.pitch)
    if finest < FINEST:
        raise LimitError(f"plane {raster.plane!r}: its pixels are {finest:.3g} apart, at least {FINEST:g} are needed")
    if tangents:
        check_tangents(program)
    program = flattened(program)
    parts = 3 if tangents else 1
    held = places(program)
    sizes = [o.channels * len(place) ** 2 for o, place in zip(program.operations, held, strict=True)]
    # a pool has the whole of every window before it
    windows = sum(
        o.channels * (len(place) * o.size) ** 2
        for o, place in zip(program.operations, held, strict=True)
        if isinstance(o, Pool)
    )
    if 8 * _widest(program, sizes) * parts + NUMBER * (sum(sizes) + windows) > MOST:
        raise LimitError(
            f"kernels that reach {sum(program.reach[0])} pixels: {sum(sizes) + windows:.3g} values around one point are"
            " more than a view this deep can be drawn from; choose a plane whose pixels are 1e-12 apart or more"
        )
    bits = max(0, ceil(-log2(finest))) + SPARE
    # its operations are not this work's jobs: it only asks whether to go on
    centre = orbit(
        program, raster.plane.rational(), tap, bits, None if progress is None else lambda done, total: progress(0, 1)
    )
    out = np.empty((program.channels, parts, raster.pixels))
    across, down = raster.offsets()
    view = flat(program, centre, raster.plane.width, raster.plane.height)
    sizes = [o.channels * int(mask.sum()) for o, mask in zip(program.operations, view.bent, strict=True)]
    count = max(1, min(TILE // (_widest(program, sizes) * parts), raster.pixels))
    walk = walker(program, centre, view, parts)

    def work(_: int) -> Callable[[int], None]:
        return tile

    def tile(first: int) -> None:
        last = min(first + count, raster.pixels)
        row, column = np.divmod(np.arange(first, last), raster.columns)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            out[:, :, first:last] = walk(across[column], down[row])

    with single_threaded():
        spread(range(0, raster.pixels, count), work, progress)
    shape = (program.channels, parts, raster.rows, raster.columns)
    return centre.values[-1][:, 0, 0], out.reshape(shape) if tangents else out.reshape(shape[0], *shape[2:])


def lattice_positions(program: Program) -> int:
    """How many centres the inputs are needed at: one, but for kernels' taps."""
    return len(places(program)[0]) ** 2


def _widest(program: Program, sizes: list[int]) -> int:
    """Numbers that live at once, at most; at least one."""
    lives = list(zip(range(len(sizes)), program.last_use, sizes, strict=True))
    return max(1, *(sum(size for first, last, size in lives if first <= now <= last) for now in range(len(sizes))))
