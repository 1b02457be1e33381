"""The two callbacks by which long work says how far it is, and may be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

# (done, total); what it raises cancels the work and goes to the caller, and nothing half done remains
Progress: TypeAlias = Callable[[int, int], None]
# (what is being done, done, total), for work of several stages
Report: TypeAlias = Callable[[str, int, int], None]


def stage(report: Report | None, name: str) -> Progress | None:
    """The progress of one stage, which is told at once that it begins."""
    if report is None:
        return None
    report(name, 0, 1)
    return partial(report, name)
