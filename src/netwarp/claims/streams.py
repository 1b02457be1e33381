"""The claims' random numbers."""

from __future__ import annotations

import numpy as np


def stream(seed: int) -> np.random.RandomState:
    """Random numbers that are the same everywhere: numpy has frozen these streams."""
    return np.random.RandomState(np.random.PCG64(seed))
