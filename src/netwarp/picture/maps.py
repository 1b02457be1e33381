"""Colour maps: the perceptual ones of the `cmap` catalogue by name, and palettes by their colours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, nearest, shown
from netwarp.picture.colour import AROUND, OWN
from netwarp.picture.palette import MAP_COLOURS, gradient, is_palette, written

if TYPE_CHECKING:
    from cmap import Catalog


def check_colour(name: str) -> str:
    """The name of a colouring as recipes have it; a palette's with all its colours. Errors: InputError."""
    if name in OWN:
        return name
    if is_palette(name):
        return written(name)
    check_map(name)
    return name


def check_map(name: str) -> str:
    """The full name of a colour map, as in "bids:viridis"; a palette's own. Errors: InputError naming the nearest."""
    if is_palette(name):
        return written(name)
    catalogue = _catalogue()
    body, reverse = (name[:-2], "_r") if name.endswith("_r") else (name, "")
    try:
        return str(catalogue.resolve(body)) + reverse
    except KeyError:
        hint = nearest(name, (*OWN, *sorted(catalogue.short_keys())))
        raise InputError(
            f"colour {shown(name)}: no such colouring; use {', '.join(OWN)}, duotone(#221a54, #ffb27a) or a map such "
            f"as viridis, magma or batlow{hint}"
        ) from None


def map_colours(name: str) -> NDArray[np.uint8]:
    """(1024, 3) uint8: the colours of a map of the `cmap` catalogue, lowest first; `_r` at the end reverses it.

    Of a palette those between its own. Errors: InputError naming the nearest map there is.
    """
    return _bytes(check_map(name))


def map_encoded(name: str) -> NDArray[np.float64]:
    """(1024, 3) float64 sRGB, 0..1: what `map_colours` rounds to bytes. Errors: InputError."""
    return _encoded(check_map(name))


def goes_around(name: str) -> bool:
    """Whether the least and the largest value of a channel have one colour: of hues, and of cyclic maps."""
    if name in OWN or is_palette(name):
        return name in AROUND
    return str(_catalogue()[check_map(name).removesuffix("_r")].category) == "cyclic"


@cache
def _catalogue() -> Catalog:
    # imported here because it costs 70 ms, and what is no map does without
    from cmap import Catalog

    return Catalog()


@cache
def _bytes(full: str) -> NDArray[np.uint8]:
    colours = np.rint(_encoded(full) * 255).astype(np.uint8)
    colours.flags.writeable = False
    return colours


@cache
def _encoded(full: str) -> NDArray[np.float64]:
    if is_palette(full):
        table = gradient(full)
    else:
        from cmap import Colormap

        table = np.asarray(Colormap(full).lut(MAP_COLOURS), dtype=np.float64)[:, :3]
    table.flags.writeable = False
    return table
