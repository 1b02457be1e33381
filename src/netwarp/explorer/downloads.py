"""What a Pane is taken away as: a PNG of any size, the cells as SVG, the weights as NPZ, the state as JSON, a page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from time import perf_counter

from netwarp.errors import InputError, LimitError, nearest
from netwarp.explorer import cells, decision_files, export, limits
from netwarp.explorer.facts import y_of
from netwarp.explorer.opening import OpenField, open_pane, shown_field, tone_of
from netwarp.explorer.protocol import EstimateReply
from netwarp.explorer.reading import Files, read
from netwarp.explorer.state import Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.limits import machine_bytes
from netwarp.orders.drawing import draw_network
from netwarp.picture.overlay_svg import draw_svg
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
# bytes of a PNG and of a line of an SVG, by experience
PNG_BYTES, EDGE_BYTES = 1.0, 14


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
    return f"{subject.stem(pane.seed or 0)}.{kind}"


def estimate(opened: OpenField, pane: Pane, size: tuple[int, int], kind: str) -> EstimateReply:
    """About how many seconds and bytes a download takes; the file's bytes, not memory. Errors: InputError."""
    if kind not in TYPES:
        raise InputError(f"format={kind!r}: must be {', '.join(TYPES)}{nearest(kind, tuple(TYPES))}")
    raster = Raster(*size, limits.plane_of(pane.x, pane.y, pane.w, pane.h))
    numbers = sum(array.nbytes for array in opened.field.network.parameters.values())
    seconds, size_of_file = 0.1, numbers + 2_000 if kind == "npz" else 3 * numbers + 100_000
    if kind == "png":
        seconds, size_of_file = _seconds(opened, raster, pane), round(PNG_BYTES * raster.pixels)
    elif kind == "svg":
        seconds, size_of_file = 1.0, EDGE_BYTES * 2 * limits.CELLS // 10
    return {"kind": "estimate", "seconds": seconds, "bytes": size_of_file}


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
    raster = Raster(*size, limits.plane_of(pane.x, pane.y, pane.w, pane.h))
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
    if pane.show == "classes":
        decision = decision_files.decided(opened, raster, points=pane.points, cancel=cancel)
        return decision.paint(margin=False).to_png()
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
    return drawn.picture.to_png()


def _recipe(opened: OpenField, raster: Raster, tone: Tone, y: str) -> Recipe:
    network, home, weights = opened.field.network, opened.field.raster, opened.subject.weights
    return Recipe(network.text, network.seed, raster, home, tone, weights=weights, y=y)


def _svg(pane: Pane, size: tuple[int, int], files: Files, cancel: Cancellation) -> bytes:
    opened = open_pane(pane, files, cancel)
    plane = limits.plane_of(pane.x, pane.y, pane.w, pane.h)
    if pane.show == "classes":
        decision = decision_files.decided(opened, Raster(*size, plane), points=pane.points, cancel=cancel)
        return decision.svg().encode()
    local = cells.cut(opened.field, plane, "output", limits.CELLS, cancel)
    tone = tone_of(opened, "output", pane.colour, cancel)
    way = y_of(pane, opened.subject)
    name = f"{opened.subject.name}: {len(local.cells):,} activation regions"
    where = f"Width {pane.w[:40]} and height {pane.h[:40]} around {pane.x[:60]}, {pane.y[:60]}; y grows {way}wards."
    recipe = _recipe(opened, Raster(*size, plane), tone, way).to_json()
    drawn = draw_svg(local.cells, title=name, description=where, recipe=recipe, proportion=size[1] / size[0], y=way)
    return drawn.encode()


def _npz(pane: Pane, files: Files, cancel: Cancellation) -> bytes:
    subject, pane = read(pane, files)
    network = subject.network or open_pane(pane, files, cancel).field.network
    stream = io.BytesIO()
    network.save(stream)
    return stream.getvalue()


def _json(page: Page) -> bytes:
    return (json.dumps(page.to_data(short=True), indent=1) + "\n").encode()
