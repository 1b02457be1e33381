"""Stores of studies whose values are made up, for tests of what reports say of them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import netwarp as nw
from netwarp.measures.registry import find
from netwarp.study.runs import Run, RunOutcome, Taken
from netwarp.study.store.store import Store

# the measures of a run: a value, None where it does not apply, a text where it failed
Found = dict[str, float | None]
Made = Callable[[Run], Found | str]

GRID = {
    "architecture": ["conv({width}) * {depth}"],
    "width": [5, 10, 20],
    "depth": [1, 2],
    "act": ["relu", "sigmoid"],
}


def study(*, seeds: object = 16, measures: Iterable[str] = ("mean_frequency", "total_variation"), **more: object):
    given = {"raster": "12x8", "factors": GRID} | more
    return nw.Study("made up", seeds=seeds, measures=list(measures), **given)


def filled(folder: Path, of: nw.Study, made: Made, *, runs: Iterable[Run] | None = None, host: str = "node-1") -> Store:
    """A store open for reading, with the outcome of every run, or of some."""
    with Store.create(folder, of) as store:
        store.commit(outcome(run, made, host) for run in (of.runs() if runs is None else runs))
    return Store.open(folder)


def outcome(run: Run, made: Made, host: str = "node-1") -> RunOutcome:
    found = made(run)
    if isinstance(found, str):
        return RunOutcome(run, (), found, 0.01, 1.8e9, 7, host)
    taken = tuple(
        Taken(name, find(name).version, "u", value, value, True, "" if value is not None else "constant")
        for name, value in found.items()
    )
    return RunOutcome(run, taken, None, 0.01, 1.8e9, 7, host)


def number_of(run: Run, salt: int = 0) -> float:
    """A number from 0 to 1 that follows from what a run means."""
    return (int.from_bytes(run.key[:6], "big") * (2 * salt + 1) % 2**40) / 2**40
