"""Work off the event loop, shared fairly: sessions take turns, each with its best request first, stale ones dropped.

Two lanes. "now" is what a page waits for, on all cores; "later" is what takes long, each on one core. In either lane a
session has one job under way at most. Everything here but the jobs themselves runs on the event loop: no locks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import Any, Literal

from netwarp.engine.threads import alone, thread_count

Lane = Literal["now", "later"]
LANES: tuple[Lane, ...] = ("now", "later")


class Stopped(BaseException):
    """Raised inside a job that nobody waits for any more. Not an Exception: nothing between may take it for one."""


class Overdue(BaseException):
    """Raised inside a job that has taken all the time it is given."""


class Heavy(Exception):
    """Raised by a job of the lane "now" that finds it will take long: it is done in "later" instead."""


class Ticket:
    """What a job looks at now and then: whether to go on. `progress` is netwarp's callback, and raises to stop."""

    def __init__(self, lane: Lane, seconds: float) -> None:
        self.lane = lane
        self.seconds = seconds
        self.deadline = monotonic() + seconds
        self.unwanted = inf

    def progress(self, _done: int = 0, _total: int = 0) -> None:
        now = monotonic()
        if now > self.unwanted:
            raise Stopped
        if now > self.deadline:
            raise Overdue(f"{self.seconds:g}")

    def stop_at(self, moment: float) -> None:
        """From then on (monotonic time) nobody waits for it."""
        self.unwanted = min(self.unwanted, moment)

    def light(self, seconds: float, most: float) -> None:
        """Goes on where the work takes `most` seconds or less, or is in the lane for what takes longer."""
        if self.lane == "now" and seconds > most:
            raise Heavy


@dataclass(eq=False)
class Job:
    """`work` runs in a thread; `done` is told on the event loop what came of it, an exception where one was raised.

    `rank`: the smallest goes first. `seconds` may pass before it is stopped.
    """

    work: Callable[[Ticket], Any]
    done: Callable[[Any], None]
    rank: Callable[[], tuple[int, ...]] = tuple
    lane: Lane = "now"
    seconds: float = 30.0
    about: Any = None  # the party's own
    ticket: Ticket | None = None
    started: float = 0.0


@dataclass(eq=False)
class Party:
    """One who waits for work: a session, or a download. `ready` says whether it can take an answer."""

    ready: Callable[[], bool] = lambda: True
    pending: list[Job] = field(default_factory=list)
    running: dict[Lane, Job] = field(default_factory=dict)


class Desk:
    """Where work is handed in."""

    def __init__(self, now: int | None = None, later: int = 2) -> None:
        self.slots: dict[Lane, int] = {"now": now or max(1, min(2, thread_count())), "later": later}
        self.busy: dict[Lane, int] = dict.fromkeys(LANES, 0)
        self.turns: dict[Lane, deque[Party]] = {lane: deque() for lane in LANES}
        self.pools = {lane: ThreadPoolExecutor(self.slots[lane], f"netwarp-{lane}") for lane in LANES}
        self.running: set[Job] = set()
        self.closed = False

    def submit(self, party: Party, job: Job) -> None:
        if self.closed:
            job.done(Stopped())
            return
        party.pending.append(job)
        self._line_up(party, job.lane)
        self.pump()

    def leave(self, party: Party) -> None:
        """Everything of a party that is waiting is forgotten, and what is under way is stopped."""
        party.pending.clear()
        for job in party.running.values():
            if job.ticket is not None:
                job.ticket.stop_at(0.0)
        for turn in self.turns.values():
            if party in turn:
                turn.remove(party)

    def close(self) -> None:
        """Ends all work: what is waiting or under way is told that it is stopped, and nothing more is begun."""
        if self.closed:
            return
        self.closed = True
        parties = {party for lane in LANES for party in self.turns[lane]}
        jobs = [*self.running, *(job for party in parties for job in party.pending)]
        for job in jobs:
            if job.ticket is not None:
                job.ticket.stop_at(0.0)
        for party in parties:
            party.pending.clear()
        for lane in LANES:
            self.turns[lane].clear()
            self.pools[lane].shutdown(wait=False, cancel_futures=True)
        for job in jobs:
            job.done(Stopped())

    def pump(self) -> None:
        """Begins what can be begun."""
        for lane in LANES:
            turn = self.turns[lane]
            for _ in range(len(turn)):
                if self.closed or self.busy[lane] >= self.slots[lane]:
                    break
                party = turn.popleft()
                mine = [job for job in party.pending if job.lane == lane]
                if not mine:
                    continue
                turn.append(party)
                if lane not in party.running and party.ready():
                    self._begin(party, min(mine, key=lambda job: job.rank()))

    def _line_up(self, party: Party, lane: Lane) -> None:
        if party not in self.turns[lane]:
            self.turns[lane].append(party)

    def _begin(self, party: Party, job: Job) -> None:
        lane = job.lane
        party.pending.remove(job)
        job.ticket, job.started = Ticket(lane, job.seconds), monotonic()
        party.running[lane] = job
        self.running.add(job)
        self.busy[lane] += 1
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self.pools[lane], _run, job)
        future.add_done_callback(lambda found: self._ended(party, job, lane, found))

    def _ended(self, party: Party, job: Job, lane: Lane, found: asyncio.Future[Any]) -> None:
        self.busy[lane] -= 1
        party.running.pop(lane, None)
        self.running.discard(job)
        if self.closed:
            return
        if party in self.turns[lane]:
            # its turn is over: everybody else goes first
            self.turns[lane].remove(party)
            self.turns[lane].append(party)
        outcome = None if found.cancelled() else found.result()
        if isinstance(outcome, Heavy):
            job.lane = "later"
            party.pending.append(job)
            self._line_up(party, "later")
        else:
            job.done(outcome)
        self.pump()


def _run(job: Job) -> Any:
    """What the job gives, or the exception it raised: a future that held it would keep its frames alive."""
    assert job.ticket is not None
    try:
        job.ticket.progress()
        if job.lane == "now":
            return job.work(job.ticket)
        with alone():
            return job.work(job.ticket)
    except (Exception, Stopped, Overdue) as error:  # noqa: BLE001  # the event loop says what becomes of it
        return error.with_traceback(None) if not _unexpected(error) else error


def _unexpected(error: BaseException) -> bool:
    from netwarp.errors import NetwarpError

    return not isinstance(error, (NetwarpError, Stopped, Overdue, Heavy))
