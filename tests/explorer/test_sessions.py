"""Sessions: what is stale, who waits for whom, what a busy page gets, and what is left of one that is closed."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from explorer.asked import HOME, SMALL, pixels_of
from netwarp.explorer import views
from netwarp.explorer.state import Pane


@pytest.mark.slow
def test_a_page_that_asks_faster_than_it_is_answered_gets_answers(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded server takes a second a picture; a slider asks ten times a second for four seconds."""

    def slow(*_: Any, cancel: Any, **__: Any) -> Any:
        for _step in range(20):
            time.sleep(0.05)
            cancel.progress()
        return {"kind": "pixels"}, b""

    monkeypatch.setattr(views, "pixels", slow)
    page.ask("open", pane=0, state=SMALL)
    asked = []
    for _ in range(40):
        asked.append(page.send("view", pane=0, **HOME, columns=30, rows=20))
        time.sleep(0.1)
    kinds = [page.hear(number)["kind"] for number in asked]
    assert kinds[-1] == "pixels", "the newest is always answered"
    assert kinds.count("pixels") >= 3
    assert kinds.count("stale") > 20


def test_stale_requests_are_dropped_and_said_to_be(page: Any) -> None:
    page.ask("open", pane=0, state=SMALL)
    numbers = [page.send("view", pane=0, **HOME, columns=700 + n, rows=500) for n in range(30)]
    last = page.hear(numbers[-1])
    assert last["kind"] == "pixels"
    assert last["columns"] == 729
    kinds = [page.hear(number)["kind"] for number in numbers]
    assert kinds.count("stale") > 10
    assert set(kinds) == {"stale", "pixels"}


def test_a_slider_that_moves_is_followed(page: Any) -> None:
    """Each step asks for a network and its picture: some pictures come on the way, and the last one is the last's."""
    opens, seen = [], []
    for seed in range(20):
        opens.append(page.send("open", pane=0, state={"arch": "conv(6) * 3", "seed": seed}))
        seen.append(page.send("view", pane=0, **HOME, columns=60, rows=40))
        time.sleep(0.01)
    kinds = [page.hear(number)["kind"] for number in seen]
    assert kinds[-1] == "pixels"
    assert "pixels" in kinds[:-1]
    last = nw.Network.draw(nw.parse("conv(6) * 3"), 19).calibrate()
    samples = last.sample(nw.Raster(60, 40))
    assert np.array_equal(pixels_of(page.hear(seen[-1])), nw.paint(samples, nw.Tone.fit(last.sample())).pixels)
    assert page.hear(opens[-1])["kind"] == "field"


@pytest.mark.slow
def test_a_modest_session_is_not_behind_a_greedy_one(opened: Callable[[], Any]) -> None:
    with opened() as greedy, opened() as modest:
        for pane in range(4):
            greedy.ask("open", pane=pane, state={**SMALL, "seed": pane})
        modest.ask("open", pane=0, state=SMALL)
        for pane in range(4):
            greedy.send("view", pane=pane, **HOME, columns=1500, rows=1000)
            for kind in ("measure", "strip", "neighbours", "nearest"):
                greedy.send(kind, pane=pane, **HOME)
        start = time.perf_counter()
        assert modest.ask("view", pane=0, **HOME, columns=60, rows=40)["kind"] == "pixels"
        waited = time.perf_counter() - start
        for number in range(5, greedy.asked + 1):
            greedy.hear(number)
        assert waited < (time.perf_counter() - start) / 2


def test_a_closed_session_leaves_nothing(server: Any) -> None:
    shared = server.shared
    before = set(shared.sessions)
    with server.page() as one:
        one.ask("open", pane=0, state=SMALL)
        (session,) = shared.sessions - before
        assert session.cache.bytes > 0
        one.send("measure", pane=0, **HOME)
    deadline = time.monotonic() + 10
    while (session in shared.sessions or any(shared.scheduler.busy.values())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert session not in shared.sessions
    assert session.cache.bytes == 0
    assert not session.client.pending
    assert not any(shared.scheduler.turns.values())


def test_what_a_session_keeps_is_bounded() -> None:
    from netwarp.explorer.opening import open_pane
    from netwarp.explorer.reading import Files
    from netwarp.explorer.sessions import FieldCache
    from netwarp.explorer.work import Cancellation

    cancel, files = Cancellation("now", 60), Files()
    first = open_pane(Pane(arch="conv(4)"), files, cancel)
    cache = FieldCache(most=3 * first.bytes)
    for seed in range(6):
        cache.get((seed,), lambda: open_pane(Pane(arch="conv(4)"), files, cancel), cancel)
    assert cache.bytes <= 3 * first.bytes
    assert [(seed,) in cache for seed in range(6)] == [False] * 3 + [True] * 3
    made: list[int] = []
    cache.get((5,), lambda: made.append(1) or first, cancel)  # type: ignore[func-returns-value]
    assert not made
