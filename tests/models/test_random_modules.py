"""Random modules: the network is the module, on both sides of every kink, and its regions are those of rationals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netwarp as nw
from netwarp.engine.choose import choose
from netwarp.fields.field import Field
from netwarp.network.flatten import flattened
from regions.rational import regions

torch = pytest.importorskip("torch")
drawn = pytest.importorskip("models.random_modules")

NAMES = list(drawn.KINDS)
FLAT = [name for name in NAMES if not drawn.KINDS[name].bent]
SIDE = 3.0
EXACT = 60  # regions that rational numbers find again within some tenths of a second
UNITS = 150


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    """The import's own comparison is of 16 points: here come more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("netwarp.models.agreement.SECONDS", 0.0)
        yield


@dataclass(frozen=True)
class Held:
    """How much of a module was held to its network: `regions` there are, `edges` probed on both sides, `exact` where
    rational numbers found the regions again."""

    regions: int
    edges: int
    exact: bool


def check(module: Any, seed: int) -> Held | None:
    """Fails where the network is not the module. None where it is not piecewise linear."""
    field = nw.torch.from_module(module, torch.zeros(1, 2)).calibrate()
    points = points_of(seed)
    jumps = not drawn.JUMPS.isdisjoint(module.names)
    wanted = slopes(module, points)
    scale = np.abs(wanted[:, :, 0]).max()
    found = choose("native").points(field.program, points, (1.0, 1.0), "float64", tangents=not jumps)
    np.testing.assert_allclose(found if jumps else found[..., 0], wanted[:, :, 0], atol=1e-11 * scale, rtol=0)
    # torch's own slope of hardsigmoid is 1/6 rounded to float32
    if not jumps and "hardsigmoid" not in module.names:
        np.testing.assert_allclose(found, wanted, atol=1e-10 * np.abs(wanted).max(), rtol=0)
    return None if module.bent else held(module, field, scale)


def points_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-SIDE / 2, SIDE / 2, (60, 2))


def slopes(module: Any, points: np.ndarray) -> np.ndarray:
    """(n, k, 3) the module's values and its derivatives, by torch."""
    x = torch.from_numpy(points).requires_grad_()
    y = module(x)
    rows = [torch.autograd.grad(y[:, k].sum(), x, retain_graph=True, allow_unused=True)[0] for k in range(y.shape[1])]
    along = torch.stack([torch.zeros_like(x) if row is None else row for row in rows], 1)
    return torch.cat([y.detach()[:, :, None], along], 2).numpy()


def held(module: Any, field: Field, scale: float) -> Held:
    """The regions' maps are the module on both sides of edges; where they are few, they are those of rationals."""
    cells = field.tessellate(nw.Plane(0, 0, SIDE, SIDE))
    inner = np.flatnonzero((cells.edge_cells >= 0).all(axis=1))
    rng = np.random.default_rng(len(inner))
    probed = rng.permutation(inner)[:30]
    for edge in probed:
        middle = cells.vertices[cells.edges[edge]].mean(axis=0)
        sides = cells.edge_cells[edge]
        centres = np.stack([corners(cells, cell).mean(axis=0) for cell in sides])
        near = middle + 0.01 * (centres - middle)
        with torch.no_grad():
            wanted = module(torch.from_numpy(near)).numpy()
        a, b, c = np.moveaxis(cells.affine[sides], 2, 0)
        np.testing.assert_allclose(a * near[:, :1] + b * near[:, 1:] + c, wanted, atol=1e-9 * scale, rtol=0)
    units = sum(one.channels for one in field.program.operations if type(one).__name__ in ("Activate", "Maxout"))
    small = len(cells) <= EXACT and units <= UNITS
    if small:
        half = Fraction(SIDE) / 2
        exact = regions(flattened(field.program), (-half, half, -half, half))
        assert len(cells) == exact.activation_regions
        assert len(cells.merge()) == exact.linear_regions
    return Held(len(cells), len(probed), small)


def corners(cells: nw.Tessellation, cell: int) -> np.ndarray:
    return cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]


@pytest.mark.slow
@settings(max_examples=30)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), st.integers(0, 2**32))
def test_a_random_module_is_its_network(names: list[str], seed: int) -> None:
    check(drawn.Random(names, seed), seed)


def names_of(number: int) -> list[str]:
    """The steps of a numbered module: every second one is of images at last, every fifth is smooth."""
    rng = np.random.default_rng(number)

    def some(count: int, sides: int) -> list[str]:
        fitting = [name for name in FLAT if drawn.KINDS[name].sides in (None, sides)]
        own = [name for name in fitting if drawn.KINDS[name].sides == sides and name not in ("image", "flatten")]
        return [str(rng.choice(own if rng.random() < 0.4 else fitting)) for _ in range(count)]

    names = some(int(rng.integers(2, 7)), 1)
    if number % 2:
        names = [*names[:2], "image", *some(int(rng.integers(2, 6)), 3), "flatten", *some(1, 1)]
    if number % 5 == 0:
        bent = [name for name in NAMES if name not in FLAT]
        names = [str(rng.choice(bent)) if rng.random() < 0.6 else name for name in names]
    return names


COUNT, PARTS = 500, 2


# as torch calls what from_module says it reads; a convolution and a product with a constant are steps of their own too
COVERED = (
    "abs adaptive_avg_pool2d add addmm avg_pool2d batch_norm cat chunk clamp contiguous conv2d cos div dropout elu erf "
    "expand flatten gelu hardsigmoid hardtanh layer_norm leaky_relu linear matmul max_pool2d maximum mean minimum mul "
    "neg permute prelu relu relu6 reshape select selu sigmoid silu sin slice softplus split squeeze sub tanh transpose "
    "unbind unflatten unsqueeze view where"
)


@pytest.mark.slow
def test_every_step_and_operation_is_heard_twenty_times_in_five_hundred() -> None:
    heard: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for number in range(COUNT):
        for name, operations in drawn.Random(names_of(number), number).heard(torch.from_numpy(points_of(number))):
            heard[name] += 1
            called.update(operations)
    assert min(heard[name] for name in NAMES) >= 20, heard
    assert min(called[name] for name in COVERED.split(" ")) >= 20, called


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_five_hundred_random_modules_are_their_networks(part: int) -> None:
    numbers = range(COUNT * part // PARTS, COUNT * (part + 1) // PARTS)
    found = [check(drawn.Random(names_of(number), number), number) for number in numbers]
    flat = [one for one in found if one is not None]
    # of all, the smooth ones too
    assert sum(one.regions > 10 for one in flat) >= len(found) / 2
    # every module with a kink is probed on both sides of kinks
    assert all(one.edges >= min(one.regions - 1, 30) for one in flat)
    assert sum(one.exact for one in flat) >= len(found) / 4
