"""Modules that choose by a comparison: their networks are the modules, and their regions those of rationals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import UnsupportedError
from netwarp.models.decisions.decide import decision
from netwarp.plane import Plane
from regions.rational import regions
from regions.test_tessellate import agree

torch = pytest.importorskip("torch")
F = torch.nn.functional

BOUNDS = (-1.5, 1.25, -1.0, 1.5)
PLANE = Plane.between(*BOUNDS)
# what is made of three affine layers h, a and b
CHOICES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "where": lambda h, a, b: torch.where(h > 0.1, a, b),
    "where at least": lambda h, a, b: torch.where(h >= -0.25, a, 2 * b + 1),
    "where below": lambda h, a, b: torch.where(h < 0.1, a, b),
    "where the larger": lambda h, a, b: torch.where(h > a, h, a),
    "where equal maps meet": lambda h, a, b: torch.where(h > 0, a, a),
    "where of bent ones": lambda h, a, b: torch.where(F.relu(h) > 0.2, F.relu(a), -b.abs()),
    "where of a number": lambda h, a, b: torch.where(h > 0.1, a, 0.5),
    "where in where": lambda h, a, b: torch.where(h > 0.1, torch.where(a > b, a, b), b),
    "where before relu": lambda h, a, b: F.relu(torch.where(h > 0.1, a, b)) - b,
    "masked_fill": lambda h, a, b: a.masked_fill(h <= 0.1, 0.5),
    "times a comparison": lambda h, a, b: (h > 0) * a - (h <= 0.5) * b,
    "a comparison as numbers": lambda h, a, b: (h > 0).double() * a + (b > a).double(),
    "both": lambda h, a, b: torch.where((h > 0) & (a <= 0.25), a, b),
    "either": lambda h, a, b: torch.where(torch.logical_or(h > 0, a > b), a, b),
    "neither": lambda h, a, b: torch.where(~((h > 0) | (a > 0)), a, b),
    "threshold": lambda h, a, b: F.threshold(h, 0.1, 2.0) + torch.where(h > 0.1, a, b),
}


class Chooses(torch.nn.Module):  # type: ignore[misc]
    def __init__(self, choose: Callable[[Any, Any, Any], Any], units: int = 3, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.parts = torch.nn.ModuleList(torch.nn.Linear(2, units) for _ in range(3))
        self.last = torch.nn.Linear(units, 2)
        self.choose = choose

    def forward(self, x: Any) -> Any:
        return self.last(F.relu(self.choose(*(part(x) for part in self.parts))))


def points(count: int) -> np.ndarray:
    return np.random.default_rng(1).uniform((BOUNDS[0], BOUNDS[2]), (BOUNDS[1], BOUNDS[3]), (count, 2))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOICES)
def test_the_network_is_the_module_and_its_regions_are_those_of_rationals(name: str) -> None:
    module = Chooses(CHOICES[name]).double()
    network = nw.torch.from_module(module, torch.zeros(1, 2, dtype=torch.float64))
    field = network.calibrate(nw.Raster(plane=PLANE))
    at = points(2000)
    with torch.no_grad():
        theirs = module(torch.from_numpy(at)).numpy()
    np.testing.assert_allclose(field.at(at), theirs, rtol=0, atol=1e-12 * np.abs(theirs).max())
    agree(field.program, BOUNDS)
    cells = field.tessellate(PLANE)
    maps = cells.affine[cells.locate(at)]
    mine = maps[:, :, 0] * at[:, :1] + maps[:, :, 1] * at[:, 1:] + maps[:, :, 2]
    np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12 * np.abs(theirs).max())


def test_a_choice_that_jumps_is_decided_exactly() -> None:
    module = Chooses(CHOICES["where"], units=5, seed=2).double()
    found = decision(module, plane=PLANE)
    assert found.exact
    network = nw.torch.from_module(module, torch.zeros(1, 2, dtype=torch.float64))
    true = regions(network.calibrate(nw.Raster(plane=PLANE)).program, BOUNDS)
    whole = sum(float(cell.area) for cell in true.cells)
    assert sum(found.areas) == pytest.approx(whole)
    at = points(20_000)
    with torch.no_grad():
        won = module(torch.from_numpy(at)).numpy().argmax(axis=1)
    winners = found.ground.winners
    assert [winners.sets[n] for n in winners.of[found.ground.cells.locate(at)].tolist()] == [(k,) for k in won.tolist()]
    # the boundary follows the jump, where one class wins on each side
    ((lines),) = found.boundary.values()
    assert len(lines) > 0
    sampled = decision(module, plane=PLANE, engine="native", size=(400, 364))
    assert sampled.share == pytest.approx(found.share, abs=3e-3)


@pytest.mark.parametrize(
    ("choose", "message"),
    [
        (lambda h, a, b: F.glu(torch.cat([a, b], 1)), "a product with sigmoid makes no flat regions"),
        (lambda h, a, b: torch.tanh(a) * b, "a product with tanh makes no flat regions"),
        (lambda h, a, b: a * b, "a product of two values that change on a region makes no flat regions"),
        (lambda h, a, b: torch.where(h > 0, a * b, b), "a product of two values that change on a region makes no"),
    ],
)
def test_what_is_no_choice_is_drawn_and_named(choose: Any, message: str) -> None:
    module = Chooses(choose).double()
    network = nw.torch.from_module(module, torch.zeros(1, 2, dtype=torch.float64))
    field = network.calibrate(nw.Raster(plane=PLANE))
    with torch.no_grad():
        theirs = module(torch.from_numpy(points(500))).numpy()
    np.testing.assert_allclose(field.at(points(500)), theirs, rtol=0, atol=1e-12 * np.abs(theirs).max())
    with pytest.raises(UnsupportedError, match=message):
        field.tessellate(PLANE)


def test_an_infinite_number_is_refused_where_it_stands() -> None:
    module = Chooses(lambda h, a, b: a.masked_fill(h > 0, float("-inf"))).double()
    with pytest.raises(UnsupportedError, match=r"masked_fill.*chooses a number that is NaN or infinite"):
        nw.torch.from_module(module, torch.zeros(1, 2, dtype=torch.float64))
    assert nw.field(module, plane=PLANE).at(points(5)).shape == (5, 2)
