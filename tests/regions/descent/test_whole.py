"""Lines that floats hold: which they are, and signs that floats decide without any error."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.plane import Plane
from netwarp.regions.descent.plan import plan
from netwarp.regions.descent.signs import UNSETTLED, exact_sign
from netwarp.regions.descent.whole import exact_lines
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stages, stages_of
from regions.made import plain

UNIT = (0.0, 1.0, 0.0, 1.0)


def lines_of(stages: Stages) -> int:
    return exact_lines(stages, Frame(UNIT).inputs(stages.program.operations[0]))


def test_folding_networks_are_whole_and_drawn_ones_only_at_first() -> None:
    folding = stages_of(Network.folding(6, 4).calibrate().program)
    assert lines_of(folding) == folding.lines
    drawn = stages_of(Network.draw(parse("conv(8) * 3"), 0).calibrate().program)
    assert lines_of(drawn) <= 8
    sixths = stages_of(plain([(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))],
                             "hardsigmoid").program)  # fmt: skip
    assert lines_of(sixths) == 4, "the first layer's two lines a unit"


def test_what_is_called_exact_is() -> None:
    """The maps of whole networks, as the descent finds them, against the integers: no error at all."""
    field = Network.folding(5, 4).calibrate()
    found = field.tessellate(Plane.between(*UNIT))
    stages = stages_of(field.program)
    exact = Exact(stages, Frame(UNIT))
    assert plan(stages, Frame(UNIT)).exact == stages.lines
    for c in range(0, len(found), 37):
        value = exact.output(found.bits[c])
        for row, numerators in zip(found.affine[c].tolist(), value.numerators.tolist(), strict=True):
            assert [Fraction(number) for number in row] == [Fraction(n, value.denominator) for n in numerators]
    assert found.doubtful == 0


@pytest.mark.parametrize("seed", range(3))
def test_signs_are_those_of_rational_arithmetic(seed: int) -> None:
    """Lines through points that floats hold or nearly hold, of all sizes."""
    rng = np.random.default_rng(seed)
    seen = set()
    for _ in range(2000):
        a, b, x, y = (float(v) for v in np.ldexp(rng.integers(-40, 40, 4), rng.integers(-30, 30, 4)))
        c = -(a * x + b * y)
        if rng.random() < 0.6:
            c = float(np.nextafter(c, rng.choice([-np.inf, np.inf])))
        if rng.random() < 0.3:
            a, c = a * 1e-30, c * float(rng.choice([1.0, 1e-30]))
        true = Fraction(a) * Fraction(x) + Fraction(b) * Fraction(y) + Fraction(c)
        found = exact_sign(a, b, c, x, y)
        assert found == (true > 0) - (true < 0)
        seen.add(found)
    assert seen == {-1, 0, 1}


def test_what_may_underflow_is_left_open() -> None:
    assert exact_sign(1e-200, 1.0, 0.0, 1e-200, 0.0) == UNSETTLED
    assert exact_sign(1e200, 1.0, 0.0, 1.0, 0.0) == UNSETTLED
