"""poster: a picture of any size in bounded memory, as one call."""

from __future__ import annotations

import os
from concurrent.futures import Executor

from netwarp.files import path_of
from netwarp.orders.order import order
from netwarp.orders.what import What, as_subject
from netwarp.picture.colouring import Colouring
from netwarp.plane import Plane, Raster
from netwarp.posters.writing import Finish, Poster, draw_poster
from netwarp.progress import Report


def poster(
    what: What,
    out: str | os.PathLike[str],
    *,
    seed: int | None = None,
    size: tuple[int, int] | None = None,
    plane: Plane | None = None,
    calibration: Raster | None = None,
    colour: str | Colouring | None = None,
    y: str | None = None,
    dpi: float | None = None,
    level: int = 4,
    profile: str = "srgb",
    depth: int = 8,
    dzi: bool = False,
    resume: bool = False,
    restart: bool = False,
    executor: Executor | None = None,
    progress: Report | None = None,
) -> Poster:
    """The picture that `draw` gives, of any size, band by band into the file `out`: .png, .tif or .exr.

    A .png or .tif has 8 or 16 bits a colour of the RGB space `profile`: "srgb", "display-p3" or "adobe-rgb". A .tif is
    a BigTIFF with ever smaller levels; an .exr holds the raw values in half floats. `dzi` also makes a folder of tiles
    for a Deep Zoom viewer. A run that ends early leaves OUT.part: `resume` goes on from it, to the same bytes, and
    `restart` begins anew. The workers of an `executor` of concurrent.futures draw the bands, where one is given.
    Errors: NetwarpError; InputError where there is a part and neither is said.

    >>> drawn = nw.poster("conv(10) * 2", "wall.png", seed=7, size=(600, 400), calibration=nw.Raster(60, 40))
    >>> drawn.recipe.raster.columns, drawn.reused
    (600, 0)
    >>> nw.poster("conv(10) * 2", "wall.png", size=(80_000, 80_000))
    Traceback (most recent call last):
        ...
    netwarp.errors.LimitError: raster 80000x80000: 6.4e+09 pixels, at most 2^32 = 4.29e9 are allowed; ...
    """
    placed = order(
        as_subject(what, "poster"),
        seeds=None if seed is None else (seed,),
        size=size,
        plane=plane,
        calibration=calibration,
        colour=colour,
        y=y,
    )
    finish = Finish(level=level, dpi=dpi, profile=profile, depth=depth, dzi=dzi)
    to = path_of(out, "poster out")
    return draw_poster(placed, to, finish, resume=resume, restart=restart, executor=executor, progress=progress)
