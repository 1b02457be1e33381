"""Where values lie in memory: what shares a buffer, what is overwritten, what a block or a ring holds."""

from __future__ import annotations

from hypothesis import given

from netwarp.engine.layout import buffers, fused, lay_out
from netwarp.engine.plan import Header
from netwarp.network.program import Activate, Add, Concat, Pool, Program
from programs import activate, conv, embed, program, programs


def test_an_activation_overwrites_what_nothing_else_reads() -> None:
    one = program(embed(3), conv(0, 3, 4), activate(1, 4, "tanh"), conv(2, 4, 2))
    assert buffers(one)[0] == [[0], [1], [1], [3]]
    # whoever else reads it, before or after, in whatever way
    for reader in (conv(1, 4, 4, 3), conv(1, 4, 4), activate(1, 4, "relu"), Pool((1,), 4, "max", 3)):
        before = program(embed(3), conv(0, 3, 4), reader, activate(1, 4, "tanh"), Add((2, 3), 4))
        after = program(embed(3), conv(0, 3, 4), activate(1, 4, "tanh"), reader, Add((2, 3), 4))
        assert buffers(before)[0][3] == [3]
        assert buffers(after)[0][2] == [2]
    # an activation of an activation does
    one = program(embed(3), conv(0, 3, 4), activate(1, 4, "tanh"), activate(2, 4, "sin", 2.0), conv(3, 4, 4))
    assert buffers(one)[0] == [[0], [1], [1], [1], [4]]


def test_a_concatenation_is_a_view_of_its_parts() -> None:
    one = program(
        embed(3),
        conv(0, 3, 4),
        Concat((1, 0), 7),
        Concat((2, 2), 14),
        activate(1, 4, "tanh"),
        conv(3, 14, 4),
        Add((4, 5), 4),
    )
    views, expiry = buffers(one)
    assert views[2] == [1, 0]
    assert views[3] == [1, 0, 1, 0]
    assert views[4] == [4]  # the concatenation is read later
    assert expiry[0] == expiry[1] == 5


@given(programs())
def test_what_is_overwritten_is_read_by_the_one_that_overwrites_alone(one: Program) -> None:
    views, expiry = buffers(one)
    holders: dict[int, int] = {}  # buffer -> the value in it now
    for i, operation in enumerate(one.operations):
        if isinstance(operation, Concat):
            continue
        for b in views[i]:
            if b in holders:
                assert isinstance(operation, Activate)
                assert operation.sources == (holders[b],)
                readers = [j for j, o in enumerate(one.operations) if holders[b] in o.sources]
                assert readers == [i]
            holders[b] = i
    for i, operation in enumerate(one.operations):
        for source in operation.sources:
            assert all(expiry[b] >= i for b in views[source])


def test_a_relu_after_its_convolution_takes_no_step() -> None:
    clipped = program(embed(3), conv(0, 3, 4), activate(1, 4, "relu"), conv(2, 4, 2))
    views, _ = buffers(clipped)
    assert fused(clipped, 1, views)
    assert not fused(clipped, 3, views)
    assert lay_out(clipped, "float32", 64, False).table[Header.STEP_COUNT] == 3
    assert lay_out(clipped, "float32", 64, True).table[Header.STEP_COUNT] == 3
    read_twice = program(embed(3), conv(0, 3, 4), activate(1, 4, "relu"), Add((1, 2), 4))
    assert not fused(read_twice, 1, buffers(read_twice)[0])


def test_a_pointwise_sequence_goes_to_and_fro() -> None:
    """However deep: the memory of the widest two values that follow each other, and margins."""
    layers = [conv(0, 2, 10)]
    for _ in range(30):
        layers += [activate(len(layers), 10, "relu"), conv(len(layers) + 1, 10, 10)]  # type: ignore[list-item]
    plan = lay_out(program(embed(2), *layers), "float32", 128, False)
    assert 20 * 128 <= plan.memory <= 20 * 128 + 512


def test_rings_hold_the_rows_that_windows_need() -> None:
    """A 3x3 convolution keeps four rows of its source; the rows of its own value are used at once."""
    one = program(embed(2), conv(0, 2, 10, 3), conv(1, 10, 1))
    plan = lay_out(one, "float64", 128, False)
    assert plan.warm_up == 1
    rows = 2 * 4 + 10 + 1
    assert rows * 128 <= plan.memory <= rows * 128 * 1.25
