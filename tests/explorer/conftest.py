"""A real server on a free port, and a page's end of the protocol: asks over a socket, waits for its answer."""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

import pytest
import uvicorn
from websockets.sync.client import ClientConnection, connect

import netwarp as nw
from netwarp.explorer.application import SharedState, application
from netwarp.explorer.security import Admission, door
from netwarp.explorer.serve import config


@dataclass
class Page:
    """One session. Answers are their header with the payload under "bytes"."""

    socket: ClientConnection
    asked: int = 0
    heard: dict[int, dict[str, Any]] = made(default_factory=dict)

    def send(self, kind: str, **body: Any) -> int:
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "kind": kind, **body}))
        return self.asked

    def listen(self) -> dict[str, Any]:
        data = self.socket.recv(timeout=60)
        if isinstance(data, str):
            answer = json.loads(data)
        else:
            (length,) = struct.unpack_from("<I", data)
            assert (4 + length) % 8 == 0
            answer = json.loads(data[4 : 4 + length]) | {"bytes": data[4 + length :]}
        assert "\n" not in answer.get("message", "")
        return answer

    def hear(self, number: int) -> dict[str, Any]:
        while number not in self.heard:
            answer = self.listen()
            self.heard[answer["id"]] = answer
        return self.heard[number]

    def ask(self, kind: str, **body: Any) -> dict[str, Any]:
        return self.hear(self.send(kind, **body))

    def measured(self, **body: Any) -> dict[str, dict[str, Any]]:
        """All measures of a view by name, asked for until none is left."""
        found, rest = {}, []
        while not found or rest:
            answer = self.ask("measure", names=rest, **body)
            found |= {one["name"]: one for one in answer["measures"]}
            rest = answer["rest"]
        return found


@dataclass
class Server:
    """A running explorer."""

    port: int
    door: Admission
    shared: SharedState

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """An answer; its body is `.data`. Headers' underscores stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        response.data = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    @contextmanager
    def page(self, *, origin: str | None = "", query: str = "", **headers: str) -> Iterator[Page]:
        own = f"http://127.0.0.1:{self.port}"
        with connect(
            f"ws://127.0.0.1:{self.port}/session{query}",
            origin=own if origin == "" else origin,  # type: ignore[arg-type]
            additional_headers=headers or None,
            compression=None,
            max_size=None,
        ) as one:
            yield Page(one)


@contextmanager
def running(host: str | None = None) -> Iterator[Server]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    way = door(host, port)
    app = application(way, warm=False)
    server = uvicorn.Server(config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Server(port, way, app.state.shared)
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    listening.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as one:
        yield one


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """One that listens to a network, and asks for a token."""
    with running("0.0.0.0") as one:
        yield one


@pytest.fixture
def opened(server: Server) -> Callable[[], Any]:
    return server.page


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    with server.page() as one:
        yield one


@pytest.fixture(scope="module")
def field() -> nw.Field:
    """That of explorer.asked.SMALL."""
    return nw.Network.draw(nw.parse("conv(6) * 3"), 5).calibrate()
