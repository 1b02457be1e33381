"""The `netwarp` logger, and the steps that take time: what each did and how long it took, logged when it ends.

The library shows nothing. `logging.basicConfig(level=logging.DEBUG)` shows it in Python, NETWARP_LOG=debug in a shell.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

LOG = logging.getLogger("netwarp")
LOG.addHandler(logging.NullHandler())

Say = Callable[..., None]  # a message as logging takes it: a format, and what it is of


class _Inner(threading.local):
    """What the steps inside the present one took, in seconds."""

    seconds = 0.0


_inner = _Inner()


@contextmanager
def step(name: str) -> Iterator[Say]:
    """Logs, at debug level, what the block says of itself and how long it took, if it ends without an error.

    The record's `step` is the name, `seconds` the whole time, `own` that without the steps inside.
    """
    if not LOG.isEnabledFor(logging.DEBUG):
        yield _silent
        return
    said: list[object] = [""]

    def say(text: str, *parts: object) -> None:
        said[:] = f" {text}", *parts

    before, _inner.seconds, started = _inner.seconds, 0.0, perf_counter()
    try:
        yield say
        seconds = perf_counter() - started
        text, *parts = said
        extra = {"step": name, "seconds": seconds, "own": seconds - _inner.seconds}
        LOG.debug(f"%s{text}: %.1f ms", name, *parts, 1e3 * seconds, extra=extra)
    finally:
        _inner.seconds = before + perf_counter() - started


def _silent(*_message: object) -> None:
    pass
