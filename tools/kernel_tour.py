"""A walk through everything that calls a kernel, so that `kernels.py` learns which there are and of what arguments.

What is not called here is not shipped: numba compiles it on each machine, and `tests/compiled/test_shipped.py` fails.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import netwarp as nw
from netwarp.measures.lz import words
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.regions.descent.arrangement import Work, sign
from netwarp.regions.descent.buffers import new_work

SMALL = nw.Raster(24, 16)


def tour() -> None:
    words([0, 1, 1])
    # reached only where very many lines of one cell are in doubt
    sign(Work(*map(np.zeros_like, new_work(4, 2, 2))), 0, 0)
    for text in ("conv(6) * 2", "conv(4, 3) * 2", 'conv(4, 3) >> pool("max", 2)'):
        field = nw.Network.draw(nw.parse(text)).calibrate(SMALL)
        field.at([(0.1, 0.2)])
        field.tangent(SMALL)
        samples = field.sample(SMALL)
        for colour in ("lab", "hsv"):
            tone = Tone.fit(samples, colour)
            paint(samples, tone)
            paint(samples, replace(tone, dither=True), depth=16)
    for text, defaults in (
        ("conv(10) * 10", {}),
        ("conv(60) * 2", {}),
        ("conv(8) * 14", {}),
        ("conv(6) * 3", {"act": "hardtanh"}),
        ("conv(6) * 2", {"act": "step"}),
        ("conv(8) >> maxout(6, 2) >> maxout(5, 3)", {}),
        ("residual(conv(4) * 2)", {}),
    ):
        _regions(nw.Network.draw(nw.parse(text, **defaults), 1).calibrate(SMALL))
    _regions(nw.Network.folding(3, 2).calibrate())


def _regions(field: nw.Field) -> None:
    found = field.tessellate()
    found.merge()
    found.integrate()
    assert found.areas.size
    assert found.boundary_length
    found.locate([(0.0, 0.0), (0.1, 0.2)])
    found.contour(0, 0.1)
    found.along((-0.5, -0.4), (0.5, 0.3))
    found.after(1)
    for dtype in ("float32", "float64"):
        field.sample(SMALL, engine="exact", dtype=dtype)
    _drawn(found)


def _drawn(found: nw.Tessellation) -> None:
    from netwarp.picture.overlay import by_pattern
    from netwarp.picture.overlay_png import draw_boundaries, fill_pixels
    from netwarp.picture.overlay_svg import draw_svg

    fill_pixels(found, by_pattern(found.bits), 24, 16)
    draw_boundaries(np.zeros((16, 24, 3), np.uint8), found)
    draw_svg(found, title="", description="", recipe="")
    with TemporaryDirectory() as folder:
        found.save(Path(folder) / "cells.npz")
