"""What a Program means at one point, to any number of digits: mpmath, recursion, nothing shared with the library."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
from mpmath import mpf

from known import ACTIVATIONS
from netwarp.network.program import (
    LINEAR,
    RADIUS,
    Activate,
    Add,
    Concat,
    Conv,
    Embed,
    LayerNorm,
    Maxout,
    Multiply,
    Pool,
    Program,
)
from netwarp.plane import Raster


def evaluate(program: Program, x: Any, y: Any, tap: tuple[float, float]) -> list[Any]:
    """The k values at the point, in mpmath's working precision."""

    @cache
    def value(i: int, across: int, down: int) -> list[Any]:
        operation = program.operations[i]
        if isinstance(operation, Embed):
            return _embedded(operation, x + across * mpf(tap[0]), y + down * mpf(tap[1]))
        if isinstance(operation, (Conv, Pool)):
            size = operation.kernel if isinstance(operation, Conv) else operation.size
            steps = [(t - (size - 1) // 2) * operation.dilation for t in range(size)]
            window = [[value(operation.sources[0], across + dx, down + dy) for dx in steps] for dy in steps]
            if isinstance(operation, Conv):
                return _convolved(operation, window)
            flat = [place for row in window for place in row]
            columns = list(zip(*flat, strict=True))
            return [max(c) if operation.kind == "max" else sum(c) / len(c) for c in columns]
        sources = [value(source, across, down) for source in operation.sources]
        z = sources[0]
        if isinstance(operation, Activate):
            return [ACTIVATIONS[operation.name].exact(u, float(p)) for u, p in zip(z, operation.parameter, strict=True)]
        if isinstance(operation, Maxout):
            n = operation.pieces
            return [max(z[c * n : c * n + n]) for c in range(operation.channels)]
        if isinstance(operation, LayerNorm):
            mean = sum(z) / len(z)
            spread = mpmath.sqrt(sum((u - mean) ** 2 for u in z) / len(z) + mpf(operation.eps))
            both = zip(operation.scale.tolist(), operation.shift.tolist(), strict=True)
            return [(u - mean) / spread * mpf(s) + mpf(t) for u, (s, t) in zip(z, both, strict=True)]
        if isinstance(operation, Concat):
            return [u for source in sources for u in source]
        if isinstance(operation, Add):
            return [sum(us) for us in zip(*sources, strict=True)]
        assert isinstance(operation, Multiply)
        return [mpmath.fprod(us) for us in zip(*sources, strict=True)]

    return value(len(program.operations) - 1, 0, 0)


def _embedded(embed: Embed, x: Any, y: Any) -> list[Any]:
    found = []
    for kind, (a, b, c) in zip(embed.kinds.tolist(), embed.coefficients.tolist(), strict=True):
        angle = mpf(a) * x + mpf(b) * y + mpf(c)
        found.append(angle if kind == LINEAR else mpmath.sqrt(x * x + y * y) if kind == RADIUS else mpmath.sin(angle))
    return found


def _convolved(conv: Conv, window: list[list[list[Any]]]) -> list[Any]:
    inputs, outputs = conv.weight.shape[1], conv.channels // conv.groups
    found = []
    for o, bias in enumerate(conv.bias.tolist()):
        first = o // outputs * inputs
        total = mpf(bias)
        for r, row in enumerate(window):
            for c, place in enumerate(row):
                weight = conv.weight[o, :, r, c].tolist()
                total += mpmath.fdot(zip(weight, place[first : first + inputs], strict=True))
        found.append(total)
    return found


def around(program: Program, raster: Raster, tap: tuple[float, float], pixels: list[tuple[int, int]]) -> Any:
    """(pixels, k): value at each pixel (row, column) less the value at the plane's centre, as mpmath numbers."""
    centre = [_exactly(part) for part in raster.plane.rational()]
    middle = evaluate(program, *centre, tap)
    found = []
    for row, column in pixels:
        dx = (mpf(2 * column + 1) / raster.columns - 1) * mpf(raster.plane.width) / 2
        dy = (mpf(2 * row + 1) / raster.rows - 1) * mpf(raster.plane.height) / 2
        there = evaluate(program, centre[0] + dx, centre[1] + dy, tap)
        found.append([a - b for a, b in zip(there, middle, strict=True)])
    return found


def _exactly(number: Fraction) -> Any:
    return mpf(number.numerator) / number.denominator
