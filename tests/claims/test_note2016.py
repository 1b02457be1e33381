"""The note's questions: regions counted where their number is known, and what would refute its answers."""

import pytest

from netwarp.claims import note2016
from netwarp.claims.note2016 import BARE, SHIFTED, UNSHIFTED
from netwarp.plane import Raster
from netwarp.theory.bounds import arrangement


def nothing(done: int, total: int) -> None:
    pass


def test_lines_through_one_point_make_two_regions_each() -> None:
    for norm in (BARE, UNSHIFTED):
        assert note2016._regions(norm, (1, 100), range(2)).tolist() == [200, 200]


def test_shifted_lines_make_at_most_an_arrangement() -> None:
    (found,) = note2016._regions(SHIFTED, (1, 30), range(1))
    assert 60 < found <= arrangement(30, 2)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(note2016, "RASTER", Raster(48, 48))
    monkeypatch.setattr(note2016, "ACTIVATIONS", ("relu",))
    return monkeypatch


@pytest.mark.slow
def test_depth_makes_complex(small: pytest.MonkeyPatch) -> None:
    # on the seeds of a full run: on fewer one step of the depth is not clear
    found = note2016.depth_makes_complex(False, nothing)
    assert found.verdict == "holds"
    assert found.plot is not None
    assert found.plot.series[0].x == (1, 2, 5, 10)


@pytest.mark.slow
def test_the_other_way_round_is_refuted(small: pytest.MonkeyPatch) -> None:
    # of any size, as the order alone refutes it
    small.setattr(note2016, "SHAPES", ((10, 4), (5, 8), (2, 20), (1, 40)))
    found = note2016.depth_makes_complex(True, nothing)
    assert found.verdict == "refuted"
    assert not any(one.holds for one in found.checks[:6])


@pytest.mark.slow
def test_scale_and_shift_against_each_other(small: pytest.MonkeyPatch) -> None:
    assert note2016.scale_and_shift(True, nothing).verdict == "holds"
    # against itself nothing changes, whatever its size
    small.setattr(note2016, "DRAWN", note2016.PLAIN)
    small.setattr(note2016, "SHAPES", ((3, 5),))
    found = note2016.scale_and_shift(True, nothing)
    assert found.verdict == "refuted"
    assert found.checks[0].measured == 1
