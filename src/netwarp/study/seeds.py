"""The one loop over seeds: the same work for every seed, or for every point of a grid and every seed, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from numbers import Integral
from typing import TypeVar

from netwarp.checks import instance, whole
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.progress import Progress

Found = TypeVar("Found")
Job = TypeVar("Job")
# the leading arguments of the work at a point of a grid; the seed comes after them
Point = TypeVar("Point", bound=tuple[Hashable, ...])

MOST = 10**6  # more are a slip


def over(work: Callable[[Job], Found], jobs: Sequence[Job], progress: Progress | None = None) -> list[Found]:
    """`work(job)` of every job, most often a seed, in their order; one thread each."""
    found: dict[int, Found] = {}

    def of_thread(_thread: int) -> Callable[[int], None]:
        def one(place: int) -> None:
            found[place] = work(jobs[place])

        return one

    # small matrices: one core a seed, not all cores a matrix
    with single_threaded():
        spread(range(len(jobs)), of_thread, progress)
    return [found[place] for place in range(len(jobs))]


def by_point(
    work: Callable[..., Found], seeds: Mapping[Point, Sequence[int]], progress: Progress | None = None
) -> dict[Point, list[Found]]:
    """`work(*point, seed)` of every point and each of its seeds, by point."""
    jobs = [(*point, seed) for point, some in seeds.items() for seed in some]
    flat = iter(over(lambda job: work(*job), jobs, progress))
    return {point: list(islice(flat, len(some))) for point, some in seeds.items()}


def seeds_of(wanted: int | Iterable[int]) -> tuple[int, ...]:
    """The seeds 0, 1, .. of a number of them, or those that are listed. Errors: InputError."""
    if isinstance(wanted, Integral):
        return tuple(range(whole(wanted, "seeds", 1, MOST, example="32")))
    listed = tuple(instance(wanted, Iterable, "seeds", "how many, as in 32, or which, as in range(8, 16)"))
    if not listed:
        raise InputError("seeds: there is none; at least one is needed")
    return listed
