"""serve: the explorer on a port of this machine, until it is told to stop."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from netwarp.errors import InputError, UnsupportedError
from netwarp.explorer.address import to_address
from netwarp.explorer.lessons import Lesson
from netwarp.explorer.limits import MESSAGE_BYTES
from netwarp.explorer.reading import Files, page_of_subjects
from netwarp.explorer.state import Page
from netwarp.models.data import Data
from netwarp.orders.subject import Subject

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Config, Server

PORT = 8047
LOCALHOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the explorer is found: its address, the token in it; and what listening there means, None at home."""

    url: str
    warning: str | None = None


def serve(
    subjects: Sequence[Subject] = (),
    *,
    data: Data | None = None,
    y: str | None = None,
    port: int = PORT,
    host: str | None = None,
    seed: int | None = None,
    site: str | None = None,
    lesson: Lesson | None = None,
    ready: Callable[[Place], None] | None = None,
) -> None:
    """Serves the explorer on 127.0.0.1, or on `host`, until Ctrl-C; `ready` is called once it listens.

    The page opens on `subjects`, side by side where they are several, on the default page where there are none; all
    look where the first one does. With a `lesson` it opens on its first step. The points of `data` are shown on top,
    and `y` is "up" or "down". Port 0 is any free one. Shared addresses are those of `site`, where the page is published
    without a server.
    Errors: UnsupportedError without the extra; InputError where the port is taken or the host is not this machine's.
    """
    check_extra()
    published = "" if site is None else check_site(site)
    import uvicorn

    from netwarp.explorer.application import application
    from netwarp.explorer.security import door

    listening = _listen(host or LOCALHOST, port)
    try:
        number: int = listening.getsockname()[1]
        files = Files(data=data)
        page = page_of_subjects(subjects, files, seed=seed, y=y) if lesson is None else lesson.page()
        way = door(host, number)
        query = "&".join(
            part
            for part in (f"token={way.token}" if way.token else "", "" if page == Page() else to_address(page))
            if part
        )
        # an address of the whole network is no address to go to
        shown = LOCALHOST if host in (None, "", "0.0.0.0", "::") else str(host)
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{number}/{'?' if query else ''}{query}"
        place = Place(url, None if way.token is None else _warning(str(host), number))
        app = application(way, files, site=published)
        server = uvicorn.Server(config(app))
        if ready is not None:
            _when(server, "started", lambda: ready(place))
        # work that is under way must not keep the server up
        _when(server, "should_exit", lambda: _end(app))
        with _hung_up(server):
            server.run(sockets=[listening])
    finally:
        listening.close()


def config(app: Starlette) -> Config:
    """How uvicorn serves it: no message larger than one may be, and nothing compressed, which would only take time."""
    import uvicorn

    return uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )


def check_extra() -> None:
    """Errors: UnsupportedError where the packages of the extra `explorer` are not there."""
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn", "websockets") if find_spec(name) is None]
    if missing:
        raise UnsupportedError(f"the explorer needs {', '.join(missing)}: pip install 'netwarp[explorer]'")


def check_site(site: str) -> str:
    """The address of a page that is published, as it is given. Errors: InputError."""
    if not re.fullmatch(r"https?://[^\s?#\"<>]{1,2000}", site):
        raise InputError(f"site {site[:60]!r}: must be a page's address, as in https://example.org/netwarp.html")
    return site


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Errors: InputError."""
    if not 0 <= port <= 65_535:
        raise InputError(f"port {port}: must be from 0 (any free one) to 65535")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        found = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise InputError(f"host {host[:60]!r}: no address of this machine ({error.strerror or error})") from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        why = error.strerror or str(error)
        raise InputError(f"{host}:{port}: cannot listen there ({why}); try another port, or --port 0") from None
    return found


def _warning(host: str, port: int) -> str:
    return (
        f"listening on {host}:{port}: whoever reaches this machine there and has the token can use its processors; "
        "nothing is encrypted"
    )


def _when(server: Server, what: Literal["started", "should_exit"], call: Callable[[], None]) -> None:
    """Calls when the server has started, or is to end, from a thread of its own."""
    import threading
    import time

    def wait() -> None:
        while not getattr(server, what):
            if server.should_exit:
                return
            time.sleep(0.02)
        call()

    threading.Thread(target=wait, name=f"netwarp-{what}", daemon=True).start()


def _end(app: Starlette) -> None:
    shared = getattr(app.state, "shared", None)  # not yet, where it is to end before it has started
    if shared is not None:
        shared.end()


@contextmanager
def _hung_up(server: Server) -> Iterator[None]:
    """SIGHUP ends the server as SIGTERM does, which uvicorn listens to; then whoever listened before gets it."""
    import signal
    import threading

    number = getattr(signal, "SIGHUP", None)
    if number is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.getsignal(number)
    if usual == signal.SIG_IGN:
        yield
        return
    came: list[int] = []

    def stop(_number: int, _frame: object) -> None:
        came.append(number)
        server.should_exit = True

    signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, usual)
        if came:
            signal.raise_signal(number)
