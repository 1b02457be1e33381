"""The part of a Program that a value needs."""

from __future__ import annotations

import numpy as np
import pytest

import reference
from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.network.cut import cut
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Conv, Program
from netwarp.plane import Raster

RASTER = Raster(6, 5)


def calibrated(text: str) -> Program:
    return reference.calibrate(lower(Network.draw(parse(text), 2)), RASTER)


def values(program: Program) -> np.ndarray:
    return reference.sample(program, RASTER, RASTER.pitch)


@pytest.mark.parametrize(
    "text", ["conv(4) * 3", "residual(conv(4, 3) * 2) >> conv(2)", "gated(conv(3)) >> dense(conv(2))"]
)
def test_raw_convolutions_go_after_calibration(text: str) -> None:
    whole = calibrated(text)
    less = cut(whole)
    assert len(less.operations) < len(whole.operations)
    assert all(
        source in {s for one in less.operations for s in one.sources} for source in range(len(less.operations) - 1)
    )
    np.testing.assert_array_equal(values(less), values(whole))
    assert less.exact32
    assert len(less.layers) == len(whole.layers)
    for one, other in zip(less.layers, whole.layers, strict=True):
        np.testing.assert_array_equal(values(cut(less, one)), values(cut(whole, other)))


def test_a_layer_of_a_sequence() -> None:
    whole = calibrated("conv(4) >> conv(5) >> conv(6)")
    part = cut(whole, whole.layers[1])
    assert part.channels == 5
    assert sum(isinstance(one, Conv) for one in part.operations) == 2
    assert part.layers == (2, 4)
    wanted = reference.evaluate(
        Program(whole.operations[: whole.layers[1] + 1]), RASTER.slope().reshape(2, -1).T, RASTER.pitch
    )
    np.testing.assert_array_equal(values(part).reshape(5, -1).T, wanted)


def test_a_branch_without_the_other() -> None:
    whole = calibrated("parallel(conv(4), conv(5))")
    part = cut(whole, whole.layers[1])
    assert part.channels == 5
    assert part.layers == ()
    assert cut(whole, 0).channels == 2
    assert len(cut(whole, 0).operations) == 1


def test_values_there_are_not() -> None:
    whole = calibrated("conv(4)")
    for value in (-1, len(whole.operations)):
        with pytest.raises(InputError, match="values 0 to"):
            cut(whole, value)
