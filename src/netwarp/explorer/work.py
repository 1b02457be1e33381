"""A scheduler that runs jobs in threads, off the event loop, and lets its clients take turns.

There are two lanes. The lane "now" holds jobs that a page waits for; they use all cores. The lane "later" holds long
jobs; each uses one core, or its share of all cores where it is many small jobs in one. A client has at most one running
job in each lane, and its job of the smallest rank starts first. The scheduler itself runs on the event loop and needs
no locks; only the jobs run in threads.
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
    """Raised inside a job whose result nobody needs any more. A BaseException: no `except Exception` may catch it."""


class Overdue(BaseException):
    """Raised inside a job that has used up its time."""


class MoveToBackground(Exception):
    """Raised by a job of the lane "now" that will take long: the scheduler runs it again in the lane "later"."""


class Cancellation:
    """Tells a job whether to go on. `progress` is netwarp's progress callback; it raises Stopped or Overdue.

    `share` gives how many cores are its own just now, where it can use several.
    """

    def __init__(self, lane: Lane, seconds: float, share: Callable[[], int] = lambda: 1) -> None:
        self.lane = lane
        self.share = share
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
        """Cancels the job from `moment` on, a monotonic time in seconds."""
        self.unwanted = min(self.unwanted, moment)

    def require_short(self, seconds: float, most: float) -> None:
        """Raises MoveToBackground where the job is in the lane "now" and will take more than `most` seconds."""
        if self.lane == "now" and seconds > most:
            raise MoveToBackground


@dataclass(eq=False)
class Job:
    """`work` runs in a thread; `done` gets its result, or the exception it raised, on the event loop.

    Of a client's jobs the one of the smallest `rank` starts first. A job is stopped after `seconds`.
    """

    work: Callable[[Cancellation], Any]
    done: Callable[[Any], None]
    rank: Callable[[], tuple[int, ...]] = tuple
    lane: Lane = "now"
    seconds: float = 30.0
    about: Any = None  # for the client's own use
    cancel: Cancellation | None = None
    started: float = 0.0


@dataclass(eq=False)
class Client:
    """Who submits jobs: a session or a download. `ready` says whether it can receive another result."""

    ready: Callable[[], bool] = lambda: True
    pending: list[Job] = field(default_factory=list)
    running: dict[Lane, Job] = field(default_factory=dict)


class Scheduler:
    """Runs the jobs of all clients in turn; `now` and `later` are the numbers of threads of the two lanes."""

    def __init__(self, now: int | None = None, later: int = 2) -> None:
        self.slots: dict[Lane, int] = {"now": now or max(1, min(2, thread_count())), "later": later}
        self.busy: dict[Lane, int] = dict.fromkeys(LANES, 0)
        self.turns: dict[Lane, deque[Client]] = {lane: deque() for lane in LANES}
        self.pools = {lane: ThreadPoolExecutor(self.slots[lane], f"netwarp-{lane}") for lane in LANES}
        self.running: set[Job] = set()
        self.closed = False

    def submit(self, client: Client, job: Job) -> None:
        if self.closed:
            job.done(Stopped())
            return
        client.pending.append(job)
        self._line_up(client, job.lane)
        self.pump()

    def share(self, lane: Lane) -> int:
        """How many cores each running job of a lane has, where all cores are divided among these jobs."""
        return max(1, thread_count() // max(1, self.busy[lane]))

    def leave(self, client: Client) -> None:
        """Drops the waiting jobs of a client and cancels its running ones."""
        client.pending.clear()
        for job in client.running.values():
            if job.cancel is not None:
                job.cancel.stop_at(0.0)
        for turn in self.turns.values():
            if client in turn:
                turn.remove(client)

    def close(self) -> None:
        """Cancels every waiting and running job, each of which ends as Stopped, and starts no more."""
        if self.closed:
            return
        self.closed = True
        clients = {client for lane in LANES for client in self.turns[lane]}
        jobs = [*self.running, *(job for client in clients for job in client.pending)]
        for job in jobs:
            if job.cancel is not None:
                job.cancel.stop_at(0.0)
        for client in clients:
            client.pending.clear()
        for lane in LANES:
            self.turns[lane].clear()
            self.pools[lane].shutdown(wait=False, cancel_futures=True)
        for job in jobs:
            job.done(Stopped())

    def pump(self) -> None:
        """Starts every job that can start."""
        for lane in LANES:
            turn = self.turns[lane]
            for _ in range(len(turn)):
                if self.closed or self.busy[lane] >= self.slots[lane]:
                    break
                client = turn.popleft()
                mine = [job for job in client.pending if job.lane == lane]
                if not mine:
                    continue
                turn.append(client)
                if lane not in client.running and client.ready():
                    self._begin(client, min(mine, key=lambda job: job.rank()))

    def _line_up(self, client: Client, lane: Lane) -> None:
        if client not in self.turns[lane]:
            self.turns[lane].append(client)

    def _begin(self, client: Client, job: Job) -> None:
        lane = job.lane
        client.pending.remove(job)
        job.cancel, job.started = Cancellation(lane, job.seconds, lambda: self.share(lane)), monotonic()
        client.running[lane] = job
        self.running.add(job)
        self.busy[lane] += 1
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self.pools[lane], _run, job)
        future.add_done_callback(lambda found: self._ended(client, job, lane, found))

    def _ended(self, client: Client, job: Job, lane: Lane, found: asyncio.Future[Any]) -> None:
        self.busy[lane] -= 1
        client.running.pop(lane, None)
        self.running.discard(job)
        if self.closed:
            return
        if client in self.turns[lane]:
            # to the end of the line: the other clients go first
            self.turns[lane].remove(client)
            self.turns[lane].append(client)
        outcome = None if found.cancelled() else found.result()
        if isinstance(outcome, MoveToBackground):
            job.lane = "later"
            client.pending.append(job)
            self._line_up(client, "later")
        else:
            job.done(outcome)
        self.pump()


def _run(job: Job) -> Any:
    """The result of a job, or the exception it raised: raising it in the future would keep its frames alive."""
    assert job.cancel is not None
    try:
        job.cancel.progress()
        if job.lane == "now":
            return job.work(job.cancel)
        with alone():
            return job.work(job.cancel)
    except (Exception, Stopped, Overdue) as error:  # noqa: BLE001  # the event loop handles it
        return error.with_traceback(None) if not _unexpected(error) else error


def _unexpected(error: BaseException) -> bool:
    from netwarp.errors import NetwarpError

    return not isinstance(error, (NetwarpError, Stopped, Overdue, MoveToBackground))
