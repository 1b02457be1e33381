"""What a worker does: evaluates the runs of a chunk, one after another on one thread, and says what became of each."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from pathlib import Path

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import alone
from netwarp.errors import InputError, NetwarpError, shortened
from netwarp.files import as_file
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import find
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.study.evaluate import evaluate
from netwarp.study.running.watchdog import NO_LIMITS, Limits, Overrun, memory_held, watched
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source, Taken
from netwarp.version import VERSION


class VersionError(NetwarpError):
    """A worker has another netwarp than the driver: its numbers could mean something else."""


class NeedsMemoryError(NetwarpError):
    """A worker holds more memory than a run may take before it evaluates any."""


@dataclass(frozen=True, slots=True)
class ModelBytes:
    """A model file as it travels: its name, whose ending says how it is read, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class RunJob:
    """One run of a chunk: its seed, and the measures it lacks."""

    seed: int | None
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Runs that share a source, to be evaluated by one worker. Plain data: it pickles.

    `fail_fast`: the first run that fails is the last that is evaluated.
    """

    source: Source
    frame: RunFrame
    jobs: tuple[RunJob, ...]
    limits: Limits = NO_LIMITS
    model: ModelBytes | None = None
    shard: str | None = None
    fail_fast: bool = False
    version: str = VERSION

    def halves(self) -> tuple[Chunk, ...]:
        """The chunk in two; itself where it has one run."""
        if len(self.jobs) == 1:
            return (self,)
        middle = len(self.jobs) // 2
        return replace(self, jobs=self.jobs[:middle]), replace(self, jobs=self.jobs[middle:])

    def run(self, job: RunJob) -> Run:
        return Run(self.source, job.seed, self.frame)


@dataclass(frozen=True, slots=True)
class Machine:
    """What evaluated: values are bit for bit the same on processors of one kind and with one set of versions."""

    host: str
    processor: str
    netwarp: str
    numpy: str
    numba: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a worker gives back of a chunk: an outcome a run that it began, in order, and what it was evaluated on."""

    outcomes: tuple[RunOutcome, ...]
    machine: Machine


def work(chunk: Chunk) -> Result:
    """Evaluates every run of the chunk, with `fail_fast` up to the first that fails.

    One that raises, hangs or takes too much memory is an outcome with a failure.

    Values that could be of exact cells are of pixels, as an atlas': those of all runs can be compared.
    Pure but for the clock: the values depend on the chunk's source, seeds and frame alone.
    Errors: VersionError where this process has another netwarp than the chunk's driver; NeedsMemoryError.
    """
    if chunk.version != VERSION:
        raise VersionError(
            f"worker {platform.node()}: it has netwarp {VERSION} and the driver {chunk.version}; install one everywhere"
        )
    with single_threaded(), alone():
        if chunk.limits != NO_LIMITS:
            for name in chunk.jobs[0].measures:
                _load(name)
        if chunk.limits.memory is not None and (held := _at_first()) > chunk.limits.memory:
            raise NeedsMemoryError(
                f"--memory {chunk.limits.memory:g}: a worker holds {held:.2f} GiB once it is loaded, before any run; "
                f"give more, as in --memory {ceil(held + 1)}"
            )
        outcomes = tuple(_outcomes(chunk))
    return Result(outcomes, machine())


@lru_cache(maxsize=1)
def machine() -> Machine:
    """This process's."""
    import numba
    import numpy as np

    return Machine(platform.node(), processor(), VERSION, np.__version__, numba.__version__)


@lru_cache(maxsize=1)
def _at_first() -> float:
    """GiB that this process held when it was first asked: what runs leave behind later does not count."""
    return memory_held()


@lru_cache(maxsize=1_000)
def _load(name: str) -> None:
    """What a measure needs is loaded by a small network, once a process: no run's time is spent on it."""
    small = Raster(8, 8)
    with suppress(Exception):
        evaluate(parse("conv(2)"), 0, small, small, [name], details=False)


def _outcomes(chunk: Chunk) -> Iterator[RunOutcome]:
    try:
        with _source_of(chunk) as given:
            for job in chunk.jobs:
                outcome = _outcome(chunk, job, given)
                yield outcome
                if chunk.fail_fast and outcome.failure is not None:
                    return
    except NetwarpError as error:
        # the source cannot be read: so it is with every run of it
        for job in chunk.jobs[:1] if chunk.fail_fast else chunk.jobs:
            yield _failed(chunk, job, str(error), time.time(), 0.0)


def _outcome(chunk: Chunk, job: RunJob, given: Architecture | Network) -> RunOutcome:
    started, began = time.time(), time.perf_counter()
    try:
        with watched(chunk.limits):
            row = evaluate(
                given,
                job.seed or 0,
                chunk.frame.raster,
                chunk.frame.calibration,
                job.measures,
                exact=False,
                details=False,
            )
        taken = tuple(_taken(name, row.measurements[name]) for name in job.measures)
    except Overrun as error:
        return _failed(chunk, job, chunk.limits.reason(error), started, time.perf_counter() - began)
    except MemoryError as error:
        return _failed(chunk, job, f"not enough memory ({error})", started, time.perf_counter() - began)
    except Exception as error:  # noqa: BLE001  # whatever one run raises, the others go on, and the store says what it was
        said = str(error) if isinstance(error, NetwarpError) else f"{type(error).__name__}: {error}"
        return _failed(chunk, job, said, started, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    return RunOutcome(chunk.run(job), taken, None, seconds, started, os.getpid(), platform.node(), chunk.shard)


def _taken(name: str, found: Measurement) -> Taken:
    return Taken(
        name,
        version=find(name).version,
        unit=found.unit,
        value=found.value,
        half=found.half,
        resolved=found.resolved,
        reason=found.reason,
    )


def failed(chunk: Chunk, reason: str) -> tuple[RunOutcome, ...]:
    """Every run of the chunk failed, for this reason: what the driver says of runs whose worker did not come back."""
    return tuple(_failed(chunk, job, reason, time.time(), 0.0) for job in chunk.jobs)


def _failed(chunk: Chunk, job: RunJob, reason: str, started: float, seconds: float) -> RunOutcome:
    run = chunk.run(job)
    return RunOutcome(run, (), shortened(reason), seconds, started, os.getpid(), platform.node(), chunk.shard)


@contextmanager
def _source_of(chunk: Chunk) -> Iterator[Architecture | Network]:
    """The architecture, or the network of a model's bytes. Errors: NetwarpError."""
    if chunk.model is None:
        yield parse(chunk.source.text)
        return
    from netwarp.orders.subject import OwnWeights, read_subject

    # what a store says of a run is the same each time, whatever folder it was read in
    with as_file(Path(chunk.model.name).name, chunk.model.data) as path:
        subject = read_subject(str(path))
        if not isinstance(subject.source, OwnWeights):
            raise InputError(f"{chunk.model.name}: it is no model, but something that seeds draw")
        yield subject.source.network


def processor() -> str:
    """The name of this machine's processor, as far as the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
