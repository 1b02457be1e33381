"""The types of the arrays that regions are in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Long = NDArray[np.int64]
Bits = NDArray[np.uint64]
Signs = NDArray[np.int8]
