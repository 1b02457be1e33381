"""The rectangle of the plane that a model is looked at on, unless another one is asked for."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.choose import choose
from netwarp.network.cut import cut
from netwarp.network.features import LAYER
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import LINEAR, Activate, Add, Conv, Embed, Gather, TensorConv
from netwarp.network.source import Graph, Plain
from netwarp.plane import Plane

MARGIN = 0.1  # of a side, added to it: half at each end
CROSSING = 0.9  # share of the first layer's lines that cross a model's home
CLIPS = ("hardtanh", "relu6", "relu")  # that leave a number between their bounds as it is
FEW = 3  # lines below which they say nothing of where to look


def around_points(xy: NDArray[np.float64]) -> Plane:
    """The rectangle of the points (n, 2), its sides a tenth longer about the same centre.

    A side without extent is as long as the other one, and 1 where there is but one point.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    # halves first: the sum of two large coordinates may overflow
    centre = low / 2 + high / 2
    sides = (high - low) * (1 + MARGIN)
    # less than rounding of the coordinates is no extent
    flat = sides <= 1e-12 * np.abs(xy).max(axis=0)
    longest = float(sides.max(initial=0.0, where=~flat)) or 1.0
    width, height = (longest if none else float(side) for none, side in zip(flat, sides, strict=True))
    return Plane(float(centre[0]), float(centre[1]), width, height)


def first_lines(network: Network) -> NDArray[np.float64] | None:
    """(n, 3) float64 rows (a, b, c) of the lines a x + b y + c = 0 along which units of the first layer are 0.

    None of a network whose first layer is no affine map of the point, as a convolution of several pixels of the plane.
    A unit that is constant on the plane has no line.
    """
    program = lower(network)
    embed, *rest = program.operations
    if not isinstance(embed, Embed) or (embed.kinds != LINEAR).any():
        return None
    # values that are the inputs one by one; what only clips them bends at the ends of their range, the model after that
    rows, bent = {0: np.array(embed.coefficients)}, {0: False}
    for i, operation in enumerate(rest, 1):
        if any(source not in rows for source in operation.sources):
            return None
        found, *others = (rows[source] for source in operation.sources)
        match operation:
            case TensorConv():
                # the value at the plane's origin, and its slopes, which are the same everywhere
                cut_off = cut(program, i)
                (found,) = choose("native").points(cut_off, np.zeros((1, 2)), (1.0, 1.0), "float64", tangents=True)
                return _that_bend(found[:, [1, 2, 0]])
            # where the inputs are made of x and y, the first layer comes later
            case Conv(groups=1, kernel=1) if not operation.layer.startswith(LAYER):
                return _that_bend(_affine(operation.weight[:, :, 0, 0] @ found, operation.bias))
            # inputs that are scaled one by one, or put into another order, before the first layer
            case Gather(index=index):
                rows[i] = np.where(index[:, None] < 0, 0.0, found[np.maximum(index, 0)])
            case Conv(kernel=1) if len(found) == operation.groups == operation.channels:
                rows[i] = _affine(operation.weight[:, 0, 0] * found, operation.bias)
            case Activate() if operation.name in CLIPS:
                rows[i] = found
            # inputs, and what is taken off them beyond a bound; or inputs of which each is clipped in another way
            case Add() if len(others) == 1:
                one, other = (np.where(bent[source], 0.0, rows[source]) for source in operation.sources)
                whole = one + other
                rows[i] = np.where(np.any(whole[:, :2] != 0, axis=1, keepdims=True), whole, found + others[0])
            case _:
                return None
        bent[i] = isinstance(operation, Activate) or all(bent[source] for source in operation.sources)
    return None


def _affine(rows: NDArray[np.float64], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([rows[:, :2], rows[:, 2] + shift])


def _that_bend(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows[np.any(rows[:, :2] != 0, axis=1)], dtype=np.float64)


def around_lines(lines: NDArray[np.float64]) -> Plane | None:
    """The square that 90% of the lines (a, b, c) cross, its side a tenth longer; None of fewer than three lines.

    Its centre is the coordinatewise median of each line's point that is nearest to the origin.
    """
    if len(lines) < FEW:
        return None
    # of unit length first, so that no square is beyond what a float holds
    lines = lines / np.abs(lines[:, :2]).max(axis=1, keepdims=True)
    a, b, c = lines.T
    away = -c / (a * a + b * b)
    x, y = float(np.median(a * away)), float(np.median(b * away))
    # a line crosses the square of half side h where |a x + b y + c| at its centre is at most h (|a| + |b|)
    reach = np.sort(np.abs(a * x + b * y + c) / (np.abs(a) + np.abs(b)))
    side = 2 * float(reach[ceil(CROSSING * len(reach)) - 1]) * (1 + MARGIN)
    # lines through one point look alike at every scale
    scale = max(abs(x), abs(y))
    return Plane(x, y, side, side) if side > 1e-12 * scale else Plane(x, y, max(1.0, scale), max(1.0, scale))


def home_of(network: Network) -> Plane | None:
    """Where a network is looked at that no architecture describes: where its first layer bends; else None."""
    if not isinstance(network.source, Plain | Graph):
        return None
    lines = first_lines(network)
    return None if lines is None else around_lines(lines)
