"""The exact regions of an image network on a slice: a LeNet's window, in rational numbers and by dense sampling."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import netwarp as nw
from netwarp.models.homes import first_lines
from netwarp.network.flatten import flattened
from regions.rational import regions

torch = pytest.importorskip("torch")
families = pytest.importorskip("models.families")

SIDE = 0.3


@pytest.fixture(scope="module")
def lenet() -> tuple[object, nw.Slice, nw.Tessellation]:
    module = families.drawn(families.LeNet, 1)
    plane = nw.Slice(*np.random.default_rng(0).normal(size=(3, 1, 10, 10)))
    network = nw.torch.from_module(module, torch.zeros(1, 1, 10, 10), plane)
    return module.double(), plane, network.calibrate().tessellate(nw.Plane(0, 0, SIDE, SIDE))


@pytest.mark.slow
def test_the_regions_of_a_lenet_are_those_of_rational_numbers(
    lenet: tuple[object, nw.Slice, nw.Tessellation],
) -> None:
    _, _, found = lenet
    half = Fraction(SIDE) / 2
    exact = regions(flattened(found.field.program), (-half, half, -half, half))
    assert len(found) == exact.activation_regions == 417
    assert len(found.merge()) == exact.linear_regions == 7
    areas = sorted(float(cell.area) for cell in exact.cells)
    np.testing.assert_allclose(np.sort(found.areas), areas, rtol=1e-9, atol=1e-15)


def test_the_maps_of_a_lenets_regions_are_the_module_everywhere(
    lenet: tuple[object, nw.Slice, nw.Tessellation],
) -> None:
    module, plane, found = lenet
    xs = (np.arange(200) + 0.5) / 200 * SIDE - SIDE / 2
    points = np.stack(np.meshgrid(xs, xs), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        wanted = module(torch.from_numpy(plane.points(points).reshape(-1, 1, 10, 10))).numpy()  # type: ignore[operator]
    a, b, c = np.moveaxis(found.affine[found.locate(points)], 2, 0)
    mapped = a * points[:, :1] + b * points[:, 1:] + c
    np.testing.assert_allclose(mapped, wanted, atol=1e-12 * np.abs(wanted).max(), rtol=0)
    # seven maps, no fewer: the module's own slopes say so
    assert len(np.unique(np.round(found.affine.reshape(len(found), -1), 9), axis=0)) == 7


def test_a_lenet_is_looked_at_where_its_first_convolution_bends(
    lenet: tuple[object, nw.Slice, nw.Tessellation],
) -> None:
    module, plane, found = lenet
    lines = first_lines(found.field.network)
    assert lines is not None
    assert lines.shape == (200, 3)
    points = np.array([(0.3, -0.7), (2.0, 5.0)])
    with torch.no_grad():
        wanted = module.conv1(torch.from_numpy(plane.points(points).reshape(-1, 1, 10, 10)))  # type: ignore[attr-defined]
    values = points @ lines[:, :2].T + lines[:, 2]
    np.testing.assert_allclose(values, wanted.flatten(1).numpy(), atol=1e-12)


def test_a_model_too_large_for_regions_is_refused_with_its_size(
    lenet: tuple[object, nw.Slice, nw.Tessellation], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, found = lenet
    monkeypatch.setattr("netwarp.network.flatten.UNITS", 200)
    with pytest.raises(nw.errors.LimitError, match="a model of 286 units: at most 200 are divided"):
        flattened(found.field.program)
    monkeypatch.setattr("netwarp.network.flatten.UNITS", 286)
    monkeypatch.setattr("netwarp.network.flatten.MOST", 10_000)
    with pytest.raises(nw.errors.LimitError, match="layer 'conv1': the matrices up to it hold 20,000 numbers"):
        flattened(found.field.program)
