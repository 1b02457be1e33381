"""Colours of classes that colour-blind readers tell apart.

Up to seven classes: Okabe and Ito 2008, "Color Universal Design", jfly.uni-koeln.de/color, without black. Beyond: the
"muted" scheme of Tol 2021, "Colour Schemes", SRON/EPS/TN/09-002, repeated past nine. A tie has the mean colour of its
classes in Oklab, the darker the more they are, so that ties differ. A class that stands for none in particular is grey.
"""

from __future__ import annotations

from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.colour import encode_srgb
from netwarp.picture.oklab import from_srgb, linear_light

Colours = NDArray[np.uint8]  # (n, 3) sRGB

# those that differ most for every reader come first
OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
TOL_MUTED = (
    "#332288", "#ddcc77", "#117733", "#cc6677", "#88ccee", "#882255", "#44aa99", "#999933", "#aa4499",
)  # fmt: skip
NEUTRAL = "#999999"
# of Oklab's lightness, taken from a tie's colour for every class but the first; at most so much
DARKER, DARKEST = 0.08, 0.3
# how much of its colour an area has, the rest white: with no margin, with the largest ones, and without shading
PALEST, FULLEST, FLAT = 0.2, 0.75, 0.5
SHADES = 255  # steps from the palest to the fullest, finer than an eye or a byte
SAMPLED = 100  # rows of margins that the largest are looked for in


def class_colours(count: int, neutral: int | None = None) -> Colours:
    """(count, 3), in the order of the classes; repeated past nine. The class `neutral` is grey, and takes no colour."""
    names = OKABE_ITO if count - (neutral is not None) <= len(OKABE_ITO) else TOL_MUTED
    rest = cycle(names)
    return np.array([_rgb(NEUTRAL if n == neutral else next(rest)) for n in range(count)], np.uint8)


def repeated(count: int, neutral: int | None = None) -> bool:
    """Whether classes share colours, so that a picture must name them."""
    return count - (neutral is not None) > len(TOL_MUTED)


def set_colours(sets: tuple[tuple[int, ...], ...], colours: Colours) -> Colours:
    """(L, 3): of every set of winners, its class's colour, or that of the tie; it depends on no other set."""
    return np.array([_blended(colours[list(one)]) for one in sets], np.uint8).reshape(-1, 3)


def _blended(colours: Colours) -> Colours:
    """(3,): the colour itself of a single class, of more a darker mean."""
    if len(colours) == 1:
        single: Colours = colours[0]
        return single
    lightness, a, b = from_srgb(colours).mean(axis=0)
    lightness -= min(DARKER * (len(colours) - 1), DARKEST)
    light = linear_light(*(np.array([part]) for part in (lightness, a, b)))
    blended: Colours = encode_srgb(np.clip(light[:, 0], 0, 1).astype(np.float32))
    return blended


def tinted(colours: Colours, strength: NDArray[np.floating] | float) -> Colours:
    """The colours mixed with white: `strength` 0 is white, 1 the colour."""
    light = 255 + (colours.astype(np.float32) - 255) * np.asarray(strength, np.float32)[..., None]
    mixed: Colours = np.rint(light).astype(np.uint8)
    return mixed


def shaded(
    sets: tuple[tuple[int, ...], ...], colours: Colours, labels: NDArray[np.integer], margins: NDArray[np.floating]
) -> Colours:
    """(..., 3): the colour of the set of winners of every label, the fuller the larger its margin is: in proportion, up
    to the largest but for a twentieth of all. `colours` are the classes'. A tie has no margin, and one shade."""
    most = float(np.quantile(margins[:: max(1, len(margins) // SAMPLED)], 0.95))
    share = np.clip(margins * (SHADES / most), 0, SHADES) if most > 0 else np.full(margins.shape, SHADES)
    steps = PALEST + (FULLEST - PALEST) * np.arange(SHADES + 1) / SHADES
    table = np.zeros((len(sets), SHADES + 1, 4), np.uint8)
    for n, (one, colour) in enumerate(zip(sets, set_colours(sets, colours), strict=True)):
        table[n, :, :3] = tinted(colour, steps if len(one) == 1 else FLAT)
    # whole words are looked up several times as fast as three bytes each
    which = share.astype(np.int64)
    which += labels * (SHADES + 1)
    words = table.view(np.uint32).ravel()[which]
    return np.ascontiguousarray(words[..., None].view(np.uint8)[..., :3])


def hexadecimal(colour: NDArray[np.uint8]) -> str:
    red, green, blue = (int(part) for part in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _rgb(name: str) -> tuple[int, int, int]:
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)
