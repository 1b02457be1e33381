"""Flat pieces beside steep ones, from a slope of 1 to one of 1e300, held to fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from netwarp.errors import UnsupportedError
from netwarp.field.field import Field
from netwarp.plane import Raster
from regions import naive, rational
from regions.made import SQUARE
from regions.steep import DECADES, steep, steep_then


@pytest.mark.parametrize("network", [steep, steep_then])
@pytest.mark.parametrize("decade", DECADES)
def test_maps(network: Callable[[int], Field], decade: int) -> None:
    """A saturated unit adds its constant exactly, and the bounds on the errors of maps hold."""
    field = network(decade)
    try:
        cells = field.tessellate(SQUARE)
    except UnsupportedError as error:
        # a map that floats do not hold is refused, and said to be
        assert decade >= 140 and "beyond what float64 tells apart" in str(error)  # noqa: PT018, PT017
        return
    true = rational.regions(field.program, naive.SQUARE)
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
