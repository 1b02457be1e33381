"""How far float32 arithmetic strays from float64 on a Program: deep networks amplify rounding."""

from __future__ import annotations

from math import isqrt

import numpy as np

from netwarp.engine.choose import choose
from netwarp.engine.work import flops
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster

SIDE = 64  # probe points along an axis
BUDGET = 1 << 37  # floating-point operations of all probe points, at most


def gap(program: Program, raster: Raster) -> float:
    """Largest |float32 - float64| over 4,096 probe points of the raster, in standard deviations of its channel.

    Pointwise: a grid over the plane. k x k kernels: four patches of neighbouring pixels, that share their taps.
    Neither lies on fractions of a power of two, which float32 holds exactly: a picture's own pixels do not either.
    Infinite where float32 overflows and float64 does not; 0 where both are not finite alike.
    """
    native, tap = choose("native"), raster.pitch
    plane = raster.plane
    # of a large model fewer, so that this takes seconds
    side = min(SIDE, max(4, isqrt(BUDGET // (1 + flops(program)))))
    grid = Raster(side, side, Plane(plane.x, plane.y, plane.width * 0.99, plane.height * 0.99))
    patches = [grid] if program.pointwise else _patches(raster)
    with np.errstate(invalid="ignore", over="ignore"):
        single, double = (
            np.concatenate([native.run(program, p, tap, dtype).reshape(program.channels, -1) for p in patches], axis=1)
            for dtype in ("float32", "float64")
        )
        # brought near 1 by a power of two: squares of values over 1e154 or under 1e-162 are beyond float64
        power = -np.frexp(np.nan_to_num(np.abs(double).max(axis=1, keepdims=True), posinf=0.0))[1]
        single, double = np.ldexp(single.astype(np.float64), power), np.ldexp(double, power)
        spread = double.std(axis=1, keepdims=True)
        apart = np.abs(single - double)
        apart[(single == double) | (np.isnan(single) & np.isnan(double))] = 0
        share = np.where(apart == 0, 0.0, apart / np.where(spread > 0, spread, 1.0))
    return float(np.where(np.isnan(share), np.inf, share).max())


def _patches(raster: Raster) -> list[Raster]:
    plane, (dx, dy), side = raster.plane, raster.pitch, SIDE // 2
    across, down = plane.width * 0.24, plane.height * 0.24
    return [
        Raster(side, side, Plane(plane.x + i * across, plane.y + j * down, dx * side, dy * side))
        for i in (-1, 1)
        for j in (-1, 1)
    ]
