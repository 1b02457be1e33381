"""Pictures painted while their cells are found, against the same cells glued and filled, and the evaluator."""

from __future__ import annotations

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import RegionLimitError
from netwarp.regions.cells import drawing
from netwarp.regions.cells.raster import rasterise
from regions.made import plain

RASTERS = [
    nw.Raster(columns=301, rows=200),  # its middle column is the axis, where edges of symmetric networks run
    nw.Raster(columns=41, rows=43, plane=nw.Plane.between(-0.01, 0.02, 0.1, 0.11)),
    nw.Raster(columns=3, rows=5, plane=nw.Plane.between(-1, 1, -1, 1)),  # most cells hold no pixel
    nw.Raster(columns=1, rows=1),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "act"),
    [("conv(10) * 8", "relu"), ("residual(conv(8) * 2) * 2", "leaky"), ("dense(conv(6)) * 3", "abs"),
     ("conv(8) * 4", "hardtanh"), ("maxout(6, 3) * 2", "relu"), ("conv(6) * 3", "step"), ("conv(5) * 24", "relu")],
)  # fmt: skip
def test_a_painted_picture_is_that_of_the_glued_cells(text: str, act: str) -> None:
    field = nw.Network.draw(nw.parse(text, act=act), 3).calibrate()
    for raster in RASTERS:
        painted = field.sample(raster, dtype="float64", engine="exact")
        filled = rasterise(field.tessellate(raster.plane), raster, "float64")
        scale = np.abs(filled).max()
        assert painted.shape == filled.shape
        assert np.abs(painted - filled).max() <= 1e-10 * scale
        single = field.sample(raster, dtype="float32", engine="exact")
        assert single.dtype == np.float32
        assert np.abs(single - filled).max() <= 2.0**-23 * scale


def test_pixel_centres_on_edges_and_corners_are_painted() -> None:
    """Units of x, y, x - y and x + y on an odd grid: edges run through pixel centres, and all of them meet in one."""
    weights = np.array([[1.0, 0], [0, 1], [1, -1], [1, 1]])
    mixed = np.array([[1.0, 2, 3, 4]])
    field = plain([(weights, np.zeros(4)), (mixed, np.zeros(1))])
    for size in (3, 9, 101):
        raster = nw.Raster(columns=size, rows=size)
        x, y = np.meshgrid(raster.xs(), raster.ys())
        right = np.maximum(x, 0) + 2 * np.maximum(y, 0) + 3 * np.maximum(x - y, 0) + 4 * np.maximum(x + y, 0)
        assert np.abs(field.sample(raster, dtype="float64", engine="exact")[0] - right).max() <= 1e-15


def test_what_nobody_painted_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    field = nw.Network.draw(nw.parse("conv(6) * 3", act="relu"), 1).calibrate()
    raster = nw.Raster(columns=40, rows=30)
    before = field.sample(raster, dtype="float64", engine="exact")
    whole = drawing.paint

    def torn(*arguments: object, **options: object) -> None:
        whole(*arguments, **options)  # type: ignore[arg-type]
        arguments[2].out[:, 7:9, ::3] = np.nan  # type: ignore[attr-defined]

    monkeypatch.setattr(drawing, "paint", torn)
    again = field.sample(raster, dtype="float64", engine="exact")
    assert np.isfinite(again).all()
    assert np.abs(again - before).max() <= 1e-12 * np.abs(before).max()


def test_a_picture_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LIMIT", 50)
    field = nw.Network.draw(nw.parse("conv(10) * 4", act="relu"), 1).calibrate()
    with pytest.raises(RegionLimitError, match="more than 50 activation regions"):
        field.sample(nw.Raster(columns=400, rows=400), engine="exact")


def test_a_second_descent_uses_the_arrays_of_the_first_and_finds_the_same() -> None:
    """Also after a picture, and after one that was broken off."""
    field = nw.Network.draw(nw.parse("conv(12) * 6", act="relu"), 2).calibrate()

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    first = field.tessellate()
    field.sample(nw.Raster(columns=50, rows=50), engine="exact")
    with pytest.raises(KeyboardInterrupt):
        field.tessellate(progress=stop)
    with pytest.raises(RegionLimitError):
        field.tessellate(limit=3)
    other = field.tessellate(nw.Plane.between(-1, 0.5, -1, 1))
    again = field.tessellate()
    for name in ("vertices", "edges", "edge_cells", "offsets", "indices", "affine", "bits", "errors", "reach"):
        assert getattr(again, name).tobytes() == getattr(first, name).tobytes()
    other.check()
    again.check()
