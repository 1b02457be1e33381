"""The page writes a number as the library does, also one that lies in the middle of two."""

from __future__ import annotations

import numpy as np

from netwarp.measures.measurements import number
from web.conftest import Run

EDGES = [
    0.0,
    1.0,
    999.95,
    999.96,
    9999.4,
    9999.5,
    9999.6,
    0.0001,
    0.00012345,
    1e7 - 0.5,
    9_999_999.0,
    0.99995,
    14_745.0,
]
# of these the last digit's half is exact in binary
TIES = [14_744.5, 14_745.5, 1234.5, 1235.5, 100.25, 100.75, 12.125, 12.375, 1.0625, 0.03125, 2.5, 1e6 + 0.5]


def test_a_number_is_written_as_the_library_writes_it(node: Run) -> None:
    drawn = np.random.default_rng(3)
    some = (10.0 ** drawn.uniform(-4, 7, 400)).tolist() + drawn.integers(1, 10_000_000, 50).astype(float).tolist()
    halves = (drawn.integers(10_000, 9_000_000, 50) + 0.5).tolist()
    values = [sign * value for value in (*EDGES, *TIES, *some, *halves) for sign in (1, -1)]
    for value, found in zip(values, node("numbers", values), strict=True):
        assert found == number(value).replace("-", "\N{MINUS SIGN}"), value
