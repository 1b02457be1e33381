"""Doors: what they read of their arguments, what they refuse untouched, and the memory of what comes back."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from netwarp.compiled.functions import MISMATCH
from netwarp.compiled.specs import accepts, describe, joined, plain
from netwarp.regions.cells import merge
from netwarp.regions.gluing import glue

OFFSETS = np.array([0, 3, 7])
NEIGHBOURS = ([1, 2, 0, 4, 5, 6, 3], [2, 0, 1, 6, 3, 4, 5])
PAIRS = (np.array([0, 2], np.int32), np.array([1, 3], np.int32))


def door_of(kernel: Any, *arguments: object) -> Any:
    kernel(*arguments)
    return kernel.doors[0]


def read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view


@pytest.mark.parametrize(
    "other",
    [
        OFFSETS.astype(np.float64),
        OFFSETS.astype(np.int32),
        OFFSETS.astype(">i8"),
        OFFSETS[:, None],
        np.arange(12)[::2],
        np.zeros(25, np.uint8)[1:].view(np.int64),
        [0, 3, 7],
        7,
        None,
        (OFFSETS,),
    ],
    ids=lambda other: repr(other)[:30],
)
def test_another_array_is_refused(other: object) -> None:
    assert door_of(glue.neighbours, OFFSETS)((other,)) is MISMATCH


@pytest.mark.parametrize(
    "arguments", [(), (OFFSETS, OFFSETS), [OFFSETS], OFFSETS], ids=["none", "two", "list", "array"]
)
def test_another_number_of_arguments_is_refused(arguments: Any) -> None:
    assert door_of(glue.neighbours, OFFSETS)(arguments) is MISMATCH


@pytest.mark.parametrize("count", [4.0, "4", None, 2**63, -(2**70), (4,)], ids=repr)
def test_what_is_no_whole_number_of_64_bits_is_refused(count: object) -> None:
    assert door_of(merge._united, 4, *PAIRS)((count, *PAIRS)) is MISMATCH


@pytest.mark.parametrize("count", [4, np.int64(4), np.int32(4), np.uint8(4)], ids=repr)
def test_whole_numbers_of_all_kinds_are_read(count: Any) -> None:
    found, number = merge._united(count, *PAIRS)
    assert found.tolist() == [0, 0, 1, 1]
    assert number == 2


def test_an_array_that_was_pickled_is_read() -> None:
    """Its dtype is another object than numpy's own."""
    again = pickle.loads(pickle.dumps(OFFSETS))
    found = glue.neighbours(again)
    assert [one.tolist() for one in found] == list(NEIGHBOURS)


def test_arrays_that_come_back_are_their_own_and_leave_nothing() -> None:
    import resource

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    long = np.array([0, 500_000])
    first = glue.neighbours(long)
    assert first[0].flags.owndata
    assert first[0].dtype == np.int32
    before = peak()
    for _ in range(100):
        glue.neighbours(long)
    # 100 times 4 MB, were they kept
    assert peak() - before < 40_000
    assert first[0][-1] == 0


def test_empty_arrays_come_back() -> None:
    found = glue.neighbours(np.zeros(1, np.int64))
    assert [one.shape for one in found] == [(0,), (0,)]


def test_what_may_not_be_written_is_another_type_and_one_door_takes_both() -> None:
    one, other = describe(OFFSETS), describe(read_only(OFFSETS))
    assert one != other
    assert accepts(other, one)
    assert not accepts(one, other)
    assert joined(one, other) == other
    assert joined(one, describe(OFFSETS.astype(float))) is None
    assert joined(("tuple", one, "int"), ("tuple", other, "int")) == ("tuple", other, "int")
    assert joined(("tuple", one), ("tuple", one, one)) is None


def test_numbers_of_numpy_become_pythons() -> None:
    found: Any = plain((np.int32(3), np.float32(0.5), np.bool_(True)))
    assert [type(one) for one in found] == [int, float, bool]


def test_what_no_kernel_takes_is_refused() -> None:
    with pytest.raises(TypeError, match="a str"):
        describe("text")
    with pytest.raises(TypeError, match="not aligned"):
        describe(OFFSETS.astype(">i8"))
