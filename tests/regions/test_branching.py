"""Small networks with branches, and with weights that break floats, have the cells of rational arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.errors import RegionLimitError
from netwarp.regions.tessellate import tessellate
from regions.branching import KINDS, branching
from regions.made import field_of
from regions.rational import regions

COUNT, LIMIT = 400, 150


@pytest.mark.slow
def test_networks_with_branches() -> None:
    kinds: dict[str, int] = dict.fromkeys(KINDS, 0)
    for number in range(COUNT):
        one = branching(number)
        try:
            found = tessellate(field_of(one.program), one.plane, limit=LIMIT)
        except RegionLimitError:
            continue
        found.check()
        wanted = regions(one.program, found.bounds)
        about = f"{number}: {one.kind}, {one.architecture}, {one.plane}"
        assert len(found) == wanted.activation_regions, about
        assert len(found.merge()) == wanted.linear_regions, about
        assert (len(found.edges), len(found.vertices)) == (len(wanted.edges), len(wanted.vertices)), about
        areas = sorted(float(cell.area) for cell in wanted.cells)
        np.testing.assert_allclose(
            np.sort(found.areas), areas, rtol=1e-6, atol=1e-9 * float(found.areas.sum()), err_msg=about
        )
        kinds[one.kind] += len(found) > 1
    # of each kind some have cells
    assert min(kinds.values()) > 0.04 * COUNT
