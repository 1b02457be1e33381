"""RunTimer: times a few runs of a study in a process of its own, beside the workers that evaluate the study."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from netwarp.study.grid.estimate import Costs, TimeEstimate
from netwarp.study.grid.study import Study
from netwarp.study.running.crews import Crew, Processes
from netwarp.study.running.watchdog import NO_LIMITS, Limits, OutOfTime
from netwarp.study.running.work import Chunk, ModelBytes, Result, RunJob
from netwarp.study.runs import RunFrame, Source

SAMPLE: Final = 5
ENOUGH: Final = 5.0  # seconds that the timed runs take together


class RunTimer:
    """How long `runs` of a study take on `workers` processes, found out while they are at work.

    It evaluates at most `sample` runs, the small ones first, and keeps nothing of them. They are held to the study's
    own limits, and to five seconds: none is begun that would take longer, by the operations of its network, and the
    process of one that does is ended. The time of the others goes by their operations. A run that fails is not timed,
    but for one that takes longer than the study's timeout.
    """

    def __init__(
        self,
        study: Study,
        runs: int,
        *,
        workers: int,
        limits: Limits = NO_LIMITS,
        sample: int = SAMPLE,
        crew: Callable[[], Crew] = lambda: Processes(1),
    ) -> None:
        self._study, self._runs, self._workers, self._limits = study, runs, workers, limits
        self._costs = Costs(study)
        self._left = deque(self._costs.some(sample))
        self._timed: dict[int, float] = {}
        self._spent = 0.0
        self._crew = crew()
        self._given: tuple[int, Chunk, Future[Result]] | None = None
        self._next()

    def found(self) -> TimeEstimate | None:
        """What all take, once enough was timed; None before. It never waits."""
        while self._given is not None and self._given[2].done():
            self._take(*self._given)
        if self._given is not None:
            return None
        self.close()
        return TimeEstimate(self._runs, self._costs.mean(self._timed, self._limits.timeout), self._workers)

    def close(self) -> None:
        """Ends the process. Doing it again is harmless."""
        self._given = None
        self._left.clear()
        self._crew.close(now=True)

    def _take(self, cost: int, chunk: Chunk, future: Future[Result]) -> None:
        self._given = None
        # the process was killed, or it is not fit for the study: the study's own workers say what is wrong
        if future.cancelled() or future.exception() is not None:
            return
        (outcome,) = future.result().outcomes
        self._spent += outcome.seconds
        if outcome.failure is None:
            self._timed[cost] = outcome.seconds
        elif outcome.failure == chunk.limits.reason(OutOfTime()):
            if chunk.limits.timeout != self._limits.timeout:
                return
            self._timed[cost] = outcome.seconds
        self._next()

    def _next(self) -> None:
        """Gives the process the next run that fits in the time that is left."""
        while self._left and self._spent < ENOUGH:
            cost, source, frame = self._left.popleft()
            seconds = max((known * cost / max(at, 1) for at, known in self._timed.items()), default=0.0)
            if min(seconds, self._limits.timeout or seconds) > ENOUGH - self._spent:
                return
            chunk = self._chunk(source, frame)
            if chunk is not None:
                self._given = cost, chunk, self._crew.submit(chunk)
                return

    def _chunk(self, source: Source, frame: RunFrame) -> Chunk | None:
        """One run of the source; None where its file cannot be read."""
        model = None
        if source.kind == "model":
            path = self._study.files[source.text]
            try:
                model = ModelBytes(path.name, path.read_bytes())
            except OSError:
                return None
        seed = self._study.seeds[0] if self._study.seeds else None
        limits = Limits(min(ENOUGH, self._limits.timeout or ENOUGH), self._limits.memory)
        return Chunk(source, frame, (RunJob(seed, tuple(self._study.measures)),), limits=limits, model=model)
