"""Compression: how few words, and how few bits, a picture can be told in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.measures.lz import words
from netwarp.measures.registry import Absent, Reading, define

Array = NDArray[np.float64]

MISSING = "needs the extra: pip install 'netwarp[measures]'"
# of 1 to 9. On 36 random networks 3 makes files a third larger, and twice as large where they are smooth, so that what
# the codec cannot say hides what the picture does; 9 saves a few hundredths and takes several times as long
EFFORT = 7


@define(
    unit="bits",
    source="Valle-Perez et al. 2019, arXiv:1805.08522; Dingle et al. 2018, doi:10.1038/s41467-018-03101-6",
    formula="log2(n) (N(x) + N(x reversed)) / 2; N the LZ76 words of x, the picture's n pixels > median, row by row",
    page="short",
)
def lz_complexity(image: Array) -> Reading:
    """The Lempel-Ziv complexity of a picture in black and white, read row by row from either end.

    A pixel is 1 where it is above the median, or where it is not below it if none is above. Words are counted as by
    Lempel and Ziv in 1976 (`netwarp.measures.lz.words`). It grows with the raster, about as the length of the borders
    in pixels does, and differs for the transposed picture: compare on one raster. Details: `words`, the mean of both
    readings'.
    """
    level = np.median(image)
    bits = image > level
    if not bits.any():
        bits = image >= level
    line = bits.ravel().astype(np.uint8)
    found = (words(line) + words(line[::-1])) / 2
    return Reading(float(np.log2(line.size)) * found, {"words": found})


@define(
    unit="bits a pixel",
    source="ISO/IEC 18181-1:2022 (JPEG XL); Dingle et al. 2018, doi:10.1038/s41467-018-03101-6",
    formula="8 b / n; b the bytes of the lossless JPEG XL file of n pixels, in 8 bits: minimum 0, maximum 255",
    extra="measures",
    page="short",
)
def compressed_bits(image: Array) -> Reading:
    """The bits a pixel of a picture in 256 grays under a strong lossless codec, JPEG XL.

    Grays are linear from the least value, 0, to the largest, 255, rounded to the nearest. Other versions of the codec
    may give other sizes; the file's header counts, some tens of bytes, and noise costs up to a tenth more than its
    entropy. It falls as the raster grows, since smooth places cost ever less. Details: `codec`: name, version, effort.
    """
    codecs = _codecs()
    low, high = float(image.min()), float(image.max())
    if high <= low:
        raise Absent("the picture is constant")
    grays = np.rint((image - low) * (255.0 / (high - low))).astype(np.uint8)
    # one thread: a picture of this size is one group to the codec, and seeds are spread over the cores already
    coded = codecs.jpegxl_encode(grays, lossless=True, effort=EFFORT, numthreads=1)
    return Reading(8.0 * len(coded) / grays.size, {"codec": f"JPEG XL, {codecs.jpegxl_version()}, effort {EFFORT}"})


def _codecs() -> Any:
    try:
        import imagecodecs
    except ImportError:
        raise Absent(MISSING) from None
    if not imagecodecs.JPEGXL.available:
        raise Absent(f"imagecodecs {imagecodecs.__version__} is built without JPEG XL; " + MISSING)
    return imagecodecs
