"""kill -9 of a writer at random moments loses nothing that it said was committed, and doubles nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.store_kills import kill_often


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    found = kill_often(tmp_path, 20)
    # a kill before the first batch or after the last one shows nothing
    assert (found.kills, found.early, found.late) == (20, 0, 0)
    assert (found.lost, found.double) == (0, 0)
    assert found.same
