"""nw.draw: what the command draws, in one call."""

from pathlib import Path

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.cli.main import status_of
from netwarp.errors import InputError
from netwarp.network.network import Network
from netwarp.orders.drawing import draw, draw_network
from netwarp.picture.recipe import Recipe
from netwarp.plane import Plane, Raster

SIZE = (30, 20)


def test_a_text_an_architecture_and_a_network_are_one_picture() -> None:
    architecture = parse("conv(6) * 2")
    network = Network.draw(architecture, 4)
    found = [
        draw("conv(6) * 2", seed=4, size=SIZE, plane=Plane()),
        draw(architecture, Raster(*SIZE), seed=4),
        draw(network, size=SIZE, plane=Plane()),
    ]
    assert all(np.array_equal(one.samples, draw_network(network, Raster(*SIZE)).samples) for one in found)
    assert len({one.recipe for one in found}) == 1
    assert found[0]._repr_png_() == found[0].picture.to_png()


def test_it_draws_what_the_command_draws(tmp_path: Path) -> None:
    file = tmp_path / "warp.png"
    assert (
        status_of(["draw", "conv(6)", "--seed", "3", "--size", "30x20", "--plane", "0,0.1,0,0.1", "-o", str(file)]) == 0
    )
    drawn = draw("conv(6)", seed=3, size=SIZE, plane=Plane.between(0, 0.1, 0, 0.1))
    assert drawn.picture.recipe == Recipe.read(file)
    again = draw(file)
    assert again.picture.to_png() == file.read_bytes()
    assert draw(str(file), size=(12, 8)).recipe.raster == Raster(12, 8, drawn.recipe.raster.plane)


def test_a_network_of_no_seed_travels_in_the_picture(tmp_path: Path) -> None:
    drawn = draw(Network.sawtooth(3), size=SIZE)
    drawn.picture.save(tmp_path / "saw.png")
    assert draw(tmp_path / "saw.png").picture.to_png() == drawn.picture.to_png()


def test_what_it_cannot_draw_is_said() -> None:
    with pytest.raises(InputError, match="draw raster: says the whole view; leave out size and plane"):
        draw("conv(3)", Raster(*SIZE), size=SIZE)
    with pytest.raises(InputError, match="draw=3: must be a text as in"):
        draw(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="its weights are given, so no seed draws them"):
        draw("sawtooth(3)", seed=1)
    for wrong in ((0, 4), (3,), "3x4", (2.5, 4)):
        with pytest.raises(InputError, match="draw size"):
            draw("conv(3)", size=wrong)  # type: ignore[arg-type]
