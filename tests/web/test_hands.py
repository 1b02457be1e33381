"""A network calibrated and drawn by several of the page's workers is the one that one worker makes, bit for bit."""

from __future__ import annotations

from typing import Any

import pytest

from netwarp.plane import Raster
from web.architectures import pointwise
from web.conftest import Run
from web.test_networks import asked

# with so many points that no worker takes all of them; odd ones, which no number of workers divides
HOME, VIEW = Raster(301, 211), Raster(331, 197)
COUNT = 15
DEEP = "conv(10) * 10"


def case(text: str, seed: int, *, others: int, home: Raster = HOME) -> dict[str, Any]:
    view = {"columns": VIEW.columns, "rows": VIEW.rows, "plane": {"x": 0.25, "y": -0.1, "width": 0.3, "height": 0.2}}
    return asked(text, seed, home) | {"view": view, "others": others}


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_bits(node: Run) -> None:
    cases = [case(pointwise(number), number, others=number % 4) for number in range(COUNT)]
    cases += [case(DEEP, 7, others=others) for others in range(5)]
    # fewer rows than workers, and rows of which several are computed at a time
    cases += [case(DEEP, 7, others=others, home=home) for others in (3, 4) for home in (Raster(9, 2), Raster(97, 43))]
    assert node("hands", {"cases": cases, "after": []})["cases"] == [0] * len(cases)


def test_what_nobody_waits_for_is_left(node: Run) -> None:
    """After no normalisation, some of them, all of them, and within the picture."""
    found = node("hands", {"cases": [case(DEEP, 7, others=1)], "after": [0, 4, 9, 10, 1000]})["stopped"]
    assert found[:4] == [1, 5, 10, found[3]]
    assert 11 <= found[3] <= 13
    assert found[4] is None


def test_a_worker_that_is_lost_is_said_and_done_without(node: Run) -> None:
    assert node("hands", {"cases": [case(DEEP, 7, others=2)], "after": []})["lost"] == ["the page's engine stopped", 0]
