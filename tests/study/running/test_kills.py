"""kill -9 of drivers and workers at random moments; `python -m benchmarks.study_kills` does it a thousand times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_kills import kill_real
from benchmarks.study_kills import kill_free

pytestmark = pytest.mark.slow


def test_kills_of_runs_that_cost_nothing_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    found = kill_free(tmp_path, 16)
    assert found.drivers + found.workers == 16
    assert found.drivers
    assert found.workers
    assert found.held, str(found)


def test_kills_of_real_runs_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    found = kill_real(tmp_path, 4, ways=("2 processes", "2 shards"))
    assert found.drivers + found.workers >= 4
    assert found.held, str(found)
