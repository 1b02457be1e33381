"""Many pages: two hundred that come and go leave the memory flat, ten at once are all answered soon."""

import gc
import socket
import threading
import time
from statistics import quantiles
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from netwarp.explorer import application

HOME = {"x": "0", "y": "0", "w": "1", "h": "1"}


def resident() -> int:
    """Bytes of memory this process holds."""
    with open("/proc/self/status") as status:  # noqa: PTH123  # no file of ours
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))


@pytest.mark.slow
def test_two_hundred_sessions_leave_the_memory_flat(server: Any) -> None:
    def visit(seed: int) -> None:
        with server.page() as page:
            page.send("open", pane=0, state={"arch": "conv(8) * 2", "seed": seed})
            assert page.ask("view", pane=0, **HOME, columns=200, rows=150)["kind"] == "pixels"

    for seed in range(40):
        visit(seed)
    gc.collect()
    before = resident()
    for seed in range(200):
        visit(seed)
    deadline = time.monotonic() + 10
    while server.shared.sessions and time.monotonic() < deadline:
        time.sleep(0.02)
    gc.collect()
    assert not server.shared.sessions
    # two hundred sessions that stayed would hold 600 MB: the samples of 600x400 alone
    assert resident() - before < 30 << 20


@pytest.mark.slow
def test_ten_sessions_at_once_are_answered_soon(server: Any) -> None:
    waits: list[float] = []

    def play(number: int) -> None:
        with server.page() as page:
            for step in range(8):
                start = time.perf_counter()
                page.send("open", pane=0, state={"arch": "conv(10) * 5", "seed": 100 * number + step})
                answer = page.ask("view", pane=0, **HOME, columns=300, rows=200)
                assert answer["kind"] == "pixels", answer
                waits.append(time.perf_counter() - start)

    threads = [threading.Thread(target=play, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 80
    assert quantiles(waits, n=20)[-1] < 5, "a machine may be busy; benchmarks hold it to a second"


def test_more_sessions_than_there_is_room_for_are_told_so(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "SESSIONS", 1)
    with server.page() as first:
        assert first.ask("surprise")["kind"] == "surprise"
        with server.page() as second, pytest.raises(ConnectionClosed) as found:
            second.listen()
        assert found.value.rcvd is not None
        assert (found.value.rcvd.code, "close a tab" in found.value.rcvd.reason) == (1013, True)
        assert first.ask("surprise")["kind"] == "surprise"


def test_a_message_too_large_ends_the_session_only(server: Any) -> None:
    with server.page() as page:
        page.socket.send("x" * (1 << 20))
        with pytest.raises(ConnectionClosed):
            page.listen()
    with server.page() as page:
        assert page.ask("surprise")["kind"] == "surprise"


def test_one_that_asks_and_does_not_listen_is_let_go(server: Any) -> None:
    """By hand: a client of a library reads in the background, and then does listen."""
    mask = b"\1\2\3\4"
    frame = bytes((0x81, 0x80 | 9)) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(b'{"id": 1}'))
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.settimeout(20)
        deaf.connect(("127.0.0.1", server.port))
        host = f"127.0.0.1:{server.port}"
        deaf.sendall(
            f"GET /session HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert deaf.recv(12) == b"HTTP/1.1 101"
        end = time.monotonic() + 5
        while not server.shared.sessions and time.monotonic() < end:
            time.sleep(0.01)
        assert len(server.shared.sessions) == 1
        end = time.monotonic() + 30
        while server.shared.sessions and time.monotonic() < end:
            deaf.sendall(100 * frame)
        assert not server.shared.sessions
    with server.page() as page:
        assert page.ask("surprise")["kind"] == "surprise"
