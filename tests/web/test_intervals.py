"""What the page says over seeds is what `netwarp compare` says: medians, ratios, differences and their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netwarp.measures.intervals import Interval, fewest, level_of, median, rank
from netwarp.study.contrasts import changes, judged
from tests.web.node import needs_node, run

CLOSE = 1e-12


def cases() -> list[dict[str, Any]]:
    random = np.random.RandomState(11)
    found: list[dict[str, Any]] = [
        {"first": [1.0] * 16, "later": [1.0] * 16, "family": 1},  # one network
        {"first": [2.0], "later": [3.0], "family": 1},
        {"first": [None, 1.0], "later": [1.0, None], "family": 1},  # no pair
        {"first": [0.0, 1.0] * 8, "later": [2.0] * 16, "family": 2},  # not positive: a difference
    ]
    found.append({"first": [-1.0 - n for n in range(16)], "later": [2.0 + n for n in range(16)], "family": 6})
    found.append({"first": [3.0 + n for n in range(16)], "later": [1.0 + n / 16 for n in range(16)], "family": 6})
    for count in (2, 5, 6, 7, 8, 9, 15, 16, 17, 64, 100, 500):
        for family in (1, 2, 6, 18, 90):
            first = np.exp(random.standard_normal(count))
            later = first ** random.uniform(-1, 1) * np.exp(0.3 * random.standard_normal(count) + 0.2)
            shifted = later - 1.0
            absent = [None if random.uniform() < 0.1 else one for one in later.tolist()]
            found += [
                {"first": first.tolist(), "later": other, "family": family}
                for other in (later.tolist(), shifted.tolist(), absent)
            ]
    return found


def same(found: dict[str, float | None] | None, wanted: Interval | None) -> None:
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        for name in ("value", "low", "high"):
            one, other = found[name], getattr(wanted, name)
            assert one == other if other is None else one == pytest.approx(other, rel=CLOSE, abs=CLOSE)


@needs_node
def test_intervals_are_the_librarys() -> None:
    asked = cases()
    kinds = set()
    for case, found in zip(asked, run("intervals", asked), strict=True):
        family, level = case["family"], level_of(case["family"])
        assert found["fewest"] == fewest(level)
        assert found["rank"] == rank(len(case["first"]), level)
        there = [one for one in case["first"] if one is not None]
        same(found["median"], median(there, level=level))
        pairs = [
            (one, other)
            for one, other in zip(case["first"], case["later"], strict=True)
            if one is not None and other is not None
        ]
        if not pairs:
            assert found["contrast"] is None
            continue
        below, above = (np.array(one) for one in zip(*pairs, strict=True))
        times, more = changes(below, above, family=family)
        said = found["contrast"]
        assert said["pairs"] == len(pairs)
        assert said["kind"] == ("difference" if times is None else "ratio")
        same(said["interval"], times or more)
        verdict = judged(1, times, more)
        assert found["judged"] == {"more": 1, "less": -1, "undecided": 0, None: None}[verdict]
        kinds.add((said["kind"], verdict))
    assert len(kinds) == 8, "both kinds, and every verdict of each"
