"""Maps in doubled precision against the integers: as close as the bound says, and the bound is small."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.regions.descent.buffers import new_batch
from netwarp.regions.descent.doubled import recompute
from netwarp.regions.descent.plan import plan
from netwarp.regions.descent.signs import ULP
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.stages import stages_of

BOUNDS = (-0.5, 0.5, -0.5, 0.5)


@pytest.mark.parametrize(
    ("text", "act"),
    [("conv(10) * 18", "relu"), ("conv(6) * 8", "leaky(0.25)"), ("conv(7) * 9", "abs"), ("conv(5) * 8", "hardtanh"),
     ("conv(9) * 3", "step"), ("conv(4) >> conv(33) >> conv(5) >> conv(8)", "relu")],
)  # fmt: skip
def test_maps_are_those_of_the_integers(text: str, act: str) -> None:
    stages = stages_of(Network.draw(parse(text, act=act), 3).calibrate().program)
    frame = Frame(BOUNDS)
    what = plan(stages, frame)
    exact = Exact(stages, frame)
    chain = what.chain
    assert chain is not None
    # those before every stage, and the one that makes the output
    assert len(chain.links) == len(stages.stages) + 1
    number = len(stages.stages) - 1
    stage = stages.stages[number]
    cells = 5
    batch = new_batch(cells, 4, stages.words)
    # any pattern will do: no cell need have it
    batch.bits[:] = np.random.default_rng(1).integers(0, 2**63, batch.bits.shape, dtype=np.uint64)
    # neighbours have the first stages in common, some all of them
    batch.bits[1, : stage.word // 2], batch.bits[3, : stage.word - 1] = (
        batch.bits[0, : stage.word // 2],
        batch.bits[2, : stage.word - 1],
    )
    batch.bits[4] = batch.bits[3]
    maps, error, norm = np.zeros((cells, 3, stage.width)), np.zeros((cells, 3)), np.full((cells, 3), np.inf)
    work = np.empty((number + 3, 2, 3, int(chain.links[:, :2].max()))), np.empty((number + 2, 4))
    which = np.arange(cells, dtype=np.int64)
    assert recompute(chain, number, batch, which, work, maps, (error, norm)) == 0
    weights = what.tables[number].weight
    for c in range(cells):
        numerators, denominator = exact.values(number, batch.bits[c])[stage.source]
        for d in range(3):
            wrong = [abs(Fraction(maps[c, d, u]) - Fraction(numerators[u, d], denominator)) for u in range(stage.width)]
            assert sum(one**2 for one in wrong) <= Fraction(norm[c, d]) ** 2
            for u, one in enumerate(wrong):
                assert one <= Fraction(weights[u] * error[c, d] + ULP * abs(maps[c, d, u]))
    size = np.sqrt((maps**2).sum(axis=2))
    assert (norm <= 1e-15 * np.maximum(size, 1e-30)).all(), "no sharper than a float64 map"


def test_what_doubling_cannot_hold_is_left_to_the_integers() -> None:
    """Sixths are no floats, and a branch is no chain: the chain ends before them."""
    for text, act, convolutions in (("conv(4) * 3", "hardsigmoid", 1), ("conv(4) >> residual(conv(4))", "relu", 1)):
        stages = stages_of(Network.draw(parse(text, act=act), 0).calibrate().program)
        chain = plan(stages, Frame(BOUNDS)).chain
        assert chain is not None
        assert len(chain.links) == convolutions


def test_a_deep_network_has_the_cells_that_the_integers_count() -> None:
    """Fourteen layers, whose bounds grow past what float64 tells apart; Euler and all other invariants hold."""
    found = Network.draw(parse("conv(8) * 14"), 1).calibrate().tessellate()
    found.check()
    assert found.merge().count <= len(found)
