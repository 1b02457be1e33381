"""Names stand beside their rings, where they cover no other ring or name, and inside the picture."""

from __future__ import annotations

import numpy as np

from netwarp.picture.beside import NamePlace, beside

SIZE = (200.0, 100.0)


def placed(*centres: tuple[float, float], width: float = 30) -> list[NamePlace]:
    return beside(np.array(centres), [width] * len(centres), SIZE, apart=8, letter=10)


def test_a_name_stands_on_the_right_unless_the_picture_ends_there() -> None:
    assert placed((50, 50)) == [NamePlace(58, 50, "start")]
    assert placed((150, 50)) == [NamePlace(158, 50, "start")]
    assert placed((180, 50)) == [NamePlace(172, 50, "end")]
    assert placed((100, 50), width=150) == [NamePlace(100, 63, "middle")]  # neither side has room


def test_a_name_makes_way_for_rings_and_for_names() -> None:
    assert [one.anchor for one in placed((50, 50), (75, 50))] == ["end", "start"]
    # one between two others, and both its sides are theirs
    assert placed((50, 50), (90, 50), (130, 50))[1] == NamePlace(90, 63, "middle")
    assert placed((50, 50), (90, 92), (130, 50), (52, 90), (128, 90))[1] == NamePlace(90, 79, "middle")


def test_where_no_way_is_free_a_name_lies_towards_the_middle() -> None:
    assert [one.anchor for one in placed((20, 50), (180, 50), width=300)] == ["start", "end"]
