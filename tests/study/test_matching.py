"""Matching budgets: the width found is the nearest of all, by trying them all; proportions and groups are kept."""

import pytest

from netwarp.architecture import zoo
from netwarp.architecture.counts import count
from netwarp.architecture.language import parse
from netwarp.errors import InputError, LimitError
from netwarp.study.matching import BUDGETS, deepened, match, widened, width


def test_a_hundred_units_in_ten_layers() -> None:
    found = match(parse("conv(3) * 10"), parse("conv(100)"), "units")
    assert str(found.architecture) == "conv(10) * 10"
    assert (found.target, found.reached, found.before, found.after, found.difference) == (100, 100, 3, 10, 0.0)
    assert found.sentence() == "conv(3) * 10: widest layer from 3 to 10: 100 units where the first has 100 (the same)"


def test_the_rest_is_said() -> None:
    # ten layers of n channels: 2n + 9n^2 weights, 20n of norms, 3n + 3 of the read-out; the target is 703
    found = match(parse("conv(10) * 10"), parse("conv(100)"), "parameters")
    assert str(found.architecture) == "conv(8) * 10"
    assert (found.target, found.reached) == (703, 779)
    assert found.sentence().endswith("from 10 to 8: 779 parameters where the first has 703 (+10.8%)")
    assert found.data()["difference"] == pytest.approx(779 / 703 - 1)


TREES = (
    "conv(10) * 10",
    "residual(conv(4, 3) >> conv(8)) * 2",
    "dense(conv(8, 3)) * 3 >> maxout(6, 2)",
    "inception(4, (2, 4), (2, 4), 4) * 2",
    "parallel(conv(8), conv(2) * 2) >> gated(conv(5)) >> depthwise(3)",
)


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("text", TREES)
def test_no_width_comes_nearer(text: str, budget: str) -> None:
    tree, first = parse(text), parse("conv(40, 3) * 2")
    found = match(tree, first, budget)
    spent = [getattr(count(widened(tree, channels)), budget) for channels in range(1, 200)]
    assert spent == sorted(spent), "what bisection rests on"
    assert abs(found.reached - found.target) == min(abs(one - found.target) for one in spent)
    assert getattr(count(found.architecture), budget) == found.reached


@pytest.mark.parametrize(
    "text", [*TREES, "conv(8) >> conv(8, 3, groups=4) * 3", *(f"{one.architecture.tree}" for one in zoo.entries())]
)
def test_twice_as_wide_is_every_channel_twice(text: str) -> None:
    tree = parse(text)
    wide = widened(tree, 2 * width(tree))
    assert count(wide).units == pytest.approx(2 * count(tree).units, abs=2 * count(tree).layers)
    assert (count(wide).layers, count(wide).depth, count(wide).field) == (
        count(tree).layers,
        count(tree).depth,
        count(tree).field,
    )
    assert widened(wide, width(tree)) == tree
    assert widened(tree, width(tree)) == tree


def test_groups_divide_what_they_read() -> None:
    tree = parse("conv(12) >> conv(12, 3, groups=4) >> conv(6, 3, groups=3)")
    for channels in range(1, 60):
        assert count(widened(tree, channels)).units > 0
    assert str(widened(tree, 30).tree) == "conv(36) >> conv(36, 3, groups=4) >> conv(18, 3, groups=3)"


def test_what_cannot_be_wider_stays() -> None:
    found = match(parse("depthwise(3) * 2"), parse("conv(100)"), "units")
    assert found.architecture == found.original
    assert "left as it is" in found.sentence()
    with pytest.raises(InputError, match="no layer of it says"):
        widened(parse("depthwise(3)"), 10)


def test_a_target_beyond_the_limits_is_met_as_far_as_they_go() -> None:
    found = match(parse("conv(10) * 2"), parse("conv(1000000)"), "units")
    assert count(found.architecture).parameters <= 100_000_000
    with pytest.raises(LimitError):
        count(widened(found.original, found.after + 1))


def test_depth_is_how_often_it_stands() -> None:
    assert str(deepened(parse("conv(10) * 10"), 3)) == "conv(10) * 3"
    assert str(deepened(parse("conv(10)"), 20)) == "conv(10) * 20"
    assert (
        str(deepened(parse("(conv(4) >> conv(2)) * 2", act="tanh"), 1))
        == 'Architecture(conv(4) >> conv(2), act="tanh")'
    )
    with pytest.raises(InputError, match=r"write it as \(\.\.\.\) \* 4"):
        deepened(parse("conv(4) >> conv(2)"), 4)


def test_another_budget_is_refused() -> None:
    with pytest.raises(InputError, match="must be one of units, parameters, flops, none; did you mean"):
        match(parse("conv(4)"), parse("conv(2)"), "unit")
