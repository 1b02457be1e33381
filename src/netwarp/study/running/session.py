"""run_study: a study into its folder, as far as it goes, by one driver."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from netwarp.errors import InputError
from netwarp.study.grid.models import changed_files, changed_sentence
from netwarp.study.running.crews import GUARD, Crew, Lent, Processes
from netwarp.study.running.driver import Driver, DriverTerms, Ending, Lacking
from netwarp.study.running.shards import Shard
from netwarp.study.running.watchdog import NO_LIMITS, Limits
from netwarp.study.runs import MEANING, Run, RunOutcome, batches
from netwarp.study.store.faults import EmptyError, ThereError, in_words
from netwarp.study.store.opening import FILE
from netwarp.study.store.planning import HowFar, Plannable, StoredPlan
from netwarp.study.store.store import Store

DONE, FAILED, LEFT = 0, 1, 75  # exit statuses: EX_TEMPFAIL is what job systems take for "try again"


class Runnable(Plannable, Protocol):
    """What is run: a Study, which runs itself by this module, so that this one cannot know it by name."""

    @property
    def file(self) -> Path | None: ...
    @property
    def files(self) -> Mapping[str, Path]: ...


class Watch(Protocol):
    """Told of the study's counts: once before the first run, and with the outcomes of every batch."""

    def __call__(self, counts: HowFar, outcomes: tuple[RunOutcome, ...]) -> None: ...


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a study is run: a shard, so many runs at most, up to the first failure, failed ones again."""

    shard: Shard | None = None
    limit: int | None = None
    fail_fast: bool = False
    retry_failed: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """What is allowed that is refused else: new versions of measures, and another driver's store."""

    versions: bool = False
    take_over: bool = False


ALL: Final = Extent()
NONE: Final = Leave()


@dataclass(frozen=True, slots=True)
class Ended:
    """How far a study is when its driver ends, and why it ended with work left; None where none is left to it.

    `folder` is where its runs are kept, `advice` what is to be said of how that folder takes them; `notes` are lines on
    what is not as it was when the study ran before.
    """

    counts: HowFar
    why: str | None
    folder: Path
    advice: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.counts.sentence()}{f': stopped, {self.why}' if self.counts.to_do else ''}"

    @property
    def status(self) -> int:
        """0 all done, 1 some failed, 75 stopped with work left."""
        if self.counts.to_do:
            return LEFT
        return FAILED if self.counts.failed else DONE


def run_study(
    study: Runnable,
    folder: str | Path,
    *,
    crew: Callable[[], Crew] | Executor | int | None = None,
    extent: Extent = ALL,
    limits: Limits = NO_LIMITS,
    leave: Leave = NONE,
    ending: Ending | None = None,
    watch: Watch | None = None,
) -> Ended:
    """Evaluates the runs of the study that the store in `folder` lacks, and commits them as they come.

    `crew` is how many processes of this machine (as many as it has processors unless given), an Executor of the
    caller's, or what makes a Crew. A store that is not there is made. Setting `ending` stops it after the chunks that
    are with workers; KeyboardInterrupt leaves at once with what is committed.
    Errors: InputError, StoreError, HeldError where another driver has the store, CrewError.
    """
    # while a worker process reads the script that started it
    if getattr(multiprocessing.current_process(), "_inheriting", False) and (crew is None or isinstance(crew, int)):
        raise InputError(f"study: a worker process runs it again; {GUARD}")
    folder, over = Path(folder), ending or Ending()
    runs: Callable[[], Iterable[Run]] | None = None if extent.shard is None else partial(_part, study, extent.shard)
    shard = None if extent.shard is None else str(extent.shard)
    with _opened(folder, study, shard, runs) as store, store.lock(take_over=leave.take_over):
        before = store.planned()
        _refuse_other_meaning(before, study, shard, accepted=leave.versions)
        notes = tuple(map(changed_sentence, changed_files(before.study, study.to_data())))
        store.plan(study, shard=shard, runs=runs)
        if watch is not None:
            watch(store.counts(), ())
        lacking = _lacking(store, study, runs, retry_failed=extent.retry_failed)
        first = next(lacking, None)
        if first is not None:
            terms = DriverTerms(extent.limit, fail_fast=extent.fail_fast, limits=limits, shard=shard)
            workers = _crew(crew)
            driver = Driver(workers, store, terms, over, study.files)
            well = False
            try:
                for outcomes in driver.drive(_after(first, lacking)):
                    if watch is not None:
                        watch(store.counts(), outcomes)
                well = True
            finally:
                workers.close(now=not well)
                store.commit((), running=0)
        counts = store.counts()
        why = over.why or ("the limit is reached" if counts.to_do else None)
        advice = "" if store.journal is None else store.journal.advice
        return Ended(counts, why, folder, advice=advice, notes=notes)


def _crew(given: Callable[[], Crew] | Executor | int | None) -> Crew:
    if isinstance(given, Executor):
        return Lent(given)
    if given is None or isinstance(given, int):
        return Processes(given)
    return given()


def _opened(folder: Path, study: Runnable, shard: str | None, runs: Callable[[], Iterable[Run]] | None) -> Store:
    """The store in the folder, made where there is none; of two drivers that come at once, one makes it."""
    with in_words(folder):
        there = (folder / FILE).exists()
    if there:
        with suppress(EmptyError):
            return Store.open(folder, write=True)
    try:
        return Store.create(folder, study, shard=shard, runs=runs)
    except ThereError:
        return Store.open(folder, write=True)


def _refuse_other_meaning(plan: StoredPlan, study: Runnable, shard: str | None, *, accepted: bool) -> None:
    """A store is for one part of one study; values of another meaning come only where that is accepted."""
    if plan.shard != shard:
        was = "the whole study" if plan.shard is None else f"shard {plan.shard}"
        now = "the whole" if shard is None else f"shard {shard}"
        raise InputError(f"study: the folder holds {was}, not {now}; give each a folder of its own with --out")
    if accepted:
        return
    was_wanted = dict(plan.wanted)
    for name, version in study.measures_wanted:
        if was_wanted.get(name, version) != version:
            raise InputError(
                f"measure {name}: its meaning changed from version {was_wanted[name]} to {version}; "
                "see netwarp study diff, and give --accept-versions to run it again"
            )
    if plan.study.get("meaning", MEANING) != MEANING:
        raise InputError(
            "study: in this netwarp an architecture and a seed give another network than in the one that began it; "
            "see netwarp study diff, and give --accept-versions to run all again"
        )


def _part(study: Runnable, shard: Shard) -> Iterator[Run]:
    return shard.of(study.runs())


def _lacking(
    store: Store, study: Runnable, runs: Callable[[], Iterable[Run]] | None, *, retry_failed: bool
) -> Iterator[Lacking]:
    for batch in batches(study.runs() if runs is None else runs()):
        for run, measures in store.missing(batch, study.measures_wanted, retry_failed=retry_failed):
            yield run, tuple(name for name, _ in measures)


def _after(first: Lacking, rest: Iterator[Lacking]) -> Iterator[Lacking]:
    yield first
    yield from rest
