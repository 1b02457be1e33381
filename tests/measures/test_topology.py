"""Components, holes and persistence: small pictures by hand, Euler's formula, gudhi, union-find on one row."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from netwarp.measures.measure import noise, ramp, references_of
from netwarp.measures.registry import Absent, find
from netwarp.measures.topology import betti_0, betti_1, components, holes, persistence
from netwarp.plane import Raster

# a ring, closed at one place by a corner only; a pixel inside of it; a pixel that touches it at a corner; a notch
DRAWN = """
    .##....
    #..#..#
    #..#...
    .#.....
    ..##...
    ......#
"""


def picture(text: str) -> np.ndarray:
    return np.array([[sign == "#" for sign in line.strip()] for line in text.split()])


def euler(below: np.ndarray) -> int:
    """Vertices less edges plus faces of the closed pixels."""
    full = np.pad(below, 1)
    vertices = full[:-1, :-1] | full[1:, :-1] | full[:-1, 1:] | full[1:, 1:]
    edges = np.count_nonzero(full[:-1] | full[1:]) + np.count_nonzero(full[:, :-1] | full[:, 1:])
    return int(np.count_nonzero(vertices)) - edges + int(np.count_nonzero(below))


def smooth(seed: int, side: int = 24) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    image = gaussian_filter(np.random.RandomState(np.random.PCG64(seed)).standard_normal((side, side)), 1.2)
    return (image - image.mean()) / image.std()


def test_a_picture_by_hand() -> None:
    below = picture(DRAWN)
    # the arc with its tail, which corners connect; the two single pixels
    assert (betti_0(below), betti_1(below)) == (3, 0)
    closed = below.copy()
    closed[3, 3] = True
    assert (betti_0(closed), betti_1(closed)) == (3, 1)
    # corners close the ring: what is inside does not get out over them
    closed[2, 3] = False
    closed[2, 4] = True
    assert (betti_0(closed), betti_1(closed)) == (3, 1)


def test_what_connects_the_set_parts_its_complement() -> None:
    """Four pixels around one, which only corners join: one piece with a hole; in its complement they are four holes."""
    below = picture(".....\n..#..\n.#.#.\n..#..\n.....")
    assert (betti_0(below), betti_1(below)) == (1, 1)
    assert (betti_0(~below), betti_1(~below)) == (1, 4)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_components_less_holes_are_eulers_number(share: float) -> None:
    below = np.random.RandomState(np.random.PCG64(1)).uniform(size=(30, 41)) < share
    assert betti_0(below) - betti_1(below) == euler(below)


def test_against_persistence_at_the_same_levels() -> None:
    """The bars of the cubical complex alive at a level are the components and the holes there."""
    from gudhi import CubicalComplex

    for seed in range(3):
        image = smooth(seed)
        cubes = CubicalComplex(top_dimensional_cells=image)
        cubes.compute_persistence()
        bars = [cubes.persistence_intervals_in_dimension(dimension).reshape(-1, 2) for dimension in (0, 1)]
        levels = np.quantile(image, [0.25, 0.5, 0.75])
        expected = [[float(((one[:, 0] <= level) & (one[:, 1] > level)).sum()) for level in levels] for one in bars]
        assert components(image).details["counts"] == tuple(expected[0])
        assert holes(image).details["counts"] == tuple(expected[1])
        assert components(image).value == pytest.approx(np.mean(expected[0]))
        assert holes(image).value == pytest.approx(np.mean(expected[1]))


def test_valleys_are_components_and_peaks_are_holes() -> None:
    """3 x 3 peaks of a wave, each a third of the picture from the next: all are inside, and so are the valleys."""
    x, y = Raster(96, 96).slope()
    wave = np.cos(6 * np.pi * x) + np.cos(6 * np.pi * y)
    assert components(-wave).details["counts"][0] == 9
    assert holes(wave).details["counts"][2] == 9


def test_the_ramp_and_noise() -> None:
    raster = Raster(32, 32)
    assert [components(ramp(raster)).value, holes(ramp(raster)).value, persistence(ramp(raster)).value] == [1, 0, 0]
    for name in ("components", "holes", "persistence"):
        plain, wild = references_of(find(name), raster)
        assert plain is not None
        assert wild is not None
        assert wild > 10 * max(plain, 1)


def test_turning_changes_nothing_nor_does_any_growing_function() -> None:
    image = smooth(5)
    for same in (image.T, image[::-1], np.rot90(image), np.exp(image)):
        assert components(same).value == components(image).value
        assert holes(same).value == holes(image).value
    assert persistence(np.rot90(image)).value == pytest.approx(persistence(image).value)


def test_persistence_by_hand() -> None:
    """A hollow of depth 1 in a plain of 3 beside one of depth 2, and a pillar of 9 inside the wall of the first."""
    image = np.full((5, 7), 5.0)
    image[1:4, 1:4] = 1.0
    image[2, 2] = 9.0
    image[2, 5] = 2.0
    # the second hollow is born at 2 and joins the first at 5; the ring of the first is there from 1 until 9
    found = persistence(image)
    assert found.value == pytest.approx((5 - 2) + (9 - 1))
    assert (found.details["of_components"], found.details["of_holes"]) == (3, 8)
    assert found.details["bars"] == 2
    assert persistence(10 * image + 3).value == pytest.approx(110)


def test_one_row_against_union_find() -> None:
    rng = np.random.RandomState(np.random.PCG64(3))
    for size in (2, 30, 300):
        values = rng.standard_normal(size)
        assert persistence(values[None, :]).value == pytest.approx(lives(values.tolist()))


def lives(values: list[float]) -> float:
    """Pixels enter in order of their values; where two components meet, the younger dies."""
    birth: dict[int, float] = {}
    parent: dict[int, int] = {}

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    total = 0.0
    for place in sorted(range(len(values)), key=values.__getitem__):
        parent[place], birth[place] = place, values[place]
        for beside in (place - 1, place + 1):
            if beside in parent:
                older, younger = sorted((root(beside), root(place)), key=lambda one: birth[one])
                if older != younger:
                    total += values[place] - birth[younger]
                    parent[younger] = older
    return total


def test_without_gudhi_it_is_absent_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gudhi", None)
    with pytest.raises(Absent, match=r"pip install 'netwarp\[measures\]'"):
        persistence(noise(Raster(8, 8)))
    assert references_of.__wrapped__(find("persistence"), Raster(8, 8)) == (None, None)
