"""Every kind of request and what answers it: plain functions of a session's Fields, run off the event loop."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from netwarp import checks
from netwarp.architecture.architecture import Architecture
from netwarp.explorer import (
    cells,
    complexity,
    deciding,
    downloads,
    evidence,
    limits,
    measuring,
    offers,
    opening,
    sharing,
    units,
    views,
)
from netwarp.explorer.protocol import Answer
from netwarp.explorer.reading import CALIBRATION, read
from netwarp.explorer.state import MAX_NAMES, MAX_PANES, Page, Pane, check_contrast, check_decimal, decides
from netwarp.explorer.work import Cancellation

if TYPE_CHECKING:
    from netwarp.explorer.messages import Request
    from netwarp.explorer.sessions import Session

Handler = Callable[["Session", "Request", Pane, Cancellation], Answer]


def answer(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    """The answer to a request about a Pane. Errors: NetwarpError. Raises MoveToBackground, Stopped, Overdue."""
    return _HANDLERS[request.kind](session, request, pane, cancel)


def _open(session: Session, _: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return opening.described(session.field(pane, cancel), pane, cancel)


def _view(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    body = request.body
    raster = views.raster_of(body)
    contrast = check_contrast(checks.string(body.get("contrast", pane.tone), "contrast", 10), "contrast")
    show, colour = _shown(body, pane), checks.string(body.get("colour", pane.colour), "colour", 100)
    opened = session.field(pane, cancel)
    coarse = bool(body.get("coarse", False))
    if decides(show):
        return deciding.pixels(opened, raster, margin=show == "margin", coarse=coarse, cancel=cancel)
    return views.pixels(opened, raster, contrast=contrast, show=show, colour=colour, coarse=coarse, cancel=cancel)


def _shown(body: Mapping[str, object], pane: Pane) -> str:
    """What the message wants shown, checked. Errors: InputError."""
    return Pane(show=checks.string(body.get("show", pane.show), "show", 40)).show


def _point(body: Mapping[str, object]) -> tuple[str, str]:
    x, y = (check_decimal(checks.get(body, name, "message"), name) for name in ("x", "y"))
    return x, y


def _at(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return views.values(session.field(pane, cancel), *_point(request.body), _shown(request.body, pane), cancel)


def _orbit(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return views.centre(session.field(pane, cancel), *_point(request.body), cancel)


def _measure(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    given = checks.items(request.body.get("names", []), "names", 0, MAX_NAMES)
    names = [checks.string(one, "names", 100) for one in given]
    opened, show = session.field(pane, cancel), _shown(request.body, pane)
    return measuring.measures(opened, views.plane_in(request.body), names, cancel, show=show)


def _evidence(session: Session, request: Request, _: Pane, cancel: Cancellation) -> Answer:
    body = request.body
    given = checks.items(body.get("names", []), "names", 0, MAX_NAMES)
    return evidence.evidence(
        evidence.cases_of(checks.get(body, "cases", "message")),
        [checks.string(one, "names", 100) for one in given],
        views.plane_in(body),
        cancel,
        files=session.files,
        drawings=session.drawings,
        side=checks.whole(body.get("side", max(measuring.SIDES)), "side", min(measuring.SIDES), max(measuring.SIDES)),
    )


def _cells(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    limit = checks.whole(request.body.get("limit", limits.CELLS), "limit", 1, 1 << 40)
    found, local = cells.edges(session.field(pane, cancel), views.plane_in(request.body), limit, cancel)
    if local is not None:
        session.keep_cells(request.pane, pane, local)
    return found


def _cell(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    local = session.cells_of(request.pane, pane)
    x, y = _point(request.body)
    if local is None:
        # of the view as it was when the network was opened
        opened, plane = session.field(pane, cancel), limits.plane_of(pane.x, pane.y, pane.w, pane.h)
        local = cells.cut(opened.field, plane, "output", limits.CELLS, cancel)
        session.keep_cells(request.pane, pane, local)
    return cells.cell(local, x, y)


def _complexity(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    if "arch" in request.body:
        pane = complexity.beside(pane, checks.string(request.body["arch"], "arch", limits.MESSAGE_BYTES))
    return complexity.complexity(session.field(pane, cancel), views.plane_in(request.body), cancel)


def _nearest(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return cells.nearest(session.field(pane, cancel), views.plane_in(request.body), cancel)


def _regions(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return deciding.regions(session.field(pane, cancel), views.plane_in(request.body), cancel)


def _points(session: Session, _: Request, pane: Pane, cancel: Cancellation) -> Answer:
    return deciding.points(session.field(pane, cancel).scene)


def _agree(session: Session, request: Request, _: Pane, cancel: Cancellation) -> Answer:
    count = checks.whole(checks.get(request.body, "panes", "message"), "panes", 2, MAX_PANES)
    shown = session.first_panes(count)
    fields = [session.field(pane, cancel).field for pane in shown]
    return deciding.agree(fields, views.plane_in(request.body), cancel)


def _strip(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    least, most = views.THUMBS
    size = checks.whole(request.body.get("size", least), "size", least, most)
    return views.strip(session.field(pane, cancel), views.plane_in(request.body), size, cancel)


def _unit(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    layer, channel = (checks.whole(checks.get(request.body, name, "message"), name, 0) for name in ("layer", "channel"))
    return units.described(session.field(pane, cancel).field, layer, channel)


def _neighbours(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    sized = "columns" in request.body
    size = limits.size_of(request.body, offers.CARD_PIXELS) if sized else (offers.COLUMNS, offers.ROWS)
    return offers.neighbours(pane, session.files, cancel, size)


def _children(session: Session, request: Request, _: Pane, cancel: Cancellation) -> Answer:
    size = limits.size_of(request.body, offers.CARD_PIXELS)
    given = checks.items(checks.get(request.body, "states", "message"), "states", 1, offers.CHILDREN)
    return offers.children([Pane.from_data(one) for one in given], session.files, cancel, size)


def _gallery(_: Session, __: Request, ___: Pane, cancel: Cancellation) -> Answer:
    return offers.gallery(cancel)


def _surprise(_: Session, __: Request, ___: Pane, ____: Cancellation) -> Answer:
    return offers.surprise(secrets.randbelow(1 << 60))


def _share(session: Session, request: Request, _: Pane, __: Cancellation) -> Answer:
    return sharing.share(Page.from_data(checks.get(request.body, "state", "message")), session.files)


def _parse(session: Session, request: Request, _: Pane, __: Cancellation) -> Answer:
    """Whether a text would be shown: read, counted and held against the limits, but not drawn."""
    text = checks.string(checks.get(request.body, "text", "message"), "text", limits.MESSAGE_BYTES)
    subject, pane = read(Pane(arch=text), session.files)
    if isinstance(subject.source, Architecture):
        limits.check_architecture(subject.source, CALIBRATION)
    return {"kind": "parsed", "text": pane.arch, "state": pane.network_data()}


def _estimate(session: Session, request: Request, pane: Pane, cancel: Cancellation) -> Answer:
    size = limits.size_of(request.body, limits.DOWNLOAD_PIXELS)
    kind = checks.string(request.body.get("format", "png"), "format", 10)
    # where the page looks now, which may not be where it opened
    looked = {key: request.body[key] for key in ("x", "y", "w", "h", "show", "tone", "colour") if key in request.body}
    seen = Pane.from_data(looked, pane.to_data())
    return downloads.estimate(session.field(pane, cancel), seen, size, kind, cancel)


_HANDLERS: dict[str, Handler] = {
    "open": _open,
    "view": _view,
    "at": _at,
    "orbit": _orbit,
    "measure": _measure,
    "evidence": _evidence,
    "cells": _cells,
    "cell": _cell,
    "complexity": _complexity,
    "nearest": _nearest,
    "regions": _regions,
    "points": _points,
    "agree": _agree,
    "strip": _strip,
    "unit": _unit,
    "neighbours": _neighbours,
    "children": _children,
    "gallery": _gallery,
    "surprise": _surprise,
    "share": _share,
    "parse": _parse,
    "estimate": _estimate,
}
# what takes long by its nature: it never keeps a picture waiting
LATER = (
    "measure",
    "evidence",
    "cells",
    "cell",
    "complexity",
    "nearest",
    "regions",
    "agree",
    "strip",
    "neighbours",
    "children",
    "gallery",
    "estimate",
)
