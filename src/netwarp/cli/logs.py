"""What the library logs, on standard error: NETWARP_LOG says from which level on, `--profile` sums up the time."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import perf_counter
from typing import Annotated, Any

from netwarp.cli.groups import flag
from netwarp.cli.screen import note
from netwarp.errors import InputError, nearest
from netwarp.log import LOG

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
Profile = Annotated[bool, flag("--profile", "Print on standard error how long each step took.")]


class _Lines(logging.Handler):
    """A line a record; a warning that nobody asked for is its message alone."""

    def emit(self, record: logging.LogRecord) -> None:
        note(self.format(record))


class _Steps(logging.Handler):
    """Counts the steps that have ended, and what each took without those inside it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[float]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        said = vars(record)
        if "step" in said:
            self.found.setdefault(said["step"], []).append(said["own"])


@contextmanager
def logged() -> Iterator[None]:
    """Shows what is logged from the level of NETWARP_LOG on, warnings unless it is set. Errors: InputError."""
    level = os.environ.get("NETWARP_LOG") or ""
    if level and level.lower() not in LEVELS:
        raise InputError(
            f"NETWARP_LOG {level[:40]!r}: must be debug, info or warning{nearest(level.lower(), [*LEVELS])}"
        )
    lines = _Lines(LEVELS[level.lower() or "warning"])
    if level:
        lines.setFormatter(logging.Formatter("%(relativeCreated)8.0f ms %(levelname)-7s %(message)s"))
    with _listening(lines):
        yield


@contextmanager
def _listening(handler: logging.Handler) -> Iterator[None]:
    before = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(min(handler.level or logging.DEBUG, before or logging.CRITICAL))
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(before)


def profiled(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with an option `--profile`, unless it has one of its own: then it is as it was."""
    signature = inspect.signature(command)
    if "profile" in signature.parameters:
        return command
    option = inspect.Parameter("profile", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Profile)

    @wraps(command)
    def run(*, profile: bool, **read: Any) -> Any:
        if not profile:
            return command(**read)
        steps, started = _Steps(), perf_counter()
        with _listening(steps):
            try:
                return command(**read)
            finally:
                _say(steps.found, perf_counter() - started)

    run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), option])  # type: ignore[attr-defined]
    return run


def _say(steps: dict[str, list[float]], seconds: float) -> None:
    rows = [(name, f"{len(own)}", sum(own)) for name, own in sorted(steps.items(), key=lambda one: -sum(one[1]))]
    rows.append(("all of it, with imports", "", seconds))
    note(f"{'step':<32}{'times':>8}{'ms':>12}")
    for name, times, took in rows:
        note(f"{name:<32}{times:>8}{1e3 * took:>12,.1f}")
