"""Threads of BLAS: one each, where threads of our own call it, and where a sum's order must not depend on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock

import numpy as np
from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # the library is loaded, and found, once numpy is
    np.dot(np.ones((1, 1)), np.ones((1, 1)))
    return ThreadpoolController()


class _Limit:
    """One limit for all that ask for it at a time: BLAS has one number of threads a process, not one a caller."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        with self.lock:
            if self.inside == 0:
                self.before = _controller().limit(limits=1, user_api="blas")
            self.inside += 1
        try:
            yield
        finally:
            with self.lock:
                self.inside -= 1
                if self.inside == 0:
                    self.before.restore_original_limits()


single_threaded = _Limit().held
"""While it lasts, a matrix product takes one thread. It holds for the whole process, until the last to ask is done."""
