"""One self-contained HTML file that shows and zooms a network: no server, no network, nothing else to load."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Literal, NotRequired, TypedDict

import numpy as np

from netwarp.architecture.architecture import Architecture
from netwarp.engine.protocol import Floats
from netwarp.explorer import decision_files, folded, limits
from netwarp.explorer.facts import facts_of, sentence, y_of
from netwarp.explorer.opened import SliceMark
from netwarp.explorer.opening import OpenField, open_pane, shown_field, tone_of
from netwarp.explorer.places import Rectangle
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Contrast, Page, Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.picture.paint import paint
from netwarp.picture.picture import Picture
from netwarp.picture.tone import Tone, ToneData
from netwarp.plane import Plane, Raster
from netwarp.progress import Progress
from netwarp.version import VERSION

STATIC = Path(__file__).parent / "static"
# a tile, and the poster; as many pixels as the calibration raster has, so that the taps of a kernel lie on pixels
TILE = (600, 400)
MOST_LEVELS = 4
# of all tiles together, and of a level by itself
TILE_BYTES = 12 << 20
LEVEL_SECONDS = 30.0
SECONDS = 120.0


class Shown(TypedDict):
    # what it shows, for a reader: an architecture and its seed, or a file
    title: str
    view: Rectangle
    # y grows upwards; in every PNG row 0 is the smallest y, and the page turns it over
    up: bool
    # a PNG of the view, data: address; what is seen before anything is drawn, or where nothing can be
    poster: str
    # where it looks first, unless that is the view; and how often a notebook has changed what it shows
    looks: NotRequired[Rectangle]
    turn: NotRequired[int]
    # the points that its slice is laid through
    marks: NotRequired[list[SliceMark]]
    # what the explorer reads where the file is dropped on it
    state: NotRequired[dict[str, object]]


class NetworkData(Shown):
    """What the viewer needs of a network that the browser evaluates."""

    kind: Literal["network"]
    program: folded.Folded
    tone: ToneData
    show: str
    contrast: Contrast


class TilesData(Shown):
    """Of any other: levels[n] has 2^n by 2^n tiles of the view, row by row, the smallest y first: data: addresses."""

    kind: Literal["tiles"]
    width: int
    height: int
    levels: list[list[str]]
    # why it is tiles, a clause
    reason: str


ViewerData = NetworkData | TilesData


def page(pane: Pane, files: Files | None = None, cancel: Cancellation | None = None) -> bytes:
    """The HTML file of what a Pane shows, view and colours included.

    A network that the browser can evaluate zooms without end; any other carries a pyramid of tiles of the Pane's view
    and says how deep it goes. The page allows itself its own script and style by their hashes and nothing else.
    Errors: as opening.open_pane; LimitError for a view too small to draw or too slow.
    """
    cancel = Cancellation("later", SECONDS) if cancel is None else cancel
    data, about = data_of_pane(pane, files, cancel)
    return render(data, about)


def estimate(opened: OpenField, pane: Pane, cancel: Cancellation) -> tuple[float, int]:
    """About how many seconds making the HTML file takes, and its bytes: but for tiles they are the file's own."""
    start = perf_counter()
    if folded.obstacle(opened.field) is None and not pane.decides:
        made = render(*data_of_open(opened, pane, cancel))
        return opened.seconds + perf_counter() - start, len(made)
    shown, plane = shown_field(opened, pane.show), limits.plane_of(pane.x, pane.y, pane.w, pane.h)
    # of what is in the middle: a tile like any other
    middle = Raster(*TILE, replace(plane, width=plane.width / 2, height=plane.height / 2))
    tone = tone_of(opened, pane.show, pane.colour, cancel)
    tile = _size([_address(Picture(paint(_samples(shown, middle, False, cancel.progress), tone).pixels))])
    seconds, total, last = opened.seconds + 2 * (perf_counter() - start), 2 * tile, tile
    for n in range(1, MOST_LEVELS):
        work = shown.estimate(Raster(TILE[0] * 2**n, TILE[1] * 2**n, plane)).seconds
        if total + 3 * last > TILE_BYTES or work > LEVEL_SECONDS:
            break
        last = 4**n * tile
        seconds, total = seconds + work, total + last
    return seconds, total + len(_static("viewer.js")) + len(_static("viewer.css"))


def data_of_pane(pane: Pane, files: Files | None, cancel: Cancellation) -> tuple[ViewerData, str]:
    """What the viewer needs of a Pane, as a JSON object, and a sentence about the network. Errors: as `page`."""
    return data_of_open(open_pane(pane, Files() if files is None else files, cancel), pane, cancel)


def data_of_open(opened: OpenField, pane: Pane, cancel: Cancellation) -> tuple[ViewerData, str]:
    """As `data_of_pane`, of a Field that is open."""
    title = opened.subject.file or opened.subject.title
    if isinstance(opened.subject.source, Architecture):
        title += f", seed {pane.seed}" if opened.subject.bred is None else ", bred"
    if pane.layer is not None:
        layer, channel = pane.layer
        title += f": layer {layer}, unit {channel + 1} of {shown_field(opened, pane.show).channels}"
    up = y_of(pane, opened.subject) == "up"
    data: ViewerData
    if pane.decides:
        data = _decided(opened, pane, f"{title}: decision regions", up, cancel)
    else:
        data = data_of(
            opened.field,
            tone_of(opened, pane.show, pane.colour, cancel),
            title=title,
            view=view_of_pane(pane),
            show=pane.show,
            shown=shown_field(opened, pane.show),
            contrast=pane.tone,
            up=up,
            progress=cancel.progress,
        )
    if pane.marks and opened.slice is not None and opened.slice["marks"]:
        data["marks"] = opened.slice["marks"]
    data["state"] = Page((pane,)).to_data(short=True)
    told = sentence(facts_of(opened.pane, opened.subject))
    counts = [f"{number:,} {noun}" for noun, number in (opened.counts or {}).items() if noun != "depth"]
    cancel.progress()
    seen = Raster(*TILE, limits.plane_of(pane.x, pane.y, pane.w, pane.h))
    off = opened.field.rounding(seen, progress=cancel.progress).sentence()
    said = f"{off}. " if off else ""
    return data, f"{said}{told}{', '.join(counts)}{'. ' if counts else ''}Made by netwarp {VERSION}."


def data_of(
    field: Field,
    tone: Tone,
    *,
    title: str,
    view: Rectangle,
    show: str = "output",
    shown: Field | None = None,
    contrast: Contrast = "whole",
    up: bool = False,
    progress: Progress | None = None,
) -> ViewerData:
    """What the viewer needs, as a JSON object: the network's numbers, or tiles; a poster in either case.

    `shown` is the Field whose channels the Tone picks from: the Field itself, or one `after` a layer.
    Errors: as `page`.
    """
    shown = field if shown is None else shown
    plane = limits.plane_of(view["x"], view["y"], view["w"], view["h"])
    raster = Raster(*TILE, plane)
    fit = contrast == "view"
    samples = _samples(shown, raster, fit, progress)
    drawn_in = Tone.fit(samples, tone.colour, channel=_channel(tone)) if fit else tone
    poster = Picture(paint(samples, drawn_in).pixels)
    data: Shown = {"title": title, "view": view, "up": up, "poster": _address(poster)}
    reason = folded.obstacle(field)
    if reason is None:
        program, colours = folded.fold(field), folded.tone_data(tone)
        return {**data, "kind": "network", "program": program, "tone": colours, "show": show, "contrast": contrast}
    levels = _levels(lambda raster: paint(_samples(shown, raster, fit, progress), drawn_in), shown, poster, plane)
    return {**data, "kind": "tiles", "width": TILE[0], "height": TILE[1], "levels": levels, "reason": reason}


def _decided(opened: OpenField, pane: Pane, title: str, up: bool, cancel: Cancellation) -> TilesData:
    """The decision regions of a Pane, as tiles. Errors: as `page`."""

    def draw(raster: Raster) -> Picture:
        found = decision_files.decided(opened, raster, pane=pane, cancel=cancel)
        # as every tile it has its smallest y at the top, and the page turns it over
        return found.paint(margin=pane.show == "margin", axes=False, y="down")

    plane = limits.plane_of(pane.x, pane.y, pane.w, pane.h)
    poster = draw(Raster(*TILE, plane))
    return {
        "title": title,
        "view": view_of_pane(pane),
        "up": up,
        "poster": _address(poster),
        "kind": "tiles",
        "width": TILE[0],
        "height": TILE[1],
        "levels": _levels(draw, opened.field, poster, plane),
        "reason": "decision regions are drawn beforehand",
    }


def view_of_pane(pane: Pane) -> Rectangle:
    """The rectangle that a Pane looks at."""
    return {"x": pane.x, "y": pane.y, "w": pane.w, "h": pane.h}


def render(data: Mapping[str, object], about: str) -> bytes:
    """The HTML file of what `data_of` or `data_of_pane` gives; every text in it is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    script = _static("viewer.js")
    style = _static("viewer-page.css") + _static("viewer.css")
    rest = {key: value for key, value in data.items() if key not in ("poster", "state")}  # which stand by themselves
    template = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True).from_string(
        _static("viewer.html")
    )
    made = template.render(
        title=data["title"],
        poster=data["poster"],
        up=data["up"],
        about=about,
        version=VERSION,
        data=Markup(_json(rest)),
        state=Markup(_json(data["state"])) if "state" in data else None,
        script=Markup(script),
        style=Markup(style),
        script_hash=_hash(script),
        style_hash=_hash(style),
    )
    return made.encode()


def _json(data: object) -> str:
    """JSON with none of what could end a script element."""
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _samples(shown: Field, raster: Raster, fit: bool, progress: Progress | None) -> Floats:
    """(k, rows, columns): the values; of a deep view that the Tone is fitted to, what they add to the centre."""
    if not shown.deep(raster):
        return shown.sample(raster, progress=progress)
    centre, added = shown.around(raster, progress=progress)
    return added if fit else added + centre[:, None, None]


def _channel(tone: Tone) -> int | None:
    return None if len(tone.channels) == 3 else tone.channels[0]


def _levels(draw: Callable[[Raster], Picture], shown: Field, first: Picture, plane: Plane) -> list[list[str]]:
    """Level n: 2^n x 2^n tiles of the plane, row by row; as many levels as their bytes and the time allow."""
    levels = [[_address(first)]]
    total = _size(levels[0])
    for n in range(1, MOST_LEVELS):
        side = 2**n
        raster = Raster(TILE[0] * side, TILE[1] * side, plane)
        if total + 3 * _size(levels[-1]) > TILE_BYTES or shown.estimate(raster).seconds > LEVEL_SECONDS:
            break
        rows = np.split(draw(raster).pixels, side)
        levels.append([_address(Picture(tile)) for row in rows for tile in np.split(row, side, axis=1)])
        total += _size(levels[-1])
    return levels


def _size(tiles: list[str]) -> int:
    return sum(map(len, tiles))


def _address(picture: Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.to_png()).decode("ascii")


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
