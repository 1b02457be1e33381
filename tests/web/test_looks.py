"""The page without a server has a network measured again by the worker that has it; one that is stopped has none."""

from __future__ import annotations

from web.conftest import Run


def test_a_network_goes_to_the_worker_that_has_it(node: Run) -> None:
    found = node("looks", None)
    # three networks, two workers; then the same in another order, and a new one
    first, second = found["before"]
    assert sorted([*first, *second]) == [1, 1, 2, 2, 3, 3, 4]
    assert set(first).isdisjoint(second)
    # the one that had 2 under way is ended, the other keeps its networks, and a third has 2 now
    assert found["said"] == "stale"
    assert found["ended"] == [1]
    assert found["after"] == [[*first, 1], [*second, 2], [2]]
