"""The options that the subcommands of `netwarp study` share, and how their texts are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from netwarp.cli.groups import argument, flag, option
from netwarp.cli.options import Text
from netwarp.errors import InputError, shown

File = Annotated[Path, argument("FILE", "The study's file, as netwarp study new writes one.")]
Store = Annotated[Path, argument("DIR", "The study's folder, as netwarp study run makes one.")]
Shard = Annotated[
    Text,
    option(
        "--shard",
        "I/N",
        "Run part I of N, from 1, into a folder of its own; without a value, or slurm, the Slurm job array says which.",
    ),
]
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0}


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """Who evaluates, and what a run may take."""

    jobs: Annotated[Text, option("--jobs", "N", "Processes of this machine; one a processor unless given.")] = None
    dask: Annotated[Text, option("--dask", "ADDRESS", "The Dask scheduler whose workers evaluate.")] = None
    timeout: Annotated[Text, option("--timeout", "SECONDS", "A run that takes longer has failed.")] = None
    memory: Annotated[Text, option("--memory", "GIB", "A run whose process takes more memory has failed.")] = None


@dataclass(frozen=True, slots=True)
class ExtentOptions:
    """How much of the study is run."""

    shard: Shard = None
    limit: Annotated[Text, option("--limit", "K", "Start at most so many runs.")] = None
    stop_after: Annotated[
        Text, option("--stop-after", "TIME", "Begin nothing after this time, as in 3h50m, and exit with status 75.")
    ] = None
    fail_fast: Annotated[bool, flag("--fail-fast", "Stop at the first run that fails.")] = False
    retry_failed: Annotated[bool, flag("--retry-failed", "Run again what failed before.")] = False
    accept_versions: Annotated[
        bool, flag("--accept-versions", "Run again the measures whose meaning changed with netwarp.")
    ] = False
    take_over: Annotated[
        bool, flag("--take-over", "Take the folder from another netwarp that runs it and does not answer.")
    ] = False


def read_time(text: str, what: str = "--stop-after") -> float:
    """Seconds of "3h50m", "90s" or "90". Errors: InputError."""
    number = r"(\d{1,12}(?:\.\d{1,12})?)"
    match = re.fullmatch(f"(?:{number}h)?(?:{number}m)?(?:{number}s?)?", text.strip(), re.ASCII)
    parts = () if match is None else zip(match.groups(), "hms", strict=True)
    found = sum(float(part) * _UNITS[unit] for part, unit in parts if part)
    if not 0 < found < 1e9:
        raise InputError(f"{what} {shown(text)}: must be a time, as in 3h50m, 90s or 45m")
    return found
