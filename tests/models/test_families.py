"""Every family of torchvision's networks that is piecewise linear, small: as a network it is what the module is."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.program import Add, Conv, TensorConv
from netwarp.network.source import Graph

torch = pytest.importorskip("torch")
families = pytest.importorskip("models.families")


@pytest.mark.slow
@pytest.mark.parametrize("name", families.FAMILIES)
def test_a_family_agrees_with_its_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwarp.models.agreement.SECONDS", 0.0)
    make, size = families.FAMILIES[name]
    module = families.drawn(make)
    rng = np.random.default_rng(0)
    plane = nw.Slice(*rng.normal(size=(3, 3, size, size)), home=nw.Plane(0, 0, 4, 4))
    network = nw.torch.from_module(module, torch.zeros(1, 3, size, size), plane)
    assert isinstance(network.source, Graph)
    agreement = network.source.agreement
    assert agreement is not None
    assert agreement.points >= 16
    assert agreement.difference < 1e-12
    points = rng.uniform(-2, 2, (20, 2))
    with torch.no_grad():
        wanted = copy.deepcopy(module).double()(torch.from_numpy(plane.points(points).reshape(-1, 3, size, size)))
    found = network.calibrate().at(points)
    assert wanted.std(0).max() > 1e-2
    np.testing.assert_allclose(found, wanted.numpy(), atol=1e-12 * float(wanted.abs().max()), rtol=0)


@pytest.mark.slow
def test_a_norm_after_a_convolution_costs_no_operation() -> None:
    make, size = families.FAMILIES["resnet"]
    plane = nw.Slice(*np.random.default_rng(0).normal(size=(3, 3, size, size)))
    network = nw.torch.from_module(families.drawn(make), torch.zeros(1, 3, size, size), plane)
    assert isinstance(network.source, Graph)
    kinds = [type(one) for one in network.source.program.operations]
    # one stem, three blocks of two convolutions, one projection, and the pool
    assert kinds.count(TensorConv) == 1 + 3 * 2 + 1 + 1
    assert kinds.count(Conv) == 1
    assert kinds.count(Add) == 3
