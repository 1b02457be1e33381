"""Colour maps through a few colours of one's own: two, several, or those of an image.

A palette's name is its colours, so that a recipe that has the name draws the picture again, without the image. Between
two colours the way is straight in Oklab, and equal steps of the value are equal steps of Oklab all along it; the middle
of a few pairs of strong colours lies outside sRGB, and is cut to it, channel by channel.

Source: Bjoern Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import io
import os
import re
import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, shown
from netwarp.picture.colour import encode_srgb
from netwarp.picture.oklab import from_srgb, linear_light

MAP_COLOURS: Final = 1024
MOST: Final = 16
# what "duotone" alone means: a dark violet and a light orange
DUOTONE: Final = ("#221a54", "#ffb27a")
# of an image: how many pixels are read at most, and how many, evenly spread, are looked at
MOST_PIXELS, LOOKED_AT = 1 << 28, 1 << 16
ROUNDS = 40
_FORM = re.compile(r"\s*(palette|duotone)\s*(?:\(([^()]*)\)\s*)?")
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def is_palette(name: str) -> bool:
    """Whether a colouring's name says colours, as palette(#102030, #ffcc00), duotone(...) or duotone alone."""
    return re.match(r"\s*(?:palette|duotone)\b", name) is not None


def written(name: str) -> str:
    """The name of a palette as it stands in recipes: every colour in six hexadecimal digits. Errors: InputError."""
    return f"{_FORM.match(name)[1]}({','.join(colours_of(name))})"  # type: ignore[index]  # colours_of has matched it


def colours_of(name: str) -> tuple[str, ...]:
    """The colours that a palette's name says, as #rrggbb. Errors: InputError that says what would be right."""
    match = _FORM.fullmatch(name)
    if match is None or (match[2] is None and match[1] != "duotone"):
        raise InputError(f"colour {shown(name)}: must be as in palette(#1d2a5c, #c04060, #ffe8c2)")
    if match[2] is None:
        return DUOTONE
    found = [one.strip().lower() for one in match[2].split(",")]
    for one in found:
        if not _COLOUR.fullmatch(one):
            raise InputError(f"colour {shown(name)}: {shown(one)} is no colour; write it as #ffcc00 or #fc0")
    least, most = (2, 2) if match[1] == "duotone" else (2, MOST)
    if not least <= len(found) <= most:
        needed = "two colours" if most == 2 else f"2 to {most} colours"
        raise InputError(f"colour {shown(name)}: {match[1]} has {needed}, not {len(found)}")
    return tuple(one if len(one) == 7 else "#" + "".join(2 * digit for digit in one[1:]) for one in found)


def gradient(name: str) -> NDArray[np.float64]:
    """(1024, 3) float64 sRGB, 0..1: the colours of a palette, the first lowest. Errors: InputError."""
    # L Oklab's L, a and b of each colour, and how far along the way it lies
    corners = from_srgb(np.array([_bytes(one) for one in colours_of(name)], np.uint8))
    far = np.concatenate([[0.0], np.cumsum(np.sqrt(np.sum(np.diff(corners, axis=0) ** 2, axis=1)))])
    if far[-1] == 0:
        far = np.linspace(0, 1, len(far))
    along = np.linspace(0, far[-1], MAP_COLOURS)
    way = np.stack([np.interp(along, far, corners[:, part]) for part in range(3)])
    light = np.clip(linear_light(*way), 0, 1).T
    encoded: NDArray[np.float64] = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return encoded


def palette(image: str | os.PathLike[str], count: int = 8) -> str:
    """The colouring of 2 to 16 colours of an image, from dark to light: for `colour=` of draw, film and poster.

    The colours are the means of k groups of its pixels by k-means in Oklab, which begins with the pixels farthest
    from one another; the same image gives the same colours. Those that are alike to the last byte are one. What is
    transparent does not count, and a profile's colours are those of sRGB.
    Errors: InputError naming the file: it cannot be read, is no image, or has fewer than two colours; LimitError.

    >>> from PIL import Image
    >>> image = Image.new("RGB", (4, 4), "#203060")
    >>> image.paste("#e0b050", (0, 0, 4, 2))
    >>> image.save("two.png")
    >>> nw.palette("two.png")
    'palette(#203060,#e0b050)'
    >>> nw.draw("conv(10) * 2", size=(60, 40), colour=nw.palette("two.png")).recipe.tone.colour
    'palette(#203060,#e0b050)'
    >>> nw.palette("missing.png")
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: file 'missing.png': cannot be read (...)
    """
    checks.whole(count, "palette count", 2, MOST)
    file = f"file {os.fspath(image)!r}"
    points = from_srgb(_pixels(image, file))
    found = _groups(points, count)
    # those of the same lightness stay in the order of their digits
    light = np.clip(linear_light(*found.T), 0, 1).T
    distinct = sorted({_hexadecimal(one) for one in light})
    if len(distinct) < 2:
        raise InputError(f"{file}: has one colour only, {distinct[0]}; a palette needs two")
    return f"palette({','.join(sorted(distinct, key=_lightness))})"


def _pixels(image: str | os.PathLike[str], file: str) -> NDArray[np.uint8]:
    """(n, 3) uint8 sRGB of some of the image's pixels, evenly spread. Errors: InputError, LimitError."""
    from PIL import Image, ImageCms, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # of an image that is large, or has odd tags
            warnings.simplefilter("ignore")
            with Image.open(image) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise LimitError(f"{file}: more than {MOST_PIXELS:,} pixels, which are not read; make it smaller")
                profile = opened.info.get("icc_profile")
                whole = opened.convert("RGBA")
    except UnidentifiedImageError:
        raise InputError(f"{file}: is no image that is read; give a PNG, JPEG, WebP, GIF or TIFF") from None
    except Image.DecompressionBombError:
        raise LimitError(f"{file}: too many pixels, which are not read; make it smaller") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if profile:
        plain = whole.convert("RGB")
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(plain, own, ImageCms.createProfile("sRGB"))
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError) as error:
            raise InputError(f"{file}: its colour profile cannot be used ({error}); save it as sRGB") from None
        assert turned is not None, "a new image, not in place"
        turned.putalpha(whole.getchannel("A"))
        whole = turned
    step = max(1, int(np.ceil(np.sqrt(whole.width * whole.height / LOOKED_AT))))
    some = np.asarray(whole)[step // 2 :: step, step // 2 :: step].reshape(-1, 4)
    seen = some[some[:, 3] >= 128, :3]
    if not len(seen):
        raise InputError(f"{file}: is transparent everywhere, and has no colours")
    return np.ascontiguousarray(seen)


def _groups(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """(k, 3) means of up to `count` groups of points (n, 3)."""
    from scipy.cluster.vq import kmeans2

    # the first is what is nearest to the mean, each further one the farthest from those before
    apart = np.sum((points - points.mean(axis=0)) ** 2, axis=1)
    begun = [points[int(np.argmin(apart))]]
    nearest = np.sum((points - begun[0]) ** 2, axis=1)
    while len(begun) < count and nearest.max() > 0:
        begun.append(points[int(np.argmax(nearest))])
        nearest = np.minimum(nearest, np.sum((points - begun[-1]) ** 2, axis=1))
    with warnings.catch_warnings():
        # of a group that has lost all its points, whose mean stays
        warnings.simplefilter("ignore")
        means: NDArray[np.float64] = kmeans2(points, np.array(begun), iter=ROUNDS, minit="matrix")[0]
    return means


def _bytes(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _lightness(colour: str) -> float:
    return float(from_srgb(np.array(_bytes(colour), np.uint8))[0])


def _hexadecimal(light: NDArray[np.float64]) -> str:
    return "#" + bytes(encode_srgb(light.astype(np.float32))).hex()
