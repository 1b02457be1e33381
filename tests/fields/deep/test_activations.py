"""The change of every activation against mpmath, of steps from 1e-300 to 1, on both sides of kinks and across them."""

from __future__ import annotations

from functools import partial
from typing import Any

import mpmath
import numpy as np
import pytest

from known import ACTIVATIONS, PARAMETERS
from netwarp.fields.deep.activations import TINY, change, slope

P = 1.75  # of leaky and of sin
SIZES = [10.0**-e for e in (0, 0.3, 1, 1.8, 3, 6, 8, 9, 16, 30, 300)]
PLACES = [0.0, 0.37, 0.9, 1.6, 4.1, 9.0]


def _exactly(name: str, z: Any) -> Any:
    return ACTIVATIONS[name].exact(z, P)


def nearby(name: str, z: Any) -> tuple[np.ndarray, ...]:
    """What `change` is given of the exact z: floats of numbers computed exactly."""
    if ACTIVATIONS[name].kinks:
        parts = [z - kink for kink in ACTIVATIONS[name].kinks]
    elif ACTIVATIONS[name].waves:
        angle = P * z if name == "sin" else z
        parts = [mpmath.sin(angle), mpmath.cos(angle)]
    else:
        parts = [z]
    parts += [P] if name in PARAMETERS else []
    return tuple(np.array([[float(part)]]) for part in parts)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_changes_are_right_to_the_last_digits(name: str) -> None:
    """To 1e-12 of themselves; where phi turns on the way, of the way there and back, bounded by its slopes."""
    phi = partial(_exactly, name)
    places = [s * mpmath.mpf(z) for z in PLACES for s in (1, -1)]
    # as far from a kink as the steps are long: float64 has no such number next to -1
    near_kink = [(kink, s * size * 0.7) for kink in ACTIVATIONS[name].kinks for s in (1, -1) for size in SIZES[3:]]
    with mpmath.workdps(340):
        places += [mpmath.mpf(kink) + mpmath.mpf(offset) for kink, offset in near_kink]
        nears = [nearby(name, z) for z in places]
    steps = np.array([[s * size for size in SIZES for s in (1, -1)]])
    # all at once takes the path of large steps; the tiny ones alone that of the expansion
    tiny = steps[:, np.abs(steps[0]) * P < TINY]
    for z, near in zip(places, nears, strict=True):
        for d in (steps, tiny):
            found = change(name, near, d)[0]
            for step, one in zip(d[0].tolist(), found.tolist(), strict=True):
                with mpmath.workdps(100 - int(np.log10(abs(step)))):
                    wanted, middle = phi(z + step) - phi(z), phi(z + step / 2)
                    way = abs(phi(z + step) - middle) + abs(middle - phi(z))
                    # the digits that the expectation itself has, and float64's smallest numbers
                    least = max(1e-60 * abs(step), 1e-305)
                    assert abs(one - wanted) <= max(1e-12 * way, least), (name, float(z), step)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_slopes_are_those_of_the_function(name: str) -> None:
    z, d = np.linspace(-4, 4, 33)[:, None] + 0.01, np.array([[-0.3, 0.0, 1e-20, 0.5]])
    parts = [nearby(name, mpmath.mpf(one)) for one in z[:, 0]]
    near = tuple(np.concatenate(part) for part in zip(*parts, strict=True))
    np.testing.assert_allclose(slope(name, near, d), ACTIVATIONS[name].slope(z + d, P), rtol=1e-12, atol=1e-14)
