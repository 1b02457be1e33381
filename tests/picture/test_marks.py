"""Rings about marked points: where they are, that nothing else changes, and that a recipe draws them again."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.picture.marks import draw_marks
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane

GREY = np.full((80, 120, 3), 128, np.uint8)


def changed(marks: list[tuple[float, float]], plane: Plane = Plane(0, 0, 12, 8), y: str = "down") -> np.ndarray:  # noqa: B008
    return np.argwhere((draw_marks(GREY, plane, marks, y=y) != GREY).any(axis=2)) + 0.5


@pytest.mark.parametrize(("y", "row"), [("down", 60), ("up", 20)])
def test_a_ring_is_about_its_point(y: str, row: float) -> None:
    found = changed([(-3, 2)], y=y)
    assert np.allclose(found.mean(axis=0), (row, 30), atol=0.1)
    distances = np.hypot(*(found - (row, 30)).T)
    assert 2 < distances.min() < 4 < distances.max() < 7, "a ring, which leaves the point itself to be seen"


def test_what_is_out_of_view_changes_nothing() -> None:
    assert len(changed([(100, 2), (-3, -50)])) == 0
    assert len(changed([])) == 0
    # one whose point is just outside still reaches in
    assert 0 < len(changed([(6.1, 0)])) < len(changed([(0, 0)]))


def test_every_mark_has_a_ring() -> None:
    one, two = changed([(0, 0)]), changed([(-4, 0), (4, 1)])
    assert len(two) == 2 * len(one)


def test_a_recipe_carries_the_marks() -> None:
    drawn = nw.draw("conv(3)", size=(12, 8), calibration=nw.Raster(12, 8)).picture.recipe
    assert isinstance(drawn, Recipe)
    assert "marks" not in drawn.to_data(), "what has none is as it ever was"
    data = drawn.to_data() | {"marks": [[0.5, 1], [2, -3]]}
    again = Recipe.from_data(data)
    assert again.marks == ((0.5, 1.0), (2.0, -3.0))
    assert again.to_data() == data
    for wrong in ([[1]], [["a", 2]], 3, [[1, 2]] * 10_001, [[float("nan"), 1]]):
        with pytest.raises(nw.NetwarpError, match="recipe mark"):
            Recipe.from_data(drawn.to_data() | {"marks": wrong})
