"""What stands in for a network while a hand moves is calibrated on as many pixels as the server's."""

from __future__ import annotations

from netwarp.explorer.opening import PreviewPane, open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.work import Cancellation
from web.conftest import Run

TEXTS = ("conv(3)", "conv(10) * 20", "conv(10) * 24", "conv(60) * 2", "conv(4, 3) * 2")


def test_previews_have_the_servers_pixels(node: Run) -> None:
    panes = [open_pane(PreviewPane(arch=text), Files(), Cancellation("later", 1e6)) for text in TEXTS]
    rasters = [[pane.field.raster.columns, pane.field.raster.rows] for pane in panes]
    # of kernels that read windows a page without a server has fewer pixels anyway
    assert node("previews", list(TEXTS))[:-1] == rasters[:-1]
    assert len({tuple(raster) for raster in rasters}) == 3
