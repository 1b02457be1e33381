"""Level sets of cliffs, slopes of 1e14 and more: lines 1e-8 apart are two lines, for the function is between them."""

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import netwarp as nw
from fields import precise

# neighbours closer than this have no float64 point between them
APART = 1e-14


@pytest.mark.slow
@pytest.mark.parametrize("quantile", [0.3, 0.5, 0.9])
def test_the_sign_changes_from_line_to_line(quantile: float) -> None:
    """Along a line across all of them, with 120 digits: a line of the level set is where the sign changes."""
    field = nw.Network.draw(nw.parse("conv(3) * 60"), 0).calibrate()
    cells = field.tessellate()
    assert np.abs(cells.affine[:, 2, :2]).max() > 1e14
    level = float(np.quantile(field.at(cells.vertices)[:, 2], quantile))
    found = cells.contour(2, level)
    assert len(found) > 100
    start, end = found[0][0], found[0][-1]
    along = end - start
    across = np.array([-along[1], along[0]]) / np.hypot(*along)
    base = (start + end) / 2
    places = np.sort([place for line in found for place in _crossings(line - base, along, across)])
    assert np.ptp(places) < 1e-6
    gaps = np.diff(places)
    between = np.concatenate([[places[0] - 1e-9], places[:-1] + gaps / 2, [places[-1] + 1e-9]])
    apart = np.concatenate([[True], gaps > APART, [True]])
    # from one gap to the next that has points in it; a third of them is enough
    chosen = np.flatnonzero(apart)[: len(places) // 3]
    with mpmath.workdps(120):
        above = []
        for place in between[chosen]:
            x, y = (mpf(float(one)) for one in base + place * across)
            above.append(precise.evaluate(field.program, x, y, field.raster.pitch)[2] > mpf(level))
    changes = np.array(above[1:]) != np.array(above[:-1])
    np.testing.assert_array_equal(changes, np.diff(chosen) % 2 == 1)


def _crossings(line: np.ndarray, along: np.ndarray, across: np.ndarray) -> list[float]:
    """Where a polyline crosses the line through the origin at right angles to `along`, on that line."""
    heights, places = line @ along, line @ across
    found = np.flatnonzero(heights[1:] * heights[:-1] < 0)
    share = heights[found] / (heights[found] - heights[found + 1])
    return [float(one) for one in places[found] + share * (places[found + 1] - places[found])]
