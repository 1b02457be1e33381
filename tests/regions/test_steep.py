"""Flat pieces beside steep ones, from a slope of 1 to one of 1e300, held to fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import fsum, sqrt

import numpy as np
import pytest

from netwarp.errors import UnsupportedError
from netwarp.fields.field import Field
from netwarp.plane import Raster
from netwarp.regions.tessellation import Tessellation
from regions import level_sets, naive, rational
from regions.made import SQUARE
from regions.steep import DECADES, steep, steep_then


def tessellated(network: Callable[[int], Field], decade: int) -> tuple[Tessellation, rational.Regions] | None:
    """And the same in fractions; None where a map that floats do not hold is refused."""
    field = network(decade)
    try:
        cells = field.tessellate(SQUARE)
    except UnsupportedError as error:
        if decade >= 140 and "beyond what float64 tells apart" in str(error):
            return None
        raise
    return cells, rational.regions(field.program, naive.SQUARE)


@pytest.mark.parametrize("network", [steep, steep_then])
@pytest.mark.parametrize("decade", DECADES)
def test_maps(network: Callable[[int], Field], decade: int) -> None:
    """A saturated unit adds its constant exactly, and the bounds on the errors of maps hold."""
    found = tessellated(network, decade)
    if found is None:
        return
    cells, true = found
    assert len(cells) == true.activation_regions
    assert cells.merge().count == true.linear_regions
    for cell in range(len(cells)):
        wanted = true.of_pattern[tuple(cells.pattern(cell).tolist())].affine
        for row, exact in zip(cells.affine[cell].tolist(), wanted, strict=True):
            size = sum(abs(one) for one in exact)
            for found, one, bound in zip(row, exact, cells.errors[cell].tolist(), strict=True):
                wrong = abs(Fraction(found) - one)
                assert wrong <= Fraction(bound)
                assert wrong <= Fraction(1e-10) * size, (found, float(one))


@pytest.mark.parametrize("decade", DECADES[:-1])
def test_pictures(decade: int) -> None:
    """At pixels on no steep piece: the values that the engine computes, and the true ones."""
    field = steep(decade)
    raster = Raster(48, 48, SQUARE)
    exact, sampled = field.sample(raster, engine="exact", dtype="float64"), field.sample(raster, dtype="float64")
    scale = np.abs(sampled).max(axis=(1, 2), keepdims=True)
    flat = np.ones(exact.shape[1:], dtype=bool)
    if decade > 3:
        first = field.after(1).sample(raster, dtype="float64")[:3]
        flat = (np.abs(first) == 1.0).all(axis=0)
        assert flat.mean() > 0.98
    assert (np.abs(exact - sampled) / scale)[:, flat].max() <= 1e-13


@pytest.mark.parametrize("network", [steep, steep_then])
@pytest.mark.parametrize("decade", DECADES)
def test_level_sets(network: Callable[[int], Field], decade: int) -> None:
    """Between two flat pieces, at the height of one of them, and of the whole output's negative."""
    found = tessellated(network, decade)
    if found is None:
        return
    cells, true = found
    flat = [cell.affine[0][2] for cell in true.cells if cell.affine[0][:2] == (0, 0)]
    for level in (Fraction(1, 16), *flat[:2]):
        wanted = level_sets.floats(level_sets.level_set(true, 0, level))
        assert level_sets.same(level_sets.pieces(cells.contour(0, float(level))), wanted)


@pytest.mark.parametrize("network", [steep, steep_then])
@pytest.mark.parametrize("decade", DECADES)
def test_integrals(network: Callable[[int], Field], decade: int) -> None:
    found = tessellated(network, decade)
    if found is None:
        return
    cells, true = found
    integrals = cells.integrate()
    assert integrals.rounding > 0
    total = sum(cell.area for cell in true.cells)
    assert total == 4
    for k in range(cells.affine.shape[1]):
        moments = [_moments(cell, k) for cell in true.cells]
        mean = sum(first for first, _ in moments) / total
        variance = sum(second for _, second in moments) / total - mean**2
        slopes = [a * a + b * b for a, b, _ in (cell.affine[k] for cell in true.cells)]
        energy = sum(slope * cell.area for slope, cell in zip(slopes, true.cells, strict=True)) / total
        variation = fsum(sqrt(slope * cell.area**2) for slope, cell in zip(slopes, true.cells, strict=True)) / 4
        size = sqrt(variance + mean**2)
        assert abs(integrals.mean[k] - float(mean)) <= 1e-11 * size
        assert abs(integrals.variance[k] - float(variance)) <= 1e-11 * size**2
        assert integrals.total_variation[k] == pytest.approx(variation, rel=1e-11)
        assert integrals.dirichlet_energy[k] == pytest.approx(float(energy), rel=1e-11)


def _moments(cell: rational.Cell, k: int) -> tuple[Fraction, Fraction]:
    """The integrals of a channel and of its square, by the midpoints of the sides of triangles, exact for squares."""
    first = second = Fraction(0)
    a, b, c = cell.affine[k]
    p = cell.corners[0]
    for q, r in zip(cell.corners[1:-1], cell.corners[2:], strict=True):
        area = ((q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])) / 2
        for u, v in ((p, q), (q, r), (r, p)):
            value = a * (u[0] + v[0]) / 2 + b * (u[1] + v[1]) / 2 + c
            first, second = first + area * value / 3, second + area * value**2 / 3
    return first, second
