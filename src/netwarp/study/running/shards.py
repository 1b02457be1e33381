"""Shards: which runs of a study are part I of N. The parts are disjoint, and together all runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from netwarp.errors import InputError, shown
from netwarp.study.runs import Run

MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number`, from 1, of `count`."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def of(self, runs: Iterable[Run]) -> Iterator[Run]:
        """Its runs, in their order. Which part a run is in follows from what it means alone, by its key."""
        return (run for run in runs if int.from_bytes(run.key[:8], "big") % self.count == self.number - 1)


def read_shard(text: str, environment: Mapping[str, str] = os.environ) -> Shard:
    """The shard of "I/N"; of an empty text, that which a Slurm job array says in its environment.

    Errors: InputError.
    """
    if not text:
        return _of_slurm(environment)
    match = re.fullmatch(r"\s*(\d{1,7})\s*/\s*(\d{1,7})\s*", text, re.ASCII)
    if match is None:
        raise InputError(f"--shard {shown(text)}: must be I/N, as in 2/16")
    number, count = int(match[1]), int(match[2])
    if not 1 <= number <= count <= MOST:
        raise InputError(f"--shard {shown(text)}: I must be from 1 to N, and N at most {MOST:,}, as in 2/16")
    return Shard(number, count)


def _of_slurm(environment: Mapping[str, str]) -> Shard:
    names = ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT")
    texts = [environment.get(name, "") for name in names]
    missing = [name for name, text in zip(names, texts, strict=True) if not re.fullmatch(r"\d{1,9}", text, re.ASCII)]
    if missing:
        raise InputError(f"--shard: give I/N, as in 2/16: this is no Slurm job array, {missing[0]} says no number")
    own, least, count = map(int, texts)
    maximum = environment.get("SLURM_ARRAY_TASK_MAX", "")
    if maximum.isdecimal() and int(maximum) - least + 1 != count:
        raise InputError(
            f"--shard: the job array's numbers {least} to {maximum} are {count}: some are left out; give I/N instead"
        )
    if not least <= own < least + count:
        raise InputError(f"--shard: {names[0]}={own} is not among {count} from {names[1]}={least}; give I/N instead")
    return Shard(own - least + 1, count)
