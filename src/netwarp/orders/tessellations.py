"""A survey as files: the cells as SVG, or over the picture as PNG, both with the recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, nearest
from netwarp.fields.limits import check_memory
from netwarp.files import check_place, together, write
from netwarp.orders.order import Order
from netwarp.orders.survey import Survey
from netwarp.picture.axes import around_svg
from netwarp.picture.marks import with_recipe
from netwarp.picture.overlay import COLOUR_BY, Fill, by_area, by_gradient, by_pattern, by_value
from netwarp.picture.overlay_png import draw_boundaries, fill_pixels, pale
from netwarp.picture.overlay_svg import draw_svg
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.progress import Report, stage
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.raster import rasterise


def check_files(svg: Path | None, png: Path | None, colour_by: str | None) -> None:
    """Errors: InputError for a name or a colouring that would be refused later, before any work."""
    check_place("--svg", svg, ".svg")
    check_place("--png", png, ".png")
    if colour_by is None:
        return
    if colour_by not in COLOUR_BY:
        raise InputError(
            f"--colour-by {colour_by[:40]!r}: must be one of {', '.join(COLOUR_BY)}{nearest(colour_by, COLOUR_BY)}"
        )
    if svg is None and png is None:
        raise InputError(f"--colour-by {colour_by}: nothing is drawn; add --svg FILE or --png FILE")


def save(
    found: Survey,
    *,
    svg: Path | None = None,
    png: Path | None = None,
    colour_by: str | None = None,
    progress: Report | None = None,
) -> None:
    """Writes the files that are named, each whole or not at all, none before both are drawn. Errors: NetwarpError."""
    stage(progress if svg or png else None, "drawing")
    text = None if svg is None else to_svg(found, colour_by).encode()
    picture = None if png is None else to_picture(found, colour_by)
    with together():
        if svg is not None and text is not None:
            write(svg, text)
        if png is not None and picture is not None:
            picture.save(png)


def to_svg(found: Survey, colour_by: str | None = None) -> str:
    """The cells as SVG, in the proportions of the order's raster: by default, and with "layer", boundaries on white.

    "value" gives each cell the colour of its mean. Errors: NetwarpError.
    """
    fill = None
    if colour_by == "value":
        fill = by_value(found.cells, found.own_tone)
    elif colour_by not in (None, "layer"):
        fill = _fill(found, colour_by or "")
    what, subject = found.order, found.order.subject
    proportion = what.raster.rows / what.raster.columns
    named = (what.axes[0], what.axes[1]) if what.axes else ("", "")
    return draw_svg(
        found.cells,
        title=f"{subject.name}: {found.regions:,} activation regions",
        description=_description(found),
        recipe=_recipe(found).to_json(),
        fill=fill,
        contours=found.contours,
        proportion=proportion,
        y=what.y,
        around=around_svg(
            what.raster.plane,
            proportion,
            # a slice's scale cannot be seen from the cells alone
            axes=named if what.framed or what.axes else None,
            marks=what.marks,
            names=what.names,
            y=what.y,
        ),
    )


def to_picture(found: Survey, colour_by: str | None = None) -> Picture:
    """The boundaries over the picture, which is paler, by default; over the cells' colours; with "layer", on white.

    "value" is the picture itself, in the colours of draw. The size is the order's. Errors: NetwarpError.
    """
    raster = found.order.raster
    # the picture and its copy, the samples or the cells under four points a pixel
    check_memory(raster.pixels * 30, f"a picture of {raster.columns}x{raster.rows}")
    by_layer = True
    if colour_by in (None, "value"):
        ground = _painted(found.cells, found.own_tone, found.order)
        by_layer = colour_by is None
        ground = pale(ground) if by_layer else ground
    elif colour_by == "layer":
        ground = np.full((raster.rows, raster.columns, 3), 255, np.uint8)
    else:
        fill = _fill(found, colour_by or "")
        ground, by_layer = fill_pixels(found.cells, fill, raster.columns, raster.rows), fill.pale
    drawn = draw_boundaries(ground, found.cells, contours=found.contours, by_layer=by_layer)
    turned = drawn[::-1] if found.order.y == "up" else drawn
    recipe = _recipe(found)
    return Picture(with_recipe(turned, recipe), recipe)


def _fill(found: Survey, colour_by: str) -> Fill:
    cells = found.cells
    makers: dict[str, Callable[[], Fill]] = {
        "pattern": lambda: by_pattern(cells.bits),
        "gradient": lambda: by_gradient(cells, cells.areas),
        "area": lambda: by_area(cells.areas),
    }
    return makers[colour_by]()


def _painted(cells: Cells, tone: Tone, what: Order) -> NDArray[np.uint8]:
    """The picture's pixels: the affine maps at the pixel centres, through the Tone."""
    # a layer may have hundreds of channels, of which the Tone shows one or three
    kept = {part.name: getattr(cells, part.name) for part in fields(Cells)}
    kept["affine"] = np.ascontiguousarray(cells.affine[:, list(tone.channels)])
    samples = rasterise(Cells(**kept), what.raster)
    return paint(samples, replace(tone, channels=tuple(range(len(tone.channels))))).pixels


def _recipe(found: Survey) -> Recipe:
    """That of the network's own picture, so that draw and regions find the network in every file written here."""
    what = found.order
    network = found.whole.network
    return Recipe(
        architecture=network.text,
        seed=network.seed,
        raster=what.raster,
        calibration=what.calibration,
        tone=found.tone,
        weights=what.subject.weights,
        y=what.y,
        axes=what.axes,
        marks=what.marks,
        names=what.names,
        framed=what.framed,
    )


def _description(found: Survey) -> str:
    """What a reader is told who does not see the drawing."""
    ways = ("Across", found.order.y.title())
    axes = "".join(f" {way}: {axis}." for way, axis in zip(ways, found.order.axes, strict=False))
    return (
        f"{found.sentence()} ({found.order.y}wards): {found.regions:,} activation regions, "
        f"{found.linear:,} linear regions, boundaries of length {found.cells.boundary_length:.6g}.{axes}"
    )
