"""The tile of a picture that repeats: the plane that shows it once, so that copies side by side have no seam."""

from __future__ import annotations

from netwarp.architecture.symmetry import Wallpaper
from netwarp.errors import InputError
from netwarp.orders.subject import Subject
from netwarp.plane import Plane, Raster

COLUMNS = Raster().columns
MOST = 20_000  # rows; a lattice with long cells has a flat raster


def tile_of(subject: Subject) -> tuple[Plane, tuple[int, int]]:
    """The smallest upright rectangle about the origin that tiles the plane, and as many pixels as are square on it.

    Errors: InputError where its inputs are not those of a wallpaper, or its lattice has no such rectangle.
    """
    architecture = subject.architecture
    symmetry = None if architecture is None else architecture.inputs.symmetry
    if not isinstance(symmetry, Wallpaper):
        raise InputError(
            f"--plane tile: {subject.title[:60]!r} repeats nowhere; inputs that do are --inputs 'wallpaper(p4m)'"
        )
    try:
        width, height = symmetry.tile
    except InputError as error:
        raise InputError(f"--plane tile: {error}") from None
    return Plane(0, 0, width, height), (COLUMNS, min(MOST, max(1, round(COLUMNS * height / width))))
