"""Integrals, areas and lengths: known ones, rational arithmetic, a fine grid, and jumps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.regions.cells import integrals
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import corner_bounds, corner_values, largest
from netwarp.regions.cells.integrals import areas, boundary_length, integrate, lengths
from regions import naive


def rational(cells: Cells) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Exact areas, and mean, variance and mean |grad|^2 of every channel, by Green's theorem in whole coordinates."""
    sizes = []
    sums = [[Fraction(0)] * 3 for _ in range(cells.affine.shape[1])]
    for cell in range(len(cells.offsets) - 1):
        ring = [
            (Fraction(float(x)), Fraction(float(y)))
            for x, y in cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]
        ]
        one = x = y = xx = xy = yy = Fraction(0)
        for (px, py), (qx, qy) in zip(ring, ring[1:] + ring[:1], strict=True):
            turn = px * qy - qx * py
            one += turn / 2
            x, y = x + turn * (px + qx) / 6, y + turn * (py + qy) / 6
            xx, yy = xx + turn * (px * px + px * qx + qx * qx) / 12, yy + turn * (py * py + py * qy + qy * qy) / 12
            xy += turn * (2 * px * py + px * qy + qx * py + 2 * qx * qy) / 24
        sizes.append(one)
        for k, row in enumerate(cells.affine[cell]):
            a, b, c = (Fraction(float(value)) for value in row)
            sums[k][0] += a * x + b * y + c * one
            sums[k][1] += a * a * xx + b * b * yy + c * c * one + 2 * (a * b * xy + a * c * x + b * c * y)
            sums[k][2] += (a * a + b * b) * one
    area = sum(sizes)
    return sizes, [[s / area, ss / area - (s / area) ** 2, g / area] for s, ss, g in sums]


def test_known_functions() -> None:
    """x, y, 3, |x|, and x + 2y, on the square from -1 to 1."""
    cells = naive.arrangement(naive.SQUARE, [(1, 0, 0), (0.3, 0.7, 0.1)])
    right = cells.affine[:, 0, 0].copy()
    for cell in range(len(right)):
        corners = cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]
        right[cell] = np.sign(corners[:, 0].mean())
    rows = np.zeros((len(right), 5, 3))
    rows[:, 0, 0] = rows[:, 1, 1] = rows[:, 4, 0] = 1
    rows[:, 2, 2], rows[:, 3, 0], rows[:, 4, 1] = 3, right, 2
    found = integrate(replace(cells, affine=rows))
    np.testing.assert_allclose(found.mean, [0, 0, 3, 0.5, 0], atol=1e-15)
    np.testing.assert_allclose(found.variance, [1 / 3, 1 / 3, 0, 1 / 12, 5 / 3], atol=1e-15)
    np.testing.assert_allclose(found.total_variation, [1, 1, 0, 1, np.sqrt(5)], rtol=1e-15)
    np.testing.assert_allclose(found.dirichlet_energy, [1, 1, 0, 1, 5], rtol=1e-14)
    np.testing.assert_allclose(areas(cells).sum(), 4, rtol=1e-15)
    np.testing.assert_allclose(boundary_length(cells), 2 + 2 * np.hypot(1, 3 / 7), rtol=1e-14)
    np.testing.assert_allclose(lengths(cells).sum(), boundary_length(cells) + 8, rtol=1e-14)


def test_jumps_count_in_the_total_variation() -> None:
    """A step of 1; a jump y - 1/2, which changes its sign halfway; a jump y, which is 0 at one end; no jump."""
    cells = naive.arrangement(naive.UNIT, [(1, 0, -0.5)])
    right = int(cells.vertices[cells.indices[:4], 0].mean() < 0.5)
    rows = np.zeros((2, 4, 3))
    rows[right] = [[0, 0, 1], [0, 1, -0.5], [0, 1, 0], [0, 0, 0]]
    found = integrate(replace(cells, affine=rows))
    np.testing.assert_allclose(found.mean, [0.5, 0, 0.25, 0], atol=1e-16)
    np.testing.assert_allclose(found.variance, [0.25, 1 / 24, 1 / 6 - 1 / 16, 0], rtol=1e-14)
    np.testing.assert_allclose(found.total_variation, [1, 0.5 + 0.25, 0.5 + 0.5, 0], rtol=1e-15)
    np.testing.assert_array_equal(found.dirichlet_energy, [np.inf, np.inf, np.inf, 0])


@pytest.mark.parametrize(("size", "x"), [(1.0, 0.0), (1e-3, 1000.0), (1e-9, 0.3)])
def test_rational_arithmetic(size: float, x: float) -> None:
    """Generic networks, also shrunk and moved far from the origin, where squares of coordinates would cancel."""
    layers = naive.drawn_layers(3, 2, 8, 8, 2)
    cells = naive.network(naive.SQUARE, layers)
    shift = np.array([[1 / size, 0, -x / size], [0, 1 / size, 0], [0, 0, 1]])
    bounds = (x - size, x + size, -size, size)
    cells = replace(
        cells, vertices=size * cells.vertices + np.array([x, 0]), bounds=bounds, affine=cells.affine @ shift
    )
    sizes, wanted = rational(cells)
    found = integrate(cells)
    # the float coefficients are what is integrated; a x + c cancels as far as the plane is from the origin
    lost = 1e-14 * max(1, x / size)
    np.testing.assert_allclose(areas(cells), np.array(sizes, np.float64), rtol=1e-9, atol=1e-15 * size * size)
    for k, (mean, variance, energy) in enumerate(wanted):
        np.testing.assert_allclose(found.mean[k], float(mean), rtol=0, atol=lost)
        np.testing.assert_allclose(found.variance[k], float(variance), rtol=10 * lost)
        np.testing.assert_allclose(found.dirichlet_energy[k], float(energy), rtol=1e-13)


def test_a_constant_far_from_zero_keeps_the_variance() -> None:
    layers = naive.drawn_layers(5, 2, 8, 1)
    cells = naive.network(naive.SQUARE, layers)
    high = replace(cells, affine=cells.affine + np.array([0, 0, 2.0**20]))
    near, far = integrate(cells), integrate(high)
    np.testing.assert_allclose(far.mean - 2.0**20, near.mean, rtol=0, atol=1e-9)
    np.testing.assert_allclose(far.variance, near.variance, rtol=1e-9)


def test_a_fine_grid() -> None:
    layers = naive.drawn_layers(1, 2, 10, 10, 3)
    cells = naive.network(naive.SQUARE, layers)
    at = (np.arange(600) + 0.5) / 300 - 1
    values = naive.evaluate(layers, np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)).T
    found = integrate(cells)
    np.testing.assert_allclose(found.mean, values.mean(axis=1), rtol=0, atol=1e-4)
    np.testing.assert_allclose(found.variance, values.var(axis=1), rtol=1e-4)
    dy, dx = np.gradient(values.reshape(3, 600, 600), 1 / 300, axis=(1, 2))
    np.testing.assert_allclose(found.total_variation, np.hypot(dx, dy).mean(axis=(1, 2)), rtol=1e-2)
    np.testing.assert_allclose(found.dirichlet_energy, (dx**2 + dy**2).mean(axis=(1, 2)), rtol=2e-2)
    assert (found.dirichlet_energy >= found.total_variation**2).all()


def test_areas_and_lengths_of_an_arrangement() -> None:
    """Every line's chord, whatever cuts it."""
    lines = naive.random_lines(4, 30)
    cells = naive.arrangement(naive.UNIT, lines)
    assert (areas(cells) > 0).all()
    np.testing.assert_allclose(areas(cells).sum(), 1, rtol=1e-14)
    alone = sum(boundary_length(naive.arrangement(naive.UNIT, [line])) for line in lines)
    np.testing.assert_allclose(boundary_length(cells), alone, rtol=1e-13)


def test_rounding_is_no_jump() -> None:
    """Rows wrong in the last bits; a jump of a millionth is one."""
    cells = naive.network(naive.SQUARE, naive.drawn_layers(2, 2, 9, 9, 1))
    noise = 1 + 4e-16 * np.random.default_rng(0).uniform(-1, 1, cells.affine.shape)
    assert np.isfinite(integrate(replace(cells, affine=cells.affine * noise)).dirichlet_energy).all()
    stepped = cells.affine.copy()
    stepped[7, 0, 2] += 1e-6
    assert np.isinf(integrate(replace(cells, affine=stepped)).dirichlet_energy).all()


def test_threads_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = naive.network(naive.SQUARE, naive.drawn_layers(6, 2, 8, 8, 2))
    monkeypatch.setattr(integrals, "CHUNK", 7)
    results = []
    for threads in ("1", "3"):
        monkeypatch.setenv("NETWARP_THREADS", threads)
        found = integrate(cells)
        results.append(
            [areas(cells).tolist(), found.mean.tolist(), found.variance.tolist(), found.total_variation.tolist()]
        )
    assert results[0] == results[1]


def test_the_largest_value_of_every_cell_is_found() -> None:
    """Of integers, whose maximum is one of them; what is no number is no smaller than any."""
    field = Network.draw(parse("conv(6) * 2"), 1).calibrate()
    cells = field.tessellate()
    values = np.random.default_rng(3).integers(-9, 9, len(cells.indices)).astype(float)
    values[cells.offsets[4]] = values[cells.offsets[6] - 1] = np.nan
    found = largest(cells, values)
    of = [values[begin:end].tolist() for begin, end in pairwise(cells.offsets)]
    assert np.isnan(found[[4, 5]]).all()
    assert all(one == max(part) for n, (one, part) in enumerate(zip(found, of, strict=True)) if n not in (4, 5))


def test_bounds_at_corners_are_larger_than_any_error_they_allow() -> None:
    """In rational numbers: maps and vertices moved to the ends of their own bounds move no value farther."""
    field = Network.draw(parse("conv(6) * 2"), 1).calibrate()
    cells = field.tessellate()
    random = np.random.default_rng(5)
    errors, reach = (
        10.0 ** random.uniform(-12, -3, cells.errors.shape),
        10.0 ** random.uniform(-12, -3, cells.reach.shape),
    )
    values, sizes = corner_values(cells, 1)
    bounds = corner_bounds(cells, 1, sizes, errors, reach)
    tight = 0
    for cell in range(0, len(cells.offsets) - 1, 7):
        for h in range(cells.offsets[cell], cells.offsets[cell + 1]):
            vertex = cells.indices[h]
            moved = []
            for signs in product((-1, 1), repeat=5):
                a, b, c = (
                    Fraction(float(one)) + sign * Fraction(float(off))
                    for one, sign, off in zip(cells.affine[cell, 1], signs, errors[cell], strict=False)
                )
                x, y = (
                    Fraction(float(one)) + sign * Fraction(float(reach[vertex]))
                    for one, sign in zip(cells.vertices[vertex], signs[3:], strict=True)
                )
                moved.append(abs(a * x + b * y + c - Fraction(float(values[h]))))
            assert max(moved) <= Fraction(float(bounds[h])) * (1 + Fraction(1, 10**14))
            tight += max(moved) > Fraction(float(bounds[h])) * Fraction(99, 100)
    assert tight > 20
    assert np.isinf(corner_bounds(cells, 1, sizes, errors * np.nan, reach)).all()
