"""How ReLU layers turn two inputs towards each other: Cho and Saul (2009), "Kernel Methods for Deep Learning".

NIPS 22, and arXiv:1112.3712: a wide ReLU layer with He's weights takes the angle t between two inputs to the angle
whose cosine is (sin t + (pi - t) cos t) / pi, the arc-cosine kernel of degree 1; layer after layer, to 0.
"""

# S seeds, L layers

from __future__ import annotations

from math import acos, cos, pi, radians, sin, sqrt

import numpy as np

from netwarp.claims.checks import judge, near
from netwarp.claims.estimates import mean, mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points
from netwarp.progress import Progress
from netwarp.study.seeds import over

WIDTH, DEPTH = 500, 8
ANGLES = (30, 90, 180)
AFTER = (1, 2, 4, 8)


@claim(
    number=47,
    name="angles-follow-the-arc-cosine-kernel",
    statement=(
        "A wide random ReLU layer takes two inputs at the angle t to outputs at the angle whose cosine is (sin t + "
        "(pi - t) cos t) / pi, and so layer after layer: all inputs come to look alike."
    ),
    source="Cho and Saul 2009, NIPS 22; the same authors 2011, arXiv:1112.3712",
    basis="stated",
    setup=(
        "ReLU layers of 500 units, He's weights, no biases, pairs of inputs at 30, 90 and 180 degrees; the cosine "
        "between them after 1, 2, 4 and 8 layers, mean over seeds."
    ),
    expected="the kernel, once a layer: of 90 degrees 0.3183, 0.4937, 0.6810, 0.8344",
    tolerance="0.02 of the cosine",
)
def angles_follow_the_kernel(quick: bool, progress: Progress) -> Finding:
    seeds = 100 if quick else 600
    found = np.array(over(_cosines, range(seeds), progress))
    theory = {angle: cosines(angle) for angle in ANGLES}
    checks = judge(
        near(f"cosine, {angle} degrees, {layers} layers", theory[angle][layers], 0.02, mean_of(found[:, n, layers]))
        for n, angle in enumerate(ANGLES)
        for layers in AFTER
    )
    x = tuple(range(DEPTH + 1))
    plot = Plot(
        (
            *(points(f"{angle} degrees", x, [mean(one) for one in found[:, n].T]) for n, angle in enumerate(ANGLES)),
            *(Series(f"kernel, {angle}", x, tuple(theory[angle]), reference=True) for angle in ANGLES),
        ),
        "layers",
        "cosine between two inputs",
    )
    furthest = max(checks, key=lambda one: abs(one.measured - float(one.expected)))
    return Finding(
        f"furthest from the kernel: {furthest.what}, {furthest.measured:.4f} for {float(furthest.expected):.4f}",
        checks,
        plot,
    )


def kernel(cosine: float) -> float:
    """The cosine after a layer: arc-cosine kernel of degree 1, normalised."""
    angle = acos(min(max(cosine, -1.0), 1.0))
    return (sin(angle) + (pi - angle) * cos(angle)) / pi


def cosines(angle: float) -> list[float]:
    """The cosine of an angle in degrees, and after 1 .. DEPTH layers."""
    found = [cos(radians(angle))]
    for _ in range(DEPTH):
        found.append(kernel(found[-1]))
    return found


def _cosines(seed: int) -> np.ndarray:
    """(angles, DEPTH + 1) the cosine between the two inputs at each angle, and after every layer."""
    random = stream(seed)
    plane = np.linalg.qr(random.standard_normal((WIDTH, 2)))[0]
    turns = np.radians((0, *ANGLES))
    h = plane @ np.stack((np.cos(turns), np.sin(turns)))
    found = []
    for layer in range(DEPTH + 1):
        unit = h / np.linalg.norm(h, axis=0)
        found.append(unit[:, 0] @ unit[:, 1:])
        if layer < DEPTH:
            h = np.maximum(random.standard_normal((WIDTH, WIDTH)) @ h * sqrt(2 / WIDTH), 0)
    return np.array(found).T
