"""The largest piece of a maxout: of values that make the pattern, of ties, and of more lines than a word holds."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.plane import Raster
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.stages import stages_of


@pytest.mark.parametrize("pieces", [2, 3, 5])
def test_the_largest_piece_is_the_first_of_the_largest_values(pieces: int) -> None:
    """A line is + where the later of two pieces is larger: of equal ones the earlier is kept."""
    field = calibrate(Network.draw(parse(f"conv(3) >> maxout(2, 2) >> maxout(13, {pieces})"), 1), Raster(8, 8))
    stage = stages_of(field.program).stages[-1]
    assert stage.pieces == pieces
    values = np.random.default_rng(7).integers(0, 4, (200, stage.width))
    plus = values[:, stage.first] > values[:, stage.second]
    padded = np.zeros((len(values), 64 * (stage.word + stage.words)), dtype=bool)
    padded[:, 64 * stage.word : 64 * stage.word + stage.lines] = plus
    bits = np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    wanted = values.reshape(len(values), -1, pieces).argmax(axis=2) + np.arange(13) * pieces
    np.testing.assert_array_equal(largest_pieces(stage, bits), wanted)
