"""run_asked: what `Study.run` is asked for, put into the words of a session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from time import monotonic
from typing import Final

from netwarp.checks import flag, function, number, string, whole
from netwarp.errors import InputError, shown
from netwarp.files import path_of
from netwarp.progress import Progress
from netwarp.study.grid.place import folder_of
from netwarp.study.running.crews import Crew
from netwarp.study.running.driver import Ending
from netwarp.study.running.session import Ended, Extent, Leave, Runnable, run_study
from netwarp.study.running.shards import read_shard
from netwarp.study.running.watchdog import Limits
from netwarp.study.runs import RunOutcome
from netwarp.study.store.planning import HowFar

JOBS: Final = 10_000  # processes


def run_asked(
    study: Runnable,
    out: str | Path | None,
    *,
    jobs: int | None,
    executor: Executor | None,
    dask: str | None,
    shard: str | None,
    limit: int | None,
    timeout: float | None,
    memory: float | None,
    stop_after: float | None,
    fail_fast: bool,
    retry_failed: bool,
    accept_versions: bool,
    take_over: bool,
    progress: Progress | None,
) -> Ended:
    """`run_study` of the arguments of `Study.run`. Errors: as run_study; InputError naming the argument."""
    part = None if shard is None else read_shard(string(shard, "study run shard", 100))
    folder = (
        folder_of(study.name, study.file, None if part is None else str(part))
        if out is None
        else path_of(out, "study run out")
    )
    most = None if limit is None else whole(limit, "study run limit", 1)
    function(progress, "study run progress", "progress=lambda done, total: print(done, total)")
    ending = Ending()
    return run_study(
        study,
        folder,
        crew=_crew(jobs, executor, dask),
        extent=Extent(
            part,
            most,
            fail_fast=flag(fail_fast, "study run fail_fast"),
            retry_failed=flag(retry_failed, "study run retry_failed"),
        ),
        limits=Limits(_positive(timeout, "timeout"), _positive(memory, "memory")),
        leave=Leave(
            versions=flag(accept_versions, "study run accept_versions"),
            take_over=flag(take_over, "study run take_over"),
        ),
        ending=ending,
        watch=_Teller(ending, progress, _positive(stop_after, "stop_after")),
    )


class _Teller:
    """Tells a progress callback how many runs are done, and ends the study after some seconds."""

    def __init__(self, ending: Ending, progress: Progress | None, seconds: float | None) -> None:
        self._ending, self._progress, self._seconds = ending, progress, seconds
        self._began = monotonic()
        self._told = -1

    def __call__(self, counts: HowFar, outcomes: tuple[RunOutcome, ...]) -> None:  # noqa: ARG002  # a Watch takes both
        if self._seconds is not None and monotonic() - self._began > self._seconds:
            self._ending.stop(f"stop_after={self._seconds:g} seconds are over")
        done = counts.done + counts.failed
        if self._progress is not None and done != self._told:
            self._told = done
            self._progress(done, counts.total)


def _crew(jobs: int | None, executor: Executor | None, dask: str | None) -> Callable[[], Crew] | Executor | int | None:
    if [jobs, executor, dask].count(None) < 2:
        raise InputError("study run: jobs, executor and dask say who evaluates; give one of them")
    if executor is not None and not isinstance(executor, Executor):
        raise InputError(f"study run executor={shown(executor)}: must be an executor of concurrent.futures")
    if dask is None:
        return executor if jobs is None else whole(jobs, "study run jobs", 1, JOBS)
    from netwarp.study.running.cluster import Cluster

    address = string(dask, "study run dask", 1_000)
    if not address.strip():
        raise InputError(f'study run dask={shown(dask)}: must be a scheduler\'s address, as in "tcp://10.0.0.1:8786"')
    return lambda: Cluster(address)


def _positive(value: float | None, name: str) -> float | None:
    if value is None:
        return None
    found = number(value, f"study run {name}", least=0)
    if found == 0:
        raise InputError(f"study run {name}=0: must be more than 0; leave it out for no limit")
    return found
