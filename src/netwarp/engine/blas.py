"""Threads of BLAS: one each, where threads of our own call it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # the library is loaded, and found, once numpy is
    np.dot(np.ones((1, 1)), np.ones((1, 1)))
    return ThreadpoolController()


def single_threaded() -> AbstractContextManager[object]:
    """While it lasts, a matrix product takes one thread. It holds for the whole process."""
    limited: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limited
