"""The driver: what a store lacks of a study goes to a crew in chunks, and what comes back into the store.

Only the driver writes. What is not committed is lost with it and is done again; what is committed is never done again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Protocol

from netwarp.errors import InputError
from netwarp.study.running.chunks import Cutter, Pace
from netwarp.study.running.crews import AHEAD, Crew, CrewError
from netwarp.study.running.watchdog import NO_LIMITS, Limits
from netwarp.study.running.work import Chunk, Machine, ModelBytes, Result, RunJob, failed
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source

KILLS: Final = 2  # times a run alone may take its worker with it: once may be somebody else's doing
BREAKS: Final = 40  # in a row, with nothing evaluated between
LOOK: Final = 0.2  # seconds between two looks at whether to stop
KILLED: Final = f"its worker was killed {KILLS} times while it was evaluated alone: out of memory, a crash, or a hang"

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
    """A chunk that the crew has. `alone`: the crew had no other meanwhile, so that what broke it was its doing."""

    chunk: Chunk
    alone: bool


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
        self._suspects: deque[Chunk] = deque()
        self._kills: Counter[tuple[Source, int | None]] = Counter()
        self._model: tuple[str, ModelBytes] | None = None
        self._started = 0
        self._breaks = 0

    def drive(self, lacking: Iterable[Lacking]) -> Iterator[tuple[RunOutcome, ...]]:
        """The outcomes of the runs, a batch at a time, each after it is committed; an empty batch while all wait.

        A worker that is killed takes chunks with it. They are evaluated again, each alone and in halves, until the run
        that kills is alone: after KILLS times it has failed, and the others go on.
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
                # the crew has nothing else while it has one of them
                if not self._given:
                    self._give(self._suspects.popleft(), alone=True)
                break
            if len(self._given) >= AHEAD * self.crew.workers:
                break
            left = None if self.terms.limit is None else self.terms.limit - self._started
            cut = cutter.next(left) if left is None or left > 0 else None
            if cut is None:
                break
            self._started += len(cut[2])
            self._give(self._chunk(*cut), alone=False)
        return bool(self._given)

    def _chunk(self, source: Source, frame: RunFrame, jobs: tuple[RunJob, ...]) -> Chunk:
        model = self._model_of(source) if source.kind == "model" else None
        return Chunk(source, frame, jobs, limits=self.terms.limits, model=model, shard=self.terms.shard)

    def _model_of(self, source: Source) -> ModelBytes:
        """The file of a model, read once for the chunks that follow each other. Errors: InputError."""
        if self._model is None or self._model[0] != source.text:
            from hashlib import sha256

            path = self.files[source.text]
            try:
                data = path.read_bytes()
            except OSError as error:
                raise InputError(f"model {str(path)!r}: cannot be read ({error.strerror or error})") from None
            if f"sha256:{sha256(data).hexdigest()}" != source.text:
                raise InputError(f"model {str(path)!r}: it changed since the study began; start it again")
            self._model = source.text, ModelBytes(path.name, data)
        return self._model[1]

    def _give(self, chunk: Chunk, *, alone: bool) -> None:
        try:
            future = self.crew.submit(chunk)
        except BrokenExecutor:
            if self._given:
                # what broke it comes back broken, and new workers then
                self._suspects.append(chunk)
                return
            # it broke with nothing to do: a worker was killed from outside
            self._break()
            self.crew.rebuild()
            future = self.crew.submit(chunk)
        self._given[future] = _Given(chunk, alone)

    def _take(self, done: Iterable[Future[Result]]) -> tuple[RunOutcome, ...]:
        """Commits what came back; what was killed comes again."""
        outcomes: list[RunOutcome] = []
        machines: dict[Machine, None] = {}
        broken = False
        for future in done:
            given = self._given.pop(future)
            error = future.exception()
            if error is None:
                result = future.result()
                outcomes += result.outcomes
                machines[result.machine] = None
                seconds = sum(one.seconds for one in result.outcomes)
                self._pace.learn(given.chunk.source, seconds, len(result.outcomes))
                self._breaks = 0
            elif killed(error):
                broken = True
                outcomes += self._again(given)
            else:
                raise error
        if broken:
            # those that the crew still has are lost with it, unless they came back meanwhile
            outcomes += self._rescue(machines)
            self._break()
            self.crew.rebuild()
        if outcomes:
            running = sum(len(one.chunk.jobs) for one in self._given.values())
            self.keeper.commit(outcomes, running=running, machines=map(asdict, machines))
            if self.terms.fail_fast and any(one.failure for one in outcomes):
                self.ending.stop("a run failed, and --fail-fast was given")
        return tuple(outcomes)

    def _rescue(self, machines: dict[Machine, None]) -> Iterable[RunOutcome]:
        if not self.crew.shared:
            return
        for future, given in list(self._given.items()):
            del self._given[future]
            future.cancel()
            if future.done() and not future.cancelled() and future.exception() is None:
                result = future.result()
                machines[result.machine] = None
                yield from result.outcomes
            else:
                yield from self._again(given)

    def _again(self, given: _Given) -> tuple[RunOutcome, ...]:
        """What the crew lost with a worker goes to the suspects; a run that is to blame has failed."""
        chunk = given.chunk
        if given.alone and len(chunk.jobs) == 1:
            run = chunk.source, chunk.jobs[0].seed
            self._kills[run] += 1
            if self._kills[run] >= KILLS:
                del self._kills[run]
                return failed(chunk, KILLED)
        self._suspects.extend(chunk.halves())
        return ()

    def _break(self) -> None:
        self._breaks += 1
        if self._breaks > BREAKS:
            raise CrewError(f"workers: {self._breaks} were killed one after another, and nothing was evaluated between")


def killed(error: BaseException) -> bool:
    """Whether this says that a worker was killed: of a pool, or of Dask, which is not loaded for it."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ in ("KilledWorker", "CancelledError")
