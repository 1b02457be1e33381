"""The driver: what a store lacks of a study goes to a crew in chunks, and what comes back into the store.

Only the driver writes. What is not committed is lost with it and is done again; what is committed is never done again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from netwarp.errors import InputError
from netwarp.study.grid.models import digest_of
from netwarp.study.running.chunks import Cutter, Pace
from netwarp.study.running.crews import AHEAD, Crew, CrewError
from netwarp.study.running.suspects import Suspects
from netwarp.study.running.watchdog import NO_LIMITS, Limits
from netwarp.study.running.work import Chunk, Machine, ModelBytes, Result, RunJob
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source

BREAKS: Final = 40  # in a row, with nothing evaluated between
LOOK: Final = 0.2  # seconds between two looks at whether to stop

# a run, and the names of the measures that it lacks
Lacking = tuple[Run, tuple[str, ...]]


class Keeper(Protocol):
    """What takes in outcomes: a Store that this process has the lock of."""

    def commit(
        self, outcomes: Iterable[RunOutcome], *, running: int | None = None, machines: Iterable[Mapping[str, str]] = ()
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class DriverTerms:
    """How far a driver goes: how many runs it starts at most, whether the first failure ends it, what a run may take.

    `shard` is the part of the study, as in "2/16", that outcomes are marked with.
    """

    limit: int | None = None
    fail_fast: bool = False
    limits: Limits = NO_LIMITS
    shard: str | None = None


@dataclass(slots=True)
class Ending:
    """Why the driver is to stop before all is done; None while it is not. Anybody may say so, at any time."""

    why: str | None = None

    def stop(self, why: str) -> None:
        """Chunks that workers have are finished and committed; no other is begun."""
        self.why = self.why or why


@dataclass(frozen=True, slots=True)
class _Given:
    """A chunk that the crew has.

    `suspect`: the crew has its group alone, so that what is lost is the group's doing. `again`: it was lost before.
    """

    chunk: Chunk
    suspect: bool = False
    again: bool = False


@dataclass
class Driver:
    """Feeds a crew and hands what comes back to a keeper. `files` are those of models, by the text of their source."""

    crew: Crew
    keeper: Keeper
    terms: DriverTerms = field(default_factory=DriverTerms)
    ending: Ending = field(default_factory=Ending)
    files: Mapping[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pace = Pace()
        self._given: dict[Future[Result], _Given] = {}
        self._again: deque[Chunk] = deque()
        self._suspects = Suspects()
        self._model: tuple[str, ModelBytes] | None = None
        self._started = 0
        self._breaks = 0

    def drive(self, lacking: Iterable[Lacking]) -> Iterator[tuple[RunOutcome, ...]]:
        """The outcomes of the runs, a batch at a time, each after it is committed; an empty batch while all wait.

        A worker that is killed takes chunks with it. They are evaluated again in halves, until the run that kills is
        alone: after two kills more it has failed, and the others go on.
        Errors: CrewError where workers cannot be had; what the keeper raises; VersionError of a worker.
        """
        jobs = ((run.source, run.frame, RunJob(run.seed, names)) for run, names in lacking)
        cutter = Cutter(jobs, self._pace)
        try:
            while self._feed(cutter):
                done, _ = wait(self._given, timeout=LOOK, return_when=FIRST_COMPLETED)
                yield self._take(done)
        finally:
            for future in self._given:
                future.cancel()

    def _feed(self, cutter: Cutter) -> bool:
        """Gives the crew what it has room for; whether it has anything."""
        while self.ending.why is None:
            if self._suspects:
                # the crew has nothing else while it has a group of them
                if not self._given:
                    for chunk in self._suspects.next():
                        self._give(_Given(chunk, suspect=True))
                break
            if any(given.suspect for given in self._given.values()):
                break
            # none waits behind one that may fail first
            ahead = 1 if self.terms.fail_fast else AHEAD
            if len(self._given) >= ahead * self.crew.workers:
                break
            if self._again:
                self._give(_Given(self._again.popleft(), again=True))
                continue
            left = None if self.terms.limit is None else self.terms.limit - self._started
            cut = cutter.next(left) if left is None or left > 0 else None
            if cut is None:
                break
            self._started += len(cut[2])
            self._give(_Given(self._chunk(*cut)))
        return bool(self._given)

    def _chunk(self, source: Source, frame: RunFrame, jobs: tuple[RunJob, ...]) -> Chunk:
        model = self._model_of(source) if source.kind == "model" else None
        terms = self.terms
        return Chunk(
            source, frame, jobs, limits=terms.limits, model=model, shard=terms.shard, fail_fast=terms.fail_fast
        )

    def _model_of(self, source: Source) -> ModelBytes:
        """The file of a model, read once for the chunks that follow each other. Errors: InputError."""
        if self._model is None or self._model[0] != source.text:
            path = self.files[source.text]
            try:
                data = path.read_bytes()
            except OSError as error:
                raise InputError(f"model {str(path)!r}: cannot be read ({error.strerror or error})") from None
            if Source.model(digest_of(BytesIO(data))) != source:
                raise InputError(f"model {str(path)!r}: it changed since the study began; start it again")
            self._model = source.text, ModelBytes(path.name, data)
        return self._model[1]

    def _give(self, given: _Given) -> None:
        try:
            future = self.crew.submit(given.chunk)
        except BrokenExecutor:
            if self._given:
                # what broke it comes back broken, and new workers then
                self._suspects.suspect([given.chunk])
                return
            # it broke with nothing to do: a worker was killed from outside
            self._break()
            self.crew.rebuild()
            future = self.crew.submit(given.chunk)
        self._given[future] = given

    def _take(self, done: Iterable[Future[Result]]) -> tuple[RunOutcome, ...]:
        """Commits what came back; what was killed comes again."""
        outcomes: list[RunOutcome] = []
        machines: dict[Machine, None] = {}
        lost: list[_Given] = []
        for future in done:
            given = self._given.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                result = future.result()
                outcomes += result.outcomes
                machines[result.machine] = None
                seconds = sum(one.seconds for one in result.outcomes)
                self._pace.learn(given.chunk.source, seconds, len(result.outcomes))
                self._breaks = 0
            elif killed(error):
                lost.append(given)
            else:
                raise error
        if lost:
            if self.crew.shared:
                # those that the crew still has are lost with it, unless they came back meanwhile
                outcomes += self._rescue(lost, machines)
            self._lose(lost)
            self._break()
            self.crew.rebuild()
        if not any(given.suspect for given in self._given.values()):
            outcomes += self._suspects.settle()
        if outcomes:
            running = sum(len(one.chunk.jobs) for one in self._given.values())
            self.keeper.commit(outcomes, running=running, machines=map(asdict, machines))
            if self.terms.fail_fast and any(one.failure for one in outcomes):
                self.ending.stop("a run failed")
        return tuple(outcomes)

    def _rescue(self, lost: list[_Given], machines: dict[Machine, None]) -> Iterator[RunOutcome]:
        """The outcomes of chunks that came back in time; the others are lost."""
        for future, given in self._given.items():
            future.cancel()
            if future.done() and not future.cancelled() and future.exception() is None:
                result = future.result()
                machines[result.machine] = None
                yield from result.outcomes
            else:
                lost.append(given)
        self._given.clear()

    def _lose(self, lost: list[_Given]) -> None:
        """Chunks that were lost with a worker are to be given again."""
        self._suspects.lose(one.chunk for one in lost if one.suspect)
        others = [one for one in lost if not one.suspect]
        if not self.crew.shared:
            # on a cluster workers come and go, and the others have work: only what is lost twice is looked into
            self._again.extend(one.chunk for one in others if not one.again)
            others = [one for one in others if one.again]
        self._suspects.suspect(one.chunk for one in others)

    def _break(self) -> None:
        self._breaks += 1
        if self._breaks > BREAKS:
            raise CrewError(f"workers: {self._breaks} were killed one after another, and nothing was evaluated between")


def killed(error: BaseException) -> bool:
    """Whether this says that a worker was killed: of a pool, or of Dask, which is not loaded for it."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ in ("KilledWorker", "CancelledError")
