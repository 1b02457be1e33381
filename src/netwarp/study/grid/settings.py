"""What a study says beside its factors: seeds, rasters and measures, from what a user writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from netwarp.checks import items, number, size_of, whole
from netwarp.errors import InputError, LimitError, shown
from netwarp.measures.registry import find, names
from netwarp.plane import Plane, Raster

SEEDS: Final = 1_000_000
LARGEST_SEED: Final = 2**63 - 1  # what a store holds
_RANGE: Final = re.compile(r"\s*(\d{1,18})\s*\.\.\s*(\d{1,18})\s*", re.ASCII)

RasterChoice = Raster | str | Sequence[int]
SeedChoice = int | str | Iterable[int]
PlaneChoice = Plane | Sequence[float]


def seeds_of(wanted: object) -> Sequence[int]:
    """As many seeds as a number says, 0 first; those from A to B of "A..B"; or those that are listed.

    Errors: InputError naming what was received; a seed that stands twice is one.
    """
    right = '64, "100..163" or [3, 5, 9]'
    if isinstance(wanted, str):
        if not (found := _RANGE.fullmatch(wanted)):
            raise InputError(f"study seeds={shown(wanted)}: must be how many or which, as in {right}")
        first, last = int(found[1]), int(found[2])
        if last < first:
            raise InputError(f"study seeds={shown(wanted)}: is empty; try {shown(f'{last}..{first}')}")
        wanted = range(first, last + 1)
    elif isinstance(wanted, range) and wanted.step == 1:
        pass
    elif isinstance(wanted, Iterable) and not isinstance(wanted, bytes | dict):
        wanted = tuple(whole(one, "study seed", 0, LARGEST_SEED) for one in wanted)
        # a row of seeds is a range, however it was given
        if wanted and wanted == tuple(range(wanted[0], wanted[0] + len(wanted))):
            wanted = range(wanted[0], wanted[0] + len(wanted))
        seen: set[int] = set()
        for one in wanted:
            if one in seen:
                raise InputError(f"study seeds: {one} stands twice; leave one out")
            seen.add(one)
    else:
        wanted = range(whole(wanted, "study seeds", 1, SEEDS, example=right))
    if not wanted:
        raise InputError(f"study seeds: there is none, so there are 0 runs; give {right}")
    if len(wanted) > SEEDS:
        raise LimitError(f"study seeds: {len(wanted):,}, at most {SEEDS:,} are allowed")
    if isinstance(wanted, range) and not 0 <= min(wanted[0], wanted[-1]) <= max(wanted[0], wanted[-1]) <= LARGEST_SEED:
        raise InputError(f"study seeds={shown(wanted)}: a seed is from 0 to {LARGEST_SEED}")
    return wanted


def ranges_of(seeds: Sequence[int]) -> list[list[int]]:
    """The seeds as [first, last], in order: ten of a row are one."""
    if isinstance(seeds, range) and seeds.step == 1:
        return [[seeds[0], seeds[-1]]]
    found: list[list[int]] = []
    for seed in seeds:
        if found and seed == found[-1][1] + 1:
            found[-1][1] = seed
        else:
            found.append([seed, seed])
    return found


def raster_of(given: object, plane: Plane | None, what: str) -> Raster:
    """A raster, its size as "256x256", or its columns and rows; on `plane`, or the usual one. Errors: InputError."""
    if isinstance(given, Raster):
        return given if plane is None else Raster(given.columns, given.rows, plane)
    usual = Plane() if plane is None else plane
    if isinstance(given, str):
        if (found := size_of(given)) is None:
            raise InputError(f'{what}={shown(given)}: must be COLUMNSxROWS, as in "256x256"')
        return Raster(*found, usual)
    if not isinstance(given, list | tuple):
        raise InputError(f'{what}={shown(given)}: must be COLUMNSxROWS, as in "256x256"')
    columns, rows = (whole(side, what) for side in items(given, what, 2, 2))
    return Raster(columns, rows, usual)


def plane_of(given: object) -> Plane | None:
    """A plane, or its [x0, x1, y0, y1]. Errors: InputError."""
    if given is None or isinstance(given, Plane):
        return given
    if not isinstance(given, list | tuple) or len(given) != 4:
        raise InputError(f"study plane={shown(given)}: must be [x0, x1, y0, y1], as in [-3, 3, -3, 3]")
    return Plane.between(*(number(side, "study plane") for side in given))


def measures_of(wanted: object) -> tuple[str, ...]:
    """The names of measures, or of "all". Errors: InputError with the nearest name; for a name that stands twice."""
    if wanted == "all":
        return names()
    right = 'names of measures, as in ["mean_frequency", "regions"], or "all"'
    listed = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise InputError(f"study measures={shown(wanted)}: must be {right}")
    if not listed:
        raise InputError(f"study measures: there is none; give {right}")
    found: list[str] = []
    for one in listed:
        name = find(one).name
        if name in found:
            raise InputError(f"study measures: {shown(one)} stands twice; leave one out")
        found.append(name)
    return tuple(found)
