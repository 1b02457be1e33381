"""Films: their frames against `netwarp draw` of the same recipe, how loops close, and what a film says of itself."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.films.film import Film, again, film
from netwarp.films.plan import Timing
from netwarp.orders.drawing import draw
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe
from netwarp.plane import Raster

SMALL, LARGE = Raster(40, 28), Raster(300, 200)
SIZE = (30, 20)


def small(what: Any = "conv(6) * 4", *arguments: Any, **options: Any) -> Film:
    return film(what, *arguments, **{"size": SIZE, "calibration": SMALL, **options})


def drawn(picture: Picture, folder: Path) -> Picture:
    """What `netwarp draw` makes of the frame's own file."""
    assert isinstance(picture.recipe, Recipe)
    picture.save(folder / "frame.png")
    found = draw(folder / "frame.png")
    assert found.recipe == picture.recipe
    return found.picture


@pytest.mark.parametrize("exact", [False, True])
def test_frames_are_what_draw_makes_of_their_recipes(exact: bool, tmp_path: Path) -> None:
    made = small("conv(6) * 4", "seed", 1, 3, frames=9, exact=exact, calibration=LARGE)
    assert made.recipe.coarse == 4
    for number in range(9):
        frame = made.frame(number)
        assert np.array_equal(frame.pixels, drawn(frame, tmp_path).pixels), number
        assert isinstance(frame.recipe, Recipe)
        whole = number % 4 == 0
        assert frame.recipe.seed == (1 + number // 4 if whole else None)
        assert frame.recipe.calibration == (LARGE if whole or exact else Raster(75, 50))


@pytest.mark.slow
@pytest.mark.parametrize(("text", "act", "coarse"), [("conv(10) * 4", "relu", 4), ("conv(10) * 60", "relu", 1)])
def test_a_deep_network_is_calibrated_on_all_pixels(text: str, act: str, coarse: int) -> None:
    made = film(parse(text, act=act), "seed", 1, 2, frames=3, size=(60, 40), calibration=LARGE)
    assert made.recipe.coarse == coarse
    recipe = made.frame(1).recipe
    assert isinstance(recipe, Recipe)
    assert recipe.calibration == Raster(300 // coarse, 200 // coarse)


def test_networks_that_read_neighbours_are_calibrated_on_all_pixels() -> None:
    # its taps are calibration pixels apart: on fewer it would be another network
    made = small("conv(6, 3) * 2", "seed", 1, 2, frames=3)
    recipe = made.frame(1).recipe
    assert isinstance(recipe, Recipe)
    assert recipe.calibration == SMALL


def test_keys_do_not_jump() -> None:
    """The frame beside a key differs from it as frames beside one another do: no more for its fewer pixels."""
    made = film("conv(10) * 10", "seed", 1, 2, frames=2001, size=(60, 40))
    steps = [np.abs(made.frame(n).pixels.astype(int) - made.frame(n + 1).pixels).mean() for n in (0, 1, 2)]
    assert steps[0] < 3 * steps[1] + 0.2


def test_a_loop_closes_to_the_bit() -> None:
    made = small("conv(6) * 4", "seed", 1, 3, timing=Timing(10, loop=True))
    assert np.array_equal(made.frame(10).pixels, made.frame(0).pixels)
    assert not np.array_equal(made.frame(9).pixels, made.frame(0).pixels)
    assert made.frame(10).recipe == made.frame(0).recipe


def test_a_film_is_read_again_and_drawn_larger(tmp_path: Path) -> None:
    made = small("conv(6) * 4", "seed", 1, 2, frames=3)
    made.save(tmp_path / "film.mp4")
    found = again(tmp_path / "film.mp4")
    assert found.recipe == made.recipe
    assert all(np.array_equal(found.frame(n).pixels, made.frame(n).pixels) for n in range(3))
    large = again(tmp_path / "film.mp4", size=(90, 60))
    assert large.recipe.tones == made.recipe.tones
    assert large.frame(1).pixels.shape == (60, 90, 3)


def test_places_are_exact_and_a_loop_comes_back() -> None:
    straight, around = Timing(7), Timing(6, loop=True)
    assert [straight.place(n, 3) for n in range(7)] == [Fraction(n, 2) for n in range(7)]
    assert [around.place(n, 3, around=True) for n in range(7)] == [*(Fraction(n, 2) for n in range(6)), 0]
    assert [around.place(n, 3) for n in range(7)] == [0, 1, 2, 3, 2, 1, 0]
