"""`netwarp study run`: what a study's folder lacks is run, and nothing that is done is done again."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

from netwarp.cli.groups import option
from netwarp.cli.options import Json
from netwarp.cli.screen import note, show, show_json
from netwarp.cli.studies.options import ExtentOptions, File, WorkerOptions, read_time
from netwarp.cli.values import read_count, read_positive
from netwarp.errors import InputError

if TYPE_CHECKING:
    from netwarp.study.running.crews import Crew
    from netwarp.study.running.driver import Ending
    from netwarp.study.store.planning import HowFar

NAME = "run"
EXAMPLES = (
    "Examples:\n"
    "netwarp study run depth.toml                          into the folder depth\n"
    "netwarp study run depth.toml --jobs 4 --stop-after 3h50m\n"
    "netwarp study run depth.toml --shard 2/16             one part, into depth-2-of-16\n"
    "netwarp study run depth.toml --dask tcp://10.0.0.1:8786\n"
)


def run(
    file: File,
    workers: WorkerOptions,
    extent: ExtentOptions,
    out: Annotated[Path | None, option("--out", "DIR", "The folder; called as the file unless given.")] = None,
    json: Json = False,
) -> None:
    """Run what a study's folder lacks. Running it again is harmless, and so is killing anything at any time.

    Exit status: 0 all done, 1 some runs failed, 2 bad input, 75 stopped with work left, 130 interrupted. SIGTERM,
    SIGUSR1 and --stop-after let the chunks that workers have end, some tenths of a second each, and keep them.
    """
    from netwarp.cli.studies.watching import Screen
    from netwarp.engine.threads import processors
    from netwarp.study.grid.file import read_study
    from netwarp.study.grid.place import folder_of
    from netwarp.study.running.asked import JOBS
    from netwarp.study.running.driver import Ending
    from netwarp.study.running.session import Extent, Leave, run_study
    from netwarp.study.running.shards import read_shard
    from netwarp.study.running.timing import RunTimer
    from netwarp.study.running.watchdog import Limits

    shard = None if extent.shard is None else read_shard("" if extent.shard == "slurm" else extent.shard)
    limits = Limits(
        None if workers.timeout is None else read_positive(workers.timeout, "--timeout", "60"),
        None if workers.memory is None else read_positive(workers.memory, "--memory", "2"),
    )
    jobs = None if workers.jobs is None else read_count(workers.jobs, "--jobs", JOBS)
    if jobs is not None and workers.dask is not None:
        raise InputError("--jobs and --dask: give one: processes of this machine, or a cluster's workers")
    limit = None if extent.limit is None else read_count(extent.limit, "--limit")
    seconds = None if extent.stop_after is None else read_time(extent.stop_after)
    study = read_study(file)
    for line in study.notes:
        note(line)
    folder = out or folder_of(study.name, study.file, None if shard is None else str(shard))
    ending = Ending()
    if not json:
        show(str(study))

    def begin(counts: HowFar) -> RunTimer | None:
        if json:
            return None
        show(counts.sentence())
        sys.stdout.flush()
        return RunTimer(study, counts.to_do, workers=jobs or processors(), limits=limits) if counts.to_do else None

    with ExitStack() as stack:
        stack.enter_context(_signals(ending))
        if seconds is not None:
            stack.enter_context(_timed(seconds, lambda: ending.stop(f"--stop-after {extent.stop_after} is over")))
        screen = stack.enter_context(Screen(study, begin))
        ended = run_study(
            study,
            folder,
            crew=_crew(jobs, workers.dask),
            extent=Extent(shard, limit, fail_fast=extent.fail_fast, retry_failed=extent.retry_failed),
            limits=limits,
            leave=Leave(extent.accept_versions, extent.take_over),
            ending=ending,
            watch=screen,
        )
    counts = ended.counts
    for line in (*ended.notes, *filter(None, [ended.advice])):
        note(line)
    if json:
        show_json(counts.data() | {"folder": str(folder), "stopped": ended.why, "status": ended.status})
    else:
        show(str(ended))
        if counts.failed:
            show(f"see: netwarp study failures {folder}")
        show(str(folder))
    sys.stdout.flush()
    if ended.status:
        import typer

        raise typer.Exit(ended.status)


def _crew(jobs: int | None, address: str | None) -> Callable[[], Crew] | int | None:
    if address is None:
        return jobs
    from netwarp.study.running.cluster import Cluster

    def made() -> Crew:
        found = Cluster(address)
        # what ends the study is said in one line; Dask logs the tracebacks of its own parts too
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        return found

    return made


@contextmanager
def _signals(ending: Ending) -> Iterator[None]:
    """SIGTERM and SIGUSR1 stop the study softly, however often they come; Ctrl-C stops it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        ending.stop(f"by {signal.Signals(number).name}")

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGUSR1") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _timed(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
