"""Walkers that wait for the next descent of their plan take no more memory the more networks there were."""

from __future__ import annotations

import gc

import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.descent.descend import Walker
from netwarp.regions.descent.idle import KEPT
from netwarp.regions.descent.plan import DescentPlan
from netwarp.regions.tessellate import tessellate

SMALL = Raster(60, 40)


def held(kind: type) -> list[object]:
    gc.collect()
    # some objects of other packages warn of whoever asks them for more than their type
    return [one for one in gc.get_objects() if type(one) is kind]


def find(text: str, seed: int) -> int:
    return len(tessellate(calibrate(Network.draw(parse(text), seed), SMALL), Plane()))


@pytest.mark.slow
def test_many_networks_leave_few_walkers() -> None:
    for seed in range(6):
        find("conv(6) * 3", seed)
    plans, walkers = len(held(DescentPlan)), len(held(Walker))
    for seed in range(6, 40):
        find("conv(6) * 3", seed)
    assert len(held(DescentPlan)) <= plans
    assert len(held(Walker)) <= walkers + 2
    assert sum(one.bytes for one in held(Walker) if isinstance(one, Walker)) <= KEPT


def test_a_plan_that_comes_again_finds_its_walkers() -> None:
    field = calibrate(Network.draw(parse("conv(8) * 4"), 5), SMALL)
    count = len(tessellate(field, Plane()))
    before = {id(one) for one in held(Walker)}
    assert len(tessellate(field, Plane())) == count
    assert {id(one) for one in held(Walker)} <= before
