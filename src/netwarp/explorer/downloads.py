"""What a Pane is taken away as: a PNG of any size, the cells as SVG, the weights as NPZ, the state as JSON, a page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter

from netwarp.errors import InputError, LimitError, nearest
from netwarp.explorer import cells, decision_files, export, limits
from netwarp.explorer.facts import y_of
from netwarp.explorer.opening import OpenField, open_pane, shown_field, tone_of
from netwarp.explorer.protocol import EstimateReply
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.views import thumbnail
from netwarp.explorer.work import Cancellation
from netwarp.fields.limits import machine_bytes
from netwarp.models.decisions.asked import Marks
from netwarp.network.lineage import written
from netwarp.network.network import Network
from netwarp.orders.drawing import draw_network, with_slice
from netwarp.picture.axes import around_svg
from netwarp.picture.overlay_svg import NOTHING, draw_svg
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone
from netwarp.plane import Raster

# format -> media type
TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "npz": "application/octet-stream",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
SIZE = (1800, 1200)
# the proportions of the frame that a view's sides are those of, as the page shows it
FRAME = (3, 2)
# bytes of a line of an SVG, by experience; the side of the piece of a PNG that tells the bytes of all of it
PIECE = 128


def download(page: Page, number: int, kind: str, size: tuple[int, int], files: Files, cancel: Cancellation) -> bytes:
    """Pane `number` of the Page in one of the formats. Errors: NetwarpError; LimitError with the estimate."""
    makers: dict[str, Callable[[], bytes]] = {
        "png": lambda: _png(pane, size, files, cancel),
        "svg": lambda: _svg(pane, size, files, cancel),
        "npz": lambda: _npz(pane, files, cancel),
        "html": lambda: export.page(pane, files, cancel),
        "json": partial(_json, page),
    }
    if kind not in makers:
        raise InputError(f"download {kind[:20]!r}: must be {', '.join(makers)}{nearest(kind, tuple(makers))}")
    if not 0 <= number < len(page.panes):
        raise InputError(f"download pane={number}: there are panes 0 to {len(page.panes) - 1}")
    pane = page.panes[number]
    return makers[kind]()


def name_of(page: Page, number: int, kind: str, files: Files) -> str:
    """The name of the file. Errors: as reading.read."""
    subject, pane = read(page.panes[number], files)
    return f"{subject.stem(pane.number or 0)}.{kind}"


def estimate(opened: OpenField, pane: Pane, size: tuple[int, int], kind: str, cancel: Cancellation) -> EstimateReply:
    """About how many seconds and bytes a download takes; None for bytes that nobody knows before it is made.

    Errors: InputError.
    """
    if kind not in TYPES:
        raise InputError(f"format={kind!r}: must be {', '.join(TYPES)}{nearest(kind, tuple(TYPES))}")
    raster = _raster(pane, size)
    seconds = 0.1
    size_of_file: int | None = None
    match kind:
        case "png":
            seconds, size_of_file = _seconds(opened, raster, pane), _png_bytes(opened, raster, pane, cancel)
        case "svg":
            seconds = 1.0  # its lines are as many as there are cells, which nobody knows before they are found
        case "npz":
            size_of_file = len(_saved(opened.field.network))
        case "html":
            seconds, size_of_file = export.estimate(opened, pane, cancel)
        case _:
            size_of_file = len(_json(Page((pane,))))
    return {"kind": "estimate", "seconds": seconds, "bytes": size_of_file}


def _raster(pane: Pane, size: tuple[int, int]) -> Raster:
    """The raster of a file of this size: as high as what is seen, and as wide as the scale makes it."""
    plane = limits.plane_of(pane.x, pane.y, pane.w, pane.h)
    columns, rows = size
    across, down = FRAME
    if columns * down != rows * across:
        plane = replace(plane, width=plane.width * (columns * down) / (rows * across))
    return Raster(columns, rows, plane)


def _png_bytes(opened: OpenField, raster: Raster, pane: Pane, cancel: Cancellation) -> int:
    """About how many bytes a PNG has: a piece of it in the middle, with pixels of its own size, is packed."""
    columns, rows = min(PIECE, raster.columns), min(PIECE, raster.rows)
    plane = replace(
        raster.plane,
        width=raster.plane.width * columns / raster.columns,
        height=raster.plane.height * rows / raster.rows,
    )
    show = "output" if pane.decides else pane.show
    piece = thumbnail(shown_field(opened, show), tone_of(opened, show, pane.colour, cancel), plane, columns, rows)
    return round(len(Picture(piece).to_png()) * raster.pixels / (columns * rows))


def _seconds(opened: OpenField, raster: Raster, pane: Pane) -> float:
    """About how long a picture of that size takes: a part of it is drawn and timed."""
    side = 160
    small = Raster(min(side, raster.columns), min(side, raster.rows), raster.plane)
    shown = shown_field(opened, pane.show)
    shown.sample(small)
    clock = perf_counter()
    shown.sample(small)
    # painting and packing take some 60 nanoseconds a pixel
    return raster.pixels * ((perf_counter() - clock) / small.pixels + 6e-8)


def _png(pane: Pane, size: tuple[int, int], files: Files, cancel: Cancellation) -> bytes:
    opened = open_pane(pane, files, cancel)
    raster = _raster(pane, size)
    if raster.pixels > limits.DOWNLOAD_PIXELS:
        raise LimitError(f"a PNG of {raster.columns}x{raster.rows}: at most {limits.DOWNLOAD_PIXELS:,} pixels are made")
    shown = shown_field(opened, pane.show)
    needed, most = raster.pixels * (8 * shown.channels + 3), machine_bytes() // 4
    if needed > most:
        raise LimitError(
            f"a PNG of {raster.columns}x{raster.rows} would take {needed / 2**20:,.0f} MiB of memory, the explorer "
            f"takes at most {most / 2**20:,.0f}; choose a smaller size, or try netwarp draw"
        )
    limits.check_seconds(_seconds(opened, raster, pane), "this PNG", limits.DOWNLOAD_SECONDS)
    if pane.decides:
        decision = decision_files.decided(opened, raster, pane=pane, cancel=cancel)
        return decision.paint(margin=pane.show == "margin", y=y_of(pane, opened.subject)).to_png()
    tone = tone_of(opened, pane.show, pane.colour, cancel)
    layer, channel = pane.layer or (None, None)
    drawn = draw_network(
        opened.field.network,
        raster,
        calibration=opened.field.raster,
        colour=tone.colour,
        weights=opened.subject.weights,
        contrast=pane.tone,
        layer=layer,
        channel=channel,
        y=y_of(pane, opened.subject),
        progress=lambda _, done, total: cancel.progress(done, total),
    )
    marks = _marks(opened, pane)
    return with_slice(drawn, marks.places, opened.subject.axes, marks.names).picture.to_png()


def _marks(opened: OpenField, pane: Pane) -> Marks:
    """The slice's points, where they are shown."""
    return Marks.of(opened.subject.slice if pane.marks else None)


def _recipe(opened: OpenField, raster: Raster, tone: Tone, y: str, marks: Marks) -> Recipe:
    network, home, weights = opened.field.network, opened.field.raster, opened.subject.weights
    return Recipe(
        network.text,
        network.seed,
        raster,
        home,
        tone,
        weights=weights,
        y=y,
        axes=opened.subject.axes,
        marks=marks.places,
        names=marks.names,
        made=written(network.source),
    )


def _svg(pane: Pane, size: tuple[int, int], files: Files, cancel: Cancellation) -> bytes:
    opened = open_pane(pane, files, cancel)
    plane = _raster(pane, size).plane
    if pane.decides:
        decision = decision_files.decided(opened, Raster(*size, plane), pane=pane, cancel=cancel)
        return decision.svg(margin=pane.show == "margin", y=y_of(pane, opened.subject)).encode()
    local = cells.cut(opened.field, plane, "output", limits.CELLS, cancel)
    tone = tone_of(opened, "output", pane.colour, cancel)
    way = y_of(pane, opened.subject)
    name = f"{opened.subject.name}: {len(local.cells):,} activation regions"
    where = f"Width {pane.w[:40]} and height {pane.h[:40]} around {pane.x[:60]}, {pane.y[:60]}; y grows {way}wards."
    recipe = _recipe(opened, Raster(*size, plane), tone, way, _marks(opened, pane))
    proportion, axes = size[1] / size[0], opened.subject.axes
    around = NOTHING
    # where float64 tells no points apart neither marks nor numbers have a place
    if not opened.field.deep(recipe.raster):
        named = (axes[0], axes[1]) if axes else None
        around = around_svg(plane, proportion, axes=named, marks=recipe.marks, names=recipe.names, y=way)
    drawn = draw_svg(
        local.cells,
        title=name,
        description=where,
        recipe=recipe.to_json(),
        proportion=proportion,
        y=way,
        around=around,
    )
    return drawn.encode()


def _npz(pane: Pane, files: Files, cancel: Cancellation) -> bytes:
    subject, pane = read(pane, files)
    network = subject.network or open_pane(pane, files, cancel).field.network
    return _saved(network)


def _saved(network: Network) -> bytes:
    stream = io.BytesIO()
    network.save(stream)
    return stream.getvalue()


def _json(page: Page) -> bytes:
    return (json.dumps(page.to_data(short=True), indent=1) + "\n").encode()
