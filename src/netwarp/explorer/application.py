"""The server's application: the page and its files, the socket, what is dropped, what is downloaded."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from netwarp.errors import InputError, LimitError, NetwarpError
from netwarp.explorer import downloads, measuring, offers
from netwarp.explorer.address import from_address
from netwarp.explorer.dropped import NAMELESS, most_bytes
from netwarp.explorer.limits import DOWNLOAD_SECONDS, DROP_BYTES, MESSAGE_BYTES, SECONDS, SESSIONS
from netwarp.explorer.messages import refusal
from netwarp.explorer.reader import Readers, read_apart
from netwarp.explorer.reading import Files
from netwarp.explorer.reference import reference
from netwarp.explorer.security import Admission, Guard
from netwarp.explorer.sessions import Session
from netwarp.explorer.state import Page
from netwarp.explorer.work import Cancellation, Client, Job, Overdue, Scheduler, Stopped
from netwarp.network.kinds import ENDINGS

log = logging.getLogger("netwarp.explorer")

STATIC = Path(__file__).parent / "static"
TRY_LATER = 1013  # a socket's "try again later"
DOWNLOADS = 8  # that wait at once
DROPS = 4
HEAD = 4096  # bytes that tell what a dropped file is


@dataclass(eq=False)
class SharedState:
    """What all sessions share."""

    files: Files = field(default_factory=Files)
    scheduler: Scheduler = field(default_factory=Scheduler)
    readers: Readers = field(default_factory=Readers)
    sessions: set[Session] = field(default_factory=set)
    site: str = ""
    downloads: int = 0
    drops: int = 0
    loop: asyncio.AbstractEventLoop | None = None

    def close(self) -> None:
        """Ends all work and every session."""
        for session in list(self.sessions):
            session.close()
        self.scheduler.close()
        self.readers.end()

    def end(self) -> None:
        """As `close`, from any thread."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.close)


def application(door: Admission, files: Files | None = None, *, warm: bool = True, site: str = "") -> Starlette:
    """The ASGI application behind `door`; `site` is where the page is published. `warm`: at the start
    all measures are taken once and the gallery is drawn."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        shared = app.state.shared = SharedState(Files() if files is None else files)
        shared.site = site
        shared.loop = asyncio.get_running_loop()
        if warm:
            for work in (measuring.warm_up, offers.gallery):
                shared.scheduler.submit(Client(), Job(work, lambda _: None, lane="later"))
        try:
            yield
        finally:
            shared.close()

    routes = [
        Route("/", _page),
        Route("/drop", _drop, methods=["POST"]),
        Route("/download/{format}", _download),
        WebSocketRoute("/session", _session),
        Route("/measures", _measures),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, door=door)], lifespan=life)


async def _page(request: Request) -> Response:
    file = STATIC / "index.html"
    if not file.is_file():
        return PlainTextResponse("the explorer's page is not built: run npm run build in web/\n", 503)
    shared: SharedState = request.app.state.shared
    text = file.read_text(encoding="utf-8").replace("<body>", f'<body data-site="{escape(shared.site)}">', 1)
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-cache"})


async def _measures(_: Request) -> Response:
    return Response(reference(), media_type="text/html", headers={"Cache-Control": "no-cache"})


async def _session(socket: WebSocket) -> None:
    shared: SharedState = socket.app.state.shared
    await socket.accept()
    if len(shared.sessions) >= SESSIONS:
        await socket.close(TRY_LATER, f"there are {SESSIONS} sessions already; close a tab")
        return
    session = Session(shared.scheduler, shared.files)
    shared.sessions.add(session)
    sender = asyncio.create_task(_send(socket, session))
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            text = message.get("text")
            if text is None or len(text) > MESSAGE_BYTES or not session.receive(text):
                await socket.close(1009 if text is None or len(text) > MESSAGE_BYTES else 1008)
                break
    except (WebSocketDisconnect, RuntimeError):
        pass  # gone while we were writing
    finally:
        shared.sessions.discard(session)
        session.close()
        sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender


async def _send(socket: WebSocket, session: Session) -> None:
    """Sends what is said, in order; ends when the page has gone."""
    try:
        while True:
            said = await session.outbox.get()
            if isinstance(said, str):
                await socket.send_text(said)
            else:
                await socket.send_bytes(said)
            session.sent()
    except (WebSocketDisconnect, RuntimeError):
        session.close()


async def _drop(request: Request) -> Response:
    shared: SharedState = request.app.state.shared
    try:
        name = _name(request.headers.get("x-file-name", ""))
        if shared.drops >= DROPS:
            raise LimitError("drop: too many files are being read; wait for one")
        shared.drops += 1
        try:
            data = await _body(request, name)

            def read(cancel: Cancellation) -> Page:
                return read_apart(data, shared.files, name, cancel.progress, readers=shared.readers)

            page = await _done(shared, request, read, SECONDS)
        finally:
            shared.drops -= 1
    except NetwarpError as error:
        return _refused(error)
    return JSONResponse(page.to_data())


def _name(said: str) -> str:
    """A file name without a folder, of plain letters, that ends as a file does; that of an npz where it does not."""
    name = re.sub(r"[^A-Za-z0-9._-]", "", unquote(said))[-80:].lstrip(".")
    return name if Path(name).suffix.lower() in ENDINGS else NAMELESS


async def _body(request: Request, name: str) -> bytes:
    """The body, of 2 MiB at most, of a model's file 64 MiB, whatever its headers say. Errors: LimitError."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > DROP_BYTES and len(body) > (most := most_bytes(bytes(body[:HEAD]), name)):
            raise LimitError(f"the file: more than {most:,} bytes, which is not read; try netwarp explore FILE")
    return bytes(body)


async def _download(request: Request) -> Response:
    shared: SharedState = request.app.state.shared
    kind = request.path_params["format"]
    try:
        pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=100)
        own = {key: value for key, value in pairs if key in ("columns", "rows", "pane")}
        rest = [(key, value) for key, value in pairs if key not in own]
        page = from_address(dict(rest)["state"] if [key for key, _ in rest] == ["state"] else urlencode(rest))
        size = _number(own, "columns", downloads.SIZE[0], 1), _number(own, "rows", downloads.SIZE[1], 1)
        number = _number(own, "pane", 0, 0)
        if shared.downloads >= DOWNLOADS:
            raise LimitError("download: too many are under way; wait for one")
        shared.downloads += 1
        try:
            made = await _done(
                shared,
                request,
                lambda cancel: downloads.download(page, number, kind, size, shared.files, cancel),
                DOWNLOAD_SECONDS,
            )
        finally:
            shared.downloads -= 1
        name = downloads.name_of(page, number, kind, shared.files)
    except NetwarpError as error:
        return _refused(error)
    except ValueError as error:
        return _refused(InputError(f"address: cannot be read ({str(error)[:80]})"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=downloads.TYPES[kind], headers=headers)


def _number(given: dict[str, str], key: str, usual: int, least: int) -> int:
    text = given.get(key, str(usual))
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or int(text) < least:
        raise InputError(f"{key}={text[:20]!r}: must be a whole number from {least} to 999999")
    return int(text)


def _refused(error: Exception) -> Response:
    return JSONResponse(refusal(error), 413 if isinstance(error, LimitError) else 400)


async def _done(shared: SharedState, request: Request, work: Callable[[Cancellation], Any], seconds: float) -> Any:
    """What the work gives, done in turn with everybody's; stopped when the browser goes. Errors: NetwarpError."""
    client, answer = Client(), asyncio.get_running_loop().create_future()
    job = Job(work, lambda found: None if answer.done() else answer.set_result(found), lane="later", seconds=seconds)
    shared.scheduler.submit(client, job)
    try:
        while not answer.done():
            await asyncio.wait([answer], timeout=0.5)
            if not answer.done() and await request.is_disconnected():
                raise InputError("the browser has gone")
    finally:
        shared.scheduler.leave(client)
    found = answer.result()
    if shared.scheduler.closed and isinstance(found, Stopped):
        raise InputError("the server has been ended")
    if isinstance(found, (Stopped, Overdue)):
        raise LimitError(f"took more than {seconds:.0f} seconds, stopped; make it smaller")
    if isinstance(found, NetwarpError):
        raise found
    if isinstance(found, BaseException):
        log.error("%s failed", request.url.path, exc_info=found)
        raise InputError(f"failed, a fault of netwarp: {type(found).__name__}")
    return found
