"""A window of n taps, put together from pairs: it has exactly these taps, in about log2 n steps."""

from math import log2

import pytest

from netwarp.architecture.windows import pairs, passes

SIZES = [*range(1, 66), 100, 127, 128, 129, 500, 1023, 1024]


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_a_window_is_its_taps(kind: str) -> None:
    for size in SIZES:
        values = [{0: 1}]  # how often each tap is in a value
        for pair in pairs(kind, size):
            assert pair.offsets[0] <= 0 <= pair.offsets[1]
            found: dict[int, int] = {}
            for source, offset in zip(pair.sources, pair.offsets, strict=True):
                for tap, times in values[source].items():
                    found[tap + offset] = found.get(tap + offset, 0) + times
            values.append(found)
        assert sorted(values[-1]) == list(range(-((size - 1) // 2), size // 2 + 1))
        # the largest may look at a tap twice, a sum may not
        assert kind == "max" or set(values[-1].values()) == {1}


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_the_first_of_equals_is_the_first_of_the_window(kind: str) -> None:
    """What stands first in a pair begins before what stands second."""
    for size in SIZES:
        firsts = [0]
        for pair in pairs(kind, size):
            one, other = (firsts[s] + offset for s, offset in zip(pair.sources, pair.offsets, strict=True))
            assert one <= other
            firsts.append(one)
        assert firsts[-1] == -((size - 1) // 2)


def test_a_pool_costs_the_logarithm_of_its_side() -> None:
    assert [passes("max", size) for size in (1, 2, 3, 4, 8, 1024)] == [0, 2, 4, 4, 6, 20]
    assert [passes("avg", size) for size in (1, 2, 3, 4, 8, 1024)] == [1, 3, 5, 5, 7, 21]
    for size in SIZES[1:]:
        assert passes("max", size) <= 2 * (log2(size) + 1)
        assert passes("avg", size) <= 4 * (log2(size) + 1)
