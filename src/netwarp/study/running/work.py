"""What a worker does: evaluates the runs of a chunk, one after another on one thread, and says what became of each."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import alone
from netwarp.errors import InputError, NetwarpError, shortened
from netwarp.measures.measurements import Measurement
from netwarp.measures.registry import find
from netwarp.network.network import Network
from netwarp.study.evaluate import evaluate
from netwarp.study.running.watchdog import NO_LIMITS, Limits, Overrun, watched
from netwarp.study.runs import Run, RunFrame, RunOutcome, Source, Taken
from netwarp.version import VERSION


class VersionError(NetwarpError):
    """A worker has another netwarp than the driver: its numbers could mean something else."""


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
    """Runs that share a source, to be evaluated by one worker. Plain data: it pickles."""

    source: Source
    frame: RunFrame
    jobs: tuple[RunJob, ...]
    limits: Limits = NO_LIMITS
    model: ModelBytes | None = None
    shard: str | None = None
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
    """What a worker gives back of a chunk: an outcome a run, in the chunk's order, and what it was evaluated on."""

    outcomes: tuple[RunOutcome, ...]
    machine: Machine


def work(chunk: Chunk) -> Result:
    """Evaluates every run of the chunk. One that raises, hangs or takes too much memory is an outcome with a failure.

    Pure but for the clock: the values depend on the chunk's source, seeds and frame alone.
    Errors: VersionError where this process has another netwarp than the chunk's driver.
    """
    if chunk.version != VERSION:
        raise VersionError(
            f"worker {platform.node()}: it has netwarp {VERSION} and the driver {chunk.version}; install one everywhere"
        )
    with single_threaded(), alone():
        outcomes = tuple(_outcomes(chunk))
    return Result(outcomes, machine())


@lru_cache(maxsize=1)
def machine() -> Machine:
    """This process's."""
    import numba
    import numpy as np

    return Machine(platform.node(), _processor(), VERSION, np.__version__, numba.__version__)


def _outcomes(chunk: Chunk) -> Iterator[RunOutcome]:
    try:
        with _source_of(chunk) as given:
            for job in chunk.jobs:
                yield _outcome(chunk, job, given)
    except NetwarpError as error:
        # the source cannot be read: so it is with every run of it
        for job in chunk.jobs:
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

    with tempfile.TemporaryDirectory(prefix="netwarp-") as folder:
        path = Path(folder) / Path(chunk.model.name).name
        path.write_bytes(chunk.model.data)
        subject = read_subject(str(path))
        if not isinstance(subject.source, OwnWeights):
            raise InputError(f"{chunk.model.name}: it is no model, but something that seeds draw")
        yield subject.source.network


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
