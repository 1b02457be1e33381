"""Steps: how many float64 numbers apart a raster's pixels are, for a model that is called and so is given numbers.

netwarp computes its own networks by differences however small a view is. A function from outside takes float64 inputs,
and two pixels that are the same numbers to it are the same pixel.
"""

from __future__ import annotations

import numpy as np

from netwarp.errors import LimitError
from netwarp.network.program import LINEAR, Array, Embed, Program
from netwarp.plane import Raster

# a pixel that is so many steps wide is moved by less than a hundredth of itself
LEAST = 64


def steps(program: Program, raster: Raster) -> float:
    """The number of float64's steps between neighbouring pixels, in the input that tells them apart best.

    Along x or y, whichever has fewer. At the plane's corner that is farthest from 0, where steps are longest.
    """
    plane, embed = raster.plane, program.operations[0]
    a, b, c = _coefficients(embed).T
    x, y = abs(plane.x) + plane.width / 2, abs(plane.y) + plane.height / 2
    # what is added to one another is rounded to the largest of it
    step = np.spacing(np.maximum(np.maximum(np.abs(a) * x, np.abs(b) * y), np.abs(c)))
    along_x, along_y = raster.pitch
    return float(min((np.abs(a) * along_x / step).max(), (np.abs(b) * along_y / step).max()))


def check_steps(program: Program, raster: Raster) -> None:
    """Errors: LimitError where a model that is called cannot tell the pixels apart."""
    if not program.called:
        return
    found = steps(program, raster)
    if found >= LEAST:
        return
    plane = raster.plane
    # rounded up to two digits
    more = 1.05 * LEAST / found if found > 0 else np.inf
    wide = f"{plane.width * more:.2g} x {plane.height * more:.2g} or more" if np.isfinite(more) else "a larger one"
    raise LimitError(
        f"plane of {plane.width:.3g} x {plane.height:.3g} around {plane.x!r}, {plane.y!r}: too small for this model, "
        f"which is called with float64 numbers: pixels are {found:.2g} of their steps apart here, at least {LEAST} are "
        f"needed; choose a plane of {wide}, or fewer pixels"
    )


def _coefficients(embed: object) -> Array:
    """(K, 3) of the inputs: of a slice its own, else the plane's x and y."""
    if isinstance(embed, Embed) and bool((embed.kinds == LINEAR).all()):
        return embed.coefficients
    return np.eye(2, 3)
