"""An EXR of the raw values in half floats, scanline by scanline, by the OpenEXR library.

Values beyond what a half holds, 65,504 in magnitude, are refused: an infinity is no value of the network's.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netwarp.engine.protocol import Floats
from netwarp.errors import InputError, NotFiniteError
from netwarp.posters.bands import Banded
from netwarp.progress import Progress

EXTRA = '.exr: needs OpenEXR; install netwarp with its extra: pip install "netwarp[poster]"'
LARGEST = 65504.0
# channels of one are luminance, of three colours; all others are numbered so that their names sort as they are
NAMES = {1: ("Y",), 3: ("R", "G", "B")}


def write_exr(path: Path, banded: Banded, recipe: str, progress: Progress | None = None) -> None:
    """All values of the Field on the poster's rows, one channel each, and the recipe as the attribute "netwarp".

    Errors: InputError without the library; NotFiniteError where a half does not hold a value; OSError.
    """
    try:
        import Imath
        import OpenEXR
    except ImportError:
        raise InputError(EXTRA) from None
    raster, channels = banded.raster, banded.field.channels
    names = NAMES.get(channels) or tuple(f"c{n:0{len(str(channels))}}" for n in range(channels))
    header = OpenEXR.Header(raster.columns, raster.rows)
    half = Imath.Channel(Imath.PixelType(Imath.PixelType.HALF))
    header["channels"] = dict.fromkeys(names, half)
    header["netwarp"] = recipe.encode("ascii")
    file = OpenEXR.OutputFile(str(path), header)
    try:
        for band in banded.bands():
            values = _halves(banded.values(band))
            file.writePixels({name: values[n].tobytes() for n, name in enumerate(names)}, len(band))
            if progress is not None:
                progress(band.stop, raster.rows)
    finally:
        file.close()


def _halves(values: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    far = np.abs(values).max()
    if not far <= LARGEST:
        raise NotFiniteError(
            f".exr: a value of {far:.3g} is beyond what its half floats hold, {LARGEST:,.0f}; normalise the layers "
            "(norm='spatial'), or take `netwarp draw --samples`"
        )
    return values.astype(np.float16)
