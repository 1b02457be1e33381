"""Compiled kernels against plain numpy: every width, every remainder of a raster, every window, both float types."""

from __future__ import annotations

import numpy as np
import pytest

import reference
from netwarp.engine.native import Native
from netwarp.engine.protocol import Dtype
from netwarp.network.program import Conv
from netwarp.plane import Plane, Raster
from programs import RASTER, RASTERS, TAP, activate, conv, embed, program, shares

DTYPES: tuple[Dtype, ...] = ("float32", "float64")
# shares of a channel's largest number: 40 roundings of a sum of 40 products
TOLERANCE: dict[Dtype, float] = {"float32": 4e-6, "float64": 1e-14}


def matrix(one: Conv) -> np.ndarray:
    return one.weight[:, :, 0, 0]


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_width_pointwise(dtype: Dtype) -> None:
    raster = Raster(9, 8, Plane(0.1, 0.2))
    slope = raster.slope().reshape(2, -1)
    for width in range(1, 41):
        inputs = embed(3)
        first, last = conv(0, 3, width), conv(2, width, 41 - width)
        one = program(inputs, first, activate(1, width, "relu"), last)
        z = inputs.coefficients[:, :2] @ slope + inputs.coefficients[:, 2:]
        hidden = np.maximum(matrix(first) @ z + first.bias[:, None], 0)
        wanted = matrix(last) @ hidden + last.bias[:, None]
        found = Native().run(one, raster, TAP, dtype)
        assert shares(found.reshape(wanted.shape), wanted) < TOLERANCE[dtype], width


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_remainder_of_pixels(dtype: Dtype) -> None:
    """1 to 137 pixels: a tile is 64 float32 at most, so that every remainder comes after none, one and two tiles."""
    inputs, last = embed(2), conv(0, 2, 7)
    one = program(inputs, last)
    for n in range(1, 138):
        raster = Raster(n, 1) if n % 2 else Raster(n // 2, 2)
        slope = raster.slope().reshape(2, -1)
        z = inputs.coefficients[:, :2] @ slope + inputs.coefficients[:, 2:]
        wanted = matrix(last) @ z + last.bias[:, None]
        found = Native().run(one, raster, TAP, dtype)
        assert shares(found.reshape(wanted.shape), wanted) < TOLERANCE[dtype], n
        at = Native().points(one, slope.T, TAP, dtype)
        np.testing.assert_array_equal(at.T, found.reshape(wanted.shape))


def plainly(inputs: np.ndarray, one: Conv, columns: int, rows: int) -> np.ndarray:
    """`one` on a picture that has its halo already, tap by tap."""
    outputs, per_group = one.channels // one.groups, one.weight.shape[1]
    wanted = np.zeros((one.channels, rows, columns)) + one.bias[:, None, None]
    for g in range(one.groups):
        out = slice(g * outputs, (g + 1) * outputs)
        for r in range(one.kernel):
            for c in range(one.kernel):
                y, x = r * one.dilation, c * one.dilation
                window = inputs[g * per_group : (g + 1) * per_group, y : y + rows, x : x + columns]
                wanted[out] += np.einsum("oi,iyx->oyx", one.weight[out, :, r, c], window)
    return wanted


def with_halo(raster: Raster, before: int, after: int) -> np.ndarray:
    """The slope image of a raster and of what lies around it, one calibration pixel apart: that is its own pitch."""
    (dx, dy), plane = raster.pitch, raster.plane
    xs = plane.x + (np.arange(-before, raster.columns + after) - (raster.columns - 1) / 2) * dx
    ys = plane.y + (np.arange(-before, raster.rows + after) - (raster.rows - 1) / 2) * dy
    return np.stack(np.meshgrid(xs, ys))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kernel", range(1, 12))
def test_every_kernel(kernel: int, dtype: Dtype) -> None:
    for dilation, groups in ((1, 1), (2, 1), (1, 3), (3, 6)):
        inputs, only = embed(6), conv(0, 6, 12, kernel, dilation=dilation, groups=groups)
        before, after = (kernel - 1) // 2 * dilation, kernel // 2 * dilation
        slope = with_halo(RASTER, before, after)
        z = np.einsum("ci,iyx->cyx", inputs.coefficients[:, :2], slope) + inputs.coefficients[:, 2:, None]
        wanted = plainly(z, only, RASTER.columns, RASTER.rows)
        found = Native().run(program(inputs, only), RASTER, TAP, dtype)
        # up to 726 products, that may nearly cancel
        assert shares(found, wanted) < 10 * TOLERANCE[dtype] * max(1, kernel / 3), (dilation, groups)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_width_and_every_remainder_of_columns(dtype: Dtype) -> None:
    for n in range(1, 41):
        raster = Raster(n, 3, Plane(0.1, 0.2))
        inputs, only = embed(n), conv(0, n, n, 2 + n % 2)
        slope = with_halo(raster, (only.kernel - 1) // 2, 1)
        z = np.einsum("ci,iyx->cyx", inputs.coefficients[:, :2], slope) + inputs.coefficients[:, 2:, None]
        wanted = plainly(z, only, n, 3)
        found = Native().run(program(inputs, only), raster, raster.pitch, dtype)
        assert shares(found, wanted) < 3 * TOLERANCE[dtype], n


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", RASTERS)
def test_depthwise_and_strided_layers_on_every_lattice(name: str, dtype: Dtype) -> None:
    """A strided pool dilates what follows it: taps 1, then 2, then 6 calibration pixels apart."""
    one = program(
        embed(5),
        conv(0, 5, 5, 3, groups=5),
        conv(1, 5, 7, 2, dilation=2),
        conv(2, 7, 7, 3, dilation=6, groups=7),
        conv(3, 7, 3),
    )
    raster = RASTERS[name]
    wanted = reference.sample(one, raster, TAP)
    found = Native().run(one, raster, TAP, dtype)
    assert shares(found, wanted) < 10 * TOLERANCE[dtype]
