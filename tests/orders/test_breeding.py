"""Children and their pictures: what is bred of what, what looks as its parent, and what is drawn again to the bit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError
from netwarp.network.source import Bred, Drawn, Made, Weighted
from netwarp.orders.children import Look, draw_children, save_children
from netwarp.orders.family import family_rows, how_text, kin_of
from netwarp.orders.subject import read_subject
from netwarp.picture.recipe import Recipe


def drawn(path: Path, what: Any = "conv(6) * 2", **more: Any) -> Path:
    nw.draw(what, size=(24, 16), calibration=nw.Raster(30, 20), **more).picture.save(path)
    return path


def test_a_childs_picture_is_drawn_again_and_is_a_parent_itself(tmp_path: Path) -> None:
    first = drawn(tmp_path / "one.png", seed=4, colour="gray", plane=nw.Plane(0.1, 0, 0.3, 0.2))
    children = draw_children([read_subject(str(first))], children=2, seed=7)
    (one, two) = save_children(children, tmp_path / "new")
    assert (one.name, two.name) == ("one-7.png", "one-8.png")
    recipe, parents = Recipe.read(one), Recipe.read(first)
    assert (recipe.raster, recipe.calibration, recipe.tone.colour) == (parents.raster, parents.calibration, "gray")
    assert recipe.made == Made(Bred(7, 0.2), (Drawn(nw.parse("conv(6) * 2"), 4),))
    assert recipe.tone != parents.tone, "colours are fitted to the child"
    assert nw.draw(one).picture.to_png() == one.read_bytes()
    (cross,) = draw_children([read_subject(str(one)), read_subject(str(two))], children=1, strength=0.1)
    assert cross.name == "one-7-one-8-0"
    rows = family_rows(cross.network.source)
    assert [row[1:] for row in rows] == [
        ("cross by seed 0, then mutated with strength 0.1", "1, 2"),
        ("mutant by seed 7, strength 0.2", "3"),
        ("mutant by seed 8, strength 0.2", "3"),
        ("drawn from seed 4", ""),
    ]


def test_what_python_takes_as_a_parent(tmp_path: Path) -> None:
    network = nw.Network.draw(nw.parse("conv(6) * 2"), 4)
    path = drawn(tmp_path / "one.png", network)
    made = [nw.mutate(one, seed=3).source for one in (network, path, str(path))]
    assert made[0] == made[1] == made[2]
    assert nw.mutate("conv(6) * 2", seed=3).source.parents == (Drawn(nw.parse("conv(6) * 2"), 9),)  # type: ignore[union-attr]
    assert [one.source for one in nw.breed(network, children=2)] == [
        nw.mutate(network, seed=0).source,
        nw.mutate(network, seed=1).source,
    ]
    assert nw.cross(network, path, strength=0.5).source == nw.breed(network, path, strength=0.5)[0].source


def test_a_child_of_given_weights_has_given_weights(tmp_path: Path) -> None:
    drawn_one = nw.Network.draw(nw.parse("conv(6) * 2"), 4)
    arrays = drawn_one.state()
    arrays["0.weight"][0] = 1
    given = nw.Network(Weighted(nw.parse("conv(6) * 2")), arrays)
    child = nw.mutate(given, seed=1)
    assert child.parameters["0.weight"][0, 0, 0, 0] != 1
    again = nw.mutate(given, seed=1)
    assert np.array_equal(child.parameters["1.weight"], again.parameters["1.weight"])
    path = drawn(tmp_path / "given.png", child)
    assert Recipe.read(path).weights is not None
    assert nw.draw(path).picture.to_png() == path.read_bytes()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nw.cross("conv(6)", "conv(7)"), r"two architectures, conv\(6\) and conv\(7\); give two of one"),
        (lambda: nw.mutate(nw.Network.folding(2, 2)), "is a model without an architecture"),
        (lambda: nw.mutate("conv(6)", strength=1.5), "strength=1.5: must be from 0"),
        (lambda: nw.breed("conv(6)", children=1001), "children=1001: must be 1 to 1000"),
        (lambda: nw.mutate("conv(6)", seed=2**257), "must be from -2"),
    ],
)
def test_what_cannot_be_bred(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_a_size_and_a_colour_of_ones_own() -> None:
    (child,) = draw_children([read_subject("conv(6) * 2")], children=1, look=Look((12, 8), colour="viridis"))
    assert child.drawing.picture.pixels.shape == (8, 12, 3)
    assert child.drawing.recipe.tone.colour == "viridis"


def test_a_parent_stands_below_all_of_its_children() -> None:
    base = nw.Network.draw(nw.parse("conv(6)"), 1)
    child = nw.mutate(base, seed=1)
    back = nw.cross(child, base, seed=2)  # of its own parent: one generation and two apart
    kin, more = kin_of([back.source])  # type: ignore[list-item]
    assert [(one.number, one.level, one.parents) for one in kin] == [(0, 0, (1, 2)), (1, 1, (2,)), (2, 2, ())]
    assert more == 0
    assert [one.number for one in kin_of([back.source], 2)[0]] == [0, 1]  # type: ignore[list-item]
    assert kin_of([back.source], 2)[1] == 1  # type: ignore[list-item]
    assert how_text(kin[2].source) == "drawn from seed 1"


def test_a_familys_text_is_an_option_of_every_command(tmp_path: Path) -> None:
    from netwarp.orders.breeding import of_family

    subject = of_family(read_subject("conv(6) * 2"), "9 0_7")
    assert subject.network is not None
    assert subject.network.source == nw.mutate("conv(6) * 2", seed=7).source
    with pytest.raises(InputError, match="weights are given, so nothing is bred"):
        of_family(read_subject("folding(2, 2)"), "9 0_7")
