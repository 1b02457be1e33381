"""What samples of cells tell of their number, against the number; and when a descent stops because of it."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import RegionLimitError
from netwarp.fields.field import Field
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.regions.descent import cell_count
from netwarp.regions.descent.cohort import rectangle
from netwarp.regions.descent.forecast import FACTOR, forecast, sampled
from netwarp.regions.descent.plan import plan
from netwarp.regions.frame import Frame, bounds_of
from netwarp.regions.stages import stages_of
from netwarp.regions.tessellate import tessellate

SMALL = Raster(columns=48, rows=32)


def drawn(text: str, seed: int, act: str = "relu") -> Field:
    return Network.draw(parse(text, act=act), seed).calibrate(SMALL)


@pytest.mark.parametrize(
    ("text", "act"), [("conv(4) * 16", "relu"), ("conv(8) * 3", "hardtanh"), ("residual(conv(5)) * 9", "leaky(0.1)")]
)
def test_a_sample_tells_the_number_of_cells_on_average(text: str, act: str) -> None:
    field = drawn(text, 10, act)
    what = plan(stages_of(field.program), Frame(bounds_of(field.raster.plane)))
    first = rectangle(what.frame, what.stages.words)
    counts = []
    for seed in range(20):
        *_, last = sampled(what, first, seed)
        assert last.stage == what.depth - 1
        counts.append(last.cells)
    true = len(tessellate(field))
    assert abs(np.mean(counts) - true) < 4 * np.std(counts) / 20**0.5
    # nothing is foreseen of which there are this many: only of which there are far fewer
    assert forecast(what, first, true) is None
    told = forecast(what, first, true // 100)
    assert told is not None
    assert true // 100 * FACTOR < told.cells < 2 * true


@pytest.mark.slow
def test_hopeless_descents_are_refused_in_one_line_and_soon() -> None:
    """150 layers of 4 channels have some 10^14 regions. They were sought for minutes."""
    for seed in (10, 11, 14):
        with pytest.raises(RegionLimitError, match=r"more than 50,000 .*: some [\d,]+ by layer \d+, as ") as caught:
            tessellate(drawn("conv(4) * 150", seed), limit=50_000)
        error = caught.value
        assert error.expected is not None
        assert error.expected >= FACTOR * 50_000
        assert error.found < 20_000
        assert 30 < error.layer < 60


def test_what_is_within_the_limit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell_count, "WORTH", 1)
    field = drawn("conv(4) * 30", 14)
    most = len(tessellate(field))
    assert len(tessellate(field, limit=most)) == most
    with pytest.raises(RegionLimitError, match=f"more than {most - 1:,} .*so far") as caught:
        tessellate(field, limit=most - 1)
    assert caught.value.expected is None
    with pytest.raises(RegionLimitError, match="as samples tell"):
        tessellate(field, limit=most // 25)
