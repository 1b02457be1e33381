"""A session: one page's socket, its panes, the Fields it keeps, and which of its requests are still wanted."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from netwarp.errors import InputError, NetwarpError
from netwarp.explorer.answers import LATER, answer
from netwarp.explorer.cells import Local
from netwarp.explorer.evidence import Drawings
from netwarp.explorer.limits import SESSION_BYTES
from netwarp.explorer.messages import FREE, Request, frame_of, id_of, read_request, refusal, text_of
from netwarp.explorer.opening import Key, OpenField, PreviewPane, key_of, open_pane
from netwarp.explorer.protocol import Answer, ErrorReply, Mark, StaleReply, TextReply, Unmarked
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation, Client, Job, MoveToBackground, Overdue, Scheduler, Stopped

log = logging.getLogger("netwarp.explorer")

# answers that wait to be sent before no more work is begun, and before a page that does not listen is let go
FULL, OVERFULL = 8, 256
# what nobody waits for any more is stopped after this long: until then it may still be shown, as while a slider moves
PATIENCE = 0.3


class FieldCache:
    """The Fields a session has opened, by key. Beyond `most` bytes the least recently used one is dropped."""

    def __init__(self, most: int = SESSION_BYTES) -> None:
        self.most = most
        self.closed = False
        self.lock = Lock()
        self.kept: OrderedDict[Key, OpenField] = OrderedDict()
        self.making: dict[Key, Lock] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self.kept

    @property
    def bytes(self) -> int:
        with self.lock:
            return sum(one.bytes for one in self.kept.values())

    def find(self, key: Key) -> OpenField | None:
        with self.lock:
            found = self.kept.get(key)
            if found is not None:
                self.kept.move_to_end(key)
            return found

    def get(self, key: Key, make: Callable[[], OpenField], cancel: Cancellation) -> OpenField:
        """The Field kept under `key`, or the one `make` gives, made once however many threads ask for it.

        Raises MoveToBackground in the lane "now" while another thread makes it.
        """
        found = self.find(key)
        if found is not None:
            return found
        with self.lock:
            gate = self.making.setdefault(key, Lock())
        while not gate.acquire(timeout=0.05):
            cancel.progress()
            if cancel.lane == "now":
                raise MoveToBackground
        try:
            found = self.find(key)
            if found is None:
                found = make()
                self._keep(key, found)
            return found
        finally:
            gate.release()
            with self.lock:
                self.making.pop(key, None)

    def clear(self) -> None:
        with self.lock:
            self.closed = True
            self.kept.clear()

    def _keep(self, key: Key, made: OpenField) -> None:
        with self.lock:
            if self.closed:
                return
            self.kept[key] = made
            while len(self.kept) > 1 and sum(one.bytes for one in self.kept.values()) > self.most:
                self.kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a job is about: a request, and its Pane as it was when it was asked."""

    request: Request
    pane: Pane

    @property
    def key(self) -> Key:
        """Of the Field that it needs."""
        return key_of(self.pane)

    @property
    def slot(self) -> tuple[str, int, bool]:
        """Of requests of one slot only the newest is wanted."""
        return self.request.kind, self.request.pane, bool(self.request.body.get("coarse"))


class Session:
    """One page. All but `field` and the cells' is called on the event loop."""

    def __init__(self, scheduler: Scheduler, files: Files) -> None:
        self.scheduler, self.files = scheduler, files
        self.panes: dict[int, Pane] = {}
        self.good: dict[int, Pane] = {}  # the last that could be opened: its picture stays where the next cannot
        self.cache = FieldCache()
        self.drawings = Drawings()
        self.cut: dict[int, tuple[Key, Local]] = {}
        self.outbox: asyncio.Queue[str | bytes] = asyncio.Queue()
        # slots whose last work was stopped for a newer request: the next is let end, or a busy page would get no answer
        self.overtaken: set[tuple[str, int, bool]] = set()
        self.client = Client(ready=lambda: self.outbox.qsize() < FULL)

    def field(self, pane: Pane, cancel: Cancellation) -> OpenField:
        """The Pane's Field, kept or made. Errors: as opening.open_pane. Raises MoveToBackground."""
        return self.cache.get(key_of(pane), lambda: open_pane(pane, self.files, cancel), cancel)

    def keep_cells(self, number: int, pane: Pane, local: Local) -> None:
        """For clicks on them; too many are not kept."""
        if not self.cache.closed and local.bytes < SESSION_BYTES // 4:
            self.cut[number] = key_of(pane), local

    def cells_of(self, number: int, pane: Pane) -> Local | None:
        key, local = self.cut.get(number, ((), None))
        return local if key == key_of(pane) else None

    def first_panes(self, count: int) -> list[Pane]:
        """The first panes of the page. Errors: InputError where one of them is not open."""
        for number in range(count):
            if number not in self.panes:
                raise InputError(f"agree: pane {number} is not open; open it first")
        return [self.panes[number] for number in range(count)]

    def receive(self, text: str) -> bool:
        """A message of the page; False where it is time to hang up, for it asks and does not listen."""
        try:
            self._ask(read_request(text))
        except NetwarpError as error:
            self._say({"id": id_of(text)}, refusal(error))
        return self.outbox.qsize() < OVERFULL

    def sent(self) -> None:
        """An answer is on its way: there is room for the next."""
        self.scheduler.pump()

    def close(self) -> None:
        """Forgets everything; what is under way is stopped."""
        self.scheduler.leave(self.client)
        self.cache.clear()
        self.cut.clear()

    def _ask(self, request: Request) -> None:
        if request.kind == "open":
            made = PreviewPane if request.body.get("preview") is True else Pane
            self.panes[request.pane] = made.from_data(request.body.get("state", {}))
        pane = self.panes.get(request.pane)
        if pane is None:
            if request.kind not in FREE:
                raise InputError(f"message kind={request.kind}: pane {request.pane} is not open; open it first")
            pane = Pane()
        asked = SessionRequest(request, pane)
        job = Job(lambda cancel: answer(self, request, pane, cancel), partial(self._answered, asked), about=asked)
        job.lane = "later" if request.kind in LATER else "now"
        job.rank = partial(self._rank, asked)
        self._supersede(asked)
        self.scheduler.submit(self.client, job)

    def _supersede(self, new: SessionRequest) -> None:
        """Drops what the new request makes stale, and stops what has long been at it."""
        running = list(self.client.running.values())
        making = {job.about.key for job in running if job.lane == "now" and job.about.request.pane == new.request.pane}
        for job in [job for job in self.client.pending if _stale(job.about, new)]:
            old: SessionRequest = job.about
            # the picture of what is being made now is still wanted: it is what follows a moving slider
            if old.request.kind == "view" and old.key in making and old.key != new.key:
                continue
            self.client.pending.remove(job)
            self._say(_mark(old.request), {"kind": "stale"})
        for job in running:
            if job.cancel is not None and _stale(job.about, new) and job.about.slot not in self.overtaken:
                job.cancel.stop_at(job.started if job.lane == "later" else job.started + PATIENCE)

    def _rank(self, asked: SessionRequest) -> tuple[int, ...]:
        """Pictures that can be drawn at once, then what is quick, then new networks; of each kind the newest."""
        kind = asked.request.kind
        if kind == "view":
            first = 0 if asked.key in self.cache else 3
            return first, 0 if asked.request.body.get("coarse") else 1, -asked.request.id
        return 2 if kind == "open" else 1, 0, -asked.request.id

    def _answered(self, asked: SessionRequest, found: Any) -> None:
        request = asked.request
        mark = _mark(request)
        if request.kind == "open":
            self._opened(request.pane, asked.pane, not isinstance(found, BaseException))
        if isinstance(found, Stopped):
            self.overtaken.add(asked.slot)
            self._say(mark, {"kind": "stale"})
            return
        self.overtaken.discard(asked.slot)
        if found is None:
            return
        if isinstance(found, NetwarpError):
            self._say(mark, refusal(found))
        elif isinstance(found, Overdue):
            self._say(mark, {"kind": "error", "message": f"{request.kind}: took more than {found} seconds, stopped"})
        elif isinstance(found, BaseException):
            log.error("%s failed", request.kind, exc_info=found)
            what = " ".join(f"{type(found).__name__}: {found}".split())[:200]
            self._say(mark, {"kind": "error", "message": f"{request.kind} failed, a fault of netwarp: {what}"})
        else:
            self._give(mark, found)

    def _opened(self, number: int, pane: Pane, well: bool) -> None:
        """Where a Pane cannot be opened, requests are about the last one that could."""
        if well:
            self.good[number] = pane
        elif self.panes.get(number) is pane:
            self.panes.pop(number)
            if number in self.good:
                self.panes[number] = self.good[number]

    def _give(self, mark: Mark, found: Answer) -> None:
        if isinstance(found, tuple):
            header, payload = found
            self.outbox.put_nowait(frame_of({**mark, **header}, payload))
        else:
            self._say(mark, found)

    def _say(self, mark: Mark | Unmarked, said: TextReply | ErrorReply | StaleReply) -> None:
        self.outbox.put_nowait(text_of({**mark, **said}))


def _mark(request: Request) -> Mark:
    return {"id": request.id, "pane": request.pane}


def _stale(old: SessionRequest, new: SessionRequest) -> bool:
    """Whether a new request makes an older one worthless."""
    if old.request.pane != new.request.pane:
        return False
    kinds = old.request.kind, new.request.kind
    if old.slot == new.slot:
        return True
    if kinds == ("view", "view"):
        return bool(new.request.body.get("coarse"))
    return new.request.kind == "open" and old.request.kind not in FREE and old.key != new.key
