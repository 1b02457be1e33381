"""The measures beside a picture: what one answer has computed the next one finds."""

import pytest

from netwarp.explorer.measuring import measures
from netwarp.explorer.opening import open_pane
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.fields.field import Field
from netwarp.plane import Plane


# of kernels that read several pixels the raster's plane is not just the one that is asked for
@pytest.mark.parametrize("arch", ["conv(4) * 2", "conv(4, 3) * 2"])
def test_the_next_answer_draws_nothing_anew(arch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = Cancellation("later", 60)
    opened = open_pane(Pane(arch=arch), Files(), cancel)
    plane = Plane(0.01, 0.02, 0.73, 0.51)
    measures(opened, plane, ["mean_frequency"], cancel)
    drawn: list[object] = []
    sample = Field.sample
    monkeypatch.setattr(Field, "sample", lambda *given, **how: drawn.append(given) or sample(*given, **how))
    measures(opened, plane, ["lz_complexity"], cancel)
    assert drawn == []
    measures(opened, Plane(0.01, 0.02, 0.74, 0.51), ["lz_complexity"], cancel)
    assert drawn != []
    drawn.clear()
    measures(opened, Plane(0.01, 0.02, 0.74, 0.51), ["lz_complexity"], cancel, show="layer:1:channel:0")
    assert drawn != []
