"""The explorer's server as a page meets it: a process of its own, a socket, the clock at the page's end. No browser."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from statistics import median, quantiles
from typing import Any

from benchmarks.tables import judged, table
from benchmarks.timing import say

Found = dict[str, Any]

STATE = {"arch": "conv(10) * 10"}
VIEW = {"x": "0", "y": "0", "w": "1", "h": "1", "columns": 600, "rows": 400}
DEEP = "0.1234567890123456789012345678901234567"
REPEATS = 25
SESSIONS = 10


@dataclass(frozen=True)
class ExplorerRow:
    """What is done, and the milliseconds it may take: at the page's end, and of them the server's own."""

    name: str
    what: str
    page: float
    server: float | None = None


ROWS = (
    ExplorerRow("explorer-start", "`netwarp explore` to the first picture, a process of its own", 4000),
    ExplorerRow("explorer-slider", "another seed: calibrated anew, painted", 150, 60),
    ExplorerRow("explorer-zoom", "a zoom step", 100, 30),
    ExplorerRow("explorer-deep", "a zoom step at 1e-20, by differences", 400),
    ExplorerRow("explorer-parse", "a typed letter", 50),
    ExplorerRow("explorer-ten", "ten sessions at once, sliders and zooms: the 95th percentile", 1000),
)


def row_names() -> list[str]:
    return [row.name for row in ROWS]


class Visit:
    """A session: requests out, the answer of each awaited."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.numbers = count(1)

    def send(self, kind: str, **body: object) -> int:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "kind": kind, "pane": 0, **body}))
        return number

    def ask(self, kind: str, **body: object) -> Found:
        return self.hear(self.send(kind, **body))

    def hear(self, number: int, seen: list[Found] | None = None) -> Found:
        while True:
            data = self.socket.recv()
            if isinstance(data, bytes):
                (length,) = struct.unpack_from("<I", data)
                data = data[4 : 4 + length]
            answer: Found = json.loads(data)
            if seen is not None:
                seen.append(answer)
            if answer["id"] == number:
                if answer["kind"] == "error":
                    raise RuntimeError(answer["message"])
                return answer


@dataclass(frozen=True)
class Explorer:
    """A running explorer: its port, when its process was started, and that process's number."""

    port: int
    started: float
    process: int


@contextmanager
def explorer() -> Iterator[Explorer]:
    """A running explorer, until it is left."""
    started = time.perf_counter()
    command = [
        sys.executable,
        "-c",
        "from netwarp.cli.main import main; main()",
        "explore",
        "--no-browser",
        "--port",
        "0",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        found = re.search(r":(\d+)/", process.stdout.readline())
        if found is None:
            raise RuntimeError("netwarp explore did not start")
        yield Explorer(int(found[1]), started, process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def visit(port: int) -> Iterator[Visit]:
    from websockets.sync.client import connect

    own = f"127.0.0.1:{port}"
    with connect(f"ws://{own}/session", origin=f"http://{own}", compression=None, max_size=None) as socket:
        yield Visit(socket)


def run(wanted: Collection[str], budget: float) -> list[Found]:
    """The rows named: milliseconds at the page's end, and the server's own where it says them."""
    if find_spec("uvicorn") is None or find_spec("websockets") is None:
        say("explorer: absent, it needs pip install 'netwarp[explorer]'")
        return []
    say("explorer")
    found: dict[str, tuple[float, float | None]] = {}
    repeats = max(5, min(REPEATS, int(8 * budget)))
    with explorer() as running:
        with visit(running.port) as page:
            page.ask("open", state=STATE)
            page.ask("view", **VIEW)
            found["explorer-start"] = 1e3 * (time.perf_counter() - running.started), None
            for _ in range(5):
                page.ask("open", state=STATE)
                page.ask("view", **VIEW)
            found["explorer-slider"] = _slider(page, repeats)
            found["explorer-zoom"] = _zoom(page, repeats, "0", 1.0)
            found["explorer-deep"] = _zoom(page, repeats, DEEP, 1e-20)
            found["explorer-parse"] = _typing(page, repeats)
        found["explorer-ten"] = _crowd(running.port), None
    return [
        {"name": row.name, "ms": found[row.name][0], "server ms": found[row.name][1], "at most": row.page}
        for row in ROWS
        if row.name in wanted
    ]


def _slider(page: Visit, repeats: int) -> tuple[float, float]:
    waits, server = [], []
    for seed in range(repeats):
        seen: list[Found] = []
        start = time.perf_counter()
        page.send("open", state={**STATE, "seed": 100 + seed})
        page.hear(page.send("view", **VIEW), seen)
        waits.append(1e3 * (time.perf_counter() - start))
        server.append(1e3 * sum(one.get("seconds", 0.0) for one in seen))
    return median(waits), median(server)


def _zoom(page: Visit, repeats: int, x: str, side: float) -> tuple[float, float]:
    waits, server = [], []
    for step in range(1, repeats + 1):
        size = repr(side * 0.9**step)
        start = time.perf_counter()
        contrast = "whole" if side == 1.0 else "view"
        answer = page.ask("view", **{**VIEW, "x": x, "w": size, "h": size, "contrast": contrast})
        waits.append(1e3 * (time.perf_counter() - start))
        server.append(1e3 * answer["seconds"])
    return median(waits), median(server)


def _typing(page: Visit, repeats: int) -> tuple[float, None]:
    waits = []
    for step in range(repeats):
        start = time.perf_counter()
        page.ask("parse", text=f"conv({10 + step}) * 10")
        waits.append(1e3 * (time.perf_counter() - start))
    return median(waits), None


def _crowd(port: int) -> float:
    waits: list[float] = []

    def play(number: int) -> None:
        with visit(port) as page:
            for seed in range(8):
                start = time.perf_counter()
                page.send("open", state={**STATE, "seed": 1000 * number + seed})
                page.ask("view", **VIEW)
                waits.append(1e3 * (time.perf_counter() - start))
                for step in (1, 2, 3):
                    start = time.perf_counter()
                    page.ask("view", **{**VIEW, "w": repr(0.5**step), "h": repr(0.5**step)})
                    waits.append(1e3 * (time.perf_counter() - start))

    threads = [threading.Thread(target=play, args=(number,)) for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return quantiles(waits, n=20)[-1]


def tables(found: list[Found]) -> str:
    rows = {row.name: row for row in ROWS}
    cells = []
    for one in found:
        row = rows[one["name"]]
        own = "" if one["server ms"] is None else f"{one['server ms']:.3g}"
        most = f"{row.page:g}" + ("" if row.server is None else f", {row.server:g}")
        cells.append((row.name, row.what, f"{one['ms']:.3g}", own, judged(most, held=one["ms"] <= row.page)))
    title = (
        "The explorer's server, 600x400 `conv(10) * 10`: medians, warm, at the socket's other end, without a browser."
    )
    return "\n".join(table(title, ("row", "what", "ms", "of them the server's own", "at most"), cells))
