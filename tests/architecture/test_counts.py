"""Counts against sums done by hand, and the table."""

import pytest

from netwarp.architecture.counts import Counts, count, table
from netwarp.architecture.language import parse
from netwarp.errors import LimitError


@pytest.mark.parametrize(
    ("text", "layers", "depth", "units", "parameters", "flops", "field"),
    [
        # weights 2 * 100, scale and shift 200, read-out 300 + 3
        ("conv(100)", 1, 1, 100, 200 + 200 + 303, 2 * (200 + 300), 1),
        # weights 2 * 10 + 9 * 100, scales and shifts 10 * 20, read-out 30 + 3
        ("conv(10) * 10", 10, 10, 100, 920 + 200 + 33, 2 * (920 + 30), 1),
        ("conv(10, norm=None)", 1, 1, 10, 20 + 10 + 33, 2 * (20 + 30), 1),
        ("conv(10, bias=True)", 1, 1, 10, 20 + 20 + 33, 2 * (20 + 30), 1),
        ("conv(10, norm=layer(), bias=True)", 1, 1, 10, 20 + 10 + 20 + 33, 2 * (20 + 30), 1),
        ("conv(10, norm=None, bias=False)", 1, 1, 10, 20 + 33, 2 * (20 + 30), 1),
        ("conv(4, 3) >> depthwise(5)", 2, 2, 8, 72 + 8 + 100 + 8 + 15, 2 * (72 + 100 + 12), 7),
        ("conv(4) >> conv(6, 3, groups=2)", 2, 2, 10, 8 + 8 + 6 * 2 * 9 + 12 + 21, 2 * (8 + 108 + 18), 3),
        ("maxout(5, 3)", 1, 1, 5, 30 + 30 + 18, 2 * (30 + 15), 1),
        # the projection has its norm, and is no layer
        ("residual(conv(8))", 1, 1, 8, 16 + 16 + 16 + 16 + 27, 2 * (16 + 16 + 24), 1),
        ("conv(8) >> residual(conv(8))", 2, 2, 16, 16 + 16 + 64 + 16 + 27, 2 * (16 + 64 + 24), 1),
        ("dense(conv(8)) * 2", 2, 2, 16, 16 + 16 + 80 + 16 + 57, 2 * (16 + 80 + 54), 1),
        ("gated(conv(8))", 2, 1, 16, 32 + 32 + 27, 2 * (32 + 24), 1),
        ("parallel(conv(8), conv(4, 3))", 2, 1, 12, 16 + 72 + 24 + 39, 2 * (16 + 72 + 36), 3),
        ("inception(1, (2, 3), (4, 5), 6)", 6, 2, 21, 2 + 4 + 54 + 8 + 500 + 12 + 42 + 48, 2 * (580 + 45) + 4 * 2, 5),
        ('conv(4) >> pool("max", 2) >> act("tanh") >> norm()', 1, 2, 4, 8 + 8 + 8 + 15, 2 * (8 + 12) + 2 * 4, 2),
        ('Architecture(conv(4) >> norm(), norm=None)', 1, 1, 4, 8 + 4 + 15, 2 * (8 + 12), 1),
        ('Architecture(conv(4) >> act() >> depthwise(3), act="prelu")', 2, 3, 8, 8 + 36 + 16 + 12 + 15, 2 * 56, 3),
        # neither random slopes nor latent constants nor frequencies are parameters
        ('Architecture(conv(4), act="leaky(random)", inputs="z(3) fourier(2, 1)")', 1, 1, 4, 28 + 8 + 15, 2 * 40, 1),
        ('Architecture(conv(4), inputs="x", out=1, out_act="tanh")', 1, 1, 4, 4 + 8 + 5, 2 * (4 + 4), 1),
    ],
)  # fmt: skip
def test_counts_are_exact(
    text: str, layers: int, depth: int, units: int, parameters: int, flops: int, field: int
) -> None:
    assert count(parse(text)) == Counts(layers, depth, units, parameters, flops, field)


def test_the_founding_pair_has_as_many_units_and_not_as_many_parameters() -> None:
    shallow, deep = count(parse("conv(100)")), count(parse("conv(10) * 10"))
    assert (shallow.units, deep.units) == (100, 100)
    assert (shallow.parameters, deep.parameters) == (703, 1153)


def test_the_table_has_a_row_for_every_step_and_its_sums_are_the_counts() -> None:
    architecture = parse('conv(4, 3) >> pool("max", 2) >> residual(conv(6, 3))')
    rows = table(architecture)
    found = [(r.number, r.path, r.inputs, r.channels, r.kernel, r.parameters, r.field, r.flops) for r in rows]
    assert found == [
        (1, "0", 2, 4, 3, 72 + 8, 3, 144),
        (None, "1", 4, 4, 2, 0, 4, 2 * 4),
        (2, "2.0", 4, 6, 3, 216 + 12, 8, 432),
        (None, "2.shortcut", 4, 6, 1, 24 + 12, 4, 48),
        (None, "readout", 6, 3, 1, 21, 8, 36),
    ]  # fmt: skip
    assert [row.text for row in rows[:3]] == ["conv(4, 3)", 'pool("max", 2)', "conv(6, 3)"]
    counts = count(architecture)
    assert sum(row.parameters for row in rows) == counts.parameters
    assert sum(row.flops for row in rows) == counts.flops
    assert max(row.number or 0 for row in rows) == counts.layers


def test_too_many_parameters_are_refused_with_their_number() -> None:
    # weights 2 * 20,000 + 20,000^2, scales and shifts 80,000, read-out 60,003
    for function in (count, table):
        with pytest.raises(LimitError, match="architecture of 400,180,003 parameters: at most 100,000,000 are allowed"):
            function(parse("conv(20000) * 2"))
